"""What is published of the blogs with every generation: the value `Night`, made from the registry, the record and the log of crawls."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from indexer.night import Night, SourceCard
from indexer.vocabulary import Vocabulary
from luciole.reports import last_outcomes, source_reports
from luciole.runs import RunLog
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

_REPORTED: Final = (
    *("last_success", "state", "cause", "found", "expected", "undated", "guessed", "empty", "members_only", "copies"),
    *("failures", "failing_since", "frozen_since", "frozen_why", "gone_since"),
)
"""What the card of a blog takes over from its report."""
_UNHEARD: Final = Standing()


def night(
    store: ArticleStore,
    sources: Iterable[Source],
    standings: Mapping[str, Standing],
    history: RunLog,
    counts: Mapping[str, int],
    *,
    now: datetime,
    old: Night | None,
    held: Iterable[str] = (),
    vocabulary: Vocabulary | None = None,
) -> Night:
    """What readers may know of the blogs at the moment `now`. `counts`: how many documents of each source can be found; `old`: the night
    that was published before; `held` and `vocabulary`: see `Night`."""
    listed = sorted((source for source in sources if source.listed), key=_by_name)
    visits = last_outcomes(history, {source.id for source in listed if source.status == "active"})
    reports = source_reports(listed, store.figures(), standings, visits, history.last_success())
    run = history.last_closed()
    # A night that visited nobody (no contact set, all paused) is no visit.
    visited = run is not None and any(outcome.state != "skipped" for outcome in history.outcomes(run.id))
    cards = tuple(
        SourceCard(
            id=source.id,
            name=source.name,
            url=source.url,
            disciplines=source.disciplines,
            type=source.type,
            country=source.country,
            licence=source.licence,
            status=source.status,
            why=source.why,
            feeds=source.feeds or tuple(filter(None, (standings.get(source.id, _UNHEARD).feed,))),
            articles=counts.get(source.id, 0),
            **{name: getattr(report, name) for name in _REPORTED},
        )
        for source, report in zip(listed, reports[: len(listed)], strict=True)
    )
    return Night(
        published_at=now,
        crawled_at=(run.ended if run and visited else None) or (old.crawled_at if old else None),
        articles=sum(card.articles for card in cards),
        sources=cards,
        held=tuple(sorted(held)),
        vocabulary=vocabulary or Vocabulary(),
    )


def counts(night: Night) -> Counter[str]:
    """How many documents of each source could be found in a night."""
    return Counter({card.id: card.articles for card in night.sources})


def _by_name(source: Source) -> tuple[str, str]:
    """French alphabetical order: accents and case do not count."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", source.name) if not unicodedata.combining(letter))
    return plain.casefold(), source.id
