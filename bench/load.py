"""`python -m bench.load`: a process that asks for pages of results as fast as it gets them, in-process or over HTTP.

Reads its job from standard input, one JSON line: `what` (*pages* or *http*), `data`, `port`, `connections` and `questions`. Says
"ready" when all is loaded and warm; then each further line, a number of seconds, is one round, answered with a `Round` as JSON.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from api.address import read_query
from indexer.search import open_search
from luciole.settings import Settings

WARMING = 30
VISIT = 8
"""Pages that a reader looks at over one connection; then another reader comes, over another. Workers take connections as they have time for
them and keep those they have: some that never end could all be one worker's."""


@dataclass(frozen=True, slots=True)
class Round:
    """What was `done` in so many `seconds`, and the seconds of processor that this process took for it."""

    done: int
    seconds: float
    cpu: float


def main() -> None:
    """Serve the rounds that are asked for."""
    job = json.loads(sys.stdin.readline())
    questions = cycle(job["questions"])
    step = _pages(Path(job["data"]), questions) if job["what"] == "pages" else _Asking(job["port"], job["connections"], questions).step
    for _ in range(WARMING):
        step()
    _say("ready")
    for line in sys.stdin:
        _say(json.dumps(asdict(_round(step, float(line)))))


def request(question: str, *more: str) -> bytes:
    """What a browser sends for a page of results, as far as it matters; `more` are further lines."""
    lines = [f"GET /recherche?{urlencode({'q': question})} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip", *more, "", ""]
    return "\r\n".join(lines).encode()


class Connection:
    """One connection that stays open: a question at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self.asked = 0

    def send(self, asked: bytes) -> None:
        """Ask."""
        self._received = b""
        self.asked += 1
        self.socket.sendall(asked)

    def receive(self) -> bytes | None:
        """Read what has come; the head of the answer once it is there as a whole, else None. Raises `OSError` for a broken one."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionResetError("the server closed the connection")
        self._received += chunk
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return None
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return head if head.startswith(b"HTTP/1.1 304") or len(body) >= int(length) else None

    def ask(self, asked: bytes) -> bytes:
        """Ask and wait: the head of the answer."""
        self.send(asked)
        while (head := self.receive()) is None:
            pass
        return head


class _Asking:
    """Keeps a question under way on every connection."""

    def __init__(self, port: int, connections: int, questions: Iterator[str]) -> None:
        self._asked = (request(question) for question in questions)
        self._selector = selectors.DefaultSelector()
        self._port = port
        for _ in range(connections):
            self._connect()

    def _connect(self) -> None:
        connection = Connection(self._port)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(self._asked))

    def step(self) -> int:
        """Wait until answers come; how many came."""
        done = 0
        for key, _ in self._selector.select():
            connection: Connection = key.data
            try:
                head = connection.receive()
            except ConnectionResetError:  # it waited for the next round longer than a server keeps connections
                self._replace(connection)
                continue
            if head is None:
                continue
            if not head.startswith(b"HTTP/1.1 200"):
                raise OSError(f"a page was refused: {head[:40]!r}")
            done += 1
            if connection.asked < VISIT:
                connection.send(next(self._asked))
            else:
                self._replace(connection)
        return done

    def _replace(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        self._connect()


def _pages(data: Path, questions: Iterator[str]) -> Callable[[], int]:
    search = open_search(Settings(data=data))

    def step() -> int:
        search.page(read_query([("q", next(questions))]))
        return 1

    return step


def _round(step: Callable[[], int], seconds: float) -> Round:
    done, start, used = 0, time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - start) < seconds:
        done += step()
    return Round(done, passed, time.process_time() - used)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
