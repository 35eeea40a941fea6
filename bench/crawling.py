"""What crawling costs, compared to a bare Scrapy spider with the same politeness that asks for the same and parses nothing.

Owns the runs, each in a process of its own on data of its own, and the lines that they make. A wall clock runs from the first request in
the server's log to the end of the process, for both alike: nothing that is left to do after the last request is forgiven, and what Python
takes to load is said in a line of its own. Bounds are on ratios and counts, never on seconds. Walls are worth reading on an idle machine
only: the share of its processors that went to others, the server included, is told with each run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from rich.table import Table

from bench.blogosphere import FEED, PAGE, ROBOTS, Blogosphere
from bench.usage import Usage, busy
from bench.web import Log, Server, etag_of, serving
from crawler.frontier import Frontier
from crawler.politeness import CrawlLimits
from luciole.registry import Registry
from luciole.store import ArticleStore

WORKERS: Final = 2
_ROOT: Final = Path(__file__).parents[1]
_NO_ARCHIVES: Final = {"backfill_pages": 0, "full_samples": 0}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured: `blogs` of `pages` pages each, asked for `delay` seconds apart; `unchanged` blogs; `archived` pages of so many
    `archives`."""

    blogs: int
    pages: int
    unchanged: int
    archived: int
    archives: int = 20
    delay: float = 1.0


