"""Whose turn it is: rows waiting in one queue per host, served round robin, the news of a blog before its archive.

Pure bookkeeping in memory over row ids; the frontier keeps the truth. A host never has more than one row under way: a host that asks for
time (`Retry-After`) is then sent nothing that was already on its way, a slow blog never fills the downloader, and what a crash throws
back is small.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush


class Lanes:
    """Queues by name. One row of each queue, and `total` rows of all, may be under way at once."""

    def __init__(self, *, total: int) -> None:
        self._total = total
        self._waiting: dict[str, list[tuple[int, int, int]]] = {}  # heaps of priority, turn, row
        self._turn = 0
        self._free: deque[str] = deque()
        self._busy: set[str] = set()
        self._known: set[int] = set()

    def push(self, lane: str, row: int, priority: int = 0) -> bool:
        """Put a row into its queue, behind those of its priority; one that waits already stays where it is, and the answer is False."""
        if row in self._known:
            return False
        self._known.add(row)
        queue = self._waiting.setdefault(lane, [])
        self._turn += 1
        heappush(queue, (priority, self._turn, row))
        if len(queue) == 1 and lane not in self._busy:
            self._free.append(lane)
        return True

    def pop(self) -> tuple[str, int] | None:
        """The next row with its queue's name, now under way; None when no queue may go on."""
        if self.under_way >= self._total or not self._free:
            return None
        lane = self._free.popleft()
        _, _, row = heappop(self._waiting[lane])
        self._known.discard(row)
        self._busy.add(lane)
        if not self._waiting[lane]:
            del self._waiting[lane]
        return lane, row

    def release(self, lane: str) -> None:
        """The row of this queue is no longer under way."""
        self._busy.remove(lane)
        if lane in self._waiting:
            self._free.append(lane)

    @property
    def under_way(self) -> int:
        """Rows popped and not released."""
        return len(self._busy)
