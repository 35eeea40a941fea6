"""What every request passes first: the guard, the right queue, the count.

Owns the downloader middleware at the very front (order 40: before robots.txt, which is itself fetched through it, and again for every hop
of a redirect, which Scrapy sends round as a new request). The rules are `guard`'s and `politeness`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, signals

from crawler.causes import Refused
from crawler.politeness import may_redirect

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl


class GuardMiddleware:
    """Refuses what the guard refuses and redirects that leave the site of their source."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]
        crawler.signals.connect(self._count, signal=signals.request_reached_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass into its queue, or raise `Refused`."""
        redirected = bool(request.meta.get("redirect_times"))
        if (what := self._crawl.guard.check(request.url)) is not None:
            raise Refused(what, redirected=redirected)
        if redirected and not request.meta.get("robots"):
            source = self._crawl.sources[request.meta["source_id"]]
            if not may_redirect(source, request.url):
                raise Refused(f"un autre site ({urlsplit(request.url).netloc[:100]})", redirected=True)
            if len(request.url) > self._crawl.limits.url_length:
                raise Refused("une adresse trop longue", redirected=True)
        # A redirect brings the queue of its start along: on another host it would wait, and be counted, in the wrong one.
        request.meta["download_slot"] = self._crawl.politeness.lane_name(request.url)

    def _count(self, request: Request) -> None:
        self._crawl.tally.request(request.meta["source_id"])
