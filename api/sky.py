"""The meadow of the home page: one light for each blog of the list.

Pure. A blog's place follows from its id alone, so that it keeps it from night to night; its size from its number of articles; it
shines when the last visit found it alive.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.night import SourceCard

_ALIVE = frozenset({"ok", "unchanged", "partial"})
_RHYTHMS = 7
_ROOM = 80
"""Lights that have room at their full size; more of them are smaller, so that together they cover no more of the meadow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One firefly. `x` and `y` in per cent of the meadow's width and height, `radius` of the whole glow in pixels; `rhythm` (0 to 6) says
    how it flickers, 0 not at all."""

    x: float
    y: float
    radius: float
    alive: bool
    rhythm: int
    name: str


def lights(cards: Iterable[SourceCard]) -> tuple[Light, ...]:
    """The lights of the list, in its order."""
    shown = tuple(cards)
    scale = math.sqrt(min(1.0, _ROOM / max(1, len(shown))))
    return tuple(_light(card, scale) for card in shown)


def _light(card: SourceCard, scale: float) -> Light:
    digest = hashlib.sha256(card.id.encode()).digest()
    across, above, low, rhythm = (int.from_bytes(digest[at : at + 4]) / 2**32 for at in (0, 4, 8, 12))
    alive = card.state in _ALIVE
    return Light(
        x=round(2 + 96 * across, 1),
        # Fireflies keep near the grass: the larger of two draws lies low more often.
        y=round(6 + 82 * max(above, low), 1),
        radius=round(scale * (4.5 + 2.2 * math.log1p(card.articles)), 1),
        alive=alive,
        rhythm=int(rhythm * _RHYTHMS) if alive else 0,
        name=card.name,
    )
