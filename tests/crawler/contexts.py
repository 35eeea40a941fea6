"""The context of an imaginary fetch, for the tests of parsing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crawler.parsed import Context

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def context(url: str = "https://blog.exemple.fr/feed/", **changes: Any) -> Context:
    """A blog in French at blog.exemple.fr, of which `url` was fetched without redirect."""
    values: dict[str, Any] = {
        "source_id": "exemple",
        "source_name": "Le blog d’exemple",
        "source_url": "https://blog.exemple.fr/",
        "source_type": "individual",
        "language": "fr",
        "article_url": None,
        "url": url,
        "requested": url,
        "content_type": "",
        "robots_tag": "",
        "now": NOW,
    }
    return Context(**{**values, **changes})
