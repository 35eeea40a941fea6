"""What is counted beside the hits: the facets of a plan, each without its own filter.

Owns how tantivy is asked for them, and what is remembered of the answers: pages of one search, and everybody's first page, have the same.
It refuses to know hits, labels and which values a page shows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Final

import tantivy

from indexer.engines.embedded.compile import countable
from indexer.plan import Plan
from indexer.query import FACETS, FacetRow

MAX_FACET_VALUES: Final = 100
"""Values of a facet that are given, most frequent first. Each costs time, in every segment and on the way into Python: all of ten thousand
authors took four times as long as the search itself (measured)."""
_ALL_IN_ORDER: Final = 1000
"""The same of a facet that is shown by its values, years: the last ones may be rare."""
_OF_A_SEGMENT: Final = 500
"""Values that a segment remembers. Where it has more, the counts of those given may be too low: they are counted once more, alone."""
_REMEMBERED: Final = 64
"""Answers kept."""
_CHOSEN: Final = "chosen"
_INDIFFERENT: Final = frozenset(
    ("pairs", "sort", "offset", "limit", "diverse", "corrections", "ignored", "unknown", "understood", "synonyms", "cut")
)
"""What a plan says of order, page and reader: counts do not depend on it."""

Counts = tuple[tuple[str, int], ...]
_Ask = Callable[[dict[str, Any]], Mapping[str, Any]]


class FacetCounter:
    """Counts over one snapshot of the index. Safe to share between threads: two of them at worst count the same."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher, self._schema = searcher, schema
        self._answers: dict[Hashable, dict[str, Counts]] = {}
        self._keeping = threading.Lock()

    def counts(self, plan: Plan) -> dict[str, Counts]:
        """Of each facet of a plan its most frequent values with their true counts, and those that are chosen, however rare."""
        if not plan.facets:
            return {}
        key = _key(plan)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._count(plan)
            with self._keeping:
                self._answers[key] = answer
                if len(self._answers) > _REMEMBERED:
                    del self._answers[next(iter(self._answers))]
        return answer

    def _count(self, plan: Plan) -> dict[str, Counts]:
        """One pass for all facets that have no filter, another for each that has, and one more where there were too many values."""
        query = countable(plan, self._schema)
        rows = [row for row in FACETS if row.name in plan.facets]
        free = [row for row in rows if row.name not in plan.filters]
        found = _counted(self._ask(query()), free) if free else {}
        for row in rows:
            if chosen := plan.filters.get(row.name):
                found |= _counted(self._ask(query(without=row.name)), [row], chosen)
        return {row.name: found[row.name] for row in rows}

    def _ask(self, query: tantivy.Query) -> _Ask:
        return partial(self._searcher.aggregate, query)


def _key(plan: Plan) -> Hashable:
    """What the counts depend on."""
    values = (getattr(plan, one.name) for one in fields(plan) if one.name not in _INDIFFERENT)
    return tuple(tuple(value.items()) if isinstance(value, Mapping) else value for value in values)


def _counted(ask: _Ask, rows: list[FacetRow], chosen: tuple[str, ...] = ()) -> dict[str, Counts]:
    """The counts of facets over one query. `chosen`: values of the one row that are wanted in any case."""
    answer = ask({row.name: _terms(row) for row in rows})
    counts = {row.name: _read(answer[row.name]) for row in rows}
    again = {}
    for row in rows:
        known = counts[row.name]
        if answer[row.name]["doc_count_error_upper_bound"]:
            again[row.name] = _terms(row, {*known, *chosen})
        elif missing := [one for one in chosen if one not in known] if answer[row.name]["sum_other_doc_count"] else []:
            again[row.name] = _terms(row, missing)
    if again:
        for name, one in ask(again).items():
            counts[name] |= _read(one)
    return {name: tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))) for name, found in counts.items()}


def _terms(row: FacetRow, only: Iterable[str] = ()) -> dict[str, Any]:
    if values := sorted(only):
        return {"terms": {"field": row.field, "size": len(values), "include": values}}
    size = MAX_FACET_VALUES if row.order == "count" else _ALL_IN_ORDER
    return {"terms": {"field": row.field, "size": size, "segment_size": max(size, _OF_A_SEGMENT)}}


def _read(answer: Mapping[str, Any]) -> dict[str, int]:
    return {one["key"]: one["doc_count"] for one in answer["buckets"]}
