"""What is written down alike wherever it comes from: posts seen, pages to fetch, pages to look at again.

Owns the common part of every reading: the sighting told to the store with its authors spelt as ever, the count of what readers will see,
and whether an address may be fetched at all. To be called inside the transaction of the reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.authors import author_key, one_spelling
from crawler.crawl import Crawl
from crawler.parsed import Entry
from crawler.politeness import allowed_authorities
from crawler.robots_rules import RobotsRules, origin_of
from crawler.row import POST
from crawler.tally import Count
from luciole.article import Sighting
from luciole.sources import Source
from luciole.store import Recorded
from luciole.urls import authority, url_key

Fresh = list[tuple[str, int]]
"""Addresses that came up and are to be fetched, with the ids of their rows."""


NOT_A_POST = "ce n’est pas un article"
"""Why a page that a feed named is taken out when nothing at all speaks for its being a post."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the entries of a feed: how many count, how many were unknown before, and the pages to fetch."""

    found: int
    new: int
    fresh: Fresh


class Ledger:
    """Writes down what every kind of reading brings."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._searchable: dict[str, bool] = {}

    def record(self, sighting: Sighting) -> Recorded | None:
        """Tell the store, and count what readers will see: an article new in this run stays new when its page improves it."""
        try:
            if self._unsearchable(sighting.url):
                sighting = replace(sighting, noindex=True)
            recorded = self._crawl.store.record(self._spelt(sighting))
        except ValueError:
            return None  # an address that is none
        count = Count(new=1) if recorded.change == "new" else Count()
        if recorded.change == "updated":
            article = self._crawl.store.article(recorded.article_id)
            count = Count(updated=1) if article is None or article.first_seen < self._crawl.began else Count()
        self._crawl.tally.add(sighting.source_id, count)
        return recorded

    def entries(self, source: Source, entries: Iterable[Entry], *, full: bool, samples: int = 0, priority: int = POST) -> Written:
        """Write down the entries of a feed or an interface, and have the pages fetched that are still needed.

        `full`: the texts of this feed are whole where they look so, so that their pages are only watched; `samples` of them are fetched
        all the same, to be measured.
        """
        allowed = self.allowed(source)
        found = new = 0
        fresh: Fresh = []
        for entry in entries:
            url = entry.sighting.url
            if not source.admits(url):
                continue
            found += 1
            # A text that is known to be cut must not take the place of the page's.
            recorded = self.record(entry.sighting if full or not entry.complete else replace(entry.sighting, text_basis="summary"))
            new += recorded is not None and recorded.change == "new"
            if source.type == "podcast" or not self.fetchable(allowed, url):
                continue
            if recorded is not None and recorded.change == "unchanged":
                self._doubt(source, recorded.article_id, url)
            sampled = entry.complete and samples > 0 and not self._crawl.frontier.knows(source.id, "article", url)
            samples -= sampled
            if sampled or not (entry.complete and full):
                fresh += self.page(source, url, from_feed=True, priority=priority)
            else:
                self.watch(source, url)
        return Written(found, new, fresh)

    def _doubt(self, source: Source, article_id: str, url: str) -> None:
        """A feed names a post that was taken out: only its page can bring it back, and it is worth a look now and then."""
        article = self._crawl.store.article(article_id)
        if article is not None and article.gone_at is not None and article.gone_why != NOT_A_POST:
            self._crawl.frontier.known.look_once(source.id, url, before=self._crawl.now() - self._crawl.limits.missing_looks[-1])

    def page(self, source: Source, url: str, *, from_feed: bool, priority: int = POST, given_up_before: datetime | None = None) -> Fresh:
        """Have the page of a post fetched, unless it ever was; one that was given up before then is tried again."""
        added = self._crawl.frontier.add(
            source.id, "article", url, from_feed=from_feed, priority=priority, now=self._crawl.now(), given_up_before=given_up_before
        )
        return [(url, added)] if added is not None else []

    def watch(self, source: Source, url: str) -> None:
        """The post is whole without its page: look at it in two or three months."""
        self._crawl.frontier.known.watch(source.id, url, self.check_day(url, self._crawl.now()))

    def check_day(self, url: str, seen: datetime) -> datetime:
        """When a page seen at `seen` is to be looked at again: spread by its address, so that no night has them all."""
        limits = self._crawl.limits
        share = int.from_bytes(hashlib.sha256(url_key(url).encode()).digest()[:4]) / 2**32
        return seen + limits.recheck_after + timedelta(seconds=share * limits.recheck_spread.total_seconds())

    def allowed(self, source: Source) -> frozenset[str]:
        """Where pages of a source may be fetched."""
        return allowed_authorities(source, self._crawl.memory.allies(source.id))

    def fetchable(self, allowed: frozenset[str], url: str) -> bool:
        """Whether an address found in a feed or a page may become a row: our own hosts, harmless, of a sane length."""
        try:
            return authority(url) in allowed and len(url) <= self._crawl.limits.url_length and self._crawl.guard.check(url) is None
        except ValueError:
            return False

    def _unsearchable(self, url: str) -> bool:
        """Whether the robots.txt of this address says `search=no`: its pages may be read, and not found in a search."""
        origin = origin_of(url)
        if origin not in self._searchable:
            copy = self._crawl.memory.robots(origin)
            if copy is None:
                return False  # a host that was never asked for anything
            self._searchable[origin] = RobotsRules.read(copy.status, copy.body, limit=self._crawl.limits.robots_bytes).indexable
        return not self._searchable[origin]

    def _spelt(self, sighting: Sighting) -> Sighting:
        """The sighting with each author spelt in the one way that this source has for them."""
        if not sighting.authors:
            return sighting
        known = self._crawl.memory.spellings(sighting.source_id)
        names = one_spelling(sighting.authors, known)
        for name in names:
            if known.get(author_key(name)) != name:
                self._crawl.memory.spell(sighting.source_id, author_key(name), name)
        return replace(sighting, authors=names)


def unique(urls: Sequence[str] | Iterable[str]) -> list[str]:
    """Addresses without repeats (two that share a key are one) and without what is no address, in order."""
    found: dict[str, str] = {}
    for url in urls:
        try:
            found.setdefault(url_key(url), url)
        except ValueError:
            continue
    return list(found.values())
