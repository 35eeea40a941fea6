"""What a reader gets: hits with marked fragments, facets with true counts, and what was done to the words.

Values only, in plain text: `api` escapes them once, in its templates, and turns marks into `<mark>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from indexer.query import Query


@dataclass(frozen=True, slots=True)
class Fragment:
    """Plain text with the ranges to mark: (start, end) in code points, in order, never overlapping. `notation`: in the same way, the ranges
    that are formulas or code; marks may lie inside them."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    notation: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found. `disciplines` are ids of `luciole.disciplines`; `date` is aware, in UTC, and None
    when only the day of the first sighting is known; `excerpt` never hides that text was cut: it begins or ends with an ellipsis then. It
    is empty when the author wants none. `members_only` says that the article itself is for members of the blog. When the whole site no
    longer answers, `gone_since` says since when, and `archive` is an address of the web archive, unless the author wants no copy shown.
    `pinned`: curators chose it as an answer to this query. `source_type` is one of `luciole.sources.TYPES`; `source_why` says why curators
    trust the blog, where they wrote it down; `dois` are those that it cites, in lower case."""

    id: str
    url: str
    title: Fragment
    excerpt: Fragment
    source_id: str
    source_name: str
    authors: tuple[str, ...]
    date: datetime | None
    disciplines: tuple[str, ...]
    words: int
    members_only: bool = False
    gone_since: datetime | None = None
    archive: str | None = None
    pinned: bool = False
    source_type: str = ""
    source_why: str | None = None
    dois: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a facet: how many results it would leave, whether it is chosen now. `label` is for readers."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One group of values. `name` is the parameter of the address."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no article holds, as the reader typed it, and the words searched in its place."""

    typed: str
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word or an expression as the reader typed it, and what was searched beside it, as curators write it."""

    typed: str
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many results are of one year (of Paris); `selected`: it is chosen now."""

    year: int
    count: int
    selected: bool = False


OperatorName = Literal["phrase", "mot", "auteur", "blog", "discipline", "avant", "apres", "doi"]
"""The operators: an exact phrase, a word to do without, and those with a colon."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An operator as the reader typed it, and what it was taken for: `labels` are for readers (what stands in quotes, the names of the
    blogs or disciplines meant, a day, a DOI). `known`: false when it names what does not exist here; then it finds nothing or, with
    `excluded`, keeps nothing out."""

    name: OperatorName
    typed: str
    labels: tuple[str, ...]
    excluded: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of results, read from one generation of the index.

    `total` counts every article found, `pages` the pages that can be reached (`MAX_RANKED` by relevance). `ignored` are the words that
    were dropped (too common, or beyond the limits), `unknown` those that nothing resembles, and of exact phrases, where nothing is
    corrected, those that no article holds; `searched` counts the words that were looked
    for: with none of them and nothing unknown, these are all articles, newest first. `cut` is true when there was more than is searched
    (`ignored` then names the first words left out). `operators` tells what each operator was taken for. A page past the end has no hits,
    and the right `total` and `pages`.

    `years` counts the results by year, oldest first, with every filter but that of the year. `whole`: how many of the results hold enough
    of the words, where the others hold some of them only; None where all do. `published_at`: when the generation was published.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    pages: int
    facets: tuple[Facet, ...]
    corrections: tuple[Correction, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]
    generation: str
    searched: int
    cut: bool = False
    operators: tuple[Understood, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    years: tuple[YearCount, ...] = ()
    whole: int | None = None
    published_at: datetime | None = None

    @property
    def partial(self) -> bool:
        """Whether no article holds enough of the words, and these hold some of them."""
        return self.whole == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What a text being typed may become. `texts`: whole queries, written as the articles write their words; `titles`: articles whose
    titles hold the words, as (id, title). All of one generation."""

    texts: tuple[str, ...]
    titles: tuple[tuple[str, str], ...]
    generation: str
