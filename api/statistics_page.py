"""`/statistiques`: the whole list in two pictures, articles by year for each discipline and the blogs as fireflies.

Owns what is asked of the index for them: two questions for each blog, one for each discipline. They are asked once for each generation.
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from api.live_index import LiveIndex
from api.one_night import one_night
from api.pictures.statistics import Panels, Sky, disciplines_by_year, fireflies
from api.reader import Reader
from api.routes import Routes
from indexer.document import PARIS
from indexer.night import Night
from indexer.query import Query
from luciole.disciplines import DISCIPLINES

STATISTICS_PATH: Final = "/statistiques"


def routes(reader: Reader) -> Routes:
    """The routes over one index."""
    index = reader.index

    def statistics(request: Request) -> Response:
        if known := reader.known(request):
            return known

        def drawn(night: Night) -> tuple[Panels | None, Sky | None]:
            return reader.remembered("statistics", night.published_at.isoformat(), lambda: pictures(index, night))

        generation, night, (panels, sky) = one_night(index, drawn)
        return reader.page(request, "statistiques.html", generation, {"night": night, "panneaux": panels, "cieux": sky})

    return {STATISTICS_PATH: statistics}


def pictures(index: LiveIndex, night: Night) -> tuple[Panels | None, Sky | None]:
    """Both pictures as of the moment of the publish."""
    held = {name for card in night.sources for name in card.disciplines}
    years = {name: _years(index, "discipline", name) for name in DISCIPLINES if name in held}
    spans = {card.id: span for card in night.sources if card.articles and (span := _span(index, card.id))}
    now = night.published_at
    return disciplines_by_year(years, now.astimezone(PARIS).year), fireflies(night.sources, spans, now)


def _years(index: LiveIndex, facet: str, value: str) -> dict[int, int]:
    results = index.page(Query(filters=MappingProxyType({facet: (value,)}), size=0))
    return {one.year: one.count for one in results.years}


def _span(index: LiveIndex, source_id: str) -> tuple[datetime, datetime] | None:
    """The days of the first and of the last dated article. By date those without one come last: the oldest has the place that the number of
    dated ones says."""
    only = MappingProxyType({"blog": (source_id,)})
    newest = index.page(Query(filters=only, sort="date", size=1))
    dated = sum(one.count for one in newest.years)
    if not dated:
        return None
    oldest = index.page(Query(filters=only, sort="date", size=1, page=dated))
    days = [hit.date for hit in (*oldest.hits, *newest.hits) if hit.date]
    return (days[0], days[-1]) if days else None
