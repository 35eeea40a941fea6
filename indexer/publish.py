"""From the store to an engine: bring the index up to a revision of the record, or build it anew.

Owns the one loop that reads changes, and what is held back of it (`indexer.losses` decides). The index is a function of store and registry:
one that is missing, damaged, of another schema or ahead of its store is rebuilt, without a request to anybody. Only what would leave in
numbers and without a reason stays, marked as such in `Night.held`, and is looked at again with every publish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from indexer.cards import counts, night
from indexer.curated import published
from indexer.document import IndexDocument
from indexer.engine import IndexWriter, Meta
from indexer.index_report import IndexReport
from indexer.leaving import Blocked, Leaving, Moved
from indexer.losses import Removal, Verdict, losses
from indexer.night import Night
from luciole.article import Article
from luciole.runs import RunLog
from luciole.sources import Source
from luciole.store import ArticleStore
from luciole.vocabulary import WrittenVocabulary

__all__ = ["BATCH", "IndexReport", "Progress", "index"]

BATCH: Final = 500
"""Articles handed to an engine at once."""

Progress = Callable[[int], None]
"""Told how many articles were read so far."""


def index(
    store: ArticleStore,
    registry: Iterable[Source],
    writer: IndexWriter,
    *,
    now: datetime,
    vocabulary: WrittenVocabulary | None = None,
    history: RunLog | None = None,
    rebuild: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index up to the store and the registry, and publish it with the night that belongs to it.

    `now` also decides which articles may be shown no longer: those whose authors set an end, and it has come, leave without any change
    in the store; and which dates lie too far ahead to be told: such articles get theirs when the day comes, in the same way.

    What would leave in numbers and without a reason is held back (`indexer.losses.losses`), unless `force` lets it go; the report names it.
    A rebuild carries it over from the live index; where that cannot be read, the whole rebuild is held back.

    `vocabulary` is published with the night (none when left out). Chosen answers that readers cannot find are told in the report.

    `history` is the log of crawls, for what readers are told of each blog (the store's own when left out). Raises `StoreError` or
    `EngineError`; what was published before stays in either case.
    """
    sources = {source.id: source for source in registry}
    changes = store.sync_sources(sources.values())
    meta = writer.meta()
    anew = rebuild or meta is None or meta.night is None or meta.revision > store.revision()
    publisher = _Publisher(
        store, sources, vocabulary or WrittenVocabulary(), writer, history or RunLog(store.database), now, progress, force=force
    )
    report = publisher.rebuild(meta) if anew or meta is None else publisher.update(meta)
    return replace(report, came=changes.came, left=changes.left, changed=changes.changed)


