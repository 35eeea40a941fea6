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
from luciole.runs import RunLog
from luciole.sources import Source
from luciole.store import ArticleStore

BATCH: Final = 500
"""Articles handed to an engine at once."""

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
                document = to_document(article, self._sources.get(article.source_id))
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
            documents = [to_document(article, self._sources.get(article.source_id)) for article in batch]
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

    def _night(self, counts: Counter[str], old: Night | None) -> Night:
        """What readers may know of the blogs. A blog that the last crawl did not visit keeps what was known of it."""
        run = self._history.last()
        outcomes = {outcome.source_id: outcome for outcome in self._history.outcomes(run.id)} if run else {}
        successes = self._history.last_success()
        cards = []
        for source in sorted(self._sources.values(), key=_by_name):
            if not source.listed:
                continue
            outcome, card = outcomes.get(source.id), old.source(source.id) if old else None
            cards.append(
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
                    last_success=successes.get(source.id) or (card.last_success if card else None),
                    state=outcome.state if outcome else card.state if card else None,
                    cause=outcome.cause if outcome else card.cause if card else "",
                )
            )
        return Night(
            published_at=self._now,
            # A night that visited nobody (no contact set, all paused) is no visit.
            crawled_at=(run.ended if run and any(one.state != "skipped" for one in outcomes.values()) else None)
            or (old.crawled_at if old else None),
            articles=sum(card.articles for card in cards),
            sources=tuple(cards),
        )


def _articles(number: int) -> str:
    return f"{number} article trouvable" if number < 2 else f"{number:,} articles trouvables".replace(",", "\u202f")


class _Withdrawn(Exception):
    """An article that was handed to a rebuild must not be in it."""


def _by_name(source: Source) -> tuple[str, str]:
    """French alphabetical order: accents and case do not count."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", source.name) if not unicodedata.combining(letter))
    return plain.casefold(), source.id
