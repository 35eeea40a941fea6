"""Faults of the machine, for a whole process: Python imports this module by its name when its directory is on the path.

`LUCIOLE_TEST_DISK=raw.db=40,luciole.db=90`: SQLite finds no room for these files beyond so many pages. `LUCIOLE_TEST_BUSY=300`: it waits so
many milliseconds for a lock. The errors are SQLite's own.
"""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


def at_each_connection(change: Callable[[str, sqlite3.Connection], None]) -> None:
    """Have this done to every connection that this process opens, with the name of its file."""
    connect = sqlite3.connect

    def connected(path: Any, *args: Any, **keys: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(path, *args, **keys)
        change(Path(path).name, connection)
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]


def limit(disk: str, busy: str) -> None:
    pages = dict(pair.split("=") for pair in disk.split(",") if pair)

    def limited(name: str, connection: sqlite3.Connection) -> None:
        if busy:
            connection.execute(f"PRAGMA busy_timeout = {int(busy)}")
        if (most := pages.get(name)) is not None:
            connection.execute(f"PRAGMA max_page_count = {int(most)}")

    at_each_connection(limited)


def die_at(statement: int) -> None:
    """Kill this process when it begins its so many-th statement of SQL, in whatever transaction that is."""
    count = itertools.count(1)

    def counted(text: str) -> None:
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    at_each_connection(lambda name, connection: connection.set_trace_callback(counted))


if os.environ.get("LUCIOLE_TEST_DISK") or os.environ.get("LUCIOLE_TEST_BUSY"):
    limit(os.environ.get("LUCIOLE_TEST_DISK", ""), os.environ.get("LUCIOLE_TEST_BUSY", ""))
