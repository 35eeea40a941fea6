"""JSON Feed, sound and hostile, into entries."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import parse_feed
from crawler.parsed import Context, ParsedFeed
from luciole.marks import unmarked
from tests.crawler.contexts import context

ADDRESS = "https://blog.exemple.fr/feed.json"
LONG = " ".join(f"Les marées suivent la Lune et le Soleil, et la côte en décide la hauteur, note {n}." for n in range(12))


def item(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"tag:{number}",
        "url": f"https://blog.exemple.fr/{number}",
        "title": "Marées &amp; courants",
        "content_html": f"<p>{LONG}</p><p>Voilà $x<y$.</p>",
        "date_published": "2026-11-02T10:00:00+01:00",
        "authors": [{"name": "Anne Martin"}, {"name": "Luc Petit"}],
        **changes,
    }


def read(*items: object, at: Context | None = None, **head: Any) -> ParsedFeed:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Le fil", "items": list(items), **head}
    return parse_feed(json.dumps(feed).encode(), at or context(ADDRESS))


def test_a_full_item() -> None:
    parsed = read(item(image="/lune.jpg"))
    (entry,) = parsed.entries
    seen = entry.sighting
    assert (parsed.title, parsed.problem, entry.complete) == ("Le fil", "", True)
    assert (seen.url, seen.guid, seen.title) == ("https://blog.exemple.fr/1", "tag:1", "Marées & courants")
    assert seen.authors == ("Anne Martin", "Luc Petit")
    assert seen.published == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert unmarked(seen.text).startswith(LONG)
    assert seen.image == "https://blog.exemple.fr/lune.jpg"
    assert (seen.text_basis, seen.language) == ("feed", "fr")


def test_version_1_0() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "author": {"name": "Anne Martin"},
        "items": [{"id": "1", "url": "/a"}, {"id": 2, "url": "/b", "author": {"name": "Luc"}}],
    }
    one, two = parse_feed(b"\xef\xbb\xbf" + json.dumps(feed).encode(), context(ADDRESS)).entries
    assert (one.sighting.authors, two.sighting.authors) == (("Anne Martin",), ("Luc",))
    assert (two.sighting.guid, two.sighting.url) == ("2", "https://blog.exemple.fr/b")


def test_text_is_not_read_as_html() -> None:
    (entry,) = read(item(content_html=None, content_text=f"Si a <b et b> c, alors &amp; voilà.\n{LONG}")).entries
    assert entry.sighting.text == f"Si a <b et b> c, alors &amp; voilà.\n{LONG}"
    assert entry.complete


@pytest.mark.parametrize(
    ("changes", "complete", "text"),
    [
        ({"content_html": None, "summary": "Un début."}, False, "Un début."),
        ({"content_html": "<p>Bref.</p>", "summary": "Bref."}, True, "Bref."),
        ({"content_html": "<p>Bref.</p>"}, False, "Bref."),
        ({"content_html": None}, False, ""),
        ({"content_html": f"<p>{LONG}</p><p>La suite est réservée aux abonnés.</p>"}, False, f"{LONG}\nLa suite est réservée aux abonnés."),
    ],
)
def test_whether_the_text_is_the_whole_post(changes: dict[str, Any], complete: bool, text: str) -> None:
    (entry,) = read(item(**changes)).entries
    assert (entry.complete, entry.sighting.text) == (complete, text)


def test_addresses_follow_the_rules_of_all_feeds() -> None:
    parsed = read(
        item(1, url="/un#haut"),
        item(2, url=None, id="https://blog.exemple.fr/deux"),
        item(3, url="https://blog.exemple.fr/trois", external_url="https://ailleurs.exemple.org/x"),
        item(4, url=None, external_url="https://ailleurs.exemple.org/x"),
        item(5, url="javascript:alert(1)"),
        item(6, url="https://blog.exemple.fr/"),
        "rien",
        home_page_url="https://blog.exemple.fr/",
    )
    assert [entry.sighting.url for entry in parsed.entries] == [f"https://blog.exemple.fr/{name}" for name in ("un", "deux", "trois")]
    assert parsed.skipped == 4
    assert [entry.sighting.also for entry in parsed.entries] == [()] * 3


def test_a_guid_that_the_whole_feed_repeats_is_none() -> None:
    assert [entry.sighting.guid for entry in read(item(1, id="0"), item(2, id="0")).entries] == [None, None]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("feed.json?page=2", "https://blog.exemple.fr/feed.json?page=2"),
        ("https://www.blog.exemple.fr/2.json", "https://www.blog.exemple.fr/2.json"),
        ("https://ailleurs.exemple.org/2.json", ""),
        (ADDRESS, ""),
        ("file:///etc/passwd", ""),
        (True, ""),
        (None, ""),
    ],
)
def test_the_next_page_is_on_the_same_site(stated: object, expected: str) -> None:
    assert read(item(), next_url=stated).next == expected


def test_only_the_first_items_are_read() -> None:
    assert len(read(*map(item, range(9)), at=context(ADDRESS, most_entries=4)).entries) == 4


def test_an_episode_goes_by_its_sound() -> None:
    sound = {"url": "https://sons.exemple.org/1.mp3", "mime_type": "audio/mpeg"}
    (entry,) = read(item(url="https://blog.exemple.fr/", attachments=[sound]), at=context(ADDRESS, source_type="podcast")).entries
    assert (entry.sighting.url, entry.complete) == ("https://sons.exemple.org/1.mp3", True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"', "incomplet ou mal formé"),
        (b'{"a":' * 100_000, "incomplet ou mal formé"),
        (b'{"version": "1.0", "items": []}', "pas un fil"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "pas un fil"),
        (b'{"code": "rest_no_route", "message": "x"}', "pas un fil"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, words: str) -> None:
    parsed = parse_feed(body, context(ADDRESS))
    assert words in parsed.problem
    assert parsed.entries == ()


def test_a_feed_without_items_is_no_problem() -> None:
    assert read() == ParsedFeed(title="Le fil")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["/a", "http://[", "<p>x", "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "id"]), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "date_published",
    "author",
    "authors",
    "image",
    "language",
    "attachments",
]


HEAD = ["title", "home_page_url", "next_url", "author", "authors", "language"]


@given(
    st.lists(VALUES | st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), max_size=4),
    st.dictionaries(st.sampled_from(HEAD), VALUES),
)
@settings(max_examples=200, deadline=None)
def test_no_items_raise(items: list[object], head: dict[str, Any]) -> None:
    parsed = read(*items, **head)
    assert len(parsed.entries) + parsed.skipped == len(items)
    json.dumps(asdict(parsed), ensure_ascii=False, default=str).encode()  # nothing that could not be written down
