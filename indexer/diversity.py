"""Which order lets several blogs speak among the first results.

Pure: the blogs of the best hits go in, an order comes out. It refuses to know scores, plans and engines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

SPREAD: Final = 100
"""The best hits that are put in order; what follows stays as ranked."""
WINDOW: Final = 10
MOST: Final = 3
"""No blog takes more of each `WINDOW`, as long as others have hits among the best."""


def spread(blogs: Sequence[str]) -> list[int]:
    """The places of these hits (best first, their blogs given) in the order to show them.

    Window by window the best that are left are taken, but no more than `MOST` of a blog; when only such blogs are left, the best follow.
    The order depends on nothing but the hits themselves: pages of any size are slices of it.
    """
    left = list(range(len(blogs)))
    order: list[int] = []
    while left:
        taken: Counter[str] = Counter()
        window: list[int] = []
        for place in left:
            if len(window) == WINDOW:
                break
            if taken[blogs[place]] < MOST:
                taken[blogs[place]] += 1
                window.append(place)
        chosen = set(window)
        left = [place for place in left if place not in chosen]
        while left and len(window) < WINDOW:
            window.append(left.pop(0))
        order += window
    return order
