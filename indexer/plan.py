"""The plan: what to look for, in terms that every engine can compile.

Owns the values only; `indexer.planner` makes them from a query and a lexicon. A term is a stem (matched in title and body)
or a surface form (folded, not stemmed); all text is folded, lower case, without elided articles (`Exactly` alone keeps every word).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from indexer.query import Sort
from indexer.results import Correction, Synonym, Understood

Origin = Literal["typed", "corrected", "completed"]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term with the factor that its score is multiplied by."""

    term: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class WeightedPhrase:
    """Stems at these distances from each other (stop words between them count), with the factor of their score."""

    stems: tuple[tuple[int, str], ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TermGroup:
    """One word of the reader: any of `stems` or `forms` satisfies it, the best one scores.

    `stems` are matched against the stems of title, prose and `IndexDocument.about`, `forms` against the unstemmed words, `notation` (the
    word as typed, or nothing) against the words of formulas and code; `surfaces` are the folded words to mark in a fragment. `origin` says
    whether the word is as typed, stands for a misspelt one, or completes the word being typed. `phrases` are expressions of several words
    that mean the same (`indexer.vocabulary`): their stems stand side by side in title or prose.
    """

    typed: str
    origin: Origin
    stems: tuple[Weighted, ...] = ()
    forms: tuple[Weighted, ...] = ()
    notation: tuple[Weighted, ...] = ()
    surfaces: tuple[str, ...] = ()
    phrases: tuple[WeightedPhrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Exactly:
    """These folded words, stop words and elided ones too, stand side by side in the title or in the text as readers see it. One word alone
    may also stand in a formula as it is read aloud (`IndexDocument.notation`)."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stems:
    """These stems stand in title or prose at these distances from each other (stop words between them count); one stem alone may also
    stand in a formula, as `word`."""

    stems: tuple[tuple[int, str], ...]
    word: str


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """One author's name holds every word of this key (`indexer.operators.name_key`)."""

    key: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A facet (its name in `indexer.query.FACETS`) has one of these values."""

    facet: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The article has a date, from `start` on and before `end`; None is no bound."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cites:
    """The article cites this DOI, in lower case."""

    doi: str


Condition = Exactly | Stems | WrittenBy | OneOf | Published | Cites
"""What an article fulfils or does not, without a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything an engine needs for one page.

    No groups means "browse": every document that fulfils the conditions matches, newest first. `pairs` are neighbouring stems that please
    the ranking when they stand close together in a body. `filters` and `facets` are names of `indexer.query.FACETS`. A document fulfils
    every one of `required` and none of `excluded`; facets are counted with them. `corrections`, `ignored`, `unknown` and `understood` are
    for the page, not for the engine, and so are `synonyms`; with `nothing` true no document can match (every word is unknown, or an
    operator names what does not exist). `cut` is true when there was more text, or more words, than is searched.

    A document satisfies at least `least` of the groups. `pinned` are ids of documents that match whatever their words, if they fulfil
    filters and conditions, and come first by relevance, in this order. `diverse`: the first hits by relevance are put into the order of
    `indexer.diversity.spread`. `titles_only`: groups are looked for in titles alone.
    """

    groups: tuple[TermGroup, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    required: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()
    facets: tuple[str, ...] = ()
    sort: Sort = "pertinence"
    offset: int = 0
    limit: int = 10
    corrections: tuple[Correction, ...] = ()
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    understood: tuple[Understood, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    least: int = 1
    pinned: tuple[str, ...] = ()
    diverse: bool = False
    titles_only: bool = False
    nothing: bool = False
    cut: bool = False
