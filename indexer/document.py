"""The only place that decides what readers may see.

`to_document` turns an article and its source into what an engine holds, or into nothing. Pure: store, registry and engines meet here as
values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from indexer.folding import clean
from luciole.article import Article
from luciole.disciplines import DISCIPLINES
from luciole.sources import Source

PARIS: Final = ZoneInfo("Europe/Paris")
"""Where the days and years that readers see begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One article as an engine holds it. Everything that a results page shows of an article is here; `year` is the one that readers see
    in the date, "" without one."""

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

    @property
    def about(self) -> str:
        """What a page says of the article beside title and text: the names of blog, authors and disciplines, the year. It is searched
        too, one name a line: a reader who types what stands on the page finds it."""
        labels = (DISCIPLINES.get(one, one) for one in self.disciplines)
        return "\n".join((self.source_name, *self.authors, *labels, self.year))


def to_document(article: Article, source: Source | None) -> IndexDocument | None:
    """What readers may find of this article, or None.

    Withheld: tombstones, duplicates, articles whose blog is not listed or is paused, pages that ask not to be indexed, addresses that the
    curator excluded, and what is not in French.
    """
    if source is None or not source.listed or article.is_tombstone or article.dup_of is not None:
        return None
    if article.noindex or article.language != "fr" or not source.admits(article.url):
        return None
    if not article.title and not article.text:
        return None
    date, year = _day(article.published if article.published_basis != "seen" else None)
    return IndexDocument(
        id=article.id,
        url=article.url,
        title=clean(article.title) or article.url,
        body=clean(article.text),
        authors=tuple(map(clean, article.authors)),
        source_id=source.id,
        source_name=clean(source.name),
        disciplines=source.disciplines,
        date=date,
        year=year,
        words=article.words,
    )


def _day(moment: datetime | None) -> tuple[datetime | None, str]:
    """The moment in UTC and its year in Paris; none for one at the very ends of the calendar, which has no day there."""
    try:
        return (moment.astimezone(UTC), str(moment.astimezone(PARIS).year)) if moment else (None, "")
    except OverflowError:
        return None, ""
