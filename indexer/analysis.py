"""The one French analyser: how text becomes words and stems, for documents and for queries alike.

Lower case, then accents folded, then stop words dropped, then the Snowball stemmer: the order matters (measured, search-engines.md
section 3.1). Folding first is what makes queries typed without accents lose nothing. Documents go through `indexer.folding.undotted` and
`indexer.elision.unelided` first (no elision where every word is kept); `tokens` does the latter for queries.

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

from indexer.elision import RULES, forgotten, unelided
from indexer.folding import clean, undotted
from indexer.stopwords import ELIDED, STOP_WORDS

LONGEST_WORD: Final = 80
"""In bytes: what is longer (encoded data, a text without blanks) is no word and is left out of index and query."""

STEMMED: Final = "luciole_stemmed"
"""Name of the whole chain, stems out."""

FOLDED: Final = "luciole_folded"
"""Name of the chain without the stemmer: folded words, stop words dropped."""

WORDS: Final = "luciole_words"
"""Name of the chain that keeps every word: folded, stop words among them, as exact phrases need."""


LOWERED: Final = "luciole_lowered"
"""Name of the chain that keeps every word as it is written, in lower case: where suggestions get their accents from."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: folded, with its place in the text in code points. Stop words are there too: `is_stop` is true for the words
    that are not searched, `is_elided` for those of them that belong to the spelling of the next word («l’», or «l» before a vowel)."""

    word: str
    start: int
    end: int
    is_stop: bool = False
    is_elided: bool = False


def _chain() -> TextAnalyzerBuilder:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.remove_long(LONGEST_WORD))
    )


def _lowered() -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.remove_long(LONGEST_WORD)).build()


def analysers() -> dict[str, TextAnalyzer]:
    """The analysers of the index, by name, made anew: tantivy stores none, so each opened index needs them registered."""
    stop_words = sorted(STOP_WORDS)
    return {
        LOWERED: _lowered(),
        WORDS: _chain().build(),
        FOLDED: _chain().filter(Filter.custom_stopword(stop_words)).build(),
        STEMMED: _chain().filter(Filter.custom_stopword(stop_words)).filter(Filter.stemmer("french")).build(),
    }


_WORDS: Final = _chain().build()
_LOWERED: Final = _lowered()
_STEMMER: Final = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("french")).build()


def tokens(text: str) -> list[Token]:
    """Every word of a reader's text in order, stop words included. The text went through `undotted`: dots are no letters' affair."""
    found = [(token.text, token.char_offset_from, token.char_offset_to) for token in _WORDS.pre_tokenize(text).tokens]
    plain = unelided(text)
    made = []
    for at, (word, start, end) in enumerate(found):
        if end - start == 1:
            before = found[at - 1][0] if at else ""
            after, place, _ = found[at + 1] if at + 1 < len(found) else ("", end, end)
            elided = plain[start] != text[start] or forgotten(text, start, before, after, place)
        else:
            elided = word in ELIDED
        made.append(Token(word, start, end, elided or word in STOP_WORDS, elided))
    return made


def lowered(text: str) -> list[str]:
    """Every word of a text as it is written, in lower case: what an engine without a dictionary of its own counts for
    `indexer.lexicon.written_forms`. The text went through `undotted` and `unelided`."""
    return _LOWERED.analyze(text)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The stem of a folded word."""
    return next(iter(_STEMMER.analyze(word)), word)


def stems(words: Iterable[str]) -> list[str]:
    """The stems of many folded words at once, one for each."""
    many = list(words)
    found = _STEMMER.analyze(" ".join(many))
    return found if len(found) == len(many) else [stem(word) for word in many]


def content(text: str) -> tuple[tuple[int, str], ...]:
    """The stems of the words of a text that are searched, each with its place among all words: what two texts share that mean the same
    but for accents, case, plurals, elisions and stop words. Any text, cleaned or not."""
    return tuple((place, stem(token.word)) for place, token in enumerate(tokens(undotted(clean(text)))) if not token.is_stop)


def _version() -> str:
    recipe = f"simple lowercase ascii_fold remove_long:{LONGEST_WORD} stop snowball:french tantivy:{version('tantivy')}"
    return hashlib.sha256("\n".join((recipe, *RULES, *sorted(STOP_WORDS))).encode()).hexdigest()[:8]


VERSION: Final = _version()
"""Changes whenever the same text may give other words or stems."""
