"""The words too common to be searched: data only, folded, as the analyser sees them.

What French elides before a vowel and that is no single letter stands here too (qu’, jusqu’…): the tokeniser splits at both apostrophes,
so dropping it is all that elision takes. A lone letter is a word («vitamine C») unless `indexer.elision` says otherwise. Left out on
purpose, though most lists hold them: words that fold onto a noun of science (été, maïs, avions, sommes, mème), which readers do search.
"""

from __future__ import annotations

from typing import Final

ELIDED: Final = frozenset({"qu", "jusqu", "lorsqu", "puisqu", "quoiqu"})
"""What stands before an apostrophe, single letters left out."""

_LIST: Final = """
a ai aie aient aies ait as au aura aurai auraient aurais aurait auras aurez auriez aurions aurons auront aux avaient avais avait avec
avez aviez avons ayant ayez ayons
ce ceci cela ces cet cette ceux
dans de des du
elle elles en es est et etaient etais etait etant etiez etions eu eue eues eurent eus eut eux
furent fus fut
il ils
je jusque
la le les leur leurs lorsque lui
ma me mes moi mon
ne nos notre nous
on ont ou
par pas pour puisque
que quel quelle quelles quels qui quoique
sa sans se sera serai seraient serais serait seras serez seriez serions serons seront ses soi soient sois soit son sont soyez soyons
sur suis
ta te tes toi ton tu
un une
vos votre vous
y
"""

ASKING: Final = frozenset({"combien", "comment", "laquelle", "lequel", "lesquelles", "lesquels", "pourquoi", "quand", "quoi"})
"""What asks: dropped where another word is searched, as answers seldom repeat it; articles ask as well, so that it is no stop word. Worth
.002 of nDCG@10 on full questions (PIAF, odd ones), .019 on those of the demonstration."""

_JOINED: Final = """
cest cetait cetaient dun jai jetais lon nai nen nest netait netaient nont
quen quest quetait quetaient quil quils quon quun quune sen sest setait setaient sil sils
"""

JOINED: Final = frozenset(_JOINED.split())
"""Stop words with their article, the apostrophe left out; none that is a word (lune, test, lait)."""

STOP_WORDS: Final = ELIDED | frozenset(_LIST.split())
"""Every stop word: lower case, without accents."""

MEANT: Final = {"mais": "maïs"}
"""Folded words that nobody searches in their commonest meaning: readers are told and offered the other one."""
