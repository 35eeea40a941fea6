"""One entry of `vocabulaire.yaml`: a group of synonyms, or answers chosen for queries; from a piece of tree to a value, and all its faults.

Knows the keys and what each may hold. Refuses to know the other entries (`vocabulary` compares them), how YAML is read, and how a search
reads words: `folded` only tells spellings that everybody would call the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from luciole.registry_faults import Faults, quoted, suggestion
from luciole.registry_urls import refuse_url
from luciole.registry_values import KIND_NAMES, plain_text
from luciole.registry_yaml import Listing, Mapping, Scalar, Value
from luciole.urls import url_key

KEYS: Final = ("requetes", "articles", "pourquoi")
COMPULSORY: Final = ("requetes", "articles")

MAX_SYNONYMS: Final = 10
MAX_QUERIES: Final = 20
MAX_ARTICLES: Final = 3
"""Chosen articles of one answer: the rest of a page belongs to the ranking."""

_KEY_MEANINGS: Final = {
    **dict.fromkeys(("requete", "recherche", "recherches", "question", "questions", "mots", "query", "queries"), "requetes"),
    **dict.fromkeys(("article", "adresse", "adresses", "lien", "liens", "page", "pages", "url", "urls"), "articles"),
    **dict.fromkeys(("why", "raison", "note", "motif", "commentaire"), "pourquoi"),
}
_FORMS: Final = {"requetes": "[trou noir, trous noirs]", "articles": "[https://exemple.fr/un-article]"}
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O"})
_ELIDED: Final = frozenset(("c", "d", "j", "l", "m", "n", "qu", "s", "t"))
"""What stands before an apostrophe is no word of its own."""
_DOTTED: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")


@dataclass(frozen=True, slots=True)
class Written:
    """Something that a curator wrote, and the line where it stands."""

    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`articles`: addresses, in order, of what comes first for any of these `queries`. `why` is a word to the other curators."""

    queries: tuple[Written, ...] = ()
    articles: tuple[Written, ...] = ()
    why: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class _Size:
    """How long an expression may be."""

    words: int
    characters: int


_SYNONYM: Final = _Size(8, 80)
_QUERY: Final = _Size(20, 120)
"""A query may be a whole question."""


