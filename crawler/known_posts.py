"""Known posts in the frontier: when each of them is to be looked at again, and what is kept of looks that did not find it.

Owns those columns of the table `frontier` (`recheck`, `looks`, `check_at`, the state `leaving`). What follows from a look is `departures`'
to say; the rest of a row, and how it is fetched, are `frontier`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from crawler.departures import Looks
from crawler.row import POST, RECHECK, Row, looks_json, to_row
from crawler.schema import stamp
from luciole.database import Database
from luciole.urls import url_key


class KnownPosts:
    """The rows of posts that we have."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def leaving(self, row_id: int, why: str, looks: Looks) -> None:
        """A known post has not been there for long enough to be taken out, which is decided at the end of the night."""
        self._database.execute(
            "UPDATE frontier SET state = 'leaving', why = ?, next_at = NULL, looks = ? WHERE id = ?", why, looks_json(looks), row_id
        )

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
        """Have known posts fetched again whose day has come, the longest due first, `most` of them. Returns how many.

        Those that still wait from another night are among the `most`.
        """
        waiting = self._database.one(
            "SELECT count(*) AS n FROM frontier WHERE state = 'todo' AND source_id = ? AND priority = ?", source_id, RECHECK
        )
        return self._database.execute(
            "UPDATE frontier SET state = 'todo', recheck = 1, tries = 0, next_at = NULL, priority = ?, check_at = NULL WHERE id IN "
            "(SELECT id FROM frontier WHERE source_id = ? AND check_at <= ? AND state IN ('done', 'dead') ORDER BY check_at LIMIT ?)",
            *(RECHECK, source_id, stamp(now), max(most - (waiting["n"] if waiting else 0), 0)),
        ).rowcount

    def look_once(self, source_id: str, url: str, before: datetime) -> None:
        """Have a post that was taken out looked at at the next visit, unless it was fetched after `before`."""
        self._database.execute(
            "UPDATE frontier SET state = 'todo', recheck = 1, tries = 0, next_at = NULL, priority = ?, check_at = NULL, fetched_at = ? "
            "WHERE source_id = ? AND kind = 'article' AND url_key = ? AND state = 'done' AND coalesce(fetched_at, '') < ?",
            *(RECHECK, stamp(before), source_id, url_key(url), stamp(before)),
        )

    def sample(self, source_id: str, most: int, *, but: Iterable[int] = ()) -> list[tuple[str, int]]:
        """Have some known posts looked at now that would have waited, any ones `but` these. Returns their addresses and row ids."""
        rows = self._database.all(
            "UPDATE frontier SET state = 'todo', recheck = 1, tries = 0, next_at = NULL, priority = ?, check_at = NULL WHERE id IN "
            "(SELECT id FROM frontier WHERE source_id = ? AND check_at IS NOT NULL AND state = 'done' "
            "AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY random() LIMIT ?) RETURNING id, url",
            *(RECHECK, source_id, json.dumps(list(but)), most),
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

    def missing(self, row_id: int, why: str, looks: Looks, again: datetime) -> None:
        """A known post was not there: it is looked for once more at `again`."""
        self._database.execute(
            "UPDATE frontier SET state = 'todo', why = ?, next_at = ?, recheck = 1, looks = ?, priority = ? WHERE id = ?",
            *(why, stamp(again), looks_json(looks), RECHECK, row_id),
        )

    def forget_looks(self, source_id: str, again: datetime) -> None:
        """Posts of this source that were not there are looked at another day, as if they had been."""
        self._database.execute(
            "UPDATE frontier SET state = 'done', recheck = 0, looks = NULL, next_at = NULL, check_at = ? "
            "WHERE source_id = ? AND looks IS NOT NULL AND state IN ('todo', 'leaving')",
            *(stamp(again), source_id),
        )
