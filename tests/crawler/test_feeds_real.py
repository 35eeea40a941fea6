"""Real feeds, and every oddity that feedparser's own suite has collected."""

from __future__ import annotations

import io
import time
import warnings
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from crawler.parse import parse
from crawler.parsed import ParsedFeed
from luciole.urls import url_key
from tests.crawler.contexts import context

pytestmark = pytest.mark.real


def usable_links(body: bytes, base: str) -> list[str]:
    """The http(s) addresses that feedparser itself finds for entries, resolved by it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own fields, read by itself
        found = feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml", "content-location": base})
    links = [entry["link"] for entry in found.entries if isinstance(entry.get("link"), str)]
    return [link for link in links if link.lower().startswith(("http://", "https://")) and urlsplit(link).hostname]


def test_the_whole_suite_of_feedparser(real_data: Path) -> None:
    files = sorted(path for path in (real_data / "feeds" / "feedparser_suite").rglob("*") if path.is_file() and path.name != "LICENSE")
    assert len(files) > 2000
    slow, lost, raised = [], [], []
    for path in files:
        body = path.read_bytes()
        started = time.monotonic()
        # The suite's entries lead to many hosts, which only a podcast's may; the address is not that of a comment feed.
        parsed = parse("feed", body, context("http://127.0.0.1:8097/feed", source_url="http://127.0.0.1:8097/", source_type="podcast"))
        if time.monotonic() - started > 5:
            slow.append(path.name)
        assert isinstance(parsed, ParsedFeed)
        if "illisible" in parsed.problem:
            raised.append((path.name, parsed.problem))
        links = usable_links(body, "http://127.0.0.1:8097/feed")
        if len(parsed.entries) < len(links) and "commentaires" not in parsed.problem:
            lost.append((path.name, links, parsed))
    assert (slow, raised, lost) == ([], [], [])


def test_real_french_feeds(real_data: Path) -> None:
    folder = real_data / "feeds" / "french_real"
    kept = 0
    for path in sorted(path for path in folder.iterdir() if path.name != "INDEX.json"):
        body = path.read_bytes()
        links = usable_links(body, "https://exemple.fr/f")
        home = next((f"{urlsplit(link).scheme}://{urlsplit(link).netloc}/" for link in links), "https://exemple.fr/")
        parsed = parse("feed", body, context(f"{home}f", source_url=home))
        assert isinstance(parsed, ParsedFeed)
        if "commentaires" in parsed.problem:
            assert "__feed__index" in path.name  # a feed below one post
            continue
        hosts = {urlsplit(home).netloc.removeprefix("www."), "exemple.fr"}
        own = [link for link in links if urlsplit(link).netloc.removeprefix("www.") in hosts]
        assert len(parsed.entries) >= len(own), path.name
        empty = sum(not (entry.sighting.title or entry.sighting.text) for entry in parsed.entries)
        assert empty <= 1, path.name  # one blog has one entry without title and description
        kept += len(parsed.entries)
    assert kept > 300


def test_dates_and_completeness_of_real_blogs(real_data: Path) -> None:
    cases = {
        "pierrepo/feeds/all.atom.xml": ("http://cupnet.net/", 0.9),
        "sametmax-wp/feed/index.html": ("http://sametmax.com/", 1.0),
        "clpeloquin/index.xml": ("https://clpeloquin.github.io/", 0.0),
        "vonkrafft/index.xml": ("https://vonkrafft.fr/", 0.0),
        "yaspat-maths/rss.xml": ("http://yaspat.github.io/blog/", 0.0),
        "reflechir/feed.xml": ("https://reflechir.fr/", 1.0),
    }
    for name, (home, share) in cases.items():
        tree = name.partition("/")[0]
        lines = (real_data / "sites" / f"{tree}.articles.tsv").read_text(encoding="utf-8").splitlines()
        days = {url_key(line.split("\t")[1]): line.split("\t")[4] for line in lines[1:]}
        parsed = parse("feed", (real_data / "sites" / name).read_bytes(), context(home + name.partition("/")[2], source_url=home))
        assert isinstance(parsed, ParsedFeed)
        complete = sum(entry.complete for entry in parsed.entries) / len(parsed.entries)
        assert abs(complete - share) <= 0.12, (name, complete)
        for entry in parsed.entries:
            day = days.get(url_key(entry.sighting.url))
            if day:
                assert entry.sighting.published is not None, entry.sighting.url
                # The list has local days, we have UTC.
                assert abs(entry.sighting.published.toordinal() - date.fromisoformat(day).toordinal()) <= 1, (entry.sighting.url, day)