FULL: Final = Sizes(blogs=200, pages=9, unchanged=1000, archived=3000)
QUICK: Final = Sizes(blogs=30, pages=3, unchanged=100, archived=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process that was measured. `began` is when it sent its first request (or, where it sends none, when all was loaded), `ended` when
    it was over, in seconds since it was started. `rate` is how many bodies it read a second while all of its workers were at it."""

    began: float
    ended: float
    rate: float | None
    used: Usage
    log: Log

    @property
    def wall(self) -> float:
        """Seconds from the first request to the end of the process."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table; one without figures is a heading. `bound` is what the ratio is to keep to, or ours where there is none."""

    what: str
    ours: str = ""
    other: str = ""
    ratio: str = ""
    bound: str = ""
    holds: bool | None = None


def measure(sizes: Sizes, directory: Path, say: Say) -> Iterator[Line]:
    """Every line, as it comes. `directory` is empty and takes some hundred megabytes."""
    yield from _politely(sizes, directory, say)
    yield from _full_text(sizes, directory, say)
    yield from _unchanged(sizes, directory, say)
    yield from _archives(sizes, directory, say)


def as_table(title: str, lines: Iterator[Line]) -> Table:
    """The lines for a terminal."""
    table = Table(title=title, title_justify="left")
    for heading in ("what", "ours", "compared", "ratio", "bound", "holds"):
        table.add_column(heading, justify="left" if heading == "what" else "right", overflow="fold")
    for line in lines:
        if not line.ours:
            table.add_section()
        verdict = "" if line.holds is None else "yes" if line.holds else "NO"
        table.add_row(line.what if not line.ours else f"  {line.what}", line.ours, line.other, line.ratio, line.bound, verdict)
    return table


# -- the lines -----------------------------------------------------------------------------------------------------------------------


def _politely(sizes: Sizes, directory: Path, say: Say) -> Iterator[Line]:
    """Many blogs at the pace of a real night: the fetch step alone, then with everything read."""
    blogs = Blogosphere(blogs=sizes.blogs, posts=sizes.pages, listed=sizes.pages, words=400)
    limits = {"mapped_delay": sizes.delay} | _NO_ARCHIVES
    with serving(blogs) as server:
        bench = Bench(server, blogs, say)
        bare = bench.bare([*_feeds_then_pages(blogs)], sizes.delay)
        bench.seed(directory / "fetched")
        ours = bench.own("fetch step alone", "fetch", directory / "fetched", limits)
        parsed = bench.own("parse step alone", "parse", directory / "fetched", limits)
        whole = bench.own("fetched and parsed", "crawl", directory / "whole", limits)
    name = f"{sizes.blogs} blogs x {sizes.pages + 2} requests, {sizes.delay:g} s apart"
    yield Line(what=f"{name}: fetch step alone, to the bare spider")
    yield from _compared(ours, bare, wall=1.15, cpu=2.0)
    memory = ours.used.rss
    yield Line(what="memory, MB", ours=f"{memory:.0f}", other=f"{bare.used.rss:.0f}", bound="< 200 MB", holds=memory < 200)
    yield Line(what=f"{name}: parsing on, to the larger of fetch alone ({ours.wall:.1f} s) and parse alone ({parsed.wall:.1f} s)")
    yield _ratio("wall, s", whole.wall, max(ours.wall, parsed.wall), 1.2)
    yield _same_requests(whole, bare)
    yield _processors(whole)


def _full_text(sizes: Sizes, directory: Path, say: Say) -> Iterator[Line]:
    """Feeds that carry whole posts, and no page fetched: the same posts in one feed, then spread over as many feeds as there were pages."""
    posts = sizes.pages + 1
    for each in (1, posts):
        blogs = Blogosphere(blogs=sizes.blogs, posts=posts, listed=posts, words=400, feeds_each=each, full=True, themed=False)
        with serving(blogs) as server:
            bench = Bench(server, blogs, say)
            bare = bench.bare([*_feeds(blogs)], sizes.delay)
            ours = bench.own("fetched and parsed", "crawl", directory / f"full-{each}", {"mapped_delay": sizes.delay} | _NO_ARCHIVES)
        feeds = f"one full-text feed of {posts} posts" if each == 1 else f"{each} full-text feeds of one post"
        yield Line(what=f"{sizes.blogs} blogs x (robots.txt + {feeds}), {sizes.delay:g} s apart: parsing on, to the bare spider")
        yield from _compared(ours, bare, wall=1.15)
        yield _processors(ours)


def _unchanged(sizes: Sizes, directory: Path, say: Say) -> Iterator[Line]:
    """The second night of blogs in which nothing changed. The first one, not measured, reads feeds and archives."""
    blogs = Blogosphere(blogs=sizes.unchanged, posts=3, listed=3, words=60, full=True, themed=False)
    data, count = directory / "unchanged", sizes.unchanged
    with serving(blogs) as server:
        bench = Bench(server, blogs, say)
        bench.own("first night", "crawl", data, {"full_samples": 0})
        ours = bench.own("second night", "crawl", data, {}, days_later=1)
        bare = bench.bare([*_feeds(blogs, known=True)], 0.0)
    mine, others = ours.log.kinds(), bare.log.kinds()
    rest = mine.total() - mine[FEED] - mine[ROBOTS]
    kept = mine[FEED] == ours.log.kinds(304)[FEED] == count
    yield Line(what=f"a night of {count:,} unchanged blogs, to the bare spider")
    yield Line(what="feeds asked for, all unchanged", ours=f"{mine[FEED]:,}", other=f"{others[FEED]:,}", bound=f"= {count:,}", holds=kept)
    robots = mine[ROBOTS]
    yield Line(what="robots.txt asked for", ours=f"{robots:,}", other=f"{others[ROBOTS]:,}", bound=f"≤ {count:,}", holds=robots <= count)
    yield Line(what="other requests", ours=f"{rest:,}", bound="= 0", holds=rest == 0)
    yield _ratio("CPU of the fetching process, s", ours.used.cpu, bare.used.cpu, 3.0)
    yield _ratio("wall, s", ours.wall, bare.wall)


def _archives(sizes: Sizes, directory: Path, say: Say) -> Iterator[Line]:
    """Whole archives without any delay: what a second worker brings."""
    blogs = Blogosphere(blogs=sizes.archives, posts=sizes.archived // sizes.archives, listed=5)
    runs = {}
    with serving(blogs) as server:
        bench = Bench(server, blogs, say)
        for workers in (1, 2):
            data = directory / f"archives-{workers}"
            runs[workers] = bench.own(f"back-fill, workers: {workers}", "crawl", data, {"full_samples": 0}, workers=workers)
    pages = {workers: run.log.kinds(200)[PAGE] for workers, run in runs.items()}
    one, two = (runs[workers].rate or 0.0 for workers in (1, 2))
    yield Line(what=f"archives of {sizes.archived:,} pages in all, {sizes.archives} blogs, no delay: two workers, to one")
    whole = pages[1] == pages[2] == sizes.archived
    yield Line(what="pages", ours=f"{pages[2]:,}", other=f"{pages[1]:,}", bound=f"= {sizes.archived:,}", holds=whole)
    yield Line(
        what="pages read a second", ours=f"{two:.1f}", other=f"{one:.1f}", ratio=f"{two / one:.2f}", bound="≥ 1.60", holds=two >= 1.6 * one
    )
    yield Line(what="wall, s", ours=f"{runs[2].wall:.1f}", other=f"{runs[1].wall:.1f}")
    yield _processors(runs[2])


def _compared(ours: Run, bare: Run, *, wall: float, cpu: float | None = None) -> Iterator[Line]:
    yield _ratio("wall, s", ours.wall, bare.wall, wall)
    yield _ratio("wall, loading included, s", ours.ended, bare.ended)
    yield _ratio("first to last request, s", ours.log.span, bare.log.span)
    yield _same_requests(ours, bare)
    yield Line(what="smallest gap at one host, s", ours=f"{ours.log.smallest_gap():.2f}", other=f"{bare.log.smallest_gap():.2f}")
    yield _ratio("CPU of the fetching process, s", ours.used.cpu, bare.used.cpu, cpu)


def _same_requests(ours: Run, bare: Run) -> Line:
    mine, others = (sorted((one.host, one.path) for one in run.log.requests) for run in (ours, bare))
    return Line(what="requests, the same ones", ours=f"{len(mine):,}", other=f"{len(others):,}", bound="equal", holds=mine == others)


def _processors(run: Run) -> Line:
    return Line(what="CPU, fetching process + workers, s", ours=f"{run.used.cpu:.1f} + {run.used.workers:.1f}")


def _ratio(what: str, ours: float, other: float, bound: float | None = None) -> Line:
    ratio, holds = ours / other, None if bound is None else ours <= bound * other
    shown = "" if bound is None else f"≤ {bound:.2f}"
    return Line(what=what, ours=f"{ours:.1f}", other=f"{other:.1f}", ratio=f"{ratio:.2f}", bound=shown, holds=holds)


# -- the runs ------------------------------------------------------------------------------------------------------------------------


class Bench:
    """Runs crawls of some blogs, one at a time, and says how each went."""

    def __init__(self, server: Server, blogs: Blogosphere, say: Say) -> None:
        self._server, self._blogs, self._say = server, blogs, say

    def seed(self, data: Path) -> None:
        """Put every page into the frontier of an empty store, for a crawl that does not read the feeds that name them."""
        with closing(ArticleStore.open(data / "luciole.db")) as store:
            store.sync_sources(Registry(self._blogs.sources(), Path("sources.yaml")))
            frontier = Frontier(store.database)
            with store.transaction():
                for blog, source in enumerate(self._blogs.sources()):
                    for url in self._blogs.pages(blog):
                        frontier.add(source.id, "article", url, from_feed=True)

    def own(self, name: str, what: str, data: Path, limits: dict[str, Any], *, workers: int = WORKERS, days_later: int = 0) -> Run:
        """One of ours; `what` as `bench.own_crawl` takes it."""
        job = {"what": what, "data": str(data), "blogs": self._blogs.to_json(), "port": self._server.port, "limits": limits}
        return self._run(name, "bench.own_crawl", job | {"workers": workers, "days_later": days_later})

    def bare(self, urls: list[tuple[str, str | None]], delay: float) -> Run:
        """The yardstick, over these addresses and the validators that it knows."""
        job = {"urls": urls, "host_map": self._blogs.host_map(self._server.port), "delay": delay}
        return self._run("bare spider", "bench.bare_spider", job | {"concurrency": CrawlLimits().concurrency})

    def _run(self, name: str, module: str, job: dict[str, Any]) -> Run:
        self._server.log()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LUCIOLE_")}
        started, before = monotonic(), busy()
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-m", module], input=json.dumps(job), capture_output=True, text=True, cwd=_ROOT, env=environment
        )
        ended, spent = monotonic() - started, busy() - before
        if done.returncode:
            raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr}")
        log, told = self._server.log(), json.loads(done.stdout.splitlines()[-1])
        began = log.requests[0].at if log.requests else told["loaded"]
        run = Run(began=began - started, ended=ended, rate=told.get("rate"), used=Usage(**told["used"]), log=log)
        used = f"CPU {run.used.cpu:.1f} s, workers {run.used.workers:.1f} s, {run.used.rss:.0f} MB"
        rest = (spent - run.used.cpu - run.used.workers) / ended / len(os.sched_getaffinity(0))
        self._say(f"{self._blogs.blogs} blogs, {name}: {len(log.requests):,} requests in {ended:.1f} s; {used}; others {rest:.0%}")
        if done.stderr.strip():
            self._say(done.stderr.strip())
        return run


def _feeds(blogs: Blogosphere, *, known: bool = False) -> Iterator[tuple[str, str | None]]:
    """The feeds, a first one of every blog before any second one; with the validators of a visit before when they are `known`."""
    for feeds in zip(*(blogs.feeds(blog) for blog in range(blogs.blogs)), strict=True):
        for blog, url in enumerate(feeds):
            yield url, etag_of(blogs.host(blog), "/" + url.rpartition("/")[2]) if known else None


def _feeds_then_pages(blogs: Blogosphere) -> Iterator[tuple[str, str | None]]:
    """The feeds, then a first page of every blog before any second one."""
    yield from _feeds(blogs)
    for pages in zip(*(blogs.pages(blog) for blog in range(blogs.blogs)), strict=True):
        for url in pages:
            yield url, None
