"""What becomes of an answer, in one transaction each: the room where a body is kept, read or given up.

Owns the two durable steps (a body kept, a reading written) and what is decided about a row that could not be read. What a feed, a page or a
step of an archive leads to is `roots`', `posts`' and `backfilling`'s. It refuses to know Scrapy: it is given values and returns the
addresses that came up, `(url, row id)`, for somebody else to fetch.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.backfill.strategy import Missing
from crawler.backfilling import SITE, Backfill
from crawler.causes import Trouble
from crawler.crawl import Crawl
from crawler.ledger import Fresh, Ledger
from crawler.memory import Validators
from crawler.parsed import Context, Parsed, ParsedFeed, ParsedHome, ParsedListing, ParsedPage, ParsedSitemap
from crawler.politeness import SHARED_PLATFORMS
from crawler.posts import Posts, named
from crawler.roots import Roots
from crawler.row import ARCHIVE, STEP, Answer, Row
from crawler.tally import Count

__all__ = ["Fresh", "Harvest"]


class Harvest:
    """Writes down what a crawl brings in."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._ledger = Ledger(crawl)
        self._backfill = Backfill(crawl, self._ledger)
        self._roots = Roots(crawl, self._ledger, self._backfill)
        self._posts = Posts(crawl, self._ledger)

    # -- step one: the fetch -----------------------------------------------------------------------------------------------------

    def keep(self, row: Row, answer: Answer, body: bytes) -> None:
        """Make a body durable, then say so. A crash in between leaves an orphan body, which is harmless."""
        self._crawl.raw.put(body, answer.at)
        with self._crawl.store.transaction():
            self._crawl.frontier.fetched(row.id, answer)
            self._crawl.tally.add(row.source_id, Count(archived=int(row.priority in (STEP, ARCHIVE))))

    def unchanged(self, row: Row, url: str, known: Validators, *, permanent: bool = False) -> Fresh:
        """Nothing changed at this address since it was last read; `known` is what identifies it now. `permanent`: it answered elsewhere,
        after redirects that are all permanent."""
        with self._crawl.store.transaction():
            if self._withheld(row):
                return []
            if row.kind == "article":
                self._posts.unchanged(row, known)
                return []
            return self._roots.unchanged(row, url, known, permanent=permanent)

    def failed(self, row: Row, trouble: Trouble) -> Fresh:
        """Nothing could be read: decide whether and when to ask again."""
        limits, now = self._crawl.limits, self._crawl.now()
        with self._crawl.store.transaction():
            if self._withheld(row):
                return []
            if row.again:
                self._crawl.frontier.done(row.id, trouble.cause)
                return []
            if trouble.until is not None:
                if row.lead is not None and row.tries + 1 >= limits.tries**2:
                    self._park(row, trouble.until)
                    return self._step_failed(row, trouble)
                if self._throttled(row, trouble.cause, trouble.until, now):
                    return []
            elif row.trail is not None:
                self._crawl.frontier.dead(row.id, trouble.cause)
                refused = named(row, trouble.cause) if trouble.refused and not row.trail.refused else row.trail.refused
                return self._roots.next_candidate(row.source_id, replace(row.trail, refused=refused))
            elif row.lead is not None:
                return self._step_failed(row, trouble)
            elif row.kind == "article" and (fresh := self._posts.missing(row, trouble)) is not None:
                return fresh
            elif trouble.refused or trouble.silent:
                # A refusal that stands is looked at again now and then; one for want of an answer the next night.
                stands = trouble.by_robots or trouble.final
                self._crawl.frontier.blocked(row.id, trouble.cause, now + (limits.forbidden_for if stands else limits.next_night))
            elif row.priority == ARCHIVE and trouble.status in (404, 410):
                self._crawl.frontier.done(row.id, trouble.cause)  # an old list names what is no more: no post is missing here
            elif trouble.final:
                self._crawl.frontier.dead(row.id, trouble.cause)
            else:
                # A post that cannot be had in three nights is worth another try with the slow round of known ones.
                check_at = self._ledger.check_day(row.url, now) if row.kind == "article" else None
                self._crawl.frontier.later(row, trouble.cause, now + limits.next_night, tries=limits.tries, check_at=check_at)
            self._count_failure(row, trouble)
        return []

    def _step_failed(self, row: Row, trouble: Trouble) -> Fresh:
        """A page of an archive could not be read. What may be better tomorrow is asked for again; the strategy deals with the rest."""
        assert row.lead is not None
        limits, now = self._crawl.limits, self._crawl.now()
        if trouble.silent:
            self._crawl.frontier.postpone(row.id, now + limits.next_night)
            self._crawl.tally.add(row.source_id, Count())
            return []
        for_good = trouble.refused or trouble.final or 400 <= trouble.status < 500
        if not for_good and row.tries + 1 < limits.tries:
            self._crawl.frontier.later(row, trouble.cause, now + limits.next_night, tries=limits.tries)
            self._crawl.tally.add(row.source_id, Count())
            return []
        self._crawl.frontier.dead(row.id, trouble.cause)
        if row.lead.strategy == SITE:
            return self._roots.site_unread(row)
        return self._backfill.answered(row, Missing(cause=trouble.cause, status=trouble.status, forbidden=trouble.by_robots))

    def _throttled(self, row: Row, cause: str, until: datetime, now: datetime) -> bool:
        """The server asked for time: all the blogs of its queue give it. True when the row is to be asked for again within this run.

        A few short waits make one night; a row is given up after as many such nights, for others wait behind it.
        """
        limits = self._crawl.limits
        short = (until - now).total_seconds() <= limits.retry_after_wait
        again = short and (row.tries + 1) % limits.tries != 0
        if short and not again:
            until = now + limits.next_night
        self._park(row, until)
        check_at = self._ledger.check_day(row.url, now) if row.kind == "article" else None
        self._crawl.frontier.later(row, cause, until, tries=limits.tries**2, check_at=check_at)
        if again:
            self._crawl.tally.add(row.source_id, Count())  # nothing is lost yet
        return again

    def _park(self, row: Row, until: datetime) -> None:
        """Leave a source alone, with all that share its queue: a platform's own name keeps it for those that are not visited tonight."""
        for source_id in self._crawl.neighbours(row.source_id, row.url):
            self._crawl.memory.park(source_id, until)
        lane = self._crawl.politeness.lane_name(row.url)
        if lane in SHARED_PLATFORMS:
            self._crawl.memory.park(lane, until)

    def depart(self, source_id: str) -> None:
        """The end of the night for one source: take out the posts that are gone."""
        self._posts.depart(source_id)

    def rest(self, source_id: str, failures: int) -> None:
        """A server is unwell, after so many failures in a row: what is still to be asked of it waits for another night."""
        now = self._crawl.now()
        with self._crawl.store.transaction():
            self._crawl.frontier.rest(source_id, now, now + self._crawl.limits.next_night)
            self._crawl.tally.add(source_id, Count(cause=f"{failures} échecs de suite : le reste attend une autre nuit"))

    def _withheld(self, row: Row) -> bool:
        """Whether the source was frozen while this was under way: nothing that a stranger says of its posts is believed. A curator may lift
        the freeze: then it is asked for again."""
        if self._crawl.store.standing(row.source_id).frozen_at is None:
            return False
        if row.again:
            self._crawl.frontier.done(row.id)
        else:
            self._crawl.frontier.postpone(row.id, self._crawl.now() + self._crawl.limits.next_night)
        return True

    # -- step two: the reading ---------------------------------------------------------------------------------------------------

    def context(self, row: Row, answer: Answer) -> Context:
        """What the parse of a fetched row may know."""
        source, limits = self._crawl.sources[row.source_id], self._crawl.limits
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
            headers=dict(answer.headers),
            most_entries=limits.feed_entries,
            most_links=limits.page_links,
            most_addresses=limits.sitemap_addresses,
        )

    def read(self, row: Row, answer: Answer, parsed: Parsed) -> Fresh:
        """Write down what a body said; the row is then done, or given up."""
        with self._crawl.store.transaction():
            if self._withheld(row):
                return []
            if row.lead is not None and isinstance(parsed, ParsedFeed | ParsedSitemap | ParsedListing):
                self._crawl.frontier.done(row.id, parsed.problem)
                return self._backfill.answered(row, parsed)
            match parsed:
                case ParsedFeed():
                    if parsed.problem or (row.trail is not None and not parsed.entries):
                        return self._unread(row, parsed.problem or "ce flux est vide")
                    if row.again:
                        return self._roots.read_feed_again(row, parsed)
                    return self._roots.read_feed(row, answer, parsed)
                case ParsedHome():
                    if parsed.problem and (row.lead is not None or not (parsed.announced or parsed.guesses)):
                        return self._unread(row, parsed.problem)
                    return self._roots.read_home(row, answer, parsed)
                case ParsedPage():
                    return self._posts.read(row, answer, parsed)
                case _:  # an archive that is no longer gathered in this way
                    self._crawl.frontier.done(row.id)
                    return []

    def _unread(self, row: Row, problem: str) -> Fresh:
        """A body came, and is not what it should be."""
        return self.failed(row, Trouble(cause=problem))

    def _count_failure(self, row: Row, trouble: Trouble) -> None:
        cause = named(row, trouble.cause)
        if row.kind == "article":
            lost = row.from_feed or row.priority != ARCHIVE
            self._crawl.tally.add(row.source_id, Count(failed=1, cause=cause) if lost else Count())
            return
        if row.kind == "feed" and not self._crawl.sources[row.source_id].feeds:
            self._crawl.memory.feed_failed(row.source_id, self._crawl.limits.feed_failures)
        self._crawl.memory.drop_moves(row.source_id, new=row.url)  # what was followed leads nowhere: the list's address is asked again
        self._crawl.tally.add(row.source_id, Count(refused=int(trouble.refused), cause=cause))
