"""Texts and addresses on their way into formats that are not HTML: feeds, lists, citations.

Pure. Owns what of a stranger's text may leave in such a format, and which address may be a link there. It refuses to know the formats.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

_BLANK: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""Blanks, ends of lines and control characters: XML 1.0 carries few of these, one line of text none."""
_NEVER: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of pairs and what is no character: neither XML nor UTF-8 carries them."""
_OPENING: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),  # embeddings and overrides, and what ends them
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),  # isolates, the same
}
_DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HTTP: Final = re.compile(r"https?://[A-Za-z0-9@:\[\]._~%!$&'()*+,;=-]+(?:[/?#][\x21-\x7e]*)?")
_UNSAFE: Final = re.compile(r'["<>\\^`{|}]')


def plain(text: str) -> str:
    """One line of text that XML and UTF-8 can carry, trimmed; whatever turns the direction of writing ends with the text, so that what
    follows it reads as it should. Spaces that do not break stay."""
    return _BLANK.sub(" ", _closed(_NEVER.sub("", text))).strip(" ")


def undirected(text: str) -> str:
    """`plain` without the signs that turn the direction of writing: for formats in which they mean nothing."""
    return plain(_DIRECTIONS.sub("", text))


def visible(text: str) -> bool:
    """Whether there is anything to see in a text: a title of nothing but blanks and zero-width signs would be a link that nobody finds."""
    return any(letter.isprintable() and letter != " " for letter in text)


def web_address(url: str) -> str | None:
    """The address when a reader may be sent there, http or https with a host, as a URI of RFC 3986: ASCII, what has no place in an address
    percent-encoded. None for `javascript:` and its kin."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        safe = safe_url_string(url)
    except ValueError:  # half a pair, a port that is none, a bracket left open
        return None
    safe = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", safe)
    return safe if _HTTP.fullmatch(safe) else None


def stamp(moment: datetime) -> str:
    """The moment as RFC 3339 has it, to the second, in UTC: 2026-03-14T03:07:00Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _closed(text: str) -> str:
    """The text with every embedding, override and isolate ended (as `<bdi>` does in HTML), and without the ends of what was never begun."""
    if not _DIRECTIONS.search(text):
        return text
    kept: list[str] = []
    awaited: list[str] = []
    for letter in text:
        if letter in "\u202c\u2069":
            if letter not in awaited:
                continue
            while (last := awaited.pop()) != letter:  # the end of an isolate ends all that was begun within
                kept.append(last)
        elif letter in _OPENING:
            awaited.append(_OPENING[letter])
        kept.append(letter)
    return "".join((*kept, *reversed(awaited)))
