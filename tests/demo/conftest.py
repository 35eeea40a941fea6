"""The demo asked in process, without a socket: one application for the whole run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from demo.blog import Blog
from demo.listing import blogs
from demo.server import create_app


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body in the character set that the header declares, strictly."""
        return self.body.decode(self.headers["content-type"].partition("charset=")[2] or "utf-8")


Ask = Callable[..., Reply]


@pytest.fixture(scope="session")
def demo_blogs() -> dict[str, Blog]:
    return {blog.id: blog for blog in blogs(8001)}


@pytest.fixture(scope="session")
def ask(demo_blogs: dict[str, Blog]) -> Ask:
    """`ask("http://cieux.localhost:8001/", method="GET", **headers)`; underscores in header names stand for hyphens."""
    app = create_app(list(demo_blogs.values()))

    def ask(url: str, *, method: str = "GET", host: str | None = None, **headers: str) -> Reply:
        parts = urlsplit(url)
        sent = {"host": host or parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(parts.path),
            "query_string": parts.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
        start = messages[0]
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return Reply(start["status"], {name.decode(): value.decode("latin-1") for name, value in start["headers"]}, body)

    return ask
