"""Sitemaps: the addresses that a site names for search engines.

Owns which maps are read (those of robots.txt, else the usual places; of an index, those of posts where it has such) and which of their
addresses may be posts. Addresses of a map of posts (WordPress, Yoast, Ghost, Blogger…) are posts; those of a map of everything (Hugo,
Jekyll, Nikola…) are filtered by address, and each page has to prove itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crawler.backfill.addresses import at_root, below, is_own, is_settled, key, may_be_post, on_own_host
from crawler.backfill.blogger import is_blogger
from crawler.backfill.notebook import Notebook
from crawler.backfill.shortfall import falls_short
from crawler.backfill.strategy import Cursor, Ending, Missing, Move, Post, Reading, Site, Step
from crawler.parsed import Located, ParsedSitemap

MOST_MAPS: Final = 500
MOST_DEPTH: Final = 3
"""Maps read of one site, and indexes inside one another."""

PLACES: Final = (
    "sitemap.xml",
    "sitemap_index.xml",
    "wp-sitemap.xml",
    "sitemap-index.xml",
    "sitemapindex.xml",
    "sitemap.xml.gz",
    "sitemap.txt",
)
_WORDPRESS_PLACES: Final = ("wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml", "sitemap-index.xml", "sitemap.xml.gz")

_OF_POSTS: Final = re.compile(
    r"(-posts-post-\d+|(\A|[-_/])(posts?|articles?|billets?)[-_]sitemap[-_]?\d*|sitemap[-_]?(pt[-_])?(posts?|articles?|billets?)([-_.]?p?\d[-\d]*)*)"
    r"\.xml(\.gz)?\Z",
    re.IGNORECASE,
)
_OF_PAGES: Final = re.compile(r"(\b|_)(pages?|misc|news|externals?|archives?)(\b|_|\d)|-posts-page-", re.IGNORECASE)
_OF_NO_POSTS: Final = re.compile(
    r"(\b|_)(taxonom\w*|tax|categor\w*|tags?|post_tag|post_format|users?|authors?|auteurs?|images?|videos?|attachments?|media|products?)"
    r"(\b|_|\d)|/feed\b|/(rss|atom|feed)\.xml\Z",
    re.IGNORECASE,
)
_SECTION_PAGES: Final = 3
"""Pages directly below an address from which it is taken for the list of them."""

_SPIP_CAP: Final = 2000


@dataclass(frozen=True, slots=True)
class Sitemaps:
    """The sitemaps of a site."""

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""
        return "sitemap"

    def plan(self, site: Site) -> tuple[Step, ...]:
        """The maps that robots.txt names, else the first of the usual places."""
        named = named_by_robots(site)
        return tuple(_step(url, "robots") for url in named) or (_guess(site, 0),)

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The posts of a map, the maps of an index; the next usual place while too little was found."""
        notes = Notebook(cursor)
        self._started(site, notes)
        notes.remember("maps", step.url)
        notes.add("read")
        origin, _, guess = step.note.partition(" ")
        steps: list[Step] = []
        posts: tuple[Post, ...] = ()
        why = ""
        if isinstance(reading, ParsedSitemap) and not reading.problem:
            posts = posts_of(site, reading.pages, sure=_is_of_posts(step.url, site))
            for inner in _chosen(reading.sitemaps, site):
                if step.depth >= MOST_DEPTH or notes.size("maps") >= MOST_MAPS:
                    why = "trop de plans de site emboîtés"
                elif notes.remember("maps", inner):
                    steps.append(_step(inner, "index", step.depth + 1))
        elif origin != "guess":
            why = reading.cause if isinstance(reading, Missing) else getattr(reading, "problem", "") or "ce n’est pas un plan de site"
        notes.add("asked", len(steps))
        found = cursor.named + len(posts)
        if notes.count("read") == notes.count("asked") and (not found or falls_short(found, site.at_least)):
            for place in range(int(guess) + 1 if origin == "guess" else notes.count("guess"), len(_places(site))):
                notes.put("guess", place + 1)
                if notes.remember("maps", _places(site)[place]):
                    notes.add("asked")
                    steps.append(_guess(site, place))
                    break
        notes.add("sections", _sections(posts))
        return Move(cursor=notes.into(cursor, expected=found - notes.count("sections") or None, why=why), steps=tuple(steps), posts=posts)

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """Complete when every map was read and they name about as many posts as anything else knows of."""
        if not cursor.named:
            return Ending(complete=False, why=cursor.why or "aucun plan de site ne nomme d’article")
        if falls_short(cursor.named, site.at_least):
            return Ending(complete=False, why=f"le plan du site ne nomme que {cursor.named} articles, il y en a au moins {site.at_least}")
        if site.platform == "spip" and cursor.named >= _SPIP_CAP:
            return Ending(complete=False, why=f"SPIP ne met que {_SPIP_CAP} articles dans son plan de site")
        return Ending(complete=not cursor.why, why=cursor.why)

    def _started(self, site: Site, notes: Notebook) -> None:
        """Count the maps of the plan once."""
        if not notes.count("asked"):
            notes.put("asked", len(self.plan(site)))
            for step in self.plan(site):
                notes.remember("maps", step.url)


