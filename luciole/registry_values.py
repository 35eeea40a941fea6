"""What the value of one key may hold: text, number, date, address, pattern. Each reader gives the value, or a fault in French and None.

Knows one value at a time. Refuses to know which key is compulsory and what two keys say together (`registry_rules`).
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from luciole.disciplines import DISCIPLINES
from luciole.registry_faults import Faults, fold, quoted, suggestion
from luciole.registry_urls import refuse_url
from luciole.registry_words import BACKFILL_MEANINGS, DISCIPLINE_MEANINGS, STATUS_MEANINGS, TYPE_MEANINGS
from luciole.registry_yaml import Listing, Scalar, Value
from luciole.sources import BACKFILLS, STATUSES, TYPES

Reader = Callable[[Value, str, Faults], Any]
"""(node, key, faults) → what the key holds, or None after at least one fault."""

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
MAX_DISCIPLINES: Final = 3

_ISO_3166: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG
CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL
GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA
LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES: Final = frozenset(_ISO_3166.split())
"""Countries and territories as ISO 3166-1 alpha-2."""

KIND_NAMES: Final = {"int": "un nombre", "float": "un nombre", "bool": "un oui ou un non", "timestamp": "une date"}
"""What YAML makes of a word that is not quoted."""


def plain_text(node: Value, key: str, faults: Faults) -> str | None:
    """Text of one line."""
    if not isinstance(node, Scalar):
        faults.add(node.line, f"« {key} » attend un texte simple.")
    elif node.kind == "alias":
        return None  # a fault since it was read
    elif node.kind == "null" or not node.text.strip():
        faults.add(node.line, f"« {key} » est vide : complétez, ou retirez la ligne.")
    elif node.kind in KIND_NAMES:
        faults.add(node.line, f'YAML lit {quoted(node.text)} comme {KIND_NAMES[node.kind]} : écrivez {key}: "{node.text[:40]}".')
    elif not all(char.isprintable() or char in "\u00a0\u202f" for char in node.text):
        faults.add(node.line, f"« {key} » tient sur une ligne, sans caractère invisible.")
    elif len(node.text) > 500:
        faults.add(node.line, f"« {key} » dépasse 500 caractères.")
    else:
        return node.text.strip()
    return None


def _id(node: Value, key: str, faults: Faults) -> str | None:
    text = plain_text(node, key, faults)
    if text is None or (SLUG.match(text) and len(text) <= 60):
        return text
    advice = f", par exemple {quoted(fold(text)[:60].strip('-'))}" if fold(text) else ""
    faults.add(node.line, f"identifiant {quoted(text)} : au plus 60 lettres minuscules sans accent, chiffres et traits d’union{advice}.")
    return None


def _number(low: float, high: float, unit: str) -> Callable[[Value, str, Faults], float | None]:
    def read(node: Value, key: str, faults: Faults) -> float | None:
        text = node.text if isinstance(node, Scalar) and node.kind in {"int", "float"} else ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if low <= value <= high:
            return value
        faults.add(node.line, f"« {key} » attend un nombre{unit} entre {low:g} et {high:g} (un point pour la virgule).")
        return None

    return read


def _boolean(node: Value, key: str, faults: Faults) -> bool | None:
    if isinstance(node, Scalar) and node.kind == "bool":
        return node.text.lower() in {"true", "yes", "on"}
    faults.add(node.line, f"« {key} » attend true ou false.")
    return None


def _date(node: Value, key: str, faults: Faults) -> date | None:
    if isinstance(node, Scalar) and re.fullmatch(r"\d{4}-\d\d-\d\d", node.text, re.ASCII):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            faults.add(node.line, f"« {key} » : le {quoted(node.text)} n’existe pas.")
            return None
    faults.add(node.line, f"« {key} » attend une date année-mois-jour, comme 2026-11-22.")
    return None


def _choice(words: tuple[str, ...], meanings: dict[str, str]) -> Callable[[Value, str, Faults], str | None]:
    def read(node: Value, key: str, faults: Faults) -> str | None:
        text = plain_text(node, key, faults)
        if text is None or text in words:
            return text
        faults.add(node.line, f"« {key} » inconnu {quoted(text)}{suggestion(text, words, meanings)}")
        return None

    return read


def _country(node: Value, key: str, faults: Faults) -> str | None:
    text = plain_text(node, key, faults)
    if text is None or text in COUNTRIES:
        return text
    near = f" ; vouliez-vous dire « {text.upper()} » ?" if text.upper() in COUNTRIES else " : deux lettres ISO, comme FR, BE, CA ou SN."
    faults.add(node.line, f"pays inconnu {quoted(text)}{near}")
    return None


def _language(node: Value, key: str, faults: Faults) -> str | None:
    text = plain_text(node, key, faults)
    if text is None or re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text):
        return text
    faults.add(node.line, f"langue inconnue {quoted(text)} : un code ISO 639, comme fr.")
    return None


def _regex(node: Value, key: str, faults: Faults) -> str | None:
    text = plain_text(node, key, faults)
    if text is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        at = getattr(error, "pos", None)
        where = f" : à revoir vers le caractère {at + 1}, {quoted(text[at:] or text[-1])}" if isinstance(at, int) else ""
        faults.add(node.line, f"« {key} » n’est pas une expression régulière valable{where}.")
        return None
    return text


def _list(item: Callable[[Value, str, Faults], str | None], form: str) -> Callable[[Value, str, Faults], tuple[str, ...] | None]:
    """A list without repetition; None when it, or any of its items, has a fault."""

    def read(node: Value, key: str, faults: Faults) -> tuple[str, ...] | None:
        if not isinstance(node, Listing):
            faults.add(node.line, f"« {key} » est une liste : {key}: [{form}].")
            return None
        if not node.items:
            faults.add(node.line, f"« {key} » est vide : complétez, ou retirez la ligne.")
            return None
        values: list[str] = []
        sound = True
        for child in node.items:
            if faults.full:
                return None
            if (value := item(child, key, faults)) is None:
                sound = False
            elif value in values:
                faults.add(child.line, f"« {key} » contient deux fois {quoted(value)}.")
                sound = False
            else:
                values.append(value)
        return tuple(values) if sound else None

    return read


def _discipline(node: Value, key: str, faults: Faults) -> str | None:
    text = plain_text(node, key, faults)
    if text is None or text in DISCIPLINES:
        return text
    faults.add(node.line, f"discipline inconnue {quoted(text)}{suggestion(text, DISCIPLINES, DISCIPLINE_MEANINGS)}")
    return None


def _disciplines(node: Value, key: str, faults: Faults) -> tuple[str, ...] | None:
    if isinstance(node, Listing) and len(node.items) > MAX_DISCIPLINES:
        faults.add(node.line, f"{len(node.items)} disciplines : gardez les {MAX_DISCIPLINES} plus justes, la principale d’abord.")
    return _list(_discipline, "physique, chimie")(node, key, faults)


def _pattern(node: Value, key: str, faults: Faults) -> str | None:
    text = plain_text(node, key, faults)
    if text is None:
        return None
    if "://" in text:
        advice = f"sans « http:// » ni « https:// », comme {quoted(text.partition('://')[2])}"
    elif re.search(r"[\s#]", text):
        advice = "sans espace ni « # »"
    elif not re.match(r"\*|[^/]+/", text):
        advice = "avec le nom du site, comme « exemple.fr/agenda/* » ou « */agenda/* »"
    elif text.count("[") != text.count("]"):
        advice = "avec autant de « [ » que de « ] »"
    else:
        return text
    faults.add(node.line, f"« {key} » : le motif {quoted(text)} s’écrit {advice}.")
    return None


def _url(allow_hosts: frozenset[str]) -> Callable[[Value, str, Faults], str | None]:
    def read(node: Value, key: str, faults: Faults) -> str | None:
        text = plain_text(node, key, faults)
        if text is not None and (refusal := refuse_url(text, allow_hosts)) is not None:
            faults.add(node.line, f"« {key} » : {refusal}")
            return None
        return text

    return read


def readers(allow_hosts: frozenset[str] = frozenset()) -> dict[str, Reader]:
    """A reader for each key of a block. `allow_hosts` holds authorities that pass although they are not public."""
    url = _url(allow_hosts)
    return {"id": _id, "url": url, "feeds": _list(url, "https://exemple.fr/feed/"), **_READERS}


_READERS: Final[dict[str, Reader]] = {
    "name": plain_text,
    "disciplines": _disciplines,
    "type": _choice(TYPES, TYPE_MEANINGS),
    "country": _country,
    "language": _language,
    "licence": plain_text,
    "status": _choice(STATUSES, STATUS_MEANINGS),
    "why": plain_text,
    "added": _date,
    "reviewed": _date,
    "weight": _number(0.1, 10, ""),
    "include": _list(_pattern, "exemple.fr/blog/*"),
    "exclude": _list(_pattern, "exemple.fr/agenda/*"),
    "delay": _number(0, 600, " de secondes"),
    "article_url": _regex,
    "backfill": _choice(BACKFILLS, BACKFILL_MEANINGS),
    "tls_insecure": _boolean,
}
