"""Resource and Site: what a blog answers, as values.

Owns the shape in which dialects hand their pages to the server. Refuses to know about sockets, hosts and validators.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import parse_qsl

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer. `modified` is what Last-Modified says; None leaves the header out, as for redirects and errors."""

    body: bytes
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None


Query: TypeAlias = Mapping[str, str]
"""A query string, the last value of a name winning; a name without value has the value ''."""

Answer: TypeAlias = Callable[[str, Query], Resource | None]
"""Computes what no static mapping can hold: path and query in, a resource or None (not mine) out."""


def nothing_more(path: str, query: Query) -> Resource | None:
    """The `Answer` of a blog made of files only."""
    return None


@dataclass(frozen=True, slots=True)
class Site:
    """A blog, built: `pages` from path (with query, where the platform has one in a permalink) to resource, `missing` for the rest."""

    pages: Mapping[str, Resource]
    missing: Resource
    answer: Answer = nothing_more

    def find(self, path: str, query_string: str = "") -> Resource:
        """What the blog answers to a GET: an exact page, else a computed answer, else the page without its query, else a slash put right.

        Every server ignores parameters it does not know (`?utm_source=…`), and redirects `/slug` to `/slug/` or back.
        """
        if query_string and (page := self.pages.get(f"{path}?{query_string}")):
            return page
        if computed := self.answer(path, dict(parse_qsl(query_string, keep_blank_values=True))):
            return computed
        if page := self.pages.get(path):
            return page
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        if other in self.pages:
            return redirect(other, 301)
        return self.missing


def html(text: str, modified: datetime | None = None, *, status: int = 200) -> Resource:
    """A page in UTF-8."""
    return Resource(text.encode(), HTML, status, modified=modified)


def xml(text: str, content_type: str, modified: datetime | None = None) -> Resource:
    """A feed or sitemap in UTF-8."""
    return Resource(text.encode(), content_type, modified=modified)


def plain(text: str) -> Resource:
    """A text file in UTF-8, such as robots.txt."""
    return Resource(text.encode(), TEXT)


def json_answer(value: object, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Resource:
    """A JSON document, in ASCII with escapes, as PHP's encoder writes it."""
    return Resource(json.dumps(value, separators=(",", ":")).encode(), JSON, status, headers)


def redirect(location: str, status: int) -> Resource:
    """A redirect. `location` is absolute or begins with `/`."""
    return Resource(b"", HTML, status, (("Location", location),))
