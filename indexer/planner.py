"""From what a reader typed to a plan: the decisions that make a search good French.

`plan` is pure: a query, a lexicon and a night in, a plan out, and no text whatever makes it fail. It refuses to know engines; how a term is
weighed inside a field is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, product
from typing import Final

from indexer.analysis import stem, tokens
from indexer.conditions import conditions
from indexer.folding import clean, undotted
from indexer.groups import as_typed, quoted
from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.operators import Parsed, parse
from indexer.pins import names_a_blog, pinned
from indexer.plan import Condition, OneOf, Plan, TermGroup
from indexer.query import MAX_QUERY_CHARACTERS, MAX_RANKED, SHOWN, Query
from indexer.reading import MAX_CORRECTED, MAX_GROUPS, Reading, read
from indexer.results import Correction
from indexer.vocabulary import Vocabulary

__all__ = ["ENOUGH", "MAX_CORRECTED", "MAX_FILTER_VALUES", "MAX_GROUPS", "MAX_SIZE", "MAX_TOLD", "enough", "plan"]

ENOUGH: Final = 2 / 3
"""The share of three words or more that an article must hold, rounded down: questions have words that no answer repeats."""
MAX_TOLD: Final = 20
"""Words named back to the reader as ignored or unknown."""
MAX_FORMS: Final = 2
"""Stems of one word that are looked for beside those of its neighbour."""
MAX_SIZE: Final = 100
MAX_FILTER_VALUES: Final = 50


def plan(query: Query, lexicon: Lexicon, night: Night | None = None) -> Plan:
    """What to look for. Every text is a plan: without a searchable word it is "browse", with none that is known it finds nothing. `night`
    names the blogs that `blog:` may mean, and brings the curators' vocabulary."""
    parsed = parse(clean(query.text[: 4 * MAX_QUERY_CHARACTERS]))
    text, rest = _cut(parsed.text)
    asked = conditions(parsed.operators, lexicon, night)
    vocabulary = night.vocabulary if night else Vocabulary()
    reading = read(text, lexicon, vocabulary, correcting=not query.as_typed)
    chosen = _chosen(reading, text, vocabulary) if query.sort == "pertinence" and not (parsed.operators or rest) else ()
    groups = dict(reading.groups)
    if chosen and not groups:  # an answer was chosen for words that no article holds
        groups = {stem(token.word): as_typed(token.word, text[token.start : token.end], lexicon) for token in reading.searched[:MAX_GROUPS]}
    least = enough(len(groups)) + _quote(groups, parsed, lexicon)
    filters = _filters(query)
    size = min(max(query.size, 0), MAX_SIZE)
    offset = (max(query.page, 1) - 1) * size
    ranked = query.sort == "pertinence" and bool(groups)
    named = ranked and night is not None and names_a_blog({*reading.stems, *groups}, (one.word for one in reading.searched), night, lexicon)
    return Plan(
        groups=tuple(groups.values()),
        pairs=_pairs(groups.values()),
        filters=filters,
        required=asked.required,
        excluded=asked.excluded,
        facets=tuple(row.name for row in SHOWN),
        sort=query.sort,
        offset=offset,
        limit=min(size, max(0, MAX_RANKED - offset)) if ranked else size,
        corrections=tuple(
            Correction(group.typed, tuple(dict.fromkeys(group.surfaces[: len(group.stems)])))
            for group in groups.values()
            if group.origin == "corrected"
        ),
        ignored=_told([*reading.ignored, *reading.surplus, *parsed.surplus, *_beyond(rest, reading, groups)]),
        unknown=_told([*reading.unknown, *_unheard(parsed, lexicon)]),
        understood=asked.understood,
        synonyms=tuple(reading.synonyms),
        least=max(1, least),
        pinned=chosen,
        diverse=ranked and not named and "blog" not in filters and not _in_blogs(asked.required),
        nothing=(bool(reading.unknown) and not groups) or asked.impossible,
        cut=bool(rest or reading.surplus or parsed.surplus or (parsed.operators and len(query.text) > 4 * MAX_QUERY_CHARACTERS)),
    )


def enough(words: int) -> int:
    """How many of so many words an article must hold."""
    return words if words <= 2 else max(2, int(words * ENOUGH))


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


def _chosen(reading: Reading, text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The curators' answers to the whole text; a symbol in one word or in two («CO 2») is the same question."""
    return pinned(reading.stems, vocabulary) or pinned((stem(one.word) for one in tokens(text) if not one.is_stop), vocabulary)


def _quote(groups: dict[str, TermGroup], parsed: Parsed, lexicon: Lexicon) -> int:
    """Add the words of exact phrases to the groups. How many were added that every article with the phrases holds: all of them, but for
    lone letters, which may be elided there («l’X»)."""
    added = 0
    for one in parsed.operators:
        if one.name == "phrase" and not one.excluded:
            for group in quoted(one.value, lexicon):
                if len(groups) < MAX_GROUPS and group.stems[0].term not in groups:
                    groups[group.stems[0].term] = group
                    added += len(group.surfaces[0]) > 1
    return added


def _unheard(parsed: Parsed, lexicon: Lexicon) -> Iterable[str]:
    """The words of exact phrases that no article holds, in prose or in notation: they are why nothing is found. A lone letter may be
    elided, which no lexicon counts."""
    for one in parsed.operators:
        if one.name == "phrase" and not one.excluded:
            text = undotted(one.value)
            for token in tokens(text):
                known = token.is_stop or len(token.word) == 1 or lexicon.frequency(token.word) or lexicon.in_notation(token.word)
                if not known:
                    yield text[token.start : token.end]


def _in_blogs(required: Iterable[Condition]) -> bool:
    """Whether an operator keeps to some blogs."""
    return any(isinstance(one, OneOf) and one.facet == "blog" for one in required)


def _beyond(rest: str, reading: Reading, groups: dict[str, TermGroup]) -> Iterable[str]:
    """The words past the limit that are searched nowhere before it."""
    heard = groups.keys() | {stem(token.word) for token in reading.words if token.is_stop}
    return (rest[token.start : token.end] for token in tokens(rest) if not token.is_elided and stem(token.word) not in heard)


def _pairs(groups: Iterable[TermGroup]) -> tuple[tuple[str, str], ...]:
    """Neighbouring words as pairs of stems, in each number and gender that has its own; a word that has only completions parts its
    neighbours."""
    return tuple(pair for one, other in pairwise(groups) for pair in product(_forms(one), _forms(other)))


def _forms(group: TermGroup) -> list[str]:
    """The stems that are as good as the first one: those of the other corrections, of synonyms, are not."""
    return [one.term for one in group.stems if one.weight == group.stems[0].weight][: MAX_FORMS if group.origin == "typed" else 1]


def _filters(query: Query) -> dict[str, tuple[str, ...]]:
    """The filters that exist, without empty or endless values."""
    filters = {}
    for row in SHOWN:
        values = (clean(value[:200]) for value in query.filters.get(row.name, ())[:MAX_FILTER_VALUES])
        if chosen := tuple(dict.fromkeys(filter(None, values))):
            filters[row.name] = chosen
    return filters


def _told(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:MAX_TOLD]
