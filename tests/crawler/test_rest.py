"""Pages of WordPress's REST interface, sound and hostile, into entries."""

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
from crawler.rest import parse_rest
from luciole.marks import unmarked
from tests.crawler.contexts import context

ROOT = "https://blog.exemple.fr/wp-json/wp/v2/posts?per_page=100&page=1"
LONG = " ".join(f"Les marées suivent la Lune et le Soleil, et la côte en décide la hauteur, note {n}." for n in range(12))


def post(number: int = 12, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "link": f"https://blog.exemple.fr/marees-{number}/",
        "guid": {"rendered": f"https://blog.exemple.fr/?p={number}"},
        "date": "2026-11-02T10:00:00",
        "date_gmt": "2026-11-02T09:00:00",
        "title": {"rendered": "L&rsquo;eau &amp; la Lune"},
        "content": {"rendered": f"<p>{LONG}</p>\n<p>Voilà $E=mc^2$.</p>\n", "protected": False},
        "excerpt": {"rendered": "<p>Un début [&hellip;]</p>\n", "protected": False},
        **changes,
    }


def read(answer: object, **headers: str) -> ParsedFeed:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return parse_rest(body, context(ROOT, headers={name.replace("_", "-"): value for name, value in headers.items()}))


def test_a_page_of_posts() -> None:
    author = {"author": [{"id": 1, "name": "Anne Martin"}, {"code": "rest_user_invalid_id", "message": "x"}]}
    parsed = read([post(_embedded=author), post(11)], x_wp_total="347", x_wp_totalpages="4")
    assert (parsed.total, parsed.pages, parsed.skipped, parsed.problem) == (347, 4, 0, "")
    entry, other = parsed.entries
    seen = entry.sighting
    assert entry.complete
    assert seen.url == "https://blog.exemple.fr/marees-12/"
    assert (seen.guid, seen.also) == ("https://blog.exemple.fr/?p=12", ("https://blog.exemple.fr/?p=12",))
    assert seen.title == "L’eau & la Lune"
    assert seen.authors == ("Anne Martin",)
    assert (seen.published, seen.published_basis) == (datetime(2026, 11, 2, 9, tzinfo=UTC), "feed")
    assert unmarked(seen.text) == f"{LONG}\nVoilà $E=mc^2$."
    assert (seen.text_basis, seen.language) == ("feed", "fr")
    assert other.sighting.url == "https://blog.exemple.fr/marees-11/"


def test_the_same_post_as_in_the_feed() -> None:
    one = post()
    item = (
        f"<item><title>{one['title']['rendered']}</title><link>{one['link']}</link><pubDate>Mon, 02 Nov 2026 09:00:00 +0000</pubDate>"
        f"<guid isPermaLink='false'>{one['guid']['rendered']}</guid>"
        f"<content:encoded><![CDATA[{one['content']['rendered']}]]></content:encoded></item>"
    ).replace("&rsquo;", "&#8217;")
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    feed = parse_feed(f"<rss version='2.0' {space}><channel>{item}</channel></rss>".encode(), context(ROOT))
    assert feed.entries == read([one]).entries


def test_a_post_behind_a_password_is_left_out() -> None:
    parsed = read([post(1, content={"rendered": "", "protected": True}), post(2)])
    assert [entry.sighting.url for entry in parsed.entries] == ["https://blog.exemple.fr/marees-2/"]
    assert parsed.skipped == 1


def test_without_content_the_excerpt_is_a_summary() -> None:
    (entry,) = read([post(content={"rendered": " \n", "protected": False})]).entries
    assert not entry.complete
    assert (entry.sighting.text, entry.sighting.text_basis) == ("Un début […]", "summary")
    (entry,) = read([post(content=None, excerpt=None)]).entries
    assert (entry.complete, entry.sighting.text) == (False, "")


def test_a_short_post_is_whole() -> None:
    (entry,) = read([post(content={"rendered": "<p>Bonne année !</p>", "protected": False})]).entries
    assert entry.complete


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"date_gmt": None}, datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ({"date_gmt": "0000-00-00T00:00:00"}, datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ({"date_gmt": "2026-11-02T09:00:00Z"}, datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ({"date_gmt": "2099-11-02T09:00:00", "date": 3}, None),
        ({"date_gmt": {}, "date": []}, None),
    ],
)
def test_dates(changes: dict[str, Any], expected: datetime | None) -> None:
    assert read([post(**changes)]).entries[0].sighting.published == expected


@pytest.mark.parametrize(
    ("changes", "people"),
    [
        ({"_embedded": {"author": [{"name": "Luc &amp; Zoé"}]}, "yoast_head_json": {"author": "Anne"}}, ("Luc", "Zoé")),
        ({"_embedded": {"author": [{"code": "rest_user_invalid_id"}]}, "yoast_head_json": {"author": "Anne Roy"}}, ("Anne Roy",)),
        ({"authors": [{"display_name": "Anne Roy"}, {"display_name": "Luc Petit"}], "_embedded": {}}, ("Anne Roy", "Luc Petit")),
        ({"_embedded": {"author": [{"name": "admin"}]}}, ()),
        ({"_embedded": [], "author": 3}, ()),
    ],
)
def test_authors(changes: dict[str, Any], people: tuple[str, ...]) -> None:
    assert read([post(**changes)]).entries[0].sighting.authors == people


