"""French as readers expect it: dates, numbers, plurals, the names of countries and of kinds of blogs.

Pure functions from values to text. Knows nothing of pages. Spaces are the typographer's: U+00A0 before a colon and a unit's sign, U+202F
inside numbers.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from indexer.document import PARIS
from indexer.night import SourceCard
from luciole.disciplines import DISCIPLINES
from luciole.runs import STATE_LABELS
from luciole.sources import TYPE_LABELS

NARROW: Final = "\u202f"
WIDE: Final = "\u00a0"
WORDS_PER_MINUTE: Final = 230
"""Reading speed of adults, silently: 238 words a minute in English (Brysbaert 2019), a little less for science."""

AGES_AFTER: Final = 10
"""Years from which on an article may have aged. One rule for all sciences, since nothing here knows which of them a sentence is about. It
is mild: half of the systematic reviews of medicine were out of date after five and a half years (Shojania et al. 2007), and what is said
of mathematics or history stays true far longer; so the page says «may»."""

_BEFORE_WIDE: Final = re.compile(r" (?=[:»…])|(?<=[«…]) |(?<=\d) (?=(?:[%‰€$£]|°[CF]\b))")
_BEFORE_NARROW: Final = re.compile(r" (?=[;?!])")
_GROUPED: Final = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_QUOTED: Final = re.compile("«([^«»]*)»")
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_COUNTRIES: Final = {
    "FR": "France",
    "BE": "Belgique",
    "CH": "Suisse",
    "CA": "Canada",
    "LU": "Luxembourg",
    "MC": "Monaco",
    "DZ": "Algérie",
    "MA": "Maroc",
    "TN": "Tunisie",
    "SN": "Sénégal",
    "CI": "Côte d’Ivoire",
    "CM": "Cameroun",
    "CD": "RD Congo",
    "BJ": "Bénin",
    "BF": "Burkina Faso",
    "MG": "Madagascar",
    "HT": "Haïti",
    "DE": "Allemagne",
    "GB": "Royaume-Uni",
    "US": "États-Unis",
    "IT": "Italie",
    "ES": "Espagne",
    "NL": "Pays-Bas",
}


def day(moment: datetime) -> str:
    """«14 mars 2025», the day in Paris."""
    local = moment.astimezone(PARIS)
    return f"{'1er' if local.day == 1 else local.day}{WIDE}{_MONTHS[local.month - 1]}{WIDE}{local.year}"


def hour(moment: datetime) -> str:
    """«4 h 07», the time in Paris."""
    local = moment.astimezone(PARIS)
    return f"{local.hour}{WIDE}h{WIDE}{local.minute:02}"


def number(value: int) -> str:
    """12 345 with the thin space that never breaks."""
    return f"{value:,}".replace(",", NARROW)


def spaced(text: str) -> str:
    """The text with spaces that do not break before or inside punctuation, in large numbers (1 361) and between a number and its %, € or
    °C: for words that people typed.

    As many code points as before, each in its place: marks stay true.
    """
    text = _GROUPED.sub(lambda found: found[0].replace(" ", NARROW), text)
    return _BEFORE_NARROW.sub(NARROW, _BEFORE_WIDE.sub(WIDE, text))


def nested(text: str) -> str:
    """The text as it stands between « and »: its own quotes become “ and ”, the innermost where they stand in each other."""
    return _QUOTED.sub(lambda found: f"“{found[1].strip()}”", text)


def counted(value: int, noun: str, plural: str | None = None) -> str:
    """«1 article», «2 articles»; none and one take the singular, as French has it."""
    return f"{number(value)}{WIDE}{noun if abs(value) < 2 else plural or noun + 's'}"


def country(code: str | None) -> str | None:
    """The country's name; a code that nobody named here stays a code."""
    return _COUNTRIES.get(code.upper(), code.upper()) if code else None


def kind(name: str) -> str:
    """What a blog is, for readers."""
    return TYPE_LABELS.get(name, name)


def discipline(name: str) -> str:
    """The label of a discipline; an unknown id stays as it is."""
    return DISCIPLINES.get(name, name)


def visit(card: SourceCard) -> str:
    """How a blog stands, in words: what weighs most first."""
    if card.frozen:
        return "en observation"
    if card.gone_since:
        return f"site disparu depuis le {day(card.gone_since)}"
    if card.type == "video":
        return "chaîne vidéo, non fouillée"
    if card.status == "archived":
        return "archivé"
    return "pas encore visité" if card.state is None else STATE_LABELS.get(card.state, card.state)


def completeness(card: SourceCard) -> str:
    """How much of a blog is here, where it says to have more: « sur environ 360 » after the number of articles to be found, or the number
    in the record too when that is another; "" where nothing is known to be missing."""
    if card.expected is None or card.expected <= card.found or card.frozen:
        return ""
    about = f"sur environ {number(card.expected)}"
    return about if card.articles == card.found else f"{counted(card.found, 'relevé')} {about}"


def may_have_aged(written: datetime, published: datetime) -> bool:
    """Whether an article was more than `AGES_AFTER` years old when the index was published."""
    return (published - written).days > AGES_AFTER * 365.25


def minutes(words: int) -> int:
    """How long a text takes to read, at least one minute."""
    return max(1, round(words / WORDS_PER_MINUTE))
