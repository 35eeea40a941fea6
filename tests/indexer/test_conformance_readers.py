"""Readers while the index changes under them: never an error, never an empty page, always one generation."""

import threading
from collections import Counter
from dataclasses import replace

from indexer.document import IndexDocument
from indexer.plan import Plan
from indexer.query import Query

from .conftest import NOW, MakeDocument, Place

ENGINES = ("embedded", "meili")
CLIENTS = 4
REBUILDS = 20
ARTICLES = 25


def test_four_clients_through_twenty_rebuilds(place: Place, document: MakeDocument) -> None:
    def edition(number: int) -> list[IndexDocument]:
        return [
            document(
                f"{name:016x}", f"Édition e{number}", f"comète pulsar mot{name}", source_id=f"blog-{name % 3}", date=f"20{name + 10}-01-01"
            )
            for name in range(ARTICLES)
        ]

    def asked(turn: int) -> Query:
        return (
            Query(text="comète pulsar", size=100),
            Query(text="comète", sort="date", size=100),
            Query(size=100),
            Query(text="comète pulsars ", size=100, filters={"blog": ("blog-0", "blog-1", "blog-2")}),
        )[turn % 4]

    place.publish(edition(0))
    search = place.search()
    done, faults, seen = threading.Event(), list[str](), Counter[str]()
    published: dict[str, int] = {search.meta().generation: 0}

    def read(turn: int) -> None:
        while not done.is_set():
            turn += 1
            try:
                page = search.page(asked(turn))
            except BaseException as error:
                faults.append(repr(error))
                return
            titles = {hit.title.text for hit in page.hits}
            counts = {value.value: value.count for facet in page.facets if facet.name == "blog" for value in facet.values}
            if len(page.hits) != ARTICLES or len(titles) != 1 or page.total != ARTICLES or sum(counts.values()) != ARTICLES:
                faults.append(f"{len(page.hits)} hits, total {page.total}, {titles}, {counts}")
            seen.update(f"{page.generation} {title}" for title in titles)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    writer = place.writer()
    for number in range(1, REBUILDS + 1):
        meta = writer.rebuild(edition(number), lambda number=number: (number, place.night))
        published[meta.generation] = number
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert {tuple(one.split(" ", 1)) for one in seen} <= {(name, f"Édition e{number}") for name, number in published.items()}
    assert len(seen) > 1
    assert place.leftovers() == []


def test_what_belongs_to_a_generation_comes_with_it(place: Place, document: MakeDocument) -> None:
    place.publish([document("a", "Comète")])
    engine = place.engine()
    for number in range(2, 6):
        place.night = replace(place.night, articles=number, published_at=NOW.replace(day=number))
        place.publish([document("b", f"Pulsar p{number}")], revision=number)
        raw = engine.search(Plan(limit=10))
        assert raw.night == place.night
        assert engine.lexicon().frequency(f"p{number}") == 1
        assert engine.lexicon().frequency(f"p{number - 1}") == 0
        assert {one.title for one in raw.documents} == {"Comète", f"Pulsar p{number}"}
        assert raw.generation == engine.meta().generation
