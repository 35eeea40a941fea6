"""The posts of one blog, month by month: the shape of its life.

Pure. Owns the reading of months («2015-03»), their names, and the outline of the bars: one step for each month, nothing smoothed, a month
without a post is a gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.pictures.scale import Anchor, Shown, anchor, height, time_marks

MOST_MONTHS: Final = 30 * 12
"""Months that are drawn at most, the latest ones."""

NARROW_LABELS: Final = 6
WIDE_LABELS: Final = 15
_APART: Final = 72
"""Up to so many months there is room for a little dark between two bars."""

_PEAK_EDGE: Final = 30.0  # for words as long as «12 en septembre 2014»
_YEAR_EDGE: Final = 5.0
_FORM: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_NAMES: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMark:
    """A year below the axis, where its January begins: `x` in per cent. `text` is empty for a stroke alone; `shown`: where the words
    are written."""

    x: float
    text: str
    shown: Shown
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The picture. `outline`: the path of the bars, in a box `width` months wide and 100 high. `first` to `last`: the months of the first
    and the last post, in words, `until` the end of the axis; `peak` the largest count, reached in `peaks` months, `peak_month` the first
    of them, whose bar has its middle at `peak_x` per cent. `table`: (year, posts), years without any included. `earlier`: posts before
    what is drawn."""

    total: int
    first: str
    last: str
    until: str
    peak: int
    peaks: int
    peak_month: str
    peak_x: float
    peak_anchor: Anchor
    width: int
    outline: str
    marks: tuple[YearMark, ...]
    table: tuple[tuple[int, int], ...]
    earlier: int


def months(counts: Mapping[str, int], until: str | None = None) -> Months | None:
    """The picture of these counts by month («2015-03»). `until`: a later month up to which the axis goes, so that a silence shows. Months
    that are none, and counts that are not above 0, are left out; None where nothing is left."""
    known = {at: count for text, count in counts.items() if (at := _index(text)) is not None and count > 0}
    if not known:
        return None
    end = max(known)
    until_index = _index(until) if until else None
    if until_index is not None:
        end = max(end, until_index)
    start = max(min(known), end - MOST_MONTHS + 1)
    shown = {at: count for at, count in known.items() if at >= start}
    if not shown:  # all of it lies further back than is drawn: then its own time counts, not ours
        return months(counts)
    peak = max(shown, key=lambda at: (shown[at], -at))
    width = end - start + 1
    peak_x = round(100 * (peak - start + 0.5) / width, 1)
    return Months(
        total=sum(shown.values()),
        first=_name(min(shown)),
        last=_name(max(shown)),
        until=_name(end),
        peak=shown[peak],
        peaks=sum(count == shown[peak] for count in shown.values()),
        peak_month=_name(peak),
        peak_x=peak_x,
        peak_anchor=anchor(peak_x, _PEAK_EDGE),
        width=width,
        outline=_outline(shown, start, end, shown[peak]),
        marks=_marks(start, end),
        table=tuple(
            (year, sum(count for at, count in shown.items() if at // 12 == year)) for year in range(start // 12, max(shown) // 12 + 1)
        ),
        earlier=sum(count for at, count in known.items() if at < start),
    )


def _index(text: str) -> int | None:
    """The month as a number of months; None for what is no month."""
    found = _FORM.fullmatch(text)
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def _name(at: int) -> str:
    return f"{_NAMES[at % 12]} {at // 12}"


def _outline(shown: Mapping[int, int], start: int, end: int, most: int) -> str:
    apart = end - start < _APART
    parts: list[str] = []
    for at in range(start, end + 1):
        tall = height(shown.get(at, 0), most)
        if not tall:
            continue
        top, left = _short(round(100 - tall, 1)), at - start
        if apart:
            parts.append(f"M{left + 0.1:.1f} 100V{top}h.8V100z")
        elif shown.get(at - 1, 0) > 0 and parts:
            parts.append(f"V{top}h1")
        else:
            parts.append(f"M{left} 100V{top}h1")
        if not apart and shown.get(at + 1, 0) <= 0:
            parts.append("V100z")
    return "".join(parts)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _marks(start: int, end: int) -> tuple[YearMark, ...]:
    januaries = range(-(-start // 12), end // 12 + 1)
    width = end - start + 1
    if len(januaries) < 2:
        words = (YearMark(x=0.0, text=_name(start), shown="always", anchor="start"),)
        return words if start == end else (*words, YearMark(x=100.0, text=_name(end), shown="always", anchor="end"))
    named = dict(time_marks(januaries[0], januaries[-1], NARROW_LABELS, WIDE_LABELS))
    marks = []
    for year in januaries:
        x = round(100 * (year * 12 - start) / width, 1)
        marks.append(YearMark(x=x, text=str(year) if year in named else "", shown=named.get(year, "always"), anchor=anchor(x, _YEAR_EDGE)))
    return tuple(marks)
