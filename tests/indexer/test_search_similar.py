"""Articles that speak of the same, and one article by its id."""

from dataclasses import replace
from datetime import UTC, datetime
from string import ascii_lowercase

import pytest

from indexer.lexicon import Lexicon
from indexer.night import SourceCard
from indexer.search import Search
from indexer.similar import WORDS, alike

from .conftest import MakeDocument, Place

VOLCANO = "Le magma monte dans la cheminée du volcan, puis la lave coule. Le basalte refroidit en orgues. "
BEES = "La ruche bourdonne. Les abeilles dansent pour dire où se trouve le nectar des fleurs. "


@pytest.fixture
def search(place: Place, document: MakeDocument) -> Search:
    place.publish(
        [
            document("volcan", "Pourquoi un volcan entre en éruption", VOLCANO * 2),
            document("lave", "La lave et le basalte", VOLCANO + "Une coulée de lave avance lentement.", source_id="blog-b"),
            document("magma", "Le voyage du magma", VOLCANO, source_id="blog-c"),
            document("copie", "Pourquoi un volcan entre en éruption", VOLCANO * 2),
            document("ailleurs", "Pourquoi un volcan entre en éruption", VOLCANO * 2, source_id="blog-d"),
            document("ruche", "La danse des abeilles", BEES * 2),
            document("nectar", "Le nectar et les fleurs", BEES, source_id="blog-b"),
            document("vide", "Ici et là", ""),
        ]
    )
    return place.search()


def test_articles_that_speak_of_the_same(search: Search) -> None:
    hits = search.similar("volcan")
    assert hits is not None
    assert {hit.id for hit in hits} == {"lave", "magma", "ailleurs"}  # neither itself nor its blog's second copy
    assert [hit.id for hit in search.similar("ruche") or ()] == ["nectar"]
    assert all(hit.excerpt.text.startswith("Le magma monte") and not hit.excerpt.marks and not hit.title.marks for hit in hits)


def test_no_more_than_asked_in_one_order(search: Search) -> None:
    all_of_them = [hit.id for hit in search.similar("volcan", 10) or ()]
    assert [hit.id for hit in search.similar("volcan", 2) or ()] == all_of_them[:2]
    assert search.similar("volcan", 0) == ()


@pytest.mark.parametrize("unknown", ["inconnu", "", "__meta__", "volcan ", "é" * 5000, "\x00\ud800"])
def test_an_article_that_is_not_there(search: Search, unknown: str) -> None:
    assert search.similar(unknown) is None
    assert search.article(unknown) is None


def test_an_article_without_a_telling_word_has_none(search: Search) -> None:
    assert search.similar("vide") == ()


def test_one_article(place: Place, document: MakeDocument) -> None:
    gone = datetime(2026, 1, 1, tzinfo=UTC)
    card = SourceCard(
        id="blog-a",
        name="Blog A",
        url="https://exemple.org/",
        disciplines=("physique",),
        type="individual",
        country=None,
        licence=None,
        status="active",
        why=None,
        articles=1,
        gone_since=gone,
    )
    place.night = replace(place.night, sources=(card,))
    place.publish([replace(document("a", "Une étoile", "Il était une étoile. " * 40, date="2020-01-01"), source_type="media")])
    hit = place.search().article("a")
    assert hit is not None
    assert (hit.id, hit.title.text, hit.title.marks, hit.pinned) == ("a", "Une étoile", (), False)
    assert (hit.source_type, hit.gone_since) == ("media", gone)
    assert hit.excerpt.text.startswith("Il était une étoile.")
    assert hit.excerpt.text.endswith(" …")
    assert hit.archive


def test_the_plan_of_an_article(document: MakeDocument) -> None:
    frequencies = {"volcan": 20, "volcans": 30, "lave": 10, "magma": 5, "unique": 1, "rareforme": 1, "rareformes": 1, "entre": 900}
    others = [f"mot{letter}{letter}" for letter in ascii_lowercase]
    lexicon = Lexicon(frequencies | dict.fromkeys(others, 50))
    body = "Le volcan, la lave, le magma, le magma, le magma. Unique. Rareforme. 2019 h2o inconnu. Entre. "
    made = alike(document("a", "Le volcan", body + " ".join(others)), lexicon, 1000, limit=6)
    words = [group.typed for group in made.groups]
    assert words[:2] == ["magma", "volcan"]
    assert "rareforme" in words  # another form stands elsewhere
    assert not {"unique", "2019", "h2o", "inconnu", "le"} & set(words)
    assert len(words) == WORDS
    assert "entre" not in words  # in nearly every article
    assert (made.least, made.limit, made.diverse, made.facets) == (3, 6, False, ())
    assert max(one.weight for group in made.groups for one in group.stems) == 1.0
    assert alike(document("a", "Le volcan"), lexicon, 1000, limit=6).least == 1
    assert alike(document("a", "Ici"), Lexicon({}), 0, limit=6).nothing
