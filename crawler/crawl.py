"""One crawl: the things that its parts work with, put together once and handed to each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.archives import Archives
from crawler.frontier import Frontier
from crawler.guard import Guard
from crawler.memory import Memory
from crawler.politeness import SHARED_PLATFORMS, CrawlLimits, Politeness
from crawler.progress import Progress
from crawler.raw import RawBodies
from crawler.tally import Tally
from luciole.settings import Settings
from luciole.sources import Source
from luciole.store import ArticleStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """Everything of one crawl. `sources` are those to visit, by id; `began` is when the run began, which may be before this process."""

    sources: Mapping[str, Source]
    settings: Settings
    limits: CrawlLimits
    guard: Guard
    politeness: Politeness
    store: ArticleStore
    raw: RawBodies
    frontier: Frontier
    memory: Memory
    archives: Archives
    tally: Tally
    progress: Progress
    now: Callable[[], datetime]
    began: datetime

    def neighbours(self, source_id: str, url: str) -> tuple[str, ...]:
        """The sources that share the queue of this address of a source, itself included: all those of a shared platform."""
        lane = self.politeness.lane_name(url)
        if lane not in SHARED_PLATFORMS:
            return (source_id,)
        others = (
            one.id for one in self.sources.values() if any(self.politeness.lane_name(f"http://{host}/") == lane for host in one.hosts)
        )
        return tuple(dict.fromkeys((source_id, *others)))
