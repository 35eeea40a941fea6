"""The only place that decides what readers may see.

`to_document` turns an article and its source into what an engine holds, or into nothing. Pure: store, registry and engines meet here as
values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.folding import clean
from luciole.article import Article
from luciole.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One article as an engine holds it. Everything that a results page shows of an article is here; `year` is "" without a date."""

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
    date = article.published if article.published_basis != "seen" else None
    return IndexDocument(
        id=article.id,
        url=article.url,
        title=clean(article.title) or article.url,
        body=clean(article.text),
        authors=tuple(map(clean, article.authors)),
        source_id=source.id,
        source_name=source.name,
        disciplines=source.disciplines,
        date=date.astimezone(UTC) if date else None,
        year=str(date.year) if date else "",
        words=article.words,
    )
