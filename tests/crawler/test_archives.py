"""Whole archives over loopback: one blog of each platform, crawled by the real command's crawl, a second night, and a crash in between."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from luciole.standing import Standing
from luciole.store import ArticleStore
from tests.crawler.web import WORDS, Driver, Reply, Web, conditional, post, rss

POSTS = 25
SUBJECTS = ("La marée", "Le lichen", "L’ammonite", "La comète", "Le neutrino")


def titles(count: int = POSTS) -> list[str]:
    return [f"{SUBJECTS[number % len(SUBJECTS)]} numéro {number}" for number in range(count)]


def pages(count: int = POSTS) -> dict[str, Reply]:
    return {f"/billet-{number}": Reply(post(title)) for number, title in enumerate(titles(count))}


def newest(web: Web, host: str, count: int = 3) -> str:
    last = range(POSTS - count, POSTS)
    return rss([(titles()[number], web.url(host, f"/billet-{number}")) for number in last], full=False)


def home(*, head: str = "", body: str = "") -> Reply:
    return Reply(f'<html lang="fr"><head><title>Un blog</title>{head}</head><body class="home">{body}</body></html>')


def rest(web: Web, host: str, most: int) -> dict[str, Any]:
    """WordPress's interface over `POSTS` posts, never more than `most` a page."""

    def entry(number: int, title: str) -> dict[str, Any]:
        return {
            "id": number + 1,
            "link": web.url(host, f"/billet-{number}"),
            "guid": {"rendered": web.url(host, f"/?p={number}")},
            "date_gmt": f"2026-03-{number + 1:02}T08:00:00",
            "title": {"rendered": title},
            "content": {"rendered": f"<p>{title}. {WORDS * 4}</p>", "protected": False},
            "excerpt": {"rendered": ""},
        }

    every = [entry(number, title) for number, title in enumerate(titles())]
    answers: dict[str, Any] = {}
    count = -(-POSTS // most)
    from crawler.backfill.wordpress import WordPress, _step  # the addresses that are asked for

    for page in range(1, count + 2):
        step = _step((web.url(host, "/wp-json/"),), 0, 100, page)
        path = step.url.partition(".localhost:7001")[2]
        if page > count:
            answers[path] = Reply(json.dumps({"code": "rest_post_invalid_page_number", "message": "…"}), 400, "application/json")
            continue
        body = json.dumps(every[(page - 1) * most : page * most])
        answers[path] = Reply(body, kind="application/json", headers={"X-WP-Total": str(POSTS), "X-WP-TotalPages": str(count)})
    assert WordPress().name == "wordpress"
    return answers


@dataclass
class Blogosphere:
    web: Web
    driver: Driver
    data: Path
    reports: list[dict[str, Any]] = field(default_factory=list)

    def titles(self, source_id: str) -> set[str]:
        store = ArticleStore.open(self.data / "luciole.db")
        try:
            return {one.title for one in store.changes_since(0) if one.source_id == source_id and not one.is_tombstone}
        finally:
            store.close()

    def standing(self, source_id: str) -> Standing:
        store = ArticleStore.open(self.data / "luciole.db")
        try:
            return store.standing(source_id)
        finally:
            store.close()

    def attempts(self, source_id: str) -> dict[str, str]:
        store = ArticleStore.open(self.data / "luciole.db")
        try:
            rows = store.database.all("SELECT strategy, state FROM backfill WHERE source_id = ? ORDER BY place", source_id)
            return {row["strategy"]: row["state"] for row in rows}
        finally:
            store.close()


@pytest.fixture
def blogs(tmp_path: Path) -> Iterator[Blogosphere]:
    web = Web()
    driver = Driver(web, tmp_path, limits={"backfill_pages": 2000})
    yield Blogosphere(web, driver, tmp_path)
    web.close()


def lay_out(web: Web, driver: Driver) -> None:
    link = '<link rel="https://api.w.org/" href="{}"><meta name="generator" content="WordPress 6.8">'
    feed = conditional(newest(web, "wp"), '"1"')
    web.pages["wp"] = {"/": home(head=link.format(web.url("wp", "/wp-json/"))), "/feed": feed} | pages() | rest(web, "wp", 10)
    driver.source("wp", feeds=[web.url("wp", "/feed")])

    locations = "".join(f"<url><loc>{web.url('plan', f'/billet-{number}')}</loc></url>" for number in range(POSTS))
    locations += f"<url><loc>{web.url('plan', '/tags/mer/')}</loc></url>"
    urlset = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
    web.pages["plan"] = {
        "/": home(),
        "/robots.txt": Reply(f"User-agent: *\nAllow: /\nSitemap: {web.url('plan', '/carte.xml')}\n", kind="text/plain"),
        "/carte.xml": Reply(urlset, kind="application/xml"),
        "/feed": conditional(newest(web, "plan"), '"1"'),
    } | pages()
    driver.source("plan", feeds=[web.url("plan", "/feed")])

    links = "".join(f'<li><a href="/billet-{number}">{title}</a></li>' for number, title in enumerate(titles()) if number < 10)
    older = "".join(f'<li><a href="/billet-{number}">{title}</a></li>' for number, title in enumerate(titles()) if number >= 10)
    web.pages["liens"] = {
        "/": home(body=f'<ul>{links}</ul><a rel="next" href="/page/2/">Articles plus anciens</a>'),
        "/page/2/": home(body=f"<ul>{older}</ul>"),
    } | pages()
    driver.source("liens")


def test_each_platform_gives_its_whole_archive_and_the_second_night_costs_one_request(blogs: Blogosphere) -> None:
    lay_out(blogs.web, blogs.driver)
    report = blogs.driver.crawl()
    assert report["finished"], report
    assert {one: (blogs.titles(one), blogs.attempts(one)) for one in ("wp", "plan", "liens")} == {
        "wp": (set(titles()), {"wordpress": "complete"}),
        "plan": (set(titles()), {"sitemap": "complete"}),
        "liens": (set(titles()), {"sitemap": "incomplete", "links": "complete"}),
    }
    assert {one: blogs.standing(one).expected for one in ("wp", "plan", "liens")} == dict.fromkeys(("wp", "plan", "liens"), POSTS)
    pages_asked = {path for path in blogs.web.asked("wp") if "billet" in path}
    assert pages_asked == {f"/billet-{number}" for number in range(POSTS - 3, POSTS)}, "the interface gives whole texts, the feed does not"
    blogs.web.log.clear()
    assert blogs.driver.crawl(days_later=1)["finished"]
    asked = {host: blogs.web.asked(host) for host in ("wp", "plan")}
    assert asked == {"wp": ["/robots.txt", "/feed"], "plan": ["/robots.txt", "/feed"]}


def test_killed_in_the_middle_of_archives_nothing_is_lost_or_asked_twice(blogs: Blogosphere) -> None:
    lay_out(blogs.web, blogs.driver)
    blogs.driver.limits["mapped_delay"] = 0.03
    for requests in (8, 20, 31):
        process = blogs.driver.start()
        assert blogs.web.await_requests(requests, process)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    report = blogs.driver.crawl()
    assert report["finished"], report
    for one in ("wp", "plan", "liens"):
        assert blogs.titles(one) == set(titles())
        asked = [path for path in blogs.web.asked(one) if "billet" in path]
        assert len(asked) <= len(set(asked)) + 3, "only what was under way at a kill is asked for again"


def test_a_night_has_a_budget_for_each_archive(blogs: Blogosphere) -> None:
    lay_out(blogs.web, blogs.driver)
    blogs.driver.limits["backfill_pages"] = 8
    report = blogs.driver.crawl()
    assert report["finished"]
    assert len([path for path in blogs.web.asked("plan") if "billet" in path]) < 15
    expected = blogs.standing("plan").expected
    assert expected == POSTS
    assert len(blogs.titles("plan")) < POSTS, "a hole that shows: so many of about so many"
    for night in range(1, 5):
        blogs.driver.crawl(days_later=night)
    assert blogs.titles("plan") == set(titles())
