"""Feeds and links of home pages."""

from __future__ import annotations

import pytest

from crawler.discovery import directory
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
    assert len(read("".join(f'<a href="/billet-{n}">x</a>' for n in range(900))).links) == context().most_links


def test_the_base_of_the_page_counts() -> None:
    html = '<base href="https://blog.exemple.fr/carnet/"><a href="x">x</a>' + alternate("rss.xml")
    parsed = read(html)
    assert (parsed.announced, parsed.links) == ((f"{HOME}carnet/rss.xml",), (f"{HOME}carnet/x",))


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"\x00\x01\x02"])
def test_an_unreadable_home_page_still_gives_guesses(body: bytes) -> None:
    parsed = read(body)
    assert parsed.problem
    assert len(parsed.guesses) == 8


def test_json_feeds_are_announced_after_those_of_xml() -> None:
    html = "".join(
        [
            alternate("/feed.json", "application/feed+json"),
            alternate("/tag/lune/feed.json", "application/feed+json"),
            alternate("/feed/json/", "application/json"),
            alternate("/carnet/feed/json", "application/json"),
            alternate("/wp-json/wp/v2/pages/5", "application/json"),
            alternate("/wp-json/oembed/1.0/embed?url=x", "application/json+oembed"),
            alternate("/feed/"),
        ]
    )
    assert [address.removeprefix(HOME) for address in read(html).announced] == [
        "feed/",
        "feed.json",
        "feed/json/",
        "carnet/feed/json",
        "tag/lune/feed.json",
    ]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> Le blog\n d&rsquo;Anne </title>", "Le blog d’Anne"),
        ("<p>x", ""),
        ("<title></title>", ""),
        ("<title>" + "x" * 1000 + "</title>", "x" * 299 + "…"),
        ("<title>a\u202eb</title>", "ab"),
    ],
)
def test_the_title_of_the_page(html: str, title: str) -> None:
    assert read(html).title == title


@pytest.mark.parametrize(
    ("html", "platform"),
    [
        ('<meta name="generator" content="WordPress 6.4">', "wordpress"),
        ('<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">', "drupal"),
        ("<meta content='blogger' name='generator'>", "blogger"),
        ('<meta name="generator" content="SPIP 4.2.1">', "spip"),
        ('<meta name="generator" content="Hugo 0.142.0">', "hugo"),
        ('<meta name="generator" content="Jekyll v4.3.2">', "jekyll"),
        ('<meta name="generator" content="Ghost 5.8">', "ghost"),
        ('<meta name="generator" content="Pelican">', "pelican"),
        ('<meta name="generator" content="Nikola (getnikola.com)">', "nikola"),
        ('<meta name="generator" content="Elementor 3.1"><link rel="https://api.w.org/" href="/wp-json/">', "wordpress"),
        ('<meta name="generator" content="Site Kit 1.2"><img src="/wp-content/uploads/a.jpg">', "wordpress"),
        ('<link rel="stylesheet" href="squelettes/style.css">', "spip"),
        ('<link rel="alternate" href="spip.php?page=backend">', "spip"),
        ('<link rel="icon" href="https://substackcdn.com/icon.png">', "substack"),
        ('<script src="https://assets.over-blog-kiwi.com/x.js"></script>', "overblog"),
        ('<link href="https://www.blogger.com/dyn-css/authorization.css">', "blogger"),
        ('<script src="/sites/default/files/js/x.js"></script>', "drupal"),
        ('<script src="https://cdn.exemple.net/ghost/portal@~2/umd/portal.min.js"></script>', "ghost"),
        ('<p>Propulsé par <a href="http://docs.getpelican.com/">Pelican</a>', "pelican"),
        ('<p><a href="https://getnikola.com">Nikola</a>', "nikola"),
        ('<p><a href="https://gohugo.io/">Hugo</a>', "hugo"),
        ('<p><a href="https://gohugo.io/content-management/archetypes/">Notes</a>', ""),
        ("<p>J’ai vu un fantôme (ghost).", ""),
        ('<meta name="description" content="WordPress">', ""),
        ('<meta name="generator">', ""),
    ],
)
def test_what_made_the_page(html: str, platform: str) -> None:
    assert read(html).platform == platform


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://marees.hypotheses.org/", "wordpress"),
        ("https://marees.blogspot.com/", "blogger"),
        ("https://marees.blogspot.co.uk/", "blogger"),
        ("https://marees.over-blog.com/", "overblog"),
        ("https://marees.substack.com/", "substack"),
        ("https://hypotheses.org.exemple.fr/", ""),
        ("https://nothypotheses.org/", ""),
    ],
)
def test_the_host_tells_too(url: str, platform: str) -> None:
    assert read("<p>x", url).platform == platform


@pytest.mark.parametrize(
    ("html", "link", "root"),
    [
        ('<link rel="https://api.w.org/" href="/wp-json/">', "", f"{HOME}wp-json/"),
        (
            '<link rel="https://api.w.org/" href="https://www.blog.exemple.fr/?rest_route=/">',
            "",
            "https://www.blog.exemple.fr/?rest_route=/",
        ),
        ('<link rel="https://api.w.org/" href="https://ailleurs.exemple.org/wp-json/">', "", ""),
        ('<link rel="https://api.w.org/" href="javascript:x"><link rel="https://api.w.org/" href="w/">', "", f"{HOME}w/"),
        ('<link rel="https://api.w.org/">', "", ""),
        ("<p>x", '<https://blog.exemple.fr/w/wp-json/>; rel="https://api.w.org/"', f"{HOME}w/wp-json/"),
        ("<p>x", '</a>; rel="next", </wp-json/>; rel=https://api.w.org/', f"{HOME}wp-json/"),
        ("<p>x", '</a>; rel="shortlink"', ""),
    ],
)
def test_the_root_of_the_interface(html: str, link: str, root: str) -> None:
    parsed = parse("home", html.encode(), context(HOME, headers={"link": link}))
    assert isinstance(parsed, ParsedHome)
    assert parsed.rest_root == root
