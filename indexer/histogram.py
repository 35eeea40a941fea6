"""How many results each year has, ready to be drawn: a pure function over the counts of the facet of years."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from indexer.results import YearCount

LONGEST_SPAN: Final = 120
"""Years in a row: from the first to the last found, those between without a result are told too. Where a date is wrong by centuries there
would be thousands of them, and only those with results are told."""
_YEAR: Final = re.compile("[1-9][0-9]{0,3}")


def histogram(counts: Mapping[str, int], chosen: Collection[str] = ()) -> tuple[YearCount, ...]:
    """The years of these counts, oldest first, with the years between them that have none; `chosen` ones even where nothing is found.
    What is no year from 1 to 9999 is left out."""
    found = {int(year): count for year, count in counts.items() if _YEAR.fullmatch(year)}
    selected = {int(year) for year in chosen if _YEAR.fullmatch(year)}
    years = set(found)
    if found and max(found) - min(found) < LONGEST_SPAN:
        years.update(range(min(found), max(found)))
    return tuple(YearCount(year, found.get(year, 0), year in selected) for year in sorted(years | selected))