class _Publisher:
    """One run over the changes of the store."""

    def __init__(
        self,
        store: ArticleStore,
        sources: dict[str, Source],
        written: WrittenVocabulary,
        writer: IndexWriter,
        history: RunLog,
        now: datetime,
        progress: Progress | None,
        *,
        force: bool,
    ) -> None:
        self._store = store
        self._sources = sources
        self._written = written
        self._writer = writer
        self._standings = store.standings()
        self._leaving = Leaving(store, writer, sources, self._standings, now)
        self._history = history
        self._now = now
        self._progress = progress or (lambda done: None)
        self._force = force
        self._revision = 0
        self._unanswered: tuple[str, ...] = ()

    def rebuild(self, meta: Meta | None) -> IndexReport:
        """Everything from the first revision on, into a fresh index; then what is held back, out of the live one."""
        counted: dict[str, str] = {}
        verdict, indexed, removed = Verdict(), 0, 0
        self._revision = self._store.revision()
        old = meta.night if meta else None

        def documents() -> Iterator[IndexDocument]:
            nonlocal verdict, indexed, removed
            for article in self._read(0):
                document = self._leaving.document(article)
                # An article that changes while it is read comes again: the later state counts.
                if document is not None:
                    counted[document.id] = document.source_id
                    yield document
                elif article.id in counted:
                    raise Moved(article.id)
            indexed = len(counted)
            if old is not None:
                removals = self._leaving.rebuilt(counts(old), counted)
                verdict = self._verdict(old, removals)
                removed = len(removals) - len(verdict.held)
                for document in self._leaving.carried(verdict.held):
                    counted[document.id] = document.source_id
                    yield document

        def closing() -> tuple[int, Night]:
            return self._revision, self._night(Counter(counted.values()), old, verdict)

        try:
            made = self._writer.rebuild(documents(), closing)
        except Moved:
            # Somebody else removes articles under our hands: very rare (nights hold a lock), and simply done again.
            return self.rebuild(meta)
        except Blocked:
            assert meta is not None
            assert old is not None
            return IndexReport(
                rebuilt=False,
                published=False,
                revision=meta.revision,
                indexed=0,
                removed=0,
                articles=old.articles,
                held=tuple(sorted(verdict.held)),
                warnings=verdict.sentences,
                blocked=True,
            )
        return IndexReport(
            rebuilt=True,
            published=True,
            revision=made.revision,
            indexed=indexed,
            removed=removed,
            articles=len(counted),
            held=tuple(sorted(verdict.held)),
            warnings=(*verdict.sentences, *self._unanswered),
        )

    def update(self, meta: Meta) -> IndexReport:
        """What changed since the published revision, and what was held back then."""
        assert meta.night is not None
        old = meta.night
        before: set[str] = set()
        after: dict[str, bool] = {}
        found_of = counts(old)
        doubtful: dict[str, Removal] = {}
        leaving: dict[str, str] = {}

        def settle(one: str, source: str, *, found: bool) -> None:
            found_of[source] += found - after.get(one, one in before)
            after[one] = found

        self._revision = meta.revision
        articles = self._read(meta.revision)
        while batch := {article.id: article for article in islice(articles, BATCH)}:
            before |= self._writer.present(one for one in batch if one not in after)
            documents = {one: self._leaving.document(article) for one, article in batch.items()}
            for one, article in batch.items():
                removal = self._leaving.removal(article)
                doubtful.pop(one, None)
                if documents[one] is None and one in before and removal.reason is None:
                    doubtful[one] = removal
                settle(one, article.source_id, found=documents[one] is not None or one in doubtful)
            self._writer.apply(
                [document for document in documents.values() if document is not None], [one for one in batch if not after[one]]
            )
        # What was held back before and has not changed since; and what the record does not know at all.
        others = self._writer.present(set(old.held) - after.keys()) | self._writer.beside(self._store.ids())
        before |= others
        for removal, document in self._leaving.looked_at(others):
            if document is not None:
                self._writer.apply([document], ())
                settle(document.id, document.source_id, found=True)
            elif removal.reason is None:
                doubtful[removal.article_id] = removal
            else:
                leaving[removal.article_id] = removal.source
        for document in self._writer.due(self._now):
            if document.id in doubtful or document.id not in after:
                recorded = self._store.article(document.id)
                today = self._leaving.document(recorded) if recorded else None
                if today is not None:  # the day of its date has come
                    before.add(document.id)
                    self._writer.apply([today], ())
                    settle(today.id, today.source_id, found=True)
                elif self._leaving.ended(recorded):
                    before.add(document.id)
                    doubtful.pop(document.id, None)
                    leaving[document.id] = document.source_id
        verdict = self._verdict(old, doubtful.values())
        leaving |= {one: removal.source for one, removal in doubtful.items() if one not in verdict.held}
        self._writer.apply((), leaving)
        for one, source in leaving.items():
            settle(one, source, found=False)
        for document in self._writer.documents(sorted(verdict.held)):
            if (today := self._leaving.as_today(document)) != document:
                self._writer.apply([today], ())

        revision = max(self._revision, meta.revision)
        tonight = self._night(found_of, old, verdict)
        unchanged = not after and replace(tonight, published_at=old.published_at) == old and revision == meta.revision
        if not unchanged:
            self._writer.publish(revision, tonight)
        return IndexReport(
            rebuilt=False,
            published=not unchanged,
            revision=revision,
            indexed=sum(found and one not in verdict.held for one, found in after.items()),
            removed=sum(not after.get(one, True) for one in before),
            articles=tonight.articles,
            held=tonight.held,
            warnings=(*verdict.sentences, *self._unanswered),
        )

    def _read(self, revision: int) -> Iterator[Article]:
        """The changes since a revision, noting how far the record was read: up to there the index will be true."""
        for done, article in enumerate(self._store.changes_since(revision, batch=BATCH), start=1):
            yield article
            self._revision = max(self._revision, article.revision)
            self._progress(done)

    def _verdict(self, old: Night, removals: Iterable[Removal]) -> Verdict:
        return Verdict() if self._force else losses(counts(old), removals, frozenset(old.held))

    def _night(self, found_of: Counter[str], old: Night | None, verdict: Verdict) -> Night:
        vocabulary, self._unanswered = published(self._written, self._leaving, verdict.held)
        return night(
            *(self._store, self._sources.values(), self._standings, self._history, found_of),
            now=self._now,
            old=old,
            held=verdict.held,
            vocabulary=vocabulary,
        )
