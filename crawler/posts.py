"""Posts: what a page that was read adds to the record, and what follows when one that we have is not there.

Owns the rules of a page read (is it the post that led there, is the feed's text as whole as the page's) and of a known post looked at
again. Removals that a single look does not settle wait for the end of the night (`depart`), when it is known whether one post is missing or
the whole site. To be called inside the transaction of the reading.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.absent import NOT_FOUND
from crawler.causes import Trouble
from crawler.crawl import Crawl
from crawler.departures import after, mass
from crawler.fullness import measure, verdict
from crawler.health import MASS_MISSING
from crawler.ledger import NOT_A_POST, Fresh, Ledger, unique
from crawler.memory import Validators
from crawler.parsed import ParsedPage
from crawler.roots import validators
from crawler.row import Answer, Row
from crawler.tally import Count
from luciole.article import Article, Sighting, plainly_other
from luciole.sources import Source
from luciole.urls import url_key

LABELS = {
    "feed": "flux",
    "home": "page d’accueil",
    "sitemap": "plan du site",
    "rest": "interface de WordPress",
    "listing": "liste d’articles",
}

_SENT_HOME = "redirigé vers la page d’accueil"

_WORD = re.compile(r"\w{4,}")
_BEGINNING = 40
"""Characters at the beginning of a summary that, found again in a page, make it the post's."""


