"""The two pictures of the whole list: articles by year for each discipline, and the blogs as fireflies.

Pure. Owns which years are drawn, one scale for all disciplines, and each blog's place in the sky. What a discipline is called is not known
here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from api.pictures.scale import Anchor, Shown, anchor, height, time_marks
from indexer.document import PARIS
from indexer.night import SourceCard

MOST_YEARS: Final = 30
"""Years that the disciplines are drawn over at most, the latest ones."""

TALLEST: Final = 11.0
"""The height of the highest bar of all, in em of a picture's words: panels are as high as they need, on one scale."""

MOST_SKY_YEARS: Final = 40
"""Years that the sky reaches back at most; an older blog stands at its edge."""

LIT: Final = timedelta(days=365)
"""A blog shines when its last article is not older."""

_PEAK_EDGE: Final = 12.0
_NARROW_LABELS, _WIDE_LABELS = 5, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBar:
    """One year of one discipline: `x` and `width` in per cent of its panel, `y`, from the panel's top, and `height` in em. `under_way`: the
    year is not over."""

    year: int
    count: int
    x: float
    width: float
    y: float
    height: float
    under_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One discipline: its bars in a panel `height` em high, which the highest fills, and how far across its count (`peak`, in
    `peak_year`, the first of those that have as many; `peak_shared`: there are others) is written. `total` counts what is drawn; `counts`
    is for every year from the first to the last."""

    discipline: str
    total: int
    height: float
    peak: int
    peak_year: int
    peak_shared: bool
    peak_x: float
    peak_anchor: Anchor
    bars: tuple[YearBar, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """All disciplines on one scale, the largest first, over the years `first` to `last`. `under_way`: the last of them is not over.
    `undrawn`: articles of other years, those of several disciplines counted in each."""

    first: int
    last: int
    under_way: bool
    undrawn: int
    panels: tuple[Panel, ...]

    @property
    def years(self) -> range:
        """Every year drawn."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firefly:
    """One blog: `x` and `y` in per cent of the sky, `lit` when it published within a year."""

    id: str
    name: str
    x: float
    y: float
    lit: bool
    articles: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SkyMark:
    """A year on the ground (`at` across) or a number of articles (`at` from the top), in per cent. `shown`: where it is
    written."""

    at: float
    value: int
    shown: Shown = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """The fireflies, those that do not shine first, so that light lies over dark. `as_old`, `as_large`: how many others began on the day
    of the oldest, or have as many articles as the largest. `left_out`: blogs of which no dated article is here."""

    flies: tuple[Firefly, ...]
    years: tuple[SkyMark, ...]
    levels: tuple[SkyMark, ...]
    lit: int
    oldest: Firefly
    as_old: int
    largest: Firefly
    as_large: int
    left_out: int


def disciplines_by_year(counts: Mapping[str, Mapping[int, int]], this_year: int) -> Panels | None:
    """One panel for each discipline (id → year → articles). Years to come are not drawn. None where there is nothing to draw."""
    first, last = this_year - MOST_YEARS + 1, this_year
    drawn = {
        name: {year: count for year, count in by_year.items() if first <= year <= last and count > 0} for name, by_year in counts.items()
    }
    drawn = {name: by_year for name, by_year in drawn.items() if by_year}
    if not drawn:
        return None
    first, last = (choose(year for by_year in drawn.values() for year in by_year) for choose in (min, max))
    most = max(count for by_year in drawn.values() for count in by_year.values())
    panels = [_panel(name, by_year, range(first, last + 1), most, this_year) for name, by_year in drawn.items()]
    every = sum(count for by_year in counts.values() for count in by_year.values() if count > 0)
    return Panels(
        first=first,
        last=last,
        under_way=last == this_year,
        undrawn=every - sum(panel.total for panel in panels),
        panels=tuple(sorted(panels, key=lambda panel: (-panel.total, panel.discipline))),
    )


