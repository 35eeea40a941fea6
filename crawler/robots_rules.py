"""robots.txt as rules: what a site lets our robot fetch, how slowly it wants us, and what may be done with its pages.

Pure. Owns the reading of the text by RFC 9309, with the two lines beside it that sites write: `Crawl-delay` and `Content-Signal`. It
refuses to know how the text came. Paths are matched by Protego, which is given the lines meant for us and no others: handed a whole file,
it writes every rule under every name above it, and 60 KB of names and rules hold it up for seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote, urlsplit

from protego import Protego

from crawler.politeness import BOT

_NAMES: Final = frozenset({BOT.lower(), BOT.lower().removesuffix("bot")})
_AGENT: Final = frozenset({"user-agent", "useragent"})
_DISALLOW: Final = frozenset({"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"})
_SITEMAP: Final = frozenset({"sitemap", "sitemaps", "site-map"})
_DELAY: Final = "crawl-delay"
_SIGNAL: Final = "content-signal"
_OF_A_GROUP: Final = _DISALLOW | {"allow", _DELAY, _SIGNAL, "request-rate", "visit-time"}
_KNOWN: Final = _AGENT | _SITEMAP | _OF_A_GROUP
_LINE_END: Final = re.compile(rb"\r\n?|\n")
_SECONDS: Final = re.compile(r"(\d+(?:[.,]\d+)?|[.,]\d+)\s*(?:s|sec|seconds?|secondes?)?", re.ASCII | re.IGNORECASE)
_MOST_SITEMAPS: Final = 100

_Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """A robots.txt, read for our robot.

    `delay`: seconds it asks for between requests, None when it does not say; `sitemaps`: absolute http(s) addresses, without repeats;
    `signals`: what it says may (True) or may not (False) be done with its pages, by the names of the content signals policy that
    Cloudflare published in 2025 (`search`, `ai-input`, `ai-train`); what it says nothing of is not in it.
    """

    delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    signals: Mapping[str, bool] = field(default_factory=dict)
    paths: Protego | None = None

    @classmethod
    def read(cls, status: int, body: bytes, *, limit: int) -> Self:
        """Read an answer to `/robots.txt` that stands for itself (2xx, 4xx).

        Without 2xx there are no rules (RFC 9309, 2.3.1.3). The text is read leniently (2.5), and only its first `limit` bytes; a line cut
        in two by that is left out, for the beginning of a path forbids more than the path.
        """
        if not 200 <= status < 300:
            return cls()
        if len(body) >= limit:
            body = body[: max(body.rfind(b"\n", 0, limit), body.rfind(b"\r", 0, limit), 0)]
        own, sitemaps = _addressed(_lines(body))
        rules = [(name, value) for name, value in own if name in _DISALLOW or name == "allow"]
        return cls(
            delay=max((seconds for name, value in own if name == _DELAY and (seconds := _seconds(value)) is not None), default=None),
            sitemaps=sitemaps,
            signals=_signals(value for name, value in own if name == _SIGNAL),
            paths=Protego.parse("\n".join(["User-agent: *", *(f"{name}: {value}" for name, value in rules)])) if rules else None,
        )

    def allowed(self, url: str) -> bool:
        """Whether our robot may fetch this address."""
        return self.paths is None or self.paths.can_fetch(url, BOT)

    @property
    def indexable(self) -> bool:
        """Whether pages of this origin may be shown by a search engine: false where a content signal says `search=no`."""
        return self.signals.get("search", True)


def origin_of(url: str) -> str:
    """The `scheme://authority` whose robots.txt rules over an address: lower case, without the scheme's own port. Raises `ValueError`."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def _lines(body: bytes) -> Iterator[_Line]:
    """The lines with a name that we know, as (name, value).

    A line that is not UTF-8 was typed in Latin-1: its path may be asked for in either spelling, and both count.
    """
    for raw in _LINE_END.split(body.removeprefix(b"\xef\xbb\xbf")):
        try:
            spellings = [raw.decode("utf-8")]
        except UnicodeDecodeError:
            spellings = [raw.decode("latin-1"), "".join(chr(byte) if byte < 128 else quote(bytes([byte])) for byte in raw)]
        for text in spellings:
            if (line := _named(text.partition("#")[0])) is not None:
                yield line


def _named(text: str) -> _Line | None:
    """A line's name and value, if we know the name. Some forget the colon, or write `User agent`."""
    name, colon, value = text.partition(":")
    name = "-".join(name.lower().split())
    if not colon or name not in _KNOWN:
        name, _, value = text.strip().partition(" ")
        name = name.lower()
    return (name, " ".join(value.split())) if name in _KNOWN else None


def _addressed(lines: Iterator[_Line]) -> tuple[list[_Line], tuple[str, ...]]:
    """The lines meant for us (those of all groups that name us; without one, those for everybody), and the sitemaps, meant for all."""
    ours: list[_Line] = []
    for_all: list[_Line] = []
    above: list[_Line] = []
    sitemaps: dict[str, None] = {}
    named = naming = us = everybody = False
    began = False
    for name, value in lines:
        if name in _SITEMAP:
            if len(sitemaps) < _MOST_SITEMAPS and _is_address(value):
                sitemaps[value] = None
        elif name in _AGENT:
            if not naming:
                us = everybody = False
            naming = began = True
            agent = value.lower().partition("/")[0].strip()
            everybody |= agent == "*"
            us |= agent.rstrip("*") in _NAMES
            named |= us
        else:
            naming = False
            if us:
                ours.append((name, value))
            if everybody:
                for_all.append((name, value))
            if not began and name == _SIGNAL:
                above.append((name, value))
    return [*above, *(ours if named else for_all)], tuple(sitemaps)


def _signals(values: Iterator[str]) -> dict[str, bool]:
    """`search=yes, ai-train=no` as a mapping; of two that disagree the refusal counts."""
    found: dict[str, bool] = {}
    for piece in (piece for value in values for piece in value.lower().split(",")):
        name, _, answer = (part.strip() for part in piece.partition("="))
        if answer in ("yes", "no"):
            found[name] = found.get(name, True) and answer == "yes"
    return found


def _seconds(value: str) -> float | None:
    match = _SECONDS.fullmatch(value)
    return float(match[1].replace(",", ".")) if match and len(match[1]) < 20 else None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
