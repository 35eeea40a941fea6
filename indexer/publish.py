"""From the store to an engine: bring the index up to a revision of the record, or build it anew.

Owns the one loop that reads changes, and the value `Night` that is published with them. The index is a function of store and registry:
one that is missing, damaged, of another schema or ahead of its store is rebuilt, without a request to anybody.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from indexer.document import IndexDocument, to_document
from indexer.engine import IndexWriter, Meta
from indexer.night import Night, SourceCard
from luciole.article import Article
from luciole.reports import last_outcomes, source_reports
from luciole.runs import RunLog
from luciole.sources import Source
from luciole.store import ArticleStore

BATCH: Final = 500
"""Articles handed to an engine at once."""

_REPORTED: Final = (
    *("last_success", "state", "cause", "found", "expected", "undated", "guessed", "empty", "members_only", "copies"),
    *("failures", "failing_since", "frozen_since", "frozen_why", "gone_since"),
)
"""What the card of a blog takes over from its report."""

Progress = Callable[[int], None]
"""Told how many articles were read so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one run of the indexer did. `came`, `left`, `changed`: ids of sources; `removed` counts articles that readers could find
    before and cannot now; `published` is false when there was nothing to say; `articles` is how many can be found."""

    rebuilt: bool
    published: bool
    revision: int
    indexed: int
    removed: int
    articles: int
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def describe(self) -> str:
        """One French line or two for whoever runs the indexer."""
        if not self.published:
            return f"Index à jour : {_articles(self.articles)}, rien à changer."
        figures = f"{self.indexed} écrit{'s' * (self.indexed > 1)}, {self.removed} retiré{'s' * (self.removed > 1)}"
        done = "Index reconstruit" if self.rebuilt else f"Index mis à jour ({figures})"
        text = f"{done} : {_articles(self.articles)}."
        for label, ids in (("arrivés", self.came), ("partis", self.left), ("modifiés", self.changed)):
            if ids and not (self.rebuilt and label == "arrivés"):
                text += f"\nBlogs {label} : {', '.join(ids[:10])}{' …' if len(ids) > 10 else ''}."
        return text


def index(
    store: ArticleStore,
    registry: Iterable[Source],
    writer: IndexWriter,
    *,
    now: datetime,
    history: RunLog | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index up to the store and the registry, and publish it with the night that belongs to it.

    `now` also decides which articles may be shown no longer: those whose authors set an end, and it has come, leave without any change
    in the store.

    `history` is the log of crawls, for what readers are told of each blog (the store's own when left out). Raises `StoreError` or
    `EngineError`; what was published before stays in either case.
    """
    sources = {source.id: source for source in registry}
    changes = store.sync_sources(sources.values())
    meta = writer.meta()
    anew = rebuild or meta is None or meta.night is None or meta.revision > store.revision()
    publisher = _Publisher(store, sources, writer, history or RunLog(store.database), now, progress)
    report = publisher.rebuild(meta) if anew or meta is None else publisher.update(meta)
    return replace(report, came=changes.came, left=changes.left, changed=changes.changed)