def fireflies(cards: Iterable[SourceCard], spans: Mapping[str, tuple[datetime, datetime]], now: datetime) -> Sky | None:
    """The blogs of the list by the day of their first article found and their number of articles. `spans`: the first and the last day for
    each source's id, aware. Blogs that are withheld are not spoken of. None where there is nothing to draw."""
    shown = [card for card in cards if not card.frozen]
    known = [card for card in shown if card.articles > 0 and card.id in spans]
    if not known:
        return None
    start, end = _axis((min(spans[card.id]) for card in known), now)
    top = max(10, *(card.articles for card in known))
    flies = [_firefly(card, spans[card.id], start, end, top, now) for card in known]
    oldest = min(flies, key=lambda fly: (fly.first, fly.id))
    largest = min(flies, key=lambda fly: (-fly.articles, fly.id))
    return Sky(
        flies=tuple(sorted(flies, key=lambda fly: (fly.lit, fly.id))),
        years=_year_marks(start, end),
        levels=tuple(SkyMark(at=_up(10**power, top), value=10**power) for power in range(len(str(top)))),
        lit=sum(fly.lit for fly in flies),
        oldest=oldest,
        as_old=sum(_day(fly.first) == _day(oldest.first) for fly in flies) - 1,
        largest=largest,
        as_large=sum(fly.articles == largest.articles for fly in flies) - 1,
        left_out=len(shown) - len(known),
    )


def _panel(name: str, by_year: Mapping[int, int], years: range, most: int, this_year: int) -> Panel:
    slot = 100 / len(years)
    tall = {year: round(TALLEST * height(count, most) / 100, 2) for year, count in by_year.items()}
    ceiling = max(tall.values())
    bars = tuple(
        YearBar(
            year=year,
            count=count,
            x=round(slot * (year - years[0]) + slot * 0.1, 1),
            width=round(slot * 0.8, 1),
            y=round(ceiling - tall[year], 2),
            height=tall[year],
            under_way=year == this_year,
        )
        for year, count in sorted(by_year.items())
    )
    peak = max(bars, key=lambda bar: (bar.count, -bar.year))
    side = anchor(peak.x + peak.width / 2, _PEAK_EDGE)
    return Panel(
        discipline=name,
        total=sum(by_year.values()),
        height=ceiling,
        peak=peak.count,
        peak_year=peak.year,
        peak_shared=sum(bar.count == peak.count for bar in bars) > 1,
        peak_x=round({"start": peak.x, "middle": peak.x + peak.width / 2, "end": peak.x + peak.width}[side], 1),
        peak_anchor=side,
        bars=bars,
        counts=tuple(by_year.get(year, 0) for year in years),
    )


def _axis(firsts: Iterable[datetime], now: datetime) -> tuple[float, float]:
    """From the year of the oldest to now, in years with their fraction; two years at least."""
    end = _year(now)
    oldest = max(min(firsts).astimezone(UTC).year, int(end) - MOST_SKY_YEARS + 1)
    return float(min(oldest, int(end) - 1)), end


def _firefly(card: SourceCard, span: tuple[datetime, datetime], start: float, end: float, top: int, now: datetime) -> Firefly:
    first, last = min(span), max(span)
    return Firefly(
        id=card.id,
        name=card.name,
        x=_across(_year(first), start, end),
        y=_up(card.articles, top),
        lit=now - last <= LIT,
        articles=card.articles,
        first=first,
        last=last,
    )


def _day(moment: datetime) -> date:
    """The day that readers are told."""
    return moment.astimezone(PARIS).date()


def _year(moment: datetime) -> float:
    """2015.5 for the middle of 2015."""
    local = moment.astimezone(UTC)
    return local.year + (local.timetuple().tm_yday - 1) / 366


def _across(year: float, start: float, end: float) -> float:
    return round(100 * (min(max(year, start), end) - start) / (end - start), 1)


def _up(articles: int, top: int) -> float:
    return round(100 - 100 * math.log(articles) / math.log(top), 1)


def _year_marks(start: float, end: float) -> tuple[SkyMark, ...]:
    first, last = int(start), int(end)
    return tuple(
        SkyMark(at=_across(year, start, end), value=year, shown=shown)
        for year, shown in time_marks(first, last, _NARROW_LABELS, _WIDE_LABELS)
    )
