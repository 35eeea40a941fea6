"""The searches that readers submit, kept in a file where the operator asks for that; by default nowhere.

Owns what is kept, for a curator who wants to know which questions find nothing: the hour, the words, how many articles were found. Never
who asked, from where, with what, nor the very moment, which another server's log could be laid beside.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from indexer.query import MAX_QUERY_CHARACTERS
from indexer.results import Results
from luciole.errors import LucioleError

_LOG: Final = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class QueryLog:
    """Appends a line for each search, as JSON: `{"hour": "2026-03-14T03Z", "results": 12, "text": "lichen"}`. None for the path keeps
    nothing.

    The file is opened for each line: it may be moved away (rotated) at any time. Several processes may write to the same one. Raises
    `LucioleError` where it cannot be written to at the start; later a line is lost rather than a search.
    """

    def __init__(self, path: Path | None, now: Callable[[], datetime] = _now) -> None:
        self._path = path
        self._now = now
        if path is not None:
            try:
                self._append(b"")
            except OSError as error:
                raise LucioleError(f"searches cannot be written to {path}: {error.strerror}", hint="see LUCIOLE_QUERY_LOG") from error

    @property
    def kept(self) -> bool:
        """Whether this instance keeps searches: readers are told."""
        return self._path is not None

    def note(self, results: Results) -> None:
        """Keep one search that somebody submitted: its first page, and only where there are words."""
        text = results.query.text
        if self._path is None or results.query.page > 1 or not text:
            return
        told = {"hour": f"{self._now().astimezone(UTC):%Y-%m-%dT%HZ}", "results": results.total, "text": text[:MAX_QUERY_CHARACTERS]}
        try:
            self._append(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        except OSError as error:
            _LOG.warning("a search could not be noted: %s", error.strerror)

    def _append(self, line: bytes) -> None:
        assert self._path is not None
        # One write at the end of the file: lines of several processes do not mix. Nobody else need read what people search.
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)
