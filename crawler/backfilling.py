"""The driver of back-fill: turns what strategies decide into rows of the frontier, and keeps how far each one got.

Owns the order (the home page is read once to know the site, then one strategy after the other until one is complete) and the moment of
each write: a strategy's cursor, its next steps and the posts it named commit with the row that brought them. What to read and when an
archive is complete is decided by `crawler.backfill`, purely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crawler.archives import Attempt, Facts, State
from crawler.backfill.choice import strategies
from crawler.backfill.strategy import Cursor, Ending, Missing, Post, Reading, Site, Step, Strategy
from crawler.crawl import Crawl
from crawler.ledger import Fresh, Ledger
from crawler.parsed import ParsedFeed, ParsedHome, ParsedListing
from crawler.robots_rules import RobotsRules, origin_of
from crawler.row import ARCHIVE, STEP, Lead, Row
from crawler.tally import Count
from luciole.sources import Source
from luciole.urls import url_key

OWN_COUNT = frozenset({"wordpress", "blogger"})
"""Strategies whose count of posts is the site's own."""

SITE = "site"
"""The lead of the home page that is read before any strategy: to know what the blog is made with."""


class Backfill:
    """Gathers whole archives."""

    def __init__(self, crawl: Crawl, ledger: Ledger) -> None:
        self._crawl, self._ledger = crawl, ledger
        self._named: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    def begin(self, source: Source) -> Fresh:
        """The blog answers tonight: begin with its archive, unless that was done. What is under way is in the frontier already."""
        if self._crawl.limits.backfill_pages == 0 or source.type in ("podcast", "video") or source.backfill == "none":
            return []
        if self._crawl.archives.facts(source.id) is None:
            now = self._crawl.now()
            lead = Lead(strategy=SITE)
            added = self._crawl.frontier.add(source.id, "home", source.url, lead=lead, priority=STEP, now=now, afresh_after=now)
            return [(source.url, added)] if added is not None else []
        attempts = self._crawl.archives.attempts(source.id)
        if self._is_passed_over(source, attempts) or self._is_old(source, attempts):
            self._crawl.archives.forget(source.id)
            self._crawl.frontier.drop_steps(source.id)
            return self._next(source, [])
        active = next((attempt for attempt in attempts if attempt.state == "active"), None)
        if active is not None and not self._crawl.frontier.open_steps(source.id, active.strategy):
            return self._conclude(source, self._site(source), active)  # its last step was lost to a fault of ours
        return [] if attempts else self._next(source, [])

    def learn(self, source: Source, answered: str, home: ParsedHome) -> None:
        """The home page was read: remember what it says of the site."""
        facts = Facts(home=answered, title=home.title, platform=home.platform, rest_root=home.rest_root, at=self._crawl.now())
        self._crawl.archives.learn(source.id, facts)

    def answered(self, row: Row, reading: Reading) -> Fresh:
        """A step was read, or came to nothing for good; its row is settled already. Returns what comes next."""
        assert row.lead is not None
        source = self._crawl.sources[row.source_id]
        attempts = self._crawl.archives.attempts(source.id)
        attempt = next((one for one in attempts if one.strategy == row.lead.strategy and one.state == "active"), None)
        site = self._site(source)
        strategy = self._strategy(source, site, row.lead.strategy)
        if attempt is None or strategy is None or row.again:  # the archive was gathered, or is gathered otherwise
            return self._write(source, row, reading, (), attempt)[2]
        step = Step(kind=row.kind, url=row.url, depth=row.lead.depth, note=row.lead.note)
        move = strategy.handle(site, attempt.cursor, step, reading)
        full = self._crawl.frontier.posts(source.id) >= self._crawl.limits.sitemap_addresses
        keys, new, fresh = self._write(source, row, reading, move.posts, attempt)
        named = self._crawl.archives.name(source.id, attempt.strategy, keys)
        barren = attempt.cursor.barren if isinstance(reading, Missing) else 0 if new else attempt.cursor.barren + 1
        read = attempt.cursor.read + (not isinstance(reading, Missing))
        cursor = replace(move.cursor, read=read, named=attempt.cursor.named + named, barren=barren)
        if full:  # nobody writes so much: what names pages without end is not followed to it
            why = f"arrêté à {self._crawl.limits.sitemap_addresses} adresses"
            cursor = replace(cursor, why=cursor.why or why)
        attempt = replace(attempt, cursor=cursor)
        self._crawl.archives.write(source.id, attempt)
        fresh += self._steps(source, attempt, () if full else move.steps)
        if not self._crawl.frontier.open_steps(source.id, attempt.strategy):
            fresh += self._conclude(source, site, attempt)
        return fresh

    def _next(self, source: Source, attempts: list[Attempt]) -> Fresh:
        """The next strategy that has a hold on the site."""
        site = self._site(source)
        for strategy in strategies(site, source.backfill):
            if strategy.name in {attempt.strategy for attempt in attempts}:
                continue
            steps = strategy.plan(site)
            attempt = Attempt(
                strategy=strategy.name,
                place=len(attempts),
                state="active" if steps else "useless",
                cursor=Cursor(),
                why="",
                at=self._crawl.now(),
            )
            self._crawl.archives.write(source.id, attempt)
            attempts.append(attempt)
            fresh = self._steps(source, attempt, steps)
            if fresh or self._crawl.frontier.open_steps(source.id, strategy.name):
                return fresh
            if steps:
                return self._conclude(source, site, attempt)
        return []

    def _conclude(self, source: Source, site: Site, attempt: Attempt) -> Fresh:
        """A strategy has nothing left to read: it gave the archive, or the next one is tried."""
        strategy = self._strategy(source, site, attempt.strategy)
        ending = strategy.done(site, attempt.cursor) if strategy else Ending(complete=False, why="n’a plus de prise sur ce site")
        state: State = "complete" if ending.complete else "incomplete"
        self._crawl.archives.write(source.id, replace(attempt, state=state, why=ending.why or attempt.cursor.why))
        return [] if ending.complete else self._next(source, self._crawl.archives.attempts(source.id))

    def _steps(self, source: Source, attempt: Attempt, steps: Sequence[Step]) -> Fresh:
        """Put the steps into the frontier that this attempt has not asked for yet."""
        allowed = self._ledger.allowed(source)
        fresh: Fresh = []
        for step in steps:
            if not self._ledger.fetchable(allowed, step.url):
                continue
            added = self._crawl.frontier.add(
                source.id,
                step.kind,
                step.url,
                lead=Lead(strategy=attempt.strategy, depth=step.depth, note=step.note),
                priority=STEP,
                now=self._crawl.now(),
                afresh_after=attempt.at,
            )
            if added is not None:
                fresh.append((step.url, added))
        return fresh

    def _write(
        self, source: Source, row: Row, reading: Reading, posts: Sequence[Post], attempt: Attempt | None
    ) -> tuple[set[str], int, Fresh]:
        """Write down what the reading holds and names: the keys of those posts, how many were unknown, and what is to be fetched.

        There is room for as many addresses of a source as one sitemap may hold.
        """
        room = max(self._crawl.limits.sitemap_addresses - self._crawl.frontier.posts(source.id), 0)
        keys: set[str] = set()
        new = 0
        fresh: Fresh = []
        if isinstance(reading, ParsedFeed):
            entries = reading.entries if row.again else reading.entries[:room]
            written = self._ledger.entries(source, entries, full=True, priority=ARCHIVE)
            keys |= {url_key(entry.sighting.url) for entry in entries if source.admits(entry.sighting.url)}
            new, fresh = written.new, written.fresh
            self._crawl.tally.add(source.id, Count(found=written.found))
        elif isinstance(reading, ParsedListing) and reading.sighting is not None and source.admits(reading.sighting.url):
            recorded = self._ledger.record(replace(reading.sighting, also=(*reading.sighting.also, row.url)))
            keys.add(url_key(reading.sighting.url))
            new = int(recorded is not None and recorded.change == "new")
            self._ledger.watch(source, reading.sighting.url)
            self._crawl.tally.add(source.id, Count(found=1))
        allowed = self._ledger.allowed(source)
        for post in posts[:room]:
            if not self._ledger.fetchable(allowed, post.url) or not source.admits(post.url) or url_key(post.url) in keys:
                continue
            keys.add(url_key(post.url))
            begun = attempt.at if attempt else None
            added = self._ledger.page(source, post.url, from_feed=post.sure, priority=ARCHIVE, given_up_before=begun)
            new += len(added)
            fresh += added
        return keys, new, fresh

    def _is_passed_over(self, source: Source, attempts: Sequence[Attempt]) -> bool:
        """Whether a curator has chosen a strategy meanwhile that was not tried."""
        if not attempts or source.backfill is None or source.backfill in {attempt.strategy for attempt in attempts}:
            return False
        return self._strategy(source, self._site(source), source.backfill) is not None

    def _is_old(self, source: Source, attempts: Sequence[Attempt]) -> bool:
        """Whether the archive is to be gathered once more: a week at the earliest after posts may have been missed; after some months where
        it stayed incomplete, or the blog has no feed and may have grown elsewhere than on its home page."""
        if not attempts or any(attempt.state == "active" for attempt in attempts):
            return False
        limits, age = self._crawl.limits, self._crawl.now() - max(attempt.at for attempt in attempts)
        if self._crawl.archives.has_missed(source.id):
            return age >= limits.weekly
        gathered = any(attempt.state == "complete" for attempt in attempts)
        return age >= limits.backfill_again and not (gathered and self._feed(source))

    def _strategy(self, source: Source, site: Site, name: str) -> Strategy | None:
        """The strategy of that name, if it has a hold on the site."""
        return next((one for one in strategies(site, source.backfill) if one.name == name), None)

    def _feed(self, source: Source) -> str:
        found = self._crawl.memory.found_feed(source.id)
        return next(iter(source.feeds), "") or (found.url if found and found.url else "")

    def _site(self, source: Source) -> Site:
        facts, limits = self._crawl.archives.facts(source.id), self._crawl.limits
        home = facts.home if facts else source.url
        attempts = self._crawl.archives.attempts(source.id)
        return Site(
            home=home,
            feed=self._feed(source),
            platform=facts.platform if facts else "",
            rest_root=facts.rest_root if facts else "",
            sitemaps=self._sitemaps(origin_of(home)),
            article_url=source.article_url,
            at_least=max(
                [self._crawl.store.count(source.id), *(one.cursor.expected or 0 for one in attempts if one.strategy in OWN_COUNT)]
            ),
            most_addresses=limits.backfill_addresses,
            most_depth=limits.backfill_depth,
            barren_pages=limits.backfill_barren,
        )

    def _sitemaps(self, origin: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an origin names. It may be long: it is read once for each copy."""
        copy = self._crawl.memory.robots(origin)
        if copy is None:
            return ()
        if origin not in self._named or self._named[origin][0] != copy.at:
            rules = RobotsRules.read(copy.status, copy.body, limit=self._crawl.limits.robots_bytes)
            self._named[origin] = (copy.at, rules.sitemaps)
        return self._named[origin][1]
