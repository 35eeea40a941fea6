"""Nine real sites, their whole archives gathered by the real commands, against lists of their articles that were made by eye.

What is counted: the French articles of 150 words or more of each list that are stored. Every stored page that is on no list is printed, to
be judged. The table is printed whether or not the test passes.

One thing is added to the trees: the sitemap that sametmax's robots.txt names and its mirror lacks. Without it nothing leads to nine tenths
of the articles: 29 of 321 are linked from any page of the mirror. It holds every page of the tree, articles or not.
"""

from __future__ import annotations

import csv
import html
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from rich.console import Console
from rich.table import Table

from luciole.store import ArticleStore
from luciole.urls import url_key
from tests.real.static_web import StaticWeb

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Site:
    """One tree: its id, home page, feed (None: there is none), and the share of its articles that must be found."""

    id: str
    home: str
    feed: str | None
    share: float = 0.98


SITES = (
    Site("aissen-wp", "http://digest.aissen.org/", "feed/"),
    Site("astronomie-loicseguin", "https://astro.loicseguin.com/", None),
    Site("clpeloquin", "https://clpeloquin.github.io/", "index.xml"),
    Site("pierrepo", "http://cupnet.net/", "feeds/all.atom.xml"),
    Site("reflechir", "https://reflechir.fr/", "feed.xml"),
    Site("sametmax-wp", "http://sametmax.com/", "feed/", share=0.95),
    Site("sante-gouv-spip", "https://sante.gouv.fr/", "spip.php?page=backend", share=0.95),
    Site("vonkrafft", "https://vonkrafft.fr/", "index.xml"),
    Site("yaspat-maths", "http://yaspat.github.io/blog/", "rss.xml"),
)


@dataclass
class Row:
    """What is measured of one site."""

    listed: int = 0
    found: int = 0
    undated: int = 0
    anonymous: int = 0
    stored: int = 0
    requests: int = 0
    way: str = ""
    expected: int | None = None
    missing: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


def sitemap(tree: Path, home: str) -> bytes:
    """A sitemap of every page of a tree, as a plugin of WordPress writes them."""
    found = (page for page in tree.rglob("index.html") if not page.read_bytes().startswith(b"<?xml"))
    pages = sorted(page.parent.relative_to(tree).as_posix() for page in found)
    entries = "".join(f"<url><loc>{urljoin(home, f'{html.escape(page)}/' if page != '.' else '')}</loc></url>" for page in pages)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


@pytest.fixture(scope="module")
def crawled(real_data: Path, tmp_path_factory: pytest.TempPathFactory):
    work = tmp_path_factory.mktemp("real")
    trees = {urlsplit(site.home).netloc: (real_data / "sites" / site.id, urlsplit(site.home).path) for site in SITES}
    blocks = []
    for site in SITES:
        home = site.home.replace("https://", "http://")
        feeds = f"    feeds: ['{urljoin(home, site.feed)}']\n" if site.feed else ""
        blocks.append(f"  - id: {site.id}\n    name: {site.id}\n    url: {home}\n    disciplines: [pluridisciplinaire]\n{feeds}")
    (work / "sources.yaml").write_text("sources:\n" + "".join(blocks), encoding="utf-8")
    added = {("sametmax.com", "/sitemap.xml"): sitemap(real_data / "sites" / "sametmax-wp", "http://sametmax.com/")}
    with StaticWeb(trees, added) as web:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
        environment |= {"LUCIOLE_DATA": str(work / "data"), "LUCIOLE_SOURCES": str(work / "sources.yaml"), "LUCIOLE_HOST_MAP": web.host_map}
        night = subprocess.run(
            [sys.executable, "-m", "luciole.cli", "nightly"], env=environment, capture_output=True, text=True, timeout=600, check=False
        )
    return work, night, web.requests


def test_the_nine_real_sites(crawled, real_data: Path, capsys):
    work, night, requests = crawled
    store = ArticleStore.open(work / "data" / "luciole.db")
    rows: dict[str, Row] = {}
    for site in SITES:
        row = rows[site.id] = Row(requests=sum(host == urlsplit(site.home).netloc for host, _ in requests))
        with (real_data / "sites" / f"{site.id}.articles.tsv").open(encoding="utf-8", newline="") as file:
            listed = {url_key(line["url"]): line for line in csv.DictReader(file, delimiter="\t")}
        wanted = {key for key, line in listed.items() if line["lang"] == "fr" and int(line["words"]) >= 150}
        row.listed = len(wanted)
        for key in sorted(wanted):
            article = store.find(site.id, f"http://{key}")
            if article is None or article.is_tombstone or article.language != "fr" or not article.text:
                row.missing.append(key)
                continue
            row.found += 1
            row.undated += article.published is None or article.published_basis == "seen"
            row.anonymous += not article.authors
        known = {one.id for key in listed if (one := store.find(site.id, f"http://{key}")) is not None}
        stored = [one for one in store.changes_since(0) if one.source_id == site.id and not one.is_tombstone]
        row.stored = len(stored)
        row.unlisted = [f"{one.url} « {one.title} »" for one in stored if one.id not in known]
        row.expected = store.standing(site.id).expected
        attempts = store.database.all("SELECT strategy, state FROM backfill WHERE source_id = ? ORDER BY place", site.id)
        row.way = ", ".join(f"{one['strategy']}{'' if one['state'] == 'complete' else ' ✗'}" for one in attempts)
    store.close()
    with capsys.disabled():
        show(rows)
    assert night.returncode == 0, night.stdout + night.stderr
    for site in SITES:
        row = rows[site.id]
        assert row.found >= site.share * row.listed, f"{site.id} misses {row.missing}"


def test_no_comment_feed_was_asked_for(crawled):
    _, _, requests = crawled
    asked = [f"{host}{path}" for host, path in requests if re.search(r"/[^/]+/feed/?$|comments?/feed|replytocom", path)]
    assert asked == []


def show(rows: dict[str, Row]) -> None:
    """The table, then every stored page that is not on the list."""
    headings = ("site", "listed", "found", "no date", "no author", "stored", "expected", "not listed", "requests", "ways tried")
    table = Table(*headings, title="Nine real sites: whole archives")
    for name, row in rows.items():
        figures = (row.listed, row.found, row.undated, row.anonymous, row.stored, row.expected, len(row.unlisted), row.requests, row.way)
        table.add_row(name, *map(str, figures))
    console = Console(width=140)
    console.print()
    console.print(table)
    for name, row in rows.items():
        for address in row.unlisted:
            console.print(f"  not listed: {name}: {address}", soft_wrap=True)
        for address in row.missing:
            console.print(f"  missing: {name}: {address}", soft_wrap=True)
