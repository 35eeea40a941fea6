"""What a page and its headers ask of those who index and show it: `noindex`, short excerpts, an end date, rights that are reserved.

Owns the reading of the wishes and to whom they are addressed; what follows from them is decided elsewhere. The words are those that Google
and Bing document for `<meta name="robots">` and `X-Robots-Tag`, and TDMRep's (W3C community group report, 10 May 2024).

Of TDMRep's three places we read two, the header and the page. The third, `/.well-known/tdmrep.json`, would cost a request to every site
beside the one conditional request that a quiet night is allowed, and all that hangs on it here is the length of an excerpt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from lxml.html import HtmlElement

from luciole.article import NO_WISHES, Wishes

ROBOTS: Final = frozenset({"luciole", "luciolebot"})
"""The names by which a page or a header may address our robot alone."""

RESERVED_SNIPPET: Final = 160
"""Characters of an excerpt where rights are reserved: about two printed lines, one sentence, what result pages show of a page at most. It
lets a reader judge whether the hit is worth a visit, and replaces none."""

_VALUED: Final = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_COLON: Final = re.compile("[:=]")
_NAME: Final = re.compile(r"\*|[a-z][a-z0-9_.*-]*(?:/[a-z0-9.]*)?")
_DAY: Final = re.compile(r"\A(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
_WEEKDAY: Final = re.compile(r"(\bunavailable_after\s*[:=]\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\s*,")


def read_wishes(root: HtmlElement | None, header: str, headers: Mapping[str, str], now: datetime) -> tuple[bool, Wishes]:
    """Whether the page is to be left out of an index, and what else it asks.

    `root` is the page (None: it is no HTML, only its headers speak); `header` its `X-Robots-Tag`, repeated ones on lines of their own;
    `headers` the other headers by lower-case name. Where several directives speak of one thing the narrowest counts. A page whose
    `unavailable_after` is over is to be left out. `noai` is taken for a reservation of rights.
    """
    directives = [*_page_directives(root), *_header_directives(header)]
    names = {name for name, _ in directives}
    ends = [end for name, value in directives if name == "unavailable_after" and (end := _moment(value)) is not None]
    until = min(ends, default=None)
    noindex = bool({"noindex", "none"} & names) or (until is not None and until <= now)
    reserved = "noai" in names or _reserved(root, headers)
    limits = [int(value) for name, value in directives if name == "max-snippet" and value.isascii() and value.isdigit() and len(value) < 10]
    limits += [0] if "nosnippet" in names else []
    limits += [RESERVED_SNIPPET] if reserved else []
    wishes = Wishes(
        snippet=min(limits, default=None),
        noarchive=bool({"noarchive", "nocache"} & names),
        unavailable_after=until,
        reserved=reserved,
    )
    return noindex, NO_WISHES if wishes == NO_WISHES else wishes


def page_wishes(root: HtmlElement) -> frozenset[str]:
    """The names of the directives of `<meta name="robots">`, and of the same under our own name."""
    return frozenset(name for name, _ in _page_directives(root))


def header_wishes(header: str) -> frozenset[str]:
    """The names of the directives of an `X-Robots-Tag` that are meant for everybody or for us."""
    return frozenset(name for name, _ in _header_directives(header))


def _page_directives(root: HtmlElement | None) -> Iterator[tuple[str, str]]:
    for name, content in _metas(root):
        if name == "robots" or name in ROBOTS:
            yield from map(_directive, _pieces(content))


def _header_directives(header: str) -> Iterator[tuple[str, str]]:
    """`googlebot: noindex, nofollow` addresses one robot with all that follows on its line, up to the next name."""
    for line in header.splitlines():
        addressed = True
        for piece in _pieces(line):
            name, colon, rest = (part.strip() for part in piece.partition(":"))
            if colon and name not in _VALUED and _NAME.fullmatch(name):
                addressed = name == "*" or name.partition("/")[0] in ROBOTS
                piece = rest
            if addressed:
                yield _directive(piece)


def _pieces(text: str) -> list[str]:
    """The directives of a list. The comma after a weekday (`unavailable_after: Friday, 25-Jun-27 15:00:00 GMT`) separates nothing."""
    return _WEEKDAY.sub(r"\1 ", text.lower()).split(",")


def _directive(piece: str) -> tuple[str, str]:
    """A directive's name and value ("" without one); some write `max-snippet=20`."""
    name, *value = _COLON.split(piece, maxsplit=1)
    return name.strip(), "".join(value).strip()


def _moment(text: str) -> datetime | None:
    """A date as RFC 822, RFC 850 or ISO 8601 writes it, in UTC where it names no zone; one without an hour begins with its day."""
    text = _DAY.sub("", text, count=1).upper()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _reserved(root: HtmlElement | None, headers: Mapping[str, str]) -> bool:
    """TDMRep's `tdm-reservation`: what the page says takes the place of what its header says ("Processing priority")."""
    said = [value for name, value in _metas(root) if name == "tdm-reservation"] or [headers.get("tdm-reservation", "")]
    return "1" in {value.strip() for value in said}


def _metas(root: HtmlElement | None) -> Iterator[tuple[str, str]]:
    """Names (lower case) and contents of the `<meta>` elements."""
    for element in () if root is None else root.iter("meta"):
        yield (element.get("name") or "").strip().lower(), element.get("content") or ""
