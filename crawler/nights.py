"""The beginning and the end of a night: who is visited, and what the visits say of how each source stands.

Owns the order of those two moments. Whom to visit how often is `health`'s to say, and when posts are taken out `posts`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from crawler import health
from crawler.backfilling import OWN_COUNT
from crawler.crawl import Crawl
from crawler.frontier import Frontier
from crawler.memory import Memory
from crawler.politeness import CrawlLimits
from crawler.schema import stamp
from luciole.runs import Outcome
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

_PACES = {
    "nightly": "",
    "weekly": "visité une fois par semaine : en échec, ou sans nouvel article depuis un an",
    "dormant": "en sommeil après deux mois d’échecs : visité une fois par mois",
}


def awake(
    sources: Mapping[str, Source],
    store: ArticleStore,
    memory: Memory,
    frontier: Frontier,
    limits: CrawlLimits,
    now: datetime,
    *,
    asked: bool,
    begun: frozenset[str] = frozenset(),
) -> tuple[dict[str, Source], list[Outcome]]:
    """Those of the sources that are to be visited tonight, and an outcome for each of the others. Sources `asked` for by name are always
    due, and so are those with which the run that goes on has `begun`, and quiet ones of which something is still to be fetched; a frozen
    one never is."""
    visited: dict[str, Source] = {}
    resting: list[Outcome] = []
    for source in sources.values():
        standing = store.standing(source.id)
        if standing.frozen_at is not None:
            cause = (
                f"{standing.frozen_why} (depuis le {standing.frozen_at:%d/%m/%Y} ; pour le lever, mettre à jour « reviewed » ou « url »)"
            )
            resting.append(Outcome(source_id=source.id, state="skipped", cause=cause))
            continue
        newest = next(iter(store.latest(source.id, 1)), None)
        last_post = (newest.published or newest.first_seen) if newest else None
        at_work = source.id in begun or (not standing.failures and frontier.waits(source.id, now))
        if asked or at_work or health.due(standing, memory.visited(source.id), last_post, now, limits):
            visited[source.id] = source
        else:
            resting.append(Outcome(source_id=source.id, state="skipped", cause=_PACES[health.pace(standing, last_post, now, limits)]))
    return visited, resting


def close_night(crawl: Crawl, left: frozenset[str]) -> None:
    """Draw the conclusions of a night that went to its end: posts that are gone, sources that fail or are well again, what archives hold.

    When many sources failed, the fault is likely ours: nobody's failures are counted then. `left` are sources with work left.
    """
    from crawler.harvest import Harvest  # it knows Scrapy's errors, and Scrapy takes its time to load

    harvest = Harvest(crawl)
    outcomes = {source_id: crawl.tally.outcome(source_id) for source_id in crawl.sources if _was_visited(crawl, source_id)}
    told = [one.state for one in outcomes.values() if one.source_id not in left]
    ours = health.ours(told.count("failed"), len(told))
    for source_id, outcome in outcomes.items():
        harvest.depart(source_id)
        count = crawl.tally.count(source_id)
        standing = crawl.store.standing(source_id)
        if count.vanished:
            standing = health.after_failure(standing, crawl.now(), True, crawl.limits)
        elif count.roots_read:
            standing = health.after_success(standing)
            if standing.frozen_at is None:
                crawl.memory.freeze(source_id, None)  # what it is now is known from tonight on
        elif outcome.state in ("failed", "refused") and not ours and source_id not in left and standing.frozen_at is None:
            whole_site = any(cause in outcome.cause for cause in health.NO_SITE)
            standing = health.after_failure(standing, crawl.now(), whole_site, crawl.limits)
        found = crawl.memory.found_feed(source_id)
        standing = replace(standing, expected=_expected(crawl, source_id, standing), feed=found.url if found else None)
        if standing != crawl.store.standing(source_id):
            crawl.store.stand(source_id, standing)


def _was_visited(crawl: Crawl, source_id: str) -> bool:
    """Whether a source was asked for anything in this run: one that asked to be left alone did not fail."""
    at = crawl.memory.visited(source_id)
    return at is not None and stamp(at) >= stamp(crawl.began) and crawl.tally.knows(source_id)


def _expected(crawl: Crawl, source_id: str, standing: Standing) -> int | None:
    """How many posts the source says to have: its own count where it gives one, else those that we have and those still to be read."""
    attempts = crawl.archives.attempts(source_id)
    if not any(attempt.state in ("active", "complete") for attempt in attempts):
        return standing.expected
    told = [attempt.cursor.expected for attempt in attempts if attempt.strategy in OWN_COUNT and attempt.cursor.expected is not None]
    counted = crawl.store.count(source_id) + crawl.frontier.posts_to_come(source_id)
    return max([counted, *told])
