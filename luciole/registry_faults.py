"""What is wrong with a list kept by hand, in French, and what was probably meant. Knows nothing of YAML or of the keys of a source.

All faults of a file are gathered before anything is said: a volunteer corrects them in one go.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from luciole.errors import LucioleError

MAX_PROBLEMS: Final = 1000
"""Beyond this the file is not a list with faults but something else; the rest is counted, not worded."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the line (from 1; 0 for the file as a whole), the source it belongs to when known, a sentence in French."""

    line: int
    source_id: str | None
    message: str


class FaultyFile(LucioleError):
    """A file kept by hand cannot be used. `problems` holds every fault found, in the order of the file; nothing of it is usable."""

    noun = "le fichier"
    check = "luciole sources check"

    def __init__(self, problems: Iterable[Problem], name: str) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        self.name = name
        count = len(self.problems)
        super().__init__(
            f"{name} : {count} {'faute empêche' if count == 1 else 'fautes empêchent'} de lire {self.noun}.",
            f"corrigez {self.noun}, puis vérifiez avec « {self.check} »",
        )


class RegistryError(FaultyFile):
    """The list of blogs cannot be used."""

    noun = "la liste"


class VocabularyError(FaultyFile):
    """The vocabulary cannot be used."""

    noun = "le vocabulaire"
    check = "luciole vocabulary check"


def describe_problems(error: FaultyFile, path: str | Path | None = None) -> list[str]:
    """One line for each problem, ready to print: `sources.yaml:12 : [id] message`. `path` replaces the name the error carries."""
    name = str(path) if path is not None else error.name
    return [
        f"{name}{f':{problem.line}' if problem.line else ''} : {f'[{problem.source_id}] ' if problem.source_id else ''}{problem.message}"
        for problem in error.problems
    ]


@dataclass(slots=True)
class Faults:
    """A growing pile of problems. `full` says that there are so many that looking for more helps nobody."""

    problems: list[Problem] = field(default_factory=list)
    source_id: str | None = None
    """The source being checked: given to problems that name none."""

    def add(self, line: int, message: str, source_id: str | None = None) -> None:
        """Note one fault. Beyond `MAX_PROBLEMS` a last one says that the reading stopped there."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(line, source_id or self.source_id, message))
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(Problem(line, None, f"plus de {MAX_PROBLEMS} fautes : la vérification s’arrête là."))

    @property
    def full(self) -> bool:
        """Whether the limit is passed."""
        return len(self.problems) > MAX_PROBLEMS


def quoted(text: str) -> str:
    """A piece of the file between French quotes: at most 60 characters, nothing that could steer a terminal."""
    clean = "".join(char if char.isprintable() or char in "\u00a0\u202f" else "\ufffd" for char in text[:61])
    return f"« {clean[:60]}{'…' if len(clean) > 60 else ''} »"


def fold(text: str) -> str:
    """Lower case, no accents, anything else than letters and digits as one hyphen: what a typo is compared by."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text[:80].lower()) if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def nearest(text: str, vocabulary: Iterable[str], meanings: Mapping[str, str] | None = None) -> str | None:
    """The known word that was probably meant, or None.

    In this order: a translation listed in `meanings` (keys folded), the same word but for accents and case, the only known
    word that contains one of its words (« biologie » → biologie-evolution), the closest spelling.
    """
    known = list(vocabulary)
    word = fold(text)
    if meanings and word in meanings:
        return meanings[word]
    if word in known:
        return word
    parts = {part for part in word.split("-") if len(part) > 3}
    containing = [candidate for candidate in known if parts & set(candidate.split("-"))]
    if len(containing) == 1:
        return containing[0]
    if close := difflib.get_close_matches(word, containing or known, n=1, cutoff=0.65):
        return close[0]
    pieces = {piece: candidate for candidate in known for piece in candidate.split("-") if len(piece) > 3}
    close = difflib.get_close_matches(word, pieces, n=1, cutoff=0.75)
    return pieces[close[0]] if close else None


def suggestion(text: str, vocabulary: Iterable[str], meanings: Mapping[str, str] | None = None) -> str:
    """The end of a sentence about an unknown word: « ; vouliez-vous dire … ? », or the words there are, or nothing but a full stop."""
    known = list(vocabulary)
    if (near := nearest(text, known, meanings)) is not None:
        return f" ; vouliez-vous dire {quoted(near)} ?"
    return f" ; au choix : {', '.join(known)}."
