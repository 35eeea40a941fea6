"""A strategy's memory between two readings, as words that survive JSON.

Owns the way of counts, flags and sets of addresses into `Cursor.trail` and back. Addresses are kept as fingerprints of 36 bits: among the
3,000 addresses of one blog, two share one with a chance of 1 in 15,000, and then one page is not read.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final, Literal

from crawler.backfill.addresses import key
from crawler.backfill.strategy import Cursor
from crawler.parsed import Entry

_WIDTH: Final = 6


class Notebook:
    """What a strategy remembers. Read from a cursor, changed, and kept in the next one."""

    def __init__(self, cursor: Cursor) -> None:
        self._words = {name: value for name, _, value in (word.partition("=") for word in cursor.trail)}
        self._sets: dict[str, set[str]] = {}

    def count(self, name: str) -> int:
        """A number, 0 when never set."""
        value = self._words.get(name, "")
        return int(value) if value.isdecimal() else 0

    def put(self, name: str, value: int) -> None:
        """Keep a number (never below 0)."""
        self._words[name] = str(max(0, value))

    def add(self, name: str, by: int = 1) -> None:
        """Count on."""
        self.put(name, self.count(name) + by)

    def knows(self, name: str, url: str) -> bool:
        """Whether an address is in a set."""
        return _fingerprint(url) in self._set(name)

    def remember(self, name: str, url: str) -> bool:
        """Put an address into a set; true if it was not there."""
        known, found = self._set(name), _fingerprint(url)
        if found in known:
            return False
        known.add(found)
        self._words[name] = self._words.get(name, "") + found
        return True

    def drop(self, name: str, url: str | None = None) -> None:
        """Take an address, or everything, out of a set."""
        known = self._set(name)
        if url is None:
            known.clear()
        elif _fingerprint(url) in known:
            known.discard(_fingerprint(url))
        else:
            return
        self._words[name] = "".join(sorted(known))

    def size(self, name: str) -> int:
        """How many addresses a set holds."""
        return len(self._set(name))

    def turned(self, entries: Sequence[Entry]) -> Literal["new", "same", "loop"]:
        """Whether a page of entries is a new one: `same` begins as the page before it, `loop` as an earlier one."""
        if not entries:
            return "new"
        first = entries[0].sighting
        mark = first.url or first.guid or ""
        last = self._words.get("turned", "")[-_WIDTH:]
        if self.remember("turned", mark):
            return "new"
        return "same" if last == _fingerprint(mark) else "loop"

    def into(self, cursor: Cursor, *, expected: int | None = None, why: str = "") -> Cursor:
        """The cursor with this memory; what was expected and what went wrong first stay unless there is something new."""
        return replace(
            cursor,
            trail=tuple(f"{name}={value}" for name, value in self._words.items()),
            expected=cursor.expected if expected is None else expected,
            why=cursor.why or why,
        )

    def _set(self, name: str) -> set[str]:
        if name not in self._sets:
            packed = self._words.get(name, "")
            self._sets[name] = {packed[at : at + _WIDTH] for at in range(0, len(packed), _WIDTH)}
        return self._sets[name]


def _fingerprint(url: str) -> str:
    return urlsafe_b64encode(blake2b((key(url) or url).encode(), digest_size=6).digest()).decode()[:_WIDTH]