class Posts:
    """Reads the pages of posts."""

    def __init__(self, crawl: Crawl, ledger: Ledger) -> None:
        self._crawl, self._ledger = crawl, ledger
        self._seen: set[int] = set()
        """Rows of known posts looked at in this crawl."""

    def read(self, row: Row, answer: Answer, page: ParsedPage) -> Fresh:
        """A page was read."""
        source = self._crawl.sources[row.source_id]
        own = self._crawl.store.find(source.id, row.url)
        if page.absent and not row.again:
            absent = page.problem.startswith(NOT_FOUND)  # else a wall, or a page of maintenance: as little as a 503 says of the post
            gone = self.missing(row, Trouble(cause=page.problem, status=answer.status if absent else 503), absent=absent)
            if gone is not None:
                return gone
        at_home = url_key(answer.url) == url_key(source.url) != row.url_key
        if at_home and row.recheck and own is not None and own.text_basis == "page":  # how many sites say that nothing is here any more
            gone = self.missing(row, Trouble(cause=_SENT_HOME, status=answer.status), absent=True)
            if gone is not None:
                return gone
        self._looked(row, missing=False)
        seen, problem, settled = page.sighting, page.problem, page.settled
        excluded = seen is not None and not source.admits(seen.url)
        if excluded:
            seen, problem, settled = None, "adresse exclue par la liste", True
        elif at_home:
            seen, problem, settled = None, _SENT_HOME, not row.from_feed
        elif seen is not None and (problem := self._astray(row, answer, seen, own)):
            seen = None
        if seen is None and page.settled and row.from_feed and own is not None and own.published is None and own.text_basis != "page":
            self._crawl.store.remove(own.id, NOT_A_POST, self._crawl.now())  # the feed names all pages of the site
        if seen is None:
            return self._unread(row, answer, problem, settled=settled or row.recheck, excluded=excluded)
        if not row.from_feed and not row.recheck:
            self._crawl.tally.add(row.source_id, Count(found=1))
        fresh: Fresh = []
        if own is not None and own.text_basis == "feed" and own.text and seen.text:
            seen, fresh = self._compared(source, row, own, seen)
        recorded = self._ledger.record(replace(seen, also=tuple(unique((*seen.also, row.url, answer.url)))))
        if recorded is not None and recorded.shrunk:
            self._crawl.tally.add(source.id, Count(cause=f"{named(row, 'le texte a fondu')} : l’ancien est gardé"))
        self._crawl.memory.validate(row, validators(answer))
        self._crawl.frontier.done(row.id, check_at=self._ledger.check_day(row.url, answer.at))
        return fresh

    def unchanged(self, row: Row, known: Validators) -> None:
        """A known post answered that it has not changed."""
        self._looked(row, missing=False)
        self._crawl.memory.validate(row, known)
        self._crawl.frontier.done(row.id, check_at=self._ledger.check_day(row.url, self._crawl.now()))

    def missing(self, row: Row, trouble: Trouble, *, absent: bool = False) -> Fresh | None:
        """A post that we have is not there (`absent`: its page says so with status 200): decide when to look again, or that it is gone.
        None when this is no such case."""
        article = self._crawl.store.find(row.source_id, row.url)
        if article is None or article.is_tombstone or not (row.recheck or article.text_basis != "summary" or trouble.status in (410, 451)):
            return None
        now, limits = self._crawl.now(), self._crawl.limits
        in_feed = self._crawl.memory.is_named(row.source_id, {row.url_key, url_key(article.url)})
        departure = after(trouble.status, row.looks, now, limits, absent=absent, in_feed=in_feed)
        self._looked(row, missing=departure.looks.first is not None or bool(departure.gone_why))
        if departure.gone_why and departure.explicit:
            self._crawl.store.remove(article.id, departure.gone_why, now)
            self._crawl.frontier.done(row.id, departure.gone_why)
            self._crawl.tally.add(row.source_id, Count(removed=1))
        elif departure.gone_why:
            self._crawl.frontier.known.leaving(row.id, departure.gone_why, row.looks)
        elif departure.again is not None:
            self._crawl.frontier.known.missing(row.id, trouble.cause, departure.looks, departure.again)
        else:
            self._crawl.frontier.done(row.id, trouble.cause, check_at=self._ledger.check_day(row.url, now))
        first_of_the_night = row.looks.first is None and self._crawl.tally.count(row.source_id).missing == 1
        return self._crawl.frontier.known.sample(row.source_id, limits.mass_sample, but=self._seen) if first_of_the_night else []

    def depart(self, source_id: str) -> None:
        """The end of the night: take out the posts that are gone, unless it is the whole site that is going."""
        count, limits, now = self._crawl.tally.count(source_id), self._crawl.limits, self._crawl.now()
        leaving = self._crawl.frontier.known.departures(source_id)
        if mass(count.missing, count.looked, limits, root_answers=count.roots_read > 0):
            if count.missing or leaving:
                cause = f"{MASS_MISSING} ({count.missing} des {count.looked} revus) : rien n’est retiré, le site est à vérifier"
                self._crawl.tally.add(source_id, Count(vanished=1, cause=cause) if count.roots_read else Count())
                self._crawl.frontier.known.forget_looks(source_id, now + limits.next_night)
            return
        for row, why in leaving:
            article = self._crawl.store.find(source_id, row.url)
            if article is not None and self._crawl.store.remove(article.id, why, now):
                self._crawl.tally.add(source_id, Count(removed=1))
            self._crawl.frontier.done(row.id, why)

    # -- parts -------------------------------------------------------------------------------------------------------------------

    def _looked(self, row: Row, *, missing: bool) -> None:
        """Count a known post looked at for the first time in a while."""
        if row.recheck:
            self._seen.add(row.id)
        if row.recheck and row.looks.first is None:
            self._crawl.tally.add(row.source_id, Count(looked=1, missing=int(missing)))

    def _unread(self, row: Row, answer: Answer, problem: str, *, settled: bool, excluded: bool) -> Fresh:
        """The page holds no post, or not the one that led there."""
        limits, check_at = self._crawl.limits, self._ledger.check_day(row.url, answer.at)
        if row.recheck or (row.again and self._crawl.store.find(row.source_id, row.url) is not None):
            self._crawl.frontier.done(row.id, problem, check_at=check_at)
        elif settled or row.again:
            self._crawl.frontier.done(row.id, problem)
        else:
            self._crawl.frontier.later(row, problem, self._crawl.now() + limits.next_night, tries=limits.tries, check_at=check_at)
        # A link of a home page may well be no post; what a feed names should have been one.
        lost = row.from_feed and not excluded and not row.again and problem != NOT_A_POST
        self._crawl.tally.add(row.source_id, Count(failed=1, cause=named(row, problem)) if lost else Count())
        return []

    def _compared(self, source: Source, row: Row, own: Article, seen: Sighting) -> tuple[Sighting, Fresh]:
        """Measure the feed's text by its page. A feed that is whole keeps its text, which has none of the page's furniture; once it is
        known to be cut, the pages of the other posts are needed, too."""
        memory, limits = self._crawl.memory, self._crawl.limits
        before = verdict(memory.samples(source.id)[0], limits.full_samples)
        sample = measure(own.text, seen.text)
        memory.add_sample(source.id, row.url_key, sample, self._crawl.now(), most=limits.full_samples)
        full = verdict(memory.samples(source.id)[0], limits.full_samples)
        if full is not False and sample.full:
            return replace(seen, text=""), []
        if full is False and before is not False:
            urls = [one.url for one in self._crawl.store.latest(source.id, limits.feed_entries) if one.text_basis == "feed"]
            rows = self._crawl.frontier.known.fetch_watched(source.id, urls)
            return seen, rows
        return seen, []

    def _astray(self, row: Row, answer: Answer, seen: Sighting, own: Article | None) -> str:
        """Why a page cannot be the post that led there by a redirect, or "". Blogs send all their posts to a page of maintenance or of
        consent: read as posts, they would all become that page, and then one."""
        if own is None or url_key(answer.url) == row.url_key:
            return ""
        there = self._crawl.store.find(row.source_id, answer.url)
        if there is not None and there.id != own.id and plainly_other(there, own, undated=True):
            return "redirigé vers la page d’un autre billet"
        mine, theirs = (set(_WORD.findall(title.casefold())) for title in (own.title, seen.title))
        begins = own.text[:_BEGINNING]
        if mine and theirs and not mine & theirs and not (begins and begins in seen.text):
            return f"redirigé vers une autre page : « {seen.title[:80]} »"
        return ""


def named(row: Row, cause: str) -> str:
    """A cause with what it is the cause of: the kind of page, or the path of a post."""
    path = row.url.partition("://")[2].partition("/")[2]
    return f"{LABELS.get(row.kind) or f'/{path[:80]}'} : {cause}"
