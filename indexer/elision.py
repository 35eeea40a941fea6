"""Which lone letters are elided articles («l’eau») and which are words («vitamine C»): for documents, and for what readers type.

Owns that decision alone. An elided letter is replaced by a stop word of one letter, so that every other word keeps its place in the text
and among the words: offsets, phrases and distances stay true. It refuses to know stems, plans and engines.
"""

from __future__ import annotations

from typing import Final

LETTERS: Final = frozenset("cdjlmnstCDJLMNSTçÇ")
"""What French elides before an apostrophe, beside «qu», «jusqu», «lorsqu»…, which are always stop words."""
BLANK: Final = "a"
"""The stop word that takes the place of an elided letter."""
APOSTROPHES: Final = "’'´`′"
"""As they are typed; `indexer.folding.clean` has turned the letter ʼ into one of them."""
RULES: Final = ("elision 1", "".join(sorted(LETTERS)), BLANK, APOSTROPHES)
"""Part of the version of an index: changes whenever a text may be read in another way. The number counts the changes of code alone."""

_ONE: Final = APOSTROPHES[0]
_OTHERS: Final = APOSTROPHES[1:]
_VOWELS: Final = frozenset("aeiouyh")
_AFTER_A_LETTER: Final = frozenset({"et", "ou", "au", "aux"})
"""«vitamine c et d»: nothing is elided before these."""
_LETTERED: Final = frozenset(
    {"chromosome", "coenzyme", "cytochrome", "hepatite", "immunoglobuline", "lymphocyte", "provitamine", "vitamine"}
)
"""What has a letter for a name, in the singular: «vitamine d en hiver». Not what «d’» often follows, as in «rayon d’action»."""
_SUFFIXES: Final = frozenset("dmstDMST")
"""What English puts behind an apostrophe: «Schrödinger’s», «don’t»."""
_OPENING: Final = ' \u00a0\u202f«“„"([*_‹'
"""What may stand between an apostrophe and the word: «l’« effet » tunnel», and the blank of a careless typist."""
_HYPHENS: Final = "-\u2010\u2011"


def unelided(text: str) -> str:
    """The text as it is analysed, for documents and queries alike: as long as before, each elided letter replaced by `BLANK`.

    Apostrophes are found at memory speed and only the letter before each is looked at: a regular expression took several times as long.
    """
    for hyphen in _HYPHENS:
        if hyphen in text and f"{hyphen}t{hyphen}" in text:
            for vowel in "ieo":  # «existe-t-il», «va-t-on»: this t is no word either
                text = text.replace(f"{hyphen}t{hyphen}{vowel}", f"{hyphen}{BLANK}{hyphen}{vowel}")
    for sign in _OTHERS:
        if sign in text:
            text = text.replace(sign, _ONE)
    pieces = text.split(_ONE)
    if len(pieces) == 1:
        return text
    before = pieces[0]
    for at in range(1, len(pieces)):
        after = pieces[at]
        if before[-1:] in LETTERS and not before[-2:-1].isalnum():
            if _is_elided(before, after, quoted=at > 1):
                pieces[at - 1] = before[:-1] + BLANK
        elif after[:1] in _SUFFIXES and not after[1:2].isalnum() and before[-1:].isalnum() and (at + 1 == len(pieces) or len(after) > 1):
            pieces[at] = after = BLANK + after[1:]
        before = after
    return _ONE.join(pieces)


def _is_elided(before: str, after: str, *, quoted: bool) -> bool:
    """Whether the letter at the end of `before` belongs to the word after its apostrophe. Nothing after it: one is about to be typed.
    `C’ = 2` is a letter with a prime, and `'t'` (an apostrophe on both sides) a letter in quotes."""
    if after[:1].isalnum():
        return True
    if quoted and len(before) == 1:
        return False
    return not after or after.lstrip(_OPENING)[:1].isalnum()


def forgotten(text: str, at: int, before: str, after: str, place: int) -> bool:
    """Whether a reader left out the apostrophe behind the letter at `at`: «l energie», «c est».

    `before` and `after` are the folded words around it ("" for none), `place` is where the latter stands. A letter before a blank and a
    vowel (or h) is elided, unless the word before takes letters for names, «et» or «ou» follows, another letter does, or it is a capital
    among small letters («vitamine C orange»); but «Jeanne D Arc» is, as D and L are before a capital. The n of «n° 5» is no word either.
    """
    if text[at] in "nN" and text[at + 1 : at + 2] == "°":
        return True
    if text[at] not in LETTERS or not after or not text[at + 1 : place].isspace() or after[0] not in _VOWELS:
        return False
    if after in _AFTER_A_LETTER or (len(after) == 1 and after not in "ay") or before in _LETTERED or before.removesuffix("s") in _LETTERED:
        return False
    if text[at] in "cC" and after == "en":
        return False
    capital = before and text[at].isupper() and not text.isupper()
    return not capital or (text[at] in "DL" and text[place].isupper())
