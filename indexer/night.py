"""What readers may know of the blogs and of the last night: the value that is published with every generation of the index.

The api reads nothing else about sources: what `/blogs` lists is of the same generation as what is searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from indexer.vocabulary import Vocabulary

_MOMENTS: Final = ("last_success", "gone_since", "frozen_since", "failing_since")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """One blog as readers see it. `articles` counts what can be found here; `state` and `cause` say how the last visit went
    (`luciole.runs`), `last_success` when it last went well. `feeds`: the addresses of its feeds that the list names,
    else the one that the crawl found.

    The rest is of `luciole.reports.SourceReport`, under the same names: `found` articles in the record (those that readers may not see
    included), of about `expected`; how many of them are `undated`, `guessed`, `empty`, for `members_only`, or `copies`; `failures` nights
    in a row since `failing_since`; since when and why the blog is withheld, and since when its whole site is gone.
    """

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
    found: int = 0
    expected: int | None = None
    undated: int = 0
    guessed: int = 0
    empty: int = 0
    members_only: int = 0
    copies: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    frozen_since: datetime | None = None
    frozen_why: str = ""
    gone_since: datetime | None = None
    feeds: tuple[str, ...] = ()

    @property
    def frozen(self) -> bool:
        """Whether readers see none of its articles: it looks stolen or changed."""
        return self.frozen_since is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The state of the whole list at one publish. `sources` in the order of their names, paused ones left out. `held`: ids of documents
    that are still found although the record no longer has them for readers (`indexer.losses`); they are counted like the others.
    `vocabulary`: the curators' synonyms and chosen answers."""

    published_at: datetime
    crawled_at: datetime | None
    articles: int
    sources: tuple[SourceCard, ...]
    held: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def source(self, source_id: str) -> SourceCard | None:
        """The card of one blog."""
        return next((card for card in self.sources if card.id == source_id), None)

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, ready for `json.dumps`: dates as ISO text, tuples as lists."""
        return {
            "published_at": _text(self.published_at),
            "crawled_at": _text(self.crawled_at),
            "articles": self.articles,
            "sources": [
                asdict(card)
                | {"disciplines": list(card.disciplines), "feeds": list(card.feeds)}
                | {name: _text(getattr(card, name)) for name in _MOMENTS}
                for card in self.sources
            ],
            "held": list(self.held),
            "vocabulary": self.vocabulary.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
        cards = (
            SourceCard(
                **{**card, "disciplines": tuple(card["disciplines"]), "feeds": tuple(card.get("feeds", ()))}
                | {name: _moment(card.get(name)) for name in _MOMENTS}
            )
            for card in data["sources"]
        )
        published_at = _moment(data["published_at"])
        if published_at is None:
            raise ValueError("published_at is missing")
        return cls(
            published_at=published_at,
            crawled_at=_moment(data["crawled_at"]),
            articles=data["articles"],
            sources=tuple(cards),
            held=tuple(data.get("held", ())),
            vocabulary=Vocabulary.from_json(data["vocabulary"]) if "vocabulary" in data else Vocabulary(),
        )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
