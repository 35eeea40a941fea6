"""From a plan to Meilisearch's queries: what is found.

Meilisearch knows neither OR nor «at least two of four»; but a federated search finds the union of its queries, each of which asks for all
of its words. So a plan becomes a union of conjunctions. Pure, values in and queries out: a reader's text never reaches Meilisearch's own
query language. It refuses to know how hits are ranked (`ranking`) and which index is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import Final

from indexer.analysis import stem
from indexer.engines.meili import tokens
from indexer.engines.meili.fields import LIVE, second
from indexer.lexicon import Lexicon
from indexer.plan import Cites, Condition, Exactly, OneOf, Plan, Published, Stems, TermGroup, WrittenBy
from indexer.query import FACETS

MAX_WORDS: Final = 10
"""What Meilisearch reads of one query: words and phrases that must be there. Those that must not are not counted."""
MAX_ALTERNATIVES: Final = 12
"""Stems and phrases that one word of the reader may stand for, where there are others: choices multiply. Alone it may for `MAX_QUERIES`."""
MAX_QUERIES: Final = 64
"""Conjunctions of one union."""
NOTHING: Final = "id = 0xnone"
"""What no document fulfils."""

_FIELD: Final = {row.name: row.field for row in FACETS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A union: each of `texts` is a query whose words must all be there, under `filters`. `pinned` is the
    filter of documents that belong to it whatever their words, but for those of `head`. `exact`: it is what the plan says; else more may
    be found than satisfies `Plan.least` (too many combinations for one request)."""

    texts: tuple[str, ...]
    filters: str
    head: str = ""
    pinned: str | None = None
    exact: bool = True


def wanted(plan: Plan, lexicon: Lexicon, *, without: str | None = None) -> Wanted:
    """Everything that a plan finds. `without` names a facet whose own filter is left out: its counts are disjunctive."""
    demanded, barred, filters = _conditions(plan)
    filters += [_one_of(_FIELD[name], values) for name, values in plan.filters.items() if name != without]
    every = " AND ".join([LIVE, *filters])
    texts, exact = [""], True
    if plan.groups:
        most = MAX_ALTERNATIVES if len(plan.groups) > 1 else MAX_QUERIES
        options = [alternatives(group, lexicon, titles_only=plan.titles_only)[:most] for group in plan.groups]
        texts, exact = _union(options, plan.least, lexicon_order(plan.groups, lexicon), MAX_WORDS - len(demanded))
    head = " ".join((*barred, *demanded))
    pinned = None
    if plan.pinned and plan.groups:
        pinned = f"{every} AND {among(plan.pinned)}"
    return Wanted(tuple(" ".join(filter(None, (head, text))) for text in texts), every, head, pinned, exact)


def guards(plan: Plan) -> str:
    """What stands before the words of any query for this plan: what must not be there, and the phrases that must."""
    demanded, barred, _ = _conditions(plan)
    return " ".join((*barred, *demanded))


def alternatives(group: TermGroup, lexicon: Lexicon, *, titles_only: bool) -> list[str]:
    """What a word of the reader may stand for, as pieces of a query: the strongest first.

    Completions are asked for by their stems: Meilisearch holds no separate field of unstemmed words, it would be half as large again.
    """
    kind = tokens.TITLE if titles_only else tokens.ANY
    typed = dict.fromkeys(one.term for one in sorted(group.stems, key=lambda one: -one.weight))
    forms = sorted(group.forms, key=lambda one: (-one.weight, -lexicon.frequency(one.term)))
    completed = dict.fromkeys(stem(one.term) for one in forms)
    found = [tokens.token(kind, one) for one in (*typed, *(one for one in completed if one not in typed))]
    if not titles_only:
        found = [tokens.token(tokens.NOTATION, one.term) for one in group.notation] + found
    return [_spaced(one.stems) for one in group.phrases] + found


