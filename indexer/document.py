"""The only place that decides what readers may see.

`to_document` turns an article and its source into what an engine holds, or into nothing. Pure: store, registry and engines meet here as
values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from indexer.folding import clean
from indexer.notation import searchable
from luciole import marks
from luciole.article import Article, Wishes
from luciole.disciplines import DISCIPLINES
from luciole.sources import Source
from luciole.standing import Standing

PARIS: Final = ZoneInfo("Europe/Paris")
"""Where the days and years that readers see begin."""

RESERVED_SNIPPET: Final = 120
"""Characters of an excerpt where the rights of text and data mining are reserved: half of the usual one."""
AHEAD: Final = timedelta(days=1)
"""How far from now a date may lie ahead (a clock, a time zone). What says to be of 2099 would stand first for decades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One article as an engine holds it. Everything that a results page shows of an article is here.

    In `body`, formulas and code stand between the signs of `luciole.marks`. `year` is the one that readers see in the date, "" without
    one. `snippet` is the number of characters that an excerpt may have (0: none is shown; None: as many as usual), `noarchive` forbids to
    offer a copy of the page, `members_only` says that the text is only a teaser. `until` is the moment from which on readers may not find
    the article as it is: its author's end, or the day of a date that lay too far ahead (`indexer.leaving.Leaving.ended` tells which).
    `dois` are the cited ones, lower case. `source_type` is one of `luciole.sources.TYPES`, `weight` the factor of its source in the ranking
    (1: like most).
    """

    id: str
    url: str
    title: str
    body: str
    authors: tuple[str, ...]
    source_id: str
    source_name: str
    disciplines: tuple[str, ...]
    date: datetime | None
    year: str
    words: int
    snippet: int | None = None
    noarchive: bool = False
    until: datetime | None = None
    members_only: bool = False
    dois: tuple[str, ...] = ()
    source_type: str = ""
    weight: float = 1.0

    @property
    def month(self) -> str:
        """The month that readers see in the date, `2024-03`; "" without one."""
        return f"{self.date.astimezone(PARIS):%Y-%m}".rjust(7, "0") if self.date and self.year else ""

    @property
    def about(self) -> str:
        """What a page says of the article beside title and text: the names of blog, authors and disciplines, the year. It is searched
        too, one name a line: a reader who types what stands on the page finds it."""
        labels = (DISCIPLINES.get(one, one) for one in self.disciplines)
        return "\n".join((self.source_name, *self.authors, *labels, self.year))

    @property
    def prose(self) -> str:
        """The words of the language: the body without formulas and code. It is what the lexicon is made of."""
        return marks.prose(self.body)

    @property
    def notation(self) -> str:
        """Formulas and code, as they are searched: see `indexer.notation`."""
        return searchable(self.body)


def to_document(article: Article, source: Source | None, standing: Standing | None = None, *, now: datetime) -> IndexDocument | None:
    """What readers may find of this article at the moment `now`, or None.

    Withheld: tombstones, duplicates, articles whose blog is not listed, is paused or frozen (it looks stolen or changed), pages that ask
    not to be indexed, or not any longer, addresses that the curator excluded, and what is not in French.

    A date more than `AHEAD` of `now` is none: the article stands with the undated ones. It gets its date with the first publish after that
    day has come: `until` says when to look again.
    """
    if source is None or not source.listed or article.is_tombstone or article.dup_of is not None:
        return None
    if standing is not None and standing.frozen_at is not None:
        return None
    if article.noindex or article.language != "fr" or not source.admits(article.url):
        return None
    if not article.title and not article.text:
        return None
    wishes = article.wishes
    until = wishes.unavailable_after.astimezone(UTC) if wishes.unavailable_after else None
    if until is not None and until <= now:
        return None
    date, year = _day(article.published if article.published_basis != "seen" else None)
    if date is not None and date > now + AHEAD:
        until = min(until or date, date - AHEAD)
        date, year = None, ""
    return IndexDocument(
        id=article.id,
        url=article.url,
        title=clean(marks.neutral(article.title)) or article.url,
        body=clean(article.text),
        authors=tuple(map(clean, article.authors)),
        source_id=source.id,
        source_name=clean(source.name),
        disciplines=source.disciplines,
        date=date,
        year=year,
        words=article.words,
        snippet=_snippet(wishes),
        noarchive=wishes.noarchive,
        until=until,
        members_only=article.members_only,
        dois=article.dois,
        source_type=source.type,
        weight=source.weight,
    )


def _snippet(wishes: Wishes) -> int | None:
    """The shorter of what the page asks for and what a reservation of rights leaves."""
    asked = [length for length in (wishes.snippet, RESERVED_SNIPPET if wishes.reserved else None) if length is not None]
    return max(0, min(asked)) if asked else None


def _day(moment: datetime | None) -> tuple[datetime | None, str]:
    """The moment in UTC and its year in Paris; none for one at the very ends of the calendar, which has no day there."""
    try:
        return (moment.astimezone(UTC), str(moment.astimezone(PARIS).year)) if moment else (None, "")
    except OverflowError:
        return None, ""
