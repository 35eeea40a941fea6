"""One body from the raw bodies through a worker into the record: what the crawl and `luciole extract` do alike."""

from __future__ import annotations

import asyncio

from crawler.crawl import Crawl
from crawler.harvest import Fresh, Harvest
from crawler.workers import Workers


async def read_row(crawl: Crawl, harvest: Harvest, workers: Workers, row_id: int) -> Fresh | None:
    """Have the body of a fetched row parsed and written down. Returns what is to be fetched next, None when it was no longer to be read.

    A body that is lost (somebody deleted the raw bodies) is to be fetched again.
    """
    waiting = crawl.frontier.to_parse(row_id)
    if waiting is None:
        return None
    row, answer = waiting
    body = crawl.raw.get(answer.body_hash)
    if body is None:
        crawl.frontier.refetch(row_id)
        return [(row.url, row_id)]
    parsed = await asyncio.wrap_future(workers.submit(row.kind, body, harvest.context(row, answer)))
    fresh = harvest.read(row, answer, parsed)
    crawl.progress.page()
    return fresh
