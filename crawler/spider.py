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
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotSupported, UnsupportedURLSchemeError
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.answers import Body, Unchanged, meaning
from crawler.asking import kept_headers, request_for, usable_validators
from crawler.causes import Trouble, trouble_of_error
from crawler.crawl import Crawl
from crawler.harvest import Harvest
from crawler.moves import permanent
from crawler.parking import Parking
from crawler.readers import Readers
from crawler.reading import read_row
from crawler.row import ARCHIVE, PERMANENT, STEP, Answer, Row
from crawler.tally import Count
from crawler.turns import Turn, Turns
from crawler.workers import Workers
from luciole.errors import LucioleError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.resolver import GuardedResolver

log = logging.getLogger(__name__)

_INTERNAL = "erreur interne, voir le journal"
_OURS = (IgnoreRequest, DownloadCancelledError, NotSupported, UnsupportedURLSchemeError)
"""Errors that say nothing about the health of a server: we did not want what it has."""


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
        self._turns = Turns(crawl)
        self._wake = asyncio.Event()
        self._readers = Readers(self._read, self._wake.set)
        self._told: set[str] = set()
        self._parking = Parking(crawl.limits.retry_after_wait)
        self._reading: dict[int, str] = {}
        self._archived: dict[str, int] = {}
        self._failed: Counter[str] = Counter()
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
                turn = self._turns.pop()
                if turn is not None:
                    request = self._request(turn)
                    if request is not None:
                        yield request
                    else:
                        await asyncio.sleep(0)  # many rows may come to no request, and others want to go on
                    continue
                if not self._turns.under_way and not self._readers.unread:
                    self._unpark()
                    self._turns.load(self.crawl.sources)  # the night is long: what was put off may be due by now
                    if self._turns.waiting:
                        continue
                    if self._parking.pause(self.crawl.now()) is None:
                        break
                pause = self._parking.pause(self.crawl.now())
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
            self._turns.begin(source_id)
            self._put(row_id, source_id)
        self._turns.load(sources)
        for source_id in sources:
            if self._turns.is_over(source_id):
                self._tell(source_id)
        if self._workers:
            self._readers.start(2 * self.crawl.settings.workers)

    def _request(self, turn: Turn) -> Request | None:
        """The request for a row, or None when there is nothing to send."""
        crawl, now, source_id = self.crawl, self.crawl.now(), turn.source_id
        row = None if source_id in self._parking else crawl.frontier.claim(turn.row_id, now)
        if row is None:
            self._close_row(source_id)
        elif len(row.url) > crawl.limits.url_length:
            # Scrapy would drop it without a word to anybody, and the row would stay under way for ever.
            self._settle_failure(row, Trouble(cause="adresse trop longue", refused=True, final=True))
        elif (answer := self._twin(row)) is not None:
            crawl.frontier.fetched(row.id, answer)
            self._put(row.id, source_id)
        elif self._spent(row):
            tomorrow = now + crawl.limits.next_night
            with crawl.store.transaction():
                crawl.frontier.postpone(row.id, tomorrow)
                crawl.frontier.rest(source_id, now, tomorrow, (STEP, ARCHIVE))
            self._close_row(source_id)
        else:
            known = usable_validators(crawl, row)
            return request_for(crawl, row, callback=self.on_response, errback=self.on_error, lane=turn.lane, known=known)
        self._release(turn.lane, source_id)
        return None

    def _twin(self, row: Row) -> Answer | None:
        """What the same address answered this night when it was asked for as something else, if that body is still there."""
        if row.recheck or not self._workers:
            return None
        answer = self.crawl.frontier.twin(row, self.crawl.began)
        return answer if answer is not None and self.crawl.raw.get(answer.body_hash) is not None else None

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
            self._broken(row.id, row.source_id)
        if again is not None:
            yield again
        else:
            self._release(lane, row.source_id)

    def _take(self, response: Response, row: Row) -> Request | None:
        """Keep the body, or settle the row without one. Returns a request when the same row is to be asked for once more."""
        request = response.request
        assert request is not None
        now, headers, plain = self.crawl.now(), kept_headers(response), bool(request.meta.get("plain"))
        known = usable_validators(self.crawl, row, headers)
        moved = permanent(request.meta.get("redirect_reasons", ()))
        match meaning(response.status, headers, response.body, known, plain=plain, limits=self.crawl.limits, now=now):
            case Unchanged(known=identity):
                self._failed[row.source_id] = 0
                fresh = self._harvest.unchanged(row, response.url, identity, permanent=moved)
                self.crawl.progress.page()
                self._turns.push(row.source_id, fresh)
                self._close_row(row.source_id)
            case Trouble() as trouble:
                self._settle_failure(row, trouble, unwell=trouble.status >= 500)
            case Body(hash=key):
                self._failed[row.source_id] = 0
                told = headers | ({PERMANENT: "1"} if moved else {})
                answer = Answer(url=response.url, status=response.status, headers=told, body_hash=key, at=now)
                self._harvest.keep(row, answer, response.body)
                if self._workers:
                    self._put(row.id, row.source_id)
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
                trouble = trouble_of_error(error, self.crawl.limits, self.private(request.url))
                self._settle_failure(row, trouble, unwell=not isinstance(error, _OURS))
        except LucioleError as fault:
            self.fail(fault)
        except Exception:
            self._broken(row.id, row.source_id)
        finally:
            self._release(lane, row.source_id)

    def private(self, url: str) -> str | None:
        """The private address for which the resolver refused the host of this address, if it did."""
        from twisted.internet import reactor

        resolver: GuardedResolver = reactor.nameResolver
        return resolver.refused.get(urlsplit(url).hostname or "")

    # -- reading: bodies become articles -----------------------------------------------------------------------------------------

    async def _read(self, row_id: int) -> None:
        """Have one body parsed, and deal with whatever goes wrong."""
        source_id = self._reading.pop(row_id)
        if self.fatal is not None:
            return
        try:
            await self._read_one(row_id, source_id)
        except LucioleError as error:
            self.fail(error)
        except Exception:
            self._broken(row_id, source_id)

    async def _read_one(self, row_id: int, source_id: str) -> None:
        assert self._workers is not None
        fresh = await read_row(self.crawl, self._harvest, self._workers, row_id)
        self._turns.push(source_id, fresh or [])
        self._close_row(source_id)

    def _put(self, row_id: int, source_id: str) -> None:
        """A body waits to be read."""
        self._reading[row_id] = source_id
        self._readers.put(row_id)

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

    def _settle_failure(self, row: Row, trouble: Trouble, *, unwell: bool = False) -> None:
        fresh = self._harvest.failed(row, trouble)
        if unwell and trouble.until is None and row.trail is None:  # many sites answer 500 where a feed might have been
            self._failed[row.source_id] += 1
            if self._failed[row.source_id] >= self.crawl.limits.unwell_after:
                self._harvest.rest(row.source_id, self.crawl.limits.unwell_after)
        elif trouble.status:
            self._failed[row.source_id] = 0
        if trouble.until is not None and (until := self.crawl.memory.parked(row.source_id, self.crawl.now())):
            for source_id in self.crawl.neighbours(row.source_id, row.url):
                self._parking.park(source_id, until)
        self._turns.push(row.source_id, fresh)
        self._close_row(row.source_id)

    def _broken(self, row_id: int, source_id: str) -> None:
        """A fault of ours must not hang the night: it costs this row. Called where the fault is being handled."""
        log.exception("a fault of Luciole at row %d of the frontier", row_id)
        try:
            with self.crawl.store.transaction():
                self.crawl.frontier.dead(row_id, _INTERNAL)
                self.crawl.tally.add(source_id, Count(failed=1, cause=_INTERNAL))
            self._close_row(source_id)
        except LucioleError as error:
            self.fail(error)

    def _release(self, lane: str, source_id: str) -> None:
        try:
            self._turns.release(lane, source_id, refill=not self._stopping)
        except LucioleError as error:
            self.fail(error)
        self._wake.set()

    def _close_row(self, source_id: str) -> None:
        if self._turns.end(source_id) and source_id not in self._parking:
            self._tell(source_id)

    def _tell(self, source_id: str) -> None:
        if source_id not in self._told:
            self._told.add(source_id)
            self.crawl.progress.source_done(self.crawl.tally.outcome(source_id))

    def _unpark(self) -> None:
        """Somebody's time is over: its rows are due again."""
        over = self._parking.leave(self.crawl.now())
        self._turns.load(over)
        for source_id in over:
            if self._turns.is_over(source_id):
                self._tell(source_id)
