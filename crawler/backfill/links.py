"""Following links from the home page, within bounds: the last resort, for blogs that list their posts nowhere else.

Owns the order (the older page first, then archives, months and sections, then what may be a post) and the bounds. Nobody knows by its
address whether a page is a post or a list, and it may be both: such pages are read as lists, and the reading says if they were posts.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.backfill.addresses import is_pager, is_settled, may_be_post, may_follow
from crawler.backfill.notebook import Notebook
from crawler.backfill.strategy import Cursor, Ending, Missing, Move, Post, Reading, Site, Step
from crawler.parsed import ParsedListing

SEEN = "seen"
"""The set of addresses named so far."""

_DEEP = "deep"
"""Those left out because they were too many links away."""

_FULL = "full"


@dataclass(frozen=True, slots=True)
class Links:
    """The blog's pages, from its home on."""

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""
        return "links"

    def plan(self, site: Site) -> tuple[Step, ...]:
        """The home page."""
        return (listing(site.home),)

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The links of a page that are worth reading and were not named before.

        A chain of pages without a post unknown before ends after `site.barren_pages`: so do calendars, and pagers that never end.
        """
        notes = Notebook(cursor)
        notes.remember(SEEN, step.url)
        if not isinstance(reading, ParsedListing) or reading.problem:
            cause = reading.cause if isinstance(reading, Missing) else getattr(reading, "problem", "")
            return Move(cursor=notes.into(cursor, why=cause if step.depth == 0 and step.url == site.home else ""))
        posts = [url for url in reading.posts if may_be_post(url, site) and not notes.knows(SEEN, url)]
        fruitful = bool(posts) or (reading.sighting is not None and notes.remember("held", reading.sighting.canonical or step.url))
        barren = 0 if fruitful else barren_before(step) + 1
        if barren >= site.barren_pages:
            return Move(cursor=notes.into(cursor))
        steps: list[Step] = []
        named: list[Post] = []
        lists = [url for url in (reading.next, *reading.listings) if url and may_follow(url, site)]
        for url in lists:
            pager = url == reading.next or is_pager(url)
            _take(site, notes, listing(url, step.depth if pager else step.depth + 1, barren), steps)
        for url in posts:
            if is_settled(url, site):
                if _room(site, notes) and notes.remember(SEEN, url):
                    named.append(Post(url=url, sure=True))
            else:
                # From post to post the way may be as long as the blog: « article précédent » is the pager of some.
                _take(site, notes, listing(url, step.depth + (reading.sighting is None)), steps)
        return Move(cursor=notes.into(cursor), steps=tuple(steps), posts=tuple(named))

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """Nothing better is left: complete, unless a bound was met or nothing was found."""
        notes = Notebook(cursor)
        if cursor.why:
            return Ending(complete=False, why=cursor.why)
        if not cursor.named:
            return Ending(complete=False, why="aucun article trouvé en suivant les liens")
        if notes.count(_FULL):
            return Ending(complete=False, why=f"arrêté à {site.most_addresses} adresses en suivant les liens")
        if notes.size(_DEEP):
            return Ending(complete=False, why=f"des pages à plus de {site.most_depth} liens de l’accueil n’ont pas été lues")
        return Ending(complete=True)


def listing(url: str, depth: int = 0, barren: int = 0) -> Step:
    """A page whose links are to be followed, after `barren` pages in a row without a new post."""
    return Step(kind="listing", url=url, depth=depth, note=f"liste {barren}")


def barren_before(step: Step) -> int:
    """The pages in a row without a new post that led to this one."""
    return int(step.note.rpartition(" ")[2] or 0)


def _take(site: Site, notes: Notebook, step: Step, steps: list[Step]) -> None:
    """Name a page, unless it was named, is too far, or there is no room."""
    if notes.knows(SEEN, step.url):
        return
    if step.depth > site.most_depth:
        if notes.size(_DEEP) < site.most_addresses:
            notes.remember(_DEEP, step.url)
        return
    if _room(site, notes):
        notes.remember(SEEN, step.url)
        notes.drop(_DEEP, step.url)
        steps.append(step)


def _room(site: Site, notes: Notebook) -> bool:
    if notes.size(SEEN) < site.most_addresses:
        return True
    notes.put(_FULL, 1)
    return False
