"""Where nothing was found: the ways on lead somewhere, and say how far."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import httpx

from api.ways_on import WayOn, near, ways_on
from indexer.query import Query
from indexer.results import Results
from tests.api.hits import found
from tests.api.test_api_pages import Seen

WORDS = ("lumière", "luminaire", "photosynthèse")


def complete(text: str) -> tuple[str, ...]:
    return tuple(word for word in WORDS if word.startswith(text))


def nothing(query: Query, *unknown: str) -> Results:
    return replace(found(query=query), unknown=unknown, searched=0 if unknown else 1)


def ways(query: Query, *unknown: str, total: int = 7) -> list[tuple[str, str, str]]:
    labels = {(name, value): value.title() for name, values in query.filters.items() for value in values}
    made = ways_on(nothing(query, *unknown), labels, lambda asked: total, complete)
    assert all(isinstance(one, WayOn) and one.total == total for one in made)
    return [(one.kind, one.query.text, one.label) for one in made]


def filtered(text: str, **filters: tuple[str, ...]) -> Query:
    return Query(text=text, filters=MappingProxyType(filters), page=3)


def test_each_filter_can_go_alone_and_all_together() -> None:
    assert ways(filtered("lichen", blog=("nuit",), annee=("2024",))) == [
        ("filter", "lichen", "Nuit"),
        ("filter", "lichen", "2024"),
        ("filters", "lichen", ""),
    ]
    assert ways(filtered("lichen", blog=("nuit",))) == [("filter", "lichen", "Nuit")]


def test_each_operator_can_go_and_a_phrase_keeps_its_words() -> None:
    assert ways(Query(text='lichen "trou de ver" avant:1900')) == [
        ("words", "lichen trou de ver avant:1900", "trou de ver"),
        ("operator", 'lichen "trou de ver"', "avant:1900"),
        ("bare", "lichen trou de ver", "lichen trou de ver"),
    ]
    assert ways(Query(text="avant:1900")) == []  # nothing would be left of it


def test_an_operator_goes_from_where_it_stands() -> None:
    assert ways(Query(text="x-lichen -lichen")) == [("operator", "x-lichen", "-lichen")]


def test_a_filter_and_an_operator_can_go_at_once() -> None:
    assert ("bare", "lichen", "lichen") in ways(filtered("lichen avant:1900", blog=("nuit",)))


def test_words_as_they_were_typed_can_be_corrected() -> None:
    assert ways(Query(text="lumierre", as_typed=True), "lumierre") == [("corrected", "lumierre", "")]


def test_an_unknown_word_leads_to_those_that_begin_as_it_does() -> None:
    assert ways(Query(text="nuit lumignon"), "lumignon") == [("near", "nuit lumière", "lumière"), ("near", "nuit luminaire", "luminaire")]
    assert near("photosynthétiseur", complete) == ("photosynthèse",)
    assert near("phosphore", complete) == ()  # less than half of it is a beginning
    assert near("z" * 300, complete) == ()


def test_a_word_in_quotes_gets_no_neighbours() -> None:
    assert ways(Query(text='"nuit lumignon"'), "lumignon") == [("words", "nuit lumignon", "nuit lumignon")]


def test_a_way_that_leads_nowhere_is_not_named_and_questions_have_an_end() -> None:
    asked: list[Query] = []

    def count(query: Query) -> int:
        asked.append(query)
        return 0

    query = filtered("lichen", annee=tuple(map(str, range(1990, 2020))))
    assert ways_on(nothing(query), {("annee", str(year)): "" for year in range(1990, 2020)}, count, complete) == ()
    assert 0 < len(asked) <= 20


def test_the_page_names_them_with_their_counts(client: httpx.Client) -> None:
    page = Seen(client.get("/recherche", params={"q": "lichen avant:1900", "blog": "mousse"}).text)
    assert "Chercher sans 2\u00a0résultats" in page.text  # the operator stands there as code
    links = {a.get("href") for a in page.all("a")}
    assert {"/recherche?q=lichen&blog=mousse", "/recherche?q=lichen+avant%3A1900", "/proposer", "/blogs"} <= links
    other = Seen(client.get("/recherche", params={"q": "lumièrette"}).text)
    assert "Des mots qui commencent de même\u00a0: lumière\u00a039." in other.text
    typed = Seen(client.get("/recherche", params={"q": "lumierre", "tel_quel": "1"}).text)
    assert "Corriger les mots 39\u00a0résultats" in typed.text


def test_every_way_on_finds_what_it_says(client: httpx.Client) -> None:
    for parameters in (
        {"q": "lichen avant:1900", "blog": "mousse"},
        {"q": "lichen", "blog": "nuit", "annee": "2024"},
        {"q": '"lumière lichen"', "type": "media"},
        {"q": "lumierre", "tel_quel": "1"},
    ):
        html = client.get("/recherche", params=parameters).text
        block = html.split('<ul class="issues">')[1].split("</ul>")[0]
        seen = Seen(block)
        links = [a["href"] for a in seen.all("a")]
        assert links, parameters
        for link, told in zip(links, block.split('<span class="compte">')[1:], strict=True):
            total = client.get(str(link).replace("/recherche", "/api/v1/search")).json()["total"]
            assert total > 0
            assert told.startswith(f"{total}\u00a0résultat"), (parameters, link)
