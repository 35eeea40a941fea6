"""SPIP: its sitemap, then its sections.

Owns what is SPIP's own: a sitemap that ends at 2,000 articles, addresses that are queries (`spip.php?article12`, `?rubrique3`), lists
turned by `debut_articles=10`. How links are followed is `crawler.backfill.links`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from crawler.backfill.addresses import below, key
from crawler.backfill.links import SEEN, Links, barren_before, listing
from crawler.backfill.notebook import Notebook
from crawler.backfill.shortfall import falls_short
from crawler.backfill.sitemaps import named_by_robots, posts_of
from crawler.backfill.strategy import Cursor, Ending, Move, Post, Reading, Site, Step
from crawler.parsed import ParsedListing, ParsedSitemap

CAP: Final = 2000
"""Articles in SPIP's sitemap, at most: the newest changed."""

LIST: Final = 10
"""Articles in a list of SPIP, by custom."""

MOST_MAPS: Final = 50

_PLACES: Final = ("spip.php?page=sitemap", "sitemap.xml", "spip.php?page=sitemap.xml")
_SECTION: Final = re.compile(r"[?/]rubrique\d+|[?&]id_rubrique=\d+", re.IGNORECASE)
_TURNED: Final = re.compile(r"([?&]debut_articles=)(\d+)")
_WALK: Final = Links()


def is_spip(site: Site) -> bool:
    """Whether a blog is known to be made with SPIP."""
    return site.platform == "spip" or "page=backend" in urlsplit(site.feed).query


@dataclass(frozen=True, slots=True)
class Spip:
    """The sitemap of a SPIP, then its sections. `insist`: try though nothing says that it is one."""

    insist: bool = False

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""
        return "spip"

    def plan(self, site: Site) -> tuple[Step, ...]:
        """The first place of a sitemap."""
        return (_map(site, 0),) if self.insist or is_spip(site) else ()

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The articles of the sitemap, the next place of one, or the pages of a section."""
        if step.kind == "listing":
            return self._walked(site, cursor, step, reading)
        notes = Notebook(cursor)
        origin, _, place = step.note.partition(" ")
        posts: tuple[Post, ...] = ()
        steps: list[Step] = []
        if isinstance(reading, ParsedSitemap) and not reading.problem:
            posts = posts_of(site, [page for page in reading.pages if not _SECTION.search(page.url)], sure=False)
            if origin == "plan":
                steps = [Step(kind="sitemap", url=inner.url, depth=1, note="partie") for inner in reading.sitemaps[:MOST_MAPS]]
        notes.add("mapped", len(posts))
        found = notes.count("mapped")
        if origin == "plan" and not posts and not steps and int(place) + 1 < len(_maps(site)):
            return Move(cursor=notes.into(cursor), steps=(_map(site, int(place) + 1),))
        if found >= CAP or (not steps and origin == "plan" and (not found or falls_short(found, site.at_least))):
            steps += self._walk(site, notes)
        if notes.count("walking"):
            for post in posts:  # the walk need not read them as well
                notes.remember(SEEN, post.url)
        return Move(cursor=notes.into(cursor, expected=found or None), steps=tuple(steps), posts=posts)

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """Complete with a sitemap below its cap; else as the walk ended."""
        if Notebook(cursor).count("walking"):
            return _WALK.done(_roomy(site, cursor), cursor)
        if not cursor.named:
            return Ending(complete=False, why=cursor.why or "le plan du site SPIP ne nomme aucun article")
        if falls_short(cursor.named, site.at_least):
            return Ending(
                complete=False, why=f"le plan du site SPIP ne nomme que {cursor.named} articles, il y en a au moins {site.at_least}"
            )
        return Ending(complete=not cursor.why, why=cursor.why)

    def _walk(self, site: Site, notes: Notebook) -> list[Step]:
        """Begin with the sections: from the page that lists them all, and from the home page."""
        if notes.count("walking"):
            return []
        notes.put("walking", 1)
        steps = [listing(below(site.home, "spip.php?page=plan")), listing(site.home)]
        for step in steps:
            notes.remember(SEEN, step.url)
        return steps

    def _walked(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The links of a page; and, for a full list that names no older page, the page that SPIP would give."""
        move = _WALK.handle(_roomy(site, cursor), cursor, step, reading)
        if not isinstance(reading, ParsedListing) or reading.next or not _SECTION.search(step.url) or len(reading.posts) < LIST:
            return move
        if any("debut_" in url for url in reading.listings) or not (move.steps or move.posts):
            return move
        turned = _TURNED.search(step.url)
        start = int(turned[2]) + LIST if turned else LIST
        url = _TURNED.sub(rf"\g<1>{start}", step.url) if turned else f"{step.url}{'&' if '?' in step.url else '?'}debut_articles={start}"
        notes = Notebook(move.cursor)
        if notes.size(SEEN) >= _roomy(site, cursor).most_addresses or not notes.remember(SEEN, url):
            return move
        return replace(move, cursor=notes.into(move.cursor), steps=(listing(url, step.depth, barren_before(step)), *move.steps))


def _roomy(site: Site, cursor: Cursor) -> Site:
    """The bounds of the walk do not count what the sitemap named."""
    return replace(site, most_addresses=site.most_addresses + Notebook(cursor).count("mapped"))


def _maps(site: Site) -> tuple[str, ...]:
    places = (*named_by_robots(site), *(below(site.home, place) for place in _PLACES))
    return tuple({key(url): url for url in places}.values())


def _map(site: Site, place: int) -> Step:
    return Step(kind="sitemap", url=_maps(site)[place], note=f"plan {place}")
