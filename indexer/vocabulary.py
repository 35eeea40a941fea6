"""What curators add to the search by hand: words that mean the same, and answers chosen for a query.

Owns the value that is published with every generation (`Night.vocabulary`). It refuses to know the file that curators edit
(`vocabulaire.yaml`) and how a plan uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Pin:
    """Articles (ids, in order) that come first when a reader asks one of these queries, and no more than that."""

    queries: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """`synonyms`: groups of expressions (one word or several, as curators write them) of which each stands for all."""

    synonyms: tuple[tuple[str, ...], ...] = ()
    pins: tuple[Pin, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, ready for `json.dumps`."""
        return {
            "synonyms": [list(group) for group in self.synonyms],
            "pins": [{"queries": list(pin.queries), "articles": list(pin.articles)} for pin in self.pins],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`. Raises KeyError or TypeError for anything else."""
        return cls(
            synonyms=tuple(tuple(group) for group in data["synonyms"]),
            pins=tuple(Pin(tuple(pin["queries"]), tuple(pin["articles"])) for pin in data["pins"]),
        )
