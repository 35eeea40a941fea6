"""`python -m bench`: what searching, serving and crawling cost, as ratios within this run. `QUICK=1` for a short one.

A word limits it to one of the three: `python -m bench searching`, `… serving`, `… crawling`. Apart from them, `python -m bench relevance`
says how good the answers are; with `--write-floors` it raises the floors that the tests hold.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench import crawling, relevance, searching, serving


def main() -> None:
    """Measure, print, judge no absolute time."""
    quick = bool(os.environ.get("QUICK"))
    write = "--write-floors" in sys.argv[1:]
    asked = [word for word in sys.argv[1:] if word != "--write-floors"] or (
        ["relevance"] if write else ["searching", "serving", "crawling"]
    )
    if unknown := set(asked) - {"searching", "serving", "crawling", "relevance"}:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; searching, serving, crawling, relevance or none of them")
    console = Console()
    if "relevance" in asked:
        data = os.environ.get("LUCIOLE_TEST_DATA")
        relevance.measure(console, data=Path(data) if data else None, write=write)
    if "searching" in asked:
        searching.measure(console, quick=quick)
    if "serving" in asked:
        serving.measure(console, quick=quick)
    if "crawling" in asked:
        sizes = crawling.QUICK if quick else crawling.FULL
        with tempfile.TemporaryDirectory(prefix="luciole-bench-") as directory:
            lines = crawling.measure(
                sizes, Path(directory), lambda line: console.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)
            )
            console.print(crawling.as_table("crawling; wall clocks run from the first request to the end of the process", lines))


if __name__ == "__main__":
    main()
