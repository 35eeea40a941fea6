"""The queue between fetching and parsing, and those who work it off.

Owns a few tasks that have one body after the other parsed, so that the workers are never idle and the network never waits for them. What
waits here is only row ids: the bodies are on disk already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Readers:
    """Calls `read` with every row id put in, a few at a time. `read` deals with its own errors; `idle` is called after each."""

    def __init__(self, read: Callable[[int], Awaitable[None]], idle: Callable[[], None]) -> None:
        self._read, self._idle = read, idle
        self._queue: asyncio.Queue[int | None] = asyncio.Queue()
        self._tasks: list[asyncio.Future[None]] = []
        self._stopping = False
        self.unread = 0

    def start(self, count: int) -> None:
        """Begin to read with `count` tasks, in the running loop."""
        self._tasks = [asyncio.ensure_future(self._work()) for _ in range(count)]

    def put(self, row_id: int) -> None:
        """One more body to read."""
        self.unread += 1
        self._queue.put_nowait(row_id)

    async def stop(self) -> None:
        """Let what is being read end; what waits is left for the next crawl."""
        self._stopping = True
        for _ in self._tasks:
            self._queue.put_nowait(None)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        while (row_id := await self._queue.get()) is not None:
            try:
                if not self._stopping:
                    await self._read(row_id)
            except asyncio.CancelledError:  # the workers were closed under it: the row stays as it is
                if not self._stopping:
                    raise
            finally:
                self.unread -= 1
                self._idle()
