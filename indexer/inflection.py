"""Number and gender: which words of an index are forms of one word, where the stemmer parts them or the very form counts.

Snowball takes an s only from behind a consonant or an e, makes every -aux an -al, and leaves chercheuse beside chercheur (snowballstem.org,
French). Forms are told by their endings alone, more cautiously than a stemmer: what is searched beside a word is mostly that word. Pure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from indexer.lexicon import Lexicon

SHORTEST: Final = 4
"""Letters of a word that has forms: «os» is no plural, «bus» none of «bu»."""
_DOUBLED_FROM: Final = 6
"""Letters before a silent e of which two may be one: ancienne, naturelle; not verre, terre."""
_FEMININE: Final = (("iv", "if"), ("nch", "nc"), ("eus", "eur"), ("tric", "teur"))
"""What stands before the silent e of a feminine → the end of the masculine."""
_FEMININE_FROM: Final = 5
"""Letters of a word whose silent e may be a feminine: verte; «mare» is none of «mars», «gène» none of «gens»."""
_ENDINGS: Final = ("", "s", "x", "e", "es")
_WITH_X: Final = ("au", "eu")
"""What takes an x in the plural, beside seven nouns in -ou: «voix», «prix», «index», «doux» are no plurals of voie, pris, Inde, doué."""
_OU: Final = frozenset({"bijoux", "cailloux", "choux", "genoux", "hiboux", "joujoux", "poux"})
_APART: Final = """
colis colon colonne cours crane denis fois mais paris partie ponte porte poste prie pris reine semis titane vente venue venus
"""
_THEMSELVES: Final = frozenset(_APART.split())
"""Words that look like a form of another and are mostly none: Paris of pari, fois of foi, Vénus of venu, maïs of mai, titane of Titan."""


@lru_cache(maxsize=4096)
def key(word: str) -> str:
    """What all forms of a folded word have in common: nearly its masculine singular. For comparing only."""
    if len(word) < SHORTEST or word in _THEMSELVES or not word.isalpha():
        return word
    singular = _singular(word)
    masculine = _masculine(singular)
    return singular if _THEMSELVES & {singular, masculine} else masculine


def forms(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The other forms of a folded word that documents hold, in alphabetical order."""
    own = key(word)
    if own == word and len(word) < SHORTEST - 1:
        return ()
    possible = {base + ending for base in _bases(own) for ending in _ENDINGS}
    return tuple(sorted(one for one in possible if one != word and lexicon.frequency(one) and key(one) == own))


def _singular(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > SHORTEST:
        return word[:-3] + "al"
    if word[-1] == "s" or (word[-1] == "x" and (word[-3:-1] in _WITH_X or word in _OU)):
        word = word[:-1]
    if word.endswith("au") and not word.endswith("eau"):
        return word[:-2] + "al"  # noyaux, too, became noyal
    return word[:-3] + "al" if word.endswith("ail") and len(word) > SHORTEST else word


def _masculine(word: str) -> str:
    if not word.endswith("e") or word.endswith("ee") or len(word) < _FEMININE_FROM:
        return word
    bare = word[:-1]
    for feminine, masculine in _FEMININE:
        if bare.endswith(feminine):
            return bare.removesuffix(feminine) + masculine
    if len(bare) >= _DOUBLED_FROM and bare[-1] == bare[-2] and bare[-1] in "nlt":
        return bare[:-1]
    return bare


def _bases(own: str) -> list[str]:
    """What forms of this key may begin with."""
    found = [own, own + own[-1:]]
    found += (own.removesuffix(masculine) + feminine for feminine, masculine in _FEMININE if own.endswith(masculine))
    if own.endswith("al"):
        found += [own[:-2] + "au", own[:-2] + "ail"]
    return found
