"""A fresh index beside the live one, filled by batches bounded in bytes.

While the server indexes one batch the next is made; no more than one waits. Counts what it takes in. Owns the batches; it refuses to know
where documents come from and what becomes of the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from indexer.document import IndexDocument
from indexer.engines.meili.counting import Counts
from indexer.engines.meili.fields import SETTINGS, from_meili, packed, to_meili, words_of
from indexer.engines.meili.indexes import Indexes
from indexer.engines.meili.server import Server

BATCH: Final = 24_000_000
"""Bytes sent at once: well below what a server takes, enough for some thousand articles."""


def batched(lines: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Lines joined, up to so many bytes each; one that is longer stands alone."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and size + len(line) > most:
            yield b"".join(batch)
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield b"".join(batch)


class Building:
    """One index being built."""

    def __init__(self, server: Server, indexes: Indexes) -> None:
        self.counts = Counts()
        self._server = server
        self._indexes = indexes
        self._uid = server.address.fresh
        self._lines: list[bytes] = []
        self._size = 0
        self._waiting: int | None = None
        self._ids: set[str] = set()
        indexes.set_up(self._uid, SETTINGS)

    def take(self, documents: Iterable[IndexDocument]) -> None:
        """Documents come in; one whose id came before replaces that one."""
        for document in documents:
            if document.id in self._ids:
                self._forget(document.id)
            self._ids.add(document.id)
            words = words_of(document)
            self.counts.add(words)
            self.put(to_meili(document, words))

    def put(self, made: dict[str, Any]) -> None:
        """A document as it is sent, not counted."""
        line = packed(made)
        if self._size + len(line) > BATCH:
            self._send()
        self._lines.append(line)
        self._size += len(line)

    def finish(self) -> None:
        """Wait until everything is indexed. Raises `IndexingFailed`."""
        self._send()
        self._wait()

    def _send(self) -> None:
        if self._lines:
            lines, self._lines, self._size = b"".join(self._lines), [], 0
            self._wait()
            self._waiting = self._indexes.send(self._uid, lines)

    def _wait(self) -> None:
        task, self._waiting = self._waiting, None
        if task is not None:
            self._server.finish(task)

    def _forget(self, one: str) -> None:
        """Take the words off that a document brought when it came before: very rare, an article that changed while it was read."""
        self.finish()
        path = f"indexes/{self._uid}/documents/{one}"
        self.counts.remove(words_of(self._server.ask(lambda client: from_meili(client.http.get(path)))))
