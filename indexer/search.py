"""One page of results for one query, from whatever engine: what the api asks for.

Owns what is the same for every engine: planning, marking, the labels and the order of facets. It refuses to know HTML and HTTP. Its
methods may be called from several threads at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from math import ceil
from types import MappingProxyType
from typing import Final

from indexer.archives import archive_address
from indexer.document import IndexDocument
from indexer.engine import Meta, RawHits, SearchEngine
from indexer.highlight import Marker
from indexer.histogram import histogram
from indexer.night import Night, SourceCard
from indexer.open import open_engine
from indexer.plan import Plan
from indexer.planner import MAX_SIZE, plan
from indexer.query import FACETS, MAX_RANKED, PAGE_SIZE, FacetRow, Query
from indexer.results import Facet, FacetValue, Hit, Results, Suggestions
from indexer.similar import alike
from indexer.spelling import spelt
from indexer.suggest import MOST, in_titles, texts
from luciole.disciplines import DISCIPLINES
from luciole.errors import EngineUnavailable
from luciole.settings import Settings
from luciole.sources import TYPE_LABELS

_YEAR: Final = "annee"
_SHORTEST: Final = 3
"""Letters and digits from which on a text being typed is worth a guess."""
_COPIES: Final = 10
"""Hits more than wanted that are looked at for similar articles, since some may be the same article once more."""
_TRIED: Final = 20
"""Texts that are looked for within filters until enough find something there: the most frequent words of all may be strangers to them."""
_UNFILTERED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
_TRIES: Final = 3
"""Times that words and titles are asked for before they may be of two generations."""


def open_search(settings: Settings) -> Search:
    """The search of the engine that the settings name. The index may appear later: only questions raise `EngineUnavailable`."""
    return Search(open_engine(settings))


class Search:
    """The search of one index. Every method raises `EngineUnavailable` while nothing is published, `EngineError` when the engine fails."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def page(self, query: Query) -> Results:
        """The page that a query asks for. A page past the end has no hits, but the right total and number of pages."""
        lexicon = self._engine.lexicon()
        made = plan(query, lexicon, self._engine.meta().night)
        raw = self._engine.search(made)
        whole = None
        if made.least > 1 and not made.nothing and self._is_scarce(made, raw):
            whole = raw.total
            made = replace(made, least=1)
            raw = self._engine.search(made)
        night = raw.night  # a publish may have come between: the page is of one generation
        hits = _hits(raw, Marker(made.groups), pinned=made.pinned if made.sort == "pertinence" else ())
        return Results(
            query=query,
            hits=hits,
            total=raw.total,
            pages=_pages(raw.total, query, made),
            facets=tuple(_facet(row, raw, made, night) for row in FACETS if row.name in raw.facets),
            corrections=spelt(made.corrections, lexicon, hits),
            ignored=made.ignored,
            unknown=made.unknown,
            generation=raw.generation,
            searched=len(made.groups),
            cut=made.cut,
            operators=made.understood,
            synonyms=made.synonyms,
            years=histogram(dict(raw.facets.get(_YEAR, ())), made.filters.get(_YEAR, ())),
            whole=whole if whole is not None and whole < raw.total else None,
            published_at=night.published_at if night else None,
        )

    def _is_scarce(self, made: Plan, raw: RawHits) -> bool:
        """Whether what holds enough of the words does not fill a page: then what holds some of them follows. Without that a question that
        its answer words in another way finds chance alone (.03 of nDCG@10 on PIAF, .09 on the questions of the demonstration). By date,
        where the best do not come first, only when there is nothing else. Decided without the chosen facets: a value leaves as many
        results as its count said."""
        least = 1 if made.sort == "date" else PAGE_SIZE
        if raw.total < least and made.filters:
            return self._engine.search(replace(made, filters={}, facets=(), limit=0)).total < least
        return raw.total < least

    def suggest(self, prefix: str, size: int = MOST, filters: Mapping[str, tuple[str, ...]] = _UNFILTERED) -> Suggestions:
        """What a text being typed may become: up to `size` texts and as many titles, five at most. None below three letters. A text of
        several words is suggested only where an article holds them all. With `filters` (as a `Query` has them), only what finds something
        within them."""
        size = min(size, MOST)
        if sum(map(str.isalnum, prefix)) < _SHORTEST:
            return Suggestions(texts=(), titles=(), generation=self._engine.meta().generation)
        for _ in range(_TRIES):
            meta, lexicon = self._engine.meta(), self._engine.lexicon()
            made = plan(Query(text=prefix, filters=filters), lexicon, meta.night)
            wanted = in_titles(prefix, made, lexicon, size)
            raw = self._engine.search(wanted) if wanted else None
            generation = raw.generation if raw else meta.generation
            if generation == meta.generation:
                break
        titles = tuple((document.id, document.title) for document in raw.documents) if raw else ()
        tried = _TRIED if made.filters else size
        whole: Iterable[str] = texts(prefix, made, lexicon, tried, articles=meta.night.articles if meta.night else 0)
        if len(made.groups) > 1 or made.filters:
            asked = ((text, plan(Query(text=f"{text} ", filters=filters), lexicon, meta.night)) for text in whole)
            whole = (text for text, whole_plan in asked if self._leads_somewhere(whole_plan))
        return Suggestions(texts=tuple(islice(whole, size)), titles=titles, generation=generation)

    def article(self, article_id: str) -> Hit | None:
        """One article with its beginning as the excerpt; None when readers cannot find it."""
        document = next(iter(self._engine.documents((article_id,))), None)
        return _hit(document, Marker(()), _cards(self._engine.meta().night)) if document else None

    def similar(self, article_id: str, size: int = MOST) -> tuple[Hit, ...] | None:
        """The articles that speak of the same as this one, the nearest first, with their beginnings; None when readers cannot find it.
        Neither itself nor what its blog published under the same title is among them."""
        document = next(iter(self._engine.documents((article_id,))), None)
        if document is None:
            return None
        size = min(max(size, 0), MAX_SIZE)
        night = self._engine.meta().night
        made = alike(document, self._engine.lexicon(), night.articles if night else 0, limit=size + 1 + _COPIES)
        if made.nothing or not size:
            return ()
        raw = self._engine.search(made)
        same = (document.title, document.source_id)
        others = tuple(one for one in raw.documents if one.id != article_id and (one.title, one.source_id) != same)
        return _hits(replace(raw, documents=others[:size]), Marker(()))

    def months(self, source_id: str) -> dict[str, int]:
        """How many articles of a blog are of each month, `2024-03`; undated ones are not counted."""
        made = Plan(filters={"blog": (source_id,)}, facets=("mois",), limit=0)
        return dict(sorted(self._engine.search(made).facets["mois"]))

    def _leads_somewhere(self, made: Plan) -> bool:
        """Whether an article holds every word of a plan."""
        every = replace(made, least=max(1, len(made.groups)), pairs=(), facets=(), pinned=(), diverse=False, limit=0)
        return self._engine.search(every).total > 0

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


def _hits(raw: RawHits, marker: Marker, pinned: Iterable[str] = ()) -> tuple[Hit, ...]:
    cards, chosen = _cards(raw.night), frozenset(pinned)
    return tuple(_hit(document, marker, cards, pinned=document.id in chosen) for document in raw.documents)


def _cards(night: Night | None) -> Mapping[str, SourceCard]:
    return {card.id: card for card in night.sources} if night else {}


def _hit(document: IndexDocument, marker: Marker, cards: Mapping[str, SourceCard], *, pinned: bool = False) -> Hit:
    """A document as a page shows it, with what is known of its blog."""
    card = cards.get(document.source_id)
    gone_since = card.gone_since if card else None
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
        pinned=pinned,
        source_type=document.source_type,
        source_why=card.why if card else None,
        dois=document.dois,
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
    if row.name == "type":
        return TYPE_LABELS.get(value, value)
    if row.name == "blog" and night is not None and (card := night.source(value)) is not None:
        return card.name
    return value
