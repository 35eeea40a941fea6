"""What goes into a parse and what comes out of it: the values that cross the border of the killable worker.

Owns no parsing. The fetching side makes a `Context`, the worker answers with one of the `Parsed` values, and only the fetching side
writes them down. Everything here must survive pickling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from luciole.article import Sighting

Kind = Literal["home", "feed", "article", "sitemap", "rest", "listing"]
"""What an address was fetched as: the page where feeds are looked for, a feed, a post, a sitemap, a page of WordPress's REST interface, a
page whose links are followed (and which may be a post itself)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a parse may know beside the bytes.

    `url` is the address that answered, after redirects; `requested` the one asked for. `content_type` and `robots_tag` are the headers
    `Content-Type` and `X-Robots-Tag` as received ("" when missing; several of the latter one a line). `now` is the time of the fetch;
    `from_feed` is true for a page that a feed, an interface or a sitemap of posts named (then it is a post without further proof).
    `headers` are all the headers that were kept, by lower-case name. `most_*` bound what one reading may bring.
    """

    source_id: str
    source_name: str
    source_url: str
    source_type: str
    language: str
    article_url: str | None
    url: str
    requested: str
    content_type: str
    robots_tag: str
    now: datetime
    from_feed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    most_entries: int = 500
    most_links: int = 200
    most_addresses: int = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed. `complete` is true when its text is the whole post, so that its page need not be fetched."""

    sighting: Sighting
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed, or one page of a REST interface: its entries in its own order. `problem` is a French sentence when this was none of the two
    ("" otherwise); `skipped` counts the entries without any usable address, and the posts behind a password.

    `total` is the number of posts that the whole archive says to have (openSearch:totalResults, X-WP-Total), `pages` the number of pages
    (X-WP-TotalPages); `next` is the address of the next older page (rel=next, rel=prev-archive), "" when none is named. `whole`: the feed
    says that it holds everything (RFC 5005, fh:complete).
    """

    title: str = ""
    entries: tuple[Entry, ...] = ()
    skipped: int = 0
    problem: str = ""
    total: int | None = None
    pages: int | None = None
    next: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedHome:
    """A home page: the feeds it announces, best first, then the usual places to guess; and its links that may be posts.

    `problem` is a French sentence when the page could not be read; the guesses, which need no page, are there all the same. `title` is the
    page's title; `platform` what made the page (`wordpress`, `blogger`, `spip`, `hugo`, `ghost`… as its `generator` or its markup says, ""
    when nothing does); `rest_root` the address of WordPress's REST interface where the page names one.
    """

    announced: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    problem: str = ""
    title: str = ""
    platform: str = ""
    rest_root: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One address of a sitemap, with the day of the last change that it states."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedSitemap:
    """A sitemap: the addresses of pages that it holds, in order, or (for an index) those of further sitemaps. All are absolute http(s), on
    whatever host; `problem` is a French sentence when this was no sitemap."""

    pages: tuple[Located, ...] = ()
    sitemaps: tuple[Located, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedListing:
    """A page whose links are followed, on the blog's own hosts, without repeats.

    `posts` are links that may be posts, `listings` links that by their address or relation lead to more lists of posts (older pages,
    archives, months, sections), best first; `next` is the older page that the page names with rel=next or a pager (of a post: the older
    post, rel=prev), "" without one. `sighting` is there when the page is itself a post (then `posts` holds its links all the same).
    `problem` is a French sentence when it could not be read.
    """

    posts: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    next: str = ""
    sighting: Sighting | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPage:
    """A page: the post it holds, or None with the reason in French (not an article, empty, unreadable, wrong type).

    `settled` is true when the page was read and is no post: it need not be asked for again. An error page may be a post tomorrow. `absent`
    is true for a page that says with status 200 that there is nothing here (a soft 404, a page of maintenance or of consent).
    """

    sighting: Sighting | None = None
    problem: str = ""
    settled: bool = False
    absent: bool = False


Parsed = ParsedFeed | ParsedHome | ParsedPage | ParsedSitemap | ParsedListing


def failed(kind: Kind, problem: str) -> Parsed:
    """The answer of a parse that came to nothing, in the shape that `kind` promises; `problem` is a French sentence."""
    match kind:
        case "feed" | "rest":
            return ParsedFeed(problem=problem)
        case "sitemap":
            return ParsedSitemap(problem=problem)
        case "listing":
            return ParsedListing(problem=problem)
        case "home":
            return ParsedHome(problem=problem)
        case "article":
            return ParsedPage(problem=problem)
