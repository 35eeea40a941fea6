"""Where things stand along an axis: heights in per cent, and which years are named below.

Pure. Every number is rounded to a tenth. Knows nothing of what is counted.
"""

from __future__ import annotations

from typing import Final, Literal

Anchor = Literal["start", "middle", "end"]
"""Where a label lies from its point, as SVG's `text-anchor` has it."""

Shown = Literal["always", "narrow", "wide"]
"""Where a label is written: wherever the picture is, or only in a narrow or a wide place."""

FLOOR: Final = 2.0
"""The height of the smallest bar, in per cent: what is there is seen, however much more there is elsewhere."""

STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Distances between round years."""


def height(count: int, most: int) -> float:
    """The height of a bar, 0 to 100, in proportion to the largest, `most`; 0 for nothing, `FLOOR` or more for something."""
    if count <= 0 or most <= 0:
        return 0.0
    return max(FLOOR, round(100 * min(count, most) / most, 1))


def named_years(first: int, last: int, room: int, size: int = 1) -> tuple[int, ...]:
    """The years to write below bars that have room for `room` of them (2 or more): all of them, or the first, the last, and between them
    the multiples of 5, 10 and so on. Years come in groups of `size`; only the first of a group can be named."""
    gap = -(-(last - first + size) // max(room, 1))
    if gap <= size:
        return tuple(range(first, last + 1, size))
    step = next((one for one in STEPS if one >= max(gap, 5) and one % size == 0), STEPS[-1])
    between = (year for year in range(-(-first // step) * step, last, step) if year - first >= gap and last - year >= gap)
    return (first, *between, last) if last - first >= gap else (first,)


def round_years(first: int, last: int, room: int) -> tuple[int, ...]:
    """The round years to write along an axis of time, at one distance: at most `room` (2 or more); the two ends where that leaves fewer
    than two."""
    step = next((one for one in STEPS if last // one - (first - 1) // one <= room), STEPS[-1])
    years = tuple(range(-(-first // step) * step, last + 1, step))
    return years if len(years) > 1 else tuple(sorted({first, last}))


def time_marks(first: int, last: int, narrow: int, wide: int) -> tuple[tuple[int, Shown], ...]:
    """The round years along an axis of time that has room for `narrow` of them on a phone and for `wide` elsewhere, each with where it is
    written: the wider row may leave out what the narrow one names."""
    few, many = set(round_years(first, last, narrow)), set(round_years(first, last, wide))
    return tuple((year, "always" if year in few & many else "narrow" if year in few else "wide") for year in sorted(few | many))


def anchor(place: float, edge: float) -> Anchor:
    """From where to write at a place (0 to 100 across), so that words stay inside: away from a side that is nearer than `edge`."""
    return "start" if place < edge else "end" if place > 100 - edge else "middle"
