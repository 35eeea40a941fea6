"""`python -m bench.own_crawl`: one crawl of ours, or one reading of what it kept, in a process of its own.

Reads its job from standard input, as JSON: `what` (*crawl*, *fetch* or *parse*), `data`, `blogs`, `port`, `workers`, `limits` and
`days_later`. Tells when it had loaded (on the system's monotonic clock), how many bodies it read a second, and what it used.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from bench.blogosphere import Blogosphere
from bench.usage import usage
from crawler.extract import extract
from crawler.politeness import CrawlLimits
from crawler.progress import Silent
from crawler.run import crawl
from luciole.registry import Registry
from luciole.settings import Settings


class Pace(Silent):
    """Notes when each answer was read."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def page(self) -> None:
        """One more."""
        self._times.append(monotonic())

    @property
    def rate(self) -> float | None:
        """Answers read a second, between the first tenth of them and the last: workers take seconds to load. None for a few of them."""
        tenth = len(self._times) // 10
        middle = self._times[tenth : len(self._times) - tenth]
        return (len(middle) - 1) / (middle[-1] - middle[0]) if tenth else None


def main() -> None:
    """Run the job, tell what it used."""
    job = json.load(sys.stdin)
    blogs = Blogosphere.from_json(job["blogs"])
    settings = Settings(data=Path(job["data"]), host_map=blogs.host_map(job["port"]), workers=job["workers"])
    registry, limits = Registry(blogs.sources(), Path("sources.yaml")), CrawlLimits(**job["limits"])
    later = timedelta(days=job["days_later"])

    def now() -> datetime:
        return datetime.now(UTC) + later

    loaded, pace = monotonic(), Pace()
    if job["what"] == "parse":
        extract(registry, settings, again=False, limits=limits, progress=pace, now=now)
    else:
        report = crawl(registry, settings, limits=limits, progress=pace, now=now, read=job["what"] == "crawl")
        if faults := [one for one in report.outcomes if one.cause and job["what"] == "crawl"]:
            sys.stderr.write(f"{len(faults)} blogs: {faults[0].source_id}: {faults[0].cause}\n")
    sys.stdout.write(json.dumps({"loaded": loaded, "rate": pace.rate, "used": asdict(usage())}) + "\n")


if __name__ == "__main__":
    main()
