"""One crawl: the things that its parts work with, put together once and handed to each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.frontier import Frontier
from crawler.guard import Guard
from crawler.memory import Memory
from crawler.politeness import CrawlLimits, Politeness
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
    tally: Tally
    progress: Progress
    now: Callable[[], datetime]
    began: datetime
