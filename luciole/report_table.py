"""The report on a terminal or in a log: a table, then what it has no room for.

Owns the layout, for eighty columns as for many, and the order (what needs a look comes last, where a terminal leaves it in sight). It
refuses to decide anything: every word of a source's state comes from `luciole.reports`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from luciole.reports import SourceReport, amount, day

WIDE: Final = 110
"""Columns from which on every figure has one of its own; below, they follow the table in words."""
_ORDER: Final = {"skipped": 0, None: 0, "unchanged": 1, "ok": 2, "partial": 3, "refused": 4, "failed": 5}
_GONE, _FROZEN = 6, 7
_STYLES: Final = ("dim", "dim", "green", "yellow", "magenta", "red", "red", "bold red")
_NAMED: Final = 5
_FIGURES: Final = (
    *(("undated", "sans date"), ("guessed", "à date devinée"), ("empty", "sans texte")),
    *(("members_only", "pour abonnés"), ("copies", "déjà ailleurs")),
)


class ReportTable:
    """Something that rich can print."""

    def __init__(self, reports: Iterable[SourceReport]) -> None:
        self._reports = sorted(reports, key=lambda one: (_rank(one), one.source_id))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = options.max_width >= WIDE
        yield self._table(wide)
        if not wide:
            yield from map(Text, self._figures())
        yield from self._causes()
        yield Text(self._totals())

    def _table(self, wide: bool) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("Blog", overflow="fold")
        table.add_column("État", overflow="fold")
        table.add_column("Lu le", no_wrap=True)
        table.add_column("Articles", justify="right", no_wrap=True)
        for heading in ("Sans date", "Date devinée", "Sans texte", "Abonnés", "Copies", "Échecs") if wide else ():
            table.add_column(heading, justify="right", no_wrap=True)
        for one in self._reports:
            cells = [
                Text(one.source_id),
                Text(one.status, _STYLES[_rank(one)]),
                Text(day(one.last_success) if one.last_success else "·"),
                Text(amount(one.found, one.expected) if one.found or one.expected else "·"),
            ]
            if wide:
                counts = (*(getattr(one, name) for name, _ in _FIGURES), one.failures)
                cells += [Text(str(count) if count else "·") for count in counts]
            table.add_row(*cells)
        return table

    def _figures(self) -> Iterable[str]:
        """What a narrow table leaves out, for the blogs that have something of it."""
        for one in self._reports:
            told = [f"{count} {label}" for name, label in _FIGURES if (count := getattr(one, name))]
            if one.failures:
                told.append(f"{one.failures} échec{'s' if one.failures > 1 else ''} de suite")
            if told:
                yield f"{one.source_id} : {', '.join(told)}"

    def _causes(self) -> Iterable[Text]:
        """Why a blog is not well, each cause in full; blogs that were not visited are told together, by reason."""
        reasons: dict[str, list[str]] = {}
        for one in self._reports:
            if one.frozen_why and one.frozen:
                yield Text(f"{one.source_id} : {one.frozen_why}", _STYLES[_rank(one)])
            if one.state == "skipped":
                reasons.setdefault(one.cause, []).append(one.source_id)
            elif one.cause:
                yield Text(f"{one.source_id} : {one.cause}", _STYLES[_rank(one)])
        for cause, ids in reasons.items():
            named = f" ({', '.join(ids)})" if len(ids) <= _NAMED else ""
            noun = "blogs non visités" if len(ids) > 1 else "blog non visité"
            yield Text(f"{len(ids)} {noun}{named} : {cause}", "dim")

    def _totals(self) -> str:
        """The whole list in one line."""
        found, blogs = sum(one.found for one in self._reports), len(self._reports)
        parts = [f"{blogs} blog{'s' if blogs > 1 else ''}", f"{amount(found, None)} article{'s' if found > 1 else ''}"]
        holes = sum(one.expected is not None and one.found < one.expected for one in self._reports)
        gone, frozen = (sum(_rank(one) == rank for one in self._reports) for rank in (_GONE, _FROZEN))
        failing = sum(one.failures > 0 and not one.gone_since for one in self._reports)
        for count, words in (
            (holes, "à compléter"),
            (failing, "en échec"),
            (gone, "disparu" if gone == 1 else "disparus"),
            (frozen, "en observation"),
        ):
            if count:
                parts.append(f"{count} {words}")
        return " · ".join(parts)


def _rank(one: SourceReport) -> int:
    """How much a source needs a look."""
    if one.listing == "paused":
        return 0
    return _FROZEN if one.frozen else _GONE if one.gone_since else _ORDER[one.state]
