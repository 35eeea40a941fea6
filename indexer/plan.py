"""The plan: what to look for, in terms that every engine can compile.

Owns the values only; `indexer.planner` makes them from a query and a lexicon. A term is a stem (matched in title and body)
or a surface form (folded, not stemmed); all text is folded, lower case, without elided articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from indexer.query import Sort
from indexer.results import Correction

Origin = Literal["typed", "corrected", "completed"]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term with the factor that its score is multiplied by."""

    term: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TermGroup:
    """One word of the reader: any of `stems` or `forms` satisfies it, the best one scores.

    `stems` are matched against the stems of title, prose and `IndexDocument.about`, `forms` against the unstemmed words, `notation` (the
    word as typed, or nothing) against the words of formulas and code; `surfaces` are the folded words to mark in a fragment. `origin` says
    whether the word is as typed, stands for a misspelt one, or completes the word being typed.
    """

    typed: str
    origin: Origin
    stems: tuple[Weighted, ...] = ()
    forms: tuple[Weighted, ...] = ()
    notation: tuple[Weighted, ...] = ()
    surfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything an engine needs for one page.

    No groups means "browse": every document matches, newest first. `pairs` are neighbouring stems that please the ranking when they
    stand close together in a body. `filters` and `facets` are names of `indexer.query.FACETS`. `corrections`, `ignored` and `unknown`
    are for the page, not for the engine; with `nothing` true no document can match (every word is unknown). `cut` is true when there was
    more text, or more words, than is searched.
    """

    groups: tuple[TermGroup, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    facets: tuple[str, ...] = ()
    sort: Sort = "pertinence"
    offset: int = 0
    limit: int = 10
    corrections: tuple[Correction, ...] = ()
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    nothing: bool = False
    cut: bool = False
