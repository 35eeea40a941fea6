"""Names of authors out of bylines, and one spelling for each of them.

Owns the cleaning: what a feed or a page gives as author is often a login, an address or the blog itself. It refuses to guess: what does
not look like a name is dropped, and a post without a name has no author. It also owns the key under which spellings of one name meet; who
remembers the spellings of a source is not its business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
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
_NAMES_OF_NOBODY: Final = (
    "admin administrator administrateur administratrice webmaster webmestre editor editeur author auteur autor anonymous anonyme "
    "unknown inconnu inconnue none null root user utilisateur test wordpress blogger noreply no-reply team staff rss blog redaction guest "
    "invité contributeur contributrice contributor collectif équipe équipe-éditoriale default défaut modérateur moderator siteadmin "
    "superadmin site-admin super-admin super-user non-renseigné auteur-invité par-défaut la-rédaction l-équipe le-blog le-site"
)
_HOST: Final = re.compile(r"\S+\.(fr|com|org|net|eu|info|be|ch|ca|qc|io|blog|edu|re|science)\Z", re.IGNORECASE)
_LOGIN: Final = re.compile(r"(?=\S*[^\W\d_])\S*[\d_]\S*\Z|[^\sA-ZÀ-Þ]*\w\w\.[^\sA-ZÀ-Þ]+\Z")
"""One word with a figure or an underscore in it, or two small ones with a dot between: `anne42`, `labo_bio`, `jean.dupont`."""

# An initial before a family name makes beginnings that no word has: `jdupont`, `pmartin`.
_SMALL_WORD: Final = re.compile(r"[a-z]{4,}\Z")
_CLUSTER: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{2}")
_TWO_CONSONANTS: Final = (
    "bh bj bl br ch ck cl cn cr cz dh dj dr dv dw dz fj fl fr gh gl gn gr gw hl hr kh kl kn kr kw ll lh mb mn mw nd ng nj nk ny pf ph pl "
    "pn pr ps pt qu rh sc sf sh sk sl sm sn sp sq sr st sv sw sz tc th tl tr ts tw tz vl vr wh wr xh zh zl zw"
)
_ONSETS: Final = frozenset(_TWO_CONSONANTS.split())
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss"})
_WORD: Final = re.compile(r"[^\W_]+")
_SMALL: Final = "d de del della den der des di do dos du da e el et l la le les of ten ter the van von y zu"
_PARTICLES: Final = frozenset(_SMALL.split())


def clean_authors(names: Iterable[str], *blog: str) -> tuple[str, ...]:
    """The people named, in order, each once, in the best of the spellings given. `blog` are the names of the blog, which is nobody."""
    nobody = _NOBODY_KEYS | {author_key(name) for name in blog}
    people = (person for name in names for person in _people(name) if not _is_login(person) and author_key(person) not in nobody)
    return one_spelling(people, {})[:_MOST]


def author_key(name: str) -> str:
    """The key under which spellings of one name meet: without case, accents, hyphens or points, its words in alphabetical order.

    So « DUPONT Jean », « Dupont, Jean » and « Jean Dupont » are one; « J. Dupont » is another.
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS)) if not unicodedata.combining(one))
    return " ".join(sorted(_WORD.findall(plain))) or name.casefold().strip()


def one_spelling(names: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """The names in the best spelling of each, in order, each once. `known` are the spellings kept so far, by `author_key`.

    Capitals are for initials only, words begin with one, a comma does not turn the name around, accents and hyphens are written: the
    spelling that fails least wins, in this order of weight; between equals the known one, then the first.
    """
    best: dict[str, str] = {}
    for name in names:
        key = author_key(name)
        rival = best.get(key) or known.get(key)
        best[key] = rival if rival and _quality(rival) >= _quality(name) else name
    return tuple(best.values())


def _quality(name: str) -> tuple[int, ...]:
    words = _WORD.findall(name)
    shouted = sum(len(word) > 1 and word.isupper() for word in words)
    whispered = sum(word.islower() and word not in _PARTICLES for word in words)
    accents = sum(map(bool, map(unicodedata.combining, unicodedata.normalize("NFKD", name))))
    return -shouted, -whispered, -name.count(","), accents, name.count("-")


def _is_login(name: str) -> bool:
    if _LOGIN.match(name) or _HOST.match(name):
        return True
    return bool(_SMALL_WORD.match(name) and _CLUSTER.match(name) and name[:2] not in _ONSETS)


_NOBODY_KEYS: Final = frozenset(map(author_key, _NAMES_OF_NOBODY.split()))


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
            if name and len(name) <= _LONGEST and any(map(str.isalpha, name)):
                yield name
