"""Feeds and pages that are too large, or made to hang a parser: fault cases 33 and 34. Beside each of them a quiet blog is read all along.

The fetching process must never wait for a parse: its event loop is watched while it crawls (`drive_timed`), and the server's log tells that
the quiet blog's posts went on being asked for while the hostile one was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from crawler.workers import Workers
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.contexts import context
from tests.crawler.web import WORDS, Driver, Reply, Web, post, rss

XML = "application/rss+xml"
TIMEOUT = 1.5
"""Seconds of one parse here; ten in earnest."""

POSTS = 40
PACE = 0.04
NEWEST = 100


@dataclass
class Night:
    web: Web
    driver: Driver
    outcomes: dict[str, Any]
    slow: list[tuple[float, float, str]]

    def arrived(self, host: str, path: str) -> float:
        """When the server was asked for a page."""
        return next(at for at, name, asked, _ in self.web.log if (name, asked) == (host, path))

    def meanwhile(self, host: str, path: str) -> int:
        """How many posts of the quiet blog were asked for from then on until the parse was given up."""
        begun = self.arrived(host, path)
        return len([at for at, name, _, _ in self.web.log if name == "calme" and begun < at < begun + TIMEOUT])

    def longest(self) -> tuple[float, str]:
        """The callback that computed longest once the first page was answered, in seconds, and what it is."""
        begun = min(at for at, _, path, _ in self.web.log if path != "/robots.txt")
        return max(((spent, what) for at, spent, what in self.slow if at > begun), default=(0.0, ""))


def crawled(web: Web, driver: Driver, directory: Path) -> Night:
    """One night over what is laid out, and the quiet blog."""
    names = [f"Note {number}" for number in range(POSTS)]
    web.pages["calme"] = {"/feed": Reply(rss([(name, web.url("calme", f"/{n}")) for n, name in enumerate(names)], full=False), kind=XML)}
    web.pages["calme"] |= {f"/{n}": Reply(post(name)) for n, name in enumerate(names)}
    driver.source("calme", feeds=[web.url("calme", "/feed")])
    driver.script = "cases/drive_timed.py"
    report = driver.crawl(slow=str(directory / "slow.json"), workers=4)
    assert report["finished"], report
    assert "Traceback" not in report["stderr"]
    return Night(web, driver, report["outcomes"], json.loads((directory / "slow.json").read_text()))


def undisturbed(night: Night) -> None:
    """Every post of the quiet blog was fetched and read."""
    articles = night.driver.articles("calme").values()
    assert night.outcomes["calme"]["state"] == "ok"
    assert sorted(one.title for one in articles) == sorted(f"Note {number}" for number in range(POSTS))
    assert {one.text_basis for one in articles} == {"page"}


# -- case 33 -------------------------------------------------------------------------------------------------------------------------


def long_feed(web: Web, host: str, count: int, words: int) -> str:
    body = f"{WORDS * words}"
    return rss([(f"Billet {number}", web.url(host, f"/{number}")) for number in range(count)], full=True).replace(WORDS * 6, body)


def wall(web: Web, host: str, attributes: int) -> str:
    """A feed of one entry, whose element has very many attributes."""
    marks = " ".join(f"a{number}='1'" for number in range(attributes))
    return rss([("Un billet", web.url(host, "/un"))], full=True).replace("<item>", f"<item {marks}>")


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    directory = tmp_path_factory.mktemp("fils")
    web = Web()
    bodies = {
        "lourd": long_feed(web, "lourd", 10_000, 4),
        "copieux": long_feed(web, "copieux", 600, 2),
        "attributs": wall(web, "attributs", 20_000),
        "mur": wall(web, "mur", 120_000),
    }
    assert len(bodies["lourd"]) > 15_000_000
    assert len(bodies["attributs"]) < 300_000
    driver = Driver(web, directory / "data", limits={"parse_timeout": TIMEOUT, "mapped_delay": PACE, "feed_entries": NEWEST})
    for host, body in bodies.items():
        web.pages[host] = {"/feed": Reply(body, kind=XML)}
        driver.source(host, feeds=[web.url(host, "/feed")])
    yield crawled(web, driver, directory)
    web.close()


def test_case_33_a_feed_over_the_cap_is_not_read_and_the_curator_is_told(feeds: Night) -> None:
    assert (feeds.outcomes["lourd"]["state"], feeds.outcomes["lourd"]["cause"]) == ("failed", "flux : contenu trop lourd")
    assert feeds.driver.titles("lourd") == []


def test_case_33_a_long_feed_under_the_cap_gives_its_newest_entries(feeds: Night) -> None:
    assert feeds.outcomes["copieux"]["state"] == "ok"
    assert sorted(feeds.driver.articles("copieux")) == sorted(f"/{number}" for number in range(NEWEST))


def test_case_33_a_feed_that_hangs_costs_itself_only(feeds: Night) -> None:
    assert feeds.outcomes["mur"]["cause"] == f"flux : lecture abandonnée au bout de {TIMEOUT:g} s"
    assert feeds.driver.titles("mur") == []
    assert feeds.outcomes["attributs"]["cause"] in ("", f"flux : lecture abandonnée au bout de {TIMEOUT:g} s")
    undisturbed(feeds)


def test_case_33_the_event_loop_is_never_held_up(feeds: Night) -> None:
    assert feeds.meanwhile("mur", "/feed") >= 10
    spent, what = feeds.longest()
    assert spent < 0.1, what


# -- case 34 -------------------------------------------------------------------------------------------------------------------------

HOSTILE: dict[str, str] = {
    "paragraphes": "<p>Un mot." * 200_000,
    "liens": "".join(f'<a href="/{number}">mot</a> ' for number in range(100_000)),
    "boites": "<div>" * 100_000,
    "attributs": "<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">mot</p>",
}
NEVER_READ = ("paragraphes", "liens", "attributs")
"""Those for which any parser takes longer than anybody waits."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    directory = tmp_path_factory.mktemp("pages")
    web = Web()
    driver = Driver(web, directory / "data", limits={"parse_timeout": TIMEOUT, "mapped_delay": PACE})
    for host, body in HOSTILE.items():
        page = f"<html><head><title>Un billet</title></head><body>{body}</body></html>"
        assert len(page) < 5_000_000
        links = [(name, web.url(host, f"/{name}")) for name in ("avant", "piege", "apres")]
        web.pages[host] = {"/feed": Reply(rss(links, full=False), kind=XML), "/piege": Reply(page)}
        web.pages[host] |= {f"/{name}": Reply(post(name)) for name in ("avant", "apres")}
        driver.source(host, feeds=[web.url(host, "/feed")])
    yield crawled(web, driver, directory)
    web.close()


