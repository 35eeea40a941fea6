"""The crawler's own tables, in the store's file: what is left to do, and what is worth remembering between nights.

Owns their definition only; `frontier`, `memory` and `tally` own their rows. They share the file so that articles and the crawl state that
produced them commit together.
"""

from __future__ import annotations

from datetime import UTC, datetime

from luciole.database import Database

SCHEMA = (
    """
CREATE TABLE frontier (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    url_key TEXT NOT NULL,
    url TEXT NOT NULL,
    from_feed INTEGER NOT NULL DEFAULT 0,
    trail TEXT,
    state TEXT NOT NULL DEFAULT 'todo',
    tries INTEGER NOT NULL DEFAULT 0,
    next_at TEXT,
    why TEXT NOT NULL DEFAULT '',
    answered TEXT,
    status INTEGER,
    headers TEXT,
    body_hash TEXT,
    fetched_at TEXT,
    UNIQUE (source_id, kind, url_key)
) STRICT;
CREATE INDEX frontier_state ON frontier (state, source_id);
CREATE TABLE validator (
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    url_key TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (source_id, kind, url_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE home (source_id TEXT PRIMARY KEY, url TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE found_feed (
    source_id TEXT PRIMARY KEY,
    url TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE ally (source_id TEXT NOT NULL, authority TEXT NOT NULL, PRIMARY KEY (source_id, authority)) STRICT, WITHOUT ROWID;
CREATE TABLE parked (source_id TEXT PRIMARY KEY, until TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE robots (origin TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, fetched_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
    run_id INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    found INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    requests INTEGER NOT NULL DEFAULT 0,
    roots_read INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    cause TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, source_id)
) STRICT, WITHOUT ROWID
""",
    "ALTER TABLE home ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
)


def prepare(database: Database) -> None:
    """Bring the crawler's tables up to date. Raises `StoreError`."""
    database.migrate("crawler", SCHEMA)


def stamp(moment: datetime) -> str:
    """A moment as every table keeps it: UTC, to the millisecond, so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
