"""What waits to be fetched in this process: the next rows of each source, in the queue of their host.

Owns how many rows are held in memory, a window of each source's: an archive may have tens of thousands of them, and only the frontier keeps
them all. It refuses to know requests; what is due is the frontier's to say, and whose turn it is `lanes`'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.crawl import Crawl
from crawler.lanes import Lanes
from crawler.ledger import Fresh
from crawler.row import ROOT


@dataclass(frozen=True, slots=True)
class Turn:
    """A row whose turn it is: its id, its source and its queue."""

    row_id: int
    source_id: str
    lane: str


class Turns:
    """Rows by queue, refilled from the frontier; and how much of each source is open: waiting, under way or unread."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._lanes = Lanes(total=2 * crawl.limits.concurrency)
        self._source_of: dict[int, str] = {}
        self._waiting: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        self._more: set[str] = set()
        self._window = crawl.limits.window
        """Rows of one source that wait here at most, its feeds and home aside."""

    def load(self, source_ids: Iterable[str]) -> None:
        """Put the next due rows of these sources into their queues."""
        for source_id in source_ids:
            rows = self._crawl.frontier.due([source_id], self._crawl.now(), self._window)
            for row in rows:
                self._put(source_id, row.url, row.id, row.priority)
            (self._more.add if len(rows) == self._window else self._more.discard)(source_id)

    def push(self, source_id: str, fresh: Fresh) -> None:
        """Addresses came up that are to be fetched. Those for which there is no room are loaded when their turn comes."""
        for url, row_id in fresh:
            priority = self._crawl.frontier.priority(row_id)
            if self._waiting[source_id] >= self._window and priority > ROOT:
                self._more.add(source_id)
                break  # what comes up together is of one kind
            self._put(source_id, url, row_id, priority)

    def pop(self) -> Turn | None:
        """The next row, now under way; None when no queue may go on."""
        taken = self._lanes.pop()
        if taken is None:
            return None
        lane, row_id = taken
        source_id = self._source_of.pop(row_id)
        self._waiting[source_id] -= 1
        return Turn(row_id, source_id, lane)

    def release(self, lane: str, source_id: str, *, refill: bool = True) -> None:
        """The row of this queue is no longer under way; its source may have more."""
        self._lanes.release(lane)
        if refill and source_id in self._more and self._waiting[source_id] <= self._window // 4:
            self.load([source_id])

    def begin(self, source_id: str) -> None:
        """Something of a source is open that never waited here."""
        self._open[source_id] += 1

    def end(self, source_id: str) -> bool:
        """A row that was popped, or begun, is settled. Returns whether it was the last of its source."""
        self._open[source_id] -= 1
        return self.is_over(source_id)

    def is_over(self, source_id: str) -> bool:
        """Whether nothing of a source is open."""
        return not self._open[source_id] and source_id not in self._more

    @property
    def waiting(self) -> bool:
        """Whether any row waits."""
        return bool(self._source_of)

    @property
    def under_way(self) -> int:
        """Rows popped whose queue was not released."""
        return self._lanes.under_way

    def _put(self, source_id: str, url: str, row_id: int, priority: int) -> None:
        if self._lanes.push(self._crawl.politeness.lane_name(url), row_id, priority):
            self._source_of[row_id] = source_id
            self._waiting[source_id] += 1
            self._open[source_id] += 1
