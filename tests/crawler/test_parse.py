"""The promise of `parse`: whatever the bytes, an answer."""

from __future__ import annotations

import pickle
import time
from typing import get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.parse import parse
from crawler.parsed import Kind, ParsedFeed, ParsedHome, ParsedListing, ParsedPage, ParsedSitemap
from tests.crawler.contexts import context

SHAPES = {
    "feed": ParsedFeed,
    "home": ParsedHome,
    "article": ParsedPage,
    "rest": ParsedFeed,
    "sitemap": ParsedSitemap,
    "listing": ParsedListing,
}
PIECES = st.sampled_from(
    [
        *(
            b"<rss version='2.0'>",
            b"<channel>",
            b"<item>",
            b"</item>",
            b"<link>",
            b"http://[",
            b"<feed xmlns='http://www.w3.org/2005/Atom'>",
            b"<entry>",
        ),
        *(
            b"<title>",
            b"<![CDATA[",
            b"]]>",
            b"&#0;",
            b"&#xD800;",
            b"&amp;",
            b"\x00",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\xe9",
            b"<?xml version='1.0'?>",
        ),
        *(
            b"<!DOCTYPE x [",
            b"<!ENTITY a 'b'>",
            b"<html>",
            b"<base href='http://['>",
            b"<a href='//['>",
            b"<link rel=canonical href='http://[a'>",
        ),
        *(
            b"<h1>",
            b"<time datetime='99999-99'>",
            b"<script type='application/ld+json'>[{",
            b'"author":{"@id":[]}',
            b"<meta property=og:title content=x>",
        ),
        *(b"<p>", b"<body>", b"<pre>", b"</", b">", b"<math>", b"2 mai 2020", b"31/12/9999"),
    ]
)


@pytest.mark.parametrize("kind", get_args(Kind))
@given(body=st.binary(max_size=300) | st.lists(PIECES | st.binary(max_size=6), max_size=25).map(b"".join), from_feed=st.booleans())
@example(body=b"<math><meta><a>", from_feed=False)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_bytes_raise(kind: Kind, body: bytes, from_feed: bool) -> None:
    parsed = parse(kind, body, context(from_feed=from_feed))
    assert type(parsed) is SHAPES[kind]
    # « illisible » would mean that a parser of ours raised.
    assert "illisible" not in parsed.problem
    assert pickle.loads(pickle.dumps(parsed)) == parsed


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("field", ["url", "requested", "source_url", "content_type", "robots_tag"])
def test_a_senseless_context_is_an_answer_too(kind: Kind, field: str) -> None:
    body = b"<rss><channel><item><link>/a</link></item></channel></rss><h1>a</h1><a href=b>"
    assert type(parse(kind, body, context(**{field: "http://["}))) is SHAPES[kind]


def test_json_ld_of_odd_shapes() -> None:
    for json in (
        '{"@type": 3}',
        '{"@type": ["Article"], "author": [[1]], "headline": {}}',
        '{"@graph": {"@type": "Article", "author": {"@id": 1}}}',
        "[[[]]]",
    ):
        body = f"<script type='application/ld+json'>{json}</script><h1>Bonjour</h1><p>{'Une phrase de plus, et encore une. ' * 30}".encode()
        parsed = parse("article", body, context(from_feed=True))
        assert isinstance(parsed, ParsedPage)
        assert parsed.sighting is not None, (json, parsed.problem)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("home", b"".join(b"<a href='/tag/b%d'>x</a>" % n for n in range(50_000))),
        ("feed", b"<rss><channel><item><link>/a</link><author>" + b"a@b" * 50_000 + b"</author></item></channel></rss>"),
        ("feed", b"<rss><channel><item><link>/a</link><pubDate>" + b"1 mai " * 50_000 + b"</pubDate></item></channel></rss>"),
        ("feed", b"<rss><channel><item><link>/a</link><description>" + b"x" * 500_000 + b"</description></item></channel></rss>"),
        ("feed", b"<rss><channel><item><link>/a</link><title>" + b"&lt;script " * 50_000 + b"</title></item></channel></rss>"),
        ("article", b"<p>latex" + b"<img class='latex'" * 20_000),
        ("article", b"<p>" + b"<script type='math/tex'>" * 20_000),
        ("article", b"<script type='application/ld+json'>[" + b"1," * 300_000 + b"1]</script><p>x"),
        ("article", b"<title>" + b" - a" * 50_000 + b"</title><p>x"),
    ],
    ids=["anchors", "author", "date", "word", "title", "pictures", "scripts", "json-ld", "separators"],
)
def test_our_own_reading_is_not_quadratic(kind: Kind, body: bytes) -> None:
    started = time.process_time()
    parse(kind, body, context(from_feed=True))
    assert time.process_time() - started < 5  # a tenth of a second to one; minutes when one of our expressions backtracks
