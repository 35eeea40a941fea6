"""From a plan to tantivy's queries: how a term is weighed in each field.

Pure, values in and `tantivy.Query` objects out: a reader's text never reaches tantivy's own query language. The factors belong together
and were tuned together (search-engines.md section 3.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from tantivy import Occur, Query, Schema

from indexer.analysis import stem
from indexer.engines.embedded.conditions import any_of, fulfilling
from indexer.engines.embedded.schema import META_ID
from indexer.plan import Plan, TermGroup, Weighted, WeightedPhrase
from indexer.query import FACETS, FacetRow

TITLE: Final = 1.2
"""A stem in the title, compared to one in the body."""
ABOUT: Final = 0.5
"""A word in the names of blog, authors and disciplines, compared to one in the body: found, but after what speaks of it."""
TIE: Final = 0.3
"""What the other fields and forms of one word add to the best one."""
EVERY_WORD: Final = 3.0
"""Added once to documents that hold every word of the query."""
NOTATION: Final = 0.4
"""A word in a formula or in code, compared to one in the body: these hold many short words that mean little."""
_BOOSTS: Final = (("title", TITLE), ("body", 1.0), ("about", ABOUT))
_TITLES: Final = (("title", TITLE),)
NEAR: Final = 0.6
NEAR_SLOP: Final = 2
"""Two words of the query standing together in the body, up to two places apart: those of the stop words between them."""

PINNED: Final = 1e8
"""The score of the last of the pinned documents: words never score a ten-thousandth of it."""
PINNED_STEP: Final = 256.0
"""From one pinned document to the one before it. Scores are multiplied by what date and source weigh, up to 102 times more for one document
than for another. Ten steps stay far below the 3e38 that a score can be, and each is told apart in its 24 bits."""


def matching(plan: Plan, schema: Schema) -> Query:
    """Everything that a plan finds, scored."""
    return _narrowed(_pinned(_words(plan, schema), plan, schema) if plan.groups else None, plan, schema)


def countable(plan: Plan, schema: Schema) -> Callable[..., Query]:
    """What makes the same queries to be counted, not scored. With `without`, the name of a facet whose own filter is left out: its counts
    are disjunctive."""
    return partial(_narrowed, _pinned(_enough(plan, schema), plan, schema) if plan.groups else None, plan, schema)


def _narrowed(words: Query | None, plan: Plan, schema: Schema, *, without: str | None = None) -> Query:
    """What the words find, as far as filters and conditions let it through."""
    if plan.nothing:
        return Query.empty_query()
    musts = [words] if words else []
    musts += [_filter(row, plan.filters[row.name], schema) for row in FACETS if row.name in plan.filters and row.name != without]
    musts += [Query.const_score_query(fulfilling(one, schema), 0.0) for one in plan.required]
    barred = [fulfilling(one, schema) for one in plan.excluded]
    if not musts:
        musts = [Query.all_query()]
        barred.append(Query.term_query(schema, "id", META_ID, "basic"))  # where anything is asked for, it has none of the fields
    if words and len(musts) == 1 and not barred:
        return words
    return Query.boolean_query([*((Occur.Must, one) for one in musts), *((Occur.MustNot, one) for one in barred)])


def _pinned(words: Query, plan: Plan, schema: Schema) -> Query:
    """What the words find, and the pinned documents before it whatever their words."""
    ids = [one for one in plan.pinned if one != META_ID]
    if not ids:
        return words
    clauses = [(Occur.Should, words)]
    for step, one in enumerate(reversed(ids)):
        clauses.append((Occur.Should, Query.const_score_query(Query.term_query(schema, "id", one, "basic"), PINNED * PINNED_STEP**step)))
    return Query.boolean_query(clauses)


def _words(plan: Plan, schema: Schema) -> Query:
    """Enough of the words, better all of them, better still close together: one query, so that a rare word alone still finds."""
    groups = [_group(group, schema, titles_only=plan.titles_only) for group in plan.groups]
    if len(groups) == 1:
        return groups[0]
    least = min(max(plan.least, 1), len(groups))
    if least == len(groups):
        clauses = [(Occur.Must, group) for group in groups]
    else:
        # Apart from the clauses that only score: those must not count among the words that a document holds.
        some = Query.boolean_query([(Occur.Should, group) for group in groups], minimum_number_should_match=least)
        every = Query.boolean_query([(Occur.Must, group) for group in groups])
        clauses = [(Occur.Must, some), (Occur.Should, Query.const_score_query(every, EVERY_WORD))]
    if not plan.titles_only:
        clauses.extend(
            (Occur.Should, Query.boost_query(Query.phrase_query(schema, "body", list(pair), slop=NEAR_SLOP), NEAR)) for pair in plan.pairs
        )
    return Query.boolean_query(clauses)


def _enough(plan: Plan, schema: Schema) -> Query:
    """The same documents as `_words`, without what only scores: half of the postings to read, and no positions."""
    groups = [_group(_sufficient(group), schema, titles_only=plan.titles_only) for group in plan.groups]
    least = min(max(plan.least, 1), len(groups))
    return Query.boolean_query([(Occur.Should, group) for group in groups], minimum_number_should_match=least)


def _sufficient(group: TermGroup) -> TermGroup:
    """The group without the forms that its stems find anyway: both are made of the same words."""
    stems = {one.term for one in group.stems}
    return replace(group, forms=tuple(one for one in group.forms if stem(one.term) not in stems)) if stems else group


def _group(group: TermGroup, schema: Schema, *, titles_only: bool) -> Query:
    boosts = _TITLES if titles_only else _BOOSTS
    fields = [
        *(_term(schema, field, one, boost) for one in group.stems for field, boost in boosts),
        *(_term(schema, f"{field}_x", one, boost) for one in group.forms for field, boost in boosts),
        *(_phrase(schema, field, one, boost) for one in group.phrases for field, boost in boosts if field != "about"),
    ]
    if not titles_only:
        fields += (_term(schema, "notation_x", one, NOTATION) for one in group.notation)
    return Query.disjunction_max_query(fields, TIE) if fields else Query.empty_query()


def _term(schema: Schema, field: str, one: Weighted, boost: float) -> Query:
    query = Query.term_query(schema, field, one.term, "freq")
    factor = one.weight * boost
    return query if factor == 1.0 else Query.boost_query(query, factor)


def _phrase(schema: Schema, field: str, one: WeightedPhrase, boost: float) -> Query:
    """Stems side by side; one alone is a word (tantivy panics at a phrase of one)."""
    if len(one.stems) == 1:
        return _term(schema, field, Weighted(one.stems[0][1], one.weight), boost)
    return Query.boost_query(Query.phrase_query(schema, field, list(one.stems)), one.weight * boost)


def _filter(row: FacetRow, values: tuple[str, ...], schema: Schema) -> Query:
    """Any of the values, scoring nothing."""
    return Query.const_score_query(any_of(row.field, values, schema), 0.0)
