"""What a run was and how each blog fared in it: the values behind every report, and where they are kept.

A blog that fails is data: an `Outcome` with its cause in French words. Owns the tables `run` and `outcome` of the store's file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Row
from typing import Literal

from luciole.database import Database

State = Literal["ok", "unchanged", "partial", "failed", "refused", "skipped"]
"""`ok`: something new; `unchanged`: visited, nothing new; `partial`: some pages failed; `failed`: nothing could be read; `refused`: the
blog's robots.txt or our own guard forbids it; `skipped`: not visited (no contact, video channel, paused, out of time)."""

STATE_LABELS: dict[str, str] = {
    "ok": "à jour",
    "unchanged": "inchangé",
    "partial": "incomplet",
    "failed": "en échec",
    "refused": "refusé",
    "skipped": "non visité",
}

SCHEMA = (
    """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    finished INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE outcome (
    run_id INTEGER NOT NULL REFERENCES run (id),
    source_id TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    found INTEGER NOT NULL,
    new INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (run_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcome_source ON outcome (source_id, state, at)
""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one source fared in one run. `found`: posts seen; `new` and `updated`: articles written; `failed`: pages that could not be
    read; `requests`: HTTP requests sent, robots.txt included; `cause`: one French sentence, empty when all went well."""

    source_id: str
    state: State
    cause: str = ""
    found: int = 0
    new: int = 0
    updated: int = 0
    failed: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl. `finished` is true only when no work was left; a run that was interrupted resumes."""

    id: int
    kind: str
    started: datetime
    ended: datetime | None
    finished: bool


class RunLog:
    """The history of runs, in the store's own file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("runs", SCHEMA)

    def begin(self, kind: str, at: datetime) -> int:
        """Open a run and return its id."""
        cursor = self._database.execute("INSERT INTO run (kind, started) VALUES (?, ?)", kind, _stamp(at))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def close(self, run_id: int, outcomes: Iterable[Outcome], at: datetime, *, finished: bool) -> None:
        """Write how each source fared, in one transaction with the end of the run."""
        with self._database.transaction():
            for one in outcomes:
                self._database.execute(
                    "INSERT OR REPLACE INTO outcome (run_id, source_id, state, cause, found, new, updated, failed, requests, at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    *(run_id, one.source_id, one.state, one.cause, one.found, one.new, one.updated, one.failed, one.requests),
                    _stamp(at),
                )
            self._database.execute("UPDATE run SET ended = ?, finished = ? WHERE id = ?", _stamp(at), int(finished), run_id)

    def last(self) -> Run | None:
        """The newest run, if any."""
        row = self._database.one("SELECT * FROM run ORDER BY id DESC LIMIT 1")
        return _run(row) if row else None

    def last_closed(self) -> Run | None:
        """The newest run that came to say how the sources fared: not one under way, nor one that was killed."""
        row = self._database.one("SELECT * FROM run WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1")
        return _run(row) if row else None

    def outcomes(self, run_id: int) -> list[Outcome]:
        """How each source fared in a run, by source id."""
        return [
            Outcome(
                source_id=row["source_id"],
                state=row["state"],
                cause=row["cause"],
                found=row["found"],
                new=row["new"],
                updated=row["updated"],
                failed=row["failed"],
                requests=row["requests"],
            )
            for row in self._database.all("SELECT * FROM outcome WHERE run_id = ? ORDER BY source_id", run_id)
        ]

    def last_success(self) -> dict[str, datetime]:
        """For each source ever read with success, when it last was."""
        rows = self._database.all(
            "SELECT source_id, max(at) AS at FROM outcome WHERE state IN ('ok', 'unchanged', 'partial') GROUP BY source_id"
        )
        return {row["source_id"]: datetime.fromisoformat(row["at"]) for row in rows}


def _run(row: Row) -> Run:
    return Run(
        id=row["id"],
        kind=row["kind"],
        started=datetime.fromisoformat(row["started"]),
        ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
        finished=bool(row["finished"]),
    )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
