"""What a strategy of back-fill is: a few pure decisions over values.

Owns the words that strategies and their driver share. A strategy never fetches and keeps nothing: it says which addresses to read first
(`plan`), what each reading leads to (`handle`), and, when none of its addresses is left to read, how it ended (`done`). The driver
(`crawler.backfilling`) turns its steps into rows of the frontier, so that a crash resumes at the last page, and keeps its `Cursor` in
the same transaction. Strategies are tried in the order of `crawler.backfill.choice`, until one ends complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.parsed import Kind, ParsedFeed, ParsedListing, ParsedSitemap


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is known of a blog before its archive is gathered.

    `home` is the address at which its home page answered; `feed` the feed read at night ("" without one); `platform` and `rest_root` are
    those of `ParsedHome`; `sitemaps` the `Sitemap:` lines of its robots.txt; `article_url` the curator's expression for addresses of
    posts; `at_least` the most posts that anything else knows of (entries of the feed, what a strategy tried before expected), by which a
    list that is too short is known; `most_addresses`, `most_depth` and `barren_pages` are the bounds of following links (`CrawlLimits`).
    """

    home: str
    feed: str = ""
    platform: str = ""
    rest_root: str = ""
    sitemaps: tuple[str, ...] = ()
    article_url: str | None = None
    at_least: int = 0
    most_addresses: int = 3000
    most_depth: int = 5
    barren_pages: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One address to read as a `kind`. `depth` counts the links followed from the start; `note` is the strategy's own word about it."""

    kind: Kind
    url: str
    depth: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The address of what is (`sure`) or may be a post, to be fetched and read as one. `modified` as the sitemap states it."""

    url: str
    sure: bool
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A step that came to nothing for good: its HTTP status (0 without an answer) and why, in French. `forbidden`: robots.txt says no."""

    cause: str
    status: int = 0
    forbidden: bool = False


Reading = ParsedFeed | ParsedSitemap | ParsedListing | Missing
"""What a step came to. A reading with a `problem` is one that was answered with something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a strategy got; with the rows of the frontier, all that a crash must not lose. Survives JSON.

    `read` counts steps that gave something, `named` the posts that came up, each once (the driver counts both); `barren` the steps in a
    row that gave no post unknown before (the driver counts it: what `handle` sees is the state before its own reading); `expected` the
    number of posts that the site says to have; `why` the first thing that went wrong; `trail` is the strategy's own memory.
    """

    read: int = 0
    named: int = 0
    barren: int = 0
    expected: int | None = None
    why: str = ""
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a reading leads to. Entries of a `ParsedFeed` and the sighting of a `ParsedListing` are written down by the driver: they need
    not be named in `posts`. Steps and posts that came up before are left out by the driver."""

    cursor: Cursor
    steps: tuple[Step, ...] = ()
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a strategy ended: whether the archive is complete by it, else why not, in French."""

    complete: bool
    why: str = ""


class Strategy(Protocol):
    """One way to gather an archive."""

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""

    def plan(self, site: Site) -> tuple[Step, ...]:
        """What to read first; nothing where the strategy has no hold on the site."""

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """What one reading leads to. Never raises for what a site answers."""

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """How it ended, once no step is left."""
