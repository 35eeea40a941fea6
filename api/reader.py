"""One look at the index for one reader: renders its pages, and knows when the reader already has them.

An answer is known by the index's generation: asked again with its tag, an unchanged one is told in a line. Owns tags, caching headers and
our own public address; it refuses to know which page shows what.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment

from api import entity_tags
from api.gates import names_a_host
from api.live_index import LiveIndex
from api.query_log import QueryLog
from api.templating import render

Made = TypeVar("Made")


class Reader:
    """What every route for readers has at hand."""

    def __init__(self, templates: Environment, index: LiveIndex, queries: QueryLog, build: str, base_url: str | None) -> None:
        self.templates = templates
        self.index = index
        self.queries = queries
        self._build = build
        self._base_url = base_url
        self._remembered: dict[str, tuple[str, Any]] = {}
        self._remembering = threading.Lock()

    def known(self, request: Request, also: str = "") -> Response | None:
        """304 when the reader holds this very page of the present generation; None when it must be made. `also`: what the page depends on
        besides (a day), which `page` or `file` is then told with the generation."""
        held = request.headers.get("If-None-Match", "").strip()
        if held in ("", "*"):  # of «any at all» only somebody who has looked can say whether there is one
            return None
        tag = self.tag(request, self.index.meta().generation + also)
        return Response(status_code=304, headers=self._headers(tag)) if entity_tags.names(held, tag) else None

    def page(self, request: Request, name: str, generation: str, values: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
        """The page, with the tag of the generation that it was made from."""
        body = render(self.templates, name, **values)
        if is_partial(request):  # what somebody was typing: a browser is to keep it nowhere, not even to save a question
            return HTMLResponse(body, headers={"Cache-Control": "no-store", "Vary": "HX-Request"} | (headers or {}))
        return HTMLResponse(body, headers=self._headers(self.tag(request, generation)) | (headers or {}))

    def file(
        self, request: Request, body: bytes | str, media_type: str, generation: str, headers: dict[str, str] | None = None
    ) -> Response:
        """What is no page (a feed, a list), in UTF-8, with the tag of the generation that it was made from."""
        media_type = media_type if "charset" in media_type else f"{media_type}; charset=utf-8"
        return Response(body, media_type=media_type, headers=self._headers(self.tag(request, generation)) | (headers or {}))

    def tag(self, request: Request, generation: str) -> str:
        """A weak entity tag: this address, this form of it, this program, this generation."""
        form = "partial" if is_partial(request) else "whole"
        asked = (request.scope["path"].encode("utf-8", "surrogatepass"), request.scope["query_string"])
        seed = b"\n".join(("\n".join((self._build, generation, form, self.base(request))).encode(), *asked))
        return f'W/"{hashlib.sha256(seed).hexdigest()[:20]}"'

    def base(self, request: Request) -> str:
        """Our public address without a slash at its end: the operator's, else the one that was asked, if it looks like one at all."""
        if self._base_url:
            return self._base_url
        authority = request.headers.get("host", "")
        return f"{request.url.scheme}://{authority if names_a_host(authority) else 'localhost'}"

    def remembered(self, name: str, generation: str, make: Callable[[], Made]) -> Made:
        """What is costly to find out, made once for each generation."""
        known = self._remembered.get(name)
        if known is None or known[0] != generation:
            with self._remembering:
                known = self._remembered.get(name)
                if known is None or known[0] != generation:
                    known = self._remembered[name] = (generation, make())
        made: Made = known[1]
        return made

    @staticmethod
    def _headers(tag: str | None) -> dict[str, str]:
        return {"Cache-Control": "private, no-cache", "Vary": "HX-Request"} | ({"ETag": tag} if tag else {})


def is_partial(request: Request) -> bool:
    """True when htmx asks for the region of results."""
    return request.headers.get("HX-Request") == "true"
