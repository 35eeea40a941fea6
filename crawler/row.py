"""One address of the frontier, as a value: what it is fetched as, for what, and what came of it.

Owns the values that the frontier hands out and takes back, and their way through JSON. It decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from sqlite3 import Row as SqlRow
from typing import Final, cast

from crawler.departures import PRESENT, Looks
from crawler.parsed import Kind
from crawler.schema import stamp

ROOT: Final = 0
"""A feed or a home page of the night."""

POST: Final = 1
"""A post that a feed has just named."""

STEP: Final = 2
"""A page of an archive: sitemap, interface, list."""

ARCHIVE: Final = 3
"""A post that an archive named."""

RECHECK: Final = 4
"""A known post, looked at again."""


PERMANENT: Final = ":permanent"
"""Among the headers of an answer, and no header: it came after redirects that were all permanent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What a home page left to try: feed addresses still to be tried in order, then links that may be posts.

    `refused` is why one of the feeds was refused, if one was: it is what to say when nothing else is found.
    """

    feeds: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """For which strategy of back-fill an address is read, and the strategy's own words about it (`crawler.backfill.strategy.Step`)."""

    strategy: str
    depth: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One address to fetch.

    `from_feed`: a feed, an interface or a sitemap of posts named it. `trail` is only there while a feed is being looked for, `lead` only
    for the steps of an archive. `recheck`: it is a post that we have, looked at again; `looks` are those that did not find it. `again`: its
    kept body is read once more, and was dealt with before.
    """

    id: int
    source_id: str
    kind: Kind
    url_key: str
    url: str
    from_feed: bool
    tries: int
    trail: Trail | None = None
    priority: int = ROOT
    lead: Lead | None = None
    recheck: bool = False
    looks: Looks = PRESENT
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a fetch left for the parse: the address that answered, the headers that count (lower-case names), the key of the body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body_hash: str
    at: datetime


def as_json(value: Trail | Lead | None) -> str | None:
    """A trail or a lead as the frontier keeps it."""
    return json.dumps(asdict(value)) if value else None


def to_row(row: SqlRow) -> Row:
    """The value of a row of the table."""
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
        priority=row["priority"],
        lead=Lead(**json.loads(row["lead"])) if row["lead"] else None,
        recheck=bool(row["recheck"]),
        looks=_looks(row["looks"]),
        again=bool(row["again"]),
    )


def to_answer(row: SqlRow) -> Answer:
    """What a fetch left in a row of the table."""
    return Answer(
        url=row["answered"],
        status=row["status"],
        headers=json.loads(row["headers"]),
        body_hash=row["body_hash"],
        at=datetime.fromisoformat(row["fetched_at"]),
    )


def looks_json(looks: Looks) -> str | None:
    """Looks as the frontier keeps them."""
    if looks.first is None or looks.last is None:
        return None
    return json.dumps({"absence": looks.absence, "first": stamp(looks.first), "last": stamp(looks.last), "count": looks.count})


def _looks(text: str | None) -> Looks:
    if text is None:
        return PRESENT
    kept = json.loads(text)
    first, last = (datetime.fromisoformat(kept[name]) for name in ("first", "last"))
    return Looks(absence=kept["absence"], first=first, last=last, count=kept["count"])
