"""The routes for readers: HTML pages, complete without JavaScript.

Owns which template shows what. As-you-type asks the same address with htmx's header and gets the region of results alone. An answer is
known by the index's generation: asked again with its tag, an unchanged one is told in a line.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from jinja2 import Environment

from api import french, sky
from api.address import address, read_query
from api.assets import Assets
from api.live_index import LiveIndex
from api.templating import render
from indexer.folding import fold
from indexer.night import Night, SourceCard
from indexer.query import Query
from indexer.results import Facet, Results
from luciole.disciplines import DISCIPLINES

_LATEST: Final = 6
_TRIES: Final = 3
"""Times that the home page is put together before its parts may be of two generations."""
_ROBOTS: Final = "User-agent: *\nDisallow: /recherche\nDisallow: /api/\n"


class Reader:
    """One look at the index for one request: renders its pages, and knows when the reader already has them."""

    def __init__(self, templates: Environment, index: LiveIndex, build: str) -> None:
        self._templates = templates
        self._index = index
        self._build = build

    def known(self, request: Request) -> Response | None:
        """304 when the reader holds this very page of the present generation; None when it must be made."""
        tags = {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}
        tag = self.tag(request, self._index.meta().generation) if tags - {""} else None
        return Response(status_code=304, headers=self._headers(tag)) if tag in tags else None

    def page(self, request: Request, name: str, generation: str, values: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
        """The page, with the tag of the generation that it was made from."""
        body = render(self._templates, name, **values)
        return HTMLResponse(body, headers=self._headers(self.tag(request, generation)) | (headers or {}))

    def tag(self, request: Request, generation: str) -> str:
        """A weak entity tag: this address, this form of it, this program, this generation."""
        form = "partial" if is_partial(request) else "whole"
        seed = "\n".join((self._build, generation, form, request.url.path, request.url.query))
        return f'W/"{hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:20]}"'

    @staticmethod
    def _headers(tag: str | None) -> dict[str, str]:
        return {"Cache-Control": "private, no-cache", "Vary": "HX-Request"} | ({"ETag": tag} if tag else {})


def is_partial(request: Request) -> bool:
    """True when htmx asks for the region of results; a restored history wants the whole page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def pages(templates: Environment, assets: Assets, index: LiveIndex, build: str) -> APIRouter:
    """The routes over one index."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    reader = Reader(templates, index, build)

    def home(request: Request) -> Response:
        if known := reader.known(request):
            return known
        for _ in range(_TRIES):  # a publish may come between the two questions
            results = index.page(Query(sort="date", size=_LATEST))
            generation, night = index.edition()
            if generation == results.generation:
                break
        counts = {one.value: one.count for facet in results.facets if facet.name == "discipline" for one in facet.values}
        values = {
            "results": results,
            "night": night,
            "doors": [(name, label, counts[name]) for name, label in DISCIPLINES.items() if counts.get(name)],
            "lights": sky.lights(night.sources),
        }
        return reader.page(request, "accueil.html", results.generation, values)

    def search(request: Request) -> Response:
        if known := reader.known(request):
            return known
        query = read_query(request.query_params.multi_items())
        results = index.page(query)
        values = {
            "results": results,
            "query": query,
            "labels": chosen_labels(query, results.facets, index),
            "spelling": spelling(results),
        }
        if is_partial(request):
            return reader.page(request, "_resultats.html", results.generation, values, {"HX-Replace-Url": address(query)})
        return reader.page(request, "recherche.html", results.generation, values)

    def blogs(request: Request) -> Response:
        if known := reader.known(request):
            return known
        generation, night = index.edition()
        return reader.page(request, "blogs.html", generation, {"night": night, "shelves": shelves(night)})

    def about(request: Request) -> Response:
        return HTMLResponse(render(templates, "a-propos.html"))

    def robot(request: Request) -> Response:
        return HTMLResponse(render(templates, "robot.html"))

    def docs(request: Request) -> Response:
        return HTMLResponse(render(templates, "api.html", schema=request.app.openapi()))

    async def robots_txt(request: Request) -> Response:
        return PlainTextResponse(_ROBOTS, headers={"Cache-Control": "max-age=86400"})

    async def static(request: Request, name: str) -> Response:
        asset = assets.by_address.get(name)
        if asset is None:
            return Response(status_code=404)
        return _sent(request, asset.name, "public, max-age=31536000, immutable")

    async def favicon(request: Request) -> Response:
        return _sent(request, "favicon.svg", "public, max-age=86400")

    def _sent(request: Request, name: str, caching: str) -> Response:
        asset = assets.by_name[name]
        headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
        if asset.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            return Response(asset.gzipped, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    routes: dict[str, Callable[..., Any]] = {
        "/": home,
        "/recherche": search,
        "/blogs": blogs,
        "/a-propos": about,
        "/robot": robot,
        "/api/docs": docs,
        "/robots.txt": robots_txt,
        "/favicon.svg": favicon,
        "/static/{name}": static,
    }
    for path, answer in routes.items():
        router.add_api_route(path, answer, methods=["GET", "HEAD"], response_model=None)
    return router


def chosen_labels(query: Query, facets: tuple[Facet, ...], index: LiveIndex) -> dict[tuple[str, str], str]:
    """What to call each chosen value: as the facets do; where the results no longer hold it, as the list does."""
    labels = {(facet.name, one.value): one.label for facet in facets for one in facet.values}
    for name, values in query.filters.items():
        for value in values:
            if (name, value) in labels:
                continue
            if name == "blog":
                card = index.night().source(value)
                labels[name, value] = card.name if card else value
            else:
                labels[name, value] = french.discipline(value) if name == "discipline" else value
    return labels


def spelling(results: Results) -> dict[str, str]:
    """How authors write the words that were searched in place of misspelt ones: the index knows «lumiere», its articles «lumière»."""
    folded = {used for one in results.corrections for used in one.used}
    written: dict[str, Counter[str]] = {used: Counter() for used in folded}
    for hit in results.hits:
        for fragment in (hit.title, hit.excerpt):
            for start, end in fragment.marks:
                if any(one <= start < other for one, other in fragment.notation):
                    continue  # an identifier is no spelling
                word = fragment.text[start:end].lower()
                if fold(word) in written:
                    written[fold(word)][word] += 1
    return {used: counts.most_common(1)[0][0] if counts else used for used, counts in written.items()}


def shelves(night: Night) -> list[tuple[str, str, list[SourceCard]]]:
    """The blogs under their main discipline, in the order of the disciplines: (id, label, blogs)."""
    by_discipline: defaultdict[str, list[SourceCard]] = defaultdict(list)
    for card in night.sources:
        by_discipline[card.disciplines[0] if card.disciplines else "pluridisciplinaire"].append(card)
    order = [*DISCIPLINES, *sorted(set(by_discipline) - set(DISCIPLINES))]
    return [(name, french.discipline(name), by_discipline[name]) for name in order if name in by_discipline]
