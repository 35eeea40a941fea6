"""Bare BM25, the yardstick of relevance: what tantivy gives with French analysis and nothing else of ours.

Title and prose in one analysed field each (lower case, accents folded, stop words out, Snowball stems); the words of a query, analysed in
the same way, are looked for in both, any of them, and their BM25 scores (k1 1.2, b 0.75) are added up. No correction, no completion, no
phrases, no preference for all words, no names, no recency.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import tantivy

from indexer import analysis
from indexer.document import IndexDocument
from luciole.marks import unmarked

FIELDS: Final = ("title", "body")


class BareBM25:
    """A small index in memory."""

    def __init__(self, documents: Iterable[IndexDocument]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in FIELDS:
            builder.add_text_field(name, tokenizer_name=analysis.STEMMED, index_option="freq")
        self._index = tantivy.Index(builder.build())
        analysers = analysis.analysers()
        self._index.register_tokenizer(analysis.STEMMED, analysers[analysis.STEMMED])
        self._analyser = analysers[analysis.STEMMED]
        writer = self._index.writer(heap_size=15_000_000, num_threads=1)
        for one in documents:
            made = tantivy.Document()
            made.add_text("id", one.id)
            made.add_text("title", one.title)
            made.add_text("body", unmarked(one.body))
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def ids(self, text: str, limit: int = 10) -> list[str]:
        """The best documents for a text, best first; ties by id."""
        schema = self._index.schema
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, name, word, "freq"))
            for word in self._analyser.analyze(text)
            for name in FIELDS
        ]
        if not terms:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(terms), limit=limit, count=False).hits
        found = [(float(score or 0.0), str(searcher.doc(address)["id"][0])) for score, address in hits]
        return [one for _, one in sorted(found, key=lambda pair: (-pair[0], pair[1]))]
