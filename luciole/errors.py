"""Every error that Luciole raises on purpose.

One root, so that an edge can catch all of them; one branch for each noun. A message says what happened, a hint what to do about it.
A blog that fails is no error but an outcome (`luciole.runs`). Two tables translate these: exit codes in `luciole.cli`, HTTP statuses
in `api`.
"""

from __future__ import annotations


class LucioleError(Exception):
    """The root of what Luciole raises on purpose: `message` for the reader of a terminal, `hint` for what to try next."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(LucioleError):
    """A setting is missing or makes no sense: misuse, nothing was started."""


class StoreError(LucioleError):
    """The article store cannot be read or written: full disk, lock held too long, damaged or newer file."""


class AlreadyRunning(LucioleError):
    """Another night holds the data directory."""


class EngineError(LucioleError):
    """The search engine failed or refused."""


class EngineUnavailable(EngineError):
    """The engine has nothing to search: no generation was ever published, or it cannot be reached."""


class EngineBusy(EngineError):
    """Another process is writing this index."""


class EngineRefused(EngineError):
    """The engine's server does not take our key."""


class IndexingFailed(EngineError):
    """The engine took documents and could not index them. What was published before stays."""
