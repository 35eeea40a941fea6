"""How an article lies in a row of the store: the tables, and the way from value to row and back.

Owns the schema of the record. It refuses to decide anything: which sighting wins is the affair of `precedence`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from sqlite3 import Row
from typing import Any, Final

from luciole.article import NO_WISHES, Article, Sighting, Wishes

Columns = dict[str, str | int | None]
"""Values of a row's columns, by name."""

SCHEMA: Final = (
    """
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO counter (name, value) VALUES ('revision', 0);
CREATE TABLE source (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    listed INTEGER NOT NULL,
    authority TEXT NOT NULL,
    moved INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    named_by TEXT NOT NULL,
    authors TEXT NOT NULL,
    published TEXT,
    published_basis TEXT,
    language TEXT,
    text TEXT NOT NULL,
    text_basis TEXT NOT NULL,
    licence TEXT,
    noindex INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    dup_of TEXT,
    merged_into TEXT,
    gone_at TEXT,
    gone_why TEXT,
    revision INTEGER NOT NULL UNIQUE
) STRICT;
CREATE INDEX article_source ON article (source_id);
CREATE TABLE alias (
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES article (id),
    PRIMARY KEY (source_id, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_article ON alias (article_id)
""",
    """
ALTER TABLE article ADD COLUMN wishes TEXT;
ALTER TABLE article ADD COLUMN dois TEXT NOT NULL DEFAULT '[]';
ALTER TABLE article ADD COLUMN image TEXT;
ALTER TABLE article ADD COLUMN members_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN text_hash TEXT;
CREATE INDEX article_text ON article (text_hash, dup_of) WHERE text_hash IS NOT NULL;
ALTER TABLE source ADD COLUMN block TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN frozen_at TEXT;
ALTER TABLE source ADD COLUMN frozen_why TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN gone_since TEXT;
ALTER TABLE source ADD COLUMN failing_since TEXT;
ALTER TABLE source ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN expected INTEGER
""",
)
"""The steps in SQL; `duplicates.take_fingerprints` comes after them, then `LATER`. `source.block` is the last block of the registry, as
JSON."""
LATER: Final = ("ALTER TABLE source ADD COLUMN feed TEXT",)


def stamp(moment: datetime) -> str:
    """A moment as the store writes it: ISO 8601 in UTC, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str | None) -> datetime | None:
    """The inverse of `stamp`, for a column that may be empty."""
    return datetime.fromisoformat(text) if text else None


def content(seen: Sighting) -> Columns:
    """The columns that a sighting speaks of."""
    return {
        "url": seen.url,
        "title": seen.title,
        "named_by": seen.named_by,
        "authors": json.dumps(seen.authors, ensure_ascii=False),
        "published": stamp(seen.published) if seen.published else None,
        "published_basis": seen.published_basis if seen.published else None,
        "language": seen.language,
        "text": seen.text,
        "text_basis": seen.text_basis,
        "licence": seen.licence,
        "noindex": int(seen.noindex),
        "wishes": pack_wishes(seen.wishes),
        "dois": json.dumps(seen.dois) if seen.dois else "[]",
        "image": seen.image or None,
        "members_only": int(seen.members_only),
    }


def as_sighting(article: Article) -> Sighting:
    """An article as if it were seen once more: what merging two of them needs."""
    return Sighting(
        source_id=article.source_id,
        url=article.url,
        seen_at=article.last_seen,
        title=article.title,
        named_by=article.named_by,
        authors=article.authors,
        published=article.published,
        published_basis=article.published_basis,
        language=article.language,
        text=article.text,
        text_basis=article.text_basis,
        licence=article.licence,
        noindex=article.noindex,
        wishes=article.wishes,
        dois=article.dois,
        image=article.image,
        members_only=article.members_only,
    )


def to_article(row: Row) -> Article:
    """The article of a row."""
    return Article(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        title=row["title"],
        named_by=row["named_by"],
        authors=tuple(json.loads(row["authors"])),
        published=moment(row["published"]),
        published_basis=row["published_basis"],
        language=row["language"],
        text=row["text"],
        text_basis=row["text_basis"],
        licence=row["licence"],
        noindex=bool(row["noindex"]),
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        revision=row["revision"],
        wishes=unpack_wishes(row["wishes"]),
        dois=tuple(json.loads(row["dois"])) if row["dois"] != "[]" else (),
        image=row["image"],
        members_only=bool(row["members_only"]),
        dup_of=row["dup_of"],
        merged_into=row["merged_into"],
        gone_at=moment(row["gone_at"]),
        gone_why=row["gone_why"],
    )


def pack_wishes(wishes: Wishes) -> str | None:
    """Wishes as JSON, only what is asked for; None when nothing is."""
    if wishes == NO_WISHES:
        return None
    asked: dict[str, Any] = {
        "snippet": wishes.snippet,
        "noarchive": wishes.noarchive or None,
        "unavailable_after": stamp(wishes.unavailable_after) if wishes.unavailable_after else None,
        "reserved": wishes.reserved or None,
    }
    return json.dumps({name: value for name, value in asked.items() if value is not None})


def unpack_wishes(text: str | None) -> Wishes:
    """The inverse of `pack_wishes`."""
    if not text:
        return NO_WISHES
    asked = json.loads(text)
    return Wishes(
        snippet=asked.get("snippet"),
        noarchive=bool(asked.get("noarchive")),
        unavailable_after=moment(asked.get("unavailable_after")),
        reserved=bool(asked.get("reserved")),
    )