@pytest.mark.parametrize("host", HOSTILE)
def test_case_34_the_article_keeps_the_text_of_the_feed(pages: Night, host: str) -> None:
    outcome, articles = pages.outcomes[host], pages.driver.articles(host)
    if host in NEVER_READ:
        assert (outcome["state"], outcome["cause"]) == ("partial", f"/piege : lecture abandonnée au bout de {TIMEOUT:g} s")
    assert (articles["/piege"].text, articles["/piege"].text_basis) == ("piege, en bref. […]", "summary")
    assert {articles[path].text_basis for path in ("/avant", "/apres")} == {"page"}, "the blog's other posts are read"


def test_case_34_later_pages_are_unaffected(pages: Night) -> None:
    undisturbed(pages)
    last = max(at for at, host, _, _ in pages.web.log if host == "calme")
    assert last > pages.arrived("attributs", "/piege"), "some of them came after"


def test_case_34_the_event_loop_is_never_held_up(pages: Night) -> None:
    assert all(pages.meanwhile(host, "/piege") >= 10 for host in NEVER_READ)
    spent, what = pages.longest()
    assert spent < 0.1, what


@pytest.mark.parametrize("host", ["paragraphes", "attributs"])
def test_case_34_a_parse_that_hangs_is_ended_at_once(host: str) -> None:
    """Be it in a loop of Python's or deep in a library: while a worker is being ended no other one is given a page."""
    asked = context("https://blog.exemple.fr/piege", from_feed=True)
    with Workers(1, timeout=0.5) as workers:
        workers.warm_up().result()
        started = monotonic()
        parsed = workers.submit("article", HOSTILE[host].encode(), asked).result(timeout=30)
        assert monotonic() - started < 3
        assert parsed.problem == "lecture abandonnée au bout de 0.5 s"


def test_case_34_a_page_that_swells_meets_the_limit_of_memory(forks: Forks, tmp_path: Path) -> None:
    web = Web()
    try:
        links = [(name, web.url("gonfle", f"/{name}")) for name in ("avant", "piege", "apres")]
        web.pages["gonfle"] = {"/feed": Reply(rss(links, full=False), kind=XML)}
        web.pages["gonfle"] |= {f"/{name}": Reply(post(name)) for name, _ in links}
        web.pages["gonfle"]["/piege"] = Reply("<html><body><p>" + "x " * 12_000_000)
        driver = ForkDriver(web, tmp_path, limits={"page_bytes": 30_000_000, "parse_memory": 500 * 1024**2}, forks=forks)
        driver.source("gonfle", feeds=[web.url("gonfle", "/feed")])
        outcome = driver.crawl()["outcomes"]["gonfle"]
    finally:
        web.close()
    assert (outcome["state"], outcome["failed"]) == ("partial", 1)
    assert outcome["cause"].startswith("/piege : contenu "), outcome["cause"]
    assert {path: one.text_basis for path, one in driver.articles("gonfle").items()} == {
        "/avant": "page",
        "/piege": "summary",
        "/apres": "page",
    }
