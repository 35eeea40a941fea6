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
_NAMED = 5
_STYLES = {"ok": "green", "unchanged": "dim", "partial": "yellow", "failed": "red", "refused": "magenta", "skipped": "dim"}


def summary(report: CrawlReport) -> RenderableType:
    """The table of outcomes, what needs a look, and one line of totals."""
    return Group(outcomes_view(report.outcomes), Text(total_line(report)))


def outcomes_view(outcomes: Iterable[Outcome]) -> RenderableType:
    """One line for each source that was visited, then the causes of what did not go well, each in full: a cause squeezed into a column is
    one that nobody reads. Sources that were not visited are told together, by reason. Blogs' own words never reach the markup."""
    ordered = sorted(outcomes, key=lambda one: (_ORDER.index(one.state), one.source_id))
    visited = [one for one in ordered if one.state != "skipped"]
    parts: list[RenderableType] = [_table(visited)] if visited else []
    parts += [Text(f"{one.source_id} : {STATE_LABELS[one.state]}, {one.cause}", _STYLES[one.state]) for one in visited if one.cause]
    reasons: dict[str, list[str]] = {}
    for one in ordered:
        if one.state == "skipped":
            reasons.setdefault(one.cause, []).append(one.source_id)
    for cause, ids in reasons.items():
        named = f" ({', '.join(ids)})" if len(ids) <= _NAMED else ""
        parts.append(Text(f"{_count(len(ids), 'blog non visité', 'blogs non visités')}{named} : {cause}", _STYLES["skipped"]))
    return Group(*parts)


def _table(outcomes: Iterable[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Blog", overflow="fold")
    table.add_column("État", no_wrap=True)
    for heading in ("Vus", "Nouv.", "Modif.", "Échecs", "Requêtes"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in outcomes:
        figures = (one.found, one.new, one.updated, one.failed, one.requests)
        state = Text(STATE_LABELS[one.state], style=_STYLES[one.state])
        table.add_row(Text(one.source_id), state, *(Text(str(figure) if figure else "·") for figure in figures))
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
    if unwell:
        parts.append(", ".join(unwell))
    if not report.finished and not report.interrupted:
        parts.append("visite inachevée, la prochaine la reprend")
    return " · ".join(parts)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {many if number > 1 else one}"
