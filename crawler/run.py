"""One crawl from beginning to end: the entry point of this room.

Owns the order: which sources are visited and which are not, the run opened or resumed, Scrapy driven once, the run closed with what each
source came to. Scrapy's reactor starts once in the life of a process: so does `crawl`, in its main thread.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from crawler.archives import Archives
from crawler.crawl import Crawl
from crawler.frontier import Frontier
from crawler.guard import Guard
from crawler.memory import Memory
from crawler.moves import established
from crawler.nights import awake, close_night
from crawler.politeness import CrawlLimits, Politeness, may_redirect
from crawler.progress import Progress, fitting_progress
from crawler.raw import RawBodies
from crawler.report import CrawlReport
from crawler.tally import Count, Tally
from crawler.workers import Workers
from luciole.registry import Registry
from luciole.runs import Outcome, RunLog
from luciole.settings import Settings
from luciole.sources import Source
from luciole.store import ArticleStore
from luciole.urls import url_key

__all__ = ["CrawlReport", "crawl"]

KIND = "crawl"


def clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


def crawl(
    registry: Registry,
    settings: Settings,
    *,
    limits: CrawlLimits | None = None,
    only: Sequence[str] = (),
    progress: Progress | None = None,
    now: Callable[[], datetime] = clock,
    read: bool = True,
) -> CrawlReport:
    """Visit the sources of the registry (those named in `only`, or all that are due) and write what they hold into the store.

    Without `read` what is due is only fetched: `crawler.extract` or the next crawl reads it.

    An unfinished run is taken up again. Raises `StoreError` when store or disk fail, and `WorkersError`: what was committed stays, and the
    next call goes on from there. A blog that fails is an outcome. SIGINT and SIGTERM end the crawl politely (`interrupted`); a second one
    at once. To be called once in a process, in its main thread, by the holder of the data directory's lock.
    """
    started, limits = monotonic(), limits or CrawlLimits()
    guard = Guard(settings.host_map)
    allowed, skipped = _choose(registry, settings, guard, only)
    with closing(ArticleStore.open(settings.store_path)) as store, closing(RawBodies(settings.raw_path)) as raw:
        store.sync_sources(registry)
        runs, frontier, memory = RunLog(store.database), Frontier(store.database), Memory(store.database)
        with store.transaction():
            _set_right(frontier, memory, limits, now())
            run_id, began = _open_run(runs, limits, now(), resume=not only)
            tally = Tally(store.database, run_id)
            visited, resting = awake(allowed, store, memory, frontier, limits, now(), asked=bool(only), begun=tally.begun())
            skipped += resting
            politeness = Politeness(limits, settings.host_map, visited.values())
            _sow(frontier, memory, tally, visited, politeness, limits, now())
        work = Crawl(
            sources=visited,
            settings=settings,
            limits=limits,
            guard=guard,
            politeness=politeness,
            store=store,
            raw=raw,
            frontier=frontier,
            memory=memory,
            archives=Archives(store.database),
            tally=tally,
            progress=progress or fitting_progress(),
            now=now,
            began=began,
        )
        reason = _drive(work, read=read) if visited else "finished"
        with store.transaction():
            work.tally.flush()
            frontier.sweep()
            left = frontier.unfinished(list(visited), now())
            if reason != "shutdown":
                close_night(work, left)
            outcomes = sorted([*_outcomes(work, left), *skipped], key=lambda one: one.source_id)
            runs.close(run_id, outcomes, now(), finished=not left)
    return CrawlReport(
        run_id=run_id,
        finished=not left,
        interrupted=reason == "shutdown",
        outcomes=tuple(outcomes),
        duration=monotonic() - started,
    )


def _choose(registry: Registry, settings: Settings, guard: Guard, only: Sequence[str]) -> tuple[dict[str, Source], list[Outcome]]:
    """The sources to visit, and an outcome for each one that is not though readers see it as living."""
    visited: dict[str, Source] = {}
    skipped = []
    known = bool(settings.base_url and settings.contact)
    for source in registry:
        if source.status != "active" or (only and source.id not in only):
            continue
        if source.type == "video":
            skipped.append(Outcome(source_id=source.id, state="skipped", cause="chaîne vidéo : listée, jamais visitée"))
        elif not known and not all(guard.is_mapped(url) for url in (source.url, *source.feeds)):
            cause = "LUCIOLE_BASE_URL et LUCIOLE_CONTACT manquent : pas de visite anonyme"
            skipped.append(Outcome(source_id=source.id, state="skipped", cause=cause))
        else:
            visited[source.id] = source
    return visited, skipped


def _open_run(runs: RunLog, limits: CrawlLimits, now: datetime, *, resume: bool) -> tuple[int, datetime]:
    """Take up the unfinished run of this night, or begin one; its id, and when it began."""
    last = runs.last()
    if resume and last is not None and last.kind == KIND and not last.finished and now - last.started < limits.next_night:
        return last.id, last.started
    return runs.begin(KIND, now), now


def _set_right(frontier: Frontier, memory: Memory, limits: CrawlLimits, now: datetime) -> None:
    """Undo what a clock that was ahead wrote down: whatever waits for it would wait for ever."""
    furthest = max(limits.recheck_after + limits.recheck_spread, limits.forbidden_for, *limits.missing_looks, *limits.closed_looks)
    frontier.set_right(now, now + furthest + timedelta(days=1))
    memory.set_right(now, now + furthest)


def _sow(
    frontier: Frontier,
    memory: Memory,
    tally: Tally,
    visited: dict[str, Source],
    politeness: Politeness,
    limits: CrawlLimits,
    now: datetime,
) -> None:
    """Give every source that this run has not begun with its feeds to visit, or its home to look for one.

    A run taken up again may have begun without some: it was for a few of them only, or they were added or allowed since.
    """
    frontier.sweep()
    frontier.unblock(now)
    for source in visited.values():
        if memory.listed_as(source.id, source.url, source.digest()):
            frontier.drop_steps(source.id)
            frontier.keep_to(source.id, partial(may_redirect, source))
        if tally.knows(source.id) or _is_parked(memory, politeness, source, now):
            continue
        tally.add(source.id, Count())
        memory.visit(source.id, now)
        frontier.known.look_again(source.id, now, limits.rechecks)
        frontier.uproot(source.id)
        found = memory.found_feed(source.id)
        feeds = source.feeds or ((found.url,) if found and found.url else ())
        memory.drop_moves(source.id, keep=(source.url, *source.feeds))
        feeds = tuple(_followed(memory, source.id, feed, limits) for feed in feeds)
        memory.name_only(source.id, map(url_key, feeds))
        for feed in feeds:
            frontier.root(source.id, "feed", feed)
        if not feeds:
            frontier.root(source.id, "home", _followed(memory, source.id, source.url, limits))


def _is_parked(memory: Memory, politeness: Politeness, source: Source, now: datetime) -> bool:
    """Whether a source is to be left alone: because it asked for time, or because a neighbour on its platform did."""
    for lane in {politeness.lane_name(f"http://{host}/") for host in source.hosts}:
        if until := memory.parked(lane, now):
            memory.park(source.id, until)
    return memory.parked(source.id, now) is not None


def _followed(memory: Memory, source_id: str, url: str, limits: CrawlLimits) -> str:
    """Where an address of the list is asked for: at its new place, once it has moved for good."""
    move = memory.move(source_id, url)
    return move.new if move is not None and established(move, limits) else url


def _outcomes(work: Crawl, left: frozenset[str]) -> Iterator[Outcome]:
    """How each visited source fared; one for which work is `left` says so, one that asked for time says until when."""
    for source_id in work.sources:
        one, count = work.tally.outcome(source_id), work.tally.count(source_id)
        if not count.cause and not count.roots_read and (until := work.memory.parked(source_id, work.now())):
            cause = f"le blog a demandé d’attendre jusqu’au {until:%d/%m/%Y à %H:%M} UTC"
            one = replace(one, state="skipped", cause=cause)
        elif not count.cause and source_id in left:
            one = replace(one, state="partial" if count.roots_read else "skipped", cause="visite interrompue")
        yield one


def _drive(work: Crawl, *, read: bool) -> str:
    """Run Scrapy over the frontier and return why it stopped. Raises what made it stop, if that was a fault of ours."""
    work.progress.begin(len(work.sources))  # at once: what follows loads for seconds
    try:
        with _quiet(), _own_signals():
            if not read:
                return _crawl(work, None)
            with Workers(work.settings.workers, timeout=work.limits.parse_timeout, memory=work.limits.parse_memory) as workers:
                workers.warm_up()  # while Scrapy is loaded and the first requests are under way
                return _crawl(work, workers)
    finally:
        work.progress.end()


def _crawl(work: Crawl, workers: Workers | None) -> str:
    """What `_drive` says, with workers that parse or none."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.resolver import GuardedResolver
    from crawler.spider import LucioleSpider
    from crawler.spider_settings import spider_settings

    def resolver(reactor: Any) -> GuardedResolver:
        return GuardedResolver(work.guard, reactor)

    process = AsyncCrawlerProcess(spider_settings(work.settings, work.limits, work.politeness, work.sources.values(), resolver))
    for name in ("scrapy", "twisted"):  # what they warn about is in the causes
        logging.getLogger(name).setLevel(logging.ERROR)
    crawler = process.create_crawler(LucioleSpider)
    task = process.crawl(crawler, crawl=work, workers=workers)
    process.start()
    if task.done():
        task.result()  # raises what kept the spider from opening
    spider = crawler.spider
    assert isinstance(spider, LucioleSpider)
    if spider.fatal is not None:
        raise spider.fatal
    return spider.reason or "shutdown"


@contextmanager
def _quiet() -> Iterator[None]:
    """Warnings of our own reach standard error without Scrapy's decoration."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


@contextmanager
def _own_signals() -> Iterator[None]:
    """Give signals back as they were: what follows in this process is not Scrapy's."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
