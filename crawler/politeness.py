"""How we behave on other people's servers: every limit, who shares a queue with whom, and how we introduce ourselves.

Owns the numbers (`CrawlLimits`) and the pure rules drawn from them. It refuses to know Scrapy's machinery: `spider_settings` turns these
values into its settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

from luciole.settings import Settings
from luciole.sources import Source
from luciole.urls import authority

SHARED_PLATFORMS = (
    "hypotheses.org",
    "blogspot.com",
    "over-blog.com",
    "overblog.com",
    "substack.com",
    "medium.com",
    "wordpress.com",
    "canalblog.com",
    "cafe-sciences.org",
)
"""Hosts under which many blogs live on the same machines: all their sub-domains wait in one queue."""

BOT = "LucioleBot"
"""The name that a robots.txt may address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlLimits:
    """Every duration (seconds or `timedelta`), size (bytes) and count that bounds a night. The defaults are those of a real night."""

    delay: float = 1.0
    platform_delay: float = 2.0
    mapped_delay: float = 0.0
    crawl_delay_max: float = 30.0
    timeout: float = 20.0
    page_bytes: int = 5_000_000
    feed_bytes: int = 15_000_000
    robots_bytes: int = 500 * 1024
    head_bytes: int = 128 * 1024
    url_length: int = 2083
    retries: int = 2
    redirects: int = 5
    tries: int = 3
    concurrency: int = 128
    window: int = 64  # rows of one source in memory
    unwell_after: int = 5  # requests in a row without an answer, after which a blog is left alone for the night
    night: float = 2 * 3600.0
    memory_mb: int = 1500
    retry_after_wait: float = 60.0
    slow_down: float = 30.0
    next_night: timedelta = timedelta(hours=20)
    robots_age: timedelta = timedelta(hours=24)
    forbidden_for: timedelta = timedelta(days=30)
    feed_failures: int = 3
    no_feed_age: timedelta = timedelta(days=7)
    feed_candidates: int = 12
    feed_entries: int = 200  # writing down more would hold up the fetching for a tenth of a second
    home_links: int = 60
    # one parse
    parse_timeout: float = 10.0
    parse_memory: int = 2 * 1024**3
    page_links: int = 200
    sitemap_bytes: int = 15_000_000
    sitemap_addresses: int = 50_000
    # archives
    backfill_pages: int = 2000  # of one source in one night; 0: no archive is gathered
    backfill_depth: int = 5
    backfill_addresses: int = 3000
    backfill_barren: int = 3
    backfill_again: timedelta = timedelta(days=90)
    # full-text feeds
    full_samples: int = 3
    full_again: timedelta = timedelta(days=7)
    # known articles
    recheck_after: timedelta = timedelta(days=60)
    recheck_spread: timedelta = timedelta(days=30)
    rechecks: int = 100  # of one source in one night
    missing_looks: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
    closed_looks: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
    mass_missing: float = 0.3
    mass_sample: int = 9
    # robots.txt
    robots_kept: timedelta = timedelta(days=30)
    # sources that fail, move or fall silent
    weekly_after: timedelta = timedelta(days=7)
    dormant_after: timedelta = timedelta(days=60)
    quiet_after: timedelta = timedelta(days=365)
    weekly: timedelta = timedelta(days=7)
    dormant_visits: timedelta = timedelta(days=30)
    moved_nights: int = 3


class Politeness:
    """Which queue an address waits in, and how fast each queue may go."""

    def __init__(self, limits: CrawlLimits, host_map: Mapping[str, str], sources: Iterable[Source] = ()) -> None:
        self.limits = limits
        self._mapped_hosts = {name.partition(":")[0] for name in host_map}
        self._asked: dict[str, float] = {}
        for source in sources:
            if source.delay is not None:
                for name in source.hosts:
                    lane = self.lane_name(f"http://{name}/")
                    self._asked[lane] = max(self._asked.get(lane, 0.0), source.delay)

    def lane_name(self, url: str) -> str:
        """The queue of an address: its host without `www.`, or the platform that hosts it."""
        host = (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
        return next((platform for platform in SHARED_PLATFORMS if host == platform or host.endswith(f".{platform}")), host)

    def pace(self, lane: str) -> float:
        """Seconds between two requests of a queue, at least: what the list asks for the blog, never less than a shared platform's pace."""
        if lane in self._mapped_hosts:
            return self._asked.get(lane, self.limits.mapped_delay)
        if lane in SHARED_PLATFORMS:
            return max(self.limits.platform_delay, self._asked.get(lane, 0.0))
        return self._asked.get(lane, self.limits.delay)


def same_site(one: str, other: str) -> bool:
    """Whether two authorities belong to one owner: the same host (`www.` aside), or the same registrable domain.

    Two blogs of a shared platform, two names that no public suffix covers (`a.localhost`, `b.localhost`) have different owners.
    """
    return _site(one) == _site(other)


def twin(name: str) -> str:
    """The other spelling of an authority: with `www.` when it has none, without when it has."""
    return name.removeprefix("www.") if name.startswith("www.") else f"www.{name}"


def allowed_authorities(source: Source, allies: Iterable[str] = ()) -> frozenset[str]:
    """Where pages of this source may be fetched: its own hosts, those its feed or home moved to, and their `www.` twins."""
    names = {*source.hosts, *allies}
    return frozenset(names | {twin(name) for name in names})


def may_redirect(source: Source, url: str) -> bool:
    """Whether a redirect to `url` stays with the owner of this source."""
    return any(same_site(authority(url), own) for own in source.hosts)


def user_agent(settings: Settings) -> str:
    """Who we are, where to read about us and whom to write to."""
    about = [f"+{settings.base_url}/robot"] if settings.base_url else []
    return f"{BOT}/0.1 ({'; '.join([*about, settings.contact or 'demonstration on loopback'])})"


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    """The public suffix list that comes with the library: never fetched, never written to disk."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=10_000)
def _site(name: str) -> str:
    host = name.removeprefix("www.")
    if any(host.partition(":")[0].endswith(f".{platform}") for platform in SHARED_PLATFORMS):
        return host
    found = _suffixes()(host)
    return f"{found.domain}.{found.suffix}" if found.suffix and found.domain else host
