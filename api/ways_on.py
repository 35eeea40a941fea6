"""Where nothing was found: which other searches would find something, and how much.

Pure but for the questions it is given to ask. Every way that it names leads somewhere: it was counted. It refuses to know engines and
pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from api.address import address, corrected, respelt, retyped, toggled, unfiltered
from indexer.folding import clean, fold
from indexer.operators import Operator, parse
from indexer.query import Query
from indexer.respelling import without
from indexer.results import Results

Kind = Literal["corrected", "near", "filter", "filters", "words", "operator", "bare"]
"""With corrections again; with another word; without one filter, or all; without the quotes of a phrase; without one operator; without any
filter or operator."""

MOST_NEAR: Final = 4
_WORDS: Final = 2
"""Unknown words that others are looked for."""
_LONGEST: Final = 16
_SHORTEST: Final = 4
"""Letters of the beginnings that are tried: each a letter shorter than the one before, eight of them at most."""
_MOST_ASKED: Final = 16
"""Searches that are counted for one page at most: an address may hold a hundred filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOn:
    """Another search, and how many results it has. `label`: the filter, operator or words that it is about."""

    kind: Kind
    query: Query
    total: int
    label: str = ""


def ways_on(
    results: Results,
    labels: Mapping[tuple[str, str], str],
    count: Callable[[Query], int],
    complete: Callable[[str], tuple[str, ...]],
) -> tuple[WayOn, ...]:
    """The searches that find something in the place of one that found nothing. `labels`: what each chosen value of a filter is called;
    `count`: how many results a search has; `complete`: what a word being typed may become."""
    made: list[WayOn] = []
    seen = {address(results.query)}
    for kind, query, label in _ideas(results, labels, complete):
        where = address(query)
        if where in seen or not (query.text or query.filters):
            continue
        if len(seen) > _MOST_ASKED:
            break
        seen.add(where)
        if total := count(query):
            made.append(WayOn(kind=kind, query=query, total=total, label=label))
    return tuple(made)


def _ideas(
    results: Results, labels: Mapping[tuple[str, str], str], complete: Callable[[str], tuple[str, ...]]
) -> Iterator[tuple[Kind, Query, str]]:
    query = results.query
    if query.as_typed:
        yield "corrected", corrected(query), ""
    for name, values in query.filters.items():
        for value in values:
            yield "filter", toggled(query, name, value), labels[name, value]
    if sum(map(len, query.filters.values())) > 1:
        yield "filters", unfiltered(query), ""
    operators = parse(clean(query.text)).operators
    for one in operators:
        if one.name == "phrase" and not one.excluded:
            yield "words", retyped(query, without(query.text, [one], _asked)), one.value
        else:
            yield "operator", retyped(query, without(query.text, [one])), one.typed
    if operators and (query.filters or len(operators) > 1):
        bare = without(query.text, operators, _asked)
        yield "bare", unfiltered(retyped(query, bare)), bare
    for word in () if query.as_typed else results.unknown[:_WORDS]:
        if respelt(query, word, "").text == query.text:
            continue  # it stands in quotes, where nothing is corrected
        for other in near(word, complete):
            yield "near", respelt(query, word, other), other


def near(word: str, complete: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The words that begin as this one does, as far as any does: none where not even half of it is the beginning of a word."""
    longest = min(len(word), _LONGEST)
    shortest = max(_SHORTEST, (longest + 1) // 2)
    for length in (len(word), *range(longest - 1, shortest - 1, -1)):
        beginning = fold(word[:_SHORTEST])
        found = tuple(one for one in complete(word[:length]) if fold(one).startswith(beginning) and fold(one) != fold(word))
        if found:
            return found[:MOST_NEAR]
    return ()


def _asked(one: Operator) -> str:
    """The words that an operator asks for, where it asks for words."""
    return one.value if one.name == "phrase" and not one.excluded else ""
