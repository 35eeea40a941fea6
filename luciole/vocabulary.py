"""The vocabulary: what curators wrote into `vocabulaire.yaml` to help the search, synonyms and chosen answers, checked as one.

Owns what only shows when all entries are seen together: an expression has one group, a query one answer. What one entry holds belongs to
`vocabulary_rules`, YAML to `registry_yaml`. Nothing here knows stores and engines: whether an article can be found is known when the
vocabulary is published, elsewhere. Checking is offline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from luciole.registry_faults import Faults, VocabularyError, quoted, suggestion
from luciole.registry_yaml import Listing, Mapping, Scalar, Value, decode, read_file, read_tree, without_tabs
from luciole.vocabulary_rules import Answer, Written, check_answer, check_group, folded

__all__ = ["Answer", "VocabularyError", "Written", "WrittenVocabulary", "parse_vocabulary", "read_vocabulary"]

TOPS: Final = ("synonymes", "reponses")
"""The keys of the file."""

MAX_GROUPS: Final = 2_000
MAX_ANSWERS: Final = 500

_TOP_MEANINGS: Final = {
    **dict.fromkeys(("synonyme", "synonyms", "equivalents"), "synonymes"),
    **dict.fromkeys(("reponse", "answers", "epingles", "choix"), "reponses"),
}


@dataclass(frozen=True, slots=True)
class WrittenVocabulary:
    """Groups of expressions of which each stands for all, and answers chosen for queries, in the order of the file. `path` says where it
    was read, None when there is no file."""

    synonyms: tuple[tuple[Written, ...], ...] = ()
    answers: tuple[Answer, ...] = ()
    path: Path | None = None


def read_vocabulary(path: Path, *, allow_hosts: frozenset[str] = frozenset(), must_exist: bool = False) -> WrittenVocabulary:
    """Read and check the vocabulary. Without a file it is empty, unless it `must_exist`. Raises `VocabularyError` with every fault found,
    an unreadable file included. `allow_hosts` as for `luciole.registry.read_registry`.
    """
    try:
        data = read_file(path, VocabularyError)
    except VocabularyError as error:
        if isinstance(error.__cause__, FileNotFoundError) and not must_exist and not path.is_symlink():
            return WrittenVocabulary()
        raise
    return parse_vocabulary(data, str(path), allow_hosts=allow_hosts)


def parse_vocabulary(text: bytes | str, name: str, *, allow_hosts: frozenset[str] = frozenset()) -> WrittenVocabulary:
    """The same from the content of a file; `name` only serves messages and `path`. Raises nothing but `VocabularyError`."""
    faults = Faults()
    groups: list[tuple[Written, ...]] = []
    answers: list[Answer] = []
    if (clean := decode(text, faults)) is not None:
        written = _tops(read_tree(without_tabs(clean, faults), faults, TOPS), faults)
        for node in _entries(written, "synonymes", MAX_GROUPS, faults):
            groups.append(check_group(node, faults))
        for node in _entries(written, "reponses", MAX_ANSWERS, faults):
            answers.append(check_answer(node, faults, allow_hosts))
        _check_unique(groups, faults, "une expression n’a qu’un groupe, réunissez les deux")
        _check_unique((answer.queries for answer in answers), faults, "une requête n’a qu’une réponse, réunissez les deux")
    if faults.problems:
        raise VocabularyError(faults.problems, name)
    return WrittenVocabulary(tuple(groups), tuple(answers), Path(name))


def _tops(tree: Value | None, faults: Faults) -> dict[str, Value]:
    """The two lists of the file by their keys, those that are there. Nothing but comments is an empty vocabulary."""
    if tree is None or (isinstance(tree, Scalar) and tree.kind != "alias" and not tree.text.strip()):
        return {}
    if not isinstance(tree, Mapping):
        faults.add(tree.line, "il manque la ligne « synonymes: » ou « reponses: » avant la liste.")
        return {}
    found: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key, value in tree.pairs:
        if faults.full:
            break
        if not isinstance(key, Scalar) or key.text not in TOPS:
            word = key.text if isinstance(key, Scalar) else "…"
            faults.add(key.line, f"clé inconnue {quoted(word)}{suggestion(word, TOPS, _TOP_MEANINGS)}")
        elif key.text in found:
            faults.add(key.line, f"« {key.text}: » est déjà ligne {lines[key.text]} : réunissez les deux listes.")
        else:
            found[key.text], lines[key.text] = value, key.line
    return found


def _entries(written: dict[str, Value], key: str, most: int, faults: Faults) -> Iterable[Value]:
    """The entries under a key; none when nothing stands there."""
    node = written.get(key)
    if node is None or (isinstance(node, Scalar) and node.kind in {"null", "alias"}):
        return
    if not isinstance(node, Listing):
        form = "- [IRM, imagerie par résonance magnétique]" if key == "synonymes" else "- requetes: […]"
        faults.add(node.line, f"« {key}: » attend une liste : {form}.")
        return
    if len(node.items) > most:
        faults.add(node.line, f"{len(node.items)} entrées sous « {key}: » : au plus {most}.")
    for item in node.items[:most]:
        if faults.full:
            return
        yield item


def _check_unique(entries: Iterable[tuple[Written, ...]], faults: Faults, rule: str) -> None:
    """No expression stands twice, in whatever spelling: in one entry it says nothing more, in two nobody knows which is meant."""
    first: dict[str, tuple[int, Written]] = {}
    for number, entry in enumerate(entries):
        for one in entry:
            owner, other = first.setdefault(folded(one.text), (number, one))
            if other is one:
                continue
            if owner != number:
                faults.add(one.line, f"{quoted(one.text)} est déjà ligne {other.line} : {rule}.")
            elif one.text == other.text:
                faults.add(one.line, f"{quoted(one.text)} est deux fois dans cette entrée : gardez-en un seul.")
            else:
                faults.add(one.line, f"{quoted(one.text)} ne dit rien de plus que {quoted(other.text)} : la recherche les lit pareil.")
