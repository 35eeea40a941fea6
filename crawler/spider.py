"""The one spider: takes rows from the frontier to the network, and what comes back to the harvest.

Owns the order of things in one process: requests per lane, parses in the workers, and the end, which comes when no row is due, under way or
unparsed. It decides nothing about content: `harvest` does.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.answers import Body, Unchanged, meaning
from crawler.asking import kept_headers, request_for, usable_validators
from crawler.causes import Trouble, trouble_of_error
from crawler.crawl import Crawl
from crawler.harvest import Fresh, Harvest
from crawler.lanes import Lanes
from crawler.moves import permanent
from crawler.parking import Parking
from crawler.readers import Readers
from crawler.reading import read_row
from crawler.row import ARCHIVE, PERMANENT, STEP, Answer, Row
from crawler.tally import Count
from crawler.workers import Workers
from luciole.errors import LucioleError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.resolver import GuardedResolver

log = logging.getLogger(__name__)

_INTERNAL = "erreur interne, voir le journal"


class LucioleSpider(Spider):
    """All sources of one crawl."""

    name = "luciole"

    def __init__(self, crawl: Crawl, workers: Workers | None, **kwargs: Any) -> None:
        """Without `workers` bodies are kept and left for another time."""
        super().__init__(**kwargs)
        self.crawl = crawl
        self.fatal: BaseException | None = None
        self.reason = ""
        self._workers = workers
        self._harvest = Harvest(crawl)
        self._lanes = Lanes(total=2 * crawl.limits.concurrency)
        self._wake = asyncio.Event()
        self._readers = Readers(self._read, self._wake.set)
        self._open: Counter[str] = Counter()
        self._told: set[str] = set()
        self._parking = Parking(crawl.limits.retry_after_wait)
        self._source_of: dict[int, str] = {}
        self._archived: dict[str, int] = {}
        self._stopping = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._wind_down, signal=signals.spider_closed)
        return spider

    # -- out: rows become requests -----------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """The frontier's rows and nothing else, until none is left."""
        try:
            self._begin()
            while not self._stopping:
                taken = self._lanes.pop()
                if taken is not None:
                    request = self._request(*taken)
                    if request is not None:
                        yield request
                    continue
                pause = self._parking.pause(self.crawl.now())
                if not self._lanes.under_way and not self._readers.unread:
                    if pause is None:
                        break
                    self._load()
                self._wake.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), pause)
                self._unpark()
            for source_id in () if self._stopping else self.crawl.sources:
                self._tell(source_id)
        except LucioleError as error:
            self.fail(error)

    def _begin(self) -> None:
        """Bodies that wait for their parse go first, then whatever is due."""
        sources = list(self.crawl.sources)
        for source_id, row_id in self.crawl.frontier.unparsed(sources) if self._workers else ():
            self._source_of[row_id] = source_id
            self._open[source_id] += 1
            self._readers.put(row_id)
        self._load()
        for source_id in sources:
            if not self._open[source_id]:
                self._tell(source_id)
        if self._workers:
            self._readers.start(2 * self.crawl.settings.workers)

    def _load(self) -> None:
        """Put every due row into its lane."""
        for row in self.crawl.frontier.due(list(self.crawl.sources), self.crawl.now()):
            self._push(row.source_id, row.url, row.id, row.priority)

    def _push(self, source_id: str, url: str, row_id: int, priority: int) -> None:
        if self._lanes.push(self.crawl.politeness.lane_name(url), row_id, priority):
            self._source_of[row_id] = source_id
            self._open[source_id] += 1

    def _request(self, lane: str, row_id: int) -> Request | None:
        """The request for a row, or None when there is nothing to send."""
        source_id = self._source_of[row_id]
        row = None if source_id in self._parking else self.crawl.frontier.claim(row_id)
        if row is None:
            self._lanes.release(lane)
            self._close_row(source_id)
            return None
        if len(row.url) > self.crawl.limits.url_length:
            # Scrapy would drop it without a word to anybody, and the row would stay under way for ever.
            self._settle_failure(row, Trouble(cause="adresse trop longue", refused=True, final=True))
            self._lanes.release(lane)
            return None
        if not row.recheck and self._workers and (answer := self.crawl.frontier.twin(row, self.crawl.began)) is not None:
            self.crawl.frontier.fetched(row.id, answer)
            self._lanes.release(lane)
            self._readers.put(row.id)
            return None
        if self._spent(row):
            self.crawl.frontier.postpone(row.id, self.crawl.now() + self.crawl.limits.next_night)
            self._lanes.release(lane)
            self._close_row(source_id)
            return None
        known = usable_validators(self.crawl, row)
        return request_for(self.crawl, row, callback=self.on_response, errback=self.on_error, lane=lane, known=known)

    def _spent(self, row: Row) -> bool:
        """Whether this is a page of an archive of which enough pages were fetched this night; else it is counted."""
        if row.priority not in (STEP, ARCHIVE):
            return False
        done = self._archived.setdefault(row.source_id, self.crawl.tally.count(row.source_id).archived)
        self._archived[row.source_id] = done + 1
        return done >= self.crawl.limits.backfill_pages

    # -- in: answers become bodies -----------------------------------------------------------------------------------------------

    def on_response(self, response: Response, row: Row, lane: str) -> Iterator[Request]:
        """An answer, whatever its status."""
        again = None
        try:
            # Once the store has failed nothing more is tried on it: every try may wait for the same lock.
            again = self._take(response, row) if self.fatal is None else None
        except LucioleError as error:
            self.fail(error)
        except Exception:
            self._broken(row.id)
        if again is not None:
            yield again
        else:
            self._lanes.release(lane)
            self._wake.set()

    def _take(self, response: Response, row: Row) -> Request | None:
        """Keep the body, or settle the row without one. Returns a request when the same row is to be asked for once more."""
        request = response.request
        assert request is not None
        now, headers, plain = self.crawl.now(), kept_headers(response), bool(request.meta.get("plain"))
        known = usable_validators(self.crawl, row)
        moved = permanent(request.meta.get("redirect_reasons", ()))
        match meaning(response.status, headers, response.body, known, plain=plain, limits=self.crawl.limits, now=now):
            case Unchanged(known=identity):
                fresh = self._harvest.unchanged(row, response.url, identity, permanent=moved)
                self.crawl.progress.page()
                self._push_all(row.source_id, fresh)
                self._close_row(row.source_id)
            case Trouble() as trouble:
                self._settle_failure(row, trouble)
            case Body(hash=key):
                told = headers | ({PERMANENT: "1"} if moved else {})
                answer = Answer(url=response.url, status=response.status, headers=told, body_hash=key, at=now)
                self._harvest.keep(row, answer, response.body)
                if self._workers:
                    self._readers.put(row.id)
                else:
                    self._close_row(row.source_id)
            case "ask again plainly":
                again: Request = request.replace(url=row.url, headers={"Cache-Control": "no-cache"})
                again.meta["plain"] = True
                return again
        return None

    def on_error(self, failure: Failure) -> None:
        """No answer, for a reason that becomes words."""
        request = failure.request  # type: ignore[attr-defined]
        row, lane = request.cb_kwargs["row"], request.cb_kwargs["lane"]
        try:
            error = failure.value
            assert error is not None
            if isinstance(error, LucioleError):
                raise error
            if self.fatal is None:
                self._settle_failure(row, trouble_of_error(error, self.crawl.limits, self.private(request.url)))
        except LucioleError as fault:
            self.fail(fault)
        except Exception:
            self._broken(row.id)
        finally:
            self._lanes.release(lane)
            self._wake.set()

    def private(self, url: str) -> str | None:
        """The private address for which the resolver refused the host of this address, if it did."""
        from twisted.internet import reactor

        resolver: GuardedResolver = reactor.nameResolver
        return resolver.refused.get(urlsplit(url).hostname or "")

    # -- reading: bodies become articles -----------------------------------------------------------------------------------------

    async def _read(self, row_id: int) -> None:
        """Have one body parsed, and deal with whatever goes wrong."""
        if self.fatal is not None:
            return
        try:
            await self._read_one(row_id)
        except LucioleError as error:
            self.fail(error)
        except Exception:
            self._broken(row_id)

    async def _read_one(self, row_id: int) -> None:
        assert self._workers is not None
        fresh = await read_row(self.crawl, self._harvest, self._workers, row_id)
        self._push_all(self._source_of[row_id], fresh or [])
        self._close_row(self._source_of[row_id])

    # -- ends --------------------------------------------------------------------------------------------------------------------

    def fail(self, error: BaseException) -> None:
        """An operator must act: stop the crawl as it stands. What was committed stays, the rest is resumed."""
        if self.fatal is None:
            self.fatal = error
            self._stop()
            asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="fatal"))  # noqa: RUF006

    def _stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def _wind_down(self, reason: str) -> None:
        """The spider closes: parses under way end and are written down, waiting ones stay for the next time."""
        self.reason = reason
        self._stop()
        await self._readers.stop()

    def _settle_failure(self, row: Row, trouble: Trouble) -> None:
        fresh = self._harvest.failed(row, trouble)
        if trouble.until is not None and (until := self.crawl.memory.parked(row.source_id, self.crawl.now())):
            for source_id in self.crawl.neighbours(row.source_id, row.url):
                self._parking.park(source_id, until)
        self._push_all(row.source_id, fresh)
        self._close_row(row.source_id)

    def _push_all(self, source_id: str, fresh: Fresh) -> None:
        for url, row_id in fresh:
            self._push(source_id, url, row_id, self.crawl.frontier.priority(row_id))

    def _broken(self, row_id: int) -> None:
        """A fault of ours must not hang the night: it costs this row. Called where the fault is being handled."""
        log.exception("a fault of Luciole at row %d of the frontier", row_id)
        source_id = self._source_of[row_id]
        try:
            with self.crawl.store.transaction():
                self.crawl.frontier.dead(row_id, _INTERNAL)
                self.crawl.tally.add(source_id, Count(failed=1, cause=_INTERNAL))
            self._close_row(source_id)
        except LucioleError as error:
            self.fail(error)

    def _close_row(self, source_id: str) -> None:
        self._open[source_id] -= 1
        if not self._open[source_id] and source_id not in self._parking:
            self._tell(source_id)

    def _tell(self, source_id: str) -> None:
        if source_id not in self._told:
            self._told.add(source_id)
            self.crawl.progress.source_done(self.crawl.tally.outcome(source_id))

    def _unpark(self) -> None:
        """Somebody's time is over: its rows are due again."""
        if over := self._parking.leave(self.crawl.now()):
            self._load()
        for source_id in over:
            if not self._open[source_id]:
                self._tell(source_id)
