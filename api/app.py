"""The application: one index, its pages and its API, behind the gates.

Owns the assembly and nothing else. uvicorn runs `api.app:create` as a factory; the index is opened beside, so that the application starts
at once, and again whenever somebody asks, so that it recovers by itself.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from api import assets, templating
from api.endpoints import endpoints
from api.faults import Faults
from api.gates import Addressed, Protected, Turnstile
from api.live_index import LiveIndex
from api.pages import pages
from api.places import ATOM_PATH, JSON_FEED_PATH, OPENSEARCH_PATH, OPML_PATH
from api.query_log import QueryLog
from indexer.open import open_engine
from indexer.search import Search
from luciole.errors import LucioleError
from luciole.settings import Settings, read_settings

_ROOMS = tuple(Path(__file__).parents[1] / room for room in ("api", "indexer", "luciole"))
"""Whose words are on the pages."""
FREE = ("/healthz", "/static/", "/favicon.svg", "/robots.txt")
"""What answers from memory and needs no thread."""
OPENED = ("/api/", ATOM_PATH, JSON_FEED_PATH, OPML_PATH, OPENSEARCH_PATH)
"""What is for programs, wherever they run."""


def create(settings: Settings | None = None) -> FastAPI:
    """The application over the index that the settings name; without settings, those of the environment.

    Raises `SettingsError`, or `LucioleError` for an engine that this version does not have and a log of searches that cannot be written.
    """
    chosen = settings or read_settings()
    files = assets.load()
    queries = QueryLog(chosen.query_log)
    templates = templating.environment(files, chosen.base_url, chosen.contact, queries_kept=queries.kept)
    # Opening an engine touches nothing: the index may appear later, and be gone for a while.
    index = LiveIndex(Search(open_engine(chosen)), calls=chosen.threads)
    faults = Faults(templates)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = chosen.threads
        threading.Thread(target=index.warm, name="warm-up", daemon=True).start()
        yield

    app = FastAPI(
        title="Luciole",
        summary="Chercher dans les blogs de science francophones",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # an exported address tells what somebody searched
    )
    app.add_exception_handler(LucioleError, faults.luciole)
    app.add_exception_handler(HTTPException, faults.http)
    app.add_exception_handler(RequestValidationError, faults.parameters)
    app.add_exception_handler(Exception, faults.unexpected)
    app.include_router(endpoints(index))
    app.include_router(pages(templates, files, index, queries, _build(files, chosen), chosen.base_url, chosen.contact))
    # The last one added is the first one met.
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=3)
    app.add_middleware(Turnstile, places=chosen.threads, free=FREE, refuse=faults.crowded)
    app.add_middleware(Addressed, refuse=faults.misaddressed)
    app.add_middleware(Protected, opened=OPENED)
    return app


def _build(files: assets.Assets, settings: Settings) -> str:
    """What the program puts on a page besides the index (files, templates, its own words, three settings): a page tagged by another build
    is not the same page."""
    sources = sorted([*templating.TEMPLATES.iterdir(), *(path for room in _ROOMS for path in room.glob("**/*.py"))])
    parts = [
        *files.by_address,
        *(path.read_text(encoding="utf-8") for path in sources),
        *map(str, (settings.base_url, settings.contact, settings.query_log)),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
