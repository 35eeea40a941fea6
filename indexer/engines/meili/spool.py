"""What was applied and waits for its publish: documents in a file, out of memory.

The last change of an id counts. Owns the file; it refuses to know servers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from indexer.document import IndexDocument
from indexer.engines.meili.fields import from_meili, stored
from luciole.errors import EngineError


class Spool:
    """Changes by id: a document that comes, or nothing for one that leaves."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        self._places: dict[str, tuple[int, int] | None] = {}
        self._end = 0

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    @property
    def ids(self) -> list[str]:
        """Everything that changes."""
        return list(self._places)

    def put(self, document: IndexDocument) -> None:
        """A document comes, or replaces another of its id."""
        line = stored(document).encode(errors="replace")
        try:
            self._file.seek(self._end)
            self._file.write(line)
        except OSError as error:
            raise EngineError(f"changes of the index cannot be kept until they are published: {error.strerror}") from error
        self._places[document.id] = (self._end, len(line))
        self._end += len(line)

    def drop(self, ids: Iterable[str]) -> None:
        """Documents leave."""
        self._places.update(dict.fromkeys(ids))

    def documents(self) -> Iterator[IndexDocument]:
        """Those that come."""
        for place in list(self._places.values()):
            if place is not None:
                self._file.seek(place[0])
                yield from_meili({"stored": self._file.read(place[1]).decode()})
