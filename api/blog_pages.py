"""The list of blogs, and a page for each blog and each discipline."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api import french, linked_data, sky
from api.one_night import one_night
from api.opml import selected
from api.pictures.histogram import histogram
from api.pictures.months import months
from api.reader import Reader
from api.routes import Routes
from indexer.archives import archive_address
from indexer.document import PARIS
from indexer.night import Night, SourceCard
from indexer.query import PAGE_SIZE, Query
from luciole.disciplines import DISCIPLINES

_LATEST: Final = 8
"""Articles on the page of a blog."""


def routes(reader: Reader) -> Routes:
    """The routes over one index."""
    index = reader.index

    def blogs(request: Request) -> Response:
        if known := reader.known(request):
            return known
        generation, night = index.edition()
        return reader.page(request, "blogs.html", generation, {"night": night, "shelves": shelves(night)})

    def discipline(request: Request, discipline_id: str) -> Response:
        if known := reader.known(request):
            return known
        if discipline_id not in DISCIPLINES:
            raise HTTPException(404)
        query = Query(filters=MappingProxyType({"discipline": (discipline_id,)}), size=PAGE_SIZE)  # without words: newest first
        generation, night, results = one_night(index, lambda _: index.page(query))
        cards = sorted(selected(night.sources, disciplines={discipline_id}), key=lambda card: -card.articles)
        values = {
            "discipline_id": discipline_id,
            "label": french.discipline(discipline_id),
            "query": query,
            "results": results,
            "cards": cards,
            "lights": sky.lights(cards),
            "histogramme": histogram(results.years),
        }
        return reader.page(request, "discipline.html", generation, values)

    def blog(request: Request, blog_id: str) -> Response:
        if known := reader.known(request):
            return known
        query = Query(filters=MappingProxyType({"blog": (blog_id,)}), size=_LATEST)
        generation, night, (results, counts) = one_night(index, lambda _: (index.page(query), index.months(blog_id)))
        card = night.source(blog_id)
        if card is None:
            raise HTTPException(404)
        month = f"{night.published_at.astimezone(PARIS):%Y-%m}"  # a post dated from 2099 would leave a blank of decades
        values = {
            "card": card,
            "night": night,
            "query": query,
            "results": results,
            "authors": next((facet.values for facet in results.facets if facet.name == "auteur"), ()),
            "mois": months({at: count for at, count in counts.items() if at <= month}, until=month),
            "lights": sky.lights((card,)),
            "copy": archive_address(card.url, card.gone_since) if card.gone_since else None,
            "linked": linked_data.embedded(linked_data.blog(card, reader.base(request))),
        }
        return reader.page(request, "blog.html", generation, values)

    return {"/blogs": blogs, "/discipline/{discipline_id}": discipline, "/blog/{blog_id}": blog}


def shelves(night: Night) -> list[tuple[str, str, list[SourceCard]]]:
    """The blogs under their main discipline, in the order of the disciplines: (id, label, blogs)."""
    by_discipline: defaultdict[str, list[SourceCard]] = defaultdict(list)
    for card in night.sources:
        by_discipline[card.disciplines[0] if card.disciplines else "pluridisciplinaire"].append(card)
    order = [*DISCIPLINES, *sorted(set(by_discipline) - set(DISCIPLINES))]
    return [(name, french.discipline(name), by_discipline[name]) for name in order if name in by_discipline]
