"""Answers of a real Meilisearch, recorded once and given again by a small server on loopback, and a server that misbehaves.

With `LUCIOLE_TEST_MEILI` and `LUCIOLE_TEST_RECORD=1` each scene is played on the real server, through a proxy that writes down what it
answers; without them the answers in `meili_answers/` are given again: for each address of a request in the order in which they came, the
last one as often as it is asked for (a task that is waited for). Nothing of a request is kept but its address.
"""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from indexer.engines.meili.fields import VERSION

ANSWERS = Path(__file__).parent / "meili_answers"
NAME = "recorded"
_VERSION = "@version@"
"""Stands for the version of settings and analysis: answers outlive it."""

Answering = Callable[[str, str, bytes, dict[str, str]], tuple[int, bytes, str]]
"""A method, an address, a body, headers: status, body and type of the answer."""


@contextmanager
def listening(answer: Answering) -> Iterator[str]:
    """A server on loopback that answers so: its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                status, content, kind = answer(self.command, self.path, body, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except (ConnectionError, TimeoutError):  # whoever asked has lost patience
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def recording(scene: str, url: str) -> Iterator[str]:
    """A proxy before a real server, which writes down what that one answers."""
    heard: list[dict[str, object]] = []
    lock = threading.Lock()

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        kept = {name: value for name, value in headers.items() if name.lower() in ("authorization", "content-type")}
        got = requests.request(method, url + path, data=body or None, headers=kept, timeout=60)
        with lock:
            text = got.text.replace(VERSION, _VERSION)
            heard.append(
                {"method": method, "path": _place(path, body), "status": got.status_code, "answer": json.loads(text) if text else None}
            )
        return got.status_code, got.content, "application/json"

    with listening(answer) as address:
        yield address
    ANSWERS.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in heard)
    (ANSWERS / f"{scene}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


@contextmanager
def replaying(scene: str) -> Iterator[str]:
    """A server that gives the recorded answers again."""
    kept: dict[tuple[str, str], list[tuple[int, bytes]]] = defaultdict(list)
    for one in json.loads((ANSWERS / f"{scene}.json").read_text("utf-8").replace(_VERSION, VERSION)):
        content = b"" if one["answer"] is None else json.dumps(one["answer"]).encode()
        kept[one["method"], one["path"]].append((one["status"], content))
    lock = threading.Lock()

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        with lock:
            waiting = kept.get((method, _place(path, body)))
            if not waiting:
                return 599, json.dumps({"message": f"not recorded: {method} {path}"}).encode(), "application/json"
            status, content = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return status, content, "application/json"

    with listening(answer) as address:
        yield address


def _place(path: str, body: bytes) -> str:
    """An address without the name of a generation, which is another one every time; a search by date is another place."""
    return re.sub("[0-9a-f]{12}-(?=counts|night)", "", path) + ("#date" if b'"sort":' in body else "")


@dataclass
class Misbehaving:
    """A server whose manners a test changes: `how` names them. Before a real or a recorded server (`behind`) it can also behave."""

    behind: str = ""
    how: str = "well"
    leave: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    @contextmanager
    def listening(self) -> Iterator[str]:
        with listening(self._answer) as address:
            try:
                yield address
            finally:
                self.leave.set()

    def _answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        self.asked += 1
        if self.how == "well":
            kept = {name: value for name, value in headers.items() if name.lower() in ("authorization", "content-type")}
            got = requests.request(method, self.behind + path, data=body or None, headers=kept, timeout=60)
            return got.status_code, got.content, "application/json"
        if self.how == "hanging":
            self.leave.wait(60)
            raise ConnectionAbortedError
        if self.how == "broken off":
            raise ConnectionAbortedError
        return MANNERS[self.how]


def _error(code: str, message: str) -> bytes:
    return json.dumps({"message": message, "code": code, "type": "x", "link": ""}).encode()


MANNERS: dict[str, tuple[int, bytes, str]] = {
    "html": (200, b"<!doctype html><h1>Bienvenue</h1>", "text/html"),
    "empty": (200, b"", "application/json"),
    "cut": (200, b'{"results": [{"hits": [{"id": ', "application/json"),
    "list": (200, b"[]", "application/json"),
    "null": (200, b"null", "application/json"),
    "number": (200, b"17", "application/json"),
    "object": (200, b"{}", "application/json"),
    "wrong types": (
        200,
        json.dumps(
            {
                "results": 5,
                "hits": [{"id": None}],
                "estimatedTotalHits": "viele",
                "facetsByIndex": [],
                "generation": {},
                "revision": "x",
                "schema": VERSION,
                "taskUid": "x",
            }
        ).encode(),
        "application/json",
    ),
    "deep": (200, b"[" * 200_000, "application/json"),
    "not text": (200, b"\xff\xfe\x00" * 50, "application/json"),
    "403": (403, _error("invalid_api_key", "The provided API key is invalid."), "application/json"),
    "401": (401, _error("missing_authorization_header", "The Authorization header is missing."), "application/json"),
    "403 of a proxy": (403, b"<h1>Forbidden</h1>", "text/html"),
    "404 of a proxy": (404, b"<h1>Not Found</h1>", "text/html"),
    "413": (413, _error("payload_too_large", "too large"), "application/json"),
    "500": (500, _error("internal", "panicked"), "application/json"),
    "503": (503, b"", "text/plain"),
    "302": (302, b"", "text/plain"),
}
