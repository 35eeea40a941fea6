"""Generations: what an index says of itself, and what is kept of each generation beside the articles.

A publish changes the articles and the one document that names their generation in one transaction of the server; lexicon and night lie
ready in the other index before that, under the name of the generation, and are never changed. So whoever has read the name of a
generation together with hits knows what belongs to them. Owns those documents, both ways; it refuses to know queries.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Self

from meilisearch import Client
from meilisearch.errors import MeilisearchApiError

from indexer.engine import Meta
from indexer.engines.meili.counting import Counts, pieces, unpacked
from indexer.engines.meili.fields import META_ID, VERSION
from indexer.engines.meili.ranking import Collection
from indexer.engines.meili.server import Server
from indexer.lexicon import Lexicon
from indexer.night import Night
from luciole.errors import EngineUnavailable

_HINT: Final = "run: luciole index"


@dataclass(frozen=True, slots=True)
class Label:
    """The document that names a generation: up to which revision of the store it is true, by which version of settings and analysis, and in
    how many pieces its counts and its night are kept."""

    generation: str
    revision: int
    schema: str
    counts: int
    night: int

    @classmethod
    def fresh(cls, revision: int, counts: int, night: int) -> Self:
        """For a generation that is about to be published."""
        return cls(uuid.uuid4().hex[:12], revision, VERSION, counts, night)

    @classmethod
    def from_meili(cls, made: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            str(made["generation"]), int(made["revision"]), str(made["schema"]), int(made["counts_pieces"]), int(made["night_pieces"])
        )

    def to_meili(self) -> dict[str, Any]:
        """As it is sent with the articles."""
        return {
            "id": META_ID,
            "generation": self.generation,
            "revision": self.revision,
            "schema": self.schema,
            "counts_pieces": self.counts,
            "night_pieces": self.night,
        }

    def ids(self, kind: str) -> list[str]:
        """The documents beside the articles that hold the counts or the night, in order."""
        return [f"{self.generation}-{kind}-{number}" for number in range(self.counts if kind == "counts" else self.night)]


@dataclass(frozen=True)
class Edition:
    """A generation as it is read: its night, and its counts, from which lexicon and ranking follow."""

    label: Label
    night: Night
    counts: Counts = field(repr=False)

    @property
    def meta(self) -> Meta:
        """What the index says of itself."""
        return Meta(revision=self.label.revision, schema=self.label.schema, generation=self.label.generation, night=self.night)

    @cached_property
    def lexicon(self) -> Lexicon:
        """For planning."""
        return self.counts.lexicon()

    @cached_property
    def collection(self) -> Collection:
        """For ranking."""
        return self.counts.collection()


def edition(revision: int, night: Night, counts: Counts) -> tuple[Edition, list[dict[str, Any]]]:
    """A new generation, and the documents that hold it beside the articles."""
    packed = {"counts": list(counts.pieces()), "night": list(pieces(night.to_json()))}
    label = Label.fresh(revision, len(packed["counts"]), len(packed["night"]))
    kept = [
        {"id": one, "generation": label.generation, "data": data}
        for kind, parts in packed.items()
        for one, data in zip(label.ids(kind), parts, strict=True)
    ]
    return Edition(label, night, counts), kept


def read_label(server: Server) -> Label | None:
    """Which generation is live; None when there is none. Raises `EngineError`."""

    def question(client: Client) -> Label | None:
        try:
            found = client.http.get(f"indexes/{server.address.articles}/documents/{META_ID}")
        except MeilisearchApiError as error:
            if error.code in ("index_not_found", "document_not_found"):
                return None
            raise
        return Label.from_meili(found)

    return server.ask(question)


def read_edition(server: Server, label: Label, *, within: float | None = None) -> Edition | None:
    """A generation as a whole; None when its pieces are there no longer: another was published. Raises `EngineError`."""
    kept = dict(_pieces(server, [*label.ids("counts"), *label.ids("night")], within))
    if len(kept) < label.counts + label.night:
        return None

    def opened(client: Client) -> Edition:
        night = Night.from_json(unpacked([kept[one] for one in label.ids("night")]))
        return Edition(label, night, Counts.from_pieces([kept[one] for one in label.ids("counts")]))

    return server.ask(opened, again=False)


def unpublished() -> EngineUnavailable:
    """There is nothing to search."""
    return EngineUnavailable("nothing was indexed yet", hint=_HINT)


def _pieces(server: Server, ids: Iterable[str], within: float | None) -> Iterator[tuple[str, str]]:
    """Those of these pieces that are there, one request each: they are large."""
    for one in ids:

        def question(client: Client, one: str = one) -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = client.http.get(f"indexes/{server.address.meta}/documents/{one}")
            except MeilisearchApiError as error:
                if error.code in ("index_not_found", "document_not_found"):
                    return None
                raise
            return {"data": str(found["data"])}

        if found := server.ask(question, within=within):
            yield one, found["data"]
