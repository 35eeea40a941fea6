"""The index as the api uses it: asked with patience, never waited for without end.

Owns patience: how many calls run at once and how long one may take. What is searched and how is `indexer.search`'s business, and so is
noticing that an index appeared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, TypeVar

from indexer.engine import Meta
from indexer.night import Night
from indexer.query import Query
from indexer.results import Hit, Results, Suggestions
from indexer.search import Search
from luciole.errors import EngineError, EngineUnavailable

PATIENCE: Final = 8.0
"""Seconds that a reader waits for an engine at most. The slowest honest query takes a hundredth of that."""

Answer = TypeVar("Answer")


class LiveIndex:
    """A `Search` behind a clock. Every failure is an `EngineError`; the next call asks anew, so that an index that appears is found.

    `calls` bounds how many threads an engine that hangs can hold, `patience` is in seconds.
    """

    def __init__(self, search: Search, *, calls: int, patience: float = PATIENCE) -> None:
        self._search = search
        self._slots = threading.BoundedSemaphore(calls)
        self._patience = patience

    def page(self, query: Query) -> Results:
        """One page of results."""
        return self._ask(lambda: self._search.page(query))

    def suggest(self, prefix: str, filters: Mapping[str, tuple[str, ...]] | None = None) -> Suggestions:
        """What a text being typed may become; with `filters`, what finds something within them."""
        return self._ask(lambda: self._search.suggest(prefix, filters=filters or {}))

    def article(self, article_id: str) -> Hit | None:
        """One article; None when readers cannot find it."""
        return self._ask(lambda: self._search.article(article_id))

    def similar(self, article_id: str, size: int) -> tuple[Hit, ...] | None:
        """The articles that speak of the same; None when readers cannot find this one."""
        return self._ask(lambda: self._search.similar(article_id, size))

    def meta(self) -> Meta:
        """What the index says of itself."""
        return self._ask(self._search.meta)

    def night(self) -> Night:
        """What readers may know of the blogs and of the last night."""
        return self.edition()[1]

    def edition(self) -> tuple[str, Night]:
        """A generation, and what it knows of the blogs: of one look, so that the two belong together."""
        meta = self.meta()
        if meta.night is None:
            raise EngineUnavailable("the index was published without its blogs")
        return meta.generation, meta.night

    def months(self, source_id: str) -> dict[str, int]:
        """How many articles of a blog are of each month, `2024-03`."""
        return self._ask(lambda: self._search.months(source_id))

    def warm(self) -> None:
        """Open the index ahead of the first reader, who would wait for its words (a second for 300,000). It may not be there yet."""
        with suppress(EngineError):
            self._search.meta()

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Put the question in a thread of its own, so that an engine that hangs costs a reader `patience` and no more."""
        if not self._slots.acquire(timeout=self._patience):
            raise EngineError("every thread of the search engine is busy")
        answers: list[Answer] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                answers.append(question())
            except BaseException as failure:  # raised again in the thread that waits
                failures.append(failure)
            finally:
                self._slots.release()

        thread = threading.Thread(target=run, name="engine-call", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self._slots.release()
            raise EngineError("no thread is left for the search engine") from error
        thread.join(self._patience)
        if failures:
            raise failures[0]
        if not answers:
            raise EngineError(f"the search engine did not answer within {self._patience:g} s")
        return answers[0]
