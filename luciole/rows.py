"""How an article lies in a row of the store: the tables, and the way from value to row and back.

Owns the schema of the record. It refuses to decide anything: which sighting wins is the store's affair.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from sqlite3 import Row

from luciole.article import Article, Sighting

SCHEMA = (
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
)


def stamp(moment: datetime) -> str:
    """A moment as the store writes it: ISO 8601 in UTC, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def content(seen: Sighting) -> dict[str, str | int | None]:
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
    )


def to_article(row: Row) -> Article:
    """The article of a row."""
    moment = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("published", "gone_at")}
    return Article(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        title=row["title"],
        named_by=row["named_by"],
        authors=tuple(json.loads(row["authors"])),
        published=moment["published"],
        published_basis=row["published_basis"],
        language=row["language"],
        text=row["text"],
        text_basis=row["text_basis"],
        licence=row["licence"],
        noindex=bool(row["noindex"]),
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        revision=row["revision"],
        dup_of=row["dup_of"],
        merged_into=row["merged_into"],
        gone_at=moment["gone_at"],
        gone_why=row["gone_why"],
    )
