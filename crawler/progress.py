"""How far a crawl is, while it runs: a bar on a terminal, a plain line now and then elsewhere.

Owns what is shown during a crawl; the table at its end is `summary`'s.
"""

from __future__ import annotations

import sys
from time import monotonic
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from luciole.runs import STATE_LABELS, Outcome


class Progress(Protocol):
    """What a crawl tells while it runs."""

    def begin(self, sources: int) -> None:
        """So many sources will be visited."""

    def page(self) -> None:
        """One more answer was read."""

    def source_done(self, outcome: Outcome) -> None:
        """Nothing is left to do for a source; told once for each."""

    def end(self) -> None:
        """The crawl is over, one way or another."""


class Silent:
    """Says nothing."""

    def begin(self, sources: int) -> None:
        """Nothing."""

    def page(self) -> None:
        """Nothing."""

    def source_done(self, outcome: Outcome) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class TerminalProgress:
    """One bar for the sources, with the number of pages and the failures as they come."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("Visite des blogs"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pages]} pages"))
        self._bar = Bar(*columns, TimeElapsedColumn(), console=console, transient=True)
        self._task = self._bar.add_task("blogs", total=None, start=False, pages=0)
        self._pages = 0

    def begin(self, sources: int) -> None:
        """Show the bar."""
        self._bar.update(self._task, total=sources)
        self._bar.start_task(self._task)
        self._bar.start()

    def page(self) -> None:
        """Count."""
        self._pages += 1
        self._bar.update(self._task, pages=self._pages)

    def source_done(self, outcome: Outcome) -> None:
        """Move the bar; a failure stays on the screen."""
        self._bar.advance(self._task)
        if outcome.state in ("failed", "refused"):
            self._bar.console.print(Text(f"  {outcome.source_id} : {outcome.cause}", style="dim"))  # a style of print's dims the bar, too

    def end(self) -> None:
        """Take the bar away."""
        self._bar.stop()


class PlainProgress:
    """A line for each failure, and one every `every` seconds; for logs."""

    def __init__(self, stream: TextIO, *, every: float = 10.0) -> None:
        self._stream, self._every = stream, every
        self._sources = self._done = self._pages = 0
        self._last = monotonic()

    def begin(self, sources: int) -> None:
        """Say how much there is."""
        self._sources = sources
        self._say(f"visite de {sources} blogs")

    def page(self) -> None:
        """Count, and say so from time to time."""
        self._pages += 1
        if monotonic() - self._last >= self._every:
            self._say(f"{self._done}/{self._sources} blogs, {self._pages} pages")

    def source_done(self, outcome: Outcome) -> None:
        """Count; failures are named at once."""
        self._done += 1
        if outcome.state in ("failed", "refused"):
            self._say(f"{outcome.source_id} : {STATE_LABELS[outcome.state]}, {outcome.cause}")

    def end(self) -> None:
        """Say what it came to."""
        self._say(f"{self._done}/{self._sources} blogs, {self._pages} pages, fin de la visite")

    def _say(self, line: str) -> None:
        self._last = monotonic()
        self._stream.write(f"{line}\n")
        self._stream.flush()


def fitting_progress() -> Progress:
    """A bar when standard error is a terminal, plain lines otherwise."""
    console = Console(stderr=True)
    return TerminalProgress(console) if console.is_terminal else PlainProgress(sys.stderr)
