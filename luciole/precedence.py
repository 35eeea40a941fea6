"""What wins when the same post is seen twice.

Owns the rules, as pure functions over values. It refuses to know how a row is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from luciole.article import DATE_RANK, TEXT_RANK, Article, Sighting, Wishes
from luciole.marks import unmarked
from luciole.rows import Columns, as_sighting, content, pack_wishes, stamp

TAKEDOWN: Final = "takedown"
"""The reason of a removal at somebody's wish. The page may well stay on the web: no sighting undoes it, only a curator."""

WORTH_KEEPING: Final = 60
LEAST_SHARE: Final = 0.3
"""A text of `WORTH_KEEPING` words is never overwritten by one with less than `LEAST_SHARE` of its words: walls of consent, pages of
maintenance and broken templates look like that, authors who shorten a post hardly ever do."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """The columns of an article that a sighting changes; `shrunk` when its text was refused because too little of the kept one was left."""

    columns: Columns
    shrunk: bool = False


def from_page(seen: Sighting | Article) -> bool:
    """Whether the page itself was read: only it speaks of `noindex` and wishes, and proves that it is there."""
    return "page" in (seen.named_by, seen.text_basis)


def revives(article: Article, seen: Sighting) -> bool:
    """Whether a sighting brings a removed article back: its page is there again. A feed that still names it proves nothing."""
    return article.gone_why != TAKEDOWN and from_page(seen)


def improved(article: Article, seen: Sighting) -> Improvement:
    """Let a sighting improve an article: a better or equal basis wins, an empty value never replaces one."""
    fresh = content(seen)
    new: Columns = {}
    shrunk = _shrunk(article, seen)
    if from_page(seen):
        new |= {"noindex": fresh["noindex"], "wishes": fresh["wishes"]}  # a feed says nothing of them: only the page may lift them
    if shrunk and from_page(seen):
        # Whatever stands there now is not the post: not its title, not its language. What it asks for is heard, nothing is lifted.
        new["noindex"] = int(article.noindex or seen.noindex)
        new["wishes"] = pack_wishes(stricter(article.wishes, seen.wishes))
        return Improvement(_changed(article, new), shrunk)
    if seen.licence:
        new["licence"] = fresh["licence"]
    if seen.language and not shrunk:
        new["language"] = fresh["language"]
    # A theme adds the blog's name to a page's title, and pages name their sharers as authors: what a feed says of those stays.
    yields = seen.named_by == "page" and article.named_by == "feed"
    if seen.title and not (yields and article.title):
        new |= {"title": fresh["title"], "named_by": fresh["named_by"]}
    if seen.authors and not (yields and article.authors):
        new["authors"] = fresh["authors"]
    if not shrunk and _text_better(seen, article):
        new |= {name: fresh[name] for name in ("text", "text_basis", "url", "members_only")}
        if seen.dois:
            new["dois"] = fresh["dois"]
    if seen.published is not None and _date_better(seen, article):
        new |= {"published": fresh["published"], "published_basis": fresh["published_basis"]}
    if seen.image and (from_page(seen) or not article.image):
        new["image"] = fresh["image"]
    return Improvement(_changed(article, new), shrunk)


def united(survivor: Article, other: Article) -> Improvement:
    """The columns of two articles found to be one, tombstones included. Whatever either page asked for holds: only a look at the page takes
    it back. One that is alive keeps the other alive, but a removal at somebody's wish holds for both."""
    one = improved(survivor, as_sighting(other))
    taken_down = next((article for article in (survivor, other) if article.gone_why == TAKEDOWN), None)
    gone = taken_down or (survivor if survivor.gone_at is not None and other.gone_at is not None else None)
    wanted: Columns = {
        "noindex": int(survivor.noindex or other.noindex),
        "wishes": pack_wishes(stricter(survivor.wishes, other.wishes)),
        "gone_at": stamp(gone.gone_at) if gone and gone.gone_at else None,
        "gone_why": gone.gone_why if gone else None,
    }
    return replace(one, columns=_changed(survivor, one.columns | wanted))


def stricter(one: Wishes, other: Wishes) -> Wishes:
    """What both ask for, taken together."""
    snippets = [wishes.snippet for wishes in (one, other) if wishes.snippet is not None]
    ends: list[datetime] = [wishes.unavailable_after for wishes in (one, other) if wishes.unavailable_after is not None]
    return Wishes(
        snippet=min(snippets, default=None),
        noarchive=one.noarchive or other.noarchive,
        unavailable_after=min(ends, default=None),
        reserved=one.reserved or other.reserved,
    )


def _changed(article: Article, new: Columns) -> Columns:
    """Those of the columns that are not so already."""
    old = content(as_sighting(article)) | {
        "gone_at": stamp(article.gone_at) if article.gone_at else None,
        "gone_why": article.gone_why,
    }
    return {name: value for name, value in new.items() if value != old[name]}


def _words(text: str) -> int:
    return len(unmarked(text).split())


def _shrunk(article: Article, seen: Sighting) -> bool:
    """Whether a text that would otherwise win has lost most of the one that is kept. A teaser that says to be one is no such loss."""
    if not seen.text or len(seen.text) >= len(article.text) or TEXT_RANK[seen.text_basis] != TEXT_RANK[article.text_basis]:
        return False
    if seen.members_only and not article.members_only:
        return False
    kept = article.words
    return kept >= WORTH_KEEPING and _words(seen.text) < LEAST_SHARE * kept


def _text_better(seen: Sighting, article: Article) -> bool:
    """The whole text wins over a summary, the later over the earlier of equals, and a teaser for members over nothing that is longer."""
    if not seen.text or not article.text:
        return bool(seen.text)
    new, old = TEXT_RANK[seen.text_basis], TEXT_RANK[article.text_basis]
    if new != old or seen.members_only == article.members_only:
        return new >= old
    if seen.members_only:
        return _words(seen.text) >= article.words
    # A feed gives the teaser too, without a word about members: only the page, or a longer text, says that the post was opened.
    return from_page(seen) or _words(seen.text) > article.words


def _date_better(seen: Sighting, article: Article) -> bool:
    """A date replaces one of the same or a weaker basis; the day of the first sighting is never moved by a later one."""
    new, old = (DATE_RANK[basis] if basis else -1 for basis in (seen.published_basis, article.published_basis))
    return new > old or (new == old and seen.published_basis != "seen")
