"""Which tags a reader may say to hold."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.entity_tags import names

OPAQUE = st.text(st.sampled_from("abc,019!/W*é"), max_size=6).map(lambda text: f'"{text}"')
TAGS = st.tuples(st.sampled_from(["", "W/"]), OPAQUE).map("".join)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("", False),
        ("*", True),
        (" * ", True),
        ('W/"a"', True),
        ('"a"', True),
        ('"b", W/"a"', True),
        ('"b","a","c"', True),
        ('"b"', False),
        ("a", False),
        ('w/"a"', True),  # no tag by the letter, and the page is the same
        ('"*"', False),
        ('*, "b"', False),
        ('"b, a"', False),
        ('"', False),
        (', ,"a",', True),
    ],
)
def test_a_reader_names_what_it_holds(header: str, named: bool) -> None:
    assert names(header, 'W/"a"') is named
    assert names(header, '"a"') is named


@given(st.lists(TAGS, max_size=5), TAGS, st.sampled_from([",", ", ", " ,\t"]))
def test_the_comparison_is_weak(held: list[str], tag: str, comma: str) -> None:
    assert names(comma.join(held), tag) is (tag.removeprefix("W/") in {one.removeprefix("W/") for one in held})


@given(st.text(max_size=60))
def test_no_header_is_an_error(header: str) -> None:
    assert names(header, 'W/"a"') in {True, False}


@pytest.mark.parametrize("path", ["/a-propos", "/robot", "/api/docs"])
def test_a_page_that_is_known_is_not_sent_again(client: httpx.Client, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    for header in ("*", tag, tag.removeprefix("W/"), f'"other", {tag}'):
        answer = client.get(path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.headers["ETag"], answer.content) == (304, tag, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
