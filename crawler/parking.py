"""Sources that asked us to wait (`Retry-After`), for the length of one crawl; across nights `memory` knows them.

Pure bookkeeping: whom to leave alone, and how long it is worth waiting for somebody.
"""

from __future__ import annotations

from datetime import datetime


class Parking:
    """Sources and until when each of them rests. `patience`: seconds that a crawl waits for one of them at most."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._until: dict[str, datetime] = {}

    def __contains__(self, source_id: str) -> bool:
        return source_id in self._until

    def park(self, source_id: str, until: datetime) -> None:
        """Leave this source alone until then."""
        self._until[source_id] = until

    def pause(self, now: datetime) -> float | None:
        """Seconds until the first source worth waiting for may be asked again; None when there is none."""
        waits = [(until - now).total_seconds() for until in self._until.values()]
        worth = [wait for wait in waits if wait <= self._patience]
        return max(min(worth), 0.0) + 0.001 if worth else None

    def leave(self, now: datetime) -> list[str]:
        """Take out and return the sources whose time is over."""
        over = [source_id for source_id, until in self._until.items() if until <= now]
        for source_id in over:
            del self._until[source_id]
        return over
