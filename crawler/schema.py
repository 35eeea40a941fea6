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
    """
ALTER TABLE frontier ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frontier ADD COLUMN lead TEXT;
ALTER TABLE frontier ADD COLUMN recheck INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frontier ADD COLUMN looks TEXT;
ALTER TABLE frontier ADD COLUMN check_at TEXT;
ALTER TABLE frontier ADD COLUMN since TEXT;
ALTER TABLE frontier ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
UPDATE frontier SET priority = 1 WHERE kind = 'article';
UPDATE frontier SET check_at = strftime('%Y-%m-%dT%H:%M:%f', fetched_at, '+' || (60 + id % 30) || ' days') || '+00:00'
    WHERE kind = 'article' AND state = 'done' AND why = '' AND fetched_at IS NOT NULL;
DROP INDEX frontier_state;
CREATE INDEX frontier_state ON frontier (state, source_id, priority, id, next_at);
CREATE INDEX frontier_step ON frontier (source_id, state) WHERE lead IS NOT NULL;
CREATE INDEX frontier_check ON frontier (source_id, check_at) WHERE check_at IS NOT NULL;
ALTER TABLE tally ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tally ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tally ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tally ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tally ADD COLUMN vanished INTEGER NOT NULL DEFAULT 0;
CREATE TABLE site (
    source_id TEXT PRIMARY KEY,
    facts TEXT NOT NULL,
    at TEXT NOT NULL,
    missed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE backfill (
    source_id TEXT NOT NULL,
    strategy TEXT NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL,
    cursor TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL,
    PRIMARY KEY (source_id, strategy)
) STRICT, WITHOUT ROWID;
CREATE TABLE backfill_post (
    source_id TEXT NOT NULL,
    strategy TEXT NOT NULL,
    url_key TEXT NOT NULL,
    PRIMARY KEY (source_id, strategy, url_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE sample (
    source_id TEXT NOT NULL,
    url_key TEXT NOT NULL,
    coverage REAL NOT NULL,
    ratio REAL NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source_id, url_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE named (source_id TEXT NOT NULL, feed TEXT NOT NULL, url_key TEXT NOT NULL, PRIMARY KEY (source_id, feed, url_key))
STRICT, WITHOUT ROWID;
CREATE TABLE author (source_id TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (source_id, key)) STRICT, WITHOUT ROWID;
CREATE TABLE move (
    source_id TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    nights INTEGER NOT NULL,
    last_night TEXT NOT NULL,
    PRIMARY KEY (source_id, old)
) STRICT, WITHOUT ROWID;
CREATE TABLE freeze (source_id TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE visit (source_id TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID
""",
)


def prepare(database: Database) -> None:
    """Bring the crawler's tables up to date. Raises `StoreError`."""
    database.migrate("crawler", SCHEMA)


def stamp(moment: datetime) -> str:
    """A moment as every table keeps it: UTC, to the millisecond, so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
