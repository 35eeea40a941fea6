"""A reader's text with other words in it: misspelt ones as they were searched, operators left out or replaced.

Pure, and total: whatever the text. A word is replaced wherever it is searched as a word, and nowhere else: not inside a longer one, not in
what an operator asks for (`auteur:…`, `doi:…`, a phrase in quotes). It refuses to know corrections, pages and addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from indexer.analysis import stem, tokens
from indexer.folding import clean, undotted, undotted_places
from indexer.operators import Operator, parse
from indexer.results import Correction

Place = tuple[int, int, str]
"""Start and end of what goes, in code points, and what comes there."""


def respelt(text: str, used: Mapping[str, str]) -> str:
    """The text with each word of `used` (as a reader typed it: see `indexer.results.Correction`) replaced by the one it is mapped to, all
    its occurrences, in whatever letters, singular or plural: whatever is searched as the same word. The very same text where none of
    them stands in it.

    Operators stay as they were, and no new one appears: in «autuer:galxie» a corrected «auteur» is set apart from its colon.
    """
    made = clean(text)
    if not (places := _words(made, used)):
        return text
    operators = parse(made).operators
    for spaced in ("{}", " {} "):
        other = _put(made, ((start, end, spaced.format(word)) for start, end, word in places))
        if parse(other).operators == operators:
            return other if spaced == "{}" else other.strip()
    return text


def best(corrections: Iterable[Correction]) -> dict[str, str]:
    """For each word that was corrected the first of those searched in its place: what `respelt` takes."""
    return {one.typed: one.used[0] for one in corrections if one.used}


def without(text: str, operators: Iterable[Operator], kept: Callable[[Operator], str] = lambda operator: "") -> str:
    """The text without these operators, wherever they stand, with what is `kept` of each in its place; single blanks between words."""
    made, gone = clean(text), frozenset(operators)
    places = [(start, end, f" {kept(one)} ") for start, end, one in parse(made).places if one in gone]
    return " ".join(_put(made, places).split())


def _words(text: str, used: Mapping[str, str]) -> list[Place]:
    """Where the words to replace stand, as the planner reads the text: it takes operators out, then the dots of acronyms."""
    wanted = {stem(token.word): word for typed, word in used.items() for token in tokens(undotted(clean(typed)))[:1]}
    if not wanted:
        return []
    parsed = parse(text)
    edges = [(0, 0), *((start, end) for start, end, _ in parsed.places), (len(text), len(text))]
    places = [place for (_, end), (start, _) in pairwise(edges) for place in range(end, start + 1)]
    undone = undotted_places(parsed.text)
    return [
        (places[undone[token.start]], places[undone[token.end - 1]] + 1, wanted[key])
        for token in tokens(undotted(parsed.text))
        if not token.is_stop and (key := stem(token.word)) in wanted
    ]


def _put(text: str, places: Iterable[Place]) -> str:
    parts, at = [], 0
    for start, end, word in places:
        parts += [text[at:start], word]
        at = end
    return "".join([*parts, text[at:]])
