"""The words at most two edits away from another, found among a great many at once.

Owns what an edit is, and shelves on which words of one first letter stand by length with the letters that each contains.
It refuses to know how often a word occurs and what it is a form of. All words are folded.

Which words of a shelf are worth comparing is decided for all of them together, with whole numbers of as many bytes as there are words:
shifts and additions of such numbers run at memory speed. One word at a time, in Python, the same look took twenty times as long (measured,
60,000 words of one first letter), and its preparation twelve times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

EDITS: Final = 2
MOST_COMPARED: Final = 1000
"""Words that one question compares letter by letter: those with the most equal letters first. It bounds what a question costs."""

_PLACES: Final = 4
"""Numbers for each shelf, eight kinds of letters in each."""
_KINDS: Final = 8 * _PLACES
_LONGEST: Final = 32
"""Letters of the longest words that are kept: a longer one is seldom a word, and seldom misspelt twice."""


def _kind(letter: int) -> int:
    """Which kind of letter this byte is: each letter of the alphabet its own, the digits share what is left."""
    return letter - 97 if 97 <= letter <= 122 else 26 + letter % (_KINDS - 26)


def _table(place: int) -> bytes:
    return bytes(1 << _kind(letter) % 8 if _kind(letter) // 8 == place else 0 for letter in range(256))


_TABLES: Final = tuple(map(_table, range(_PLACES)))


class Shelves:
    """The words of one first letter, by length. Each length is prepared when it is first asked for: microseconds for each word on it."""

    def __init__(self, words: Sequence[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            self._by_length.setdefault(len(word), []).append(word)
        self._shelves: dict[int, _Shelf] = {}

    def within_two(self, word: str) -> list[str]:
        """The words at most two edits from `word`, in no order that means anything; of those that `worth_comparing` gives."""
        return [other for other in self.worth_comparing(word) if within(word, other, EDITS)]

    def worth_comparing(self, word: str) -> list[str]:
        """The words that may be two edits from `word`, `MOST_COMPARED` at most: first those with the same letters, then with one letter
        more or less…"""
        rounds: list[list[list[str]]] = []
        for length in range(len(word) - EDITS, len(word) + EDITS + 1):
            if shelf := self._shelf(length):
                # A letter put in, left out or replaced changes at most two kinds; what changes the length only one.
                rounds.append(shelf.resembling(word, 2 * EDITS - abs(length - len(word))))
        nearest = (one for differing in range(2 * EDITS + 1) for found in rounds if differing < len(found) for one in found[differing])
        return list(islice(nearest, MOST_COMPARED))

    def _shelf(self, length: int) -> _Shelf | None:
        shelf = self._shelves.get(length)
        if shelf is None and 0 < length <= _LONGEST and (words := self._by_length.get(length)):
            shelf = self._shelves[length] = _Shelf(words, length)
        return shelf


class _Shelf:
    """Words of one length, and for each the kinds of letters that it contains: a bit for each kind, a byte for each word and place."""

    def __init__(self, words: list[str], length: int) -> None:
        self._words = [word for word in words if word.isascii()]
        letters = "".join(self._words).encode("ascii")
        columns = [letters[at::length] for at in range(length)]
        self._kinds = []
        for table in _TABLES:
            kinds = 0
            for column in columns:
                kinds |= int.from_bytes(column.translate(table), "little")
            self._kinds.append(kinds)

    def resembling(self, word: str, most: int) -> list[list[str]]:
        """The words whose kinds of letters differ from those of `word` by none, by one… by `most`."""
        count = len(self._words)
        wanted = [0] * _PLACES
        for letter in word.encode("ascii", "replace"):
            wanted[_kind(letter) // 8] |= 1 << _kind(letter) % 8
        ones = int.from_bytes(b"\x01" * count, "little")
        differing = 0
        for kinds, mine in zip(self._kinds, wanted, strict=True):
            differing += _bits(kinds ^ ones * mine, ones)
        counts = differing.to_bytes(count, "little")
        return [[self._words[at] for at in _places(counts, number)] for number in range(most + 1)]


def _bits(number: int, ones: int) -> int:
    """How many bits are set in each byte of a number, as a byte each (a sum of pairs, of fours, of eights). `ones`: a 1 in each byte."""
    number -= number >> 1 & ones * 0x55
    number = (number & ones * 0x33) + (number >> 2 & ones * 0x33)
    return number + (number >> 4) & ones * 0x0F


def _places(counts: bytes, number: int) -> Iterator[int]:
    at = counts.find(number)
    while at >= 0:
        yield at
        at = counts.find(number, at + 1)


def within(one: str, other: str, edits: int) -> bool:
    """Whether two words are at most so many edits apart: a letter more, less, other, or two neighbours swapped (optimal string alignment).
    For a few edits only: every way to spend them is tried, which for two takes a third of the time of filling a table."""
    at = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        at += 1  # what both begin with costs nothing
    one, other = one[at:], other[at:]
    longer = len(other) - len(one)
    if not one or not other:
        return -edits <= longer <= edits
    if edits == 0 or not -edits <= longer <= edits:
        return False
    if edits == 1:
        if longer:
            return one == other[1:] if longer > 0 else one[1:] == other
        return one[1:] == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
    return (
        within(one[1:], other[1:], edits - 1)
        or within(one, other[1:], edits - 1)
        or within(one[1:], other, edits - 1)
        or (one[:2] == other[1::-1] and within(one[2:], other[2:], edits - 1))
    )
