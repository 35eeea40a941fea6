"""What follows when a known article no longer answers: the author's wish, told from an accident.

Owns the schedule of second looks and the reasons of removals. Pure: an answer and what was seen before go in, a decision comes out. It
refuses to know how an article is fetched and removed. The rules: 410 and 451 are said on purpose and remove at once (RFC 9110, 15.5.11;
RFC 7725); a 404 may be a mistake of the server and is looked at again after `CrawlLimits.missing_looks`, a 401 or 403 after
`closed_looks`; an article that the feed still names is not gone; a site that goes as a whole loses nothing (`mass`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from crawler.politeness import CrawlLimits

Absence = Literal["missing", "closed"]
"""`missing`: there is nothing at this address (404, or a page that says so with status 200); `closed`: it is not for us (401, 403)."""

_REMOVED: Final = {410: "retiré par son auteur (410)", 451: "retiré pour raison légale (451)"}
_CLOSED: Final = frozenset({401, 403})
_LOOKS: Final = 3
"""Looks that must have found nothing before an article is removed, however much time went by: nights may have been missed."""

_MASS_LOOKS: Final = 3
"""Articles looked at in a night below which a share says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """The looks in a row that found an article absent: how, the first, the last that counted, how many. Nothing seen: all empty."""

    absence: Absence | None = None
    first: datetime | None = None
    last: datetime | None = None
    count: int = 0


PRESENT: Final = Looks()
"""The article is there, as far as we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What follows from a look. `looks` is to be kept (`PRESENT`: nothing to keep); `again` when to look next (None: in the slow round of
    known articles); `gone_why` a French reason when the article is to be removed, else "". `explicit`: the author, or the law, said so in
    as many words: the removal holds even when the site goes as a whole."""

    looks: Looks
    again: datetime | None = None
    gone_why: str = ""
    explicit: bool = False


def after(status: int, looks: Looks, now: datetime, limits: CrawlLimits, *, absent: bool = False, in_feed: bool = False) -> Departure:
    """What follows from an answer to a look at a known article.

    `status` is the HTTP status (0: no answer); `absent` a page that says with status 200 that there is nothing here (a soft 404, a
    redirect of everything to one page); `in_feed` whether the feed as it is now still names the article. An answer that tells nothing
    (5xx, 429, none at all) changes nothing: an article under suspicion is looked at again the next night.
    """
    if why := _REMOVED.get(status):
        return Departure(looks=PRESENT, gone_why=why, explicit=True)
    absence: Absence | None = "missing" if status == 404 or (absent and _answers(status)) else "closed" if status in _CLOSED else None
    if absence is None:
        if _answers(status) or looks.first is None:
            return Departure(looks=PRESENT)
        return Departure(looks=looks, again=now + limits.next_night)
    if in_feed:  # it may have left since: the feed is read in the same night
        return Departure(looks=PRESENT, again=now + limits.missing_looks[-1] if limits.missing_looks else None)
    seen = _counted(looks, absence, now, limits)
    assert seen.first is not None
    marks = limits.missing_looks if absence == "missing" else limits.closed_looks
    over = not marks or now - seen.first >= marks[-1] - _slack(marks[-1], limits)
    if over and seen.count >= min(_LOOKS, len(marks) + 1):
        return Departure(looks=PRESENT, gone_why=_reason(status, seen.first))
    return Departure(looks=seen, again=_next(seen.first, marks, now, limits))


def mass(missing: int, looked: int, limits: CrawlLimits, *, root_answers: bool = True) -> bool:
    """Whether the site is going as a whole, so that nothing of it is to be removed tonight and the curator is told.

    `looked` counts the articles looked at tonight that were not under suspicion before, `missing` those of them that were found absent;
    `root_answers` is false when neither feed nor home page could be read tonight. On such a night the looks of `after` are not to be
    kept either, but for `explicit` removals: a site that comes back loses nothing, one that does not is looked at again.
    """
    return not root_answers or (looked >= _MASS_LOOKS and missing > limits.mass_missing * looked)


def _counted(looks: Looks, absence: Absence, now: datetime, limits: CrawlLimits) -> Looks:
    """The looks with this one: a new row when the article is absent in another way than before; two looks in one night count once."""
    if looks.absence != absence or looks.first is None or looks.last is None or now < looks.first:
        return Looks(absence=absence, first=now, last=now, count=1)
    if now - looks.last < limits.next_night:
        return looks
    return Looks(absence=absence, first=looks.first, last=now, count=looks.count + 1)


def _next(first: datetime, marks: Sequence[timedelta], now: datetime, limits: CrawlLimits) -> datetime:
    """The first mark that is still to come, a little early: nights do not begin to the minute."""
    for mark in marks:
        early = first + mark - _slack(mark, limits)
        if early > now:
            return early
    return now + limits.next_night


def _slack(mark: timedelta, limits: CrawlLimits) -> timedelta:
    return max(min(timedelta(days=1) - limits.next_night, mark / 6), timedelta())


def _answers(status: int) -> bool:
    return 200 <= status < 300 or status == 304


def _reason(status: int, first: datetime) -> str:
    since = f"depuis le {first:%d/%m/%Y}"
    if status in _CLOSED:
        return f"accès fermé {since} ({status})"
    return f"introuvable {since} (404)" if status == 404 else f"introuvable {since} (la page dit qu’il n’y a rien ici)"
