"""A crawl whose event loop is watched: every callback that computed for long is written down in the file `slow` of the job, as JSON.

What counts is the time of the processor, so that other programs on the machine do not make the crawl look slow.
"""

from __future__ import annotations

import json
import sys
from asyncio.events import Handle
from pathlib import Path
from time import monotonic, thread_time
from typing import Any

LONG = 0.02
"""Seconds from which a callback is written down."""


def watched(slow: list[tuple[float, float, str]]) -> None:
    """Measure every callback of every loop of this process: when it began (`monotonic`), seconds of the processor, what it is."""
    plain: Any = Handle._run

    def run(self: Handle) -> None:
        began, before = monotonic(), thread_time()
        try:
            plain(self)
        finally:
            if (spent := thread_time() - before) > LONG:
                slow.append((began, spent, repr(self)[:300]))

    Handle._run = run  # type: ignore[method-assign]


def main() -> None:
    from tests.crawler.drive import run

    job = json.loads(sys.argv[1])
    slow: list[tuple[float, float, str]] = []
    watched(slow)
    run(job)
    Path(job["slow"]).write_text(json.dumps(slow))


if __name__ == "__main__":
    main()
