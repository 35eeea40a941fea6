"""The language of a text.

Owns the one detector: lingua in its low-accuracy mode over eleven languages, measured as good as the others on pages at a tenth of a
second of loading and 21 MB. What a page declares of itself is not asked: themes lie (`lang="en-US"` over French posts).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

ENOUGH: Final = 60
"""Letters below which a text does not tell its language."""

_SAMPLE: Final = 1000
"""Characters looked at. More changes nothing (measured at 200 and at 5,000)."""

_LANGUAGES: Final = (
    Language.FRENCH,
    Language.ENGLISH,
    Language.GERMAN,
    Language.SPANISH,
    Language.ITALIAN,
    Language.PORTUGUESE,
    Language.DUTCH,
    Language.CATALAN,
    Language.ROMANIAN,
    Language.LATIN,
    Language.ARABIC,
)
_NOISE: Final = re.compile(r"https?://|\d+\Z|[^\\{}_=<>$#@|]*[\\{}_=<>$#@|]")
_ITEM: Final = re.compile(r"\s*([-–—*•·+»]|\d{1,3}[.)])\s")
_SENTENCE: Final = re.compile(r"[.!?…:][\s\"'”’»)\]]*\Z")
_THEME: Final = re.compile(
    # What WordPress's themes write around a post in English, whatever the language of the blog.
    r"this entry was (posted|written)(?=\s+(in|by|on|at)\b|\n|\Z)( (in|by|at) .{0,300}?\bby \w+)?"
    r"|\bon \S+ \S+ \d{1,2}(st|nd|rd|th)?,? \d{4}.{0,20} and is filed under [^.\n]{0,200}"
    r"|you can (follow any responses to this entry|leave a response(, or|(?=,?\n|\Z))|skip to the end and)[^.\n]{0,40}(2\.0)?[^.\n]{0,80}"
    r"|(both comments and pings|responses|comments|pings) (are|is) (currently )?(closed|off)\b"
    r"|(?<=\n)(tags|filed under|posted (in|on|by)|name \(required\)|mail \(will not|website|email more|click to share|share on|like this|"
    r"play (now|in popup)|standard podcast|other media|download|leave a (comment|reply)|continue reading|read more)\b[^\n]{0,80}(?=\n|\Z)",
    re.IGNORECASE,
)


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text` (a title, then a text), or None when it is too short to tell.

    Code, formulas, addresses and the lines that themes add do not count. Where whole sentences speak another language than all lines
    together, as in a post in French that lists a hundred titles in English, the opening decides.
    """
    lines = [(line, plain) for line in _THEME.sub("", text[: 20 * _SAMPLE]).split("\n") if (plain := _words(line))]
    everything = "\n".join(plain for _, plain in lines)
    long = [(line, plain) for line, plain in lines if len(plain.split()) >= 6]
    prose = "\n".join(plain for _, plain in long)
    sentences = "\n".join(plain for line, plain in long if _SENTENCE.search(line) and not _ITEM.match(line))
    general = _detected(prose if _letters(prose) >= ENOUGH else everything)
    if sentences == prose or (spoken := _detected(sentences)) is None or spoken == general:
        return general
    return _detected(_opening([plain for _, plain in lines])) or spoken


def _opening(lines: list[str]) -> str:
    """The first lines, as few as tell their language."""
    letters = 0
    for count, line in enumerate(lines, 1):
        letters += _letters(line)
        if letters >= ENOUGH:
            return "\n".join(lines[:count])
    return "\n".join(lines)


def _words(line: str) -> str:
    return " ".join(word for word in line.split() if not _NOISE.match(word))


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _detected(text: str) -> str | None:
    if _letters(text) < ENOUGH:
        return None
    language = _detector().detect_language_of(text[:_SAMPLE])
    return language.iso_code_639_1.name.lower() if language is not None else None


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode().build()
