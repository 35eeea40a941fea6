"""Feeds and home pages that moved for good: when a move is believed, and which ones are proposed to the curators.

Owns the counting of nights and the reading of the table `move` (`crawler.schema` makes it). A move counts after `CrawlLimits.moved_nights`
nights in a row with nothing but permanent redirects (301, 308) to the same address of the same registrable domain: a mistake of an
evening, a page of maintenance or a stolen domain must not move a blog. From then on the crawler asks at the new address; the list itself
is only ever changed by a curator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from crawler.politeness import CrawlLimits, same_site
from luciole.database import Database
from luciole.urls import authority

_PERMANENT: Final = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Move:
    """An address that answers elsewhere. `nights` counts the nights in a row, the last of them that counted at `last_night`."""

    old: str
    new: str
    nights: int
    last_night: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A believed move of a source, to be put before a curator."""

    source_id: str
    move: Move


def permanent(reasons: Iterable[object]) -> bool:
    """Whether a chain of redirects is one, and permanent at every hop. `reasons` as Scrapy has them in `redirect_reasons`: statuses."""
    hops = list(reasons)
    return bool(hops) and all(hop in _PERMANENT for hop in hops)


def seen(move: Move | None, old: str, new: str, permanent: bool, night: datetime, limits: CrawlLimits) -> Move | None:
    """The move as it stands after tonight's answer: `old` was asked for, `new` answered (and was read as what it should be: a feed that
    leads to a page of maintenance has not moved). None: there is no move, or no more.

    Another target starts anew; two crawls less than `next_night` apart are one night.
    """
    new = new.partition("#")[0]
    if not permanent or new == old or not _same_owner(old, new):
        return None
    if move is None or (move.old, move.new) != (old, new):
        return Move(old, new, 1, night)
    if night - move.last_night < limits.next_night:
        return move
    return replace(move, nights=move.nights + 1, last_night=night)


def established(move: Move, limits: CrawlLimits) -> bool:
    """Whether the move is believed: followed at night, and proposed."""
    return move.nights >= limits.moved_nights


def proposals(database: Database, limits: CrawlLimits) -> tuple[Proposal, ...]:
    """The believed moves that the crawler keeps, by source and old address. Nothing for a store that no crawl has written yet."""
    if database.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'move'") is None:
        return ()
    rows = database.all("SELECT source_id, old, new, nights, last_night FROM move ORDER BY source_id, old")
    found = (
        Proposal(row["source_id"], Move(row["old"], row["new"], row["nights"], datetime.fromisoformat(row["last_night"]))) for row in rows
    )
    return tuple(proposal for proposal in found if established(proposal.move, limits))


def _same_owner(old: str, new: str) -> bool:
    try:
        return same_site(authority(old), authority(new))
    except ValueError:
        return False
