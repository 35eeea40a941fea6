"""Feeds and links of home pages."""

from __future__ import annotations

import pytest

from crawler.discovery import MOST_LINKS, directory
from crawler.parse import parse
from crawler.parsed import ParsedHome
from tests.crawler.contexts import context

HOME = "https://blog.exemple.fr/"


def read(html: str | bytes, url: str = HOME) -> ParsedHome:
    parsed = parse("home", html.encode() if isinstance(html, str) else html, context(url))
    assert isinstance(parsed, ParsedHome)
    return parsed


def alternate(href: str, kind: str = "application/rss+xml", title: str = "Fil", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_announced_feeds_in_the_order_of_the_page() -> None:
    html = "".join(
        [
            alternate("/category/physique/feed/"),
            alternate("/feed/"),
            alternate("/comments/feed/", title="Fil des commentaires"),
            alternate("/marees/feed/", title="Marées » Comments Feed"),
            alternate("atom.xml", "application/atom+xml", rel="ALTERNATE home"),
            alternate("/oembed", "application/json+oembed"),
            alternate("/en/", "text/html"),
            alternate("javascript:x"),
            alternate("/feed/"),
            '<a href="/spip.php?page=backend">RSS</a>',
        ]
    )
    assert read(html).announced == (
        f"{HOME}feed/",
        f"{HOME}atom.xml",
        f"{HOME}category/physique/feed/",
        f"{HOME}spip.php?page=backend",
    )


def test_guesses_are_relative_to_the_home_page_and_not_announced_twice() -> None:
    assert read(alternate("/feed"), HOME).guesses[0] == f"{HOME}feed.xml"
    assert read("<p>x", "https://exemple.fr/~anne/blog").guesses == (
        "https://exemple.fr/~anne/blog/feed/",
        "https://exemple.fr/~anne/blog/feed.xml",
        "https://exemple.fr/~anne/blog/atom.xml",
        "https://exemple.fr/~anne/blog/index.xml",
        "https://exemple.fr/~anne/blog/rss",
        "https://exemple.fr/~anne/blog/rss.xml",
        "https://exemple.fr/~anne/blog/feeds/posts/default",
        "https://exemple.fr/~anne/blog/spip.php?page=backend",
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://exemple.fr", "https://exemple.fr/"),
        ("https://exemple.fr/blog", "https://exemple.fr/blog/"),
        ("https://exemple.fr/blog/index.html", "https://exemple.fr/blog/"),
        ("https://exemple.fr/blog/?lang=fr#haut", "https://exemple.fr/blog/"),
    ],
)
def test_directories(url: str, expected: str) -> None:
    assert directory(url) == expected


@pytest.mark.parametrize(
    "href",
    [
        "#suite",
        "/",
        "mailto:a@exemple.fr",
        "https://ailleurs.exemple.org/a",
        "/photo.JPG",
        "/these.pdf",
        "/feed/",
        "/marees/feed/",
        "/category/physique/",
        "/tag/lune",
        "/2020/05/",
        "/page/2/",
        "/contact/",
        "/wp-login.php",
        "/marees/?replytocom=4",
        "/marees/trackback/",
        "http://[x",
    ],
)
def test_links_that_are_no_posts(href: str) -> None:
    assert read(f'<a href="{href}">x</a>').links == ()


def test_links_in_order_each_once() -> None:
    html = '<a href="/b.html#suite">b</a><a href="a/">a</a><a href="http://www.blog.exemple.fr/a">a</a><a href="spip.php?article3">c</a>'
    assert read(html).links == (f"{HOME}b.html", f"{HOME}a/", f"{HOME}spip.php?article3")


def test_links_stay_below_the_home_page() -> None:
    assert read('<a href="/autre/x">x</a><a href="posts/y">y</a>', f"{HOME}blog/").links == (f"{HOME}blog/posts/y",)


def test_links_are_bounded() -> None:
    assert len(read("".join(f'<a href="/billet-{n}">x</a>' for n in range(900))).links) == MOST_LINKS


def test_the_base_of_the_page_counts() -> None:
    html = '<base href="https://blog.exemple.fr/carnet/"><a href="x">x</a>' + alternate("rss.xml")
    parsed = read(html)
    assert (parsed.announced, parsed.links) == ((f"{HOME}carnet/rss.xml",), (f"{HOME}carnet/x",))


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"\x00\x01\x02"])
def test_an_unreadable_home_page_still_gives_guesses(body: bytes) -> None:
    parsed = read(body)
    assert parsed.problem
    assert len(parsed.guesses) == 8
