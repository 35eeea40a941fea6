"""robots.txt, asked for before anything else of an origin (RFC 9309).

Owns the downloader middleware that holds every request to the rules; what the rules say is `robots_rules`'. Scrapy's own middleware ignores
the status. Here 4xx allows everything; 5xx, 429 or no answer at all leave the last copy in force while it is young enough, and forbid
everything without one. An answer that stands for itself is kept, so that an origin is asked once a day at most; one that does not is not
asked for again in the same run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.causes import RobotsForbidden, RobotsUnreachable, TooSlow, Trouble, too_many_redirects, trouble_of_error, trouble_of_status
from crawler.memory import RobotsCopy
from crawler.robots_rules import RobotsRules, origin_of
from luciole.errors import LucioleError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl

_BEFORE_OTHERS: Final = 1000
_OF_THE_FEED: Final = frozenset({"feed", "home"})
"""What is read all the same of a site that asks for more time between requests than we can give."""


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What is known of an origin for this run: its rules (None: nothing may be fetched), and what was wrong with its robots.txt."""

    rules: RobotsRules | None
    trouble: Trouble | None = None


class RobotsMiddleware:
    """Asks robots.txt before the first request to an origin, and holds everything to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]
        self._known: dict[str, asyncio.Future[_Learnt]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise `RobotsForbidden`, `RobotsUnreachable` or `TooSlow`.

        `meta["kind"]` says what is asked for, `meta["lead"]` whether for an archive.
        """
        if request.meta.get("robots"):
            return
        learnt = await self._about(origin_of(request.url), request)
        rules, trouble = learnt.rules, learnt.trouble
        if trouble is not None and (rules is None or (trouble.until is not None and self._crawl.now() < trouble.until)):
            raise RobotsUnreachable(trouble)
        if rules is None:
            return
        if not rules.allowed(request.url):
            raise RobotsForbidden
        if rules.delay is not None:
            of_the_feed = request.meta.get("kind") in _OF_THE_FEED and not request.meta.get("lead")
            if rules.delay > self._crawl.limits.crawl_delay_max and not of_the_feed:
                raise TooSlow(rules.delay)
            self._slow_down(request.meta["download_slot"], rules.delay)

    async def _about(self, origin: str, request: Request) -> _Learnt:
        """What is known of an origin, asked for once however many requests wait for it."""
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

    async def _learn(self, origin: str, request: Request) -> _Learnt:
        limits, now = self._crawl.limits, self._crawl.now()
        copy = self._crawl.memory.robots(origin)
        trouble = None
        if copy is None or now - copy.at > limits.robots_age:
            answer = await self._ask(origin, request)
            if isinstance(answer, RobotsCopy):
                self._crawl.memory.keep_robots(origin, answer)
                copy = answer
            else:
                trouble = answer
                if copy is None or now - copy.at > limits.robots_kept:
                    # A short pause would end within this run, in which robots.txt is not asked for again: the night is over.
                    brief = trouble.until is not None and (trouble.until - now).total_seconds() <= limits.retry_after_wait
                    return _Learnt(None, replace(trouble, until=None) if brief else trouble)
        return _Learnt(RobotsRules.read(copy.status, copy.body, limit=limits.robots_bytes), trouble)

    async def _ask(self, origin: str, request: Request) -> RobotsCopy | Trouble:
        """One question, put a second time only where no answer came; redirects are followed to any public host (RFC 9309, 2.3.1.2)."""
        limits = self._crawl.limits
        ask = Request(
            f"{origin}/robots.txt",
            priority=_BEFORE_OTHERS,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={"robots": True, "source_id": request.meta["source_id"], "dont_retry": True, "download_maxsize": limits.feed_bytes},
        )
        for more in range(min(1, limits.retries), -1, -1):
            try:
                return self._answer(await self._crawler.engine.download_async(ask.copy()))
            except LucioleError:
                raise
            except Exception as error:
                if too_many_redirects(error):
                    return RobotsCopy(310, b"", self._crawl.now())  # as good as none (2.3.1.2)
                if not more or isinstance(error, IgnoreRequest):
                    trouble = trouble_of_error(error, limits, self._crawler.spider.private(ask.url))  # type: ignore[union-attr]
                    return replace(trouble, cause=f"robots.txt : {trouble.cause}", final=False)
        raise AssertionError("the last try returns")

    def _answer(self, response: Response) -> RobotsCopy | Trouble:
        """A copy to keep, or why there is none. 304 to a plain question is a broken cache before a text that we cannot see."""
        limits, now, status = self._crawl.limits, self._crawl.now(), response.status
        if status < 500 and status not in (304, 429):
            return RobotsCopy(status, response.body[: limits.robots_bytes] if 200 <= status < 300 else b"", now)
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        until = trouble_of_status(status, {"retry-after": asked}, limits, now).until
        how_long = "cette nuit"
        if until is not None and (until - now).total_seconds() > limits.retry_after_wait:
            how_long = f"jusqu’au {until:%d/%m/%Y à %H:%M} UTC"
        cause = f"robots.txt injoignable ({status}) : blog laissé tranquille {how_long}"
        return Trouble(cause=cause, refused=True, until=until)

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
