"""The two protocols that every search engine answers to: their docstrings are the specification.

`SearchEngine` is what the api needs, `IndexWriter` what the indexer needs. An engine receives plans and documents, never a reader's raw
text, and its limits stay in its adapter. All values are immutable; all failures are `EngineError`s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from indexer.document import IndexDocument
from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What an index says of itself. `revision`: the store's, up to which it is true; `schema`: the version of fields and analysis;
    `generation`: a token that differs after every publish."""

    revision: int
    schema: str
    generation: str
    night: Night | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawHits:
    """An engine's answer to one plan, all read from one snapshot. `facets` maps a facet's name to (value, count) pairs, the most
    frequent first, counted with every filter but the facet's own (disjunctive). `night` is the one published with that generation."""

    documents: tuple[IndexDocument, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    generation: str
    night: Night | None


class SearchEngine(Protocol):
    """A published index, open for reading."""

    def search(self, plan: Plan) -> RawHits:
        """The documents of `plan.offset` to `plan.offset + plan.limit`, best first or newest first, undated last, ties by date then id.

        By relevance the pinned ones stand before all others; with `plan.diverse` the order is the one of `indexer.diversity.spread`.
        `plan.limit` 0 gives the total and the facets alone. Raises `EngineUnavailable` or `EngineError`.
        """

    def documents(self, ids: Sequence[str]) -> tuple[IndexDocument, ...]:
        """Those of these documents that the index holds, in this order."""

    def lexicon(self) -> Lexicon:
        """The words of the generation that is searched now."""

    def meta(self) -> Meta:
        """What the index says of itself. Raises `EngineUnavailable` when nothing was ever published."""

    def close(self) -> None:
        """Let go of files and threads."""


class IndexWriter(Protocol):
    """The one writer of an index. Nothing that it does is seen by readers before `publish`, and `publish` is all or nothing."""

    def meta(self) -> Meta | None:
        """What the live index says of itself; None when there is none, a damaged one or one of another schema: then only `rebuild`
        makes sense."""

    def present(self, ids: Iterable[str]) -> set[str]:
        """Which of these ids the live index holds, as last published: what was applied since is not looked at."""

    def beside(self, ids: Set[str]) -> set[str]:
        """Which documents the live index holds beside these: the rest that `present` leaves. As last published, like `present`."""

    def documents(self, ids: Iterable[str]) -> Iterator[IndexDocument]:
        """Those of these documents that the live index holds and can give back, in any order: the very values that went in. As last
        published, like `present`; both may be asked while `rebuild` takes its documents in."""

    def due(self, now: datetime) -> tuple[IndexDocument, ...]:
        """The documents of the live index that readers may not find any longer as they are at `now`: their `until` has come. As last
        published, like `present`."""

    def apply(self, upserts: Iterable[IndexDocument], deletions: Iterable[str]) -> None:
        """Take documents in (replacing those of the same id) and ids out. Nothing is visible yet."""

    def publish(self, revision: int, night: Night) -> Meta:
        """Make everything applied visible at once, with the revision and the night that belong to it."""

    def rebuild(self, documents: Iterable[IndexDocument], closing: Callable[[], tuple[int, Night]]) -> Meta:
        """Build a fresh index beside the live one and switch at the end. On any failure the live one stays and the new one is dropped.

        `closing` gives the revision and the night that belong to the documents; it is called once, when all of them were taken in.
        """

    def close(self) -> None:
        """Give up what was applied and not published, and let others write."""
