"""The routes for readers, put together: HTML pages, complete without JavaScript, and what can be subscribed to.

Owns the order of the modules and nothing else: which page shows what is theirs.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from api import article_page, blog_pages, home_page, plain_pages, search_page, statistics_page, subscriptions
from api.assets import Assets
from api.live_index import LiveIndex
from api.query_log import QueryLog
from api.reader import Reader


def pages(
    templates: Environment, assets: Assets, index: LiveIndex, queries: QueryLog, build: str, base_url: str | None, contact: str | None
) -> APIRouter:
    """The routes over one index. `build` tells this program from others, `base_url` and `contact` are the operator's."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    reader = Reader(templates, index, queries, build, base_url)
    for room in (
        home_page.routes(reader),
        search_page.routes(reader),
        blog_pages.routes(reader),
        article_page.routes(reader),
        statistics_page.routes(reader),
        subscriptions.routes(reader, contact),
        plain_pages.routes(templates, assets, base_url),
    ):
        for path, answer in room.items():
            router.add_api_route(path, answer, methods=["GET", "HEAD"], response_model=None)
    return router
