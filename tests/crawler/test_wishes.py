"""What pages and headers ask of robots (fault case 37), and rights reserved by TDMRep."""

from datetime import UTC, datetime

import pytest
from lxml import html

from crawler.answers import KEPT_HEADERS
from crawler.wishes import RESERVED_SNIPPET, header_wishes, page_wishes, read_wishes
from luciole.article import NO_WISHES, Wishes
from tests.crawler.contexts import NOW


def read(metas: str = "", header: str = "", **headers: str) -> tuple[bool, Wishes]:
    """`metas` are the page's elements; headers are named with `_` for `-`."""
    root = html.fromstring(f"<html><head>{metas}<title>Un billet</title></head><body><p>Texte</p></body></html>")
    return read_wishes(root, header, {name.replace("_", "-"): value for name, value in headers.items()}, NOW)


def meta(content: str, name: str = "robots") -> str:
    return f'<meta name="{name}" content="{content}">'


def test_a_page_that_asks_for_nothing() -> None:
    assert read(meta("index, follow, max-image-preview:large") + meta("Un billet", "description")) == (False, NO_WISHES)
    assert read_wishes(None, "", {}, NOW) == (False, NO_WISHES)


@pytest.mark.parametrize("name", ["robots", "ROBOTS", "lucioleBot", "luciole"])
@pytest.mark.parametrize("content", ["noindex", "NOINDEX, follow", "none", "nofollow,noindex"])
def test_case_37_noindex_in_the_page(name: str, content: str) -> None:
    assert read(meta(content, name))[0]


@pytest.mark.parametrize("name", ["googlebot", "bingbot", "description", "lucioles"])
def test_case_37_what_a_page_asks_of_others_is_not_for_us(name: str) -> None:
    assert read(meta("noindex, nosnippet, noarchive", name)) == (False, NO_WISHES)


@pytest.mark.parametrize(
    ("header", "noindex"),
    [
        ("noindex", True),
        ("NoIndex, nofollow", True),
        ("none", True),
        ("googlebot: noindex, nofollow", False),
        ("luciolebot: noindex", True),
        ("LucioleBot/0.1: noindex", True),
        ("*: noindex", True),
        ("googlebot: nofollow, luciolebot: noindex", True),
        ("luciolebot: nofollow, googlebot: noindex", False),
        ("googlebot: noindex\nnoindex", True),
        ("noarchive\ngooglebot: noindex", False),
        ("max-snippet:20, noindex", True),
        ("unavailable_after: 25 Jun 2027 15:00:00 PST, noindex", True),
        ("googlebot: unavailable_after: 25 Jun 2020 15:00:00 PST", False),
        ("index", False),
        (",,: ,:", False),
    ],
)
def test_case_37_noindex_in_the_header_and_to_whom_it_is_said(header: str, noindex: bool) -> None:
    assert read(header=header)[0] is noindex


@pytest.mark.parametrize(
    ("metas", "header", "snippet"),
    [
        (meta("nosnippet"), "", 0),
        (meta("max-snippet:0"), "", 0),
        (meta("max-snippet:-1"), "", None),
        (meta("max-snippet: 120"), "", 120),
        (meta("max-snippet=120"), "", 120),
        (meta("max-snippet:120") + meta("max-snippet:50", "luciole"), "", 50),
        (meta("max-snippet:120"), "max-snippet:30", 30),
        (meta("max-snippet:-1"), "nosnippet", 0),
        (meta("max-snippet:beaucoup"), "max-snippet:" + "9" * 30, None),
        ("", "googlebot: nosnippet", None),
    ],
)
def test_how_long_an_excerpt_may_be(metas: str, header: str, snippet: int | None) -> None:
    assert read(metas, header) == (False, Wishes(snippet=snippet))


@pytest.mark.parametrize("word", ["noarchive", "nocache"])
def test_no_copy_is_to_be_offered(word: str) -> None:
    assert read(meta(word)) == read(header=word) == (False, Wishes(noarchive=True))


