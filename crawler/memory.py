"""What the crawler remembers between nights about each source: validators, the feed it found, where it moved, how long to leave it alone.

Owns the tables `home`, `validator`, `found_feed`, `ally`, `parked`, `robots`, `visit`, `sample`, `named`, `freeze`, `move` and `author`.
Everything here may be forgotten at the price of a few requests; nothing here says what an article is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.fullness import Sample
from crawler.moves import Move
from crawler.row import Row
from crawler.schema import prepare, stamp
from luciole.database import Database


@dataclass(frozen=True, slots=True)
class Validators:
    """What identifies a body we have read: `ETag` and `Last-Modified` verbatim (they are opaque), and the hash of the body itself."""

    etag: str | None
    last_modified: str | None
    body_hash: str


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """The feed that the crawler found by itself; `url` is None when the blog was seen to have none. `at` is when it was looked for."""

    url: str | None
    failures: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as it came."""

    status: int
    body: bytes
    at: datetime


class Memory:
    """The crawler's memory, over the store's database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        prepare(database)

    def validators(self, row: Row) -> Validators | None:
        """What is known of the last body of this address that was read to the end."""
        key = (row.source_id, row.kind, row.url_key)
        found = self._database.one("SELECT * FROM validator WHERE source_id = ? AND kind = ? AND url_key = ?", *key)
        return Validators(found["etag"], found["last_modified"], found["body_hash"]) if found else None

    def validate(self, row: Row, known: Validators) -> None:
        """To be called only in the transaction that writes what the body said: a validator ahead of its entries loses posts."""
        self._database.execute(
            "INSERT OR REPLACE INTO validator (source_id, kind, url_key, etag, last_modified, body_hash) VALUES (?, ?, ?, ?, ?, ?)",
            *(row.source_id, row.kind, row.url_key, known.etag, known.last_modified, known.body_hash),
        )

    def listed_as(self, source_id: str, url: str, digest: str) -> bool:
        """The list says so of the source now; `digest` is `Source.digest()`. Returns whether its home page is elsewhere than it was.

        Once a curator has changed anything, what was read by the old rules is to be read again: a post that they left out must not stay
        behind a 304. Once the home page is elsewhere, what was learnt at the old one is forgotten.
        """
        row = self._database.one("SELECT url, digest FROM home WHERE source_id = ?", source_id)
        if row is not None and row["digest"] != digest:
            self._database.execute("DELETE FROM validator WHERE source_id = ?", source_id)
        elsewhere = row is not None and row["url"] != url
        if elsewhere:
            self._database.execute("DELETE FROM found_feed WHERE source_id = ?", source_id)
            self._database.execute("DELETE FROM ally WHERE source_id = ?", source_id)
            self._database.execute("DELETE FROM sample WHERE source_id = ?", source_id)
            self._database.execute("DELETE FROM site WHERE source_id = ?", source_id)
            self._database.execute("DELETE FROM backfill WHERE source_id = ?", source_id)
            self._database.execute("DELETE FROM backfill_post WHERE source_id = ?", source_id)
        self._database.execute("INSERT OR REPLACE INTO home (source_id, url, digest) VALUES (?, ?, ?)", source_id, url, digest)
        return elsewhere

    def found_feed(self, source_id: str) -> FoundFeed | None:
        """What was found when a feed was looked for; None when it never was."""
        row = self._database.one("SELECT * FROM found_feed WHERE source_id = ?", source_id)
        return FoundFeed(row["url"], row["failures"], datetime.fromisoformat(row["at"])) if row else None

    def remember_feed(self, source_id: str, url: str | None, now: datetime) -> None:
        """This is the feed of the source (None: it has none)."""
        self._database.execute(
            "INSERT OR REPLACE INTO found_feed (source_id, url, failures, at) VALUES (?, ?, 0, ?)", source_id, url, stamp(now)
        )

    def feed_failed(self, source_id: str, forget_after: int) -> None:
        """One night more without the found feed; after `forget_after` of them it is looked for again."""
        self._database.execute("UPDATE found_feed SET failures = failures + 1 WHERE source_id = ?", source_id)
        self._database.execute("DELETE FROM found_feed WHERE source_id = ? AND failures >= ?", source_id, forget_after)

    def allies(self, source_id: str) -> frozenset[str]:
        """Further authorities of the source, learnt from redirects of its feed or home."""
        return frozenset(row["authority"] for row in self._database.all("SELECT authority FROM ally WHERE source_id = ?", source_id))

    def ally(self, source_id: str, name: str) -> None:
        """The source's feed or home answers from there."""
        self._database.execute("INSERT OR IGNORE INTO ally (source_id, authority) VALUES (?, ?)", source_id, name)

    def parked(self, source_id: str, now: datetime) -> datetime | None:
        """Until when the source asked to be left alone, if it did."""
        row = self._database.one("SELECT until FROM parked WHERE source_id = ? AND until > ?", source_id, stamp(now))
        return datetime.fromisoformat(row["until"]) if row else None

    def park(self, source_id: str, until: datetime) -> None:
        """The source asked to be left alone until then."""
        self._database.execute("INSERT OR REPLACE INTO parked (source_id, until) VALUES (?, ?)", source_id, stamp(until))

    def robots(self, origin: str) -> RobotsCopy | None:
        """The last robots.txt that `scheme://authority` gave."""
        row = self._database.one("SELECT * FROM robots WHERE origin = ?", origin)
        return RobotsCopy(row["status"], row["body"], datetime.fromisoformat(row["fetched_at"])) if row else None

    def keep_robots(self, origin: str, copy: RobotsCopy) -> None:
        """Keep a robots.txt that answers for itself (2xx, 3xx, 4xx); the body of a 2xx only."""
        self._database.execute(
            "INSERT OR REPLACE INTO robots (origin, status, body, fetched_at) VALUES (?, ?, ?, ?)",
            *(origin, copy.status, copy.body, stamp(copy.at)),
        )

    def set_right(self, now: datetime, furthest: datetime) -> None:
        """A clock that was ahead wrote down what is still to come: it counts as now, and nobody rests beyond `furthest`."""
        for table, column in (("robots", "fetched_at"), ("found_feed", "at"), ("sample", "at"), ("move", "last_night"), ("backfill", "at")):
            self._database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} > ?", stamp(now), stamp(now))
        self._database.execute("DELETE FROM parked WHERE until > ?", stamp(furthest))

    # -- visits and feeds --------------------------------------------------------------------------------------------------------

    def visited(self, source_id: str) -> datetime | None:
        """When the source was last visited, whatever came of it."""
        row = self._database.one("SELECT at FROM visit WHERE source_id = ?", source_id)
        return datetime.fromisoformat(row["at"]) if row else None

    def visit(self, source_id: str, at: datetime) -> None:
        """The source is visited."""
        self._database.execute("INSERT OR REPLACE INTO visit (source_id, at) VALUES (?, ?)", source_id, stamp(at))

    def samples(self, source_id: str) -> tuple[list[Sample], datetime | None]:
        """How far the texts of the feed were whole where that was measured, the newest first, and when it last was."""
        rows = self._database.all("SELECT coverage, ratio, at FROM sample WHERE source_id = ? ORDER BY at DESC", source_id)
        newest = datetime.fromisoformat(rows[0]["at"]) if rows else None
        return [Sample(coverage=row["coverage"], ratio=row["ratio"]) for row in rows], newest

    def add_sample(self, source_id: str, key: str, sample: Sample, at: datetime, *, most: int) -> None:
        """The text of one post was measured; only the newest `most` are kept."""
        self._database.execute(
            "INSERT OR REPLACE INTO sample (source_id, url_key, coverage, ratio, at) VALUES (?, ?, ?, ?, ?)",
            *(source_id, key, sample.coverage, sample.ratio, stamp(at)),
        )
        self._database.execute(
            "DELETE FROM sample WHERE source_id = ? AND url_key NOT IN "
            "(SELECT url_key FROM sample WHERE source_id = ? ORDER BY at DESC LIMIT ?)",
            *(source_id, source_id, most),
        )

    def name_all(self, source_id: str, feed: str, keys: Iterable[str]) -> None:
        """What a feed names now: these posts and no others."""
        self._database.execute("DELETE FROM named WHERE source_id = ? AND feed = ?", source_id, feed)
        for key in keys:
            self._database.execute("INSERT OR IGNORE INTO named (source_id, feed, url_key) VALUES (?, ?, ?)", source_id, feed, key)

    def has_named(self, source_id: str, feed: str) -> bool:
        """Whether this feed was read before, and named something."""
        return self._database.one("SELECT 1 FROM named WHERE source_id = ? AND feed = ? LIMIT 1", source_id, feed) is not None

    def name_only(self, source_id: str, feeds: Iterable[str]) -> None:
        """These are the feeds of the source (their keys): what others named once no longer keeps a post that is gone."""
        keys = list(feeds)
        marks = ", ".join("?" * len(keys))
        self._database.execute(f"DELETE FROM named WHERE source_id = ? AND feed NOT IN ({marks})", source_id, *keys)

    def is_named(self, source_id: str, keys: Iterable[str]) -> bool:
        """Whether a feed of the source, as it was last read, names one of these addresses."""
        query = "SELECT 1 FROM named WHERE source_id = ? AND url_key = ? LIMIT 1"
        return any(self._database.one(query, source_id, key) is not None for key in keys)

    def frozen_on(self, source_id: str) -> datetime | None:
        """When the source was frozen last, if nothing of it was written down since."""
        row = self._database.one("SELECT at FROM freeze WHERE source_id = ?", source_id)
        return datetime.fromisoformat(row["at"]) if row else None

    def freeze(self, source_id: str, at: datetime | None) -> None:
        """The source is frozen; None: it is read again."""
        self._database.execute("DELETE FROM freeze WHERE source_id = ?", source_id)
        if at is not None:
            self._database.execute("INSERT INTO freeze (source_id, at) VALUES (?, ?)", source_id, stamp(at))

    # -- moves -------------------------------------------------------------------------------------------------------------------

    def move(self, source_id: str, old: str) -> Move | None:
        """Where an address of the source has been answering for some nights, if elsewhere."""
        row = self._database.one("SELECT * FROM move WHERE source_id = ? AND old = ?", source_id, old)
        return Move(row["old"], row["new"], row["nights"], datetime.fromisoformat(row["last_night"])) if row else None

    def keep_move(self, source_id: str, old: str, move: Move | None) -> None:
        """This is what tonight says of it; None: it answers where it is."""
        if move is None:
            self._database.execute("DELETE FROM move WHERE source_id = ? AND old = ?", source_id, old)
            return
        self._database.execute(
            "INSERT OR REPLACE INTO move (source_id, old, new, nights, last_night) VALUES (?, ?, ?, ?, ?)",
            *(source_id, old, move.new, move.nights, stamp(move.last_night)),
        )

    def drop_moves(self, source_id: str, *, keep: Iterable[str] = (), new: str | None = None) -> None:
        """Forget the moves of addresses that are not among those to `keep`, and those that lead to `new`."""
        for row in self._database.all("SELECT old, new FROM move WHERE source_id = ?", source_id):
            if row["new"] == new or (new is None and row["old"] not in keep):
                self.keep_move(source_id, row["old"], None)

    # -- names -------------------------------------------------------------------------------------------------------------------

    def spellings(self, source_id: str) -> dict[str, str]:
        """How the source's authors are spelt, by key."""
        return {row["key"]: row["name"] for row in self._database.all("SELECT key, name FROM author WHERE source_id = ?", source_id)}

    def spell(self, source_id: str, key: str, name: str) -> None:
        """This is how an author of the source is spelt."""
        self._database.execute("INSERT OR REPLACE INTO author (source_id, key, name) VALUES (?, ?, ?)", source_id, key, name)
