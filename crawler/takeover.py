"""Is this still the blog that the curators chose? The signs that a domain was taken over, or that a blog became something else.

Owns three signs and the rule that two of them freeze a source. Pure: texts and languages go in, French phrases come out. It refuses to
know where they come from and what freezing does. One sign alone is everyday life: authors rename their blogs, post in English, change
their subject.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt
from typing import Final

from crawler.terms import STOP_WORDS, folded, terms, words
from luciole.urls import authority

FREEZING: Final = 2
"""Signs that must hold together."""

NOTHING_COMMON: Final = 0.05
"""The cosine under which new entries have nothing in common with the known articles.

Measured on eight real blogs, with their French posts of sixty words or more, counting word beginnings of six letters. A blog against
twenty of its own posts: three new ones .08 at the least and .44 at the median, five .23 and .52; excerpts of 55 words .15 with five, and
with three one drawing of 135 under .05. Another blog's posts: .11 at the median, one drawing in nine under .05 (science blogs share their
words); English ones of another blog .04, six in ten under. A blog that had only French posts and now has English ones on its subject: .06
at the least with five whole posts, since the beginnings of learned words are the same in both languages (whole words fell to .04); but a
third of the drawings are under .05 where the feed has excerpts only. Weights by rarity moved all of these together and parted them less.
"""

_LAST: Final = 5
_LEAST_ENTRIES: Final = 3
_LEAST_KNOWN: Final = 5
_LATEST: Final = 20
_LEAST_TERMS: Final = (60, 150)
"""Terms that new entries and known articles must have together: below, a cosine is chance."""

_BEGINNING: Final = 6
_LETTERS: Final = 10_000
"""Characters of each text that are looked at."""

_GENERIC_WORDS: Final = (
    "accueil actualite actualites articles atom billets bienvenue blog blogs blogspot carnet carnets com feed flux home hypotheses journal "
    "magazine net news official officiel org over page posts rss site sites substack web welcome wordpress www"
)
_GENERIC: Final = frozenset(_GENERIC_WORDS.split())
"""Words that half of all blogs have in their names: to share one of them is no kinship."""

_HIDDEN: Final = 5
"""Letters from which a word counts as shared when it stands inside a longer one (« afondlascience »)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post as this rule sees it: title and text, plain; `language` its ISO 639-1 code, None when it is too short to tell; `new`: the
    store did not know it before this night."""

    text: str
    language: str | None = None
    new: bool = False


def suspicion(
    name: str, url: str, site_title: str, entries: Sequence[Entry], latest: Sequence[Entry], *, language: str = "fr"
) -> tuple[str, ...]:
    """The signs that hold, each as a French phrase; the source is to be frozen when there are `FREEZING` of them.

    `name`, `url` and `language` are those of the list; `site_title` is how site or feed calls itself; `entries` are those of the feed,
    newest first; `latest` the twenty latest articles of the store that are not among the new entries. A sign for which there is too
    little material does not hold: no title, fewer than three entries of a known language, fewer than three new entries or five articles.
    """
    signs = (_renamed(name, url, site_title), _foreign(entries, latest, language), _unrelated(entries, latest))
    return tuple(sign for sign in signs if sign)


def frozen_why(signs: Sequence[str]) -> str:
    """The French sentence for `Standing.frozen_why`, "" when the signs are too few to freeze."""
    return f"Ce blog n’est peut-être plus celui qui a été choisi : {' ; '.join(signs)}." if len(signs) >= FREEZING else ""


def cosine(one: Iterable[str], other: Iterable[str]) -> float:
    """How much two bundles of texts have in common, 0 to 1: the cosine between the counts of their terms, cut to their beginnings."""
    return _cosine(_counts(one), _counts(other))


def _renamed(name: str, url: str, site_title: str) -> str:
    """The title shares no word with the registered name, nor with the host: many blogs are called by their address."""
    title, ours = _words(site_title), _words(name)
    if not title - _GENERIC or not ours:
        return ""  # « Accueil » tells nothing
    ours = ours - _GENERIC or ours
    with suppress(ValueError):
        ours |= _words(authority(url).partition(":")[0]) - _GENERIC
    if title & ours or _inside(title, name, url) or _inside(ours, site_title):
        return ""
    return f"le site s’appelle maintenant « {_short(site_title)} »"


def _foreign(entries: Sequence[Entry], latest: Sequence[Entry], language: str) -> str:
    """Most of the last five entries are not French; nor in the language that the list states, nor is that how the blog always was."""
    told = [entry.language for entry in entries[:_LAST] if entry.language is not None]
    foreign = sum(one not in ("fr", language) for one in told)
    if len(told) < _LEAST_ENTRIES or 2 * foreign <= len(told):
        return ""
    before = [article.language for article in latest[:_LATEST] if article.language is not None]
    if len(before) >= _LEAST_KNOWN and 2 * sum(one not in ("fr", language) for one in before) > len(before):
        return ""
    return f"{foreign} de ses {len(told)} derniers articles ne sont pas en français"


def _unrelated(entries: Sequence[Entry], latest: Sequence[Entry]) -> str:
    """The new entries have nothing in common with the twenty latest known articles."""
    new = [entry.text for entry in entries if entry.new]
    known = [article.text for article in latest[:_LATEST]]
    if len(new) < _LEAST_ENTRIES or len(known) < _LEAST_KNOWN:
        return ""
    sides = _counts(new), _counts(known)
    if any(side.total() < least for side, least in zip(sides, _LEAST_TERMS, strict=True)):
        return ""
    return "ses nouveaux articles n’ont rien de commun avec les précédents" if _cosine(*sides) < NOTHING_COMMON else ""


def _counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(term[:_BEGINNING] for text in texts for term in terms(text[:_LETTERS]))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[term] for term, count in one.items())
    return shared / sqrt(_square(one) * _square(other)) if shared else 0.0


def _square(counts: Counter[str]) -> int:
    return sum(count * count for count in counts.values())


def _words(text: str) -> set[str]:
    """The words of a name, stop words aside."""
    return {word for word in words(text[:500]) if len(word) >= 3 and word not in STOP_WORDS}


def _inside(names: Iterable[str], *texts: str) -> bool:
    """Whether a longer word of a name stands anywhere in the letters of a text: names are often run together."""
    squeezed = [re.sub(r"[\W_]+", "", folded(text[:500])) for text in texts]
    return any(len(name) >= _HIDDEN and name not in _GENERIC and name in letters for name in names for letters in squeezed)


def _short(title: str) -> str:
    flat = " ".join(title.split())
    return flat if len(flat) <= 80 else f"{flat[:79]}…"
