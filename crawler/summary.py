"""The table at the end of a crawl: how each blog fared, in French, for a terminal or a log.

Owns the wording and the order (what needs a look comes last, where a terminal leaves it in sight).
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.report import CrawlReport
from luciole.runs import STATE_LABELS, Outcome

_ORDER = ("skipped", "unchanged", "ok", "partial", "refused", "failed")
_STYLES = {"ok": "green", "unchanged": "dim", "partial": "yellow", "failed": "red", "refused": "magenta", "skipped": "dim"}


def summary(report: CrawlReport) -> RenderableType:
    """The table of outcomes and one line of totals."""
    return Group(outcome_table(report.outcomes), Text(total_line(report)))


def outcome_table(outcomes: Iterable[Outcome]) -> Table:
    """One line for each source. Blogs' own words never reach the markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Blog", "État"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Vus", "Nouveaux", "Modifiés", "Échecs", "Requêtes"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Cause", overflow="fold")
    for one in sorted(outcomes, key=lambda one: (_ORDER.index(one.state), one.source_id)):
        figures = (one.found, one.new, one.updated, one.failed, one.requests)
        state = Text(STATE_LABELS[one.state], style=_STYLES[one.state])
        table.add_row(Text(one.source_id), state, *(Text(str(figure) if figure else "·") for figure in figures), Text(one.cause))
    return table


def total_line(report: CrawlReport) -> str:
    """The crawl in one sentence."""
    visited = [one for one in report.outcomes if one.state != "skipped"]
    new, updated, sent = (sum(getattr(one, name) for one in visited) for name in ("new", "updated", "requests"))
    states = {state: sum(one.state == state for one in visited) for state in ("partial", "refused", "failed")}
    unwell = [f"{count} {STATE_LABELS[state]}{'s' if count > 1 and state == 'refused' else ''}" for state, count in states.items() if count]
    parts = [
        _count(len(visited), "blog visité", "blogs visités"),
        _count(new, "nouvel article", "nouveaux articles"),
        _count(updated, "article modifié", "articles modifiés"),
        _count(sent, "requête", "requêtes"),
        f"{report.duration:.1f} s".replace(".", ","),
    ]
    return " · ".join(parts) + (f" · {', '.join(unwell)}" if unwell else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {many if number > 1 else one}"
