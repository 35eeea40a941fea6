"""The page of results: `/recherche`, whole or, for htmx, its region of results alone."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request
from fastapi.responses import Response

from api import french
from api.address import SEARCH_PATH, address, read_query
from api.pictures.histogram import histogram
from api.reader import Reader, is_partial
from api.routes import Routes
from api.ways_on import ways_on
from indexer.query import Query
from indexer.respelling import best, respelt
from indexer.results import Facet, Results


def routes(reader: Reader) -> Routes:
    """The routes over one index."""
    index = reader.index

    def search(request: Request) -> Response:
        if known := reader.known(request):
            return known
        query = read_query(request.query_params.multi_items())
        results = index.page(query)
        labels = chosen_labels(query, results.facets, reader)
        values = {
            "results": results,
            "query": query,
            "read_as": read_as(results),
            "labels": labels,
            "histogramme": histogram(results.years),
            "ways": () if results.total else ways_on(results, labels, count, complete),
        }
        if is_partial(request):
            return reader.page(request, "_resultats.html", results.generation, values, {"Content-Location": address(query)})
        reader.queries.note(results)
        return reader.page(request, "recherche.html", results.generation, values)

    def count(query: Query) -> int:
        return index.page(replace(query, page=1, size=0)).total

    def complete(text: str) -> tuple[str, ...]:
        return index.suggest(text).texts

    return {SEARCH_PATH: search}


def read_as(results: Results) -> str:
    """The words as they were searched: the reader's, those that were corrected in their corrected form."""
    return respelt(results.query.text, best(results.corrections))


def chosen_labels(query: Query, facets: tuple[Facet, ...], reader: Reader) -> dict[tuple[str, str], str]:
    """What to call each chosen value: as the facets do; where the results no longer hold it, as the list does."""
    labels = {(facet.name, one.value): one.label for facet in facets for one in facet.values}
    for name, values in query.filters.items():
        for value in values:
            if (name, value) in labels:
                continue
            if name == "blog":
                card = reader.index.night().source(value)
                labels[name, value] = card.name if card else value
            else:
                labels[name, value] = {"discipline": french.discipline, "type": french.kind}.get(name, str)(value)
    return labels
