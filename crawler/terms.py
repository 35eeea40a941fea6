"""The words of a text, as texts are compared by them: lower case, without accents.

Owns the fold and the two lists of words that say nothing about a subject. It refuses to know what is compared and why; it is no analyser:
the searching side has its own.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from luciole.marks import unmarked

_WORD: Final = re.compile(r"[^\W_]+")
_ACCENT: Final = re.compile("[\u0300-\u036f]")

_FRENCH: Final = """
ainsi ais ait alors apres assez aucun aucune aupres aussi autant autre autres aux avaient avais avait avant avec avez avions avoir avons
ayant beaucoup bien bon bonne car ceci cela celle celles celui cent certain certaine certaines certains ces cet cette ceux chacun chaque
chez chose choses cinq comme comment contre dans depuis dernier derniere des deux devant devient devrait dire dit dix doit doivent donc
dont elle elles encore enfin ensuite entre est etaient etais etait etant ete etes etre eux exemple faire fais faisait fait faite faites
faits faut font grand grande hors ici ils jamais jour jours jusqu jusque juste laquelle les lesquelles lesquels leur leurs loin lorsqu
lorsque lui maintenant mais mal malgre meme memes mes mettre mieux mis mise moins mon nan neuf non nos notre nous nouveau nouveaux nouvel
nouvelle nouvelles ont ou oui par parce parfois parmi partie pas pendant permet peu peut peuvent peux plupart plus plusieurs plutot point
pour pourquoi pourrait pouvoir premier premiere pres presque prend prendre puis puisqu puisque qu quand quatre que quel quelle quelles
quelqu quelque quelques quels qui quoi quoiqu rien sans sauf savoir se selon sept sera serait seront ses seul seule seulement sinon six
soit son sont sous souvent suis sur surtout tant tard tel telle telles tels temps toi tot toujours tous tout toute toutefois toutes tres
trois trop trouve trouver une uns utilise utiliser vais vas vers veut vient vite voici voila voir voire vont vos votre vous vraiment vrai
vue
"""
_ENGLISH: Final = """
about after all also and any are because been but can could did does each for from get had has have her his how into its just like made
many may more most much not now one only other our out over same she should some such than that the their them then there these they
this those through too two under use used very was way well were what when where which while who will with would you your
"""
STOP_WORDS: Final = frozenset(f"{_FRENCH} {_ENGLISH}".split())
"""Words of French and English that tell no subject, folded. French ones are those of three letters and more: shorter words are no terms."""


def folded(text: str) -> str:
    """`text` in lower case, without accents and without the signs around formulas and code."""
    plain = unmarked(text).casefold()
    return plain if plain.isascii() else _ACCENT.sub("", unicodedata.normalize("NFKD", plain))


def words(text: str) -> list[str]:
    """The words and numbers of `text` in order, folded; an apostrophe parts two words."""
    return _WORD.findall(folded(text))


def terms(text: str) -> list[str]:
    """Those of the words that may tell a subject: three letters or more, no stop words, no numbers."""
    return [word for word in words(text) if len(word) >= 3 and word not in STOP_WORDS and not word.isdigit()]
