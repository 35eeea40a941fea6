"""What is counted over all documents of a generation: the words of its lexicon, and the lengths that ranking needs.

Meilisearch tells nobody which words it holds, so the indexer counts them, with the same analyser. The counts belong to a generation and are
kept beside the articles. A publish changes them by what it changes: words of documents that leave are taken off, words of those that
come are added; the documents themselves say which, so counts stay exact however many publishes follow.
"""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final, Self

from indexer.engines.meili.fields import Words
from indexer.engines.meili.ranking import LENGTHS, Collection
from indexer.lexicon import Lexicon, written_forms
from indexer.stopwords import STOP_WORDS

PIECE: Final = 1_000_000
"""Characters of one piece."""
_MOST: Final = 400_000_000
"""Bytes that pieces may unpack to: what is longer is no lexicon."""


class Counts:
    """How many documents hold each word: in title, prose or names (`words`), in the title (`titles`), in notation; how many write it so in
    title or names (`written`); and the words of all documents together, by field."""

    def __init__(self) -> None:
        self.documents = 0
        self.words: Counter[str] = Counter()
        self.titles: Counter[str] = Counter()
        self.notation: Counter[str] = Counter()
        self.written: Counter[str] = Counter()
        self.lengths: Counter[str] = Counter()

    def add(self, words: Words) -> None:
        """One document comes."""
        self._change(words, Counter.update, 1)

    def remove(self, words: Words) -> None:
        """One document leaves."""
        self._change(words, Counter.subtract, -1)

    def lexicon(self) -> Lexicon:
        """For planning."""
        return Lexicon(self.words, self.notation, written_forms(self.written.items()))

    def collection(self) -> Collection:
        """For ranking. Means are of all documents, those without a notation included, as in the embedded engine."""
        means = {name: self.lengths[name] / max(1, self.documents) for name in LENGTHS}
        return Collection(self.documents, means, self.titles)

    def pieces(self) -> Iterator[str]:
        """Packed for keeping."""
        return pieces([self.documents, self.words, self.titles, self.notation, self.written, self.lengths])

    @classmethod
    def from_pieces(cls, packed: list[str]) -> Self:
        """The inverse of `pieces`. Raises KeyError, TypeError or ValueError for anything else."""
        made = cls()
        made.documents, words, titles, notation, written, lengths = unpacked(packed)
        made.words, made.titles, made.notation, made.written, made.lengths = map(Counter, (words, titles, notation, written, lengths))
        return made

    def _change(self, words: Words, count: Callable[[Counter[str], Any], None], sign: int) -> None:
        self.documents += sign
        fields = (words.title, words.prose, words.about)
        searched = {word for field in fields for word in field} - STOP_WORDS
        for counter, values in (
            (self.words, searched),
            (self.titles, set(words.title) - STOP_WORDS),
            (self.notation, set(words.notation)),
            (self.written, words.lowered),
        ):
            count(counter, values)
            if sign < 0:
                for word in values:
                    if counter[word] <= 0:
                        del counter[word]
        count(self.lengths, dict(zip(LENGTHS, words.sizes, strict=True)))


def pieces(value: Any) -> Iterator[str]:
    """A value as text in pieces: JSON, compressed, in letters that JSON leaves alone."""
    text = b85encode(zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"), 6)).decode()
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def unpacked(packed: list[str]) -> Any:
    """The inverse. Raises TypeError or ValueError for anything else."""
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(b85decode("".join(packed)), _MOST)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not opened.eof:
        raise ValueError("cut short, or endless")
    return json.loads(text)
