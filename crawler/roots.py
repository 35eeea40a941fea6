"""What a night begins with: feeds and home pages, and what they lead to.

Owns the rules of a feed read (its entries written down, the pages that are still needed, whether it still is the blog that was registered)
and of a home page (a feed looked for, else its links). To be called inside the transaction of the reading.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.backfilling import SITE, Backfill
from crawler.crawl import Crawl
from crawler.fullness import verdict
from crawler.ledger import Fresh, Ledger, unique
from crawler.memory import Validators
from crawler.moves import seen
from crawler.parsed import Entry, ParsedFeed, ParsedHome
from crawler.politeness import allowed_authorities
from crawler.row import PERMANENT, Answer, Row, Trail
from crawler.takeover import Entry as Look
from crawler.takeover import frozen_why, suspicion
from crawler.tally import Count
from luciole.article import Article, Sighting
from luciole.marks import unmarked
from luciole.sources import Source
from luciole.urls import authority, url_key

_LATEST = 20
"""Articles that new entries are compared with."""

_ALL_NEW = 5
"""Entries of a feed that, all unknown at once, mean that others came and went unseen between two nights."""

_CHURNED = "flux : plus de la moitié de ses billets sont anciens et inconnus, leurs adresses et leurs identifiants ont dû changer"


class Roots:
    """Reads feeds and home pages."""

    def __init__(self, crawl: Crawl, ledger: Ledger, backfill: Backfill) -> None:
        self._crawl, self._ledger, self._backfill = crawl, ledger, backfill

    def read_feed(self, row: Row, answer: Answer, feed: ParsedFeed) -> Fresh:
        """A feed of the night was read: its entries, and then the archive."""
        source = self._crawl.sources[row.source_id]
        entries = [entry for entry in feed.entries if source.admits(entry.sighting.url)]
        new = [entry for entry in entries if self._crawl.store.find(source.id, entry.sighting.url) is None]
        if new and self._is_strange(source, feed.title, entries, new):
            self._crawl.frontier.done(row.id)
            return []
        self.answered(row, answer.url, permanent=PERMANENT in answer.headers)
        if not source.feeds:
            self._crawl.memory.remember_feed(source.id, row.url, answer.at)
        if len(new) == len(entries) >= _ALL_NEW and self._crawl.memory.has_named(source.id, row.url_key):
            self._crawl.archives.miss(source.id)
        aged = self._aged(source, new)
        full, samples = self._fullness(source)
        written = self._ledger.entries(source, entries, full=full, samples=samples)
        reviewed = self._crawl.memory.frozen_on(source.id) is not None  # a curator has just looked at what is new
        churned = len(entries) >= _ALL_NEW and 2 * min(written.new, aged) > len(entries) and not reviewed
        self._crawl.tally.add(source.id, Count(found=written.found, cause=_CHURNED if churned else ""))
        keys = {url_key(url) for entry in entries for url in (entry.sighting.url, *entry.sighting.also)}
        self._crawl.memory.name_all(source.id, row.url_key, keys)
        self._crawl.memory.validate(row, validators(answer))
        self._crawl.frontier.done(row.id)
        return written.fresh + self._backfill.begin(source)

    def read_feed_again(self, row: Row, feed: ParsedFeed) -> Fresh:
        """The kept body of a feed was read once more: its texts may have become better. It says nothing of tonight."""
        source = self._crawl.sources[row.source_id]
        full, _ = self._fullness(source)
        written = self._ledger.entries(source, feed.entries, full=full)
        self._crawl.frontier.done(row.id)
        return written.fresh

    def unchanged(self, row: Row, url: str, known: Validators, *, permanent: bool) -> Fresh:
        """A feed or a home answered that nothing changed since it was last read; `known` is what identifies it now."""
        self._crawl.memory.validate(row, known)
        self.answered(row, url, permanent=permanent)
        self._crawl.frontier.done(row.id)
        return self._backfill.begin(self._crawl.sources[row.source_id])

    def read_home(self, row: Row, answer: Answer, home: ParsedHome) -> Fresh:
        """A home page was read: for what it says of the site, and where the blog has no feed listed, for one."""
        source, limits = self._crawl.sources[row.source_id], self._crawl.limits
        self._backfill.learn(source, answer.url, home)
        self._ally(row, answer.url)
        if row.lead is not None and row.lead.strategy == SITE:
            self._crawl.frontier.done(row.id)
            return self._backfill.begin(source)
        allowed = self._ledger.allowed(source)
        known = self._crawl.memory.found_feed(source.id)
        looked_lately = known is not None and known.url is None and answer.at - known.at < limits.no_feed_age
        candidates = (*home.announced, *(() if looked_lately else home.guesses))
        feeds = [url for url in unique(candidates) if self._ledger.fetchable(allowed, url)][: limits.feed_candidates]
        links = [url for url in unique(home.links) if self._ledger.fetchable(allowed, url) and source.admits(url)]
        links = [url for url in links if url_key(url) not in {url_key(source.url), url_key(answer.url)}][: limits.home_links]
        if links and not any(self._ledger.fetchable(allowed, url) for url in home.announced):
            self._crawl.memory.validate(row, validators(answer))  # the next night, an unchanged page has nothing more to say
        self._crawl.frontier.done(row.id)
        trail = Trail(feeds=tuple(feeds), links=() if source.type == "podcast" else tuple(links))
        return self.next_candidate(source.id, trail, keep_date=looked_lately)

    def site_unread(self, row: Row) -> Fresh:
        """The home page could not be read: the archive is looked for without what it would have said."""
        source = self._crawl.sources[row.source_id]
        self._backfill.learn(source, source.url, ParsedHome())
        return self._backfill.begin(source)

    def next_candidate(self, source_id: str, trail: Trail, *, keep_date: bool = False) -> Fresh:
        """Try the next address where a feed may be; when none is left, the blog has no feed and its home's links must do."""
        source = self._crawl.sources[source_id]
        if trail.feeds:
            url, *others = trail.feeds
            added = self._crawl.frontier.add(source_id, "feed", url, trail=replace(trail, feeds=tuple(others)))
            if added is not None:
                return [(url, added)]
            return self.next_candidate(source_id, replace(trail, feeds=tuple(others)), keep_date=keep_date)
        if not keep_date:
            self._crawl.memory.remember_feed(source_id, None, self._crawl.now())
        begun = self._backfill.begin(source)
        if not trail.links and (trail.refused or not begun):
            cause = trail.refused or "aucun flux, et aucun lien vers un billet sur la page d’accueil"
            self._crawl.tally.add(source_id, Count(refused=int(bool(trail.refused)), cause=cause))
            return begun
        self._crawl.tally.add(source_id, Count(roots_read=1, cause=trail.refused))
        return [fresh for url in trail.links for fresh in self._ledger.page(source, url, from_feed=False)] + begun

    def answered(self, row: Row, url: str, *, permanent: bool) -> None:
        """A feed or a home of the night was read, or said that it has not changed; `permanent`: after redirects that are all permanent."""
        self._ally(row, url)
        self._crawl.tally.add(row.source_id, Count(roots_read=1))
        source, memory = self._crawl.sources[row.source_id], self._crawl.memory
        if row.url in (source.url, *source.feeds):
            move = seen(memory.move(source.id, row.url), row.url, url, permanent, self._crawl.now(), self._crawl.limits)
            memory.keep_move(source.id, row.url, move)

    def _ally(self, row: Row, url: str) -> None:
        """Remember where a feed or a home of ours really lives (the redirect that led there was judged hop by hop)."""
        source = self._crawl.sources[row.source_id]
        if authority(url) not in allowed_authorities(source):
            self._crawl.memory.ally(source.id, authority(url))

    def _fullness(self, source: Source) -> tuple[bool, int]:
        """Whether the feed's texts are believed to be whole where they look so, and how many of its pages are to be fetched to find out."""
        limits = self._crawl.limits
        samples, newest = self._crawl.memory.samples(source.id)
        decided = verdict(samples, limits.full_samples)
        if decided is None:
            return True, max(limits.full_samples - len(samples), 0)
        again = newest is not None and self._crawl.now() - newest >= limits.full_again
        return decided, int(decided and again and limits.full_samples > 0)

    def _aged(self, source: Source, new: list[Entry]) -> int:
        """How many of the unknown entries are no newer than the newest article that we have."""
        newest = next((one.published for one in self._crawl.store.latest(source.id, 1)), None)
        days = [entry.sighting.published for entry in new]
        return sum(day is not None and day <= newest for day in days) if newest is not None else 0

    def _is_strange(self, source: Source, title: str, entries: list[Entry], new: list[Entry]) -> bool:
        """Whether this no longer is the blog that was registered: then it is frozen, and nothing of it is written down.

        What a curator has looked at since the freeze is theirs to judge.
        """
        frozen = self._crawl.memory.frozen_on(source.id)
        if frozen is not None and source.reviewed is not None and source.reviewed >= frozen.date():
            return False
        unknown = {entry.sighting.url for entry in new}
        looks = [Look(text=_words(one), language=one.language, new=one.url in unknown) for one in (entry.sighting for entry in entries)]
        known = [Look(text=_words(one), language=one.language) for one in self._crawl.store.latest(source.id, _LATEST)]
        why = frozen_why(suspicion(source.name, source.url, title, looks, known, language=source.language))
        if not why:
            return False
        self._crawl.store.stand(source.id, replace(self._crawl.store.standing(source.id), frozen_at=self._crawl.now(), frozen_why=why))
        now = self._crawl.now()
        self._crawl.memory.freeze(source.id, now)
        self._crawl.frontier.rest(source.id, now, now + self._crawl.limits.next_night)
        self._crawl.tally.add(source.id, Count(refused=1, cause=why))
        return True


def validators(answer: Answer) -> Validators:
    """What identifies the body of an answer."""
    return Validators(answer.headers.get("etag"), answer.headers.get("last-modified"), answer.body_hash)


def _words(look: Sighting | Article) -> str:
    return f"{look.title}\n{unmarked(look.text)}"