def lexicon_order(groups: Sequence[TermGroup], lexicon: Lexicon) -> list[int]:
    """The places of the groups, the rarest first."""
    return sorted(range(len(groups)), key=lambda at: frequency(groups[at], lexicon))


def frequency(group: TermGroup, lexicon: Lexicon) -> int:
    """In how many documents about one finds a group: an upper bound, words of one stem are added up."""
    words = {surface for one in group.stems for surface in lexicon.surfaces(one.term)} | {one.term for one in group.forms}
    return sum(map(lexicon.frequency, words)) or 1


def _union(options: Sequence[Sequence[str]], least: int, order: Sequence[int], room: int) -> tuple[list[str], bool]:
    """Conjunctions whose union satisfies at least `least` of the groups, and whether it is exactly that.

    A document that satisfies m of n groups satisfies k of any n - m + k of them: where the choices of m are too many for one request, those
    of k among the rarest n - m + k find all of these documents, and some more.
    """
    least = min(max(least, 1), len(options))
    for size in range(min(least, max(room, 1)), 0, -1):
        among = sorted(order[: len(options) - least + size])
        most = max(prod(sorted((len(options[at]) for at in among), reverse=True)[:size]), 1)
        if size == 1 or comb(len(among), size) * most <= MAX_QUERIES:
            texts = [" ".join(chosen) for places in combinations(among, size) for chosen in product(*(options[place] for place in places))]
            return texts[:MAX_QUERIES] if size == 1 else texts, size == least and len(texts) <= MAX_QUERIES
    raise AssertionError("unreachable: one group at a time always fits")


def _conditions(plan: Plan) -> tuple[list[str], list[str], list[str]]:
    """Pieces of a query that must be there, pieces that must not, and filters."""
    demanded, barred, filters = [], [], []
    for one in plan.required:
        if isinstance(one, Exactly | Stems):
            demanded.append(_piece(one))
        else:
            filters.append(_filter(one))
    for one in plan.excluded:
        if isinstance(one, Exactly | Stems):
            barred.append(f"-{_piece(one)}")
            if isinstance(one, Stems) and len(one.stems) == 1:
                barred.append(f"-{tokens.token(tokens.NOTATION, one.word)}")
        else:
            filters.append(f"NOT ({_filter(one)})")
    return demanded, barred, filters


def _piece(one: Exactly | Stems) -> str:
    """Always in quotes, one word too: what stands in quotes Meilisearch never does without."""
    if isinstance(one, Exactly):
        # The words of notation stand among these too, each apart from the others.
        return tokens.phrase(tokens.WORD, one.words)
    return _spaced(one.stems)


def _spaced(stems: Iterable[tuple[int, str]]) -> str:
    """Stems at their distances: stop words fill what is between them."""
    places = dict(stems)
    return tokens.phrase(tokens.STEM, [places.get(at) for at in range(min(places), max(places) + 1)])


def _filter(one: Condition) -> str:
    match one:
        case WrittenBy(key):
            return _one_of("author", (key,))
        case OneOf(facet, values):
            return _one_of(_FIELD[facet], values)
        case Cites(doi):
            return _one_of("doi", (doi,))
        case Published(start=start, end=end):
            bounds = [f"moment >= {second(start)}"] if start else []
            bounds += [f"moment < {second(end)}"] if end else []
            return " AND ".join(bounds or ["moment EXISTS"])
        case Exactly() | Stems():
            raise AssertionError("words are no filter")


def _one_of(field: str, values: Iterable[str]) -> str:
    """Any of the values. Those that no document can have are left out."""
    made = [value for one in values if (value := tokens.value(one))]
    return f"{field} IN [{', '.join(made)}]" if made else NOTHING


def among(ids: Iterable[str]) -> str:
    """The filter for documents of these ids."""
    made = [f'"{one}"' for one in ids if tokens.is_id(one)]
    return f"id IN [{', '.join(made)}]" if made else NOTHING
