"""Reading without fetching: what waits to be read, or everything that was ever kept, once more.

For the day on which the extraction got better: every article is made anew from the bodies that were kept, and no blog is asked for
anything. It needs the same lock as a crawl.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.archives import Archives
from crawler.crawl import Crawl
from crawler.frontier import Frontier
from crawler.guard import Guard
from crawler.harvest import Harvest
from crawler.memory import Memory
from crawler.politeness import CrawlLimits, Politeness
from crawler.progress import Progress, fitting_progress
from crawler.raw import RawBodies
from crawler.reading import read_row
from crawler.run import clock
from crawler.tally import Tally
from crawler.workers import Workers
from luciole.registry import Registry
from luciole.settings import Settings
from luciole.store import ArticleStore

_NO_RUN = 0
"""The run to which the counts of a reading belong: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractReport:
    """What a reading came to: bodies read, articles that came up new, articles changed, bodies that are lost and will be fetched again."""

    read: int
    new: int
    updated: int
    lost: int


def extract(
    registry: Registry,
    settings: Settings,
    *,
    again: bool,
    only: Sequence[str] = (),
    limits: CrawlLimits | None = None,
    progress: Progress | None = None,
    now: Callable[[], datetime] = clock,
) -> ExtractReport:
    """Read what was fetched and not read; with `again`, everything that is kept of the sources (those named in `only`, or all).

    Raises `StoreError` and `WorkersError`; what was read until then stays, and the next call, or the next crawl, goes on.
    """
    limits = replace(limits or CrawlLimits(), backfill_pages=0)  # no archive begins here: it would be all requests
    sources = {source.id: source for source in registry if source.listed and (not only or source.id in only)}
    with closing(ArticleStore.open(settings.store_path)) as store, closing(RawBodies(settings.raw_path)) as raw:
        store.sync_sources(registry)
        frontier, tally = Frontier(store.database), Tally(store.database, _NO_RUN)
        with store.transaction():
            tally.forget()
            if again:
                frontier.reread(sources)
        crawl = Crawl(
            sources=sources,
            settings=settings,
            limits=limits,
            guard=Guard(settings.host_map),
            politeness=Politeness(limits, settings.host_map, sources.values()),
            store=store,
            raw=raw,
            frontier=frontier,
            memory=Memory(store.database),
            archives=Archives(store.database),
            tally=tally,
            progress=progress or fitting_progress(),
            now=now,
            began=now(),
        )
        rows = [row_id for _, row_id in frontier.unparsed(list(sources))]
        crawl.progress.begin(len(sources))
        try:
            with Workers(settings.workers, timeout=limits.parse_timeout, memory=limits.parse_memory) as workers:
                lost = asyncio.run(_read(crawl, workers, rows))
        finally:
            crawl.progress.end()
        counts = [tally.count(source_id) for source_id in sources]
        return ExtractReport(
            read=len(rows) - lost, new=sum(count.new for count in counts), updated=sum(count.updated for count in counts), lost=lost
        )


async def _read(crawl: Crawl, workers: Workers, rows: list[int]) -> int:
    """Read the rows, a few at a time, in their order; the number of those whose body is lost."""
    harvest = Harvest(crawl)
    waiting = iter(rows)
    lost = 0

    async def work() -> None:
        nonlocal lost
        for row_id in waiting:
            fresh = await read_row(crawl, harvest, workers, row_id)
            lost += any(fresh_id == row_id for _, fresh_id in fresh or ())

    await asyncio.gather(*(work() for _ in range(2 * crawl.settings.workers)))
    return lost