class _Publisher:
    """One run over the changes of the store."""

    def __init__(
        self,
        store: ArticleStore,
        sources: dict[str, Source],
        writer: IndexWriter,
        history: RunLog,
        now: datetime,
        progress: Progress | None,
    ) -> None:
        self._store = store
        self._sources = sources
        self._writer = writer
        self._standings = store.standings()
        self._history = history
        self._now = now
        self._progress = progress or (lambda done: None)
        self._revision = 0

    def rebuild(self, meta: Meta | None) -> IndexReport:
        """Everything from the first revision on, into a fresh index."""
        counted: dict[str, str] = {}
        self._revision = self._store.revision()
        old = meta.night if meta else None

        def documents() -> Iterator[IndexDocument]:
            for article in self._read(0):
                document = self._document(article)
                # An article that changes while it is read comes again: the later state counts.
                if document is not None:
                    counted[document.id] = document.source_id
                    yield document
                elif article.id in counted:
                    raise _Withdrawn(article.id)

        def closing() -> tuple[int, Night]:
            return self._revision, self._night(Counter(counted.values()), old)

        try:
            made = self._writer.rebuild(documents(), closing)
        except _Withdrawn:
            # Somebody else removes articles under our hands: very rare (nights hold a lock), and simply done again.
            return self.rebuild(meta)
        removed = max(0, (old.articles if old else 0) - len(counted))
        return IndexReport(
            rebuilt=True, published=True, revision=made.revision, indexed=len(counted), removed=removed, articles=len(counted)
        )

    def update(self, meta: Meta) -> IndexReport:
        """What changed since the published revision."""
        assert meta.night is not None
        old = meta.night
        before: set[str] = set()
        after: dict[str, bool] = {}
        counts = Counter({card.id: card.articles for card in old.sources})
        self._revision = meta.revision
        articles = self._read(meta.revision)
        while batch := list(islice(articles, BATCH)):
            documents = [self._document(article) for article in batch]
            fresh = [article.id for article in batch if article.id not in after]
            present = self._writer.present(fresh)
            before |= present
            for article, document in zip(batch, documents, strict=True):
                was = after.get(article.id, article.id in present)
                after[article.id] = document is not None
                counts[article.source_id] += (document is not None) - was
            self._writer.apply(
                [document for document in documents if document is not None],
                [article.id for article, document in zip(batch, documents, strict=True) if document is None],
            )
        expired = [document for document in self._writer.due(self._now) if document.id not in after]
        self._writer.apply([], [document.id for document in expired])
        for document in expired:
            before.add(document.id)
            after[document.id] = False
            counts[document.source_id] -= 1
        revision = max(self._revision, meta.revision)
        night = self._night(counts, old)
        indexed = sum(after.values())
        removed = sum(not after[one] for one in before)
        unchanged = not after and replace(night, published_at=old.published_at) == old and revision == meta.revision
        if not unchanged:
            self._writer.publish(revision, night)
        return IndexReport(
            rebuilt=False, published=not unchanged, revision=revision, indexed=indexed, removed=removed, articles=night.articles
        )

    def _read(self, revision: int) -> Iterator[Article]:
        """The changes since a revision, noting how far the record was read: up to there the index will be true."""
        for done, article in enumerate(self._store.changes_since(revision, batch=BATCH), start=1):
            yield article
            self._revision = max(self._revision, article.revision)
            self._progress(done)

    def _document(self, article: Article) -> IndexDocument | None:
        return to_document(article, self._sources.get(article.source_id), self._standings.get(article.source_id), now=self._now)

    def _night(self, counts: Counter[str], old: Night | None) -> Night:
        """What readers may know of the blogs."""
        listed = sorted((source for source in self._sources.values() if source.listed), key=_by_name)
        visits = last_outcomes(self._history, {source.id for source in listed if source.status == "active"})
        reports = source_reports(listed, self._store.figures(), self._standings, visits, self._history.last_success())
        run = self._history.last_closed()
        # A night that visited nobody (no contact set, all paused) is no visit.
        visited = run is not None and any(outcome.state != "skipped" for outcome in self._history.outcomes(run.id))
        cards = tuple(
            SourceCard(
                id=source.id,
                name=source.name,
                url=source.url,
                disciplines=source.disciplines,
                type=source.type,
                country=source.country,
                licence=source.licence,
                status=source.status,
                why=source.why,
                articles=counts[source.id],
                **{name: getattr(report, name) for name in _REPORTED},
            )
            for source, report in zip(listed, reports[: len(listed)], strict=True)
        )
        return Night(
            published_at=self._now,
            crawled_at=(run.ended if run and visited else None) or (old.crawled_at if old else None),
            articles=sum(card.articles for card in cards),
            sources=cards,
        )


def _articles(number: int) -> str:
    return f"{number} article trouvable" if number < 2 else f"{number:,} articles trouvables".replace(",", "\u202f")


class _Withdrawn(Exception):
    """An article that was handed to a rebuild must not be in it."""


def _by_name(source: Source) -> tuple[str, str]:
    """French alphabetical order: accents and case do not count."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", source.name) if not unicodedata.combining(letter))
    return plain.casefold(), source.id
