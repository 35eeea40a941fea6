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

_SAMPLE: Final = 2000
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


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text`, or None when it is too short to tell. Code, formulas and addresses do not count."""
    sample = _sample(text)
    if sum(map(str.isalpha, sample)) < ENOUGH:
        return None
    language = _detector().detect_language_of(sample)
    return language.iso_code_639_1.name.lower() if language is not None else None


def _sample(text: str) -> str:
    """The lines that look like prose, from the beginning; all of them when there is too little prose."""
    lines = [" ".join(word for word in line.split() if not _NOISE.match(word)) for line in text[: 20 * _SAMPLE].split("\n")]
    prose = "\n".join(line for line in lines if len(line.split()) >= 6)
    return (prose if sum(map(str.isalpha, prose)) >= ENOUGH else "\n".join(lines))[:_SAMPLE]


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode().build()
