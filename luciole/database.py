"""One SQLite file, opened well: WAL, real transactions, errors in words.

Owns the connection, its transactions and the versions of the schemas that live in the file. It refuses to know any table: the store
and the crawler bring their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from luciole.errors import StoreError

BUSY_TIMEOUT_S = 5.0

Step = str | Callable[["Database"], None]
"""One step of a schema: a script of SQL, each statement but the last closed by a semicolon at the end of a line; or a function."""


class Database:
    """A connection to one SQLite file, for one thread of one process.

    `PRAGMA synchronous=NORMAL` under WAL: a killed process loses nothing that was committed; a power cut may lose the last
    transactions but never leaves half of one.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, making it and its directory when missing. Raises `StoreError`."""
        self.path = path
        with translated(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"cannot make the directory {path.parent}: {error.strerror}") from error
            self._connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self.execute("PRAGMA journal_mode=WAL")
            self.execute("PRAGMA synchronous=NORMAL")
            self.execute("PRAGMA foreign_keys=ON")
            self.execute("CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT")

    def migrate(self, name: str, steps: Sequence[Step]) -> None:
        """Bring the tables that `name` owns up to date: each step is run once, in order, each in its own transaction.

        Raises `StoreError` when the file was written by a newer Luciole.
        """
        row = self.one("SELECT version FROM schema_version WHERE name = ?", name)
        done = int(row["version"]) if row else 0
        if done > len(steps):
            raise StoreError(
                f"{self.path} was written by a newer version of Luciole ({name} {done} > {len(steps)})",
                hint="update Luciole, or point LUCIOLE_DATA elsewhere",
            )
        for number, step in enumerate(steps[done:], start=done + 1):
            with self.transaction():
                if isinstance(step, str):
                    for statement in filter(str.strip, step.split(";\n")):
                        self.execute(statement)
                else:
                    step(self)
                self.execute("INSERT OR REPLACE INTO schema_version (name, version) VALUES (?, ?)", name, number)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Inside another transaction it joins it: the outermost commits."""
        if self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back by itself after some errors (a full disk): then there is nothing left to do.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run one statement with positional parameters. Raises `StoreError` for a full disk, a lock, a damaged file."""
        with translated(self.path):
            return self._connection.execute(sql, parameters)

    def one(self, sql: str, *parameters: Any) -> sqlite3.Row | None:
        """The first row, or None."""
        with translated(self.path):
            row: sqlite3.Row | None = self._connection.execute(sql, parameters).fetchone()
            return row

    def all(self, sql: str, *parameters: Any) -> list[sqlite3.Row]:
        """Every row."""
        with translated(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        self._connection.close()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's operational errors into `StoreError`s that an operator can act on; mistakes of our own SQL stay as they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary == sqlite3.SQLITE_FULL:
            raise StoreError(f"no room left to write {path}", hint="free some disk space; nothing was lost, run again") from error
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreError(f"{path} is locked by another process", hint="wait for it to finish, then run again") from error
        if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StoreError(f"{path} is damaged or is no Luciole store ({error})", hint="restore it from a backup") from error
        if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            raise StoreError(f"cannot use {path}: {error}", hint="check the directory's rights and the disk") from error
        raise
