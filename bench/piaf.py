"""French questions with the paragraph that answers each (PIAF v1.0), and the ways in which readers would mistype them.

Owns reading the files of `ir/piaf` and the variants, which depend on a question's number and text alone: the same in every run, on every
machine. Odd-numbered questions are for tuning, even-numbered ones for reporting. Refuses to know engines.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.scores import Judged
from indexer.analysis import tokens
from indexer.document import IndexDocument

SEED: Final = "piaf"
SHORTEST_MISTYPED: Final = 5
SHORTEST_KEYWORD: Final = 4
KEPT_OF_LAST: Final = 0.6
"""Of the last word, the share that was typed so far."""
_ASKING: Final = frozenset({"combien", "comment", "laquelle", "lequel", "lesquelles", "lesquels", "pourquoi", "quand", "quoi"})
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_APOSTROPHE: Final = re.compile("['’]")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the set. `number` is its place in the file, from 1."""

    number: int
    text: str
    answers: frozenset[str]

    @property
    def even(self) -> bool:
        """Whether results may be reported on it, since nothing was tuned on it."""
        return self.number % 2 == 0

    def as_judged(self, text: str) -> Judged:
        """This question in other words."""
        return Judged(text, dict.fromkeys(self.answers, 1))


def questions(directory: Path) -> tuple[Question, ...]:
    """All questions of `ir/piaf` that have an answer."""
    answers: dict[str, set[str]] = defaultdict(set)
    for line in (directory / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        answers[query].add(document)
    with (directory / "queries.jsonl").open(encoding="utf-8") as file:
        rows = enumerate(map(json.loads, file), start=1)
        return tuple(Question(number, row["text"], frozenset(answers[row["_id"]])) for number, row in rows if answers[row["_id"]])


def paragraphs(directory: Path) -> tuple[IndexDocument, ...]:
    """The paragraphs, each a document without date, names and disciplines."""
    with (directory / "corpus.jsonl").open(encoding="utf-8") as file:
        return tuple(
            IndexDocument(
                id=row["_id"],
                url=f"https://piaf.example/{row['_id']}",
                title=row["title"],
                body=row["text"],
                authors=(),
                source_id="piaf",
                source_name="PIAF",
                disciplines=(),
                date=None,
                year="",
                words=len(row["text"].split()),
            )
            for row in map(json.loads, file)
        )


def mistyped(text: str, chance: random.Random) -> str | None:
    """One edit (a letter left out, doubled up with another, replaced, or two neighbours swapped) in one word of five letters or more
    that is searched, never its first letter; None when there is no such word."""
    words = [one for one in tokens(text) if not one.is_stop and one.word.isalpha() and one.end - one.start >= SHORTEST_MISTYPED]
    if not words:
        return None
    one = chance.choice(words)
    word = text[one.start : one.end]
    while True:
        at = chance.randrange(1, len(word))
        letter = chance.choice(_LETTERS)
        match chance.choice(("out", "in", "other", "swap")):
            case "out":
                made = word[:at] + word[at + 1 :]
            case "in":
                made = word[:at] + letter + word[at:]
            case "other":
                made = word[:at] + letter + word[at + 1 :]
            case _:
                made = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        if unaccented(made.lower()) != unaccented(word.lower()):
            return text[: one.start] + made + text[one.end :]


def unaccented(text: str) -> str:
    """Without accents, ligatures as two letters."""
    for ligature, letters in (("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("Æ", "Ae")):
        text = text.replace(ligature, letters)
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def half_typed(text: str) -> str | None:
    """The last word cut to 60 % of its letters (three at least), no blank or sign after it; None when that leaves the whole word."""
    words = tokens(text)
    if not words or words[-1].is_stop or not words[-1].word.isalpha():
        return None
    last = words[-1]
    kept = max(3, round(KEPT_OF_LAST * (last.end - last.start)))
    return text[: last.start + kept] if kept < last.end - last.start else None


def keywords(text: str, chance: random.Random) -> str | None:
    """Two or three of the question's words of four letters or more, in their order: neither stop words nor words that ask; None when
    there are fewer than two."""
    words = [text[one.start : one.end] for one in tokens(text) if _is_content(one.word) and not one.is_stop]
    if len(words) < 2:
        return None
    chosen = sorted(chance.sample(range(len(words)), min(len(words), chance.choice((2, 3)))))
    return " ".join(words[at] for at in chosen)


def _is_content(word: str) -> bool:
    return len(word) >= SHORTEST_KEYWORD and word not in _ASKING


Variant = Callable[[str, random.Random], str | None]
"""Another way to type a text; None when it changes nothing, or cannot be made."""


def _changed(change: Callable[[str], str]) -> Variant:
    def variant(text: str, chance: random.Random) -> str | None:
        made = change(text)
        return made if made != text else None

    return variant


VARIANTS: Final[Mapping[str, Variant]] = MappingProxyType(
    {
        "plain": lambda text, chance: text,
        "typo": mistyped,
        "accents": _changed(unaccented),
        "apostrophes": _changed(lambda text: _APOSTROPHE.sub("", text)),
        "blanks": _changed(lambda text: _APOSTROPHE.sub(" ", text)),
        "stripped": _changed(lambda text: unaccented(_APOSTROPHE.sub("", text))),
        "half": lambda text, chance: half_typed(text),
    }
)
"""By name: as it is; one typo; accents left out; apostrophes left out; apostrophes turned to blanks; accents and apostrophes left out; the
last word half typed."""


def asked(question: Question, family: str, variant: str) -> tuple[str, str] | None:
    """A question as one family ("question": in full, "keywords": two or three words of it) types it, plain and in a variant; None when the
    variant changes nothing."""
    chance = random.Random(f"{SEED} {question.number} {family}")  # noqa: S311 - repeatable, not secret
    plain = question.text if family == "question" else keywords(question.text, chance)
    if plain is None:
        return None
    made = VARIANTS[variant](plain, random.Random(f"{SEED} {question.number} {family} {variant}"))  # noqa: S311
    return (plain, made) if made is not None else None
