"""The count of one run, blog by blog, and what it amounts to.

Owns the table `tally`, so that the figures of a run survive its interruptions, and the one rule that makes an `Outcome` of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crawler.plain import visible
from crawler.schema import prepare
from luciole.database import Database
from luciole.runs import Outcome, State

_COLUMNS = (
    "found",
    "new",
    "updated",
    "failed",
    "requests",
    "roots_read",
    "refused",
    "archived",
    "looked",
    "missing",
    "removed",
    "vanished",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What happened for one source.

    `roots_read`: feeds (or a home without feed) that were read, or answered that nothing changed; `archived`: pages fetched for its
    archive; `looked` and `missing`: known posts looked at for the first time in a while, and those of them that were not there; `removed`:
    posts taken out; `vanished`: signs that the whole site is gone.
    """

    found: int = 0
    new: int = 0
    updated: int = 0
    failed: int = 0
    requests: int = 0
    roots_read: int = 0
    refused: int = 0
    archived: int = 0
    looked: int = 0
    missing: int = 0
    removed: int = 0
    vanished: int = 0
    cause: str = ""


class Tally:
    """The counts of one run."""

    def __init__(self, database: Database, run_id: int) -> None:
        self._database, self._run_id = database, run_id
        self._requests: Counter[str] = Counter()
        prepare(database)

    def request(self, source_id: str) -> None:
        """One HTTP request more; written down with the next `add` for that source."""
        self._requests[source_id] += 1

    def add(self, source_id: str, count: Count) -> None:
        """Add to a source. The first cause stays: what followed often follows from it. Called inside the transaction it counts.

        Causes quote headers, addresses and titles of strangers, and end on terminals: what a reader cannot see is taken out here.
        """
        sent = count.requests + self._requests.pop(source_id, 0)
        values = [sent if name == "requests" else getattr(count, name) for name in _COLUMNS]
        added = ", ".join(f"{name} = {name} + excluded.{name}" for name in _COLUMNS)
        self._database.execute(
            f"INSERT INTO tally (run_id, source_id, {', '.join(_COLUMNS)}, cause) VALUES (?, ?{', ?' * (len(_COLUMNS) + 1)}) "
            f"ON CONFLICT (run_id, source_id) DO UPDATE SET {added}, cause = CASE WHEN cause = '' THEN excluded.cause ELSE cause END",
            *(self._run_id, source_id, *values, " ".join(visible(count.cause).split())),
        )

    def forget(self) -> None:
        """Begin the count anew."""
        self._database.execute("DELETE FROM tally WHERE run_id = ?", self._run_id)

    def flush(self) -> None:
        """Write down requests that nothing followed."""
        for source_id in list(self._requests):
            self.add(source_id, Count())

    def count(self, source_id: str) -> Count:
        """What was counted for a source so far."""
        row = self._database.one("SELECT * FROM tally WHERE run_id = ? AND source_id = ?", self._run_id, source_id)
        return Count(**{name: row[name] for name in (*_COLUMNS, "cause")}) if row else Count()

    def knows(self, source_id: str) -> bool:
        """Whether this run has begun with a source."""
        return self._database.one("SELECT 1 FROM tally WHERE run_id = ? AND source_id = ?", self._run_id, source_id) is not None

    def begun(self) -> frozenset[str]:
        """The sources that this run has begun with."""
        rows = self._database.all("SELECT source_id FROM tally WHERE run_id = ?", self._run_id)
        return frozenset(row["source_id"] for row in rows)

    def outcome(self, source_id: str) -> Outcome:
        """How a source fared."""
        count = self.count(source_id)
        return Outcome(
            source_id=source_id,
            state=state_of(count),
            cause=count.cause,
            found=count.found,
            new=count.new,
            updated=count.updated,
            failed=count.failed,
            requests=count.requests,
        )


def state_of(count: Count) -> State:
    """What the figures amount to: nothing read is a failure or a refusal, anything unread makes it partial."""
    if not count.roots_read:
        return "refused" if count.refused else "failed"
    if count.failed or count.cause:
        return "partial"
    return "ok" if count.new or count.updated else "unchanged"
