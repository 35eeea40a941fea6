"""The directories of the embedded index, and the pointer that says which one is live.

`<root>/<schema>-<n>/` holds one tantivy index; `<root>/current` names the live one and is only ever replaced as a whole. Owns names,
the pointer and the sweeping of what is no longer live; it refuses to know what stands in an index.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from luciole.errors import EngineError

POINTER: Final = "current"
_NAME: Final = re.compile(r"(?P<schema>[0-9a-f]+)-(?P<number>[0-9]+)")


@dataclass(frozen=True, slots=True)
class Generations:
    """The generations below one directory. `schema` is the version that new ones are named by."""

    root: Path
    schema: str

    @property
    def pointer(self) -> Path:
        """The file that names the live directory."""
        return self.root / POINTER

    def current(self) -> Path | None:
        """The live directory, of whatever schema; None when nothing was ever published or the pointer makes no sense."""
        try:
            name = self.pointer.read_text("ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        except OSError as error:
            raise EngineError(f"cannot read {self.pointer}: {error}") from error
        return self.root / name if _NAME.fullmatch(name) else None

    def is_readable(self, directory: Path) -> bool:
        """Whether this version of Luciole can read a directory."""
        return directory.name.startswith(f"{self.schema}-")

    def fresh(self) -> Path:
        """Make a new, empty directory beside the others."""
        numbers = [int(match["number"]) for entry in self.root.iterdir() if (match := _NAME.fullmatch(entry.name))]
        path = self.root / f"{self.schema}-{max(numbers, default=0) + 1}"
        path.mkdir()
        return path

    def switch(self, directory: Path) -> None:
        """Make a directory the live one, durably and at once."""
        draft = self.root / f"{POINTER}.new"
        with draft.open("w", encoding="ascii") as file:
            file.write(f"{directory.name}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.pointer)
        handle = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def sweep(self) -> None:
        """Remove every generation but the live one. Those who still read one keep it until they let go: its files stay mapped."""
        live = self.current()
        for entry in self.root.iterdir():
            if _NAME.fullmatch(entry.name) and entry != live:
                shutil.rmtree(entry, ignore_errors=True)
