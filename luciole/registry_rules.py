"""One block of `sources.yaml`, key by key: from a piece of tree to a `Source`, or to all the faults of that block.

Knows the keys and what each may hold. Refuses to know the other blocks (`registry` compares them) and how YAML is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from luciole.registry_faults import Faults, fold, quoted, suggestion
from luciole.registry_urls import VIDEO_HOSTS
from luciole.registry_values import SLUG, readers
from luciole.registry_yaml import Mapping, Scalar, Value
from luciole.sources import Source
from luciole.urls import authority

KEYS: Final = tuple(key for key in Source.__dataclass_fields__ if key != "line")
COMPULSORY: Final = ("id", "name", "url", "disciplines")

_KEY_MEANINGS: Final = {
    **dict.fromkeys(("feed", "flux", "rss", "atom"), "feeds"),
    **dict.fromkeys(("discipline", "categorie", "categories", "domaines", "themes", "tags"), "disciplines"),
    **dict.fromkeys(("nom", "titre", "title"), "name"),
    **dict.fromkeys(("adresse", "lien", "site", "link", "home"), "url"),
    **dict.fromkeys(("identifiant", "slug"), "id"),
    **{"pays": "country", "langue": "language", "lang": "language", "license": "licence", "statut": "status", "etat": "status"},
    **{"pourquoi": "why", "note": "why", "ajoute": "added", "relu": "reviewed", "verifie": "reviewed", "poids": "weight"},
    **{"inclure": "include", "exclure": "exclude", "delai": "delay"},
}


@dataclass(slots=True)
class Block:
    """What a block holds: enough to compare it with the others even when it has faults, and the source when it has none."""

    line: int
    id: str | None = None
    url: str | None = None
    feeds: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    source: Source | None = None


def check_block(node: Value, faults: Faults, allow_hosts: frozenset[str]) -> Block:
    """Read one block. Every fault found goes to `faults`; the block then has no source."""
    block = Block(node.line)
    if not isinstance(node, Mapping):
        faults.add(node.line, "ce bloc devrait être une suite de clés : « - id: … », puis « name », « url » et « disciplines ».")
        return block
    before = len(faults.problems)
    pairs = _pairs(node, faults)
    reader = readers(allow_hosts)
    if (value := pairs.get("id")) is not None:
        block.id = faults.source_id = reader["id"](value, "id", faults)
    values: dict[str, Any] = {"id": block.id} if block.id else {}
    for key, value in pairs.items():
        block.lines[key] = value.line
        if key != "id" and (read := reader[key](value, key, faults)) is not None:
            values[key] = read
    if missing := [quoted(key) for key in COMPULSORY if key not in pairs]:
        faults.add(node.line, f"il manque {', '.join(missing)}.")
    block.url, block.feeds = values.get("url"), values.get("feeds", ())
    _check_together(values, block, faults)
    if len(faults.problems) == before:
        block.source = Source(**values, line=node.line)
    faults.source_id = None
    return block


def _pairs(node: Mapping, faults: Faults) -> dict[str, Value]:
    """The known keys with their values; unknown and repeated keys become faults (of two values the first counts)."""
    pairs: dict[str, Value] = {}
    lines: dict[str, int] = {}
    name = next((value.text for key, value in node.pairs if _is(key, "id") and isinstance(value, Scalar)), "")
    faults.source_id = name if SLUG.match(name) else None
    for key, value in node.pairs:
        if faults.full:
            break
        if not isinstance(key, Scalar):
            faults.add(key.line, "une clé est un mot simple, suivi de « : ».")
        elif key.text not in KEYS:
            form = " : « feeds » est une liste, feeds: [https://…]." if fold(key.text) in {"feed", "flux", "rss"} else ""
            faults.add(key.line, f"clé inconnue {quoted(key.text)}{form or suggestion(key.text, KEYS, _KEY_MEANINGS)}")
        elif key.text in pairs:
            faults.add(key.line, f"la clé {quoted(key.text)} est déjà ligne {lines[key.text]} : gardez une seule des deux.")
        else:
            pairs[key.text], lines[key.text] = value, key.line
    return pairs


def _check_together(values: dict[str, Any], block: Block, faults: Faults) -> None:
    """What only shows when two keys are read together."""
    added, reviewed = values.get("added"), values.get("reviewed")
    if added and reviewed and reviewed < added:
        faults.add(block.lines["reviewed"], f"« reviewed » ({reviewed}) est avant « added » ({added}).")
    if values.get("type") == "video":
        return
    for key, urls in (("url", filter(None, (block.url,))), ("feeds", block.feeds)):
        if any(authority(url) in VIDEO_HOSTS for url in urls):
            faults.add(block.lines[key], "cette chaîne vidéo ne peut pas être visitée : ajoutez « type: video », ou donnez le site.")


def _is(key: Value, name: str) -> bool:
    return isinstance(key, Scalar) and key.text == name
