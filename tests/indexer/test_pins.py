"""Answers that curators chose for a query: when they hold, and that they come first whatever else is found."""

from dataclasses import replace
from typing import Any

import pytest

from indexer.document import IndexDocument
from indexer.lexicon import Lexicon
from indexer.night import Night, SourceCard
from indexer.pins import MAX_PINNED
from indexer.plan import Plan
from indexer.planner import plan
from indexer.query import Query
from indexer.vocabulary import Pin, Vocabulary

from .conftest import MakeDocument, Place

LEXICON = Lexicon(
    {"vaccin": 9, "vaccins": 3, "autisme": 4, "energie": 5, "noire": 3, "volcans": 50, "etoiles": 9, "cieux": 12, "physique": 30, "co2": 1}
)
PIN = Pin(("vaccins et autisme", "L’énergie noire", "CO2", "zorglub"), ("b", "a"))


def planned(text: str, night: Night, **values: Any) -> Plan:
    return plan(Query(text=text, **values), LEXICON, replace(night, vocabulary=Vocabulary(pins=(PIN,))))


@pytest.mark.parametrize(
    "text",
    ["vaccins et autisme", "Vaccin autisme ", "AUTISME, VACCIN ?", "l energie noire", "énergies noires", "l'energie  noire", "CO₂", "co 2"],
)
def test_the_same_question_in_other_letters(text: str, night: Night) -> None:
    assert planned(text, night).pinned == ("b", "a")


@pytest.mark.parametrize(
    "text",
    ["vaccin", "vaccins autisme enfants", '"vaccins et autisme"', "vaccins autisme -rougeole", "vaccins autisme avant:2020", "", "et"],
)
def test_another_question_has_no_chosen_answer(text: str, night: Night) -> None:
    assert planned(text, night).pinned == ()


def test_by_date_nothing_is_chosen_and_filters_do_not_matter(night: Night) -> None:
    assert planned("energie noire", night, sort="date").pinned == ()
    assert planned("energie noire", night, filters={"discipline": ("physique",)}, page=2).pinned == ("b", "a")


def test_an_answer_to_words_that_no_article_holds(night: Night) -> None:
    made = planned("zorglub", night)
    assert (made.pinned, made.nothing, made.unknown) == (("b", "a"), False, ("zorglub",))
    assert made.groups


def test_answers_are_bounded(night: Night) -> None:
    pins = (Pin(("noire",), tuple(f"x{number}" for number in range(30))),)
    made = plan(Query(text="noire"), LEXICON, replace(night, vocabulary=Vocabulary(pins=pins)))
    assert made.pinned == pins[0].articles[:MAX_PINNED]


def test_they_come_first_in_their_order_whatever_speaks_for_others(place: Place, document: MakeDocument) -> None:
    names = [f"pin{number}" for number in range(MAX_PINNED)]
    place.night = replace(place.night, vocabulary=Vocabulary(pins=(Pin(("énergie noire",), tuple(names)),)))

    def made(id: str, title: str, body: str, weight: float, date: str | None) -> IndexDocument:
        return replace(document(id, title, body, date=date, source_id=f"blog-{id}"), weight=weight)

    # The first chosen is the lightest, oldest and has none of the words: all that can speak against it.
    chosen = [
        made(name, f"Autre chose {name}", "energie noire" if at % 2 else "", 0.1 if at < 5 else 10.0, None if at < 5 else "2026-01-01")
        for at, name in enumerate(names)
    ]
    others = [made(f"z{at}", "Énergie noire", "énergie noire " * 50, 10.0, "2026-04-01") for at in range(15)]
    place.publish([*others, *chosen])
    search = place.search()

    def found(**values: Any) -> list[str]:
        return [hit.id for hit in search.page(Query(text="énergie noire", **values)).hits]

    first = found(size=100)
    assert first[: len(names)] == names
    assert len(first) == len(set(first)) == len(names) + len(others)
    assert [one for page in range(1, 10) for one in found(size=3, page=page)] == first
    assert found(size=100, sort="date")[:1] != names[:1]
    assert not set(found(size=100, filters={"blog": ("blog-z1",)})) & set(names)
    assert found(size=100, filters={"blog": ("blog-pin7", "blog-z1")}) == ["pin7", "z1"]
    facets = {
        one.value: one.count for facet in search.page(Query(text="énergie noire")).facets if facet.name == "annee" for one in facet.values
    }
    assert facets == {"2026": 5 + 15}


def card(id: str, name: str, articles: int) -> SourceCard:
    return SourceCard(
        id=id,
        name=name,
        url=f"https://{id}.exemple.org/",
        disciplines=("physique",),
        type="individual",
        country=None,
        licence=None,
        status="active",
        why=None,
        articles=articles,
    )


@pytest.mark.parametrize(
    ("text", "diverse"),
    [
        ("étoiles et cieux", False),
        ("Etoile cieux", False),
        ('"étoiles & cieux"', False),
        ("cieux", False),  # in no other name, and in few articles of others
        ("étoiles", True),
        ("le blog de physique", True),
        ("étoiles noires", True),
        ("volcans", True),
        ("vaccin", True),
        ("", False),
    ],
)
def test_a_query_that_names_a_blog_is_asked_for_its_articles(text: str, diverse: bool, night: Night) -> None:
    sources = (
        card("cieux", "Étoiles & cieux", 9),
        card("etoiles", "Le journal des étoiles", 9),
        card("v", "Volcans", 5),
        card("b", "Le", 5),
    )
    assert plan(Query(text=text), LEXICON, replace(night, sources=sources)).diverse == diverse


def test_inside_a_blog_and_by_date_the_order_is_as_ranked(night: Night) -> None:
    assert plan(Query(text="vaccin"), LEXICON, night).diverse
    assert plan(Query(text="vaccin"), LEXICON).diverse
    assert not plan(Query(text="vaccin", sort="date"), LEXICON, night).diverse
    assert not plan(Query(text="vaccin", filters={"blog": ("x",)}), LEXICON, night).diverse
    assert not plan(Query(text="vaccin blog:x"), LEXICON).diverse
    assert plan(Query(text="vaccin -blog:x"), LEXICON).diverse
