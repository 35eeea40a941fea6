"""What becomes of an answer: articles, further addresses, memory and counts, in one transaction each.

Owns the two durable steps (a body kept, a reading written) and the rules of what a feed, a home page and a post lead to. It refuses to know
Scrapy: it is given values and returns the addresses that came up, `(url, row id)`, for somebody else to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crawler.causes import Trouble
from crawler.crawl import Crawl
from crawler.frontier import Answer, Row, Trail
from crawler.memory import Validators
from crawler.parsed import Context, Parsed, ParsedFeed, ParsedHome, ParsedPage
from crawler.politeness import allowed_authorities
from crawler.tally import Count
from luciole.article import Sighting, plainly_other
from luciole.sources import Source
from luciole.urls import authority, url_key

Fresh = list[tuple[str, int]]
"""Addresses that came up and are to be fetched, with the ids of their rows."""

_WORD = re.compile(r"\w{4,}")
_BEGINNING = 40
"""Characters at the beginning of a summary that, found again in a page, make it the post's."""

LABELS = {"feed": "flux", "home": "page d’accueil"}


class Harvest:
    """Writes down what a crawl brings in."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl

    # -- step one: the fetch -----------------------------------------------------------------------------------------------------

    def keep(self, row: Row, answer: Answer, body: bytes) -> None:
        """Make a body durable, then say so. A crash in between leaves an orphan body, which is harmless."""
        self._crawl.raw.put(body, answer.at)
        with self._crawl.store.transaction():
            self._crawl.frontier.fetched(row.id, answer)
            self._crawl.tally.add(row.source_id, Count())

    def unchanged(self, row: Row, url: str, known: Validators) -> None:
        """A feed or a home answered that nothing changed since it was last read; `known` is what identifies it now."""
        with self._crawl.store.transaction():
            self._crawl.memory.validate(row, known)
            self._root_read(row, url)
            self._crawl.frontier.done(row.id)

    def failed(self, row: Row, trouble: Trouble) -> Fresh:
        """Nothing could be read: decide whether and when to ask again."""
        limits, now = self._crawl.limits, self._crawl.now()
        with self._crawl.store.transaction():
            if trouble.until is not None:
                if self._throttled(row, trouble.cause, trouble.until, now):
                    return []
            elif row.trail is not None:
                self._crawl.frontier.dead(row.id, trouble.cause)
                refused = _named(row, trouble.cause) if trouble.refused and not row.trail.refused else row.trail.refused
                return self._next_candidate(row.source_id, replace(row.trail, refused=refused))
            elif trouble.refused:
                # A refusal that stands is looked at again now and then; one for want of an answer the next night.
                stands = trouble.by_robots or trouble.final
                self._crawl.frontier.blocked(row.id, trouble.cause, now + (limits.forbidden_for if stands else limits.next_night))
            elif trouble.final:
                self._crawl.frontier.dead(row.id, trouble.cause)
            else:
                self._crawl.frontier.later(row, trouble.cause, now + limits.next_night, tries=limits.tries)
            self._count_failure(row, trouble)
        return []

    def _throttled(self, row: Row, cause: str, until: datetime, now: datetime) -> bool:
        """The server asked for time: its blog gets it. True when the row is to be asked for again within this run.

        A few short waits make one night; a row is given up after as many such nights, for others wait behind it.
        """
        limits = self._crawl.limits
        short = (until - now).total_seconds() <= limits.retry_after_wait
        again = short and (row.tries + 1) % limits.tries != 0
        if short and not again:
            until = now + limits.next_night
        self._crawl.memory.park(row.source_id, until)
        self._crawl.frontier.later(row, cause, until, tries=limits.tries**2)
        if again:
            self._crawl.tally.add(row.source_id, Count())  # nothing is lost yet
        return again

    # -- step two: the reading ---------------------------------------------------------------------------------------------------

    def context(self, row: Row, answer: Answer) -> Context:
        """What the parse of a fetched row may know."""
        source = self._crawl.sources[row.source_id]
        return Context(
            source_id=source.id,
            source_name=source.name,
            source_url=source.url,
            source_type=source.type,
            language=source.language,
            article_url=source.article_url,
            url=answer.url,
            requested=row.url,
            content_type=answer.headers.get("content-type", ""),
            robots_tag=answer.headers.get("x-robots-tag", ""),
            now=answer.at,
            from_feed=row.from_feed,
        )

    def read(self, row: Row, answer: Answer, parsed: Parsed) -> Fresh:
        """Write down what a body said; the row is then done, or given up."""
        with self._crawl.store.transaction():
            match parsed:
                case ParsedFeed():
                    return self._read_feed(row, answer, parsed)
                case ParsedHome():
                    return self._read_home(row, answer, parsed)
                case ParsedPage():
                    self._read_page(row, answer, parsed)
                    return []

    def _read_feed(self, row: Row, answer: Answer, feed: ParsedFeed) -> Fresh:
        source = self._crawl.sources[row.source_id]
        looked_for = row.trail is not None
        if feed.problem or (looked_for and not feed.entries):
            return self._unread(row, feed.problem or "ce flux est vide")
        self._root_read(row, answer.url)
        if not source.feeds:
            self._crawl.memory.remember_feed(source.id, row.url, answer.at)
        allowed = allowed_authorities(source, self._crawl.memory.allies(source.id))
        fresh: Fresh = []
        found = 0
        for entry in feed.entries[: self._crawl.limits.feed_entries]:
            if not source.admits(entry.sighting.url):
                continue
            found += 1
            self._record(entry.sighting)
            if not entry.complete and source.type != "podcast" and self._fetchable(source, allowed, entry.sighting.url):
                fresh += self._add_page(source, entry.sighting.url, from_feed=True)
        self._crawl.tally.add(row.source_id, Count(found=found))
        self._crawl.memory.validate(row, validators(answer))
        self._crawl.frontier.done(row.id)
        return fresh

    def _read_home(self, row: Row, answer: Answer, home: ParsedHome) -> Fresh:
        source, limits = self._crawl.sources[row.source_id], self._crawl.limits
        if home.problem and not home.announced and not home.guesses:
            return self._unread(row, home.problem)
        self._ally(row, answer.url)
        allowed = allowed_authorities(source, self._crawl.memory.allies(source.id))
        known = self._crawl.memory.found_feed(source.id)
        looked_lately = known is not None and known.url is None and answer.at - known.at < limits.no_feed_age
        candidates = (*home.announced, *(() if looked_lately else home.guesses))
        feeds = [url for url in _unique(candidates) if self._fetchable(source, allowed, url)][: limits.feed_candidates]
        links = [url for url in _unique(home.links) if self._fetchable(source, allowed, url) and source.admits(url)]
        links = [url for url in links if url_key(url) not in {url_key(source.url), url_key(answer.url)}][: limits.home_links]
        if links and not home.announced:
            self._crawl.memory.validate(row, validators(answer))  # the next night, an unchanged page has nothing more to say
        self._crawl.frontier.done(row.id)
        trail = Trail(feeds=tuple(feeds), links=() if source.type == "podcast" else tuple(links))
        return self._next_candidate(source.id, trail, keep_date=looked_lately)

    def _next_candidate(self, source_id: str, trail: Trail, *, keep_date: bool = False) -> Fresh:
        """Try the next address where a feed may be; when none is left, the blog has no feed and its home's links must do."""
        source = self._crawl.sources[source_id]
        if trail.feeds:
            url, *others = trail.feeds
            added = self._crawl.frontier.add(source_id, "feed", url, trail=replace(trail, feeds=tuple(others)))
            return [(url, added)] if added is not None else self._next_candidate(source_id, replace(trail, feeds=tuple(others)))
        if not keep_date:
            self._crawl.memory.remember_feed(source_id, None, self._crawl.now())
        if not trail.links:
            cause = trail.refused or "aucun flux, et aucun lien vers un billet sur la page d’accueil"
            self._crawl.tally.add(source_id, Count(refused=int(bool(trail.refused)), cause=cause))
            return []
        self._crawl.tally.add(source_id, Count(roots_read=1, cause=trail.refused))
        return [fresh for url in trail.links for fresh in self._add_page(source, url, from_feed=False)]

    def _read_page(self, row: Row, answer: Answer, page: ParsedPage) -> None:
        source = self._crawl.sources[row.source_id]
        seen, problem, settled = page.sighting, page.problem, page.settled
        excluded = seen is not None and not source.admits(seen.url)
        if excluded:
            seen, problem, settled = None, "adresse exclue par la liste", True
        elif url_key(answer.url) == url_key(source.url) != row.url_key:
            seen, problem, settled = None, "redirigé vers la page d’accueil", not row.from_feed
        elif seen is not None and (problem := self._astray(row, answer, seen)):
            seen = None
        if seen is None:
            if settled:
                self._crawl.frontier.done(row.id, problem)
            else:
                limits = self._crawl.limits
                self._crawl.frontier.later(row, problem, self._crawl.now() + limits.next_night, tries=limits.tries)
            # A link of a home page may well be no post; what a feed names should have been one.
            lost = row.from_feed and not excluded
            self._crawl.tally.add(row.source_id, Count(failed=1, cause=_named(row, problem)) if lost else Count())
            return
        if not row.from_feed:
            self._crawl.tally.add(row.source_id, Count(found=1))
        self._record(replace(seen, also=tuple(_unique((*seen.also, row.url, answer.url)))))
        self._crawl.frontier.done(row.id)

    def _astray(self, row: Row, answer: Answer, seen: Sighting) -> str:
        """Why a page cannot be the post that led there by a redirect, or "". Blogs send all their posts to a page of maintenance or of
        consent: read as posts, they would all become that page, and then one."""
        own = self._crawl.store.find(row.source_id, row.url) if url_key(answer.url) != row.url_key else None
        if own is None:
            return ""
        there = self._crawl.store.find(row.source_id, answer.url)
        if there is not None and there.id != own.id and plainly_other(there, own, undated=True):
            return "redirigé vers la page d’un autre billet"
        mine, theirs = (set(_WORD.findall(title.casefold())) for title in (own.title, seen.title))
        begins = own.text[:_BEGINNING]
        if mine and theirs and not mine & theirs and not (begins and begins in seen.text):
            return f"redirigé vers une autre page : « {seen.title[:80]} »"
        return ""

    def _unread(self, row: Row, problem: str) -> Fresh:
        """A body came, and is not what it should be."""
        return self.failed(row, Trouble(cause=problem))

    # -- parts -------------------------------------------------------------------------------------------------------------------

    def _record(self, sighting: Sighting) -> None:
        """Tell the store, and count what readers will see: an article new in this run stays new when its page improves it."""
        try:
            recorded = self._crawl.store.record(sighting)
        except ValueError:
            return  # an address that is none
        count = Count(new=1) if recorded.change == "new" else Count()
        if recorded.change == "updated":
            article = self._crawl.store.article(recorded.article_id)
            count = Count(updated=1) if article is None or article.first_seen < self._crawl.began else Count()
        self._crawl.tally.add(sighting.source_id, count)

    def _add_page(self, source: Source, url: str, *, from_feed: bool) -> Fresh:
        added = self._crawl.frontier.add(source.id, "article", url, from_feed=from_feed)
        return [(url, added)] if added is not None else []

    def _fetchable(self, source: Source, allowed: frozenset[str], url: str) -> bool:
        """Whether an address found in a feed or a page may become a row: our own hosts, admitted, harmless, of a sane length."""
        try:
            return authority(url) in allowed and len(url) <= self._crawl.limits.url_length and self._crawl.guard.check(url) is None
        except ValueError:
            return False

    def _root_read(self, row: Row, url: str) -> None:
        self._ally(row, url)
        self._crawl.tally.add(row.source_id, Count(roots_read=1))

    def _ally(self, row: Row, url: str) -> None:
        """Remember where a feed or a home of ours really lives (the redirect that led there was judged hop by hop)."""
        source = self._crawl.sources[row.source_id]
        if authority(url) not in allowed_authorities(source):
            self._crawl.memory.ally(source.id, authority(url))

    def _count_failure(self, row: Row, trouble: Trouble) -> None:
        cause = _named(row, trouble.cause)
        if row.kind == "article":
            self._crawl.tally.add(row.source_id, Count(failed=1, cause=cause))
            return
        if row.kind == "feed" and not self._crawl.sources[row.source_id].feeds:
            self._crawl.memory.feed_failed(row.source_id, self._crawl.limits.feed_failures)
        self._crawl.tally.add(row.source_id, Count(refused=int(trouble.refused), cause=cause))


def validators(answer: Answer) -> Validators:
    """What identifies the body of an answer."""
    return Validators(answer.headers.get("etag"), answer.headers.get("last-modified"), answer.body_hash)


def _named(row: Row, cause: str) -> str:
    """A cause with what it is the cause of: the kind of page, or the path of a post."""
    path = row.url.partition("://")[2].partition("/")[2]
    return f"{LABELS.get(row.kind) or f'/{path[:80]}'} : {cause}"


def _unique(urls: Iterable[str]) -> list[str]:
    """Addresses without repeats (two that share a key are one) and without what is no address, in order."""
    found: dict[str, str] = {}
    for url in urls:
        try:
            found.setdefault(url_key(url), url)
        except ValueError:
            continue
    return list(found.values())
