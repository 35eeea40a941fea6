"""The blog's own feed, older page after older page.

Owns three ways of turning the page: links of archives (RFC 5005: rel=prev-archive, or rel=next), WordPress's `?paged=N`, and the feed that
says to hold everything (fh:complete). It does not take a feed that cannot be turned for the whole archive: it is the last ten posts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crawler.backfill.addresses import below, on_own_host
from crawler.backfill.notebook import Notebook
from crawler.backfill.shortfall import falls_short
from crawler.backfill.strategy import Cursor, Ending, Missing, Move, Reading, Site, Step
from crawler.backfill.wordpress import is_wordpress
from crawler.parsed import ParsedFeed

MOST_PAGES: Final = 500

_WORDPRESS_FEED: Final = re.compile(r"/feed/?(\?|\Z)|[?&]feed=\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedPaging:
    """The older pages of the feed that is read at night."""

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""
        return "feed"

    def plan(self, site: Site) -> tuple[Step, ...]:
        """The feed itself: its first page says how it is turned."""
        return (Step(kind="feed", url=site.feed, note="lien 1"),) if site.feed else ()

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The next older page."""
        way, number = step.note.split()
        page = int(number)
        notes = Notebook(cursor)
        if not isinstance(reading, ParsedFeed) or reading.problem:
            return Move(cursor=_stopped(cursor, notes, way, page, reading))
        received = len(reading.entries) + reading.skipped
        expected = cursor.expected if reading.total is None else reading.total
        turned = notes.turned(reading.entries)
        if turned != "new":
            # Some sites answer every page past the last with the last; those that know no pages answer with the first.
            if turned == "same" and page > 2:
                notes.put("end", 1)
                return Move(cursor=notes.into(cursor, expected=expected))
            return Move(cursor=notes.into(cursor, expected=expected, why="le fil redonne la même page : il ne se feuillette pas"))
        notes.add("received", received)
        if page == 1:
            notes.put("first", received)
        if reading.whole or (way == "page" and not received):
            notes.put("end", 1)
            return Move(cursor=notes.into(cursor, expected=expected))
        if page >= MOST_PAGES:
            return Move(cursor=notes.into(cursor, expected=expected, why=f"arrêté à la page {page} du fil"))
        if reading.next and way == "lien":
            following = Step(kind="feed", url=reading.next, note=f"lien {page + 1}")
        elif way == "page" or (page == 1 and _is_paged(site)):
            following = Step(kind="feed", url=_page(site, page + 1), note=f"page {page + 1}")
        elif page == 1:
            return Move(cursor=notes.into(cursor, expected=expected, why="le fil n’a qu’une page"))
        else:
            notes.put("end", 1)
            return Move(cursor=notes.into(cursor, expected=expected))
        return Move(cursor=notes.into(cursor, expected=expected), steps=(following,))

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """Complete when the end was reached, with as many posts as the feed may have announced."""
        notes = Notebook(cursor)
        received = notes.count("received")
        if cursor.why or not notes.count("end"):
            return Ending(complete=False, why=cursor.why or "le fil n’a pas été lu jusqu’au bout")
        if not received:
            return Ending(complete=False, why="le fil ne donne aucun article")
        if falls_short(received, cursor.expected):
            return Ending(complete=False, why=f"le fil a donné {received} articles sur {cursor.expected}")
        return Ending(complete=True)


def _stopped(cursor: Cursor, notes: Notebook, way: str, page: int, reading: Reading) -> Cursor:
    """A page is not there: the end of a paged feed, or a hole."""
    missing = reading if isinstance(reading, Missing) else None
    absent = missing is None or (missing.status in (400, 404, 410) and not missing.forbidden)
    if way == "page" and absent:
        # WordPress answers 404 past the last page; so does any site that knows no pages, and then the first page was full.
        if page == 2 and notes.count("first") and notes.count("first") % 5 == 0:
            return notes.into(cursor, why="le fil n’a pas de deuxième page")
        notes.put("end", 1)
        return notes.into(cursor)
    return notes.into(cursor, why=missing.cause if missing else getattr(reading, "problem", "") or "ce n’est pas un fil")


def _is_paged(site: Site) -> bool:
    return is_wordpress(site) or bool(_WORDPRESS_FEED.search(site.feed))


def _page(site: Site, number: int) -> str:
    """The address of a page of WordPress's feed: the feed's own, or the usual one when a service stands before the feed."""
    feed = site.feed if on_own_host(site.feed, site.home) and _WORDPRESS_FEED.search(site.feed) else below(site.home, "feed/")
    feed = feed.partition("#")[0].rstrip("?&")
    return f"{feed}{'&' if '?' in feed else '?'}paged={number}"
