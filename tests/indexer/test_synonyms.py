"""What curators hold to mean the same: found in a query, searched beside its words, told."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.folding import clean, undotted
from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.plan import Plan, Weighted, WeightedPhrase
from indexer.planner import MAX_GROUPS, plan
from indexer.query import Query
from indexer.results import Synonym
from indexer.synonyms import MAX_ALTERNATIVES, MAX_WIDENED, SYNONYM
from indexer.vocabulary import Pin, Vocabulary

from .conftest import MakeDocument, Place

IMAGING = ("IRM", "imagerie par résonance magnétique")
WARMING = ("réchauffement climatique", "changement climatique", "dérèglement du climat")
SEA = ("océan", "mer")
HOLE = ("trou noir", "trou noir supermassif")
WORDS = "imagerie resonance magnetique rechauffement changement climatique climat dereglement ocean oceans mer trou noir"
LEXICON = Lexicon(dict.fromkeys(WORDS.split(), 1))


def planned(text: str, night: Night, *groups: tuple[str, ...], lexicon: Lexicon = LEXICON, **values: Any) -> Plan:
    return plan(Query(text=text, **values), lexicon, replace(night, vocabulary=Vocabulary(synonyms=groups)))


@pytest.mark.parametrize("text", ["océan", "l’océan ", "OCEANS", "les oceans"])
def test_a_word_stands_for_another(text: str, night: Night) -> None:
    (group,) = planned(text, night, SEA).groups
    assert group.stems == (Weighted("ocean"), Weighted("mer", SYNONYM))
    assert {"ocean", "oceans", "mer"} <= set(group.surfaces)


def test_the_reader_is_told_what_was_searched_beside(night: Night) -> None:
    assert planned("la mer et les océans", night, SEA).synonyms == (Synonym("mer", ("océan",)), Synonym("océans", ("mer",)))
    assert planned("le trou", night, SEA).synonyms == ()


def test_a_word_stands_for_an_expression_even_one_that_no_article_holds(night: Night) -> None:
    made = planned("irm", night, IMAGING)
    (group,) = made.groups
    assert group.phrases == (WeightedPhrase(((0, "imager"), (2, "reson"), (3, "magnet")), SYNONYM),)
    assert {"irm", "imagerie", "resonance", "magnetique"} <= set(group.surfaces)
    assert (made.nothing, made.unknown, made.corrections) == (False, (), ())
    assert planned("irm", night, IMAGING, as_typed=True).groups == made.groups


def test_an_expression_stands_for_others_in_each_of_its_words(night: Night) -> None:
    made = planned("le réchauffement climatique en mer", night, WARMING)
    warming, climatic, sea = made.groups
    places = [[place for place, _ in one.stems] for one in warming.phrases]
    assert (places, [one.weight for one in warming.phrases]) == ([[0, 1], [0, 2]], [SYNONYM / 2] * 2)
    assert warming.phrases == climatic.phrases
    assert sea.phrases == ()
    assert made.synonyms == (Synonym("réchauffement climatique", ("changement climatique", "dérèglement du climat")),)
    assert made.pairs[0] == (warming.stems[0].term, climatic.stems[0].term)


@pytest.mark.parametrize(
    "text", ["réchauffement", "climatique réchauffement", "réchauffement noir climatique", '"réchauffement climatique"']
)
def test_only_the_whole_expression_in_its_order_and_never_in_quotes(text: str, night: Night) -> None:
    made = planned(text, night, WARMING)
    assert made.synonyms == ()
    assert not any(group.phrases for group in made.groups)


def test_the_longest_expression_counts(night: Night) -> None:
    other = ("trou", "mer")
    made = planned("trou noir", night, other, ("trou noir", "océan"))
    assert made.synonyms == (Synonym("trou noir", ("océan",)),)
    assert planned("trou", night, other).synonyms == (Synonym("trou", ("mer",)),)


def test_what_no_article_holds_is_no_alternative(night: Night) -> None:
    made = planned("océan", night, ("océan", "flots bleus", "onde amère", "mer"))
    assert made.synonyms == (Synonym("océan", ("mer",)),)
    unknown = planned("flots", night, ("flots", "ondes"))
    assert (unknown.nothing, unknown.unknown, unknown.synonyms) == (True, ("flots",), ())


def test_alternatives_are_bounded(night: Night) -> None:
    many = [f"mot{letter}" for letter in "abcdefghijklmnopqrstuvwx"]
    lexicon = Lexicon(dict.fromkeys([*many, "ciel"], 1))
    (group,) = planned("ciel", night, ("ciel", *many), lexicon=lexicon).groups
    assert len(group.stems) == 1 + MAX_ALTERNATIVES
    made = planned(" ".join(many[:12]), night, *(("ciel", one) for one in many), lexicon=lexicon)
    assert len(made.synonyms) == MAX_WIDENED


def test_the_engine_finds_by_each_of_them(place: Place, document: MakeDocument) -> None:
    place.night = replace(place.night, vocabulary=Vocabulary(synonyms=(IMAGING, WARMING, SEA)))
    place.publish(
        [
            document("a", "L’imagerie par résonance magnétique"),
            document("b", "Une résonance de l’imagerie"),
            document("c", "Le changement climatique"),
            document("d", "Le dérèglement du climat"),
            document("e", "Réchauffement"),
            document("f", "Les océans"),
            document("g", "La mer, et les ondes"),
        ]
    )
    search = place.engine()

    def found(text: str) -> set[str]:
        """What holds enough of the words; what follows where a page is not filled holds but one of them."""
        made = plan(Query(text=text, size=100), search.lexicon(), place.night)
        return {one.id for one in search.search(made).documents}

    assert found("IRM") == {"a"}
    assert found("réchauffement climatique") == {"c", "d"}
    assert found("mer") == found("océan") == {"f", "g"}
    page = place.search().page
    assert page(Query(text="irm")).hits[0].title.marks
    assert page(Query(text="mer")).hits[0].id == "g"  # the word itself before its synonym
    assert {hit.id for hit in page(Query(text="réchauffement climatique")).hits[:2]} == {"c", "d"}


EXPRESSION = st.text(max_size=30) | st.sampled_from(["océan", "trou noir", "l’eau", "vitamine C", "de la", "IRM", "le trou noir d’eau"])
VOCABULARIES = st.builds(
    Vocabulary,
    synonyms=st.lists(st.lists(EXPRESSION, max_size=5).map(tuple), max_size=5).map(tuple),
    pins=st.lists(
        st.builds(Pin, st.lists(EXPRESSION, max_size=3).map(tuple), st.lists(st.text(max_size=20), max_size=15).map(tuple)), max_size=3
    ).map(tuple),
)


@given(VOCABULARIES, st.lists(EXPRESSION, max_size=6).map(" ".join), st.booleans())
def test_no_vocabulary_is_an_error(vocabulary: Vocabulary, text: str, as_typed: bool) -> None:
    lexicon = Lexicon(dict.fromkeys(["ocean", "trou", "noir", "eau", "vitamine", "c", "mer"], 2))
    night = Night.from_json({"published_at": "2026-05-01T12:00:00+00:00", "crawled_at": None, "articles": 0, "sources": []})
    made = plan(Query(text=text, as_typed=as_typed), lexicon, replace(night, vocabulary=vocabulary))
    plain = plan(Query(text=text, as_typed=as_typed), lexicon, night)
    assert len(made.groups) <= MAX_GROUPS
    assert 1 <= made.least <= max(1, len(made.groups))
    assert {group.typed for group in plain.groups} <= {group.typed for group in made.groups}
    assert len(made.synonyms) <= MAX_WIDENED
    for one in made.synonyms:
        assert one.typed in undotted(clean(text))
        assert one.used
    for group in made.groups:
        assert group.stems or group.forms or group.notation
        assert len({term.term for term in group.stems}) == len(group.stems)
        assert all(phrase.stems[0][0] == 0 and len(phrase.stems) > 1 for phrase in group.phrases)
    assert not made.pinned or made.groups
