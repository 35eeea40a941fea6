"""The frontier: every address there is to fetch, and how far each one got. The only thing that decides whether work is left.

Owns the table `frontier`. A row is one address of one source, fetched as one kind:

    todo ──► inflight ──► fetched ──► done
      ▲         │            │
      └─────────┘            └──► dead (given up), blocked (refused), leaving (a known post that is gone)

`fetched` is written only after the raw body is durable; `done` only in the transaction that writes what the body said. A crash may leave
rows `inflight` (they go back to todo: the page is asked for again) or `fetched` (they are parsed again, without a request). A row that
is done may have a day on which it is to be looked at again. It refuses to know HTTP, parsing and politeness.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from crawler.known_posts import KnownPosts
from crawler.parsed import Kind
from crawler.row import ARCHIVE, POST, RECHECK, ROOT, STEP, Answer, Lead, Row, Trail, as_json, to_answer, to_row
from crawler.schema import prepare, stamp
from luciole.database import Database
from luciole.urls import url_key

__all__ = ["ARCHIVE", "POST", "RECHECK", "ROOT", "STEP", "Answer", "Frontier", "Lead", "Row", "Trail"]

_DUE = (
    "state = 'todo' AND source_id = ? AND (next_at IS NULL OR next_at <= ?) "
    "AND NOT EXISTS (SELECT 1 FROM parked WHERE parked.source_id = ? AND until > ?)"
)
"""What may be fetched now of a source, with the parameters of `_due`."""


class Frontier:
    """The rows and their states."""

    def __init__(self, database: Database) -> None:
        self._database = database
        prepare(database)
        self.known = KnownPosts(database)

    # -- a night -----------------------------------------------------------------------------------------------------------------

    def sweep(self) -> int:
        """After a crash or an interruption: what was under way is to be done again. Returns the number of rows."""
        return self._database.execute("UPDATE frontier SET state = 'todo' WHERE state = 'inflight'").rowcount

    def set_right(self, now: datetime, furthest: datetime) -> None:
        """A clock that was ahead put times down that would never come: nothing is ever put off beyond `furthest`."""
        self._database.execute(
            "UPDATE frontier SET next_at = ? WHERE state IN ('todo', 'blocked') AND next_at > ?", stamp(now), stamp(furthest)
        )
        self._database.execute("UPDATE frontier SET check_at = ? WHERE check_at > ?", stamp(now), stamp(furthest))

    def uproot(self, source_id: str) -> None:
        """Leave the feeds and the home of former nights: which ones are visited this night is said anew."""
        self._database.execute(
            "UPDATE frontier SET state = 'dead', why = 'n’est plus visité', trail = NULL "
            "WHERE source_id = ? AND kind IN ('feed', 'home') AND lead IS NULL AND state IN ('todo', 'blocked')",
            source_id,
        )

    def root(self, source_id: str, kind: Kind, url: str) -> None:
        """Have a feed or a home visited this night, whatever became of it before."""
        self._database.execute(
            "INSERT INTO frontier (source_id, kind, url_key, url) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (source_id, kind, url_key) DO UPDATE SET url = excluded.url, state = 'todo', tries = 0, next_at = NULL, why = '', "
            "trail = NULL, lead = NULL, priority = 0, again = 0 WHERE state <> 'fetched' OR again",
            *(source_id, kind, url_key(url), url),
        )

    def unblock(self, now: datetime) -> None:
        """Let refused addresses be tried again once their time is over."""
        self._database.execute("UPDATE frontier SET state = 'todo' WHERE state = 'blocked' AND next_at <= ?", stamp(now))

    def add(
        self,
        source_id: str,
        kind: Kind,
        url: str,
        *,
        from_feed: bool = False,
        trail: Trail | None = None,
        lead: Lead | None = None,
        priority: int | None = None,
        now: datetime | None = None,
        afresh_after: datetime | None = None,
        given_up_before: datetime | None = None,
    ) -> int | None:
        """Put an address in, unless it was ever there. Returns the id of a row to fetch, if there is one now that was not before.

        A feed still being looked for is to be fetched once more; so is what was put in before `afresh_after`, what was put in and given
        up before `given_up_before`, and what was judged to be no post before a feed named it. `now` is kept as the time of putting in.
        `priority` is by default a post's, or a root's for feeds and homes. A feed that an archive is read from is another row than the
        feed of the night, which is set back every night.
        """
        key = f"{url_key(url)}#{lead.strategy}" if lead and kind == "feed" else url_key(url)
        place = priority if priority is not None else POST if kind == "article" else ROOT
        again = (
            "DO UPDATE SET state = 'todo', tries = 0, next_at = NULL, why = '', trail = excluded.trail, lead = excluded.lead, "
            "priority = excluded.priority, since = excluded.since, from_feed = max(from_feed, excluded.from_feed) "
            "WHERE state NOT IN ('todo', 'inflight', 'fetched') AND "
            "(excluded.trail IS NOT NULL OR coalesce(since, '') < ? OR (state = 'dead' AND coalesce(since, '') < ?) "
            "OR (excluded.from_feed > from_feed AND why <> ''))"
        )
        row = self._database.one(
            "INSERT INTO frontier (source_id, kind, url_key, url, from_feed, trail, lead, priority, since) "
            f"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, kind, url_key) {again} RETURNING id",
            *(source_id, kind, key, url, int(from_feed), as_json(trail), as_json(lead), place, stamp(now) if now else None),
            *(stamp(moment) if moment else "" for moment in (afresh_after, given_up_before)),
        )
        return int(row["id"]) if row else None

    def knows(self, source_id: str, kind: Kind, url: str) -> bool:
        """Whether an address was ever put in as such."""
        return (
            self._database.one("SELECT 1 FROM frontier WHERE source_id = ? AND kind = ? AND url_key = ?", source_id, kind, url_key(url))
            is not None
        )

    def due(self, source_ids: Iterable[str], now: datetime, most: int = -1) -> list[Row]:
        """Rows that may be fetched now, `most` of each of these sources: by priority, then in the order in which they came."""
        return [
            to_row(row)
            for source_id in source_ids
            for row in self._database.all(f"SELECT * FROM frontier WHERE {_DUE} ORDER BY priority, id LIMIT ?", *_due(source_id, now), most)
        ]

    def waits(self, source_id: str, now: datetime) -> bool:
        """Whether anything of a source may be fetched now."""
        return self._database.one(f"SELECT 1 FROM frontier WHERE {_DUE} LIMIT 1", *_due(source_id, now)) is not None

    def unparsed(self, source_ids: Sequence[str]) -> list[tuple[str, int]]:
        """Rows that were fetched and not parsed, as (source id, row id)."""
        wanted = set(source_ids)
        rows = self._database.all("SELECT source_id, id FROM frontier WHERE state = 'fetched' ORDER BY fetched_at, id")
        return [(row["source_id"], row["id"]) for row in rows if row["source_id"] in wanted]

    def unfinished(self, source_ids: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of these sources for which something is under way, unparsed or due: a run that leaves one is not finished."""
        rows = self._database.all("SELECT DISTINCT source_id FROM frontier WHERE state IN ('inflight', 'fetched')")
        begun = {row["source_id"] for row in rows}
        return frozenset(one for one in source_ids if one in begun or self.waits(one, now))

    def priority(self, row_id: int) -> int:
        """The place of a row among those of its host: lower goes first."""
        row = self._database.one("SELECT priority FROM frontier WHERE id = ?", row_id)
        return int(row["priority"]) if row else ROOT

    def posts(self, source_id: str) -> int:
        """How many addresses of posts, or of what may be posts, a source ever had."""
        row = self._database.one("SELECT count(*) AS n FROM frontier WHERE source_id = ? AND kind = 'article'", source_id)
        return int(row["n"]) if row else 0

    def posts_to_come(self, source_id: str) -> int:
        """How many posts were named and not read: they wait, failed or were refused. What may be no post counts until it is tried."""
        row = self._database.one(
            "SELECT count(*) AS n FROM frontier LEFT JOIN alias ON alias.source_id = frontier.source_id AND alias.kind = 'url' "
            "AND alias.key = frontier.url_key WHERE frontier.source_id = ? AND frontier.kind = 'article' AND frontier.state <> 'done' "
            "AND alias.key IS NULL AND (frontier.from_feed OR (frontier.tries = 0 AND frontier.state IN ('todo', 'inflight', 'fetched')))",
            source_id,
        )
        return int(row["n"]) if row else 0

    def reread(self, source_ids: Iterable[str]) -> int:
        """Have every body of these sources that is kept, and holds posts, read again. Returns the number of rows."""
        return sum(
            self._database.execute(
                "UPDATE frontier SET state = 'fetched', again = 1 WHERE source_id = ? AND state IN ('done', 'dead') "
                "AND body_hash IS NOT NULL AND kind IN ('article', 'feed', 'rest', 'listing') AND trail IS NULL",
                source_id,
            ).rowcount
            for source_id in source_ids
        )

    # -- a row -------------------------------------------------------------------------------------------------------------------

    def claim(self, row_id: int, now: datetime | None = None) -> Row | None:
        """Mark a row as under way. None when it is no longer to be fetched, or not `now`."""
        row = self._database.one(
            "UPDATE frontier SET state = 'inflight' WHERE id = ? AND state = 'todo' AND (? IS NULL OR next_at IS NULL OR next_at <= ?) "
            "RETURNING *",
            *(row_id, *[stamp(now) if now else None] * 2),
        )
        return to_row(row) if row else None

    def twin(self, row: Row, since: datetime) -> Answer | None:
        """What the same address answered since then when it was fetched as something else: a page may be a post and a list."""
        found = self._database.one(
            "SELECT * FROM frontier WHERE source_id = ? AND url_key = ? AND kind IN ('article', 'listing', 'home') AND kind <> ? "
            "AND body_hash IS NOT NULL AND fetched_at >= ? AND state <> 'inflight'",
            *(row.source_id, row.url_key, row.kind, stamp(since)),
        )
        return to_answer(found) if found is not None and row.kind in ("article", "listing") else None

    def fetched(self, row_id: int, answer: Answer) -> None:
        """The body is durable in the raw bodies; here is what the parse needs with it."""
        self._database.execute(
            "UPDATE frontier SET state = 'fetched', again = 0, answered = ?, status = ?, headers = ?, body_hash = ?, fetched_at = ? "
            "WHERE id = ?",
            *(answer.url, answer.status, json.dumps(dict(answer.headers)), answer.body_hash, stamp(answer.at), row_id),
        )

    def to_parse(self, row_id: int) -> tuple[Row, Answer] | None:
        """A fetched row with its answer; None when it was parsed already."""
        row = self._database.one("SELECT * FROM frontier WHERE id = ? AND state = 'fetched'", row_id)
        if row is None:
            return None
        return to_row(row), to_answer(row)

    def done(self, row_id: int, why: str = "", *, check_at: datetime | None = None) -> None:
        """Nothing is left to do for this address, until `check_at` if it is given."""
        self._settle(row_id, "done", why)
        self._database.execute(
            "UPDATE frontier SET recheck = 0, looks = NULL, check_at = ? WHERE id = ?",
            *(stamp(check_at) if check_at else None, row_id),
        )

    def postpone(self, row_id: int, at: datetime) -> None:
        """Nothing is wrong with it, its turn comes at `at`."""
        self._settle(row_id, "todo", "", at)

    def rest(self, source_id: str, now: datetime, at: datetime, priorities: Sequence[int] = (ROOT, POST, STEP, ARCHIVE, RECHECK)) -> None:
        """Nothing more of this source now: what is due of these priorities comes at `at`, and counts as no failure."""
        self._database.execute(
            f"UPDATE frontier SET next_at = ? WHERE {_DUE} AND priority IN ({', '.join('?' * len(priorities))})",
            *(stamp(at), *_due(source_id, now), *priorities),
        )

    def open_steps(self, source_id: str, strategy: str) -> bool:
        """Whether a step of this strategy is still to be fetched or read."""
        return (
            self._database.one(
                "SELECT 1 FROM frontier WHERE source_id = ? AND state IN ('todo', 'inflight', 'fetched') AND lead IS NOT NULL "
                "AND NOT again AND lead ->> 'strategy' = ? LIMIT 1",
                *(source_id, strategy),
            )
            is not None
        )

    def drop_steps(self, source_id: str) -> None:
        """The archive is no longer gathered as it was: nobody waits for its open steps."""
        self._database.execute(
            "UPDATE frontier SET state = 'dead', why = 'n’est plus lu', next_at = NULL "
            "WHERE source_id = ? AND lead IS NOT NULL AND NOT again AND state IN ('todo', 'inflight', 'fetched')",
            source_id,
        )

    def keep_to(self, source_id: str, is_own: Callable[[str], bool]) -> None:
        """The source has left other sites than its own: whatever lies there is neither fetched nor looked at any more."""
        rows = self._database.all(
            "SELECT id, url, state FROM frontier WHERE source_id = ? AND (check_at IS NOT NULL OR state NOT IN ('done', 'dead'))", source_id
        )
        for row in rows:
            if not is_own(row["url"]):
                self._settle(row["id"], "done" if row["state"] == "done" else "dead", "n’est plus à cette adresse")
                self._database.execute("UPDATE frontier SET check_at = NULL, looks = NULL, recheck = 0 WHERE id = ?", row["id"])

    def dead(self, row_id: int, why: str) -> None:
        """Given up for good; a feed or a home is tried again the next night all the same."""
        self._settle(row_id, "dead", why)

    def blocked(self, row_id: int, why: str, until: datetime) -> None:
        """Refused, by a robots.txt or by our own guard: nothing is asked for before `until`."""
        self._settle(row_id, "blocked", why, until)

    def later(self, row: Row, why: str, at: datetime, *, tries: int, check_at: datetime | None = None) -> None:
        """Failed for now: once more after `at`, and given up at the `tries`-th failure, until `check_at` if it is given."""
        given_up = row.tries + 1 >= tries
        self._settle(row.id, "dead" if given_up else "todo", why, None if given_up else at)
        self._database.execute(
            "UPDATE frontier SET tries = tries + 1, check_at = ? WHERE id = ?", stamp(check_at) if given_up and check_at else None, row.id
        )

    def refetch(self, row_id: int) -> None:
        """The body of a fetched row is lost: it is to be asked for again."""
        self._database.execute("UPDATE frontier SET state = 'todo', again = 0 WHERE id = ? AND state = 'fetched'", row_id)

    # -- reading -----------------------------------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Number of rows in each state."""
        return {row["state"]: row["n"] for row in self._database.all("SELECT state, count(*) AS n FROM frontier GROUP BY state")}

    def _settle(self, row_id: int, state: str, why: str, next_at: datetime | None = None) -> None:
        self._database.execute(
            "UPDATE frontier SET state = ?, why = ?, next_at = ?, again = 0, trail = CASE WHEN ? = 'todo' THEN trail END WHERE id = ?",
            *(state, why, stamp(next_at) if next_at else None, state, row_id),
        )


def _due(source_id: str, now: datetime) -> tuple[str, str, str, str]:
    return source_id, stamp(now), source_id, stamp(now)
