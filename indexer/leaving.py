"""Which documents a publish would take out of the live index, and why; and what of them is carried over.

Owns the way from ids of the live index to `Removal`s: record, registry and index are asked here what each of them knows. What of it is held
back is decided in `indexer.losses`; when it happens, in `indexer.publish`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from indexer.document import IndexDocument, to_document
from indexer.engine import IndexWriter
from indexer.folding import clean
from indexer.losses import Removal, reason, sign
from luciole.article import Article
from luciole.errors import EngineError, EngineUnavailable
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

DUE: Final = "terme fixé par l’auteur"
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Leaving:
    """What record and registry say at the moment `now` of the documents that the writer's live index holds."""

    store: ArticleStore
    writer: IndexWriter
    sources: Mapping[str, Source]
    standings: Mapping[str, Standing]
    now: datetime

    def document(self, article: Article) -> IndexDocument | None:
        """What readers may find of an article."""
        return to_document(article, self.sources.get(article.source_id), self.standings.get(article.source_id), now=self.now)

    def ended(self, article: Article | None) -> bool:
        """Whether a document that is due (`IndexWriter.due`) leaves for good, and not only waited for the day of its date. Of one that the
        record does not know any longer nobody can say: it leaves."""
        end = article.wishes.unavailable_after if article else self.now
        return end is not None and end <= self.now

    def removal(self, article: Article) -> Removal:
        """Why an article of the record would leave the index."""
        return Removal(article.source_id, article.id, self._reason(article.source_id, article, article.url), sign(article))

    def looked_at(self, ids: Collection[str]) -> Iterator[tuple[Removal, IndexDocument | None]]:
        """Why each of these documents of the live index would leave it, and what readers may find of it if it need not."""
        queue = iter(sorted(ids))
        while batch := {one: self.store.article(one) for one in islice(queue, _BATCH)}:
            left = {document.id: document for document in self.writer.documents([one for one in batch if batch[one] is None])}
            for one, article in batch.items():
                yield (self.removal(article), self.document(article)) if article else (self._unknown(one, left.get(one)), None)

    def everything_but(self, ids: Collection[str]) -> list[Removal]:
        """Why the live index would lose all that is not among these ids. Raises `Moved` when the record changes meanwhile."""
        due = {document.id for document in self.writer.due(self.now) if self.ended(self.store.article(document.id))}
        removals: list[Removal] = []
        for removal, document in self.looked_at(self.writer.beside(set(ids))):
            if document is not None:
                raise Moved(document.id)
            removals.append(replace(removal, reason=DUE) if removal.article_id in due else removal)
        return removals

    def rebuilt(self, before: Mapping[str, int], kept: Mapping[str, str]) -> list[Removal]:
        """What the live index, with `before` so many documents of each source, would lose by a rebuild that has `kept` these ids (each with
        its source). A damaged one may not say any longer what it holds, but how much it was. Raises `Moved` as `everything_but`."""
        try:
            return self.everything_but(kept.keys())
        except EngineUnavailable:
            raise
        except EngineError:
            return self._fewer(before, Counter(kept.values()))

    def carried(self, held: Collection[str]) -> Iterator[IndexDocument]:
        """Documents of the live index as they would look today, all of these ids. Raises `Blocked` when it cannot give one back."""
        missing = set(held)
        try:
            for document in self.writer.documents(sorted(held)):
                missing.discard(document.id)
                yield self.as_today(document)
        except EngineUnavailable:
            raise
        except EngineError as error:
            raise Blocked from error
        if missing:
            raise Blocked

    def _fewer(self, before: Mapping[str, int], after: Mapping[str, int]) -> list[Removal]:
        """The same of an index that cannot say what it holds: all that is known is how many documents of each source there were. The ids
        are made up: nothing can be carried over under them."""
        return [
            Removal(source, f"{source} {place}", self._reason(source, None, None), "sans lecture possible dans l’index en ligne")
            for source, count in before.items()
            for place in range(count - after.get(source, 0))
        ]

    def as_today(self, document: IndexDocument) -> IndexDocument:
        """A document of the live index under the name, the disciplines, the type and the weight that its blog has today."""
        source = self.sources.get(document.source_id)
        if source is None:
            return document
        return replace(
            document, source_name=clean(source.name), disciplines=source.disciplines, source_type=source.type, weight=source.weight
        )

    def _unknown(self, one: str, left: IndexDocument | None) -> Removal:
        """Of an article that the record does not know: its document in the live index is all that is left."""
        if left is None:
            return Removal("", one, None, "sans lecture possible dans l’index en ligne")
        return Removal(left.source_id, one, self._reason(left.source_id, None, left.url), sign(None))

    def _reason(self, source: str, article: Article | None, url: str | None) -> str | None:
        return reason(article, self.sources.get(source), self.standings.get(source), url=url, now=self.now)


class Blocked(Exception):
    """What must be held back cannot be carried over."""


class Moved(Exception):
    """The record has changed while it was read: what was read of an article is true no longer."""
