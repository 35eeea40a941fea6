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
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from crawler.departures import Looks
from crawler.parsed import Kind
from crawler.row import ARCHIVE, POST, RECHECK, ROOT, STEP, Answer, Lead, Row, Trail, as_json, looks_json, to_answer, to_row
from crawler.schema import prepare, stamp
from luciole.database import Database
from luciole.urls import url_key

__all__ = ["ARCHIVE", "POST", "RECHECK", "ROOT", "STEP", "Answer", "Frontier", "Lead", "Row", "Trail"]


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
            "WHERE source_id = ? AND kind IN ('feed', 'home') AND lead IS NULL AND state IN ('todo', 'blocked')",
            source_id,
        )

    def root(self, source_id: str, kind: Kind, url: str) -> None:
        """Have a feed or a home visited this night, whatever became of it before."""
        self._database.execute(
            "INSERT INTO frontier (source_id, kind, url_key, url) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (source_id, kind, url_key) DO UPDATE SET url = excluded.url, state = 'todo', tries = 0, next_at = NULL, why = '', "
            "trail = NULL, lead = NULL, priority = 0 WHERE state <> 'fetched'",
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
    ) -> int | None:
        """Put an address in, unless it was ever there. Returns the id of a row to fetch, if there is one now that was not before.

        A feed still being looked for is to be fetched once more; so is what was put in before `afresh_after`, and what was judged to be
        no post before a feed named it. `now` is kept as the time of putting in. `priority` is by default a post's, or a root's for feeds
        and homes.
        """
        place = priority if priority is not None else POST if kind == "article" else ROOT
        again = (
            "DO UPDATE SET state = 'todo', tries = 0, next_at = NULL, why = '', trail = excluded.trail, lead = excluded.lead, "
            "priority = excluded.priority, since = excluded.since, from_feed = max(from_feed, excluded.from_feed) "
            "WHERE state NOT IN ('todo', 'inflight', 'fetched') AND "
            "(excluded.trail IS NOT NULL OR coalesce(since, '') < ? OR (excluded.from_feed > from_feed AND why <> ''))"
        )
        row = self._database.one(
            "INSERT INTO frontier (source_id, kind, url_key, url, from_feed, trail, lead, priority, since) "
            f"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, kind, url_key) {again} RETURNING id",
            *(source_id, kind, url_key(url), url, int(from_feed), as_json(trail), as_json(lead), place, stamp(now) if now else None),
            stamp(afresh_after) if afresh_after else "",
        )
        return int(row["id"]) if row else None

    def knows(self, source_id: str, kind: Kind, url: str) -> bool:
        """Whether an address was ever put in as such."""
        return (
            self._database.one("SELECT 1 FROM frontier WHERE source_id = ? AND kind = ? AND url_key = ?", source_id, kind, url_key(url))
            is not None
        )

    def leaving(self, row_id: int, why: str, looks: Looks) -> None:
        """A known post has not been there for long enough to be taken out, which is decided at the end of the night."""
        self._settle(row_id, "leaving", why)
        self._database.execute("UPDATE frontier SET looks = ? WHERE id = ?", looks_json(looks), row_id)

    def departures(self, source_id: str) -> list[tuple[Row, str]]:
        """Rows of posts that are about to be taken out, with the reasons."""
        rows = self._database.all("SELECT * FROM frontier WHERE source_id = ? AND state = 'leaving' ORDER BY id", source_id)
        return [(to_row(row), row["why"]) for row in rows]

    def watch(self, source_id: str, url: str, at: datetime) -> None:
        """A post that we have without its page: nothing to fetch now, a look at `at`."""
        self._database.execute(
            "INSERT INTO frontier (source_id, kind, url_key, url, from_feed, state, priority, check_at) "
            "VALUES (?, 'article', ?, ?, 1, 'done', ?, ?) "
            "ON CONFLICT (source_id, kind, url_key) DO NOTHING",
            *(source_id, url_key(url), url, RECHECK, stamp(at)),
        )

    def look_again(self, source_id: str, now: datetime, most: int) -> int:
        """Have known posts fetched again whose day has come, the longest due first, `most` of them. Returns how many."""
        return self._database.execute(
            "UPDATE frontier SET state = 'todo', recheck = 1, tries = 0, next_at = NULL, priority = ?, check_at = NULL WHERE id IN "
            "(SELECT id FROM frontier WHERE source_id = ? AND check_at <= ? AND state = 'done' ORDER BY check_at LIMIT ?)",
            *(RECHECK, source_id, stamp(now), most),
        ).rowcount

    def look_once(self, source_id: str, url: str, before: datetime) -> None:
        """Have a post that was taken out looked at at the next visit, unless it was fetched after `before`."""
        self._database.execute(
            "UPDATE frontier SET state = 'todo', recheck = 1, tries = 0, next_at = NULL, priority = ?, check_at = NULL, fetched_at = ? "
            "WHERE source_id = ? AND kind = 'article' AND url_key = ? AND state = 'done' AND coalesce(fetched_at, '') < ?",
            *(RECHECK, stamp(before), source_id, url_key(url), stamp(before)),
        )

    def sample(self, source_id: str, most: int) -> list[tuple[str, int]]:
        """Have some known posts looked at now that would have waited, any ones. Returns their addresses and row ids."""
        rows = self._database.all(
            "UPDATE frontier SET state = 'todo', recheck = 1, tries = 0, next_at = NULL, priority = ?, check_at = NULL WHERE id IN "
            "(SELECT id FROM frontier WHERE source_id = ? AND check_at IS NOT NULL AND state = 'done' ORDER BY random() LIMIT ?) "
            "RETURNING id, url",
            *(RECHECK, source_id, most),
        )
        return [(row["url"], row["id"]) for row in rows]

    def fetch_watched(self, source_id: str, urls: Iterable[str]) -> list[tuple[str, int]]:
        """Have these posts fetched after all that were only watched."""
        found = []
        for url in urls:
            row = self._database.one(
                "UPDATE frontier SET state = 'todo', priority = ?, check_at = NULL "
                "WHERE source_id = ? AND kind = 'article' AND url_key = ? AND state = 'done' AND fetched_at IS NULL RETURNING id, url",
                *(POST, source_id, url_key(url)),
            )
            if row is not None:
                found.append((row["url"], int(row["id"])))
        return found

    def due(self, source_ids: Sequence[str], now: datetime) -> list[Row]:
        """Rows of these sources that may be fetched now: by priority, then in the order in which they came."""
        return self._rows(
            "state = 'todo' AND (next_at IS NULL OR next_at <= ?) AND source_id NOT IN (SELECT source_id FROM parked WHERE until > ?)",
            "priority, id",
            source_ids,
            *(stamp(now), stamp(now)),
        )

    def unparsed(self, source_ids: Sequence[str]) -> list[tuple[str, int]]:
        """Rows that were fetched and not parsed, as (source id, row id)."""
        return [(row.source_id, row.id) for row in self._rows("state = 'fetched'", "fetched_at, id", source_ids)]

    def unfinished(self, source_ids: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of these sources for which something is under way, unparsed or due: a run that leaves one is not finished."""
        rows = [*self._rows("state IN ('inflight', 'fetched')", "id", source_ids), *self.due(source_ids, now)]
        return frozenset(row.source_id for row in rows)

    def priority(self, row_id: int) -> int:
        """The place of a row among those of its host: lower goes first."""
        row = self._database.one("SELECT priority FROM frontier WHERE id = ?", row_id)
        return int(row["priority"]) if row else ROOT

    def posts_to_come(self, source_id: str) -> int:
        """How many posts were named, and not read so far: they wait, failed or were refused."""
        row = self._database.one(
            "SELECT count(*) AS n FROM frontier LEFT JOIN alias ON alias.source_id = frontier.source_id AND alias.kind = 'url' "
            "AND alias.key = frontier.url_key WHERE frontier.source_id = ? AND frontier.kind = 'article' AND frontier.state <> 'done' "
            "AND alias.key IS NULL",
            source_id,
        )
        return int(row["n"]) if row else 0

    def reread(self, source_ids: Iterable[str]) -> int:
        """Have every body of these sources that is kept, and holds posts, read again. Returns the number of rows."""
        return sum(
            self._database.execute(
                "UPDATE frontier SET state = 'fetched' WHERE source_id = ? AND state IN ('done', 'dead') AND body_hash IS NOT NULL "
                "AND kind IN ('article', 'feed', 'rest', 'listing') AND trail IS NULL",
                source_id,
            ).rowcount
            for source_id in source_ids
        )

    # -- a row -------------------------------------------------------------------------------------------------------------------

    def claim(self, row_id: int) -> Row | None:
        """Mark a row as under way. None when it is no longer to be fetched."""
        row = self._database.one("UPDATE frontier SET state = 'inflight' WHERE id = ? AND state = 'todo' RETURNING *", row_id)
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
            "UPDATE frontier SET state = 'fetched', answered = ?, status = ?, headers = ?, body_hash = ?, fetched_at = ? WHERE id = ?",
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

    def missing(self, row_id: int, why: str, looks: Looks, again: datetime) -> None:
        """A known post was not there: it is looked for once more at `again`."""
        self._settle(row_id, "todo", why, again)
        self._database.execute("UPDATE frontier SET recheck = 1, looks = ?, priority = ? WHERE id = ?", looks_json(looks), RECHECK, row_id)

    def forget_looks(self, source_id: str, again: datetime) -> None:
        """Posts of this source that were not there are looked at another day, as if they had been."""
        self._database.execute(
            "UPDATE frontier SET state = 'done', recheck = 0, looks = NULL, next_at = NULL, check_at = ? "
            "WHERE source_id = ? AND looks IS NOT NULL AND state IN ('todo', 'leaving')",
            *(stamp(again), source_id),
        )

    def postpone(self, row_id: int, at: datetime) -> None:
        """Nothing is wrong with it, its turn comes at `at`."""
        self._settle(row_id, "todo", "", at)

    def open_steps(self, source_id: str, strategy: str) -> bool:
        """Whether a step of this strategy is still to be fetched or read."""
        return (
            self._database.one(
                "SELECT 1 FROM frontier WHERE source_id = ? AND state IN ('todo', 'inflight', 'fetched') "
                "AND lead ->> 'strategy' = ? LIMIT 1",
                *(source_id, strategy),
            )
            is not None
        )

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
        return [to_row(row) for row in rows if row["source_id"] in wanted]
