"""From a row of the frontier to the request that fetches it, and from an answer to the headers that count.

Owns how we ask: conditionally where a body is known, and never for more bytes than the kind of page deserves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from scrapy import Request
from scrapy.http import Response

from crawler.answers import KEPT_HEADERS
from crawler.crawl import Crawl
from crawler.memory import Validators
from crawler.row import Row
from luciole.article import NO_WISHES

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


def request_for(
    crawl: Crawl, row: Row, *, callback: Callable[..., Any], errback: Callable[..., Any], lane: str, known: Validators | None
) -> Request:
    """The request for a row, conditional on what is `known` of its last body."""
    headers = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag.encode("latin-1", "replace")
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified.encode("latin-1", "replace")
    sizes = {"feed": crawl.limits.feed_bytes, "rest": crawl.limits.feed_bytes, "sitemap": crawl.limits.sitemap_bytes}
    return Request(
        row.url,
        callback=callback,
        errback=errback,
        dont_filter=True,
        headers=headers,
        cb_kwargs={"row": row, "lane": lane},
        meta={
            "source_id": row.source_id,
            "kind": row.kind,
            "lead": row.lead is not None,
            "download_maxsize": sizes.get(row.kind, crawl.limits.page_bytes),
        },
    )


def usable_validators(crawl: Crawl, row: Row, answered: Mapping[str, str] = NO_HEADERS) -> Validators | None:
    """What may spare us a body: for a feed of the night always, for a post that is looked at again, and for a home page only while the blog
    is known to have no feed, else we look for one.

    Wishes come and go in headers while the body stays: a post that asks for something, by the headers `answered` or when it was last read,
    is read whole.
    """
    if row.trail is not None or row.lead is not None or (row.kind == "article" and not row.recheck):
        return None
    if row.kind == "home":
        found = crawl.memory.found_feed(row.source_id)
        if found is None or found.url is not None or crawl.now() - found.at >= crawl.limits.no_feed_age:
            return None
    if row.kind == "article":
        article = crawl.store.find(row.source_id, row.url)
        asked = article is not None and (article.noindex or article.wishes != NO_WISHES)
        if asked or {"x-robots-tag", "tdm-reservation"} & answered.keys():
            return None
    return crawl.memory.validators(row)


def kept_headers(response: Response) -> dict[str, str]:
    """The headers that count, by lower-case name, the lines of a repeated X-Robots-Tag kept apart.

    Opaque values stay byte for byte (latin-1 both ways).
    """
    found = {name: [value.decode("latin-1") for value in response.headers.getlist(name)] for name in KEPT_HEADERS}
    return {name: "\n".join(values) if name == "x-robots-tag" else values[0] for name, values in found.items() if values}