def named_by_robots(site: Site) -> tuple[str, ...]:
    """The maps of robots.txt that are on the blog's own host, each once."""
    own = {key(url): url for url in site.sitemaps if on_own_host(url, site.home)}
    return tuple(own.values())[:MOST_MAPS]


def posts_of(site: Site, pages: Iterable[Located], *, sure: bool) -> tuple[Post, ...]:
    """The addresses of a map that are or may be posts, each once, in its order.

    The days of change are left out when more than half of the addresses share one: it is the day on which the site was built.
    """
    own = {key(page.url): page for page in pages if is_own(page.url, site.home)}
    if sure:
        own.pop(key(site.home), None)
        taken = list(own.values())
    else:
        taken = [page for page in own.values() if _is_candidate(page.url, site)]
    days = Counter(page.modified.date() for page in own.values() if page.modified is not None)
    built = len(own) > 1 and max(days.values(), default=0) * 2 > len(own)
    return tuple(Post(url=page.url, sure=sure or is_settled(page.url, site), modified=None if built else page.modified) for page in taken)


def _is_candidate(url: str, site: Site) -> bool:
    return may_be_post(url, site) and (site.article_url is None or is_settled(url, site))


def _sections(posts: Iterable[Post]) -> int:
    """How many unsure addresses hold several others directly below them: most are the sections of a static site, a few are posts. All
    are looked at, none is expected to be a post."""
    keys = {key(post.url) for post in posts if not post.sure}
    children = Counter(one.rpartition("/")[0] for one in keys)
    return sum(count >= _SECTION_PAGES and parent in keys for parent, count in children.items())


def _chosen(maps: Iterable[Located], site: Site) -> list[str]:
    """The maps of an index worth reading: never those of categories, authors or images; those of pages and news only where none is of
    posts; if nothing else is left, all."""
    own = [inner.url for inner in maps if on_own_host(inner.url, site.home)]
    useful = [url for url in own if not _OF_NO_POSTS.search(_tail(url, site))]
    if any(_is_of_posts(url, site) for url in useful):
        return [url for url in useful if _is_of_posts(url, site) or not _OF_PAGES.search(_tail(url, site))]
    return useful or own


def _is_of_posts(url: str, site: Site) -> bool:
    """Whether a map holds posts and nothing else."""
    if is_blogger(site):
        return urlsplit(url).path.endswith("/sitemap.xml")
    return _OF_POSTS.search(urlsplit(url).path) is not None


def _tail(url: str, site: Site) -> str:
    """The path of a map from the home page's directory on: where the blog lies says nothing of what the map holds."""
    path = urlsplit(url).path
    start = urlsplit(below(site.home, "")).path
    return f"/{path.removeprefix(start)}"


def _places(site: Site) -> tuple[str, ...]:
    """Where maps usually are: beside the home page, then at the root of its host."""
    places = _WORDPRESS_PLACES if site.platform == "wordpress" else PLACES
    return tuple(dict.fromkeys([*(below(site.home, place) for place in places), *(at_root(site.home, place) for place in places[:2])]))


def _guess(site: Site, place: int) -> Step:
    return _step(_places(site)[place], f"guess {place}")


def _step(url: str, note: str, depth: int = 0) -> Step:
    return Step(kind="sitemap", url=url, depth=depth, note=note)