def folded(text: str) -> str:
    """What two spellings of one expression have in common: no accents, capitals, ligatures, signs, nor dots in acronyms; one blank between
    words."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    plain = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", plain)
    return " ".join(re.findall(r"[^\W_]+", plain))


def check_group(node: Value, faults: Faults) -> tuple[Written, ...]:
    """Read one group of synonyms. Every fault goes to `faults`; what can be read is given back all the same, to be compared with others."""
    if not isinstance(node, Listing):
        faults.add(node.line, "un groupe de synonymes s’écrit entre crochets : - [IRM, imagerie par résonance magnétique].")
        return ()
    if len(node.items) < 2:
        faults.add(node.line, "un groupe réunit au moins deux expressions : ajoutez-en une, ou retirez la ligne.")
    if len(node.items) > MAX_SYNONYMS:
        faults.add(node.line, f"{len(node.items)} expressions : un groupe en réunit au plus {MAX_SYNONYMS}.")
    return _each(node.items[:MAX_SYNONYMS], lambda item: _expression(item, _SYNONYM, faults), faults)


def check_answer(node: Value, faults: Faults, allow_hosts: frozenset[str]) -> Answer:
    """The same for one answer. `allow_hosts` are authorities that pass although they are not public."""
    if not isinstance(node, Mapping):
        faults.add(node.line, "une réponse est une suite de clés : « - requetes: […] », puis « articles: […] ».")
        return Answer(line=node.line)
    pairs = _pairs(node, faults)
    if missing := [quoted(key) for key in COMPULSORY if key not in pairs]:
        faults.add(node.line, f"il manque {', '.join(missing)}.")
    queries = _items(pairs.get("requetes"), "requetes", MAX_QUERIES, faults)
    articles = _items(pairs.get("articles"), "articles", MAX_ARTICLES, faults)
    why = pairs.get("pourquoi")
    return Answer(
        queries=_each(queries, lambda item: _expression(item, _QUERY, faults), faults),
        articles=_once(_each(articles, lambda item: _address(item, faults, allow_hosts), faults), faults),
        why=plain_text(why, "pourquoi", faults) if why is not None else None,
        line=node.line,
    )


def _pairs(node: Mapping, faults: Faults) -> dict[str, Value]:
    """The known keys with their values; unknown and repeated keys become faults (of two values the first counts)."""
    pairs: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key, value in node.pairs:
        if faults.full:
            break
        if not isinstance(key, Scalar):
            faults.add(key.line, "une clé est un mot simple, suivi de « : ».")
        elif key.text not in KEYS:
            faults.add(key.line, f"clé inconnue {quoted(key.text)}{suggestion(key.text, KEYS, _KEY_MEANINGS)}")
        elif key.text in pairs:
            faults.add(key.line, f"la clé {quoted(key.text)} est déjà ligne {lines[key.text]} : gardez une seule des deux.")
        else:
            pairs[key.text], lines[key.text] = value, key.line
    return pairs


def _items(node: Value | None, key: str, most: int, faults: Faults) -> list[Value]:
    if node is None:
        return []
    if not isinstance(node, Listing):
        faults.add(node.line, f"« {key} » est une liste : {key}: {_FORMS[key]}.")
        return []
    if not node.items:
        faults.add(node.line, f"« {key} » est vide : complétez, ou retirez la réponse.")
    if len(node.items) > most:
        faults.add(node.line, f"{len(node.items)} {'requêtes' if key == 'requetes' else key} : une réponse en a au plus {most}.")
    return node.items[:most]


def _each(items: list[Value], read: Callable[[Value], Written | None], faults: Faults) -> tuple[Written, ...]:
    """What can be read of these items; `read` says what is wrong with the others."""
    return tuple(one for item in items if not faults.full and (one := read(item)) is not None)


def _expression(node: Value, size: _Size, faults: Faults) -> Written | None:
    """Words as a reader may type them."""
    text = _line(node, "une expression", faults)
    if text is None:
        return None
    words = sum(word not in _ELIDED for word in folded(text).split())
    if not folded(text):
        faults.add(node.line, f"{quoted(text)} n’a ni lettre ni chiffre.")
    elif words > size.words or len(text) > size.characters:
        faults.add(node.line, f"{quoted(text)} est trop long : au plus {size.words} mots et {size.characters} caractères.")
    else:
        return Written(text, node.line)
    return None


def _address(node: Value, faults: Faults, allow_hosts: frozenset[str]) -> Written | None:
    text = _line(node, "une adresse", faults)
    if text is not None and (refusal := refuse_url(text, allow_hosts)) is not None:
        faults.add(node.line, f"« articles » : {refusal}")
        return None
    return None if text is None else Written(text, node.line)


def _once(articles: tuple[Written, ...], faults: Faults) -> tuple[Written, ...]:
    """The same addresses, after a fault for each that names a page again."""
    seen: set[str] = set()
    for one in articles:
        if (page := url_key(one.text)) in seen:
            faults.add(one.line, f"« articles » contient deux fois {quoted(one.text)}.")
        seen.add(page)
    return articles


def _line(node: Value, what: str, faults: Faults) -> str | None:
    """The text of an item of a list."""
    if not isinstance(node, Scalar):
        faults.add(node.line, f"{what} est un texte simple ; des guillemets autour d’elle si elle contient « : » ou un crochet.")
    elif node.kind == "alias":
        return None  # a fault since it was read
    elif node.kind == "null" or not node.text.strip():
        faults.add(node.line, f"{what} est vide : complétez, ou retirez-la.")
    elif node.kind in KIND_NAMES:
        faults.add(node.line, f'YAML lit {quoted(node.text)} comme {KIND_NAMES[node.kind]} : écrivez "{node.text[:40]}".')
    elif not all(char.isprintable() or char in "\u00a0\u202f" for char in node.text):
        faults.add(node.line, f"{what} tient sur une ligne, sans caractère invisible.")
    else:
        return node.text.strip()
    return None
