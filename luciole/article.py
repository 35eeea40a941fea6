"""What an article is, and what one look at a post can tell about it.

Owns two values. A `Sighting` is what a feed entry or a fetched page said; an `Article` is what the store made of all sightings of the
same post. Neither knows where it is kept or how it is searched.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from luciole.marks import unmarked
from luciole.urls import url_key

TextBasis = Literal["summary", "feed", "page"]
"""Where a text comes from: the summary of a feed, the full text of a feed, the page itself."""

NamedBy = Literal["feed", "page"]
"""Who gave the title: a feed's wording is the author's own, a page's often carries the theme's additions."""

DateBasis = Literal["seen", "guess", "page", "feed"]
"""What a date rests on, weakest first: the day we saw the post, a guess from the page, what the page states, what the feed states."""

TEXT_RANK: dict[str, int] = {"summary": 0, "feed": 1, "page": 1}
_A_DAY: Final = timedelta(days=1)
"""Feed and page may tell the same moment in two zones."""

DATE_RANK: dict[str, int] = {"seen": 0, "guess": 1, "page": 2, "feed": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the author of a page asks of those who show it, beside `noindex`.

    `snippet`: characters of an excerpt, at most (0: none; None: nothing asked); `noarchive`: no copy in an archive is to be offered;
    `unavailable_after`: the page is not to be shown from then on; `reserved`: the rights of text and data mining are reserved (TDMRep).
    """

    snippet: int | None = None
    noarchive: bool = False
    unavailable_after: datetime | None = None
    reserved: bool = False


NO_WISHES: Final = Wishes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one look at a post told us; plain text everywhere, never HTML. In `text`, formulas and code stand between the signs of
    `luciole.marks`.

    `guid` is the feed's own identifier, `canonical` the address that the page names as its own, `also` further addresses known to be
    the same page (a redirect's start, a permalink used as guid). `seen_at` and `published` are aware, in UTC. `dois` are cited DOIs, lower
    case, without repeats; `image` is the address of the lead image; `members_only` marks a text that is only the teaser of a post for
    members. Only a page speaks of `noindex` and `wishes`.
    """

    source_id: str
    url: str
    seen_at: datetime
    title: str = ""
    named_by: NamedBy = "feed"
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_basis: DateBasis | None = None
    language: str | None = None
    text: str = ""
    text_basis: TextBasis = "summary"
    licence: str | None = None
    noindex: bool = False
    wishes: Wishes = NO_WISHES
    dois: tuple[str, ...] = ()
    image: str | None = None
    members_only: bool = False
    guid: str | None = None
    canonical: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One post of one blog, as the record keeps it.

    `id` is for ever. `revision` grows with every change of this row. A tombstone has `gone_at` (with `gone_why`) or `merged_into`; it
    stays, so that everyone who reads changes learns of the removal. `dup_of` names the earliest article with the same text.
    """

    id: str
    source_id: str
    url: str
    title: str
    named_by: NamedBy
    authors: tuple[str, ...]
    published: datetime | None
    published_basis: DateBasis | None
    language: str | None
    text: str
    text_basis: TextBasis
    licence: str | None
    noindex: bool
    first_seen: datetime
    last_seen: datetime
    revision: int
    wishes: Wishes = NO_WISHES
    dois: tuple[str, ...] = ()
    image: str | None = None
    members_only: bool = False
    dup_of: str | None = None
    merged_into: str | None = None
    gone_at: datetime | None = None
    gone_why: str | None = None

    @property
    def words(self) -> int:
        """Number of blank-separated words of the text."""
        return len(unmarked(self.text).split())

    @property
    def is_tombstone(self) -> bool:
        """True when the article must leave every index."""
        return self.gone_at is not None or self.merged_into is not None


def plainly_other(one: Article | Sighting, other: Article | Sighting, *, undated: bool) -> bool:
    """Whether two looks are plainly at different posts, whatever key they share.

    A guid that a template repeats, a theme that names one canonical address for all its pages, a path that a new blog gives out again: such
    keys would melt posts into one. Neither title holds the other, the texts are not the same, and the days that feed or page state differ;
    `undated` is the answer where one of the two states no day.
    """
    mine, theirs = _folded(one.title), _folded(other.title)
    if not mine or not theirs or mine in theirs or theirs in mine or (one.text and one.text == other.text):
        return False
    days = [look.published for look in (one, other) if look.published is not None and look.published_basis in ("page", "feed")]
    return abs(days[0] - days[1]) > _A_DAY if len(days) == 2 else undated


def _folded(title: str) -> str:
    return " ".join(title.casefold().replace("’", "'").split())


def mint_id(source_id: str, url: str) -> str:
    """The id of a post first seen at `url`: 16 hex digits of SHA-256 over the source's id and the address's key.

    Minted once by the store and never computed again: a post that moves keeps it.
    """
    return hashlib.sha256(f"{source_id}\n{url_key(url)}".encode()).hexdigest()[:16]
