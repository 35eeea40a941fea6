"""The results by year: a row of doors, each with the bars of its years.

Pure. A door is a link that chooses its years. A finger needs 24 pixels (WCAG 2.2, 2.5.8), and a phone has room for eleven of those: so
there are up to three rows of the same bars, for narrow, middling and wide places, with doors of 1, 2, 5, 10 or 20 years. The style sheet
shows one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from api.address import MAX_VALUES
from api.french import number
from api.pictures.scale import Anchor, Shown, anchor, height, named_years
from indexer.results import YearCount

Place = Literal["etroit", "moyen", "large"]
Choice = Literal["all", "some", "none"]

MOST_YEARS: Final = 120
"""Years that are drawn at most, the latest ones."""

ROOM: Final[dict[Place, tuple[int, int]]] = {"etroit": (280, 11), "moyen": (480, 19), "large": (720, 29)}
"""The widths, in pixels, from which a row is shown (`luciole.css` has the same), and how many doors of 24 pixels fit there."""

WIDE: Final = ROOM["large"][0]
"""From this width on, more years are written."""

_SIZES: Final = (1, 2, 5, 10, 20)
_LABEL: Final = 34
_TIGHT: Final = 36
_EDGE: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One year. `x` and `width` in per cent of its door, `y` and `height` of the picture, `y` from its top. `peak`: the highest of all
    (the first, of equals), where its count is written, from `anchor`."""

    year: int
    count: int
    x: float
    width: float
    y: float
    height: float
    selected: bool
    peak: bool
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The years `first` to `last`, with `count` results. `turns`: the values of the filter to toggle, one after the other, when it is
    taken; none where there is nothing behind it. `named`: where its first year is written below it, or None."""

    first: int
    last: int
    count: int
    turns: tuple[str, ...]
    chosen: Choice
    named: Shown | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The doors, `size` years each, as they are shown in some `places`. `tight`: a door is narrower than a year written out."""

    size: int
    places: tuple[Place, ...]
    tight: bool
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """The picture: from `first` to `last`, `peak` the largest count of a year. `earlier`: results of years before the first drawn."""

    first: int
    last: int
    peak: int
    chosen: bool
    earlier: int
    rows: tuple[Row, ...]


def histogram(years: Iterable[YearCount]) -> Histogram | None:
    """The picture of these counts, from the first year that has results to the last; years that are missing between them count nothing,
    and a chosen year outside of them is not drawn: an address may name any. None where there is nothing to compare: no result, or a single
    year that is not chosen."""
    known = {one.year: one for one in years if one.count > 0 or one.selected}
    found = [year for year, one in known.items() if one.count > 0]
    if not found or (len(found) == 1 and not known[found[0]].selected):
        return None
    last = max(found)
    first = max(min(found), last - MOST_YEARS + 1)
    drawn = tuple(known.get(year, YearCount(year, 0)) for year in range(first, last + 1))
    peak = max(drawn, key=lambda one: one.count)
    return Histogram(
        first=first,
        last=last,
        peak=peak.count,
        chosen=any(one.selected for one in drawn),
        earlier=sum(one.count for one in known.values() if one.year < first),
        rows=_rows(drawn, peak),
    )


def bars_drawn(bars: Iterable[Bar]) -> Markup:
    """The bars of a door as SVG, in per cent of its picture; above the highest one its count. Numbers alone: nothing to escape. Written
    here, since a page holds forty bars of six numbers each: a template takes ten times as long for them."""
    return Markup("".join([_peaked(bar) if bar.peak else _rectangle(bar) for bar in bars]))  # noqa: S704 - made of numbers


def _rectangle(bar: Bar) -> str:
    selected = ' class="choisie"' if bar.selected else ""
    return f'<rect{selected} x="{bar.x}%" y="{bar.y}%" width="{bar.width}%" height="{bar.height}%"/>'


def _peaked(bar: Bar) -> str:
    x = round({"start": bar.x, "middle": bar.x + bar.width / 2, "end": bar.x + bar.width}[bar.anchor], 1)
    return f'{_rectangle(bar)}<text x="{x}%" y="-4" text-anchor="{bar.anchor}">{number(bar.count)}</text>'


def _rows(drawn: tuple[YearCount, ...], peak: YearCount) -> tuple[Row, ...]:
    places: dict[int, list[Place]] = {}
    for place, (_, doors) in ROOM.items():
        places.setdefault(_size(drawn[0].year, drawn[-1].year, doors), []).append(place)
    return tuple(_row(drawn, peak, size, tuple(shown)) for size, shown in places.items())


def _size(first: int, last: int, doors: int) -> int:
    """The fewest years a door must hold for all of them to fit."""
    return next((size for size in _SIZES if last // size - first // size < doors), _SIZES[-1])


def _row(drawn: tuple[YearCount, ...], peak: YearCount, size: int, places: tuple[Place, ...]) -> Row:
    by_year = {one.year: one for one in drawn}
    starts = range(drawn[0].year // size * size, drawn[-1].year + 1, size)
    held = tuple(one.year for one in drawn if one.selected)
    pixels = min(ROOM[place][0] for place in places)
    few, many = (named_years(starts[0], starts[-1], room // _LABEL, size) for room in (pixels, WIDE if "large" in places else pixels))
    doors = []
    for at, start in enumerate(starts):
        inside = tuple(by_year.get(year, YearCount(year, 0)) for year in range(start, start + size))
        across = (at / len(starts), 1 / len(starts))
        doors.append(
            Door(
                first=start,
                last=start + size - 1,
                count=sum(one.count for one in inside),
                turns=_turns(inside, held),
                chosen=_choice(inside),
                named="always" if start in few else "wide" if start in many else None,
                bars=tuple(_bar(one, peak, number, size, across) for number, one in enumerate(inside) if one.count > 0 or one.selected),
            )
        )
    return Row(size=size, places=places, tight=pixels / len(doors) < _TIGHT, doors=tuple(doors))


def _choice(inside: tuple[YearCount, ...]) -> Choice:
    if not any(one.selected for one in inside):
        return "none"
    return "all" if all(one.selected for one in inside if one.count > 0) else "some"


def _turns(inside: tuple[YearCount, ...], held: tuple[int, ...]) -> tuple[str, ...]:
    """A door with all its years chosen lets them go; any other chooses what is left, in the place of the years chosen before when an
    address could not hold them all."""
    if _choice(inside) == "all":
        return tuple(str(one.year) for one in inside if one.selected)
    wanted = tuple(one.year for one in inside if one.count > 0 and not one.selected)
    if len(wanted) + len(held) > MAX_VALUES:
        kept = {one.year for one in inside}
        wanted = (*(year for year in held if year not in kept), *wanted)
    return tuple(map(str, wanted))


def _bar(one: YearCount, peak: YearCount, number: int, size: int, across: tuple[float, float]) -> Bar:
    slot = 100 / size
    tall = height(one.count, peak.count)
    middle = 100 * (across[0] + across[1] * (number + 0.5) / size)
    return Bar(
        year=one.year,
        count=one.count,
        x=round(slot * number + slot * 0.1, 1),
        width=round(slot * 0.8, 1),
        y=round(100 - tall, 1),
        height=tall,
        selected=one.selected,
        peak=one.year == peak.year,
        anchor=anchor(middle, _EDGE),
    )
