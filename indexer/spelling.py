"""How authors write the words that were searched in place of misspelt ones: the index knows «lumiere», its articles «lumière».

Pure. It refuses to know where the lexicon has its spellings from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from indexer.folding import fold
from indexer.lexicon import Lexicon
from indexer.results import Correction, Hit


def spelt(corrections: Iterable[Correction], lexicon: Lexicon, hits: Iterable[Hit]) -> tuple[Correction, ...]:
    """The corrections in the letters of authors: as the lexicon has them; else as they mostly stand where the hits are marked (a word that
    no title holds); else folded, as they came."""
    wanted = tuple(corrections)
    if not wanted:
        return ()
    known = {used: lexicon.written(used) for one in wanted for used in one.used}
    seen = _seen({used for used, form in known.items() if form == used}, hits)
    return tuple(Correction(one.typed, tuple(dict.fromkeys(seen.get(used, known[used]) for used in one.used))) for one in wanted)


def _seen(words: set[str], hits: Iterable[Hit]) -> dict[str, str]:
    """The most frequent form of these folded words in what is marked in the hits; an identifier in code is no spelling."""
    counts: dict[str, Counter[str]] = {word: Counter() for word in words}
    for hit in hits:
        for fragment in (hit.title, hit.excerpt):
            for start, end in fragment.marks:
                if any(one <= start < other for one, other in fragment.notation):
                    continue
                form = fragment.text[start:end].lower()
                if (folded := fold(form)) in counts:
                    counts[folded][form] += 1
    return {word: forms.most_common(1)[0][0] for word, forms in counts.items() if forms}
