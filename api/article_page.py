"""The page of one article: the way to its author first, then what is like it, what it cites, and how to cite it.

Owns what is asked of the index about one article. It shows the excerpt that results show and no more. The page asks search engines not to
index it: they are to find the article at its author's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api import linked_data
from api.citation import bibtex, citation_key, reference
from api.feeds import shown_authors, shown_title
from api.live_index import LiveIndex
from api.one_night import one_night
from api.outgoing import undirected, visible, web_address
from api.reader import Reader
from api.routes import Routes
from indexer.document import PARIS
from indexer.night import Night, SourceCard
from indexer.query import Query
from indexer.results import Hit

BIBTEX_TYPE: Final = "application/x-bibtex; charset=utf-8"
SIMILAR: Final = 5
MOST_CITED: Final = 12
"""Cited publications that are named, and looked for elsewhere; an article may cite hundreds."""
OTHERS: Final = 3
"""Other articles that are named for one publication."""
_TITLE_LENGTH: Final = 110
_DESCRIPTION_LENGTH: Final = 200
_KEY_LENGTH: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A publication that the article cites: its DOI, where that leads, the search for all articles that cite it, the latest of the `others`
    and how many there are."""

    doi: str
    url: str
    search: Query
    others: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the index knows around one article. `cited`: `MOST_CITED` at most."""

    hit: Hit
    card: SourceCard | None
    similar: tuple[Hit, ...]
    cited: tuple[Cited, ...]


def routes(reader: Reader) -> Routes:
    """The routes over one index."""
    index = reader.index

    def article(request: Request, article_id: str) -> Response:
        today = datetime.now(UTC)
        if known := reader.known(request, also=_day(today)):
            return known
        generation, night, found = one_night(index, lambda night: _found(index, night, article_id))
        if found is None:
            raise HTTPException(404)
        hit, dois = found.hit, tuple(one.doi for one in found.cited)
        blog_url = found.card.url if found.card else None
        values = {
            "hit": hit,
            "card": found.card,
            "night": night,
            "similar": found.similar,
            "cited": found.cited,
            "authors": shown_authors(hit),
            "host": _host(hit.url),
            "page_title": _shortened(undirected(shown_title(hit)), _TITLE_LENGTH),
            "page_description": _shortened(undirected(hit.excerpt.text), _DESCRIPTION_LENGTH),
            "reference": reference(hit, seen=today, dois=dois),
            "bibtex": bibtex(hit, seen=today, dois=dois),
            "linked": linked_data.embedded(linked_data.blog_posting(hit, reader.base(request), blog_url=blog_url, dois=dois)),
        }
        return reader.page(request, "article.html", generation + _day(today), values)

    def entry(request: Request, article_id: str) -> Response:
        today = datetime.now(UTC)
        if known := reader.known(request, also=_day(today)):
            return known
        generation, _, hit = one_night(index, lambda _: index.article(article_id))
        if hit is None:
            raise HTTPException(404)
        body = bibtex(hit, seen=today, dois=tuple(filter(visible, hit.dois))[:MOST_CITED])
        answer = reader.file(request, body, BIBTEX_TYPE, generation + _day(today))
        answer.headers["Content-Disposition"] = f'attachment; filename="{citation_key(hit)[:_KEY_LENGTH]}.bib"'  # ASCII letters and digits
        return answer

    # In this order: an id may be anything that is no slash.
    return {"/article/{article_id}.bib": entry, "/article/{article_id}": article}


def _found(index: LiveIndex, night: Night, article_id: str) -> Found | None:
    hit = index.article(article_id)
    if hit is None:
        return None
    dois = tuple(filter(visible, hit.dois))[:MOST_CITED]
    return Found(
        hit=hit,
        card=night.source(hit.source_id),
        similar=index.similar(article_id, SIMILAR) or (),
        cited=tuple(_cited(index, article_id, doi) for doi in dois),
    )


def _cited(index: LiveIndex, article_id: str, doi: str) -> Cited:
    search = Query(text=f"doi:{doi}", sort="date", size=OTHERS + 1)
    results = index.page(search)
    # A DOI so odd that it is no operator would be searched as words: then nothing is said of others.
    understood = [one.name for one in results.operators if one.known] == ["doi"] and not results.searched
    others = tuple(hit for hit in results.hits if hit.id != article_id)[:OTHERS] if understood else ()
    return Cited(
        doi=undirected(doi),
        url=web_address(f"https://doi.org/{quote(doi.encode('utf-8', 'replace'), safe='/:;(),.')}") or "https://doi.org/",
        search=Query(text=f"doi:{doi}"),
        others=others,
        total=max(0, results.total - 1) if others else 0,
    )


def _day(moment: datetime) -> str:
    """The day in Paris: a citation says when the article was looked at, so the page of another day is another page."""
    return f" {moment.astimezone(PARIS):%Y-%m-%d}"


def _host(url: str) -> str:
    """Where the link leads, without «www.»; "" for what is no link."""
    address = web_address(url)
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else ""


def _shortened(text: str, length: int) -> str:
    """The text, or its beginning up to a blank and an ellipsis."""
    if len(text) <= length:
        return text
    words: Sequence[str] = text[:length].rsplit(" ", 1)
    return f"{words[0].rstrip(' ,;:.…')}…"
