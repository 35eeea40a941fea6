"""Blogs over many nights: feeds that are measured, posts looked at again, a domain taken over, everything read again without a request."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from luciole.article import Article
from luciole.standing import Standing
from luciole.store import ArticleStore
from tests.crawler.web import ROOT, WORDS, Driver, Reply, Web, post, rss

THEMES = ("rivage", "lichen", "ammonite", "planete", "neutrino", "glacier", "pollen", "basalte")


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


@pytest.fixture
def driver(web: Web, tmp_path: Path) -> Driver:
    return Driver(web, tmp_path)


def articles(driver: Driver, source_id: str) -> list[Article]:
    store = ArticleStore.open(driver.data / "luciole.db")
    try:
        return [one for one in store.changes_since(0) if one.source_id == source_id and not one.is_tombstone]
    finally:
        store.close()


def standing(driver: Driver, source_id: str) -> Standing:
    store = ArticleStore.open(driver.data / "luciole.db")
    try:
        return store.standing(source_id)
    finally:
        store.close()


def essay(theme: str) -> str:
    """A text of its own for each theme, long enough to be compared."""
    return " ".join(f"La {theme} numéro {number} fut observée avec soin, puis décrite dans un carnet de terrain." for number in range(25))


def entry(title: str, link: str, content: str) -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>Sat, 03 Oct 2026 08:00:00 +0200</pubDate>"
        f"<description>{title}</description><content:encoded><![CDATA[<p>{content}</p>]]></content:encoded></item>"
    )


def feed(entries: str, title: str = "Un blog") -> Reply:
    return Reply(
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>http://blog.localhost/</link><description>Essai</description>{entries}</channel></rss>",
        kind="application/rss+xml",
    )


def page(title: str, text: str) -> Reply:
    return Reply(
        f'<html lang="fr"><head><title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-10-03T08:00:00+02:00"></head>'
        f'<body class="single"><article><h1>{title}</h1><p>{text}</p></article></body></html>'
    )


def test_whether_a_feed_is_whole_is_measured_on_three_posts_and_never_guessed(web: Web, driver: Driver) -> None:
    driver.limits["full_samples"] = 3
    for host, share in (("entier", 1.0), ("coupe", 0.3)):
        entries = []
        web.pages[host] = {}
        for theme in THEMES:
            text = essay(theme)
            entries.append(entry(theme, web.url(host, f"/{theme}"), text[: int(share * len(text))]))
            web.pages[host][f"/{theme}"] = page(theme, text)
        web.pages[host]["/feed"] = feed("".join(entries))
        driver.source(host, feeds=[web.url(host, "/feed")])
    report = driver.crawl()
    assert report["finished"]
    asked = {host: [path for path in web.asked(host) if path not in ("/feed", "/robots.txt")] for host in ("entier", "coupe")}
    assert len(asked["entier"]) == 3
    assert sorted(asked["coupe"]) == sorted(web.pages["coupe"].keys() - {"/feed"}), "its texts look whole, and are not"
    assert {one.text_basis for one in articles(driver, "entier")} == {"feed"}
    assert {one.text_basis for one in articles(driver, "coupe")} == {"page"}
    web.pages["coupe"]["/feed"] = feed(
        "".join(entry(theme, web.url("coupe", f"/{theme}"), essay(theme)[:300]) for theme in (*THEMES, "orage"))
    )
    web.pages["coupe"]["/orage"] = page("orage", essay("orage"))
    web.log.clear()
    driver.crawl(days_later=1)
    assert sorted(web.asked("coupe")) == ["/feed", "/orage", "/robots.txt"]
    assert all(len(one.text) > 1000 for one in articles(driver, "coupe")), "a cut text never takes the place of the page's"


def test_known_posts_are_looked_at_again_within_two_to_three_months_and_conditionally(web: Web, driver: Driver) -> None:
    names = [f"billet-{number}" for number in range(20)]

    def conditional_post(name: str):
        def answer(headers):
            if headers.get("if-none-match") == f'"{name}"':
                return Reply(status=304, headers={"ETag": f'"{name}"'})
            return Reply(post(name), headers={"ETag": f'"{name}"'})

        return answer

    pages = {f"/{name}": conditional_post(name) for name in names}
    web.pages["vieux"] = {"/feed": Reply(rss([(name, web.url("vieux", f"/{name}")) for name in names], full=False))} | pages
    driver.source("vieux", feeds=[web.url("vieux", "/feed")])
    driver.crawl()
    seen: dict[str, int] = {}
    for night in (30, 60, 68, 76, 84, 91):
        web.log.clear()
        report = driver.crawl(days_later=night)
        asked = [path for path in web.asked("vieux") if path.startswith("/billet")]
        assert report["outcomes"]["vieux"]["updated"] == 0
        for path in asked:
            seen[path] = night
            assert all("if-none-match" in headers for headers in web.headers("vieux", path))
        if night <= 60:
            assert len(asked) <= 1
        else:
            assert 0 < len(asked) < 15, "spread, not all in one night"
    assert set(seen) == {f"/{name}" for name in names}


def test_a_domain_that_was_taken_over_is_frozen_and_a_curator_lifts_it(web: Web, driver: Driver) -> None:
    links = [(theme, web.url("vole", f"/{theme}")) for theme in THEMES]
    web.pages["vole"] = {"/feed": feed("".join(entry(theme, link, essay(theme)) for theme, link in links), title="Les cailloux de Lise")}
    driver.source("vole", name="Les cailloux de Lise", feeds=[web.url("vole", "/feed")])
    driver.crawl()
    before = {one.id: one.revision for one in articles(driver, "vole")}
    assert len(before) == len(THEMES)
    casino = "Play the best online casino games tonight and win a huge welcome bonus with free spins on every slot machine. " * 12
    web.pages["vole"]["/feed"] = feed(
        "".join(entry(f"Casino {n}", web.url("vole", f"/casino-{n}"), casino) for n in range(6)), title="Best Casino"
    )
    outcome = driver.crawl(days_later=1)["outcomes"]["vole"]
    assert outcome["state"] == "refused"
    assert "peut-être plus" in outcome["cause"]
    frozen = standing(driver, "vole")
    assert frozen.frozen_at is not None
    after = {one.id: one.revision for one in articles(driver, "vole")}
    assert after.keys() == before.keys(), "nothing of the thief is written down, nothing of the blog is deleted"
    assert all(after[one] > before[one] for one in before), "whoever follows revisions learns of the freeze"
    web.log.clear()
    outcome = driver.crawl(days_later=2)["outcomes"]["vole"]
    assert (outcome["state"], web.log) == ("skipped", []), "a frozen blog is left alone"
    assert "reviewed" in outcome["cause"]
    driver.sources[0]["reviewed"] = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    outcome = driver.crawl(days_later=3)["outcomes"]["vole"]
    assert (outcome["state"], outcome["new"]) == ("ok", 6), "what a curator has looked at is theirs to judge"
    assert standing(driver, "vole").frozen_at is None


def test_everything_is_read_again_without_a_request(web: Web, driver: Driver, tmp_path: Path) -> None:
    names = ("un", "deux", "trois")
    web.pages["relu"] = {"/feed": Reply(rss([(name, web.url("relu", f"/{name}")) for name in names], full=False))}
    web.pages["relu"] |= {f"/{name}": Reply(post(name)) for name in names}
    driver.source("relu", feeds=[web.url("relu", "/feed")])
    driver.crawl()
    whole = {one.id: one.text for one in articles(driver, "relu")}
    assert all(WORDS[:40] in text for text in whole.values())
    store = ArticleStore.open(driver.data / "luciole.db")
    store.database.execute("UPDATE article SET text = 'mal lu', text_hash = NULL")  # as an older extraction might have left it
    due = store.database.all("SELECT id, check_at FROM frontier ORDER BY id")
    store.close()
    web.log.clear()
    listing = tmp_path / "sources.yaml"
    blocks = [{**driver.sources[0], "feeds": list(driver.sources[0]["feeds"])}]
    listing.write_text(yaml.safe_dump({"sources": blocks}, allow_unicode=True), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "luciole.cli", "extract", "--again"],
        env={name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
        | {
            "LUCIOLE_DATA": str(driver.data),
            "LUCIOLE_SOURCES": str(listing),
            "LUCIOLE_HOST_MAP": ",".join("=".join(pair) for pair in web.host_map().items()),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "4 pages relues : 0 articles nouveaux, 3 modifiés." in done.stdout) == (0, True), done.stdout + done.stderr
    assert web.log == []
    assert {one.id: one.text for one in articles(driver, "relu")} == whole
    store = ArticleStore.open(driver.data / "luciole.db")
    again = store.database.all("SELECT id, check_at FROM frontier ORDER BY id")
    store.close()
    assert [tuple(row) for row in again] == [tuple(row) for row in due], "no look is put off by it"
