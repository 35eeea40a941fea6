"""The words too common to be searched: data only, folded, as the analyser sees them.

The articles that French elides before a vowel stand here too (l’, d’, qu’…): the tokeniser splits at both apostrophes, so dropping them
is all that elision takes. Left out on purpose, though most lists hold them: words that fold onto a noun of science (été, avions, sommes,
mème), which readers do search.
"""

from __future__ import annotations

from typing import Final

ELIDED: Final = frozenset({"c", "d", "j", "l", "m", "n", "qu", "s", "t", "jusqu", "lorsqu", "puisqu", "quoiqu"})
"""What stands before an apostrophe."""

_LIST: Final = """
a ai aie aient aies ait as au aura aurai auraient aurais aurait auras aurez auriez aurions aurons auront aux avaient avais avait avec
avez aviez avons ayant ayez ayons
ce ceci cela ces cet cette ceux
dans de des du
elle elles en es est et etaient etais etait etant etiez etions eu eue eues eurent eus eut eux
furent fus fut
il ils
je jusque
la le les leur leurs lui
ma mais me mes moi mon
ne nos notre nous
on ont ou
par pas pour
que quel quelle quelles quels qui
sa sans se sera serai seraient serais serait seras serez seriez serions serons seront ses soi soient sois soit son sont soyez soyons
sur suis
ta te tes toi ton tu
un une
vos votre vous
y
"""

STOP_WORDS: Final = ELIDED | frozenset(_LIST.split())
"""Every stop word: lower case, without accents."""
