"""What goes into a parse and what comes out of it: the values that cross the border of the killable worker.

Owns no parsing. The fetching side makes a `Context`, the worker answers with one of the `Parsed` values, and only the fetching side
writes them down. Everything here must survive pickling.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from luciole.article import Sighting

Kind = Literal["home", "feed", "article"]
"""What an address was fetched as: the page where feeds are looked for, a feed, a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a parse may know beside the bytes.

    `url` is the address that answered, after redirects; `requested` the one asked for. `content_type` and `robots_tag` are the headers
    `Content-Type` and `X-Robots-Tag` as received ("" when missing; several of the latter joined by ", "). `now` is the time of the fetch;
    `from_feed` is true for a page that a feed named (then it is a post without further proof).
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed. `complete` is true when its text is the whole post, so that its page need not be fetched."""

    sighting: Sighting
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed: its entries in its own order. `problem` is a French sentence when this was no feed ("" otherwise); `skipped` counts the
    entries without any usable address."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    skipped: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedHome:
    """A home page: the feeds it announces, best first, then the usual places to guess; and its links that may be posts.

    `problem` is a French sentence when the page could not be read; the guesses, which need no page, are there all the same.
    """

    announced: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPage:
    """A page: the post it holds, or None with the reason in French (not an article, empty, unreadable, wrong type).

    `settled` is true when the page was read and is no post: it need not be asked for again. An error page may be a post tomorrow.
    """

    sighting: Sighting | None = None
    problem: str = ""
    settled: bool = False


Parsed = ParsedFeed | ParsedHome | ParsedPage


def failed(kind: Kind, problem: str) -> Parsed:
    """The answer of a parse that came to nothing, in the shape that `kind` promises; `problem` is a French sentence."""
    match kind:
        case "feed":
            return ParsedFeed(problem=problem)
        case "home":
            return ParsedHome(problem=problem)
        case "article":
            return ParsedPage(problem=problem)
