"""`python -m bench.bare_spider`: the yardstick of the crawl, Scrapy alone with the same politeness, which parses nothing and keeps nothing.

Scrapy's own defaults, save for what makes a fair race: as many requests at once, one per host, the same delay without jitter, robots.txt
obeyed (by Scrapy's own middleware), names answered by the same resolver, no consoles, no log. Reads its job from standard input, as
JSON: `urls`, in the order of asking, each with the validator to send or null; `host_map`, `delay`, `concurrency`.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from bench.usage import usage
from crawler.guard import Guard
from crawler.resolver import GuardedResolver


class BareSpider(Spider):
    """Asks for every address."""

    name = "bare"
    urls: tuple[tuple[str, str | None], ...] = ()

    async def start(self) -> AsyncIterator[Request]:
        """The addresses, in order."""
        for url, etag in self.urls:
            yield Request(url, headers={"If-None-Match": etag} if etag else None)

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Nothing."""


def main() -> None:
    """Run the job, tell what it used."""
    job = json.load(sys.stdin)
    guard = Guard(job["host_map"])
    settings = {
        "CONCURRENT_REQUESTS": job["concurrency"],
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": job["delay"],
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "ROBOTSTXT_OBEY": True,
        "HTTPERROR_ALLOW_ALL": True,
        "TWISTED_DNS_RESOLVER": lambda reactor: GuardedResolver(guard, reactor),
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
    process = AsyncCrawlerProcess(settings)
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.ERROR)
    process.crawl(BareSpider, urls=tuple(map(tuple, job["urls"])))
    process.start()
    sys.stdout.write(json.dumps({"used": asdict(usage())}) + "\n")


if __name__ == "__main__":
    main()
