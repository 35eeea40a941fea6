"""A source: one blog of the list, as a value. Knows nothing of YAML, of checking (see `registry`), of the network or of the store."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, Self

from luciole.urls import authority

TYPE_LABELS: Final = {
    "individual": "blog personnel",
    "collective": "blog collectif",
    "institution": "institution",
    "media": "média",
    "podcast": "podcast",
    "video": "chaîne vidéo",
}
"""What readers call each of `TYPES`."""
TYPES: Final = tuple(TYPE_LABELS)
STATUSES: Final = ("active", "paused", "archived")
BACKFILLS: Final = ("wordpress", "blogger", "sitemap", "spip", "feed", "links", "none")
"""Ways to gather a whole archive, by the words of `backfill`; *none*: only what the feed holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What curators decided about one blog. The checked reading of a block of `sources.yaml`.

    `disciplines` are ids of `luciole.disciplines`, the main one first. `type` is one of `TYPES`, `status` one of `STATUSES`:
    *active* is crawled and shown; *archived* is no longer crawled, its articles stay searchable; *paused* is neither crawled
    nor shown until a curator puts it back. `country` is ISO 3166-1 alpha-2, `language` ISO 639. `weight` (0.1 to 10)
    multiplies the relevance of its articles. `delay` is in seconds between two requests.

    `include` and `exclude` are shell-style globs matched against the whole address without its scheme, a leading `www.`, the
    default port and the fragment: `exemple.fr/agenda/*`. `*` also crosses `/`; case counts except in the host.
    `article_url` is a regular expression searched in the address of a page to tell articles from the rest. `backfill` is one of
    `BACKFILLS`; without it the robot finds out by itself.

    `line` is where the block starts in the file (0 when unknown): it says where to look, and is not part of the value.
    """

    id: str
    name: str
    url: str
    feeds: tuple[str, ...] = ()
    disciplines: tuple[str, ...]
    type: str = "individual"
    country: str | None = None
    language: str = "fr"
    licence: str | None = None
    status: str = "active"
    why: str | None = None
    added: date | None = None
    reviewed: date | None = None
    weight: float = 1.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    delay: float | None = None
    article_url: str | None = None
    backfill: str | None = None
    tls_insecure: bool = False
    line: int = field(default=0, compare=False)

    @property
    def crawled(self) -> bool:
        """Whether the robot visits it. Video channels are listed with a link and never fetched: their host forbids robots."""
        return self.status == "active" and self.type != "video"

    @property
    def listed(self) -> bool:
        """Whether readers may see it and its articles."""
        return self.status != "paused"

    @property
    def hosts(self) -> frozenset[str]:
        """The authorities (`host` or `host:port`, default ports left out) of the home page and of the feeds."""
        return frozenset(authority(url) for url in (self.url, *self.feeds))

    def admits(self, url: str) -> bool:
        """Whether `include` and `exclude` let this address in: some `include` matches (or there is none), no `exclude` does.

        What is not an http(s) address is never admitted.
        """
        try:
            address = _bare_address(url)
        except ValueError:
            return False
        if self.include and not any(_glob(pattern).match(address) for pattern in self.include):
            return False
        return not any(_glob(pattern).match(address) for pattern in self.exclude)

    def digest(self) -> str:
        """SHA-256 (64 hex digits) of everything but `line`: two equal sources have one digest, in every process and release."""
        canonical = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, ready for `json.dumps`: every key but `line`, dates as ISO text, tuples as lists."""
        return {name: _plain(getattr(self, name)) for name in _JSON_KEYS}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`. Unknown keys are ignored (a newer release wrote them); a missing one takes its default.

        Raises KeyError when one of the four compulsory keys is missing and ValueError for a date that is not ISO.
        """
        values: dict[str, Any] = {key: data[key] for key in ("id", "name", "url", "disciplines")}
        values.update({key: data[key] for key in _JSON_KEYS if key in data})
        for key in _TUPLES & values.keys():
            values[key] = tuple(values[key])
        for key in _DATES & values.keys():
            values[key] = date.fromisoformat(values[key]) if values[key] else None
        return cls(**values)


_TUPLES: Final = frozenset({"feeds", "disciplines", "include", "exclude"})
_DATES: Final = frozenset({"added", "reviewed"})
_JSON_KEYS: Final = tuple(name for name in Source.__dataclass_fields__ if name != "line")


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _bare_address(url: str) -> str:
    """What patterns are matched against: authority without `www.`, then path and query as they are."""
    rest = url.partition("#")[0].partition("://")[2]
    tail = re.search(r"[/?]", rest)
    path = rest[tail.start() :] if tail else ""
    return authority(url).removeprefix("www.") + (path or "/")


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str]:
    tail = re.search(r"[/?]", pattern)
    host, rest = (pattern[: tail.start()], pattern[tail.start() :]) if tail else (pattern, "")
    return re.compile(fnmatch.translate(host.lower().removeprefix("www.") + rest))
