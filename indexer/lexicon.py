"""The words of one generation: what correction, completion and marking need to know.

A lexicon is a value, read once for each generation. It knows words, how many documents hold each, and which words share a stem. Where
it comes from is the engine's affair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from heapq import nsmallest
from typing import Final

from indexer.analysis import stems

SHORTEST_CORRECTED: Final = 4
TWO_EDITS_FROM: Final = 8
"""Words of this many letters may be two edits away."""
SHORTEST_ROOT: Final = 4
LONGER_ROOT: Final = 2
"""Letters that the stem of another form may have more: dorm(ir), dormon(s); no more, or trembl(ement) would lead to tremblecourt."""
SHORTEST_CORRECTED_ROOT: Final = 5
"""A stem of fewer letters is near to too many others: dorm(ir) is no dôm(e)."""
SHORTEST_PREFIX: Final = 3
MOST_CORRECTIONS: Final = 5
MOST_COMPLETIONS: Final = 50
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


class Lexicon:
    """Words (folded, unstemmed, no stop words) with the number of documents that hold each.

    `notation`: the words of formulas and code, which can be looked for as they are, and are suggested to nobody.

    Built in the time of one sort. What serves corrections and stems is prepared for one first letter when a word first needs it, and
    kept: half a million words answer within milliseconds. Safe to share between threads: two of them at worst prepare the same drawer.
    """

    def __init__(self, frequencies: Mapping[str, int], notation: Iterable[str] = ()) -> None:
        self._frequencies = dict(frequencies)
        self._sorted = sorted(self._frequencies)
        self._notation = frozenset(notation)
        self._drawers: dict[str, _Drawer] = {}
        # Bounded caches of this very value: short prefixes come again with every reader who types.
        self._completions = lru_cache(maxsize=1024)(self._complete)
        self._corrections = lru_cache(maxsize=1024)(self._correct)

    def __len__(self) -> int:
        return len(self._sorted)

    def in_notation(self, word: str) -> bool:
        """Whether this folded word stands in a formula or in code somewhere."""
        return word in self._notation

    def frequency(self, word: str) -> int:
        """How many documents hold this folded word; 0 for an unknown one."""
        return self._frequencies.get(word, 0)

    def surfaces(self, stem: str) -> tuple[str, ...]:
        """The words that share this stem, in alphabetical order."""
        return tuple(self._drawer(stem[:1]).surfaces.get(stem, "").split())

    def completions(self, prefix: str, limit: int = MOST_COMPLETIONS) -> tuple[str, ...]:
        """The longer words that begin with `prefix` (three letters or more), those of most documents first."""
        return self._completions(prefix, limit) if len(prefix) >= SHORTEST_PREFIX else ()

    def corrections(self, word: str) -> tuple[str, ...]:
        """Up to five words that this unknown one may stand for: the nearest first, then those of most documents.

        One edit away (optimal string alignment: a letter more, less, other, or two swapped); the first letter is taken to be right. After
        those, words two edits away from eight letters on, and other forms of words one edit away: what is misspelt in the singular may
        stand in the plural only. With none of the first kind, words of the same root too: «dormir» leads to «dormons». Only words of
        letters are corrected: 2019 is no misspelt 2018.
        """
        return self._corrections(word) if len(word) >= SHORTEST_CORRECTED and word.isalpha() else ()

    def _complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        start, end = self._range(prefix)
        longer = (word for word in self._sorted[start:end] if word != prefix)
        return tuple(nsmallest(limit, longer, key=lambda word: (-self._frequencies[word], word)))

    def _correct(self, word: str) -> tuple[str, ...]:
        near = [(1, -self._frequencies[other], other) for other in _one_edit(word) if other in self._frequencies]
        if len(near) < MOST_CORRECTIONS:
            further = self._inflected(word, alone=not near)
            if len(word) >= TWO_EDITS_FROM:
                further.update(self._drawer(word[0]).within_two(word))
            known = {word, *(other for _, _, other in near)}
            near += [(2, -self._frequencies[other], other) for other in further - known]
        return tuple(other for _, _, other in nsmallest(MOST_CORRECTIONS, near))

    def _inflected(self, word: str, *, alone: bool) -> set[str]:
        """Words one edit from another form of this one: the plural or the singular, or whatever its stem leads to. `alone`: forms
        of the same root too."""
        edits = _one_edit(word)
        found = {
            form for edit in edits for form in (edit + "s", edit + "x", edit + "es", edit.removesuffix("s")) if form in self._frequencies
        }
        (root,) = stems([word])
        if alone and len(root) >= SHORTEST_ROOT:
            start, end = self._range(root)
            longer = self._sorted[start:end]
            found.update(other for other, stem in zip(longer, stems(longer), strict=True) if len(stem) <= len(root) + LONGER_ROOT)
        if len(root) >= SHORTEST_CORRECTED_ROOT:
            for other in _one_edit(root):
                if surfaces := self.surfaces(other):
                    found.add(max(surfaces, key=lambda surface: (self._frequencies[surface], surface)))
        return found - {word}

    def _range(self, prefix: str) -> tuple[int, int]:
        """Where the words with this prefix stand in the sorted list."""
        start = bisect_left(self._sorted, prefix)
        return start, bisect_left(self._sorted, prefix + "\U0010ffff", lo=start)

    def _drawer(self, initial: str) -> _Drawer:
        drawer = self._drawers.get(initial)
        if drawer is None:
            start, end = self._range(initial) if initial else (0, 0)
            drawer = self._drawers[initial] = _Drawer(self._sorted[start:end])
        return drawer


class _Drawer:
    """The words of one first letter: by stem, and by length with a signature of their letters."""

    def __init__(self, words: list[str]) -> None:
        self.surfaces: dict[str, str] = {}
        """Stem → its words in one string, parted by blanks: most stems have one word, which then costs nothing."""
        for word, stem in zip(words, stems(words), strict=True):
            others = self.surfaces.get(stem)
            self.surfaces[stem] = word if others is None else f"{others} {word}"
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            self._by_length.setdefault(len(word), []).append(word)
        self._signatures: dict[int, list[int]] = {}

    def within_two(self, word: str) -> list[str]:
        """The words at most two edits from `word`. One edit changes at most two letters of a signature: most words fall at once."""
        wanted = _signature(word)
        found = []
        for length in range(len(word) - 2, len(word) + 3):
            words = self._by_length.get(length)
            if not words:
                continue
            signatures = self._signatures.get(length)
            if signatures is None:
                signatures = self._signatures[length] = [_signature(other) for other in words]
            found += [words[at] for at, one in enumerate(signatures) if (one ^ wanted).bit_count() <= 4]
        return [other for other in found if distance(word, other, 2) <= 2]


def _signature(word: str) -> int:
    """A bit for each letter that occurs, another for each that occurs twice or more: at most two bits change with one edit."""
    once = twice = 0
    for letter in word:
        bit = 1 << (ord(letter) & 31)
        twice |= once & bit
        once |= bit
    return once | twice << 32


def _one_edit(word: str) -> set[str]:
    """Every string one edit away that keeps the first letter."""
    edits: set[str] = set()
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        edits.update(head + letter + tail for letter in _LETTERS)
        if tail:
            edits.add(head + tail[1:])
            edits.update(head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            edits.add(head + tail[1] + tail[0] + tail[2:])
    edits.discard(word)
    return edits


def distance(one: str, other: str, limit: int) -> int:
    """Edits between two words, two neighbours swapped counting as one (optimal string alignment); `limit + 1` when beyond the limit."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row] + [limit + 1] * len(other)
        for column in range(max(1, row - limit), min(len(other), row + limit) + 1):
            cost = last[column - 1] + (letter != other[column - 1])
            cost = min(cost, last[column] + 1, current[column - 1] + 1)
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other[column - 1]:
                cost = min(cost, before_last[column - 2] + 1)
            current[column] = cost
        if min(current) > limit:
            return limit + 1
        before_last, last = last, current
    return min(last[-1], limit + 1)
