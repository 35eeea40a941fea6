"""Nine real sites, crawled by the real commands, against lists of their articles that were made by eye.

What is counted: the French articles of 150 words or more that the site's feed (or, without one, its home page) leads to. Deep archives
are not asked for here. The table is printed whether or not the test passes.
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
    """One tree: its id, home page, feed (None: there is none), the share of reachable articles that must be found, and whether the feed
    leads to any listed article of that length at all."""

    id: str
    home: str
    feed: str | None
    share: float = 0.98
    reaches: bool = True


SITES = (
    Site("aissen-wp", "http://digest.aissen.org/", "feed/", reaches=False),  # ten posts of a few words
    Site("astronomie-loicseguin", "https://astro.loicseguin.com/", None),
    Site("clpeloquin", "https://clpeloquin.github.io/", "index.xml"),
    Site("pierrepo", "http://cupnet.net/", "feeds/all.atom.xml", share=0.95),  # one is a long list in English under a French title
    Site("reflechir", "https://reflechir.fr/", "feed.xml"),
    Site("sametmax-wp", "http://sametmax.com/", "feed/"),
    Site("sante-gouv-spip", "https://sante.gouv.fr/", "spip.php?page=backend", reaches=False),  # ten pages that the tree lacks
    Site("vonkrafft", "https://vonkrafft.fr/", "index.xml"),
    Site("yaspat-maths", "http://yaspat.github.io/blog/", "rss.xml"),
)


@dataclass
class Row:
    """What is measured of one site."""

    listed: int = 0
    reachable: int = 0
    found: int = 0
    undated: int = 0
    anonymous: int = 0
    missing: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


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
    with StaticWeb(trees) as web:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
        environment |= {"LUCIOLE_DATA": str(work / "data"), "LUCIOLE_SOURCES": str(work / "sources.yaml"), "LUCIOLE_HOST_MAP": web.host_map}
        night = subprocess.run(
            [sys.executable, "-m", "luciole.cli", "nightly"], env=environment, capture_output=True, text=True, timeout=600, check=False
        )
    return work, night, web.requests


def reachable(site: Site, tree: Path) -> set[str]:
    """Keys of every address that the feed, or the home page where there is none, names: read by hand, not by the crawler."""
    if site.feed is None:
        links = re.findall(r'href="([^"#]+)"', (tree / "index.html").read_text(encoding="utf-8"))
    else:
        name = site.feed + "index.html" if site.feed.endswith("/") else site.feed
        text = (tree / name).read_bytes().decode("utf-8", errors="replace")
        items = re.findall(r"<(item|entry)\b(.*?)</\1>", text, flags=re.DOTALL)
        links = [
            link for _, item in items for link in re.findall(r"<link>([^<]+)</link>|<link[^>]*href=\"([^\"]+)\"", item) for link in link
        ]
    keys = set()
    for link in filter(None, links):
        try:
            keys.add(url_key(urljoin(site.home, html.unescape(link.strip()))))
        except ValueError:
            continue
    return keys


def test_the_nine_real_sites(crawled, real_data: Path, capsys):
    work, night, _ = crawled
    store = ArticleStore.open(work / "data" / "luciole.db")
    rows: dict[str, Row] = {}
    for site in SITES:
        row = rows[site.id] = Row()
        with (real_data / "sites" / f"{site.id}.articles.tsv").open(encoding="utf-8", newline="") as file:
            listed = {url_key(line["url"]): line for line in csv.DictReader(file, delimiter="\t")}
        wanted = {key for key, line in listed.items() if line["lang"] == "fr" and int(line["words"]) >= 150}
        within = wanted & reachable(site, real_data / "sites" / site.id)
        row.listed, row.reachable = len(wanted), len(within)
        for key in sorted(within):
            article = store.find(site.id, f"http://{key}")
            if article is None or article.is_tombstone or article.language != "fr" or not article.text:
                row.missing.append(key)
                continue
            row.found += 1
            row.undated += article.published is None or article.published_basis == "seen"
            row.anonymous += not article.authors
        for article in store.changes_since(0):
            if article.source_id == site.id and not article.is_tombstone and url_key(article.url) not in listed:
                row.unlisted.append(article.url)
    store.close()
    with capsys.disabled():
        show(rows)
    assert night.returncode == 0, night.stdout + night.stderr
    for site in SITES:
        row = rows[site.id]
        assert bool(row.reachable) == site.reaches, f"{site.id}: the test itself reads the feed wrongly"
        assert row.found >= site.share * row.reachable, f"{site.id} misses {row.missing}"


def test_no_comment_feed_was_asked_for(crawled):
    _, _, requests = crawled
    listed = {url_key(urljoin(site.home, site.feed)) for site in SITES if site.feed}
    feeds = {url_key(f"http://{host}{path}") for host, path in requests if re.search(r"/feed/?$|backend|\.(xml|atom|rss)$", path)}
    guessed = {key for key in feeds if key.startswith("astro.loicseguin.com/")}  # it names no feed: the usual places are tried
    assert listed <= feeds
    assert feeds - guessed == listed, "whatever else is a feed holds comments, a tag or a category"


def show(rows: dict[str, Row]) -> None:
    """The table, then every stored page that is not on the list."""
    table = Table(
        "site", "listed", "reachable", "found", "no date", "no author", "not listed", title="Nine real sites: what the feed can reach"
    )
    for name, row in rows.items():
        table.add_row(name, *(str(n) for n in (row.listed, row.reachable, row.found, row.undated, row.anonymous, len(row.unlisted))))
    console = Console(width=120)
    console.print()
    console.print(table)
    for name, row in rows.items():
        for address in row.unlisted:
            console.print(f"  not listed: {name}: {address}", soft_wrap=True)
        for address in row.missing:
            console.print(f"  missing: {name}: {address}", soft_wrap=True)
