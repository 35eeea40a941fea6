"""What operators ask of an article: from what was typed to the conditions of a plan.

Pure: operators, a lexicon and the published list of blogs in; conditions, and what to tell the reader, out. It refuses to know how a text
is read (`indexer.operators`) and how an engine keeps to a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.analysis import content, stem
from indexer.folding import fold
from indexer.inflection import forms
from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.operators import Operator, name_key, period, words_of
from indexer.plan import Cites, Condition, Exactly, OneOf, Published, Stems, WrittenBy
from indexer.results import Understood
from indexer.stopwords import STOP_WORDS
from luciole.disciplines import DISCIPLINES

MAX_LABELS: Final = 5
"""Blogs or disciplines named back to the reader for one operator."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """`impossible`: an operator names what does not exist, so that no article fulfils it."""

    required: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()
    understood: tuple[Understood, ...] = ()
    impossible: bool = False


def conditions(operators: Iterable[Operator], lexicon: Lexicon, night: Night | None) -> Conditions:
    """Every operator narrows the search; several blogs are alternatives, as an article has but one."""
    required: list[Condition] = []
    excluded: list[Condition] = []
    understood: list[Understood] = []
    blogs: dict[str, None] = {}
    impossible = False
    for one in operators:
        condition, labels = _condition(one, lexicon, night)
        understood.append(Understood(one.name, one.typed, labels, excluded=one.excluded, known=condition is not None))
        if condition is None:
            impossible |= not one.excluded
        elif one.excluded:
            excluded += [condition, *_in_other_forms(condition, lexicon)]
        elif isinstance(condition, OneOf) and condition.facet == "blog":
            blogs |= dict.fromkeys(condition.values)
        else:
            required.append(condition)
    if blogs:
        required.append(OneOf("blog", tuple(blogs)))
    return Conditions(tuple(required), tuple(excluded), tuple(understood), impossible)


def _in_other_forms(condition: Condition, lexicon: Lexicon) -> list[Condition]:
    """Who does without «trou» does without «trous» too; what stands in quotes is meant as it stands."""
    if not isinstance(condition, Stems) or len(condition.stems) > 1:
        return []
    return [Stems(((0, stem(other)),), other) for other in forms(condition.word, lexicon) if stem(other) != stem(condition.word)]


def _condition(one: Operator, lexicon: Lexicon, night: Night | None) -> tuple[Condition | None, tuple[str, ...]]:
    """The condition of one operator and its value for readers; no condition when it names what does not exist."""
    match one.name:
        case "phrase":
            return Exactly(one.words), (one.value,)
        case "mot":
            stems = content(one.value)  # never empty: the parser heard no other
            return Stems(stems, one.words[stems[0][0]]), (one.value,)
        case "auteur":
            # A lone letter may be an elided article («d’Alembert»), which no lexicon counts.
            known = all(word in STOP_WORDS or len(word) == 1 or lexicon.frequency(word) for word in one.words)
            return WrittenBy(name_key(one.words)) if known else None, (one.value,)
        case "blog":
            if night is None:  # without its list of blogs an index still knows their ids
                return OneOf("blog", (one.value,)), (one.value,)
            return _among("blog", one, {card.id: card.name for card in night.sources})
        case "discipline":
            return _among("discipline", one, DISCIPLINES)
        case "avant" | "apres":
            bounds = period(one.value)
            assert bounds is not None  # the parser heard no other
            first, following = bounds
            return Published(end=first) if one.name == "avant" else Published(start=following), (one.value,)
        case "doi":
            return Cites(one.value), (one.value,)


def _among(facet: str, one: Operator, labels: Mapping[str, str]) -> tuple[OneOf | None, tuple[str, ...]]:
    """The value of this id, else all whose label holds every word."""
    wanted = fold(one.value)
    ids = tuple(name for name in labels if fold(name) == wanted)
    ids = ids or tuple(name for name, label in labels.items() if set(one.words) <= set(words_of(label)))
    return (OneOf(facet, ids), tuple(labels[name] for name in ids[:MAX_LABELS])) if ids else (None, (one.value,))
