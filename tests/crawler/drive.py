"""One crawl in one process: the job comes as JSON in the first argument, the report goes out as JSON in the last line.

What it needs is imported by `run`: a worker that parses imports this module, too, and must not load a crawler for that.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    run(json.loads(sys.argv[1]))


def run(job: dict[str, Any]) -> None:
    """Durations among the limits that are no floats come in seconds. `read`: false leaves what was fetched unread."""
    from dataclasses import asdict
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from crawler.politeness import CrawlLimits
    from crawler.run import crawl
    from luciole.errors import LucioleError
    from luciole.registry import Registry
    from luciole.settings import Settings
    from luciole.sources import Source

    def limit(name: str, value: Any) -> Any:
        default = getattr(CrawlLimits(), name)
        if isinstance(default, timedelta):
            return timedelta(seconds=value)
        return tuple(timedelta(seconds=one) for one in value) if isinstance(default, tuple) else value

    settings = Settings(
        data=Path(job["data"]),
        host_map=job["host_map"],
        base_url=job.get("base_url"),
        contact=job.get("contact"),
        workers=job.get("workers", 1),
    )
    registry = Registry(tuple(Source.from_json(block) for block in job["sources"]), Path("sources.yaml"))
    later = timedelta(days=job.get("days_later", 0))
    try:
        report = crawl(
            registry,
            settings,
            limits=CrawlLimits(**{name: limit(name, value) for name, value in job["limits"].items()}),
            only=job.get("only", ()),
            now=lambda: datetime.now(UTC) + later,
            read=job.get("read", True),
        )
    except LucioleError as error:
        sys.stdout.write(json.dumps({"error": type(error).__name__, "message": error.message}) + "\n")
        return
    answer = asdict(report) | {"outcomes": {one.source_id: asdict(one) for one in report.outcomes}, "failed_share": report.failed_share}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
