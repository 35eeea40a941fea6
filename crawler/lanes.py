"""Whose turn it is: rows waiting in one queue per host, served round robin.

Pure bookkeeping in memory over row ids; the frontier keeps the truth. A host never has more than a few rows under way, so that a slow
blog never fills the downloader, and what a crash throws back is small.
"""

from __future__ import annotations

from collections import deque


class Lanes:
    """Queues by name. `per_lane` rows of one queue and `total` rows of all may be under way at once."""

    def __init__(self, *, per_lane: int, total: int) -> None:
        self._per_lane, self._total = per_lane, total
        self._waiting: dict[str, deque[int]] = {}
        self._free: deque[str] = deque()
        self._under_way: dict[str, int] = {}
        self._known: set[int] = set()

    def push(self, lane: str, row: int) -> bool:
        """Put a row at the end of its queue; one that waits already stays where it is, and the answer is False."""
        if row in self._known:
            return False
        self._known.add(row)
        queue = self._waiting.setdefault(lane, deque())
        queue.append(row)
        if len(queue) == 1:
            self._offer(lane)
        return True

    def pop(self) -> tuple[str, int] | None:
        """The next row with its queue's name, now under way; None when no queue may go on."""
        if self.under_way >= self._total or not self._free:
            return None
        lane = self._free.popleft()
        row = self._waiting[lane].popleft()
        self._known.discard(row)
        self._under_way[lane] = self._under_way.get(lane, 0) + 1
        if self._waiting[lane]:
            self._offer(lane)
        else:
            del self._waiting[lane]
        return lane, row

    def release(self, lane: str) -> None:
        """One row of this queue is no longer under way."""
        self._under_way[lane] -= 1
        if not self._under_way[lane]:
            del self._under_way[lane]
        if self._waiting.get(lane):
            self._offer(lane)

    @property
    def under_way(self) -> int:
        """Rows popped and not released."""
        return sum(self._under_way.values())

    @property
    def waiting(self) -> int:
        """Rows pushed and not popped."""
        return len(self._known)

    def _offer(self, lane: str) -> None:
        if self._under_way.get(lane, 0) < self._per_lane and lane not in self._free:
            self._free.append(lane)
