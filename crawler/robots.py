"""robots.txt by RFC 9309: what a site lets us fetch, and how slowly it wants us.

Owns the rules (`RobotsRules`, pure) and the downloader middleware that asks for them before anything else of an origin. Scrapy's own
middleware ignores the status: here 4xx allows everything, and 5xx, 429 or no answer forbid everything for this run. An answer that
stands for itself is kept, so that an origin is asked once a day at most.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.causes import RobotsForbidden, RobotsUnreachable, Trouble, trouble_of_error
from crawler.memory import RobotsCopy
from crawler.politeness import BOT
from luciole.errors import LucioleError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl

BEFORE_OTHERS = 1000


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """A robots.txt, read for our robot. `delay`: seconds it asks for between requests, None when it does not say."""

    rules: Protego | None
    delay: float | None = None

    @classmethod
    def read(cls, status: int, body: bytes, *, limit: int) -> Self:
        """Read a copy leniently (RFC 9309, 2.3.1.3 and 2.5): 4xx is no rules, and only the first `limit` bytes count."""
        if not 200 <= status < 300:
            return cls(None)
        rules = Protego.parse(body[:limit].decode("utf-8-sig", errors="replace"))
        try:
            delay = rules.crawl_delay(BOT)
        except ValueError:
            delay = None
        return cls(rules, float(delay) if delay is not None and 0 <= delay < float("inf") else None)

    def allow(self, url: str) -> bool:
        """Whether our robot may fetch this address."""
        return self.rules is None or self.rules.can_fetch(url, BOT)


class RobotsMiddleware:
    """Asks robots.txt before the first request to an origin, and holds everything to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]
        self._known: dict[str, asyncio.Future[RobotsRules | Trouble]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise `RobotsForbidden` or `RobotsUnreachable`."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        rules = await self._rules(f"{parts.scheme}://{parts.netloc}", request)
        if isinstance(rules, Trouble):
            raise RobotsUnreachable(rules)
        if not rules.allow(request.url):
            raise RobotsForbidden
        if rules.delay is not None:
            self._slow_down(request.meta["download_slot"], rules.delay)

    async def _rules(self, origin: str, request: Request) -> RobotsRules | Trouble:
        """The rules of an origin, asked for once however many requests wait for them."""
        if origin not in self._known:
            self._known[origin] = asyncio.get_running_loop().create_future()
            try:
                self._known[origin].set_result(await self._learn(origin, request))
            except BaseException as error:
                self._known.pop(origin).cancel()
                if isinstance(error, LucioleError):
                    self._crawler.spider.fail(error)  # type: ignore[union-attr]
                raise
        return await asyncio.shield(self._known[origin])

    async def _learn(self, origin: str, request: Request) -> RobotsRules | Trouble:
        limits, now = self._crawl.limits, self._crawl.now()
        copy = self._crawl.memory.robots(origin)
        if copy is None or now - copy.at > limits.robots_age:
            ask = Request(
                f"{origin}/robots.txt",
                priority=BEFORE_OTHERS,
                callback=NO_CALLBACK,
                dont_filter=True,
                meta={
                    "robots": True,
                    "source_id": request.meta["source_id"],
                    "max_retry_times": min(1, limits.retries),
                    "download_maxsize": limits.feed_bytes,
                },
            )
            try:
                response = await self._crawler.engine.download_async(ask)
            except Exception as error:
                trouble = trouble_of_error(error, limits, self._crawler.spider.private(request.url))  # type: ignore[union-attr]
                return Trouble(cause=f"robots.txt : {trouble.cause}", refused=trouble.refused)
            if response.status >= 500 or response.status == 429:
                return Trouble(cause=f"robots.txt injoignable ({response.status}) : blog laissé tranquille cette nuit", refused=True)
            copy = RobotsCopy(response.status, response.body[: limits.robots_bytes], now)
            self._crawl.memory.keep_robots(origin, copy)
        return RobotsRules.read(copy.status, copy.body, limit=limits.robots_bytes)

    def _slow_down(self, slot_name: str, delay: float) -> None:
        """Give a queue the pace that its site asks for, up to a limit; never a faster one than ours."""
        downloader = self._crawler.engine.downloader
        asked = min(delay, self._crawl.limits.crawl_delay_max)
        if asked <= self._crawl.politeness.pace(slot_name):
            return
        downloader.per_slot_settings[slot_name] = {"delay": asked, "jitter": 0.0, "concurrency": 1}
        slot = downloader.slots.get(slot_name)
        if slot is not None and slot.delay < asked:
            slot.delay = asked
