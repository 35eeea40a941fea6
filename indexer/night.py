"""What readers may know of the blogs and of the last night: the value that is published with every generation of the index.

The api reads nothing else about sources: what `/blogs` lists is of the same generation as what is searched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """One blog as readers see it. `articles` counts what can be found here; `state` and `cause` say how the last visit went
    (`luciole.runs`), `last_success` when it last went well."""

    id: str
    name: str
    url: str
    disciplines: tuple[str, ...]
    type: str
    country: str | None
    licence: str | None
    status: str
    why: str | None
    articles: int
    last_success: datetime | None = None
    state: str | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The state of the whole list at one publish. `sources` in the order of their names, paused ones left out."""

    published_at: datetime
    crawled_at: datetime | None
    articles: int
    sources: tuple[SourceCard, ...]

    def source(self, source_id: str) -> SourceCard | None:
        """The card of one blog."""
        return next((card for card in self.sources if card.id == source_id), None)
