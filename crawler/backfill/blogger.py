"""Blogger's feed, page after page: every post, with its full text unless the owner chose short ones.

Owns the addresses asked for and when the archive is read. Blogger has capped its pages silently, again and again (500, 150, 100): the next
page begins after as many entries as were received, never after as many as were asked for. The parameters are those of
https://developers.google.com/gdata/docs/2.0/reference
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crawler.backfill.addresses import at_root
from crawler.backfill.notebook import Notebook
from crawler.backfill.shortfall import falls_short
from crawler.backfill.strategy import Cursor, Ending, Missing, Move, Reading, Site, Step
from crawler.parsed import ParsedFeed

SIZE: Final = 100
SMALL: Final = 25
"""Posts asked for at a time; and once a page came to nothing."""

MOST_PAGES: Final = 1000

_HOST: Final = re.compile(r"\.blogspot\.(com|[a-z]{2}|com?\.[a-z]{2})\Z")


def is_blogger(site: Site) -> bool:
    """Whether a blog is known to be at Blogger."""
    host = urlsplit(site.home).hostname or ""
    return site.platform == "blogger" or bool(_HOST.search(host)) or "/feeds/posts/" in urlsplit(site.feed).path


@dataclass(frozen=True, slots=True)
class Blogger:
    """Pages of Blogger's feed. `insist`: try though nothing says that the blog is there."""

    insist: bool = False

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""
        return "blogger"

    def plan(self, site: Site) -> tuple[Step, ...]:
        """The first page, where the blog is Blogger's."""
        return (_step(site, SIZE, 1, 1),) if self.insist or is_blogger(site) else ()

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The page after the entries received, as long as there are some."""
        size, page, start = map(int, step.note.split())
        notes = Notebook(cursor)
        if not isinstance(reading, ParsedFeed) or reading.problem:
            missing = reading if isinstance(reading, Missing) else None
            if size == SIZE and missing and not missing.forbidden and (missing.status in (0, 200) or missing.status >= 500):
                return Move(cursor=notes.into(cursor), steps=(_step(site, SMALL, page, start),))
            why = missing.cause if missing else getattr(reading, "problem", "") or "ce n’est pas le fil de Blogger"
            return Move(cursor=notes.into(cursor, why=why))
        received = len(reading.entries) + reading.skipped
        notes.add("received", received)
        expected = cursor.expected if reading.total is None else reading.total
        if received and notes.turned(reading.entries) != "new":
            return Move(cursor=notes.into(cursor, expected=expected, why="le fil redonne toujours la même page"))
        start += received
        if not received or (expected is not None and start > expected and not reading.next):
            notes.put("end", 1)
            return Move(cursor=notes.into(cursor, expected=expected))
        if page >= MOST_PAGES:
            return Move(cursor=notes.into(cursor, expected=expected, why=f"arrêté à la page {page} du fil"))
        return Move(cursor=notes.into(cursor, expected=expected), steps=(_step(site, size, page + 1, start),))

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """Complete when the feed ended and gave as many posts as it says to have, or nearly."""
        notes = Notebook(cursor)
        received = notes.count("received")
        if cursor.why or not notes.count("end"):
            return Ending(complete=False, why=cursor.why or "le fil de Blogger n’a pas été lu jusqu’au bout")
        if not received:
            return Ending(complete=False, why="le fil de Blogger ne donne aucun article")
        if falls_short(received, cursor.expected):
            return Ending(complete=False, why=f"le fil de Blogger a donné {received} articles sur {cursor.expected}")
        return Ending(complete=True)


def _step(site: Site, size: int, page: int, start: int) -> Step:
    query = f"max-results={size}&start-index={start}&orderby=published&redirect=false"
    return Step(kind="feed", url=at_root(site.home, f"feeds/posts/default?{query}"), note=f"{size} {page} {start}")