def test_the_language_that_polylang_states_counts_where_the_text_is_too_short() -> None:
    short = {"content": {"rendered": "<p>Zut.</p>", "protected": False}, "title": {"rendered": "x"}}
    entries = read([post(1, lang="en", **short), post(2, lang="pt_BR", **short), post(3, lang="de"), post(4, lang=[], **short)]).entries
    assert [entry.sighting.language for entry in entries] == ["en", "pt", "fr", "fr"]


def test_images() -> None:
    featured = {"wp:featuredmedia": [{"source_url": "/lune.jpg"}]}
    content = {
        "rendered": '<p><img class="latex" src="/f.png"><img src="data:image/gif;base64,x"><img width="1" src="/1.gif">'
        "<img data-src='/x.png' src='/photo.jpg?a=1&amp;b=2'><img src=/z.jpg></p>"
    }
    entries = read([post(1, _embedded=featured), post(2, content=content), post(3)]).entries
    assert [entry.sighting.image for entry in entries] == [
        "https://blog.exemple.fr/lune.jpg",
        "https://blog.exemple.fr/photo.jpg?a=1&b=2",
        None,
    ]


@pytest.mark.parametrize("value", ["", "abc", "-1", "3.5", "12, 12", "٣", "9" * 30])
def test_counts_are_digits_or_nothing(value: str) -> None:
    parsed = read([post()], x_wp_total=value, x_wp_totalpages=value)
    assert (parsed.total, parsed.pages) == (None, None)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'<!DOCTYPE html><html><script>{"a": 1}</script><p>Bonjour', "une page HTML"),
        (b"", "une réponse vide"),
        (json.dumps([post()]).encode()[:-40], "incomplète ou mal formée"),
        (b"\x00\xff", "incomplète ou mal formée"),
        (b"[" * 200_000, "incomplète ou mal formée"),
        (b'{"a":' * 200_000, "incomplète ou mal formée"),
        (b"[" + b"9" * 10_000 + b"]", "incomplète ou mal formée"),
        (b'{"code":"rest_forbidden","message":"<b>Interdit</b> ici","data":{"status":401}}', "refuse : Interdit ici"),
        (b'{"code":"rest_no_route"}', "refuse : rest_no_route"),
        (b"{}", "pas de liste"),
        (b"null", "incomplète ou mal formée"),
        (b'["a", 3]', "pas de liste"),
        (b'[{"id": 3, "source_url": "x"}]', "pas de liste"),
    ],
)
def test_what_is_no_list_of_posts_says_so(body: bytes, words: str) -> None:
    parsed = read(body, x_wp_total="3")
    assert words in parsed.problem
    assert (parsed.entries, parsed.total) == ((), 3)


def test_a_page_past_the_end_is_empty() -> None:
    assert read([]) == ParsedFeed()


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf\n" + json.dumps([post()]).encode(),
        b"<br />\n<b>Notice</b>: Undefined index in <b>/x.php</b> on line <b>3</b><br />\n" + json.dumps([post()]).encode(),
        json.dumps({"0": post(), "2": 7}).encode(),
        json.dumps([post()]).encode("utf-16"),
    ],
    ids=["bom", "notice", "object", "utf-16"],
)
def test_lists_in_odd_wrappings(body: bytes) -> None:
    assert read(body).entries[0].sighting.url == "https://blog.exemple.fr/marees-12/"


def test_no_more_than_asked_for() -> None:
    at: Context = context(ROOT, most_entries=3)
    assert len(parse_rest(json.dumps([post(n) for n in range(9)]).encode(), at).entries) == 3


def test_an_address_elsewhere_or_none_is_skipped() -> None:
    parsed = read([post(1, link="https://ailleurs.exemple.org/x", guid=None), post(2, link=None, guid=None), post(3)])
    assert [entry.sighting.url for entry in parsed.entries] == ["https://blog.exemple.fr/marees-3/"]
    assert parsed.skipped == 2


def test_halves_of_characters_are_dropped() -> None:
    (entry,) = read(b'[{"link": "/a", "title": {"rendered": "a\\ud800b"}, "guid": {"rendered": "g\\udfff"}}]').entries
    assert (entry.sighting.title, entry.sighting.guid) == ("ab", "g")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["/a", "http://[", "<p>x", "2020-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "link",
                    "title",
                    "guid",
                    "content",
                    "rendered",
                    "protected",
                    "excerpt",
                    "date_gmt",
                    "_embedded",
                    "author",
                    "name",
                    "lang",
                    "authors",
                    "0",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.binary(max_size=200) | st.lists(JSON, max_size=3).map(lambda value: json.dumps(value).encode()))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise(body: bytes) -> None:
    parsed = parse_rest(body, context(ROOT))
    assert type(parsed) is ParsedFeed
    json.dumps(asdict(parsed), ensure_ascii=False, default=str).encode()  # nothing that could not be written down
