"""Names of authors out of bylines.

Owns the cleaning: what a feed or a page gives as author is often a login, an address or the blog itself. It refuses to guess: what does
not look like a name is dropped, and a post without a name has no author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crawler.plain import one_line

_LONGEST: Final = 80
_MOST: Final = 20
_ADDRESS: Final = re.compile(r"\S+@\S+\.\w+|(?:https?://|www\.)\S+", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"^\s*\S+@\S+\s*\((?P<name>[^()]+)\)\s*$")  # RFC 822 as RSS has it: jean@exemple.fr (Jean Dupont)
_LEAD: Final = re.compile(
    r"^(?:(?:écrit|publié|posté|rédigé|proposé|written|posted)\s+)?(?:par|by|auteure?s?|authors?)\s*:?\s+", re.IGNORECASE
)
_TAIL: Final = re.compile(r"\s+(?:le|on)\s+(?:\w+\s+)?\d.*$|\s*[|·•].*$", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"\s*[;\n/]\s*|\s+(?:et|and|&)\s+|\s*&\s*", re.IGNORECASE)
_INSTITUTION: Final = re.compile(r"\b(de la|des|du|de l[’'])\b", re.IGNORECASE)
_LOGINS: Final = (
    "admin administrator administrateur administratrice webmaster webmestre editor editeur éditeur author auteur autor anonymous anonyme "
    "unknown inconnu none null root user utilisateur test wordpress blogger noreply no-reply team staff rss blog redaction rédaction "
    "guest invité"
)
_NOBODY: Final = frozenset(_LOGINS.split()) | {"la rédaction", "la redaction", "site admin", "super admin", "super user", "non renseigné"}


def clean_authors(names: Iterable[str], *blog: str) -> tuple[str, ...]:
    """The people named, in order, each once. `blog` are the names of the blog, which is nobody."""
    nobody = _NOBODY | {name.casefold().strip() for name in blog}
    found: dict[str, str] = {}
    for name in names:
        for person in _people(name):
            key = person.casefold()
            if key not in nobody:
                found.setdefault(key, person)
    return tuple(found.values())[:_MOST]


def _people(text: str) -> Iterable[str]:
    text = text[:1000]
    bracketed = _IN_BRACKETS.match(text)
    if bracketed:
        text = bracketed["name"]
    text = _TAIL.sub("", _LEAD.sub("", _ADDRESS.sub(" ", one_line(text, 1000))))
    parts = _SEPARATORS.split(text)
    if any(_INSTITUTION.search(part) or not part[:1].isupper() for part in parts if part):
        parts = re.split(r"\s*[;\n]\s*", text)  # « Ministère de la Santé et de la Prévention » is one
    for part in parts:
        # A comma separates people, unless it separates a family name from a first name.
        commas = part.split(",")
        pieces = commas if len(commas) > 2 or all(len(piece.split()) >= 2 for piece in commas) else [part]
        for piece in pieces:
            name = piece.strip(" ,:-–—<>[]\"'«»@\t")
            if name and len(name) <= _LONGEST and "_" not in name and any(map(str.isalpha, name)):
                yield name
