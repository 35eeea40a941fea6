"""Which hits stand on a page of the embedded index, and in which order.

Every order is total and the same for all pages of a query: a page is a slice of it, whatever its size. What orders the hits stands in
columns that tantivy reads for many documents at once; only the documents of the page are loaded. It refuses to know what a query is made of
(`compile`) and what is counted beside the hits (`counting`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import tantivy

from indexer.diversity import SPREAD, spread
from indexer.document import IndexDocument
from indexer.engines.embedded.compile import countable, matching
from indexer.engines.embedded.schema import by_id, from_tantivy
from indexer.plan import Plan
from indexer.query import MAX_RANKED

_TIED: Final = 2 * MAX_RANKED
"""Hits among which equal scores are put in order: more than can be paged through."""


def page(searcher: tantivy.Searcher, schema: tantivy.Schema, plan: Plan) -> tuple[int, tuple[IndexDocument, ...]]:
    """How many documents a plan finds, and those of its page."""
    # tantivy panics at a limit of 0, and keeps as many places as offset and limit say.
    nothing = plan.limit <= 0 or not 0 <= plan.offset < searcher.num_docs
    limit = min(plan.limit, searcher.num_docs)
    if nothing or plan.sort == "date" or not plan.groups:
        search: Callable[..., Any] = partial(searcher.search, countable(plan, schema)(), order_by_field="place")
        result = search(limit=1) if nothing else search(limit=limit, offset=plan.offset)  # the published types forget `count`
        total, chosen = int(result.count), [] if nothing else [address for _, address in result.hits]
    else:
        total, ranked = _ranked(searcher, schema, plan, plan.offset + limit)
        chosen = ranked[plan.offset : plan.offset + limit]
    return total, tuple(from_tantivy(searcher.doc(address)) for address in chosen)


def _ranked(searcher: tantivy.Searcher, schema: tantivy.Schema, plan: Plan, wanted: int) -> tuple[int, list[tantivy.DocAddress]]:
    """The total and, in order of relevance, `wanted` hits or more of them: the pinned ones first, then as spread."""
    query = matching(plan, schema)
    pinned = _pinned(searcher, schema, query, plan)
    total, addresses = _best(searcher, query, max(wanted + len(pinned), SPREAD if plan.diverse else 0))
    if pinned:
        known = {(one.segment_ord, one.doc) for one in pinned}
        addresses = pinned + [one for one in addresses if (one.segment_ord, one.doc) not in known]
    if plan.diverse:
        blogs = searcher.fast_field_values("blog", addresses[:SPREAD])
        order = spread([str(blog) for blog in blogs])
        order = [*range(len(pinned)), *(at for at in order if at >= len(pinned))]
        addresses[: len(order)] = [addresses[at] for at in order]
    return total, addresses


def _best(searcher: tantivy.Searcher, query: tantivy.Query, wanted: int) -> tuple[int, list[tantivy.DocAddress]]:
    """The total and the best `wanted` hits or more, those of equal scores by date, then id.

    tantivy cuts a run of equal scores anywhere: more hits are asked for until the run ends, so that every page is a slice of one order.
    A run that goes beyond `_TIED` is ordered no further than there, whatever the page.
    """
    search: Callable[..., Any] = partial(searcher.search, query, weight_by_field="recency")
    reach = wanted + 1
    while True:
        result = search(limit=min(reach, searcher.num_docs))
        scores = [score for score, _ in result.hits]
        if reach >= _TIED or len(scores) < reach or scores[-1] != scores[wanted - 1]:
            break
        reach = min(_TIED, 4 * reach)
    addresses = [address for _, address in result.hits]
    tied = min(len(scores), _TIED)
    if len(set(scores[:tied])) < tied:
        places = searcher.fast_field_values("place", addresses[:tied])
        order = sorted(range(tied), key=lambda at: (-scores[at], -(places[at] or 0)))
        addresses[:tied] = [addresses[at] for at in order]
    return int(result.count), addresses


def _pinned(searcher: tantivy.Searcher, schema: tantivy.Schema, query: tantivy.Query, plan: Plan) -> list[tantivy.DocAddress]:
    """Where the pinned documents stand that the query finds."""
    found: list[tantivy.DocAddress] = []
    for one in dict.fromkeys(plan.pinned):
        alone = query.and_must_match(by_id(schema, one))
        found += [address for _, address in searcher.search(alone, limit=1, count=False).hits]
    return found
