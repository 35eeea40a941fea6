"""The answers that curators chose for a query, and the blogs that a query names: whole queries, compared word by word.

Pure: the stems of a query in, ids or a yes out. Accents, case, plurals, stop words and the order of words are forgiven. It refuses to know
what an engine does with a chosen answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from indexer.analysis import content
from indexer.inflection import key as key_of
from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.vocabulary import Vocabulary

MAX_PINNED: Final = 10
"""Answers that can be chosen for one query: a page of them. The engines tell no more apart."""
ORDINARY: Final = 2
"""A word in this many times more articles than a blog has is an ordinary word, even if it is the name of the blog."""

Stems = frozenset[str]


def pinned(stems: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The articles chosen for the query that has these stems and no others, in the order of the curators."""
    return _pins(vocabulary).get(frozenset(map(key_of, stems)), ()) if vocabulary.pins else ()


def names_a_blog(stems: Iterable[str], words: Iterable[str], night: Night, lexicon: Lexicon) -> bool:
    """Whether a query is the name of one blog: all its words are of the name, and all words of the name that no other name has are there
    (all of its words, when none is its own). One word alone that is common in the articles of others («volcans») is a subject: no name."""
    asked = frozenset(map(key_of, stems))
    for at, (own, needed) in enumerate(_names(tuple(card.name for card in night.sources))):
        if asked and needed <= asked <= own:
            most = ORDINARY * max(1, night.sources[at].articles)
            return len(asked) > 1 or all(lexicon.frequency(word) <= most for word in words)
    return False


@lru_cache(maxsize=4)
def _pins(vocabulary: Vocabulary) -> Mapping[Stems, tuple[str, ...]]:
    """Made once for a vocabulary. A query of stop words alone has no answer; one that several pins name has the answers of all."""
    found: dict[Stems, dict[str, None]] = {}
    for pin in vocabulary.pins:
        for text in pin.queries:
            if stems := _stems(text):
                found.setdefault(stems, {}).update(dict.fromkeys(pin.articles))
    return {stems: tuple(ids)[:MAX_PINNED] for stems, ids in found.items()}


@lru_cache(maxsize=4)
def _names(names: tuple[str, ...]) -> tuple[tuple[Stems, Stems], ...]:
    """Of each name its stems, and those that a query must have to mean it. A name without content has none, and is meant by nothing."""
    all_stems = [_stems(name) for name in names]
    count = Counter(stem for stems in all_stems for stem in stems)
    return tuple((stems, frozenset(stem for stem in stems if count[stem] == 1) or stems) for stems in all_stems)


def _stems(text: str) -> Stems:
    return frozenset(key_of(stem) for _, stem in content(text))
