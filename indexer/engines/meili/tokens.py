"""Words as Meilisearch must take them: unchanged.

Owns the alphabet. Meilisearch cuts text into words in its own way (by script, at signs) and folds the values of facets; what it is given
here are runs of ASCII letters and digits that it takes as they are, each with a letter in front that says what kind of word it is. One
search text may therefore mix stems, words and notation, and finds each only where it was put. Pure; it refuses to know documents and plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

FILLER: Final = "o"
"""Takes the place of a stop word among stems: Meilisearch is told not to index it, and counts its place."""
APART: Final = ". "
"""Between words that are no neighbours: Meilisearch takes it for the end of a sentence, and no phrase runs across."""

STEM, ANY, TITLE, WORD, NOTATION = "s", "g", "k", "w", "n"
"""Kinds: a stem in its place in title or prose; a stem anywhere, names too; one of the title; a word in its place; a word of formulas."""
_OTHER: Final = {STEM: "t", ANY: "h", TITLE: "l", WORD: "v", NOTATION: "m"}
"""The letter for the same kind where the word is not ASCII, and stands in hexadecimal digits."""

MOST_OF_A_VALUE: Final = 460
"""Meilisearch cuts longer values of facets."""
_PLAIN: Final = re.compile(r"[a-z0-9]+")
_PLAIN_VALUE: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,500}")
_ENCODED: Final = "0x"


def token(kind: str, word: str) -> str:
    """A word of one kind."""
    return kind + word if _PLAIN.fullmatch(word) else _OTHER[kind] + word.encode(errors="replace").hex()


def phrase(kind: str, words: Iterable[str | None]) -> str:
    """Words that stand side by side, as Meilisearch's query language has it; None is any stop word."""
    return '"' + " ".join(FILLER if word is None else token(kind, word) for word in words) + '"'


def value(text: str) -> str | None:
    """A facet's value in letters that Meilisearch does not fold; None for one that is too long to be a value."""
    plain = _PLAIN_VALUE.fullmatch(text) and not text.startswith(_ENCODED)
    made = text if plain else _ENCODED + text.encode(errors="replace").hex()
    return made if len(made) <= MOST_OF_A_VALUE else None


def is_id(text: str) -> bool:
    """Whether Meilisearch takes this for an id; it refuses the whole question otherwise."""
    return _ID.fullmatch(text) is not None


def text_of(made: str) -> str:
    """The inverse of `value`. Raises `ValueError`."""
    return bytes.fromhex(made.removeprefix(_ENCODED)).decode() if made.startswith(_ENCODED) else made
