"""Pages whose links are followed: posts and lists, the older page, the post that a page is itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.listings import parse_listing
from crawler.metadata import Metadata
from crawler.pages import read_html
from crawler.parsed import ParsedListing
from crawler.signs import Shape, shape_of
from tests.crawler.contexts import context

HOME = "https://blog.exemple.fr/"
SENTENCE = "La marée monte deux fois par jour le long de nos côtes, parce que la Lune attire l’eau un peu plus que le fond. "


def read(html: str, url: str = HOME, **changes: Any) -> ParsedListing:
    return parse_listing(html.encode(), context(url, **{"content_type": "text/html; charset=utf-8", **changes}))


def shape(html: str, url: str = HOME + "marees/") -> Shape:
    root = read_html(html)
    assert root is not None
    return shape_of(Metadata(root, context(url)))


def anchors(*hrefs: str) -> str:
    return "".join(f'<p><a href="{href}">x</a></p>' for href in hrefs)


# -- posts and lists ----------------------------------------------------------------------------------------------------------


def test_posts_and_lists_are_told_by_their_addresses() -> None:
    parsed = read(anchors("/marees/", "/category/mer/", "/2020/05/", "/archives/", "/page/2/", "spip.php?article3", "/marees/#suite"))
    assert parsed.posts == (f"{HOME}marees/", f"{HOME}spip.php?article3")
    assert parsed.listings == (f"{HOME}page/2/", f"{HOME}archives/", f"{HOME}2020/05/", f"{HOME}category/mer/")
    assert parsed.problem == ""


@pytest.mark.parametrize(
    "href",
    [
        "#suite",
        "/",
        "/index.html",
        "mailto:anne@exemple.fr",
        "https://ailleurs.exemple.org/marees/",
        "/feed/",
        "/marees/feed/",
        "/marees/?replytocom=4",
        "/marees/?share=mastodon",
        "/marees/?print=1",
        "/marees.pdf",
        "/photo.JPG",
        "/wp-login.php",
        "/agenda/2031/05/",
        "/drafts/marees/",
        "/marees;jsessionid=A1B2C3",
        "/?month=5&year=2031",
        "javascript:void(0)",
        "http://[x",
    ],
)
def test_links_never_followed(href: str) -> None:
    parsed = read(f'<a href="{href}">x</a>')
    assert (parsed.posts, parsed.listings, parsed.next) == ((), (), "")


def test_links_that_ask_not_to_be_followed() -> None:
    assert read('<a rel="nofollow" href="/marees/">x</a>').posts == ()
    assert read('<meta name="robots" content="noindex, nofollow"><a href="/marees/">x</a>').posts == ()
    assert read('<a href="/marees/">x</a>', robots_tag="nofollow").posts == ()
    assert read('<meta name="robots" content="noindex, follow"><a href="/marees/">x</a>').posts == (f"{HOME}marees/",)


def test_a_session_and_a_trackback_are_no_other_page() -> None:
    parsed = read(anchors("/marees/?PHPSESSID=a1b2c3", "/marees/", "/lune/trackback/", "/spip.php?PHPSESSID=a1&article3"))
    assert parsed.posts == (f"{HOME}marees/", f"{HOME}lune/", f"{HOME}spip.php?article3")


def test_tags_and_authors_only_where_there_is_nothing_else() -> None:
    assert read(anchors("/tag/lune/", "/author/anne/")).listings == (f"{HOME}tag/lune/", f"{HOME}author/anne/")
    assert read(anchors("/tag/lune/", "/2020/")).listings == (f"{HOME}2020/",)


def test_days_are_never_lists_worth_reading() -> None:
    assert read(anchors("/2020/05/06/", "/2020/05/06")).listings == ()


def test_links_are_bounded() -> None:
    many = anchors(*(f"/billet-{n}" for n in range(50)), *(f"/category/c{n}/" for n in range(50)))
    parsed = read(many, most_links=7)
    assert (len(parsed.posts), len(parsed.listings)) == (7, 7)


def test_a_blog_below_a_directory_keeps_to_it() -> None:
    parsed = read(anchors("/autre/x/", "/carnet/marees/"), HOME + "carnet/page/2/", source_url=HOME + "carnet/")
    assert parsed.posts == (f"{HOME}carnet/marees/",)


def test_a_blog_that_answers_elsewhere_is_followed_there() -> None:
    moved = "https://carnets.exemple.org/anne/"
    assert read(anchors("marees/"), moved, requested=HOME).posts == (f"{moved}marees/",)


# -- the older page -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "older"),
    [
        ('<a rel="next" href="/page/2/">2</a>', "page/2/"),
        ('<head><link rel="next" href="/page/2/"></head>', "page/2/"),
        ('<a href="/page/2/">← Articles plus anciens</a><a href="/page/7/">dernière</a>', "page/2/"),
        ('<a href="/?paged=2">Billets précédents</a>', "?paged=2"),
        ('<a href="/index-9.html"><span>Messages plus anciens</span> »</a>', "index-9.html"),
        ('<ul><li class="next"><a href="/index-9.html">Suite</a></li></ul>', "index-9.html"),
        ('<a class="older-posts" href="/page/2/">…</a>', "page/2/"),
        ('<a href="/page/2/">Older posts</a>', "page/2/"),
        ('<a href="/page/2">2</a><a href="/page/3">3</a><a href="/page/40">dernière</a>', "page/2"),
        ('<a href="/marees/">Page suivante</a>', ""),
        ('<a href="/index-2.html">2</a>', ""),
        ("<p>rien", ""),
    ],
)
def test_the_older_page_of_a_list(html: str, older: str) -> None:
    parsed = read(html)
    assert parsed.next == (HOME + older if older else "")
    assert not older or parsed.listings[0] == parsed.next


@pytest.mark.parametrize(
    ("here", "hrefs", "older"),
    [
        ("page/3/", ("/page/2/", "/page/4/", "/page/5/"), "page/4/"),
        ("page/3/", ("/page/1/", "/page/2/"), ""),
        ("category/mer/", ("/page/2/", "/category/mer/page/2/"), "category/mer/page/2/"),
        ("?paged=3", ("/?paged=2", "/?paged=4"), "?paged=4"),
        ("spip.php?rubrique4", ("/spip.php?rubrique4&debut_articles=10", "/spip.php?rubrique4&debut_articles=20"), "debut_articles=10"),
        ("spip.php?rubrique4&debut_articles=10", ("/spip.php?rubrique4&debut_articles=20",), "debut_articles=20"),
        ("spip.php?rubrique4&debut_articles=10", ("/spip.php?rubrique5&debut_articles=20",), ""),
    ],
)
def test_the_next_number_of_the_same_pager(here: str, hrefs: tuple[str, ...], older: str) -> None:
    found = read(anchors(*hrefs), HOME + here).next
    assert found.endswith(older) if older else found == ""


# -- the post that a page is itself -------------------------------------------------------------------------------------------

POST = f"""<html lang="fr"><head><title>Les marées – Le blog d’exemple</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2020-05-06T10:00:00Z">
<link rel="prev" href="/lune/"><link rel="next" href="/vents/"></head>
<body class="single-post"><article><h1>Les marées</h1><p>{SENTENCE * 5}</p><p>{SENTENCE * 5}</p></article>
<a href="/tempetes/">Les tempêtes</a></body></html>"""


def test_a_post_is_seen_and_its_links_are_there_all_the_same() -> None:
    parsed = read(POST, HOME + "marees/")
    assert parsed.sighting is not None
    assert (parsed.sighting.title, parsed.sighting.language) == ("Les marées", "fr")
    assert set(parsed.posts) == {f"{HOME}vents/", f"{HOME}tempetes/"}
    assert parsed.next == f"{HOME}lune/", "the older post"


def test_a_list_is_no_post() -> None:
    cards = "".join(f'<article><h2><a href="/billet-{n}/">Billet {n}</a></h2><p>{SENTENCE * 3}</p></article>' for n in range(6))
    parsed = read(f"<html><body>{cards}</body></html>", HOME + "carnet/")
    assert parsed.sighting is None
    assert len(parsed.posts) == 6


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"\x00\x01\x02"])
def test_what_is_no_page_says_so(body: bytes) -> None:
    parsed = parse_listing(body, context(HOME))
    assert parsed.problem
    assert parsed == ParsedListing(problem=parsed.problem)


# -- where the words stand ----------------------------------------------------------------------------------------------------


def test_text_under_headings_that_lead_elsewhere_is_announced() -> None:
    cards = "".join(f'<div><h3><a href="/billet-{n}/">Billet {n}</a></h3><p>{SENTENCE}</p></div>' for n in range(4))
    words = len(SENTENCE.split())
    found = shape(f"<body><h1>Les marées</h1><p>{SENTENCE}</p><p>{SENTENCE}</p><section><h2>À lire</h2>{cards}</section><p>{SENTENCE}</p>")
    assert (found.own, found.teased, found.teasers) == (3 * words, 4 * words, 4)


def test_headings_in_a_row_announce_up_to_the_next_one() -> None:
    flat = "".join(f'<h2><a href="/billet-{n}/">Billet {n}</a></h2><ul><li>a</li></ul><h3>Partie</h3><p>{SENTENCE}</p>' for n in range(3))
    words = len(SENTENCE.split())
    found = shape(f"<body><main>{flat}<h2>Le mot de la fin</h2><p>{SENTENCE}</p></main>")
    assert (found.teased, found.own) == (3 * words, words)
    found = shape(f"<body><div>{flat}</div><p>{SENTENCE}</p>")
    assert (found.teased, found.own) == (3 * words, words)


@pytest.mark.parametrize("href", ["", "#a", "/", "/marees/", "https://ailleurs.exemple.org/x"])
def test_a_heading_that_leads_nowhere_else_announces_nothing(href: str) -> None:
    found = shape(f'<body><h2><a href="{href}">Les marées</a></h2><p>{SENTENCE}</p>')
    assert (found.own, found.teasers) == (len(SENTENCE.split()), 0)


def test_menus_sidebars_comments_and_links_are_not_the_text() -> None:
    beside = f"<p>{SENTENCE}</p>"
    found = shape(
        f'<body><nav>{beside}</nav><div class="sidebar-left">{beside}</div><p>{SENTENCE * 9}</p>'
        f'<p><a href="/x/">{SENTENCE}</a></p><ol id="comments"><li>{SENTENCE * 50}</li></ol><footer>{beside}</footer>'
    )
    assert found.own == len((SENTENCE * 9).split())
    assert 0 < found.linked < 0.05


def test_what_holds_most_of_the_text_is_not_beside_it() -> None:
    assert shape(f'<body><div class="widget Blog"><p>{SENTENCE * 9}</p></div><p>{SENTENCE}</p>').own == len((SENTENCE * 10).split())


_PIECES = st.sampled_from(
    (
        *("<article>", "</article>", "<h2>", "</h2>", "<nav>", "</nav>", "<li>", "</div>", "<body>", "<main>", "<script>", "</script>"),
        *('<a href="/x/">', '<a href="/page/2/" rel="next">', '<a href="http://[">', "</a>", "<base href='//'>"),
        *('<div class="widget">', "<!-- x -->", SENTENCE),
    )
)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(_PIECES | st.text(max_size=20), max_size=40))
def test_no_markup_raises(pieces: list[str]) -> None:
    html = "".join(pieces)
    parsed = read(html, HOME + "marees/")
    assert all(address.startswith(HOME) for address in (*parsed.posts, *parsed.listings))
    if (root := read_html(html)) is not None:
        found = shape_of(Metadata(root, context(HOME + "marees/")))
        assert 0 <= found.linked <= 1
        assert 0 <= found.own + found.teased <= len(html.split())
