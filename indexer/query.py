"""What a reader asks: words, filters, an order, a page.

Owns the value `Query` and the table of facets. A facet is one row of `FACETS`: from it follow the fields of the engines, the parameters
of the address, and the groups of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Sort = Literal["pertinence", "date"]
FacetOrder = Literal["count", "value-descending"]

MAX_QUERY_CHARACTERS = 400
PAGE_SIZE = 10
MAX_RANKED = 1000
"""How many results can be paged through by relevance; by date there is no end."""


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One facet. `name` is the parameter in the address, `field` the attribute of `IndexDocument` and the field of the engines;
    `order` and `limit` say which values a page shows; `label` is the French heading. One that is not `shown` is counted only when it is
    asked for, and no address filters by it."""

    name: str
    field: str
    label: str
    multivalued: bool
    order: FacetOrder
    limit: int
    shown: bool = True


FACETS: tuple[FacetRow, ...] = (
    FacetRow("discipline", "disciplines", "Discipline", multivalued=True, order="count", limit=20),
    FacetRow("blog", "source_id", "Blog", multivalued=False, order="count", limit=15),
    FacetRow("auteur", "authors", "Auteur", multivalued=True, order="count", limit=15),
    FacetRow("annee", "year", "Année", multivalued=False, order="value-descending", limit=40),
    FacetRow("type", "source_type", "Type de source", multivalued=False, order="count", limit=10),
    FacetRow("mois", "month", "Mois", multivalued=False, order="value-descending", limit=1000, shown=False),
)
SHOWN: tuple[FacetRow, ...] = tuple(row for row in FACETS if row.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One request of a reader. `filters` maps a facet's name to the chosen values: any of them within a facet, all facets together.
    `page` counts from 1. `as_typed`: an unknown word is not corrected, the reader has seen the correction and declined."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sort: Sort = "pertinence"
    page: int = 1
    size: int = PAGE_SIZE
    as_typed: bool = False
