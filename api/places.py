"""The addresses of our own pages, other than a search's: one article, one blog, one discipline, and what readers subscribe to.

Pure. Paths only: who answers there is the routes' affair, which host the operator's.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

ATOM_PATH: Final = "/recherche.atom"
JSON_FEED_PATH: Final = "/recherche.json"
OPML_PATH: Final = "/blogs.opml"
OPENSEARCH_PATH: Final = "/opensearch.xml"
SUGGESTIONS_PATH: Final = "/suggestions.json"
SITEMAP_PATH: Final = "/sitemap.xml"


def article_path(article_id: str) -> str:
    """Our page about one article."""
    return f"/article/{_quoted(article_id)}"


def blog_path(source_id: str) -> str:
    """Our page about one blog."""
    return f"/blog/{_quoted(source_id)}"


def discipline_path(discipline: str) -> str:
    """Our page about one discipline."""
    return f"/discipline/{_quoted(discipline)}"


def sitemap_path(number: int) -> str:
    """One part of the sitemap, from 1 on."""
    return f"/sitemap-{number}.xml"


def tag(base: str, what: str) -> str:
    """A name for ever (RFC 4151) for something of ours: it stays when a page moves to another path, or the site from http to https or to
    another port, where an address would make every subscriber see all articles as new. `what` is ASCII, without blanks."""
    host = urlsplit(base).hostname or "localhost"
    return f"tag:{quote(host.replace(':', '-'), safe='-.')},2026:{what}"


def _quoted(name: str) -> str:
    return quote(name.encode("utf-8", "replace"), safe="")
