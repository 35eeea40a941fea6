"""How every source stands, in one value each: what `luciole report` shows, and what is published with the index.

Owns what the record, the crawls and the curators' list say together, and its French words for whoever runs Luciole. Pure: it refuses to
know where those come from and how a report is laid out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from luciole.figures import Figures
from luciole.runs import STATE_LABELS, Outcome, RunLog
from luciole.sources import Source
from luciole.standing import Standing

_PARIS: Final = ZoneInfo("Europe/Paris")
_FURTHEST: Final = 30
"""Runs that are looked back at for the last visit of a source: a crawl of one blog says nothing of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How one source stands.

    `status` is a French phrase, `listing` the status in the list (active, paused, archived; None: not listed). `state` and `cause` say how
    the last visit went (`luciole.runs`; None: never visited), `seen`, `new`, `updated`, `failed` and `requests` what it did (`Outcome`),
    `last_success` when one last went well.

    `found` counts the articles in the record, duplicates and other languages included, `expected` those that the site says to have (None
    when it does not say); `undated`, `guessed`, `empty`, `members_only` and `copies` are among those found (`Figures`). `failures` nights
    in a row since `failing_since`. `frozen_since`, `frozen_why`: withheld, since it looks stolen or changed. `gone_since`: the whole site
    no longer answers.
    """

    source_id: str
    name: str
    status: str
    listing: str | None = None
    state: str | None = None
    cause: str = ""
    last_success: datetime | None = None
    found: int = 0
    expected: int | None = None
    undated: int = 0
    guessed: int = 0
    empty: int = 0
    members_only: int = 0
    copies: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    frozen_since: datetime | None = None
    frozen_why: str = ""
    gone_since: datetime | None = None
    seen: int = 0
    new: int = 0
    updated: int = 0
    failed: int = 0
    requests: int = 0

    @property
    def frozen(self) -> bool:
        """Whether readers see none of its articles."""
        return self.frozen_since is not None

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, ready for `json.dumps`: every field, moments as ISO text."""
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()} | {
            "frozen": self.frozen
        }


def source_reports(
    sources: Iterable[Source],
    figures: Mapping[str, Figures],
    standings: Mapping[str, Standing],
    outcomes: Mapping[str, Outcome],
    successes: Mapping[str, datetime],
) -> tuple[SourceReport, ...]:
    """One report for each source of the list, in its order, then one for each outcome that the list does not know: all of them, when it
    could not be read. All but `sources` by id of source, and each may be without it: nothing is known of a source before its first night.
    """
    listed = {source.id: source for source in sources}
    reports = (
        _report(one, listed.get(one), figures.get(one, Figures()), standings.get(one, Standing()), outcomes.get(one), successes.get(one))
        for one in dict.fromkeys((*listed, *outcomes))
    )
    return tuple(replace(one, status="hors de la liste") if listed and one.listing is None else one for one in reports)


def last_outcomes(log: RunLog, wanted: Collection[str]) -> dict[str, Outcome]:
    """How the last visit of each of these sources went, for those visited in one of the last runs."""
    found: dict[str, Outcome] = {}
    last = log.last()
    newest = last.id if last else 0
    for run_id in range(newest, max(0, newest - _FURTHEST), -1):
        for outcome in log.outcomes(run_id):
            if outcome.source_id in wanted:
                found.setdefault(outcome.source_id, outcome)
        if len(found) == len(wanted):
            break
    return found


def amount(found: int, expected: int | None) -> str:
    """«347 sur environ 360», «347» when nobody says how many there are."""
    return f"{_number(found)} sur environ {_number(expected)}" if expected is not None else _number(found)


def day(moment: datetime) -> str:
    """«03/03/2026», the day in Paris."""
    return f"{moment.astimezone(_PARIS):%d/%m/%Y}"


def _report(
    source_id: str,
    source: Source | None,
    figures: Figures,
    standing: Standing,
    outcome: Outcome | None,
    last_success: datetime | None,
) -> SourceReport:
    return SourceReport(
        source_id=source_id,
        name=source.name if source else source_id,
        status=_status(source, standing, outcome),
        listing=source.status if source else None,
        state=outcome.state if outcome else None,
        cause=outcome.cause if outcome else "",
        last_success=last_success,
        found=figures.articles,
        expected=standing.expected,
        undated=figures.undated,
        guessed=figures.guessed,
        empty=figures.empty,
        members_only=figures.members_only,
        copies=figures.copies,
        failures=standing.failures,
        failing_since=standing.failing_since,
        frozen_since=standing.frozen_at,
        frozen_why=standing.frozen_why,
        gone_since=standing.gone_since,
        seen=outcome.found if outcome else 0,
        new=outcome.new if outcome else 0,
        updated=outcome.updated if outcome else 0,
        failed=outcome.failed if outcome else 0,
        requests=outcome.requests if outcome else 0,
    )


def _status(source: Source | None, standing: Standing, outcome: Outcome | None) -> str:
    """The one thing to know of a source, what weighs most first."""
    if source and source.status == "paused":
        return "en pause"
    if standing.frozen_at:
        return f"en observation depuis le {day(standing.frozen_at)}"
    if standing.gone_since:
        return f"site disparu depuis le {day(standing.gone_since)}"
    if source and source.type == "video":
        return "chaîne vidéo, non fouillée"
    if source and source.status == "archived":
        return "archivé"
    if outcome is None:
        return "pas encore visité"
    if standing.failures > 1 and outcome.state in ("failed", "refused"):
        return f"{STATE_LABELS[outcome.state]} depuis {standing.failures} nuits"
    return STATE_LABELS[outcome.state]


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")
