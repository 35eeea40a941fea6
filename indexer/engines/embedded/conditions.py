"""The conditions of a plan as tantivy's queries: what a document fulfils or does not, whatever its score.

Pure, values in and `tantivy.Query` objects out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tantivy import FieldType, Occur, Query, Schema

from indexer.engines.embedded.schema import DATED, moment_place
from indexer.plan import Cites, Condition, Exactly, OneOf, Published, Stems, WrittenBy
from indexer.query import FACETS

_FIELD: Final = {row.name: row.field for row in FACETS}
_LAST: Final = (1 << 64) - 1
_MANY: Final = 64
"""Values of one field that are looked for one by one."""


def fulfilling(condition: Condition, schema: Schema) -> Query:
    """The documents that fulfil a condition."""
    match condition:
        case Exactly(words):
            return _beside(schema, ("title_w", "body_w"), [*enumerate(words)], words[0])
        case Stems(stems, word):
            return _beside(schema, ("title", "body"), [*stems], word)
        case WrittenBy(key):
            return Query.term_query(schema, "author", key, "basic")
        case OneOf(facet, values):
            return any_of(_FIELD[facet], values, schema)
        case Published(start=start, end=end):
            return _published(schema, start, end)
        case Cites(doi):
            return Query.term_query(schema, "doi", doi, "basic")


def any_of(name: str, values: tuple[str, ...], schema: Schema) -> Query:
    """The documents that have one of these values in a field. For few of them a query of each is four times as fast as a set (measured):
    a set is looked up in the whole dictionary of the field."""
    if len(values) > _MANY:
        return Query.term_set_query(schema, name, list(values))
    return Query.boolean_query([(Occur.Should, Query.term_query(schema, name, one, "basic")) for one in values])


def _beside(schema: Schema, fields: tuple[str, ...], terms: list[tuple[int, str]], word: str) -> Query:
    """Terms at these distances in one of the fields. One alone is no phrase to tantivy (it panics), and may be a word of a formula."""
    if len(terms) == 1:
        found = [Query.term_query(schema, name, terms[0][1], "freq") for name in fields]
        found.append(Query.term_query(schema, "notation_x", word, "freq"))
    else:
        found = [Query.phrase_query(schema, name, list(terms)) for name in fields]
    return Query.boolean_query([(Occur.Should, one) for one in found])


def _published(schema: Schema, start: datetime | None, end: datetime | None) -> Query:
    first = DATED if start is None else moment_place(start)
    beyond = _LAST if end is None else moment_place(end)
    return Query.range_query(schema, "place", FieldType.Unsigned, first, beyond, include_upper=end is None)
