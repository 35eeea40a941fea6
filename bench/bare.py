"""The yardstick: tantivy alone, with the same fields, the same documents and the same compiled queries, and nothing of ours around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tantivy

from indexer.document import IndexDocument
from indexer.engines.embedded.compile import matching
from indexer.engines.embedded.schema import register, schema, to_tantivy
from indexer.engines.embedded.writer import HEAP, THREADS
from indexer.plan import Plan
from indexer.query import FACETS


def prepare(documents: list[IndexDocument]) -> list[tantivy.Document]:
    """The documents as tantivy takes them: making them is not what is timed here."""
    return [to_tantivy(document) for document in documents]


def add(prepared: list[tantivy.Document], directory: Path) -> None:
    """Index them, as we do: one thread, the same heap, one commit, merges waited for."""
    directory.mkdir(parents=True)
    index = tantivy.Index(schema(), path=str(directory), reuse=False)
    register(index)
    writer = index.writer(HEAP, THREADS)
    for document in prepared:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class BareIndex:
    """An index read without us: compiled queries in, addresses and counts out."""

    def __init__(self, directory: Path) -> None:
        self._index = tantivy.Index.open(str(directory))
        register(self._index)
        self._searcher = self._index.searcher()
        self._compiled: list[tuple[tantivy.Query, list[tuple[tantivy.Query, dict[str, Any]]]]] = []

    def compile(self, plans: list[Plan]) -> None:
        """Make the queries of some pages: those of the hits, and of the facets, each without its own filter."""
        for plan in plans:
            free = {row.name: _terms(row.field) for row in FACETS if row.name not in plan.filters}
            facets = [(matching(plan, self._index.schema), free)] if free else []
            for row in FACETS:
                if row.name in plan.filters:
                    facets.append((matching(plan, self._index.schema, without=row.name), {row.name: _terms(row.field)}))
            self._compiled.append((matching(plan, self._index.schema), facets))

    def page(self, number: int) -> None:
        """Ten hits and every facet of one compiled plan; no document is read."""
        query, facets = self._compiled[number]
        self._searcher.search(query, limit=10, weight_by_field="recency")
        for one, terms in facets:
            self._searcher.aggregate(one, terms)


def _terms(name: str) -> dict[str, Any]:
    return {"terms": {"field": name, "size": 1000}}
