"""The words of a reader's text as groups of terms, and what became of those that are none.

Pure: a text, a lexicon and a vocabulary in, a `Reading` out. It refuses to know operators, filters and pages (`indexer.planner`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from indexer.analysis import LONGEST_WORD, Token, stem, tokens
from indexer.elision import LETTERS
from indexer.groups import as_typed, corrected, joined, known
from indexer.lexicon import Lexicon
from indexer.plan import TermGroup
from indexer.results import Synonym
from indexer.stopwords import ASKING, JOINED
from indexer.synonyms import Widening, widened, widenings
from indexer.vocabulary import Vocabulary

MAX_GROUPS: Final = 24
"""Words searched; a question rarely has more than ten. The rest is told as ignored."""
MAX_CORRECTED: Final = 8
"""Words looked up as misspelt: the one costly question to a lexicon, milliseconds each among half a million words."""


@dataclass(slots=True)
class Reading:
    """`groups` by the stem of the word typed, in order. `words` are all words of the text, `searched` those that are no stop words.
    `ignored` and `surplus` are as typed: stop words and what is beyond `MAX_GROUPS`; `unknown` nothing resembles."""

    words: list[Token]
    searched: list[Token]
    groups: dict[str, TermGroup] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    synonyms: list[Synonym] = field(default_factory=list)

    @property
    def stems(self) -> list[str]:
        """Of the words searched, in order."""
        return [stem(token.word) for token in self.searched]


def read(text: str, lexicon: Lexicon, vocabulary: Vocabulary, *, correcting: bool = True) -> Reading:
    """The words of a text that went through `clean` and `undotted`. It ends in the word being typed, unless a blank follows."""
    words = joined(tokens(text), text, lexicon)
    made = Reading(words, [token for token in words if not token.is_stop])
    made.ignored = [text[token.start : token.end] for token in words if token.is_stop and not token.is_elided]
    if not words and any(map(str.isalnum, text)):
        made.unknown.append(text[:LONGEST_WORD])  # one endless word, which the analyser drops
    stems = made.stems
    wider = {at: one for one in widenings(stems, vocabulary, lexicon) for at in range(one.start, one.end)}
    last = words[-1] if words and words[-1].end == len(text) else None
    asks = any(token.word not in ASKING for token in made.searched)
    doubtful = 0
    for at, (token, key) in enumerate(zip(made.searched, stems, strict=True)):
        typed = text[token.start : token.end]
        if token.word in ASKING and asks:
            made.ignored.append(typed)
            continue
        group = made.groups.get(key)
        if group is None and len(made.groups) == MAX_GROUPS:
            made.surplus.append(typed)
            continue
        if group is None:
            group = known(token.word, typed, lexicon, typing=token is last)
        if group is None and at in wider:
            group = as_typed(token.word, typed, lexicon)  # what curators know is no misspelling
        # A letter that no document holds may be the beginning of «l’eau».
        if group is None and (typed in LETTERS or token.word in JOINED):
            made.ignored.append(typed)
            continue
        if group is None and correcting and doubtful < MAX_CORRECTED:
            doubtful += 1
            group = corrected(token.word, typed, lexicon, typing=token is last)
        if group is None:
            made.unknown.append(typed)
            continue
        if at in wider and group.origin != "corrected":
            group = widened(group, key, wider[at], lexicon)
            _tell(made, text, wider[at])
        made.groups[key] = group
    return made


def _tell(made: Reading, text: str, widening: Widening) -> None:
    """What was searched beside an expression, once."""
    typed = text[made.searched[widening.start].start : made.searched[widening.end - 1].end]
    told = Synonym(typed, tuple(one.text for one in widening.alternatives))
    if told not in made.synonyms:
        made.synonyms.append(told)
