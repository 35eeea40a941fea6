"""What readers subscribe to or give to a program of theirs: feeds, OPML, the OpenSearch description, suggestions, the sitemap.

Owns which search a feed is of. A feed never corrects a word: what a misspelt one is taken for changes with the words of the night, and a
subscriber would be told nothing. Its subtitle names the word that no article holds; the page of results offers the feed of what it shows
(`api.feeds.feed_query`). The formats are their modules' affair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.address import SEARCH_PATH, address, read_query
from api.feeds import ATOM_TYPE, JSON_FEED_TYPE, Feed, atom, subscribed
from api.json_feed import json_feed
from api.opensearch import DESCRIPTION_TYPE, SUGGESTIONS_TYPE, description, suggestions
from api.opml import OPML_TYPE, opml, selected
from api.places import (
    ATOM_PATH,
    JSON_FEED_PATH,
    OPENSEARCH_PATH,
    OPML_PATH,
    SITEMAP_PATH,
    SUGGESTIONS_PATH,
    blog_path,
    discipline_path,
)
from api.reader import Reader
from api.routes import Routes
from api.sitemap import Place, places, sitemap, sitemap_index
from indexer.night import Night
from indexer.query import MAX_QUERY_CHARACTERS, Query
from indexer.results import Results
from luciole.disciplines import DISCIPLINES

_XML: Final = "application/xml"
_MAX_PART: Final = 6
"""Digits of the number of a part of the sitemap; no list is that long."""


def routes(reader: Reader, contact: str | None) -> Routes:
    """The routes over one index; `contact` is who answers for this instance, where the operator says so."""
    index = reader.index

    def feed_of(written: Callable[[Feed], bytes], media_type: str) -> Callable[[Request], Response]:
        def feed(request: Request) -> Response:
            if known := reader.known(request):
                return known
            query = replace(subscribed(read_query(request.query_params.multi_items())), as_typed=True)
            results = index.page(query)
            made = feed_of_results(results, index.night(), base=reader.base(request))
            # Search engines are to find articles at their authors', not excerpts of them here.
            return reader.file(request, written(made), media_type, results.generation, {"X-Robots-Tag": "noindex"})

        return feed

    def blogs(request: Request) -> Response:
        if known := reader.known(request):
            return known
        generation, night = index.edition()
        disciplines, ids = (tuple(filter(None, request.query_params.getlist(name))) for name in ("discipline", "blog"))
        cards = selected(night.sources, disciplines=frozenset(disciplines), ids=frozenset(ids))
        chosen = [DISCIPLINES[one] for one in dict.fromkeys(disciplines) if one in DISCIPLINES]
        title = " · ".join(["Blogs de science francophones", *chosen, *(["une sélection"] if ids else []), "Luciole"])
        body = opml(
            cards,
            title=title,
            created=night.published_at,
            base=reader.base(request),
            feeds={card.id: card.feeds[0] for card in cards if card.feeds},
        )
        return reader.file(request, body, OPML_TYPE, generation)

    def opensearch(request: Request) -> Response:
        if known := reader.known(request):
            return known
        body = description(base=reader.base(request), contact=contact)
        return reader.file(request, body, DESCRIPTION_TYPE, index.meta().generation)

    def suggested(request: Request) -> Response:
        typed = request.query_params.get("q", "")
        body = suggestions(typed, index.suggest(typed[: MAX_QUERY_CHARACTERS + 1]), base=reader.base(request))
        # What somebody was typing is to be kept nowhere, not even to save a question.
        return Response(body, media_type=f"{SUGGESTIONS_TYPE}; charset=utf-8", headers={"Cache-Control": "no-store"})

    def mapped(request: Request) -> Response:
        if known := reader.known(request):
            return known
        generation, night = index.edition()
        body = sitemap_index(_places(generation, night), base=reader.base(request), changed=night.published_at)
        return reader.file(request, body, _XML, generation)

    def part(request: Request, number: str) -> Response:
        if known := reader.known(request):
            return known
        generation, night = index.edition()
        plain = number.isascii() and number.isdigit() and len(number) <= _MAX_PART and not number.startswith("0")
        body = sitemap(_places(generation, night), int(number), base=reader.base(request)) if plain else None
        if body is None:
            raise HTTPException(404)
        return reader.file(request, body, _XML, generation)

    def _places(generation: str, night: Night) -> tuple[Place, ...]:
        return reader.remembered("places", generation, lambda: places(night))

    return {
        ATOM_PATH: feed_of(atom, ATOM_TYPE),
        JSON_FEED_PATH: feed_of(json_feed, JSON_FEED_TYPE),
        OPML_PATH: blogs,
        OPENSEARCH_PATH: opensearch,
        SUGGESTIONS_PATH: suggested,
        SITEMAP_PATH: mapped,
        "/sitemap-{number}.xml": part,
    }


def feed_of_results(results: Results, night: Night, *, base: str) -> Feed:
    """The feed of what a subscribed query found, asked `as_typed`."""
    asked = results.query
    return Feed.of(
        # What a feed never does needs no word in its address.
        replace(results, query=replace(asked, as_typed=False)),
        base=base,
        title=title(results),
        updated=results.published_at or night.published_at,
        page=_page(asked, night, misspelt=bool(results.unknown)),
    )


def title(results: Results) -> str:
    """What readers call a search: its words, then what it is narrowed to."""
    labels = {(facet.name, one.value): one.label for facet in results.facets for one in facet.values}
    query = results.query
    chosen = [labels.get((name, value), value) for name, values in query.filters.items() for value in values]
    return " · ".join([*([f"«\u00a0{query.text}\u00a0»"] if query.text else []), *chosen])


def _page(query: Query, night: Night, *, misspelt: bool) -> str:
    """The path of the HTML page that shows the same."""
    match dict(query.filters):
        case {"discipline": (one,), **others} if not query.text and not others and one in DISCIPLINES:
            return discipline_path(one)
        case {"blog": (one,), **others} if not query.text and not others and night.source(one):
            return blog_path(one)
    return address(replace(query, page=1, sort="date", as_typed=misspelt), SEARCH_PATH)
