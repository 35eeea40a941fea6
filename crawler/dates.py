"""Dates as blogs write them.

Owns the reading of one date in the wordings of feeds and of French pages, and the bounds of what is believed. Pure: the present is
given. A date without a zone is read as UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
"""No blog is older: what is dated before is a default value of somebody's software."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "février fevrier févr fevr fév fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "août aout aug august aoû",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "décembre decembre déc dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME: Final = (
    r"(?:[\s,]*(?:à|a|at|-|–|—|T)?\s*(?P<hour>[01]?\d|2[0-3])\s?(?:h|:|\sheures?\s)\s?(?P<minute>[0-5]\d)?"
    r"(?::(?P<second>[0-5]\d))?(?:\s?min)?)?"
)
_EUROPE: Final = {"cest": 2, "cet": 1, "haec": 2, "hnec": 1, "mest": 2, "met": 1, "mesz": 2, "mez": 1, "bst": 1, "eest": 3, "eet": 2}
_AMERICA: Final = {"hae": -4, "hne": -5, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8}
_ZONES: Final = {**_EUROPE, **_AMERICA}
_ZONE: Final = rf"(?:\s*(?P<zone>[+-]\d\d:?\d\d|Z\b|(?:UTC|GMT|{'|'.join(_ZONES)})\b))?"
_WORDED: Final = re.compile(
    rf"\b(?P<day>[0-3]?\d)\s?(?:er|re)?[\s./-]+(?:de\s+)?(?P<month>{_MONTH})\.?,?[\s./-]+(?P<year>\d{{4}})\b{_TIME}{_ZONE}", re.I
)
_MONTH_FIRST: Final = re.compile(
    rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b{_TIME}{_ZONE}", re.I
)
_FIGURES: Final = re.compile(rf"\b(?P<day>[0-3]?\d)(?P<sep>[/.-])(?P<month>[01]?\d)(?P=sep)(?P<year>\d{{4}})\b{_TIME}{_ZONE}", re.I)
_SHORT: Final = re.compile(rf"\A\W*(?P<day>[0-3]?\d)(?P<sep>[/.-])(?P<month>[01]?\d)(?P=sep)(?P<year>\d\d)\b{_TIME}{_ZONE}\W*\Z", re.I)
_WORDINGS: Final = (_WORDED, _MONTH_FIRST, _FIGURES, _SHORT)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T\s]+\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.I)
_EPOCH: Final = re.compile(r"\d{9,13}\Z")


def believed(date: datetime | None, now: datetime) -> datetime | None:
    """`date` in UTC if it lies between 1995 and tomorrow, else None."""
    if date is None:
        return None
    try:
        date = date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except OverflowError:  # the first or last day of the calendar, in another zone
        return None
    return date if EARLIEST <= date <= now + timedelta(days=1) else None


def parse_date(text: str, now: datetime) -> datetime | None:
    """The date that a feed or an attribute states, in UTC, or None.

    Read are ISO 8601, RFC 822, seconds or milliseconds of Unix, and the French and English wordings of `find_date`.
    """
    text = " ".join(text.split())[:200]
    if _EPOCH.match(text):
        seconds = int(text) / (1000 if len(text) > 11 else 1)
        return believed(datetime.fromtimestamp(seconds, UTC), now)
    iso = _ISO.match(text)
    if iso:
        try:
            return believed(datetime.fromisoformat(iso[0].replace(",", ".").upper()), now)
        except ValueError:
            return None
    if any(pattern.search(text) for pattern in _WORDINGS):
        return find_date(text, now)
    try:
        return believed(parsedate_to_datetime(text), now)  # for its years of two digits
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def find_date(text: str, now: datetime) -> datetime | None:
    """The first date written out in a line of text: « Publié le lundi 2 août 2026 à 10h30 par … », 02/11/2026 (day first), May 3, 2026;
    31.01.23 when it is the whole line."""
    found = [match for pattern in _WORDINGS for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        date = believed(_from_match(match), now)
        if date is not None:
            return date
    return None


def _from_match(match: re.Match[str]) -> datetime | None:
    month, year = match["month"].lower(), int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 70 else 1900
    try:
        return datetime(
            year,
            _MONTHS[month] if month in _MONTHS else int(month),
            int(match["day"]),
            int(match["hour"] or 0),
            int(match["minute"] or 0),
            int(match["second"] or 0),
            tzinfo=_zone(match["zone"] or "UTC"),
        )
    except ValueError:
        return None


def _zone(name: str) -> timezone:
    name = name.lower()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    if name[0] not in "+-":
        return UTC
    minutes = int(name[1:3]) * 60 + int(name[-2:])
    return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
