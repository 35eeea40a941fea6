"""From a plan to tantivy's queries: how a term is weighed in each field.

Pure, values in and `tantivy.Query` objects out: a reader's text never reaches tantivy's own query language. The factors belong together
and were tuned together (search-engines.md section 3.2).
"""

from __future__ import annotations

from typing import Final

from tantivy import Occur, Query, Schema

from indexer.engines.embedded.conditions import fulfilling
from indexer.engines.embedded.schema import META_ID
from indexer.plan import Plan, TermGroup, Weighted
from indexer.query import FACETS, FacetRow

TITLE: Final = 1.0
"""A stem in the title, compared to one in the body."""
ABOUT: Final = 0.5
"""A word in the names of blog, authors and disciplines, compared to one in the body: found, but after what speaks of it."""
TIE: Final = 0.3
"""What the other fields and forms of one word add to the best one."""
EVERY_WORD: Final = 5.0
"""Added once to documents that hold every word of the query."""
NOTATION: Final = 0.4
"""A word in a formula or in code, compared to one in the body: these hold many short words that mean little."""
_BOOSTS: Final = (("title", TITLE), ("body", 1.0), ("about", ABOUT))
NEAR: Final = 0.6
NEAR_SLOP: Final = 2
"""Two words of the query standing together in the body, up to two places apart: those of the stop words between them."""


def matching(plan: Plan, schema: Schema, *, without: str | None = None) -> Query:
    """Everything that a plan finds, scored. `without` names a facet whose own filter is left out: its counts are disjunctive."""
    if plan.nothing:
        return Query.empty_query()
    musts = [_words(plan, schema)] if plan.groups else []
    musts += [_filter(row, plan.filters[row.name], schema) for row in FACETS if row.name in plan.filters and row.name != without]
    musts += [Query.const_score_query(fulfilling(one, schema), 0.0) for one in plan.required]
    barred = [fulfilling(one, schema) for one in plan.excluded]
    if not musts:
        musts = [Query.all_query()]
        barred.append(Query.term_query(schema, "id", META_ID, "basic"))  # where anything is asked for, it has none of the fields
    if plan.groups and len(musts) == 1 and not barred:
        return musts[0]
    return Query.boolean_query([*((Occur.Must, one) for one in musts), *((Occur.MustNot, one) for one in barred)])


def _words(plan: Plan, schema: Schema) -> Query:
    """Any of the words, better all of them, better still close together: one query, so that a rare word alone still finds."""
    groups = [_group(group, schema) for group in plan.groups]
    if len(groups) == 1:
        return groups[0]
    clauses = [(Occur.Should, group) for group in groups]
    every = Query.boolean_query([(Occur.Must, group) for group in groups])
    clauses.append((Occur.Should, Query.const_score_query(every, EVERY_WORD)))
    clauses.extend(
        (Occur.Should, Query.boost_query(Query.phrase_query(schema, "body", list(pair), slop=NEAR_SLOP), NEAR)) for pair in plan.pairs
    )
    # A pair never matches where its words do not: with the groups as Should, at least one of them has to be there.
    return Query.boolean_query(clauses)


def _group(group: TermGroup, schema: Schema) -> Query:
    fields = [
        *(_term(schema, field, one, boost) for one in group.stems for field, boost in _BOOSTS),
        *(_term(schema, f"{field}_x", one, boost) for one in group.forms for field, boost in _BOOSTS),
        *(_term(schema, "notation_x", one, NOTATION) for one in group.notation),
    ]
    return Query.disjunction_max_query(fields, TIE)


def _term(schema: Schema, field: str, one: Weighted, boost: float) -> Query:
    query = Query.term_query(schema, field, one.term, "freq")
    factor = one.weight * boost
    return query if factor == 1.0 else Query.boost_query(query, factor)


def _filter(row: FacetRow, values: tuple[str, ...], schema: Schema) -> Query:
    """Any of the values, scoring nothing."""
    return Query.const_score_query(Query.term_set_query(schema, row.field, list(values)), 0.0)
