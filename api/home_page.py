"""The home page: the meadow of blogs, the latest articles, doors by discipline. And one article at random."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api import linked_data, sky
from api.one_night import one_night
from api.places import article_path
from api.reader import Reader
from api.routes import Routes
from indexer.query import Query
from indexer.results import Hit
from luciole.disciplines import DISCIPLINES

LATEST: Final = 7
"""Articles on the home page."""
CHANCE_PATH: Final = "/hasard"
_LOOKED_AT: Final = 100
"""The newest articles among which those of the home page are chosen."""
_AHEAD: Final = timedelta(days=1)
"""How far from now a date may lie ahead (a clock, a time zone): a blog that dates its posts from 2099 would stand first until then."""
_DRAWS: Final = 3


def routes(reader: Reader) -> Routes:
    """The routes over one index."""
    index = reader.index

    def home(request: Request) -> Response:
        if known := reader.known(request):
            return known
        generation, night, results = one_night(index, lambda _: index.page(Query(sort="date", size=_LOOKED_AT)))
        counts = {one.value: one.count for facet in results.facets if facet.name == "discipline" for one in facet.values}
        blogs = Counter(name for card in night.sources for name in card.disciplines)
        values = {
            "total": results.total,
            "night": night,
            "latest": spread(results.hits, LATEST, until=night.published_at + _AHEAD),
            "doors": [(name, label, counts.get(name, 0), blogs[name]) for name, label in DISCIPLINES.items() if blogs[name]],
            "lights": sky.lights(night.sources),
            "linked": linked_data.embedded(linked_data.website(reader.base(request))),
        }
        return reader.page(request, "accueil.html", generation, values)

    def chance(request: Request) -> Response:
        """By date every article has a place, those without one at the end: the page of one article that has a drawn number is any of them,
        all alike. Between counting and drawing a publish may leave fewer: then it is drawn again."""
        total = index.page(Query(sort="date", size=1)).total
        for _ in range(_DRAWS):
            drawn = index.page(Query(sort="date", size=1, page=1 + secrets.randbelow(max(1, total))))
            if drawn.hits:
                return RedirectResponse(article_path(drawn.hits[0].id), 303, {"Cache-Control": "no-store"})
            total = drawn.total
        raise HTTPException(404)

    return {"/": home, CHANCE_PATH: chance}


def spread(hits: Sequence[Hit], most: int, *, until: datetime) -> tuple[Hit, ...]:
    """So many of the newest articles, in their order, none dated after `until`: one of each blog first, then a second one, and so on, so
    that no blog takes all the places while another has something new."""
    turns: Counter[str] = Counter()
    ranked: list[tuple[int, int]] = []
    for place, hit in enumerate(hits):
        if hit.date is None or hit.date <= until:
            ranked.append((turns[hit.source_id], place))
            turns[hit.source_id] += 1
    return tuple(hits[place] for place in sorted(place for _, place in sorted(ranked)[:most]))
