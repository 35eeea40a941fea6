"""From what a reader typed to a plan: the decisions that make a search good French.

`plan` is pure: a query and a lexicon in, a plan out, and no text whatever makes it fail. The factors were tuned on 6,935 French questions
(search-engines.md section 3.2). It refuses to know engines; how a term is weighed inside a field is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from indexer.analysis import LONGEST_WORD, Token, stem, tokens
from indexer.conditions import conditions
from indexer.folding import clean, undotted
from indexer.lexicon import SHORTEST_PREFIX, Lexicon
from indexer.night import Night
from indexer.operators import Operator, parse
from indexer.plan import Plan, TermGroup, Weighted
from indexer.query import FACETS, MAX_QUERY_CHARACTERS, MAX_RANKED, Query
from indexer.results import Correction
from indexer.stopwords import STOP_WORDS

EXACT_FORM: Final = 0.3
"""A word in the very form that was typed, beside its stem."""
CORRECTED: Final = 0.9
COMPLETED: Final = 0.7

MAX_GROUPS: Final = 24
"""Words searched; a question rarely has more than ten. The rest is told as ignored."""
MAX_CORRECTED: Final = 8
"""Words looked up as misspelt: the one costly question to a lexicon, milliseconds each among half a million words."""
MAX_SURFACES: Final = 200
MAX_TOLD: Final = 20
"""Words named back to the reader as ignored or unknown."""
MAX_SIZE: Final = 100
MAX_FILTER_VALUES: Final = 50

COMPLETED_FROM: Final = 5
"""Letters of a word that is known and still completed: «sel» is searched as it stands, not as the beginning of «selon»; «volcan» may
become «volcanologue». Costs .02 of nDCG@10 on words cut short (PIAF), until the next letter is typed."""
SHORTEST_UNELIDED: Final = 5

_APOSTROPHES: Final = "'’ʼ"
_ELIDED: Final = re.compile(r"(?:qu|[cdjlmnst])(?=[aeiouyh])")


def plan(query: Query, lexicon: Lexicon, night: Night | None = None) -> Plan:
    """What to look for. Every text is a plan: without a searchable word it is "browse", with none that is known it finds nothing. `night`
    names the blogs that `blog:` may mean."""
    parsed = parse(clean(query.text[: 4 * MAX_QUERY_CHARACTERS]))
    text, rest = _cut(parsed.text)
    asked = conditions(parsed.operators, lexicon, night)
    words = tokens(text)
    groups: dict[str, TermGroup] = {}
    ignored: list[str] = []
    unknown: list[str] = []
    surplus: list[str] = []
    doubtful = 0
    last = words[-1] if words and words[-1].end == len(text) else None
    for token in words:
        typed = text[token.start : token.end]
        if token.is_stop:
            if text[token.end : token.end + 1] not in _APOSTROPHES or token.end == len(text):
                ignored.append(typed)  # an elided article is part of the spelling, not a word that was dropped
            continue
        key = stem(token.word)
        if key in groups:
            continue
        if len(groups) == MAX_GROUPS:
            surplus.append(typed)
            continue
        group = _known(token, typed, key, lexicon, typing=token is last)
        if group is None and doubtful < MAX_CORRECTED:
            doubtful += 1
            group = _corrected(token.word, typed, lexicon)
        if group is None:
            unknown.append(typed)
        else:
            groups[key] = group
    if not words and any(map(str.isalnum, text)):
        unknown.append(text[:LONGEST_WORD])  # one endless word, which the analyser drops
    for group in _quoted(parsed.operators, lexicon):
        if len(groups) < MAX_GROUPS:
            groups.setdefault(group.stems[0].term, group)
    searched = groups.keys() | {stem(token.word) for token in words if token.is_stop}
    beyond = (rest[token.start : token.end] for token in tokens(rest) if stem(token.word) not in searched)
    size = min(max(query.size, 0), MAX_SIZE)
    offset = (max(query.page, 1) - 1) * size
    ranked = query.sort == "pertinence" and bool(groups)
    return Plan(
        groups=tuple(groups.values()),
        pairs=_pairs(groups.values()),
        filters=_filters(query),
        required=asked.required,
        excluded=asked.excluded,
        facets=tuple(row.name for row in FACETS),
        sort=query.sort,
        offset=offset,
        limit=min(size, max(0, MAX_RANKED - offset)) if ranked else size,
        corrections=tuple(
            Correction(group.typed, tuple(dict.fromkeys(group.surfaces[: len(group.stems)])))
            for group in groups.values()
            if group.origin == "corrected"
        ),
        ignored=_told([*ignored, *surplus, *parsed.surplus, *beyond]),
        unknown=_told(unknown),
        understood=asked.understood,
        nothing=(bool(unknown) and not groups) or asked.impossible,
        cut=bool(rest or surplus or parsed.surplus or (parsed.operators and len(query.text) > 4 * MAX_QUERY_CHARACTERS)),
    )


def _cut(text: str) -> tuple[str, str]:
    """The text that is searched, and the beginning of what is beyond the limit. Cut between two words where there is a blank."""
    text = undotted(text).lstrip()
    bare = text.rstrip()
    if len(bare) <= MAX_QUERY_CHARACTERS:
        return text[: len(bare) + 1], ""  # one blank at the end says that the last word is complete
    blank = text.rfind(" ", 0, MAX_QUERY_CHARACTERS + 1)
    at = blank if blank > 0 else MAX_QUERY_CHARACTERS
    # The blank stays: a text that was cut does not end in a word still being typed.
    return text[:at] + " ", text[at:]


def _known(token: Token, typed: str, key: str, lexicon: Lexicon, *, typing: bool) -> TermGroup | None:
    """How a word is searched that documents hold, in prose or in notation, or that begins one while it is typed; else None."""
    word = token.word
    same_stem = lexicon.surfaces(key)
    known = lexicon.frequency(word) > 0
    # A short word or a formula that is known is searched as it stands: H₂O is not the beginning of H₂O₂.
    whole = known and (len(word) < COMPLETED_FROM or not word.isalpha())
    completions = lexicon.completions(word) if typing and len(word) >= SHORTEST_PREFIX and not whole else ()
    completed = tuple(Weighted(longer, COMPLETED) for longer in completions)
    notation = (Weighted(word),) if lexicon.in_notation(word) else ()
    if same_stem or known:
        return TermGroup(
            typed=typed,
            origin="typed",
            stems=(Weighted(key),),
            forms=(Weighted(word, EXACT_FORM), *completed),
            notation=notation,
            surfaces=_surfaces([word, *same_stem, *completions]),
        )
    if notation:
        surfaces = _surfaces([word, *completions])
        return TermGroup(typed=typed, origin="typed", forms=completed, notation=notation, surfaces=surfaces)
    if completed:
        return TermGroup(typed=typed, origin="completed", forms=completed, surfaces=_surfaces(completions))
    return None


def _corrected(word: str, typed: str, lexicon: Lexicon) -> TermGroup | None:
    """How a word is searched that no document holds; None when nothing resembles it."""
    corrections = _unelided(word, lexicon) or lexicon.corrections(word)
    if not corrections:
        return None
    stems = tuple(dict.fromkeys(map(stem, corrections)))
    # The words that were used come first, one for each stem: the reader is told these.
    used = [next(other for other in corrections if stem(other) == one) for one in stems]
    return TermGroup(
        typed=typed,
        origin="corrected",
        stems=tuple(Weighted(one, CORRECTED) for one in stems),
        surfaces=_surfaces([*used, *(other for one in stems for other in lexicon.surfaces(one))]),
    )


def _unelided(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The known word that follows a forgotten apostrophe: «locean» stands for «l’océan»."""
    elided = _ELIDED.match(word)
    rest = word[elided.end() :] if elided else ""
    return (rest,) if len(rest) >= SHORTEST_UNELIDED and (lexicon.frequency(rest) or lexicon.surfaces(stem(rest))) else ()


