"""What curators hold to mean the same, found in a query: each expression of a group stands for all of them.

Pure: the stems of a query and the published vocabulary in, alternatives for its words out. Accents, case, plurals, elisions and stop words
are forgiven on both sides, as everything is compared by stems. It refuses to know how a word is searched by itself (`indexer.groups`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from indexer.analysis import content
from indexer.groups import surfaces
from indexer.inflection import key as key_of
from indexer.lexicon import Lexicon
from indexer.plan import TermGroup, Weighted, WeightedPhrase
from indexer.vocabulary import Vocabulary

SYNONYM: Final = 0.8
"""What an article says in another of the words counts a little less than the word that was typed."""
MAX_ALTERNATIVES: Final = 10
"""Beside one expression."""
MAX_WIDENED: Final = 6
"""Expressions of one query that are widened."""
LONGEST: Final = 8
"""Words of an expression; a longer one is no expression, and is left out."""

Stem = str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another expression: its text as curators write it, its stems with their places."""

    text: str
    stems: tuple[tuple[int, Stem], ...]


@dataclass(frozen=True, slots=True)
class Widening:
    """The content words `start` to `end` of a query are an expression that has these alternatives, all of which some article may hold."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]


def widenings(stems: Sequence[Stem], vocabulary: Vocabulary, lexicon: Lexicon) -> list[Widening]:
    """What can be widened in a query whose content words have these stems: at each place the longest expression, none within another.
    What no article can hold is no alternative."""
    known = _expressions(vocabulary)
    found: list[Widening] = []
    keys = tuple(map(key_of, stems))
    start = 0
    while known and start < len(stems) and len(found) < MAX_WIDENED:
        for end in range(min(len(stems), start + LONGEST), start, -1):
            others = (one for one in known.get(keys[start:end], ()) if all(_is_held(stem, lexicon) for _, stem in one.stems))
            if alternatives := tuple(others)[:MAX_ALTERNATIVES]:
                found.append(Widening(start, end, alternatives))
                start = end
                break
        else:
            start += 1
    return found


def widened(group: TermGroup, key: Stem, widening: Widening, lexicon: Lexicon) -> TermGroup:
    """The group of one word of an expression, satisfied by each alternative too. Where several words were typed each of them is: every one
    gives its part of the score, so that an article with the alternative alone holds all the words."""
    weight = SYNONYM / (widening.end - widening.start)
    stems = {one.term: one for one in group.stems or (Weighted(key),)}
    phrases = {one.stems: one for one in group.phrases}
    marked: list[str] = []
    for one in widening.alternatives:
        marked += (word for _, stem in one.stems for word in lexicon.surfaces(stem) or (stem,))
        if len(one.stems) == 1:
            stems.setdefault(one.stems[0][1], Weighted(one.stems[0][1], weight))
        else:
            phrases.setdefault(one.stems, WeightedPhrase(one.stems, weight))
    return replace(group, stems=tuple(stems.values()), phrases=tuple(phrases.values()), surfaces=surfaces([*group.surfaces, *marked]))


def _is_held(stem: Stem, lexicon: Lexicon) -> bool:
    return bool(lexicon.surfaces(stem))


@lru_cache(maxsize=4)
def _expressions(vocabulary: Vocabulary) -> dict[tuple[Stem, ...], tuple[Alternative, ...]]:
    """Each expression by its stems, with the others of its groups. Made once for a vocabulary, not for each query."""
    found: dict[tuple[Stem, ...], dict[tuple[Stem, ...], Alternative]] = {}
    for group in vocabulary.synonyms:
        written = _alternatives(group)
        for one in written:
            others = found.setdefault(_key(one), {})
            for other in written:
                if _key(other) != _key(one):
                    others.setdefault(_key(other), other)
    return {key: tuple(others.values()) for key, others in found.items()}


def _alternatives(group: Iterable[str]) -> list[Alternative]:
    """The expressions of a group, places counted from their first content word."""
    made = []
    for text in group:
        stems = content(text)
        if 0 < len(stems) <= LONGEST:
            made.append(Alternative(text, tuple((place - stems[0][0], stem) for place, stem in stems)))
    return made


def _key(one: Alternative) -> tuple[Stem, ...]:
    return tuple(key_of(stem) for _, stem in one.stems)
