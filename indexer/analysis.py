"""The one French analyser: how text becomes words and stems, for documents and for queries alike.

Lower case, then accents folded, then stop words (elided articles among them) dropped, then the Snowball stemmer: the order matters
(measured, search-engines.md section 3.1). Folding first is what makes queries typed without accents lose nothing.

Owns the chain of filters and its version. It refuses to know plans and indexes: an engine registers these analysers under their names
and, where it has its own analysis, is fed the words made here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from indexer.stopwords import STOP_WORDS

LONGEST_WORD: Final = 80
"""In bytes: what is longer (encoded data, a text without blanks) is no word and is left out of index and query."""

STEMMED: Final = "luciole_stemmed"
"""Name of the whole chain, stems out."""

FOLDED: Final = "luciole_folded"
"""Name of the chain without the stemmer: folded words, stop words dropped."""

WORDS: Final = "luciole_words"
"""Name of the chain that keeps every word: folded, stop words among them, as exact phrases need."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: folded, with its place in the text in code points. Stop words are there too."""

    word: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """True for the words that are not searched."""
        return self.word in STOP_WORDS


def _chain() -> TextAnalyzerBuilder:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.remove_long(LONGEST_WORD))
    )


def analysers() -> dict[str, TextAnalyzer]:
    """The analysers of the index, by name, made anew: tantivy stores none, so each opened index needs them registered."""
    stop_words = sorted(STOP_WORDS)
    return {
        WORDS: _chain().build(),
        FOLDED: _chain().filter(Filter.custom_stopword(stop_words)).build(),
        STEMMED: _chain().filter(Filter.custom_stopword(stop_words)).filter(Filter.stemmer("french")).build(),
    }


_WORDS: Final = _chain().build()
_STEMMER: Final = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("french")).build()


def tokens(text: str) -> list[Token]:
    """Every word of a text in order, stop words included."""
    return [Token(token.text, token.char_offset_from, token.char_offset_to) for token in _WORDS.pre_tokenize(text).tokens]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The stem of a folded word."""
    return next(iter(_STEMMER.analyze(word)), word)


def stems(words: Iterable[str]) -> list[str]:
    """The stems of many folded words at once, one for each."""
    many = list(words)
    found = _STEMMER.analyze(" ".join(many))
    return found if len(found) == len(many) else [stem(word) for word in many]


def _version() -> str:
    recipe = f"simple lowercase ascii_fold remove_long:{LONGEST_WORD} stop snowball:french tantivy:{version('tantivy')}"
    return hashlib.sha256("\n".join((recipe, *sorted(STOP_WORDS))).encode()).hexdigest()[:8]


VERSION: Final = _version()
"""Changes whenever the same text may give other words or stems."""
