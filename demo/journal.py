"""The log of requests, one JSON object a line: what a test reads to see what a crawler did.

Owns the file and its format. Refuses to know what is answered.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType


class Journal:
    """An open log; a context manager. Lines are complete as soon as the answer begins. Without a path, nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

    def note(self, *, host: str, method: str, path: str, status: int, user_agent: str | None, if_none_match: str | None) -> None:
        """One request and its status; `path` has the query."""
        if self._file is None:
            return
        entry = {
            "time": datetime.now(UTC).isoformat(),
            "host": host,
            "method": method,
            "path": path,
            "status": status,
            "user_agent": user_agent,
            "if_none_match": if_none_match,
        }
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
