"""`python -m bench`: what searching costs, then what crawling costs, as ratios within this run. `QUICK=1` for a short one.

A word limits it to one of the two: `python -m bench searching`, `python -m bench crawling`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench import crawling, searching


def main() -> None:
    """Measure, print, judge no absolute time."""
    quick = bool(os.environ.get("QUICK"))
    asked = sys.argv[1:] or ["searching", "crawling"]
    if unknown := set(asked) - {"searching", "crawling"}:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; searching, crawling or neither")
    console = Console()
    if "searching" in asked:
        searching.measure(console, quick=quick)
    if "crawling" in asked:
        sizes = crawling.QUICK if quick else crawling.FULL
        with tempfile.TemporaryDirectory(prefix="luciole-bench-") as directory:
            lines = crawling.measure(
                sizes, Path(directory), lambda line: console.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)
            )
            console.print(crawling.as_table("crawling; wall clocks run from the first request to the end of the process", lines))


if __name__ == "__main__":
    main()
