"""What a crawl answers to the command line: one value. It knows nothing of how it came about and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from luciole.runs import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """How a crawl went. `finished`: no work was left; `interrupted`: somebody asked it to stop; `duration` in seconds.

    `outcomes` by source id, skipped sources included, paused and archived ones not.
    """

    run_id: int
    finished: bool
    interrupted: bool
    outcomes: tuple[Outcome, ...]
    duration: float

    @property
    def failed_share(self) -> float:
        """The share, 0 to 1, of failed sources among those that were visited."""
        visited = [one for one in self.outcomes if one.state != "skipped"]
        return sum(one.state == "failed" for one in visited) / len(visited) if visited else 0.0
