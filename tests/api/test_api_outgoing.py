"""What of a stranger's text and addresses may leave in a feed, a list or a citation."""

import re

import pytest
from hypothesis import given, settings

from api import templating
from api.outgoing import plain, stamp, undirected, visible, web_address
from tests.api.hits import ADDRESSES, NASTY, NIGHT

# The `Char` of XML 1.0, less the control characters that it merely advises against.
XML_CHARACTERS = re.compile("[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


@given(NASTY)
@settings(deadline=None)
def test_what_leaves_is_one_line_that_xml_and_utf8_carry(text: str) -> None:
    made = plain(text)
    assert XML_CHARACTERS.fullmatch(made)
    made.encode()
    assert made == made.strip(" ")
    assert plain(made) == made


def test_words_and_spaces_that_do_not_break_stay() -> None:
    assert plain(" La\tlumière\r\ndes étoiles\u00a0: 1\u202f361 ]]> \u0007 & <b> ") == "La lumière des étoiles\u00a0: 1\u202f361 ]]> & <b>"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Lanterne \u202egnissap", "Lanterne \u202egnissap\u202c"),
        ("a \u2067b \u202ec", "a \u2067b \u202ec\u202c\u2069"),
        ("a\u202c\u2069 b", "a b"),
        ("a \u2066b \u202ec\u2069 d", "a \u2066b \u202ec\u202c\u2069 d"),
        ("\u202eא\u202c b", "\u202eא\u202c b"),
    ],
)
def test_what_turns_the_direction_of_writing_ends_with_the_text(text: str, kept: str) -> None:
    assert plain(text) == kept


def test_a_text_may_be_had_without_any_of_it() -> None:
    assert undirected("Lanterne \u202egnissap\u200f") == "Lanterne gnissap"


@pytest.mark.parametrize(("text", "seen"), [("é", True), ("", False), (" \u00a0\u200b\u202e", False), ("\x00", False), ("中", True)])
def test_there_is_something_to_see_or_not(text: str, seen: bool) -> None:
    assert visible(text) is seen


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://mousse.example/a?b=1&c#d", "https://mousse.example/a?b=1&c#d"),
        ("http://été.example/à b{c}\\", "http://xn--t-9fab.example/%C3%A0%20b%7Bc%7D/"),
        ("https://a.example/\u202eb%41", "https://a.example/%E2%80%AEb%41"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("javascript:alert(1)", None),
        ("javascript://a.example/%0aalert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("https:///a", None),
        ("http://[", None),
        ("http://a.example:99999/", None),
        ("http://a b.example/", None),
        ("https://a.example/\ud800", None),
        ("/recherche", None),
        ("", None),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str, safe: str | None) -> None:
    assert web_address(url) == safe


@given(ADDRESSES)
@settings(deadline=None)
def test_no_link_that_the_pages_would_refuse_and_none_that_needs_quoting(url: str) -> None:
    made = web_address(url)
    if made is not None:
        assert templating.web_address(url)
        assert re.fullmatch(r"https?://[!-~]+", made)
        assert not set(made) & set('"<>\\^`{|}')
        assert web_address(made) == made


def test_a_moment_is_told_in_utc_to_the_second() -> None:
    assert stamp(NIGHT.replace(microsecond=5)) == "2026-03-14T03:07:00Z"
    assert stamp(NIGHT.replace(year=12)) == "0012-03-14T03:07:00Z"
