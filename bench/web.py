"""`python -m bench.web`: the server that the measured crawls visit, in a process of its own, and the handle on it.

Raw HTTP/1.1 over asyncio with every answer made beforehand, so that next to nothing of what is measured is the server's. Many hosts on
one port, a validator on every feed, 304 to it. It counts nothing and judges nothing: it writes every request down and gives its log away
when it is asked for it under the host `journal`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from typing import Final

from bench.blogosphere import FEED, Blogosphere, Body

JOURNAL: Final = b"journal"
"""The host under which the log is asked for, and begun anew by that."""

_MISSING: Final = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when (seconds of the system's monotonic clock), of which host, for what (a kind of `blogosphere`), and the status."""

    at: float
    host: str
    path: str
    kind: str
    status: int


@dataclass(frozen=True, slots=True)
class Log:
    """The requests of one run, in order."""

    requests: tuple[Asked, ...]

    @property
    def span(self) -> float:
        """Seconds from the first request to the last."""
        return self.requests[-1].at - self.requests[0].at if self.requests else 0.0

    def kinds(self, status: int | None = None) -> Counter[str]:
        """Number of requests (answered with this status) by kind."""
        return Counter(one.kind for one in self.requests if status in (None, one.status))

    def smallest_gap(self) -> float:
        """Seconds between two requests of one host that came nearest to each other."""
        last: dict[str, float] = {}
        gaps = [one.at - last[one.host] for one in self.requests if one.host in last or last.update({one.host: one.at})]
        return min(gaps, default=0.0)


def etag_of(host: str, path: str) -> str:
    """The validator of a feed, which never changes."""
    return f'"{host}{path}"'


class Server:
    """A running server, seen from the process that measures."""

    def __init__(self, port: int) -> None:
        self.port = port

    def log(self) -> Log:
        """What was asked since the last time this was called."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/", headers={"Host": JOURNAL.decode()})
        rows = json.loads(connection.getresponse().read())
        connection.close()
        return Log(tuple(Asked(*row) for row in rows))


@contextmanager
def serving(blogs: Blogosphere) -> Iterator[Server]:
    """Serve these blogs while the `with` lasts."""
    command = [sys.executable, "-m", "bench.web", blogs.to_json()]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:  # noqa: S603 - our own interpreter
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline()))
        finally:
            process.terminate()


# -- the server's side ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: str
    etag: bytes | None
    whole: tuple[bytes, bytes]
    unchanged: bytes


def _answer(host: str, path: str, body: Body) -> _Answer:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {body.content_type}\r\nContent-Length: {len(body.content)}\r\n"
    etag = etag_of(host, path) if body.kind == FEED else None
    if etag:
        head += f"ETag: {etag}\r\n"
    unchanged = f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
    return _Answer(body.kind, etag.encode() if etag else None, (f"{head}\r\n".encode(), body.content), unchanged)


class _Connection(asyncio.Protocol):
    """Answers the requests of one connection, one after the other."""

    def __init__(self, answers: dict[tuple[bytes, bytes], _Answer], log: list[tuple[float, str, str, str, int]]) -> None:
        self._answers, self._log = answers, log
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            self._reply(head)

    def _reply(self, head: bytes) -> None:
        assert self._transport is not None
        first, *lines = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        host, path = headers.get(b"host", b"").partition(b":")[0], first.split(b" ")[1]
        if host == JOURNAL:
            body = json.dumps(self._log).encode()
            self._log.clear()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return
        answer = self._answers.get((host, path))
        if answer is None:
            kind, status = _UNKNOWN, 404
            self._transport.write(_MISSING)
        elif answer.etag is not None and headers.get(b"if-none-match") == answer.etag:
            kind, status = answer.kind, 304
            self._transport.write(answer.unchanged)
        else:
            kind, status = answer.kind, 200
            self._transport.writelines(answer.whole)
        self._log.append((monotonic(), host.decode(), path.decode(), kind, status))


async def _serve(blogs: Blogosphere) -> None:
    answers = {(host.encode(), path.encode()): _answer(host, path, body) for host, path, body in blogs.bodies()}
    log: list[tuple[float, str, str, str, int]] = []
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(answers, log), "127.0.0.1", 0, backlog=4096)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Blogosphere.from_json(sys.argv[1])))
