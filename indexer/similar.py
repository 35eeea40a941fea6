"""Articles that speak of the same: the plan of an article's most telling words. Pure; the same for every engine."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Final

from indexer.analysis import stems, tokens
from indexer.document import IndexDocument
from indexer.folding import undotted
from indexer.lexicon import Lexicon
from indexer.plan import Plan, TermGroup, Weighted

WORDS: Final = 20
"""Words that stand for an article."""
IN_TITLE: Final = 3
"""What a word of the title counts for, compared to one of the prose."""
SHARED: Final = 6
"""One of so many of these words must be in both articles: three of twenty."""
_READ: Final = 60_000
"""Characters of prose: what an article of ten thousand words is about is told by then."""
_CANDIDATES: Final = 3 * WORDS
_SHORTEST: Final = 3


def alike(document: IndexDocument, lexicon: Lexicon, documents: int, *, limit: int) -> Plan:
    """The plan that finds articles like this one, and this one itself. `documents`: how many the index holds.

    A word weighs by how often it is used, dampened, and by how few articles use it (tf-idf); a stem by all of its forms. What no other
    article holds finds nothing and is left out. Without a telling word the plan can match nothing.
    """
    uses = _uses(document)
    forms: dict[str, set[str]] = {}
    for word, stem in zip(uses, stems(uses), strict=True):
        forms.setdefault(stem, set()).add(word)
    counts = {stem: sum(uses[word] for word in words) for stem, words in forms.items()}

    first = {stem: max(map(lexicon.frequency, words)) for stem, words in forms.items()}

    def worth(stem: str, holding: int) -> float:
        return (1 + log(counts[stem])) * log(1 + documents / max(1, holding))

    documents = max(documents, *first.values(), 1)
    known = [stem for stem in forms if first[stem]]
    used_again = [stem for stem in known if counts[stem] > 1]  # a word that came up once says little of what the article is about
    near = sorted(used_again if len(used_again) >= WORDS // 2 else known, key=lambda stem: (-worth(stem, first[stem]), stem))[:_CANDIDATES]
    # Of those alone all forms are looked up, those that this article does not use too.
    holding = {stem: max(first[stem], *map(lexicon.frequency, lexicon.surfaces(stem)), 0) for stem in near}
    shared = [stem for stem in near if holding[stem] > 1 or len(lexicon.surfaces(stem)) > 1]
    best = sorted(shared, key=lambda stem: (-worth(stem, holding[stem]), stem))[:WORDS]
    heaviest = max((1 + log(counts[stem]) for stem in best), default=1.0)
    groups = tuple(
        TermGroup(
            typed=min(forms[stem], key=lambda word: (-uses[word], word)),
            origin="typed",
            stems=(Weighted(stem, round((1 + log(counts[stem])) / heaviest, 4)),),
        )
        for stem in best
    )
    return Plan(groups=groups, least=max(1, len(groups) // SHARED), limit=limit, nothing=not groups)


def _uses(document: IndexDocument) -> Counter[str]:
    """How often the article uses each of its words; those of the title count more."""
    found: Counter[str] = Counter()
    for text, weight in ((document.title, IN_TITLE), (document.prose[:_READ], 1)):
        for token in tokens(undotted(text)):
            if not token.is_stop and len(token.word) >= _SHORTEST and token.word.isalpha():
                found[token.word] += weight
    return found
