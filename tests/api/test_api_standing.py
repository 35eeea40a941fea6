"""What readers see of blogs that are not well, of what authors ask for, and of formulas and code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from api.app import create
from api.french import completeness, visit
from api.templating import marked
from indexer.night import Night
from indexer.open import open_writer
from indexer.results import Fragment
from luciole.marks import marked as marked_as
from luciole.settings import Settings
from tests.api.meadow import NIGHT, card, document, serving
from tests.api.test_api_pages import Seen, hits

GONE = datetime(2026, 3, 3, 12, tzinfo=UTC)

ENTIER = card("entier", "Blog entier", "physique", articles=3, found=3, expected=3)
TROUE = card("troue", "Blog troué", "physique", articles=347, found=347, expected=360)
MELE = card("mele", "Blog mêlé", "physique", articles=1340, found=1347, expected=2360)
DISPARU = card(
    "disparu", "Blog disparu", "chimie", articles=2, found=2, expected=9, gone_since=GONE, state="failed", cause="nom introuvable"
)
GELE = card("gele", "Blog gelé", "chimie", found=12, expected=20, frozen_since=GONE, frozen_why="le titre n’a plus rien du blog")
CARDS = (DISPARU, ENTIER, GELE, MELE, TROUE)
CODE = marked_as("code", "if a < b :\n    lanterne(a & b)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings(data=tmp_path_factory.mktemp("standing"), base_url="https://luciole.example", contact="robot@luciole.example")
    documents = [
        document(DISPARU, 1, "Une lanterne éteinte", "Ce texte parle d’une lanterne. " * 4, dois=("10.1000/182",)),
        document(DISPARU, 2, "Sans copie", "Ce texte parle d’une lanterne. " * 4, noarchive=True, date=None, year=""),
        document(ENTIER, 1, "Formules et code", f"Soit la lanterne {CODE} et {marked_as('formula', '$E = mc^2$')} ensuite."),
        document(ENTIER, 2, "Titre de lanterne seul", "Ce texte parle d’une lanterne. " * 4, snippet=0, members_only=True),
        document(ENTIER, 3, "Pour abonnés", "Le début parle d’une lanterne. " * 4, members_only=True),
    ]
    writer = open_writer(settings)
    writer.rebuild(documents, lambda: (1, Night(published_at=NIGHT, crawled_at=NIGHT, articles=len(documents), sources=CARDS)))
    writer.close()
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20) as client:
        yield client


def found(site: httpx.Client, title: str) -> tuple[str, dict[str, object]]:
    """The hit of this title: its HTML, and its JSON."""
    answer = site.get("/api/v1/search?q=lanterne").json()
    html = next(one for one in hits(site.get("/recherche?q=lanterne").text) if title in Seen(one).text)
    return html, next(one for one in answer["hits"] if one["title"]["text"] == title)


def test_a_hit_of_a_site_that_is_gone_leads_to_the_archive(site: httpx.Client) -> None:
    html, hit = found(site, "Une lanterne éteinte")
    archive = "https://web.archive.org/web/20250202/https://disparu.example/articles/1"
    assert (hit["gone_since"], hit["archive"]) == ("2026-03-03T12:00:00Z", archive)
    assert "Ce site ne répond plus depuis le 3\u00a0mars\u00a02026\u00a0: chercher cette page dans l’archive du web." in Seen(html).text
    assert [(a["href"], a["rel"]) for a in Seen(html).all("a") if a.get("rel") == "noreferrer"] == [(archive, "noreferrer")]
    assert archive in site.get("/").text
    for title in ("Formules et code", "Pour abonnés"):
        html, hit = found(site, title)
        assert (hit["gone_since"], hit["archive"]) == (None, None)
        assert "archive" not in html


def test_no_copy_is_offered_where_the_author_wants_none(site: httpx.Client) -> None:
    html, hit = found(site, "Sans copie")
    assert (hit["gone_since"], hit["archive"]) == ("2026-03-03T12:00:00Z", None)
    assert "Ce site ne répond plus depuis le 3\u00a0mars\u00a02026." in Seen(html).text
    assert "web.archive.org" not in html


def test_code_is_shown_as_code_and_escaped_once(site: httpx.Client) -> None:
    html, hit = found(site, "Formules et code")
    assert "Soit la <mark>lanterne</mark> <code>if a &lt; b :     <mark>lanterne</mark>(a &amp; b)</code> et" in html
    assert "<code>$E = mc^2$</code> ensuite." in html
    excerpt = hit["excerpt"]
    assert isinstance(excerpt, dict)
    assert [excerpt["text"][start:end] for start, end in excerpt["notation"]] == ["if a < b :     lanterne(a & b)", "$E = mc^2$"]
    assert not re.search("[\ue000-\ue003]", html + excerpt["text"])


def test_a_word_may_lie_across_the_end_of_a_formula() -> None:
    assert marked(Fragment("les x2s <ici>", ((4, 7), (9, 12)), ((4, 6),))) == (
        "les <code><mark>x2</mark></code><mark>s</mark> &lt;<mark>ici</mark>&gt;"
    )
    assert marked(Fragment("du a : b", (), ((3, 8),))) == "du <code>a : b</code>"  # no space of French inside
    assert marked(Fragment("rien", ((2, 1), (3, 99)), ((9, 12),))) == "rie<mark>n</mark>"


def test_a_title_alone_where_the_author_wants_no_excerpt(site: httpx.Client) -> None:
    html, hit = found(site, "Titre de lanterne seul")
    assert hit["excerpt"] == {"text": "", "marks": [], "notation": []}
    assert 'class="extrait"' not in html
    assert "Réservé aux abonnés du blog" in html


def test_a_teaser_is_told(site: httpx.Client) -> None:
    html, hit = found(site, "Pour abonnés")
    assert hit["members_only"] is True
    assert "Réservé aux abonnés\u00a0: extrait. Le début parle" in Seen(html).text
    assert "de lecture" not in html
    assert "abonnés" not in found(site, "Formules et code")[0]


def test_the_list_says_how_each_blog_stands(site: httpx.Client) -> None:
    text = re.sub(r"\s+", " ", re.sub(r" de Blog \w+", "", Seen(site.get("/blogs").text).text))
    for words in (
        "Blog troué 347 articles sur environ 360",
        "Blog mêlé 1 340 articles, 1 347 relevés sur environ 2 360",
        "Blog entier 3 articles blog personnel",
        "Site disparu depuis le 3 mars 2026. Dernière lecture réussie le 14 mars 2026",
        "En observation : ses articles ne sont pas montrés, le temps de vérifier que c’est toujours lui. Dernière",
    ):
        assert words in text, text
    links = {a.get("href") for a in Seen(site.get("/blogs").text).all("a")}
    assert DISPARU.url in links
    assert GELE.url not in links  # a stolen name leads nobody astray
    assert "le titre n’a plus rien du blog" not in text  # a suspicion is for the curator
    assert not re.findall(r".{0,30} [:;?!»].{0,10}", Seen(site.get("/blogs").text).text)
    blogs = {blog["id"]: blog for blog in site.get("/api/v1/blogs").json()["blogs"]}
    assert (blogs["disparu"]["gone_since"], blogs["disparu"]["frozen"]) == ("2026-03-03T12:00:00Z", False)
    assert (blogs["gele"]["frozen"], blogs["gele"]["articles"], blogs["gele"]["found"]) == (True, 0, 12)
    assert (blogs["troue"]["found"], blogs["troue"]["expected"]) == (347, 360)


def test_a_blog_in_words() -> None:
    assert visit(card("x", "X", status="archived", frozen_since=GONE)) == "en observation"
    assert visit(card("x", "X", type="video", gone_since=GONE)) == "site disparu depuis le 3\u00a0mars\u00a02026"
    assert completeness(card("x", "X", articles=3, found=3)) == ""
    assert completeness(card("x", "X", articles=3, found=3, expected=2)) == ""


def test_a_night_survives_the_way_through_json() -> None:
    night = Night(published_at=NIGHT, crawled_at=None, articles=0, sources=CARDS)
    assert Night.from_json(night.to_json()) == night
