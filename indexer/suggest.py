"""What a text being typed may become: whole queries, and the plan that finds articles by their titles.

Pure: a text, the plan that would search it and a lexicon in. It refuses to know engines, and what a plan does with a word: the earlier
words are read, and corrected, as the planner does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from indexer.analysis import Token, stem, tokens
from indexer.folding import clean, undotted
from indexer.groups import COMPLETED
from indexer.lexicon import SHORTEST_PREFIX, Lexicon
from indexer.operators import parse
from indexer.plan import Plan, TermGroup, Weighted
from indexer.query import MAX_QUERY_CHARACTERS
from indexer.respelling import respelt

MOST: Final = 5
"""Texts, and titles, at most."""
_TELLING: Final = 5
"""A word of more than one article in so many (trois, trouve) tells nobody what an article is about: it is suggested after the others."""


def texts(text: str, plan: Plan, lexicon: Lexicon, size: int = MOST, *, articles: int = 0) -> tuple[str, ...]:
    """The text with its last word completed by the most frequent words that begin like it, those of more than a fifth of all `articles`
    (0: not known) after the others, one of each stem, in the letters of authors;
    words before it that no article holds are replaced by those searched in their place. `plan`: of this very text. Where nothing begins
    like the last word, by what it was corrected to. Empty when no word of three letters is being typed."""
    text = clean(text)
    last = _last(text)
    if last is None or size <= 0:
        return ()
    typed = text[len(text) - (last.end - last.start) :]
    used = {one.typed: one.used for one in plan.corrections}
    head = respelt(text[: len(text) - len(typed)], {word: lexicon.written(others[0]) for word, others in used.items()})
    found: dict[str, str] = {}
    if lexicon.frequency(last.word):
        found[stem(last.word)] = ""  # the plural of a word that stands there already is no news
    for word in lexicon.completions(last.word) or used.get(typed, ()):
        if word.isalpha():
            found.setdefault(stem(word), word)
    ranked = sorted(filter(None, found.values()), key=lambda word: 0 < articles < _TELLING * lexicon.frequency(word))
    return tuple(dict.fromkeys(head + lexicon.written(word) for word in ranked))[:size]


def in_titles(text: str, plan: Plan, lexicon: Lexicon, size: int = MOST) -> Plan | None:
    """The plan for articles whose titles hold every word, the last one at least as a beginning. `plan`: of this very text. None when no
    title can: there is no word, or one that nothing resembles."""
    if plan.nothing or plan.unknown or not plan.groups or size <= 0:
        return None
    groups = list(plan.groups)
    last = _last(clean(text))
    if last is not None:
        groups = [_completed(group, last, lexicon) if group.typed == clean(text)[-len(group.typed) :] else group for group in groups]
    return replace(
        plan,
        groups=tuple(groups),
        pairs=(),
        facets=(),
        sort="pertinence",
        offset=0,
        limit=size,
        least=len(groups),
        pinned=(),
        diverse=False,
        titles_only=True,
    )


def _last(text: str) -> Token | None:
    """The word being typed, if it has three letters and no stop word is made of them. A text that is too long, or ends in a blank, an
    operator or a sign, has none."""
    if len(text) > MAX_QUERY_CHARACTERS:
        return None
    rest = undotted(parse(text).text)
    words = tokens(rest)
    if not words or words[-1].end != len(rest):
        return None
    last = words[-1]
    whole = text.endswith(rest[last.start : last.end])  # dots of an acronym are no part of the word
    return last if whole and len(last.word) >= SHORTEST_PREFIX and last.word.isalpha() else None


def _completed(group: TermGroup, last: Token, lexicon: Lexicon) -> TermGroup:
    """The last word with all that begins like it: a plan leaves short words as they stand, and here they are only beginnings."""
    known = {one.term for one in group.forms}
    more = tuple(Weighted(word, COMPLETED) for word in lexicon.completions(last.word) if word not in known)
    return replace(group, forms=group.forms + more)
