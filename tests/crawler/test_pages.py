"""Pages of posts, sound and hostile, into sightings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.metadata import without_name
from crawler.parse import parse
from crawler.parsed import ParsedPage
from luciole.article import Sighting
from luciole.marks import spans, unmarked
from tests.crawler.contexts import context
from tests.crawler.shown import shown

HOME = "https://blog.exemple.fr/"
URL = f"{HOME}marees/"
SENTENCE = "les marées suivent la Lune et le Soleil, et la forme de la côte décide de la hauteur que l’eau y atteint."
PROSE = "".join(f"<p>Paragraphe {n} : {SENTENCE}</p>" for n in range(9))


def page(head: str = "", heading: str = "<h1>Les marées</h1>", body: str = PROSE, attributes: str = "", title: str = "Les marées") -> str:
    return (
        f"<!doctype html><html lang='fr'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body {attributes}>"
        f"<header><a href='/'>Accueil</a></header><main><article>{heading}{body}</article></main>"
        "<footer><a href='/contact'>Contact</a></footer>"
    )


def read(html: str | bytes, url: str = URL, **changes: Any) -> ParsedPage:
    body = html.encode() if isinstance(html, str) else html
    parsed = parse("article", body, context(url, **{"from_feed": True, **changes}))
    assert isinstance(parsed, ParsedPage)
    return parsed


def seen(html: str | bytes, url: str = URL, **changes: Any) -> Sighting:
    parsed = read(html, url, **changes)
    assert parsed.sighting is not None, parsed.problem
    return parsed.sighting


def test_a_post() -> None:
    post = seen(
        page(
            '<link rel="canonical" href="/marees/"><meta property="article:published_time" content="2026-11-02T10:00:00+01:00">'
            '<meta name="author" content="Anne Martin"><link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.fr">',
            body=PROSE + "<p>Enfin, $h = \\frac{a}{b}$ donne la hauteur de la marée en tout point de la côte, à toute heure.</p>",
        ),
        requested=f"{HOME}?p=12",
    )
    assert post.title == "Les marées"
    assert post.authors == ("Anne Martin",)
    assert (post.published, post.published_basis) == (datetime(2026, 11, 2, 9, tzinfo=UTC), "page")
    assert post.licence == "CC BY-SA 4.0"
    assert post.canonical == URL
    assert post.also == (f"{HOME}?p=12",)
    assert (post.language, post.text_basis, post.named_by, post.noindex) == ("fr", "page", "page", False)
    assert post.text.startswith("Paragraphe 0 : les marées")
    assert "\nParagraphe 8 :" in post.text
    assert shown(post.text) == [("formula", "$h = \\frac{a}{b}$")]
    assert "Contact" not in post.text


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (page('<meta property="og:title" content="Les marées – Le blog d’exemple">', title="Autre"), "Les marées"),
        (
            page(
                '<meta property="og:site_name" content="Exemple">', heading='<h1><a href="/">Exemple</a></h1>', title="Exemple » Les marées"
            ),
            "Les marées",
        ),
        (
            page('<script type="application/ld+json">{"@type":"BlogPosting","headline":"Les marées"}</script>', title="x", heading=""),
            "Les marées",
        ),
        (
            page(heading="<h1><a href='/'>Un autre nom</a></h1><h2>Les marées | hautes</h2>", title="Les marées | hautes :: exemple.fr"),
            "Les marées | hautes",
        ),
        (page(title="Le blog d&#39;exemple | Les marées", heading=""), "Les marées"),
        (page(title="&lt;script&gt;alert(1)&lt;/script&gt;Les\u202e marées", heading=""), "Les marées"),
    ],
)
def test_titles(html: str, title: str) -> None:
    assert seen(html).title == title


@pytest.mark.parametrize(
    ("head", "heading", "expected", "basis"),
    [
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"Article","datePublished":"2020-05-04"}]}</script>',
            "",
            "2020-05-04",
            "page",
        ),
        ('<script type="application/ld+json">{"@type": broken</script><meta name="date" content="2020-05-04">', "", "2020-05-04", "page"),
        ("", "<h1>Les marées</h1><p>Publié le lundi 4 mai 2020 par Anne</p>", "2020-05-04", "page"),
        ("", "<h1>Les marées</h1><time datetime='2020-05-04'>hier</time>", "2020-05-04", "page"),
        # The day of the visit as publication, contradicted by the page's own last change (a ministry's SPIP).
        (
            '<meta property="article:published_time" content="2026-11-20"><meta property="article:modified_time" content="2023-02-16">',
            "<h1>Les marées</h1><span><b>publié le</b> 31.01.23</span>",
            "2023-01-31",
            "page",
        ),
        (
            '<meta property="article:published_time" content="2026-11-20"><meta property="article:modified_time" content="2023-02-16">',
            "",
            None,
            None,
        ),
        ('<meta property="article:published_time" content="2099-01-01">', "", None, None),
        # The dates of other posts stand before the heading.
        ("", "<ul><li><time datetime='2024-01-09'>x</time></ul></article><article><div><div><h1>Les marées</h1></div></div>", None, None),
    ],
)
def test_dates(head: str, heading: str, expected: str | None, basis: str | None) -> None:
    post = seen(page(head, heading or "<h1>Les marées</h1>"))
    if expected is None:
        assert post.published_basis in (None, "guess")
        assert post.published is None or post.published_basis == "guess"
    else:
        assert (str(post.published)[:10], post.published_basis) == (expected, basis)


@pytest.mark.parametrize(
    ("head", "byline", "authors"),
    [
        ('<meta name="author" content="admin">', "<a rel='author'>Tous les articles de Anne Martin</a>", ("Anne Martin",)),
        (
            '<meta property="article:author" content="https://exemple.fr/anne">',
            "<p class='byline'>Par <a>Anne Martin</a></p>",
            ("Anne Martin",),
        ),
        (
            '<script type="application/ld+json">{"@type":"Article","author":[{"name":"Anne Martin"},{"name":"Luc"}]}</script>',
            "",
            ("Anne Martin", "Luc"),
        ),
        ('<meta name="author" content="Le blog d’exemple">', "", ()),
        ("", "<div class='comment'><span class='author'>Un lecteur</span></div>", ()),
    ],
)
def test_authors(head: str, byline: str, authors: tuple[str, ...]) -> None:
    assert seen(page(head, f"<h1>Les marées</h1>{byline}")).authors == authors


@pytest.mark.parametrize("href", ["https://ailleurs.exemple.org/marees/", HOME, "/", "javascript:alert(1)", ""])
def test_canonical_addresses_that_are_not_believed(href: str) -> None:
    assert seen(page(f'<link rel="canonical" href="{href}">')).canonical is None


def test_a_canonical_spip_address_keeps_its_query() -> None:
    post = seen(page('<link rel="canonical" href="spip.php?article12">'), f"{HOME}spip.php?page=article&id_article=12")
    assert post.canonical == f"{HOME}spip.php?article12"


@pytest.mark.parametrize(
    ("head", "header", "hidden"),
    [
        ('<meta name="robots" content="noindex, follow">', "", True),
        ('<meta name="ROBOTS" content="NONE">', "", True),
        ('<meta name="luciole" content="noindex">', "", True),
        ('<meta name="googlebot" content="noindex">', "", False),
        ('<meta name="robots" content="index,follow">', "", False),
        ("", "noindex", True),
        ("", "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", True),
        ("", "googlebot: noindex, nofollow", False),
        ("", "googlebot: nofollow, luciole: noindex", True),
    ],
)
def test_wishes_of_pages(head: str, header: str, hidden: bool) -> None:
    post = seen(page(head), robots_tag=header)
    assert post.noindex is hidden
    assert (post.text == "") is hidden


def test_wishes_beside_noindex_are_kept() -> None:
    post = seen(page('<meta name="robots" content="max-snippet:40">'), robots_tag="noarchive", headers={"tdm-reservation": "1"})
    assert (post.wishes.snippet, post.wishes.noarchive, post.wishes.reserved) == (40, True, True)
    assert post.text


@pytest.mark.parametrize(
    ("changes", "attributes", "url", "post"),
    [
        ({"from_feed": False}, "class='single-post'", URL, True),
        ({"from_feed": False}, "class='archive category'", URL, False),
        ({"from_feed": False}, "", f"{HOME}tag/lune/", False),
        ({"from_feed": True}, "class='archive'", f"{HOME}tag/lune/", False),  # no day, and nothing but a list's signs
        ({"from_feed": False, "article_url": r"/chapitre-\d+"}, "class='single-post'", URL, False),
        ({"from_feed": False, "article_url": r"/chapitre-\d+"}, "class='archive'", f"{HOME}chapitre-3", True),
    ],
)
def test_posts_and_lists(changes: dict[str, Any], attributes: str, url: str, post: bool) -> None:
    parsed = read(page(attributes=attributes), url, **changes)
    assert (parsed.sighting is not None) is post
    assert parsed.problem == ("" if post else "ce n’est pas un article")


def test_a_feed_s_word_is_enough_where_not_everything_speaks_against_it() -> None:
    short = page(body=f"<p>{SENTENCE}</p>")
    assert read(short, from_feed=False).sighting is None
    assert read(short, from_feed=True).sighting is not None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "text/html"),
        (b"\x89PNG\r\n\x1a\n", ""),
        (b"PK\x03\x04", "application/octet-stream"),
        (b"abc\x00def\x00" * 50, "text/html"),
        (b'{"a": 1}', "application/json"),
        (b"GIF89a", "image/gif"),
    ],
)
def test_what_is_no_page(body: bytes, content_type: str) -> None:
    assert read(body, content_type=content_type).problem.startswith("type de contenu non pris en charge")


def test_html_under_another_type_is_read() -> None:
    assert seen(page(), content_type="application/rss+xml").title == "Les marées"


def test_one_may_write_about_errors() -> None:
    assert seen(page(title="Erreur 404 : une histoire du web", heading="<h1>Erreur 404 : une histoire du web</h1>", body=PROSE * 2)).text


@pytest.mark.parametrize("html", ["", " \n ", "<html></html>", "<!-- -->", "<title>Les marées</title>"])
def test_empty_pages(html: str) -> None:
    parsed = read(html)
    assert parsed.sighting is None
    assert parsed.problem


@pytest.mark.parametrize(
    ("encoding", "meta", "header"),
    [
        ("utf-8", "utf-8", ""),
        ("latin-1", "iso-8859-1", ""),
        ("latin-1", "", "text/html; charset=ISO-8859-1"),
        ("cp1252", "iso-8859-1", ""),
        ("latin-1", "utf-8", "text/html; charset=utf-8"),
        ("utf-8", "iso-8859-1", "text/html; charset=iso-8859-1"),
        ("utf-8-sig", "iso-8859-1", ""),
        ("utf-16", "", ""),
        ("latin-1", "", ""),
    ],
)
def test_encodings(encoding: str, meta: str, header: str) -> None:
    html = page(body=PROSE.replace("’", "'"), title="Été à la côte", heading="<h1>Été à la côte</h1>")
    html = html.replace("<meta charset='utf-8'>", f"<meta charset='{meta}'>" if meta else "")
    post = seen(html.encode(encoding), content_type=header)
    assert post.title == "Été à la côte"
    assert "côte décide" in post.text


def test_formulas_kept_in_scripts_are_written_out() -> None:
    body = PROSE + "<p>La hauteur vaut <script type='math/tex'>h^2</script> en tout point de la côte, et à toute heure du jour.</p>"
    post = seen(page(body=body))
    assert "vaut $h^2$ en" in unmarked(post.text)
    assert shown(post.text) == [("formula", "$h^2$")]


def test_code_survives_extraction_in_its_place() -> None:
    body = (
        PROSE + "<p>La fonction <code>max(a, b)</code> rend la plus grande hauteur.</p><figure class='highlight'><pre><code>"
        "<span class='k'>def</span> f(x):\n    return x &lt; 2\n</code></pre></figure><p>Elle suffit pour la côte.</p>"
    )
    post = seen(page(body=body))
    assert unmarked(post.text).endswith(
        "La fonction max(a, b) rend la plus grande hauteur.\ndef f(x):\nreturn x < 2\nElle suffit pour la côte."
    )
    assert shown(post.text) == [("code", "max(a, b)"), ("code", "def f(x):\nreturn x < 2")]
    assert post.language == "fr"


def test_a_post_that_is_mostly_code_keeps_its_language_and_its_title() -> None:
    code = "".join(f"<pre>for item{n} in range({n}): print('the value of the item is', item{n})</pre>" for n in range(60))
    post = seen(page(heading="<h1>Les marées en <code>Python</code></h1>", body=PROSE + code, title="Les marées en Python"))
    assert post.title == "Les marées en Python"
    assert post.language == "fr"
    assert len(spans(post.text)) == 60


def test_strangers_signs_do_not_survive() -> None:
    body = PROSE.replace("Lune", "Lu\ue000ne").replace("Soleil", "So&#xe002;l&#57347;eil")
    post = seen(
        page("<meta name='author' content='Anne\ue001 Martin'>", heading="<h1>Les mar\ue000ées</h1>", body=body, title="&#xe001;Les marées")
    )
    assert (post.title, post.authors) == ("Les marées", ("Anne Martin",))
    assert not set(post.text) & set("\ue000\ue001\ue002\ue003")


def test_cited_dois() -> None:
    body = PROSE + "<p>Voir <a href='https://doi.org/10.1000/B'>ceci</a>, et aussi 10.1000/c. Rien d’autre n’est à lire sur ce sujet.</p>"
    html = page("<meta name='citation_doi' content='doi:10.1000/a'>", body=body)
    html += "<nav><a href='https://doi.org/10.1000/x'>x</a></nav><div id='comments'><a href='https://doi.org/10.1000/y'>y</a></div>"
    assert seen(html).dois == ("10.1000/a", "10.1000/b", "10.1000/c")


@pytest.mark.parametrize(
    ("head", "body", "image"),
    [
        ("<meta property='og:image' content='/vague.jpg'>", "", f"{HOME}vague.jpg"),
        ("<meta property='og:image' content='data:image/png;base64,AAAA'>", "", None),
        ("<meta property='og:image' content='javascript:alert(1)'>", "", None),
        ("<meta property='og:image' content='https://s0.wp.com/i/blank.jpg'>", "", None),
        ("<meta property='og:image' content='/local/cache-vignettes/L200xH105/a.png'>", "", None),
        ('<script type="application/ld+json">{"@type":"Article","image":[{"url":"/a.png"}]}</script>', "", f"{HOME}a.png"),
        ("", "<figure><img src='data:,x' data-src='mer.jpg' width='800'></figure>", f"{URL}mer.jpg"),
        ("", "<figure><img src='mer.jpg' width='80'></figure><figure><img src='eq.png' alt='$x$'></figure>", None),
        ("", "<p><img src='mer.jpg'></p>", None),
    ],
)
def test_lead_images(head: str, body: str, image: str | None) -> None:
    assert seen(page(head, body=PROSE + body)).image == image


LINKED = '<script type="application/ld+json">{"@type":"Article","isAccessibleForFree":%s}</script>'


@pytest.mark.parametrize(
    ("head", "body", "members"),
    [
        (LINKED % "false", "", True),
        (LINKED % '"False"', "", True),
        (LINKED % '"http://schema.org/False"', "", True),
        (LINKED % "true", "<div class='paywall'>Abonnez-vous</div>", False),
        ("", "<aside class='gh-post-upgrade-cta'><p>This post is for paying subscribers only</p></aside>", True),
        ("", "<p>Cet article est réservé aux abonnés.</p>", True),
        ("", "<div><strong>La suite est réservée à nos adhérents</strong></div>", True),
        ("", "<nav><p>Article réservé aux abonnés</p></nav>", False),
        ("", "<div class='comment'><p>Cet article est réservé aux abonnés ?</p></div>", False),
        (
            "",
            f"<p>Autrefois, {SENTENCE * 3} Cet article est réservé aux abonnés, disait-on alors de tout ce qui se lisait.</p>{PROSE}",
            False,
        ),
        ("", "", False),
    ],
)
def test_posts_for_members_are_marked_and_keep_their_teaser(head: str, body: str, members: bool) -> None:
    post = seen(page(head, body=PROSE + body))
    assert post.members_only is members
    assert post.text.startswith("Paragraphe 0 :")


def test_a_post_behind_a_password_is_not_read() -> None:
    parsed = read(page(body=PROSE + "<form class='post-password-form'><input type='password'></form>"))
    assert (parsed.sighting, parsed.problem, parsed.settled) == (None, "article protégé par un mot de passe", False)


@given(
    st.binary(max_size=300)
    | st.text(alphabet=st.sampled_from("<>/apcodemathre $\\()x1='\"\ue000\ue003\x00é"), max_size=300).map(str.encode)
)
@settings(max_examples=30, deadline=None)
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    for piece in (body, page(body=PROSE).encode().replace(b"Paragraphe 4", body)):
        parsed = read(piece)
        assert "illisible" not in parsed.problem
        if parsed.sighting is not None:
            text = parsed.sighting.text
            assert len(text) == len(unmarked(text)) + 2 * len(spans(text))
            assert not set(parsed.sighting.title) & set("\ue000\ue001\ue002\ue003")


def test_a_post_in_english_is_told() -> None:
    english = "<p>The tides follow the Moon and the Sun, and the shape of the coast decides how high the water rises there.</p>" * 6
    assert seen(page(body=english)).language == "en"


@pytest.mark.parametrize(
    ("title", "names", "expected"),
    [
        ("Titre | Blog", ("Blog",), "Titre"),
        ("Blog » Titre", ("Blog",), "Titre"),
        ("Titre - suite - Blog", ("Blog",), "Titre - suite"),
        ("Titre - suite", ("Blog",), "Titre - suite"),
        ("Blog", ("Blog",), "Blog"),
    ],
)
def test_names_of_blogs_leave_titles(title: str, names: tuple[str, ...], expected: str) -> None:
    assert without_name(title, names) == expected