@pytest.mark.parametrize(
    "written",
    [
        "25 Jun 2027 15:00:00 GMT",
        "Fri, 25 Jun 2027 15:00:00 GMT",
        "25 Jun 2027 07:00:00 PST",
        "Friday, 25-Jun-27 15:00:00 GMT",
        "25-Jun-27 15:00:00 UTC",
        "2027-06-25T17:00:00+02:00",
        "2027-06-25T15:00:00Z",
        "2027-06-25 15:00",
    ],
)
def test_a_day_from_which_a_page_is_not_to_be_shown(written: str) -> None:
    expected = (False, Wishes(unavailable_after=datetime(2027, 6, 25, 15, tzinfo=UTC)))
    assert read(meta(f"unavailable_after: {written}")) == expected
    assert read(header=f"unavailable_after: {written}, max-image-preview:none") == expected


def test_a_day_without_an_hour_begins_at_midnight_and_the_first_of_two_counts() -> None:
    wishes = read(meta("unavailable_after:2028-01-01") + meta("unavailable_after:2027-06-25"))[1]
    assert wishes.unavailable_after == datetime(2027, 6, 25, tzinfo=UTC)


def test_a_page_whose_day_is_over_is_left_out() -> None:
    assert read(meta("unavailable_after: 2026-11-22T11:59:59Z"))[0]
    assert not read(meta("unavailable_after: 2026-11-22T12:00:01Z"))[0]


@pytest.mark.parametrize(
    "written", ["demain", "", "99/99/9999", "0001-01-01T00:00:00+14:00", "1 Jan 99999999999 00:00:00 GMT", "x" * 10_000]
)
def test_a_day_that_is_none_is_passed_over(written: str) -> None:
    assert read(meta(f"unavailable_after: {written}, noarchive")) == (False, Wishes(noarchive=True))


RESERVED = (False, Wishes(snippet=RESERVED_SNIPPET, reserved=True))


@pytest.mark.parametrize(
    ("metas", "headers", "reserved"),
    [
        ("", {"tdm_reservation": "1"}, True),
        ("", {"tdm_reservation": " 1 ", "tdm_policy": "https://exemple.fr/conditions.json"}, True),
        ("", {"tdm_reservation": "0"}, False),
        ("", {"tdm_reservation": "oui"}, False),
        ("", {"tdm_policy": "https://exemple.fr/conditions.json"}, False),
        (meta("1", "tdm-reservation"), {}, True),
        (meta("1", "TDM-Reservation"), {"tdm_reservation": "0"}, True),
        (meta("0", "tdm-reservation"), {"tdm_reservation": "1"}, False),
        (meta("https://exemple.fr/c.json", "tdm-policy"), {"tdm_reservation": "1"}, True),
        (meta("noai, noimageai"), {}, True),
        (meta("noimageai"), {}, False),
    ],
)
def test_reserved_rights_leave_a_short_excerpt(metas: str, headers: dict[str, str], reserved: bool) -> None:
    assert read(metas, **headers) == (RESERVED if reserved else (False, NO_WISHES))


def test_a_narrower_wish_stays_beside_a_reservation() -> None:
    assert read(meta("max-snippet:40"), tdm_reservation="1") == (False, Wishes(snippet=40, reserved=True))
    assert read(meta("max-snippet:400"), tdm_reservation="1") == RESERVED
    assert read(header="noai") == RESERVED


def test_the_headers_that_carry_wishes_are_kept() -> None:
    assert {"x-robots-tag", "tdm-reservation", "tdm-policy"} <= set(KEPT_HEADERS)


def test_the_names_alone() -> None:
    assert page_wishes(html.fromstring(f"<html><head>{meta('NoIndex, max-snippet:20')}</head></html>")) == {"noindex", "max-snippet"}
    assert header_wishes("googlebot: noindex\nluciole: noarchive") == {"noarchive"}
