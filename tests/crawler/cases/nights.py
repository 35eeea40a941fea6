"""A small world that many cases share, and its nights: each is crawled when a test first asks for it, those before it first.

So no test needs another, none waits for more nights than its own, and whatever a night was is kept as it stood then.
"""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from luciole.article import Article
from luciole.database import Database
from luciole.runs import RunLog
from luciole.standing import Standing
from luciole.store import ArticleStore
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.web import Reply, Web, conditional, post, rss

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True)
class Night:
    """One crawl: its report, what the servers saw of it, and the record as it then was."""

    day: float
    report: dict[str, Any]
    log: list[tuple[float, str, str, dict[str, str]]]
    articles: tuple[Article, ...]
    removed: tuple[Article, ...]
    revision: int
    standings: dict[str, Standing]
    successes: dict[str, Any]

    def asked(self, host: str) -> list[str]:
        return [path for _, name, path, _ in self.log if name == host]

    def times(self, host: str, *paths: str) -> list[float]:
        """When the server saw the requests of a host, in seconds; for these paths only, if there are any."""
        return [at for at, name, path, _ in self.log if name == host and (not paths or path in paths)]

    def gaps(self, host: str, *paths: str) -> list[float]:
        return [later - earlier for earlier, later in itertools.pairwise(self.times(host, *paths))]

    def headers(self, host: str, path: str) -> list[dict[str, str]]:
        return [headers for _, name, asked, headers in self.log if (name, asked) == (host, path)]

    def outcome(self, host: str) -> dict[str, Any]:
        found: dict[str, Any] = self.report["outcomes"][host]
        return found

    def state(self, host: str) -> tuple[str, str]:
        one = self.outcome(host)
        return one["state"], one["cause"]

    def titles(self, host: str) -> list[str]:
        return sorted(one.title for one in self.articles if one.source_id == host)


class Nights:
    """The world and its nights. `change(day)` says what becomes of the world before the night of that day."""

    def __init__(self, web: Web, driver: ForkDriver) -> None:
        self.web, self.driver = web, driver
        self._days: dict[float, list[Callable[[], None]]] = {}
        self._nights: dict[float, Night] = {}
        self._broken: BaseException | None = None

    @property
    def store_path(self) -> Path:
        return self.driver.data / "luciole.db"

    def change(self, day: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """A decorator of what is to be done before the night of that day."""

        def keep(what: Callable[[], None]) -> Callable[[], None]:
            self._days.setdefault(day, []).append(what)
            return what

        return keep

    def plan(self, *days: float) -> None:
        """Nights before which nothing need change."""
        for day in days:
            self._days.setdefault(day, [])

    def __getitem__(self, day: float) -> Night:
        if self._broken is not None:
            raise self._broken
        assert day in self._days, f"no night of day {day} is planned"
        for one in sorted(self._days):
            if one <= day and one not in self._nights:
                try:
                    self._nights[one] = self._crawl(one)
                except BaseException as error:
                    self._broken = error
                    raise
        return self._nights[day]

    def _crawl(self, day: float) -> Night:
        for what in self._days[day]:
            what()
        seen = len(self.web.log)
        report = self.driver.crawl(days_later=day)
        assert "outcomes" in report, report
        assert "Traceback" not in report["stderr"], report["stderr"]
        store = ArticleStore.open(self.store_path)
        try:
            every = list(store.changes_since(0))
            return Night(
                day=day,
                report=report,
                log=self.web.log[seen:],
                articles=tuple(one for one in every if not one.is_tombstone),
                removed=tuple(one for one in every if one.is_tombstone),
                revision=store.revision(),
                standings={source["id"]: store.standing(source["id"]) for source in self.driver.sources},
                successes=RunLog(store.database).last_success(),
            )
        finally:
            store.close()

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """What the crawler's own tables hold now: after the last night that was crawled, or whatever another process is writing."""
        database = Database(self.store_path)
        try:
            return database.all(sql, *parameters)
        finally:
            database.close()

    # -- the furniture of a world ------------------------------------------------------------------------------------------------

    def blog(self, host: str, *names: str, full: bool = True, **keys: Any) -> None:
        """A listed blog whose feed has these posts, whole or in summaries; its other answers are its `web.pages`."""
        self.web.pages[host] = {"/feed": self.feed(host, *names, full=full), **{f"/{name}": page(name) for name in names}}
        self.driver.source(host, **{"feeds": [self.web.url(host, "/feed")]} | keys)

    def feed(self, host: str, *names: str, full: bool = True) -> Reply:
        """Without anything to recognise it by."""
        return xml(rss([(title(name), self.web.url(host, f"/{name}")) for name in names], full=full))

    def known_feed(self, host: str, *names: str, full: bool = True, etag: str = '"1"') -> Any:
        """The same with an ETag, answering 304 to it."""
        return conditional(str(self.feed(host, *names, full=full).body), etag)


def title(name: str) -> str:
    return f"Le {name} et la lumière"


def titles(*names: str) -> list[str]:
    return sorted(map(title, names))


def home(head: str = "", body: str = "") -> Reply:
    return Reply(f'<html lang="fr"><head><title>Un blog</title>{head}</head><body class="home">{body}</body></html>')


def page(name: str) -> Reply:
    return Reply(post(title(name)))


def sitemap(*addresses: str) -> Reply:
    places = "".join(f"<url><loc>{one}</loc></url>" for one in addresses)
    return Reply(f'<urlset xmlns="{SITEMAPS}">{places}</urlset>', kind="text/xml")


def xml(body: str, **headers: str) -> Reply:
    return Reply(body, kind="application/rss+xml", headers=headers)


def text(body: str | bytes, status: int = 200, **headers: str) -> Reply:
    return Reply(body, status, "text/plain", headers)


def hop(target: str, status: int = 301) -> Reply:
    return Reply(status=status, headers={"Location": target})


class Held:
    """An answer that does not come until it is let go."""

    def __init__(self, then: Reply) -> None:
        self.asked, self.go, self._then = threading.Event(), threading.Event(), then

    def __call__(self, headers: Mapping[str, str]) -> Reply:
        self.asked.set()
        self.go.wait(20)
        return self._then


@contextmanager
def world(forks: Forks, **limits: Any) -> Iterator[Nights]:
    """An empty world, with the limits of its nights."""
    data = Path(mkdtemp())
    web = Web()
    # The posts of these worlds grow old as the years go by: none of their blogs has fallen silent.
    limits = {"quiet_after": timedelta(days=36_500)} | limits
    try:
        yield Nights(web, ForkDriver(web, data, limits=limits, forks=forks))
    finally:
        web.close()
        shutil.rmtree(data)
