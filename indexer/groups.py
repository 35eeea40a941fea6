"""How one word of a reader is searched: as it stands, completed, corrected, or in the other spelling of a symbol.

Pure: a word and a lexicon in, a `TermGroup` (or nothing) out. The factors were tuned on 6,935 French questions (search-engines.md section
3.2). It refuses to know the words around it, operators, and engines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from indexer.analysis import Token, stem, tokens
from indexer.folding import undotted
from indexer.inflection import forms
from indexer.lexicon import MOST_CORRECTIONS, SHORTEST_PREFIX, Lexicon
from indexer.plan import TermGroup, Weighted, WeightedPhrase

EXACT_FORM: Final = 0.3
"""A word in the very form that was typed or in another number or gender, beside its stem."""
OTHER_FORM: Final = 1.0
"""The stem of another number or gender, where it has one of its own."""
CORRECTED: Final = 0.9
COMPLETED: Final = 0.9
FURTHER: Final = 0.75
"""A longer word than one that is known, while it is typed."""

MAX_SURFACES: Final = 200
COMPLETED_FROM: Final = 5
"""Letters of a word that is known and still completed: «sel» is searched as it stands, not as the beginning of «selon»; «volcan» may
become «volcanologue». Costs .02 of nDCG@10 on words cut short (PIAF), until the next letter is typed."""
SHORTEST_UNELIDED: Final = 3
"""Letters of a word behind a forgotten apostrophe: «leau», «lart»."""
SURELY_UNELIDED: Final = 5
"""From so many letters on it is nothing else; below, other corrections stand beside it."""
LONGEST_SYMBOL: Final = 5
"""Letters before the number in what may be one word or two: CO2, PM 10, covid 19."""

_ELIDED: Final = re.compile(r"(?:qu|[cdjlmnst])(?=[aeiouyh])")
_SYMBOL: Final = re.compile(r"([^\W\d_]+)([0-9]{1,3})")
_PARTED: Final = {"aujourdhui": ("aujourd", "hui"), "presquile": ("presqu", "ile")}
_GREEK: Final = (
    *("alpha α", "beta β", "gamma γ", "delta δ", "epsilon ε", "zeta ζ", "eta η", "theta θ", "iota ι", "kappa κ", "lambda λ", "mu μ"),
    *("nu ν", "xi ξ", "omicron ο", "pi π", "rho ρ", "sigma σ", "tau τ", "upsilon υ", "phi φ", "chi χ", "psi ψ", "omega ω"),
)
_OTHER_SPELLING: Final = {one: other for pair in map(str.split, _GREEK) for one, other in (pair, reversed(pair))}
"""«rayons α» and «rayons alpha» are the same question."""


def joined(words: Iterable[Token], text: str, lexicon: Lexicon) -> list[Token]:
    """The words of a text, a symbol typed in two («CO 2», «CO-2») as the one that documents hold."""
    made: list[Token] = []
    for token in words:
        last = made[-1] if made else None
        if (
            last is not None
            and not last.is_stop
            and token.start == last.end + 1
            and text[last.end] in " -\u00a0\u2011\u202f"
            and len(last.word) <= LONGEST_SYMBOL
            and _SYMBOL.fullmatch(last.word + token.word)
            and last.word.isalpha()
            and _is_known(last.word + token.word, lexicon)
        ):
            made[-1] = Token(last.word + token.word, last.start, token.end)
        else:
            made.append(token)
    return made


def known(word: str, typed: str, lexicon: Lexicon, *, typing: bool) -> TermGroup | None:
    """How a word is searched that documents hold, in prose or in notation, or that begins one while it is typed; else None."""
    spellings = [one for one in (word, _OTHER_SPELLING.get(word)) if one]
    held = [one for one in spellings if lexicon.frequency(one) > 0 or lexicon.surfaces(stem(one))]
    # A short word or a formula that is known is searched as it stands: H₂O is not the beginning of H₂O₂.
    whole = lexicon.frequency(word) > 0 and (len(word) < COMPLETED_FROM or not word.isalpha())
    completions = lexicon.completions(word) if typing and len(word) >= SHORTEST_PREFIX and not whole else ()
    notation = tuple(Weighted(one) for one in spellings if lexicon.in_notation(one))
    parted, parts = _parted(word, lexicon)
    others = forms(word, lexicon)
    if not held:  # of a word that no document holds only the plainest: «étoille» is misspelt, not a feminine
        others = tuple(one for one in others if one.startswith(word) or word.startswith(one))
    if held or others or parted:
        # All in one order, whichever form or spelling was typed: they give the same page.
        exact = sorted({*(held or [word]), *others})
        stems = dict.fromkeys(map(stem, sorted(held) or [word]))
        further = dict.fromkeys(one for one in map(stem, exact) if one not in stems)
        longer = [one for one in completions if stem(one) not in stems and stem(one) not in further]
        return TermGroup(
            typed=typed,
            origin="typed",
            stems=(*map(Weighted, stems), *(Weighted(one, OTHER_FORM) for one in further)),
            forms=(*(Weighted(one, EXACT_FORM) for one in exact), *(Weighted(one, FURTHER) for one in longer)),
            notation=notation,
            surfaces=surfaces([*exact, *(other for one in (*stems, *further) for other in lexicon.surfaces(one)), *parts, *completions]),
            phrases=parted,
        )
    completed = tuple(Weighted(longer, COMPLETED) for longer in completions)
    if notation:
        spelt = [word, *(one.term for one in notation)]
        return TermGroup(typed=typed, origin="typed", forms=completed, notation=notation, surfaces=surfaces([*spelt, *completions]))
    if completed:
        return TermGroup(typed=typed, origin="completed", forms=completed, surfaces=surfaces(completions))
    return None


def corrected(word: str, typed: str, lexicon: Lexicon, *, typing: bool) -> TermGroup | None:
    """How a word is searched that no document holds; None when nothing resembles it."""
    corrections = _unelided(word, typed, lexicon) or lexicon.corrections(word)
    if not corrections:
        return None
    if len(corrections) == 1 and word.endswith(corrections[0]) and (meant := known(corrections[0], typed, lexicon, typing=typing)):
        return replace(meant, origin="corrected")  # all its letters are right, but for the article
    stems = tuple(dict.fromkeys(map(stem, corrections)))
    # The words that were used come first, one for each stem: the reader is told these.
    used = [next(other for other in corrections if stem(other) == one) for one in stems]
    return TermGroup(
        typed=typed,
        origin="corrected",
        stems=tuple(Weighted(one, CORRECTED) for one in stems),
        forms=tuple(Weighted(one, CORRECTED * EXACT_FORM) for one in (corrections[0], *forms(corrections[0], lexicon))),
        surfaces=surfaces([*used, *(other for one in stems for other in lexicon.surfaces(one))]),
    )


def quoted(phrase: str, lexicon: Lexicon) -> Iterator[TermGroup]:
    """The words of an exact phrase, which rank and mark what the phrase lets through: in their very form, neither corrected nor completed
    nor widened."""
    for token in tokens(undotted(phrase)):
        if not token.is_stop:
            yield as_typed(token.word, token.word, lexicon)


def as_typed(word: str, typed: str, lexicon: Lexicon) -> TermGroup:
    """A word in its very form, known or not."""
    return TermGroup(
        typed=typed,
        origin="typed",
        stems=(Weighted(stem(word)),),
        forms=(Weighted(word, EXACT_FORM),),
        notation=(Weighted(word),) if lexicon.in_notation(word) else (),
        surfaces=(word,),
    )


def surfaces(words: Iterable[str]) -> tuple[str, ...]:
    """Words to mark, each once, not too many."""
    return tuple(dict.fromkeys(words))[:MAX_SURFACES]


def _is_known(word: str, lexicon: Lexicon) -> bool:
    return lexicon.frequency(word) > 0 or lexicon.in_notation(word)


def _parted(word: str, lexicon: Lexicon) -> tuple[tuple[WeightedPhrase, ...], tuple[str, ...]]:
    """A symbol as some documents part it («CO 2», «covid-19»), or a word with an apostrophe inside, and what to mark of it if none writes
    it in one; nothing for other words."""
    found = _SYMBOL.fullmatch(word)
    parts = found.groups() if found else _PARTED.get(word, ())
    if not parts or not all(map(lexicon.frequency, parts)):
        return (), ()
    marked = (
        () if len(parts[0]) < SHORTEST_PREFIX or lexicon.frequency(word) else parts[: 1 if found else None]
    )  # a number is marked nowhere
    return (WeightedPhrase(tuple((place, stem(part)) for place, part in enumerate(parts))),), tuple(marked)


def _unelided(word: str, typed: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The known word that follows a forgotten apostrophe: «locean» stands for «l’océan», «dIEP» for «d’IEP». Where that is a short word,
    what is spelt like the whole stands beside it."""
    elided = _ELIDED.match(word)
    rest = word[elided.end() :] if elided else ""
    if not (lexicon.frequency(rest) or (rest and lexicon.surfaces(stem(rest)))):
        return ()
    if len(rest) >= SURELY_UNELIDED or (typed[0].islower() and typed[-len(rest)].isupper()):
        return (rest,)
    return (rest, *lexicon.corrections(word))[:MOST_CORRECTIONS] if len(rest) >= SHORTEST_UNELIDED else ()
