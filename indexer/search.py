"""One page of results for one query, from whatever engine: what the api asks for.

Owns what is the same for every engine: planning, marking, the labels and the order of facets. It refuses to know HTML and HTTP. Its
methods may be called from several threads at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from indexer.archives import archive_address
from indexer.document import IndexDocument
from indexer.engine import Meta, RawHits, SearchEngine
from indexer.highlight import Marker
from indexer.night import Night
from indexer.open import open_engine
from indexer.plan import Plan
from indexer.planner import MAX_SIZE, plan
from indexer.query import FACETS, MAX_RANKED, FacetRow, Query
from indexer.results import Facet, FacetValue, Hit, Results
from luciole.disciplines import DISCIPLINES
from luciole.errors import EngineUnavailable
from luciole.settings import Settings


def open_search(settings: Settings) -> Search:
    """The search of the engine that the settings name. The index may appear later: only questions raise `EngineUnavailable`."""
    return Search(open_engine(settings))


class Search:
    """The search of one index. Every method raises `EngineUnavailable` while nothing is published, `EngineError` when the engine fails."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def page(self, query: Query) -> Results:
        """The page that a query asks for. A page past the end has no hits, but the right total and number of pages."""
        made = plan(query, self._engine.lexicon(), self._engine.meta().night)
        raw = self._engine.search(made)
        marker = Marker(made.groups)
        night = raw.night  # a publish may have come between: the page is of one generation
        gone = {card.id: card.gone_since for card in night.sources if card.gone_since} if night else {}
        return Results(
            query=query,
            hits=tuple(_hit(document, marker, gone) for document in raw.documents),
            total=raw.total,
            pages=_pages(raw.total, query, made),
            facets=tuple(_facet(row, raw, made, night) for row in FACETS if row.name in raw.facets),
            corrections=made.corrections,
            ignored=made.ignored,
            unknown=made.unknown,
            generation=raw.generation,
            searched=len(made.groups),
            cut=made.cut,
            operators=made.understood,
        )

    def night(self) -> Night:
        """What was published about the blogs with the index."""
        night = self._engine.meta().night
        if night is None:
            raise EngineUnavailable("the index was published without its blogs", hint="run: luciole index --rebuild")
        return night

    def meta(self) -> Meta:
        """What the index says of itself."""
        return self._engine.meta()

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()


def _hit(document: IndexDocument, marker: Marker, gone: Mapping[str, datetime]) -> Hit:
    """A document as a page shows it; `gone`: since when the sites that are no longer there do not answer."""
    gone_since = gone.get(document.source_id)
    return Hit(
        id=document.id,
        url=document.url,
        title=marker.title(document.title),
        excerpt=marker.excerpt(document.body, document.snippet),
        source_id=document.source_id,
        source_name=document.source_name,
        authors=document.authors,
        date=document.date,
        disciplines=document.disciplines,
        words=document.words,
        members_only=document.members_only,
        gone_since=gone_since,
        archive=archive_address(document.url, document.date) if gone_since and not document.noarchive else None,
    )


def _pages(total: int, query: Query, made: Plan) -> int:
    """How many pages can be reached: all of them in order of date, `MAX_RANKED` results by relevance."""
    size = min(max(query.size, 0), MAX_SIZE)
    ranked = made.sort == "pertinence" and bool(made.groups)
    return ceil((min(total, MAX_RANKED) if ranked else total) / size) if size else 0


def _facet(row: FacetRow, raw: RawHits, made: Plan, night: Night | None) -> Facet:
    """The values of one facet as a page shows them: the first ones in the facet's order, and all that are chosen, even with no result."""
    counts = dict(raw.facets[row.name])
    chosen = made.filters.get(row.name, ())
    ordered = sorted(counts, reverse=True) if row.order == "value-descending" else list(counts)
    shown = ordered[: row.limit]
    shown += [value for value in chosen if value not in shown]
    return Facet(
        name=row.name,
        label=row.label,
        values=tuple(
            FacetValue(value=value, label=_label(row, value, night), count=counts.get(value, 0), selected=value in chosen)
            for value in shown
        ),
    )


def _label(row: FacetRow, value: str, night: Night | None) -> str:
    """What readers see for a value."""
    if row.name == "discipline":
        return DISCIPLINES.get(value, value)
    if row.name == "blog" and night is not None and (card := night.source(value)) is not None:
        return card.name
    return value
