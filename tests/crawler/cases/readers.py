"""What readers may find of what a crawl brought in."""

from __future__ import annotations

from datetime import UTC, datetime

from indexer.document import to_document
from luciole.sources import Source
from tests.crawler.web import Driver


def shown(driver: Driver, host: str) -> list[str]:
    """The titles of a blog's articles that an index would hold, sorted."""
    source = Source.from_json(next(one for one in driver.sources if one["id"] == host))
    found = [to_document(one, source, now=datetime.now(UTC)) for one in driver.articles(host).values()]
    return sorted(one.title for one in found if one is not None)
