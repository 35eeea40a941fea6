"""The yardstick: tantivy alone, with the same fields, the same documents and the same compiled queries, and nothing of ours around it.

What it is asked is what someone who knows tantivy would ask for that page: one search for the ten best addresses, and for the facets one
count for all that have no filter and one for each that has. It reads no document, plans nothing, marks nothing and puts no blog back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import tantivy

from bench.clock import seconds
from indexer.document import IndexDocument
from indexer.engines.embedded.compile import countable, matching
from indexer.engines.embedded.counting import MAX_FACET_VALUES
from indexer.engines.embedded.generations import Generations
from indexer.engines.embedded.schema import VERSION, register, schema, to_tantivy
from indexer.engines.embedded.writer import HEAP, THREADS
from indexer.plan import Plan
from indexer.query import SHOWN

_AT_ONCE: Final = 5_000
"""Prepared documents in memory."""


def indexing(documents: Iterable[IndexDocument], directory: Path) -> float:
    """Seconds to index prepared documents, as we do: the same threads, the same heap, merges waited for. Making them is not counted.

    They are made some thousands at a time and committed as often, or tantivy would go on while the clock stands.
    """
    directory.mkdir(parents=True)
    index = tantivy.Index(schema(), path=str(directory), reuse=False)
    register(index)
    writer = index.writer(HEAP, THREADS)
    taken = 0.0
    for prepared in _prepared(documents):
        taken += seconds(partial(_add, writer, prepared))
    return taken + seconds(writer.wait_merging_threads)


def _prepared(documents: Iterable[IndexDocument]) -> Iterator[list[tantivy.Document]]:
    reading = iter(documents)
    while batch := [to_tantivy(document) for document in islice(reading, _AT_ONCE)]:
        yield batch


def _add(writer: tantivy.IndexWriter, prepared: list[tantivy.Document]) -> None:
    for document in prepared:
        writer.add_document(document)
    writer.commit()


def opened(directory: Path) -> tantivy.Index:
    """An index in a directory."""
    index = tantivy.Index.open(str(directory))
    register(index)
    return index


class BareIndex:
    """The index below the directory of the embedded engine, read without us: compiled queries in, addresses and counts out."""

    def __init__(self, root: Path) -> None:
        directory = Generations(root, VERSION).current()
        assert directory is not None
        self._index = opened(directory)
        self._searcher = self._index.searcher()
        self._compiled: list[tuple[tantivy.Query, list[tuple[tantivy.Query, dict[str, Any]]]]] = []

    def compile(self, plans: Iterable[Plan]) -> None:
        """Make the queries of some pages: those of the hits, and of the facets, each without its own filter."""
        for plan in plans:
            query = countable(plan, self._index.schema)
            free = {row.name: _terms(row.field) for row in SHOWN if row.name not in plan.filters}
            facets = [(query(), free)] if free else []
            facets += [(query(without=row.name), {row.name: _terms(row.field)}) for row in SHOWN if row.name in plan.filters]
            self._compiled.append((matching(plan, self._index.schema), facets))

    def page(self, number: int) -> tuple[int, dict[str, dict[str, int]]]:
        """Ten hits and every facet of one compiled plan: how many hits there are, and the counts."""
        query, facets = self._compiled[number]
        result: Any = self._searcher.search(query, limit=10, weight_by_field="recency")  # the published types forget `count`
        answer: dict[str, Any] = {}
        for one, terms in facets:
            answer |= self._searcher.aggregate(one, terms)
        return result.count, {name: {one["key"]: one["doc_count"] for one in found["buckets"]} for name, found in answer.items()}


def _terms(name: str) -> dict[str, Any]:
    return {"terms": {"field": name, "size": MAX_FACET_VALUES}}
