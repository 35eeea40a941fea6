"""Pages that say the same to everyone and need no index, and the files that pages need."""

from __future__ import annotations

import hashlib
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from jinja2 import Environment

from api import entity_tags
from api.assets import Assets
from api.routes import Routes
from api.templating import render

_PAGES: Final = {
    "/a-propos": "a-propos.html",
    "/robot": "robot.html",
    "/confidentialite": "confidentialite.html",
    "/proposer": "proposer.html",
}
_ROBOTS: Final = """\
User-agent: *
Allow: /recherche.atom
Allow: /recherche.json
Allow: /api/docs
Disallow: /recherche
Disallow: /hasard
Disallow: /suggestions.json
Disallow: /api/
"""
"""Searches are without end, but the feeds that a robot sees are those of blogs, disciplines and authors: of these there are as many as
pages, and planets and readers that heed robots.txt may follow them. The longest rule wins (RFC 9309, 2.2.2), so `Allow` may stand anywhere;
it stands first for robots that take the first."""


def routes(templates: Environment, assets: Assets, base_url: str | None) -> Routes:
    """The routes; `base_url` is our public address, where the operator named one."""
    robots = _ROBOTS + (f"\nSitemap: {base_url}/sitemap.xml\n" if base_url else "")

    def plain(request: Request) -> Response:
        return _tagged(request, render(templates, _PAGES[request.url.path]))

    def docs(request: Request) -> Response:
        return _tagged(request, render(templates, "api.html", schema=request.app.openapi()))

    async def robots_txt(request: Request) -> Response:
        return PlainTextResponse(robots, headers={"Cache-Control": "max-age=86400"})

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

    return dict.fromkeys(_PAGES, plain) | {
        "/api/docs": docs,
        "/robots.txt": robots_txt,
        "/favicon.svg": favicon,
        "/static/{name}": static,
    }


def _tagged(request: Request, body: str) -> Response:
    """The page, known by what it says: it changes with the program and its settings, never with a night."""
    tag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": tag}
    known = entity_tags.names(request.headers.get("If-None-Match", ""), tag)
    return Response(status_code=304, headers=headers) if known else HTMLResponse(body, headers=headers)
