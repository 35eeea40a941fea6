"""The operators that readers know, found in what they typed: exact phrases, exclusions, authors, blogs, disciplines, dates, DOIs.

`parse` is pure: a text in, the operators and the text that is left out, and no text whatever makes it fail. What has the look of an
operator and makes no sense (a quote that nothing closes, `avant:hier`, `- mot`) stays in the text and is read as words. It refuses to know
which blogs exist and what a plan is (`indexer.planner`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Final
from urllib.parse import unquote

from indexer.analysis import content, tokens
from indexer.document import PARIS
from indexer.folding import fold, undotted
from indexer.results import OperatorName

MAX_OPERATORS: Final = 20
"""Operators heard in one query; the rest is told as ignored."""
MAX_PHRASE_WORDS: Final = 50
"""A longer quotation is read as words."""
MAX_NAME_WORDS: Final = 6
"""Different words of one author's name that are looked at: every choice of them is a key, 63 at most."""

_NAMES: Final = "auteur|blog|discipline|avant|apr[eèé]s|doi"
_QUOTED: Final = '"[^"]*"|“[^”]*”|«[^»]*»'
_OPERATOR: Final = re.compile(
    rf"(?<!\S)(?P<minus>-?)(?P<name>{_NAMES}):(?:(?P<quoted>{_QUOTED})(?![^\W_])|(?P<bare>[^\s\"“«]\S*))"
    r"|(?<!\S)-(?P<word>[^\W\d_]\S*)"  # -273 is a temperature
    rf"|(?P<without>(?<!\S)-)?(?<![^\W_])(?P<phrase>{_QUOTED})(?![^\W_])",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DOI: Final = re.compile(r"(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/)?(?:doi:)?(10\.[0-9]{4,9}/\S{1,200})", re.IGNORECASE)
_AFTER_DOI: Final = ".,;:!?…»”"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `value`: what stands between the quotes or behind the colon (a DOI in its bare form), `words`: its folded words, stop
    words too; `excluded`: a minus stands before it."""

    name: OperatorName
    value: str
    words: tuple[str, ...] = ()
    excluded: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was found in a text: the operators in order, the text without them (a blank in the place of each), and as typed those beyond
    `MAX_OPERATORS`. `places`: where each stands in the text, in code points, in order; repeated ones and those beyond the limit too."""

    operators: tuple[Operator, ...]
    text: str
    surplus: tuple[str, ...] = ()
    places: tuple[tuple[int, int, Operator], ...] = ()


def parse(text: str) -> Parsed:
    """The operators of a text that went through `indexer.folding.clean`."""
    operators: dict[Operator, None] = {}
    places: list[tuple[int, int, Operator]] = []
    surplus, parts, at = [], [], 0
    for found in _OPERATOR.finditer(text):
        operator = _read(found)
        if operator is None:
            continue
        parts += [text[at : found.start()], " "]
        at = found.end()
        places.append((found.start(), at, operator))
        if operator in operators:
            continue
        if len(operators) == MAX_OPERATORS:
            surplus.append(found[0])
        else:
            operators[operator] = None
    return Parsed(tuple(operators), "".join([*parts, text[at:]]), tuple(surplus), tuple(places))


def period(text: str) -> tuple[datetime, datetime] | None:
    """The year, month or day that `2015`, `2015-03` or `2015-03-12` names: its first moment in Paris, and the first one after it. None for
    what is no day of the calendar; beyond the ends of the calendar its ends."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(one) if one else 0 for one in found.groups())
    if (found[2] and not month) or (found[3] and not day):
        return None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return _moment(first), _moment(_following(first, by_month=bool(month), by_day=bool(day)))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are indexed, stop words too; none when one of them is too long to be."""
    text = undotted(text)
    found, at = [], 0
    for token in tokens(text):
        if any(map(str.isalnum, text[at : token.start])):
            return ()
        found.append(token.word)
        at = token.end
    return () if any(map(str.isalnum, text[at:])) else tuple(found)


def name_key(words: tuple[str, ...]) -> str:
    """Words of a name as one key: their order does not count."""
    return " ".join(sorted(set(words)))


def name_keys(name: str) -> set[str]:
    """Every key under which an author is found: each choice of the words of the name."""
    words = tuple(dict.fromkeys(words_of(name)))[:MAX_NAME_WORDS]
    return {name_key(chosen) for size in range(1, len(words) + 1) for chosen in combinations(words, size)}


def _read(found: re.Match[str]) -> Operator | None:
    """What an operator means; None when it means nothing, and is read as words."""
    if found["word"]:
        words = words_of(found["word"])
        return Operator("mot", found["word"], words, True, found[0]) if words and content(found["word"]) else None
    if found["phrase"]:
        value = found["phrase"][1:-1].strip()
        words = words_of(value)
        return Operator("phrase", value, words, bool(found["without"]), found[0]) if 0 < len(words) <= MAX_PHRASE_WORDS else None
    name, value = fold(found["name"]), (found["quoted"][1:-1] if found["quoted"] else found["bare"]).strip()
    return _named(name, value, excluded=bool(found["minus"]), typed=found[0])


def _named(name: str, value: str, *, excluded: bool, typed: str) -> Operator | None:
    match name:
        case "avant" | "apres":
            return Operator(name, value, (), excluded, typed) if period(value) else None
        case "doi":
            cited = _DOI.fullmatch(unquote(value).rstrip(_AFTER_DOI))
            return Operator("doi", cited[1].lower(), (), excluded, typed) if cited else None
        case "auteur" | "blog" | "discipline":
            words = words_of(value)
            return Operator(name, value, words, excluded, typed) if words else None
    return None


def _following(first: date, *, by_month: bool, by_day: bool) -> date | None:
    """The first day after a day, a month or a year; None after the last one of the calendar."""
    try:
        if by_day:
            return first + timedelta(days=1)
        if by_month and first.month < 12:
            return first.replace(month=first.month + 1)
        return date(first.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None


def _moment(day: date | None) -> datetime:
    """The beginning of a day in Paris, in UTC."""
    if day is None:
        return datetime.max.replace(tzinfo=UTC)
    try:
        return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
