"""Where a copy of a page that is gone may be found: the addresses of the web archive.

Pure: an address out of an address. Nobody is asked whether the copy is there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

ARCHIVE: Final = "https://web.archive.org/web"


def archive_address(url: str, day: datetime | None) -> str | None:
    """Where the web archive shows the copy of `url` nearest to a day; without one, the list of its copies. None for what is no http(s)
    address: nobody is sent to anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    moment = day.astimezone(UTC) if day else None
    near = f"{moment.year:04}{moment.month:02}{moment.day:02}" if moment else "*"
    return f"{ARCHIVE}/{near}/{url}"
