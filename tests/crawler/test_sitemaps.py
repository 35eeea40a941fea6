"""Sitemaps, sound and hostile, into addresses."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.parsed import Context, ParsedSitemap
from crawler.sitemaps import parse_sitemap
from tests.crawler.contexts import context

HOME = "https://blog.exemple.fr/"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*locs: str, inside: str = "", space: str = SPACE) -> bytes:
    urls = "".join(f"<url><loc>{loc}</loc>{inside}</url>" for loc in locs)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>{urls}</urlset>'.encode()


def read(body: bytes, at: Context | None = None) -> ParsedSitemap:
    parsed = parse_sitemap(body, at or context(f"{HOME}sitemap.xml"))
    assert isinstance(parsed, ParsedSitemap)
    return parsed


def pages(parsed: ParsedSitemap) -> list[str]:
    return [page.url.removeprefix(HOME) for page in parsed.pages]


PLAIN = urlset(f"{HOME}a", f"{HOME}b")


def test_a_list_with_dates() -> None:
    body = (
        f"<urlset {SPACE}>"
        f"<url><loc> {HOME}a\n</loc><lastmod>2020-05-03T10:00:00+02:00</lastmod><priority>0.5</priority></url>"
        f"<url><lastmod>2021-01-31</lastmod><loc>{HOME}b</loc></url>"
        f"<url><loc>{HOME}c</loc><lastmod>hier</lastmod></url>"
        f"<url><loc>{HOME}d</loc><lastmod>2099-01-01</lastmod></url>"
        f"<url><loc>{HOME}e</loc></url></urlset>"
    ).encode()
    parsed = read(body)
    assert pages(parsed) == ["a", "b", "c", "d", "e"]
    assert [page.modified for page in parsed.pages] == [
        datetime(2020, 5, 3, 8, tzinfo=UTC),
        datetime(2021, 1, 31, tzinfo=UTC),
        None,
        None,
        None,
    ]
    assert (parsed.sitemaps, parsed.problem) == ((), "")


def test_an_index_names_sitemaps() -> None:
    body = (
        f"<sitemapindex {SPACE}><sitemap><loc>{HOME}post-sitemap.xml</loc><lastmod>2020-05-03</lastmod></sitemap>"
        f"<url><loc>{HOME}post-sitemap2.xml</loc></url></sitemapindex>"
    ).encode()
    parsed = read(body)
    assert [part.url for part in parsed.sitemaps] == [f"{HOME}post-sitemap.xml", f"{HOME}post-sitemap2.xml"]
    assert parsed.sitemaps[0].modified == datetime(2020, 5, 3, tzinfo=UTC)
    assert parsed.pages == ()


@pytest.mark.parametrize("content_type", ["", "text/html; charset=UTF-8", "text/plain", "image/png"])
@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        b"\xef\xbb\xbf\n\n  " + PLAIN,
        b"<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b><br />\n" + PLAIN,
        b'<?xml-stylesheet type="text/xsl" href="/s.xsl"?>' + PLAIN.split(b"?>", 1)[1],
        urlset(f"{HOME}a", f"{HOME}b", space=""),
        urlset(f"{HOME}a", f"{HOME}b", space='xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        PLAIN.replace(b"<url", b"<s:url").replace(b"</url", b"</s:url").replace(b"<loc", b"<s:loc").replace(b"</loc", b"</s:loc"),
        urlset(f"{HOME}a", f"{HOME}b", inside=f"<image:image><image:loc>{HOME}photo.jpg</image:loc></image:image>"),
        urlset(f"{HOME}a", f"{HOME}b", inside=f'<xhtml:link rel="alternate" hreflang="en" href="{HOME}en"/>'),
        PLAIN[:-9] + b"<url><loc>",
        PLAIN.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        gzip.compress(PLAIN),
        gzip.compress(gzip.compress(PLAIN)),
        gzip.compress(PLAIN) + b"rest",
        f"\n{HOME}a\r\n{HOME}b\r\n".encode(),
        f"\ufeff{HOME}a\n# b\n{HOME}b".encode(),
        gzip.compress(f"{HOME}a\n{HOME}b\n".encode()),
    ],
    ids=[
        "plain",
        "bom",
        "php",
        "stylesheet",
        "no namespace",
        "old namespace",
        "prefix",
        "images",
        "translations",
        "cut",
        "utf-16",
        "gzip",
        "twice",
        "garbage",
        "text",
        "text bom",
        "text gzip",
    ],
)
def test_the_same_list_in_many_forms(body: bytes, content_type: str) -> None:
    parsed = read(body, context(f"{HOME}sitemap.xml", content_type=content_type))
    assert pages(parsed) == ["a", "b"]
    assert parsed.problem == ""


def test_a_damaged_archive_gives_what_it_has() -> None:
    body = gzip.compress(urlset(*(f"{HOME}{zlib.crc32(bytes([n % 256, n // 256]))}" for n in range(5000))))
    assert len(read(body[: len(body) // 2]).pages) > 1000


@pytest.mark.parametrize(
    "body",
    [
        b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/x"/><entry><id>1</id><link rel="replies" href="/r"/>'
        b'<link rel="alternate" href="/a"/><published>2019-01-01T00:00:00Z</published><updated>2020-05-03T08:00:00Z</updated></entry>'
        b"</feed>",
        b'<rss version="2.0"><channel><link>/</link><image><url>/i.png</url></image><item><title>A</title><link>/a</link>'
        b"<pubDate>Sun, 03 May 2020 10:00:00 +0200</pubDate></item></channel></rss>",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>/</link></channel><item><link>/a</link>'
        b"<dc:date>2020-05-03T10:00:00+02:00</dc:date></item></rdf:RDF>",
    ],
    ids=["atom", "rss", "rdf"],
)
def test_a_feed_as_a_sitemap(body: bytes) -> None:
    (page,) = read(body).pages
    assert (page.url, page.modified) == (f"{HOME}a", datetime(2020, 5, 3, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("loc", "expected"),
    [
        ("/relatif", f"{HOME}relatif"),
        ("relatif", f"{HOME}plan/relatif"),
        ("//autre.exemple.org/x", "https://autre.exemple.org/x"),
        ("http://autre.exemple.org/x#bas", "http://autre.exemple.org/x"),
        (f"{HOME}?a=1&b=2&amp;c=3&eacute=4", f"{HOME}?a=1&b=2&c=3&eacute=4"),
        (f"{HOME}?a=1&amp;amp;b=2", f"{HOME}?a=1&b=2"),
        (f"<![CDATA[ {HOME}?a=1&b=2 ]]>", f"{HOME}?a=1&b=2"),
        (f"{HOME}spip.php?article12", f"{HOME}spip.php?article12"),
        (f"{HOME}été", f"{HOME}été"),
        (f"{HOME}a\u202eb", f"{HOME}a%E2%80%AEb"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://[x", None),
        ("", None),
        (f"{HOME}{'x' * 5000}", None),
    ],
)
def test_addresses(loc: str, expected: str | None) -> None:
    parsed = read(urlset(loc), context(f"{HOME}plan/sitemap.xml"))
    assert [page.url for page in parsed.pages] == ([expected] if expected else [])


def test_each_address_once() -> None:
    assert pages(read(urlset(f"{HOME}a", "/b", "/a"))) == ["a", "b"]


def test_no_more_than_asked_for() -> None:
    body = urlset(*(f"{HOME}{n}" for n in range(50)))
    assert pages(read(body, context(f"{HOME}s.xml", most_addresses=7))) == [str(n) for n in range(7)]
    lines = "".join(f"{HOME}{n}\n" for n in range(50)).encode()
    assert pages(read(lines, context(f"{HOME}s.txt", most_addresses=7))) == [str(n) for n in range(7)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf \n", "vide"),
        (b"<!DOCTYPE html><html><head><title>Introuvable</title></head><body><p>Erreur</body></html>", "une page HTML"),
        (b"\n<html><body><url><loc>/a</loc></url>", "une page HTML"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "une page HTML"),
        (b"<a><b>c</b></a>", "pas un plan de site"),
        (b"Sitemap: /a", "pas un plan de site"),
        (b'{"code": "rest_no_route"}', "pas un plan de site"),
        (b"%PDF-1.4 \x00\x01", "pas un plan de site"),
        (b"\x1f\x8b\x08", "vide"),
        (gzip.compress(gzip.compress(gzip.compress(PLAIN))), "pas un plan de site"),
    ],
)
def test_what_is_no_sitemap_says_so(body: bytes, words: str) -> None:
    parsed = read(body)
    assert words in parsed.problem
    assert (parsed.pages, parsed.sitemaps) == ((), ())


def test_an_empty_sitemap_is_no_problem() -> None:
    assert read(urlset()) == ParsedSitemap()


def packed(pieces: Iterable[bytes]) -> bytes:
    press = zlib.compressobj(9, wbits=31)
    return b"".join(map(press.compress, pieces)) + press.flush()


@pytest.mark.parametrize(
    ("start", "filling"),
    [(b"", b"\0"), (b"", b" "), (PLAIN[:-9], b" "), (PLAIN[:-9], b"x"), (PLAIN[:-9] + b"<!--", b"-"), (f"{HOME}a\n".encode(), b"\n")],
    ids=["zeros", "blanks", "blanks in a list", "text in a list", "comment", "lines"],
)
def test_case_22_a_bomb_is_left_early(start: bytes, filling: bytes) -> None:
    body = packed([start, *[filling * 1_000_000] * 100])
    assert len(body) < 400_000
    tracemalloc.start()
    began = time.process_time()
    try:
        parsed = read(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "trop lourd" in parsed.problem
    assert (parsed.pages, parsed.sitemaps) == ((), ())
    assert time.process_time() - began < 4
    if not start.startswith(b"http"):
        assert peak < 50_000_000


def declared(inside: str, body: bytes) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE urlset {inside}>'.encode() + body.split(b"?>", 1)[1]


LAUGHS = "".join('<!ENTITY l{} "{}">'.format(n + 1, f"&l{n};" * 10) for n in range(9))


@pytest.mark.parametrize(
    "body",
    [
        declared('[<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]', urlset("/a")),
        declared('SYSTEM "http://127.0.0.1:9/x.dtd"', urlset("/a")),
        declared(f'[<!ENTITY l0 "ha">{LAUGHS}]', urlset("/a&l9;")),
        declared(f'[<!ENTITY l0 "ha">{LAUGHS}]', urlset("/a&l9;")).decode().encode("utf-16"),
        declared('[<!ENTITY q "{}">]'.format("x" * 50_000), urlset("/a" + "&q;" * 20_000)),
        b"<urlset>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"<url><loc>/a</loc></url></urlset>",
        b"<urlset>" + b"<url>" * 50_000,
        b"<urlset><url " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"><loc>/a</loc></url></urlset>",
        b"<urlset>" + b"&" * 1_000_000 + b"<url><loc>/a</loc></url></urlset>",
        b"<urlset" * 100_000,
    ],
    ids=["parameter", "dtd", "laughs", "wide laughs", "quadratic", "nested", "nested urls", "attributes", "ampersands", "unclosed"],
)
def test_case_25_hostile_documents(body: bytes) -> None:
    began = time.process_time()
    parsed = read(body)
    assert time.process_time() - began < 2
    assert all(page.url.startswith(f"{HOME}a") and len(page.url) < 5000 for page in parsed.pages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_case_25_entities_read_no_file(tmp_path: Path, encoding: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("motdepasse", encoding="utf-8")
    body = declared(f'[<!ENTITY x SYSTEM "{secret.as_uri()}">]', urlset("/a&x;b", "/c"))
    parsed = read(body.decode().encode(encoding))
    assert pages(parsed)[-1:] == ["c"]
    assert "motdepasse" not in str(parsed)


def test_a_large_list_is_read_in_time() -> None:
    body = urlset(*(f"{HOME}2020/05/un-billet-de-plus-{n}/" for n in range(50_000)), inside="<lastmod>2020-05-03</lastmod>")
    began = time.process_time()
    assert len(read(body).pages) == 50_000
    assert time.process_time() - began < 8


@pytest.mark.parametrize("body", [f"{HOME}a\n".encode() * 400_000, urlset(*[f"{HOME}a"] * 50_000), urlset(*["javascript:x"] * 50_000)])
def test_the_same_address_again_and_again_costs_nothing(body: bytes) -> None:
    began = time.process_time()
    assert len(read(body).pages) <= 1
    assert time.process_time() - began < 4


TAGS = b"<urlset>|<url>|<loc>|</loc>|</url>|/a|&|&amp|&#1;|<![CDATA[|]]>|<!DOCTYPE a [|<rss>|<item>|<link>|<sitemap>|<a:b>|https://x/\n"
PIECES = st.sampled_from([*TAGS.split(b"|"), b"\xff\xfe", b"\x1f\x8b\x08", b"<?xml version='1.0' encoding='utf-16'?>"])


@given(st.binary(max_size=300) | st.lists(PIECES | st.binary(max_size=5), max_size=30).map(b"".join), st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise(body: bytes, squeeze: bool) -> None:
    parsed = read(gzip.compress(body) if squeeze else body)
    assert all(page.url.startswith(("http://", "https://")) for page in (*parsed.pages, *parsed.sitemaps))
    assert not (parsed.problem and (parsed.pages or parsed.sitemaps))
