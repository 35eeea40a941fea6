"""Folding text without moving a letter: what highlighting needs, and the clean-up that both sides of a search share.

Owns three pure functions over plain text. It refuses to know words, stems and engines. What a *word* is, is `indexer.analysis`'s affair;
this fold only has to agree with it letter by letter, so that a folded word found at some place marks that very place of the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# One letter for one letter, lower case already. Where bytes do not do (`_by_bytes`): a replacement that finds nothing costs a scan at
# memory speed, thirteen times faster than `str.translate` on French text (measured), which asks a dictionary for every letter.
_ACCENTED: Final = {
    "a": "àâäáãåāă",
    "c": "çćč",
    "d": "ď",
    "e": "éèêëēęě",
    "g": "ğ",
    "i": "îïíìīı",
    "l": "ł",
    "n": "ñńň",
    "o": "ôöóòõøō",
    "r": "ř",
    "s": "šśş",
    "t": "ťţț",
    "u": "ùûüúū",
    "y": "ÿý",
    "z": "žźż",
}
_RAISED_OR_LOWERED: Final = ("⁰₀", "¹₁", "²₂", "³₃", "⁴₄", "⁵₅", "⁶₆", "⁷₇", "⁸₈", "⁹₉")

_LETTERS: Final = (
    *((one, plain) for plain, accents in _ACCENTED.items() for one in accents),
    *((one, str(digit)) for digit, forms in enumerate(_RAISED_OR_LOWERED) for one in forms),
)

# Most French texts are of one byte a letter, but for some signs: with these put aside, one table does it in half the time (measured).
_BEYOND: Final = tuple(zip("’…–—“”œ\u202f", map(chr, range(0x80, 0x88)), strict=True))
_PLAIN: Final = bytes.maketrans(*(bytes(map(ord, some)) for some in zip(*(pair for pair in _LETTERS if pair[0] <= "ÿ"), strict=True)))

LIGATURES: Final[tuple[tuple[str, str], ...]] = (("oe", "œ"), ("ae", "æ"), ("ss", "ß"), ("fi", "ﬁ"), ("fl", "ﬂ"))
"""What folds into two letters, and therefore stays in `fold`ed text: (letters, ligature)."""

# Soft hyphens and zero-width marks are invisible, and would cut a word in two.
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")

DOTTED: Final = r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"
"""An acronym with its dots (I.R.M., A.D.N), where no letter or digit stands before it."""
# The same from its first dot on: dots are rare, and found at memory speed. From the first letter on it took ten times as long.
_DOTTED: Final = re.compile(r"\.(?<=(?<![^\W_])[^\W\d_]\.)(?:[^\W\d_]\.)+(?:[^\W\d_](?![^\W_]))?")


def fold(text: str) -> str:
    """The text in lower case without accents, as many code points as before, each in its place; ligatures stay."""
    lowered = text.lower()
    if len(lowered) != len(text):  # one letter became two (İ): such letters stay as they are
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    if lowered.isascii():
        return lowered
    folded = _by_bytes(lowered)
    if folded is None:
        folded = lowered
        for accented, plain in _LETTERS:
            folded = folded.replace(accented, plain)
    return folded


def _by_bytes(lowered: str) -> str | None:
    """The text without accents, all letters at once; None for one that has more than Latin-1 and what French adds to it."""
    replaced, found = lowered, []
    for sign, byte in _BEYOND:
        if sign in replaced:
            if byte in replaced:
                return None
            replaced = replaced.replace(sign, byte)
            found.append((sign, byte))
    try:
        folded = replaced.encode("latin-1").translate(_PLAIN).decode("latin-1")
    except UnicodeEncodeError:
        return None
    for sign, byte in found:
        folded = folded.replace(byte, sign)
    return folded


def clean(text: str) -> str:
    """The text as both index and reader see it: composed accents (NFC), one micro sign (keyboards have µ, symbols μ), no letter for an
    apostrophe (ʼ would join two words), no invisible marks inside words, only what UTF-8 can carry."""
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", text.replace("\u00b5", "\u03bc").replace("\u02bc", "’"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def undotted(text: str) -> str:
    """The text as its words are counted, for documents and queries alike: an acronym without its dots, so that «I.R.M.» and «IRM» are one
    word. What is analysed without stop words then goes through `indexer.elision.unelided`."""
    return _DOTTED.sub(_without_dots, text)


def undotted_places(text: str) -> list[int]:
    """For each code point of `undotted(text)` where it stands in `text`; the end of the text last. (A blank put behind an acronym stands
    at its last dot.)"""
    places: list[int] = []
    at = 0
    for found in _DOTTED.finditer(text):
        places += range(at, found.start())
        places += (place for place in range(*found.span()) if text[place] != "." or place == found.end() - 1)
        at = found.end()
    return [*places, *range(at, len(text) + 1)]


def _without_dots(found: re.Match[str]) -> str:
    letters = found[0].replace(".", "")
    return f"{letters} " if found[0].endswith(".") else letters  # what follows the last dot is another word
