"""The demo blogosphere over HTTP: every blog on its own host of the same loopback port.

Owns dispatch on the Host header, validators, HEAD, and the life of the process. Refuses to know any platform: it asks the built sites.
It listens on 127.0.0.1 only.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from demo import dialects, listing, validators
from demo.blog import Blog
from demo.journal import Journal
from demo.render import render
from demo.resource import Resource, Site, html

ADDRESS = "127.0.0.1"


def create_app(blogs: Sequence[Blog], journal: Journal | None = None) -> ASGIApp:
    """The ASGI application. The sites are built here, once; nothing is read or rendered afterwards but answers to queries."""
    sites: Mapping[str, Site] = {f"{blog.id}.localhost": dialects.build(blog) for blog in blogs}
    index = html(render("index.html", blogs=blogs))
    elsewhere = Site({"/": index}, html(render("index.html", blogs=blogs), status=404))
    log = journal or Journal()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the demo speaks HTTP only, not {scope['type']}")
        headers = Headers(scope=scope)
        query = scope["query_string"].decode("latin-1")
        site = sites.get(_host(headers.get("host", "")), elsewhere)
        if scope["method"] in {"GET", "HEAD"}:
            response = _response(site.find(scope["path"], query), headers)
        else:
            response = Response("Méthode refusée.", 405, {"Allow": "GET, HEAD"}, "text/plain; charset=utf-8")
        log.note(
            host=headers.get("host", ""),
            method=scope["method"],
            path=scope["path"] + (f"?{query}" if query else ""),
            status=response.status_code,
            user_agent=headers.get("user-agent"),
            if_none_match=headers.get("if-none-match"),
        )
        if scope["method"] == "HEAD":
            response.body = b""  # Content-Length stays that of the GET
        await response(scope, receive, send)

    return app


def _host(header: str) -> str:
    return header.rpartition(":")[0].lower().rstrip(".") if ":" in header else header.lower().rstrip(".")


def _response(resource: Resource, request: Headers) -> Response:
    headers = dict(resource.headers)
    if resource.status != 200:
        return Response(resource.body, resource.status, headers | {"Content-Type": resource.content_type})
    tag = validators.etag(resource.body)
    headers |= {"ETag": tag, "Cache-Control": "no-cache"}
    if resource.modified:
        headers["Last-Modified"] = validators.http_date(resource.modified)
    if validators.unchanged(tag, resource.modified, request.get("if-none-match"), request.get("if-modified-since")):
        return Response(status_code=304, headers=headers)
    return Response(resource.body, 200, headers | {"Content-Type": resource.content_type})


class _Server(uvicorn.Server):
    """uvicorn, which says when it is ready and for which a signal is a clean end, not an error to raise again."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True


def serve(port: int, *, log: Path | None = None, hostile: bool = False, ready: Callable[[int], None] = lambda port: None) -> None:
    """Serve the demo on loopback until SIGINT or SIGTERM, then return.

    Port 0 takes a free one. `ready` is called with the port once requests are answered. `log` gets one JSON line for each request;
    `hostile` adds the blog that attacks whoever shows it. Raises `OSError` when the port is taken and `demo.content.ContentError` when the
    content is not as agreed.
    """
    with _bound(port) as listener, Journal(log) as journal:
        _server(listener, journal, ready, hostile=hostile).run([listener])


@contextmanager
def running(port: int = 0, *, log: Path | None = None, hostile: bool = False) -> Iterator[int]:
    """The demo in a thread of this process, for tests: gives the port, and has stopped when the block is left."""
    started = threading.Event()
    with _bound(port) as listener, Journal(log) as journal:
        server = _server(listener, journal, lambda port: started.set(), hostile=hostile)
        thread = threading.Thread(target=server.run, args=([listener],), name="demo", daemon=True)
        thread.start()
        try:
            if not started.wait(30):
                raise TimeoutError("the demo did not start within 30 seconds")
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(30)


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
        yield listener


def _server(listener: socket.socket, journal: Journal, ready: Callable[[int], None], *, hostile: bool) -> _Server:
    port: int = listener.getsockname()[1]
    app = create_app(listing.blogs(port, hostile=hostile), journal)
    config = uvicorn.Config(
        app, lifespan="off", loop="asyncio", http="h11", log_level="warning", access_log=False, timeout_graceful_shutdown=2
    )
    return _Server(config, lambda: ready(port))