def _quoted(operators: Iterable[Operator], lexicon: Lexicon) -> Iterator[TermGroup]:
    """The words of exact phrases, which rank and mark what the phrases let through: in their very form, neither corrected nor completed."""
    for one in operators:
        if one.name != "phrase" or one.excluded:
            continue
        for word in one.words:
            if word not in STOP_WORDS:
                yield TermGroup(
                    typed=word,
                    origin="typed",
                    stems=(Weighted(stem(word)),),
                    forms=(Weighted(word, EXACT_FORM),),
                    notation=(Weighted(word),) if lexicon.in_notation(word) else (),
                    surfaces=(word,),
                )


def _pairs(groups: Iterable[TermGroup]) -> tuple[tuple[str, str], ...]:
    """Neighbouring words as pairs of stems; a word that has only completions parts its neighbours."""
    return tuple((one.stems[0].term, other.stems[0].term) for one, other in pairwise(groups) if one.stems and other.stems)


def _filters(query: Query) -> dict[str, tuple[str, ...]]:
    """The filters that exist, without empty or endless values."""
    filters = {}
    for row in FACETS:
        values = (clean(value[:200]) for value in query.filters.get(row.name, ())[:MAX_FILTER_VALUES])
        if chosen := tuple(dict.fromkeys(filter(None, values))):
            filters[row.name] = chosen
    return filters


def _surfaces(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:MAX_SURFACES]


def _told(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:MAX_TOLD]
