"""How far the archive of each source is gathered, between nights.

Owns the tables `site` (what is known of a blog's platform), `backfill` (each strategy tried, in order, with its cursor) and `backfill_post`
(the posts that came up). The rows to fetch are the frontier's; what a strategy decides is its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, cast

from crawler.backfill.strategy import Cursor
from crawler.schema import prepare, stamp
from luciole.database import Database

State = Literal["active", "complete", "incomplete", "useless"]
"""`active`: under way; `complete`: it gave the whole archive; `incomplete`: it ended before; `useless`: it had no hold on the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a home page said of its site, and when it was read."""

    home: str
    title: str
    platform: str
    rest_root: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One strategy tried on a source; `place` is its turn."""

    strategy: str
    place: int
    state: State
    cursor: Cursor
    why: str
    at: datetime


class Archives:
    """The state of every back-fill, over the store's database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        prepare(database)

    def facts(self, source_id: str) -> Facts | None:
        """What is known of the site, None before its home page was read."""
        row = self._database.one("SELECT facts, at FROM site WHERE source_id = ?", source_id)
        return Facts(**json.loads(row["facts"]), at=datetime.fromisoformat(row["at"])) if row else None

    def learn(self, source_id: str, facts: Facts) -> None:
        """The home page was read."""
        told = {name: value for name, value in asdict(facts).items() if name != "at"}
        self._database.execute(
            "INSERT INTO site (source_id, facts, at) VALUES (?, ?, ?) "
            "ON CONFLICT (source_id) DO UPDATE SET facts = excluded.facts, at = excluded.at",
            *(source_id, json.dumps(told), stamp(facts.at)),
        )

    def miss(self, source_id: str) -> None:
        """Posts may have come and gone unseen: the archive is to be gathered once more."""
        self._database.execute("UPDATE site SET missed = 1 WHERE source_id = ?", source_id)

    def has_missed(self, source_id: str) -> bool:
        """Whether that is still to be done."""
        return self._database.one("SELECT 1 FROM site WHERE source_id = ? AND missed", source_id) is not None

    def attempts(self, source_id: str) -> list[Attempt]:
        """Every strategy tried, in order."""
        rows = self._database.all("SELECT * FROM backfill WHERE source_id = ? ORDER BY place", source_id)
        return [
            Attempt(
                strategy=row["strategy"],
                place=row["place"],
                state=cast("State", row["state"]),
                cursor=_cursor(row["cursor"]),
                why=row["why"],
                at=datetime.fromisoformat(row["at"]),
            )
            for row in rows
        ]

    def write(self, source_id: str, attempt: Attempt) -> None:
        """Keep how far a strategy got. To be called in the transaction of the rows it speaks of."""
        self._database.execute(
            "INSERT OR REPLACE INTO backfill (source_id, strategy, place, state, cursor, why, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(source_id, attempt.strategy, attempt.place, attempt.state),
            *(json.dumps(asdict(attempt.cursor)), attempt.why, stamp(attempt.at)),
        )

    def name(self, source_id: str, strategy: str, keys: Iterable[str]) -> int:
        """These posts came up; the number of those that had not, in this attempt."""
        return sum(
            self._database.execute(
                "INSERT OR IGNORE INTO backfill_post (source_id, strategy, url_key) VALUES (?, ?, ?)", source_id, strategy, key
            ).rowcount
            for key in keys
        )

    def forget(self, source_id: str) -> None:
        """Have the archive gathered again from the start."""
        self._database.execute("DELETE FROM backfill WHERE source_id = ?", source_id)
        self._database.execute("DELETE FROM backfill_post WHERE source_id = ?", source_id)
        self._database.execute("UPDATE site SET missed = 0 WHERE source_id = ?", source_id)


def _cursor(text: str) -> Cursor:
    values = json.loads(text)
    return Cursor(**(values | {"trail": tuple(values["trail"])}))
