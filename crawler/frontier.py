"""The frontier: every address there is to fetch, and how far each one got. The only thing that decides whether work is left.

Owns the table `frontier`. A row is one address of one source, fetched as one kind:

    todo ──► inflight ──► fetched ──► done
      ▲         │            │
      └─────────┘            └──► dead (given up), blocked (refused)

`fetched` is written only after the raw body is durable; `done` only in the transaction that writes what the body said. A crash may leave
rows `inflight` (they go back to todo: the page is asked for again) or `fetched` (they are parsed again, without a request). It refuses
to know HTTP, parsing and politeness.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from sqlite3 import Row as SqlRow
from typing import Any, cast

from crawler.parsed import Kind
from crawler.schema import prepare, stamp
from luciole.database import Database
from luciole.urls import url_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What a home page left to try: feed addresses still to be tried in order, then links that may be posts.

    `refused` is why one of the feeds was refused, if one was: it is what to say when nothing else is found.
    """

    feeds: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One address to fetch. `from_feed`: a feed named it. `trail` is only there while a feed is being looked for."""

    id: int
    source_id: str
    kind: Kind
    url_key: str
    url: str
    from_feed: bool
    tries: int
    trail: Trail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a fetch left for the parse: the address that answered, the headers that count (lower-case names), the key of the body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body_hash: str
    at: datetime


class Frontier:
    """The rows and their states."""

    def __init__(self, database: Database) -> None:
        self._database = database
        prepare(database)

    # -- a night -----------------------------------------------------------------------------------------------------------------

    def sweep(self) -> int:
        """After a crash or an interruption: what was under way is to be done again. Returns the number of rows."""
        return self._database.execute("UPDATE frontier SET state = 'todo' WHERE state = 'inflight'").rowcount

    def uproot(self, source_id: str) -> None:
        """Leave the feeds and the home of former nights: which ones are visited this night is said anew."""
        self._database.execute(
            "UPDATE frontier SET state = 'dead', why = 'n’est plus visité', trail = NULL "
            "WHERE source_id = ? AND kind <> 'article' AND state IN ('todo', 'blocked')",
            source_id,
        )

    def root(self, source_id: str, kind: Kind, url: str) -> None:
        """Have a feed or a home visited this night, whatever became of it before."""
        self._database.execute(
            "INSERT INTO frontier (source_id, kind, url_key, url) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (source_id, kind, url_key) DO UPDATE SET url = excluded.url, state = 'todo', tries = 0, next_at = NULL, why = '', "
            "trail = NULL WHERE state <> 'fetched'",
            *(source_id, kind, url_key(url), url),
        )

    def unblock(self, now: datetime) -> None:
        """Let refused addresses be tried again once their time is over."""
        self._database.execute("UPDATE frontier SET state = 'todo' WHERE state = 'blocked' AND next_at <= ?", stamp(now))

    def add(self, source_id: str, kind: Kind, url: str, *, from_feed: bool = False, trail: Trail | None = None) -> int | None:
        """Put an address in, unless it was ever there; a feed still being looked for is tried anew. Returns the id of a row to fetch."""
        again = "DO UPDATE SET state = 'todo', tries = 0, next_at = NULL, why = '', trail = excluded.trail WHERE state <> 'todo'"
        row = self._database.one(
            "INSERT INTO frontier (source_id, kind, url_key, url, from_feed, trail) VALUES (?, ?, ?, ?, ?, ?) "
            f"ON CONFLICT (source_id, kind, url_key) {again if trail else 'DO NOTHING'} RETURNING id",
            *(source_id, kind, url_key(url), url, int(from_feed), _trail_json(trail)),
        )
        return int(row["id"]) if row else None

    def due(self, source_ids: Sequence[str], now: datetime) -> list[Row]:
        """Rows of these sources that may be fetched now: feeds and homes first, then in the order in which they came."""
        return self._rows(
            "state = 'todo' AND (next_at IS NULL OR next_at <= ?) AND source_id NOT IN (SELECT source_id FROM parked WHERE until > ?)",
            "(kind = 'article'), id",
            source_ids,
            *(stamp(now), stamp(now)),
        )

    def unparsed(self, source_ids: Sequence[str]) -> list[tuple[str, int]]:
        """Rows that were fetched and not parsed, as (source id, row id)."""
        return [(row.source_id, row.id) for row in self._rows("state = 'fetched'", "id", source_ids)]

    def unfinished(self, source_ids: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of these sources for which something is under way, unparsed or due: a run that leaves one is not finished."""
        rows = [*self._rows("state IN ('inflight', 'fetched')", "id", source_ids), *self.due(source_ids, now)]
        return frozenset(row.source_id for row in rows)

    # -- a row -------------------------------------------------------------------------------------------------------------------

    def claim(self, row_id: int) -> Row | None:
        """Mark a row as under way. None when it is no longer to be fetched."""
        row = self._database.one("UPDATE frontier SET state = 'inflight' WHERE id = ? AND state = 'todo' RETURNING *", row_id)
        return _row(row) if row else None

    def fetched(self, row_id: int, answer: Answer) -> None:
        """The body is durable in the raw bodies; here is what the parse needs with it."""
        self._database.execute(
            "UPDATE frontier SET state = 'fetched', answered = ?, status = ?, headers = ?, body_hash = ?, fetched_at = ? WHERE id = ?",
            *(answer.url, answer.status, json.dumps(dict(answer.headers)), answer.body_hash, stamp(answer.at), row_id),
        )

    def to_parse(self, row_id: int) -> tuple[Row, Answer] | None:
        """A fetched row with its answer; None when it was parsed already."""
        row = self._database.one("SELECT * FROM frontier WHERE id = ? AND state = 'fetched'", row_id)
        if row is None:
            return None
        answer = Answer(
            url=row["answered"],
            status=row["status"],
            headers=json.loads(row["headers"]),
            body_hash=row["body_hash"],
            at=datetime.fromisoformat(row["fetched_at"]),
        )
        return _row(row), answer

    def done(self, row_id: int, why: str = "") -> None:
        """Nothing is left to do for this address."""
        self._settle(row_id, "done", why)

    def dead(self, row_id: int, why: str) -> None:
        """Given up for good; a feed or a home is tried again the next night all the same."""
        self._settle(row_id, "dead", why)

    def blocked(self, row_id: int, why: str, until: datetime) -> None:
        """Refused, by a robots.txt or by our own guard: nothing is asked for before `until`."""
        self._settle(row_id, "blocked", why, until)

    def later(self, row: Row, why: str, at: datetime, *, tries: int) -> None:
        """Failed for now: once more after `at`, and given up at the `tries`-th failure."""
        if row.tries + 1 >= tries:
            self._settle(row.id, "dead", why)
        else:
            self._settle(row.id, "todo", why, at)
        self._database.execute("UPDATE frontier SET tries = tries + 1 WHERE id = ?", row.id)

    def refetch(self, row_id: int) -> None:
        """The body of a fetched row is lost: it is to be asked for again."""
        self._database.execute("UPDATE frontier SET state = 'todo' WHERE id = ? AND state = 'fetched'", row_id)

    # -- reading -----------------------------------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Number of rows in each state."""
        return {row["state"]: row["n"] for row in self._database.all("SELECT state, count(*) AS n FROM frontier GROUP BY state")}

    def _settle(self, row_id: int, state: str, why: str, next_at: datetime | None = None) -> None:
        self._database.execute(
            "UPDATE frontier SET state = ?, why = ?, next_at = ?, trail = CASE WHEN ? = 'todo' THEN trail END WHERE id = ?",
            *(state, why, stamp(next_at) if next_at else None, state, row_id),
        )

    def _rows(self, where: str, order: str, source_ids: Iterable[str], *parameters: Any) -> list[Row]:
        wanted = set(source_ids)
        rows = self._database.all(f"SELECT * FROM frontier WHERE {where} ORDER BY {order}", *parameters)
        return [_row(row) for row in rows if row["source_id"] in wanted]


def _trail_json(trail: Trail | None) -> str | None:
    return json.dumps(asdict(trail)) if trail else None


def _row(row: SqlRow) -> Row:
    left = json.loads(row["trail"]) if row["trail"] else None
    return Row(
        id=row["id"],
        source_id=row["source_id"],
        kind=cast("Kind", row["kind"]),
        url_key=row["url_key"],
        url=row["url"],
        from_feed=bool(row["from_feed"]),
        tries=row["tries"],
        trail=Trail(feeds=tuple(left["feeds"]), links=tuple(left["links"]), refused=left["refused"]) if left else None,
    )
