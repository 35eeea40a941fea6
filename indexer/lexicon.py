"""The words of one generation: what correction, completion and marking need to know.

A lexicon is a value, read once for each generation. It knows words, how many documents hold each, which words share a stem, and how
authors write them. Where it comes from is the engine's affair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from heapq import nsmallest
from itertools import islice
from types import MappingProxyType
from typing import Final

from indexer.analysis import stems, tokens
from indexer.near import Shelves
from indexer.stopwords import MEANT

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
MOST_STEMMED: Final = 3000
"""Words that one correction stems to find other forms: it bounds what a correction costs, and only counts in a lexicon of hundreds of
thousands of words."""
_LOST: Final = 2
"""Letters at the end of a stem that its words may not begin with: «constant» is the stem of «constamment», «frequent» of «frequence»."""
_LONG: Final = 4
"""A stem of this many letters shares three with all its words at least, a shorter one two; but for those in «y» (`_stemmed_alike`)."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


class Lexicon:
    """Words (folded, unstemmed, no stop words) with the number of documents that hold each.

    `notation`: the words of formulas and code, which can be looked for as they are, and are suggested to nobody. `written`: how authors
    write a word, where that is not the folded word (`written_forms`).

    Built in the time of one sort. What two edits need is prepared for one first letter when a word first needs it, and kept; stems are
    found where they are asked for, among the few words that begin like them. So every question costs some milliseconds among half a
    million words, the first one of a letter too. Safe to share between threads: two of them at worst prepare the same.
    """

    def __init__(self, frequencies: Mapping[str, int], notation: Iterable[str] = (), written: Mapping[str, str] = _NOTHING) -> None:
        self._frequencies = dict(frequencies)
        self._sorted = sorted(self._frequencies)
        self._notation = frozenset(notation)
        self._written = {word: form for word, form in written.items() if form != word and word in self._frequencies}
        self._shelves: dict[str, Shelves] = {}
        self._short: dict[str, dict[str, list[str]]] = {}
        # Bounded caches of this very value: short prefixes come again with every reader who types.
        self._completions = lru_cache(maxsize=1024)(self._complete)
        self._corrections = lru_cache(maxsize=1024)(self._correct)
        self._surfaces = lru_cache(maxsize=4096)(self._stemmed_alike)

    def __len__(self) -> int:
        return len(self._sorted)

    def in_notation(self, word: str) -> bool:
        """Whether this folded word stands in a formula or in code somewhere."""
        return word in self._notation

    def frequency(self, word: str) -> int:
        """How many documents hold this folded word; 0 for an unknown one."""
        return self._frequencies.get(word, 0)

    def written(self, word: str) -> str:
        """How authors mostly write this folded word, in lower case («energie»: «énergie»), or its plural or singular where only that is
        known; the word itself where nothing is."""
        if form := MEANT.get(word) or self._written.get(word):
            return form
        if plural := self._written.get(word + "s"):
            return plural[:-1]
        singular = self._written.get(word[:-1]) if word.endswith("s") else None
        return f"{singular}s" if singular else word

    def surfaces(self, stem: str) -> tuple[str, ...]:
        """The words that share this stem, in alphabetical order."""
        return self._surfaces(stem)

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
        edits = _one_edit(word)
        near = [(1, -self._frequencies[other], other) for other in edits & self._frequencies.keys()]
        if len(near) < MOST_CORRECTIONS:
            further = self._inflected(word, edits, alone=not near)
            if len(word) >= TWO_EDITS_FROM:
                further.update(self._initial(word[0]).within_two(word))
            known = {word, *(other for _, _, other in near)}
            near += [(2, -self._frequencies[other], other) for other in further - known]
        return tuple(other for _, _, other in nsmallest(MOST_CORRECTIONS, near))

    def _inflected(self, word: str, edits: Iterable[str], *, alone: bool) -> set[str]:
        """Words one edit from another form of this one: the plural or the singular, or whatever its stem leads to. `edits`: of the word;
        `alone`: forms of the same root too."""
        forms = [edit + end for end in ("", "s", "x", "es") for edit in edits]
        forms += [edit[:-1] for edit in edits if edit[-1] == "s"]
        found = self._frequencies.keys() & forms
        (root,) = stems([word])
        if alone and len(root) >= SHORTEST_ROOT:
            start, end = self._range(root)
            longer = self._sorted[start : min(end, start + MOST_STEMMED)]
            found.update(other for other, stem in zip(longer, stems(longer), strict=True) if len(stem) <= len(root) + LONGER_ROOT)
        if len(root) >= SHORTEST_CORRECTED_ROOT:
            roots = _one_edit(root)
            best: dict[str, str] = {}
            candidates = self._beginning_like(roots)
            for other, stem in zip(candidates, stems(candidates), strict=True):
                if stem in roots:
                    best[stem] = max(best.get(stem, ""), other, key=lambda form: (self._frequencies.get(form, 0), form))
            found.update(best.values())
        return found - {word}

    def _beginning_like(self, roots: Iterable[str]) -> list[str]:
        """The words that may have one of these stems, `MOST_STEMMED` at most: those that share most letters with one first."""
        beginnings = {root[: max(SHORTEST_PREFIX, len(root) - 1)] for root in roots}
        found: dict[str, None] = {}
        for beginning in sorted(beginnings, key=lambda one: (-len(one), one)):
            start, end = self._range(beginning)
            found |= dict.fromkeys(self._sorted[start:end])
            if len(found) >= MOST_STEMMED:
                break
        return list(islice(found, MOST_STEMMED))

    def _stemmed_alike(self, stem: str) -> tuple[str, ...]:
        if len(stem) >= _LONG:
            start, end = self._range(stem[: max(_LONG - 1, len(stem) - _LOST)])
            words = self._sorted[start:end]
            return tuple(word for word, one in zip(words, stems(words), strict=True) if one == stem)
        if len(stem) == 1:  # no word of four letters has such a stem
            tails = ("", *_LETTERS, *(one + other for one in _LETTERS for other in _LETTERS))
            words = sorted(word for tail in tails if (word := stem + tail) in self._frequencies)
            return tuple(word for word, one in zip(words, stems(words), strict=True) if one == stem)
        beginnings = {stem[:2], stem[0] + "y"} if stem[1:2] == "i" else {stem[:2]}  # a last y becomes an i
        return tuple(word for beginning in sorted(beginnings) if beginning for word in self._of_short_stems(beginning).get(stem, ()))

    def _of_short_stems(self, beginning: str) -> dict[str, list[str]]:
        """Among the words that begin with these two letters, those with a stem of two or three letters, by stem."""
        found = self._short.get(beginning)
        if found is None:
            start, end = self._range(beginning)
            words = self._sorted[start:end]
            found = {}
            for word, stem in zip(words, stems(words), strict=True):
                if len(stem) < _LONG:
                    found.setdefault(stem, []).append(word)
            self._short[beginning] = found
        return found

    def _range(self, prefix: str) -> tuple[int, int]:
        """Where the words with this prefix stand in the sorted list."""
        start = bisect_left(self._sorted, prefix)
        return start, bisect_left(self._sorted, prefix + "\U0010ffff", lo=start)

    def _initial(self, initial: str) -> Shelves:
        shelves = self._shelves.get(initial)
        if shelves is None:
            start, end = self._range(initial)
            shelves = self._shelves[initial] = Shelves(self._sorted[start:end])
        return shelves


def written_forms(counts: Iterable[tuple[str, int]]) -> dict[str, str]:
    """How words are mostly written: by their folded form, where that is another. `counts`: words as they stand in texts, in lower case,
    with how often each does; of equals the accented one, since accents get lost in capitals and are rarely put where none belongs."""
    accented: dict[str, list[tuple[int, str]]] = {}
    plain: dict[str, int] = {}
    for word, count in counts:
        if word.isascii():
            plain[word] = count
        else:
            for token in tokens(word)[:1]:
                accented.setdefault(token.word, []).append((count, word))
    best = {folded: max(forms) for folded, forms in accented.items()}
    return {folded: form for folded, (count, form) in best.items() if folded != form and count >= plain.get(folded, 0)}


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
