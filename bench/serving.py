"""What it costs to bring a page of results to a browser: over HTTP, through a real socket, as ratios to `Search.page()` of the same run.

Owns what is measured and its lines. The server is the one of an operator, `luciole serve`, in processes of its own, asked by
`bench.load`. Both sides get the very same questions, in turn or in rounds that alternate, so that what else the machine does weighs on
both. What a page costs beside its search does not grow with the index: the smaller that is, the harder the ratios are to keep.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from rich.console import Console

from api.address import read_query
from bench import weighing
from bench.articles import Generator, Spool, questions
from bench.clock import timings
from bench.crawling import Line, as_table
from bench.load import WARMING, Connection, Round, request
from bench.usage import busy
from indexer.engines.embedded import EmbeddedWriter
from indexer.night import Night
from indexer.search import open_search
from luciole.settings import Settings

WORKERS: Final = 2
_CONNECTIONS: Final = 6
"""Questions under way at once in the throughput: three for each worker."""
_START_WITHIN_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """`articles` of `median` words each over a vocabulary of `words`; `asked` questions one after the other, then `rounds` of so many
    `seconds` each."""

    articles: int
    words: int
    median: int
    asked: int
    rounds: int
    seconds: float


FULL: Final = Sizes(articles=40_000, words=200_000, median=600, asked=300, rounds=5, seconds=6.0)
QUICK: Final = Sizes(articles=4_000, words=60_000, median=300, asked=100, rounds=3, seconds=3.0)


def measure(console: Console, *, quick: bool) -> None:
    """Print the tables."""
    sizes = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="luciole-bench-") as directory:
        lines = [*lines_of(sizes, Path(directory))]
        console.print(as_table(f"serving; {sizes.articles:,} generated articles, median {sizes.median} words", iter(lines)))
        _weigh(console, Path(directory))


def lines_of(sizes: Sizes, directory: Path) -> Iterator[Line]:
    """Every line. `directory` is empty; it keeps the index for what is measured after."""
    spool = Spool(directory / "articles", Generator(words=sizes.words, median=sizes.median).articles(sizes.articles))
    with closing(EmbeddedWriter(Settings(data=directory).index_path)) as writer:
        night = Night(published_at=datetime.now(UTC), crawled_at=None, articles=sizes.articles, sources=())
        writer.rebuild(spool.read(), lambda: (1, night))
    asked = questions([*spool.read(2000)], 10 * sizes.asked)
    yield Line(what="one after the other: over HTTP, and Search.page() in-process")
    yield from _one_by_one(directory, asked[: sizes.asked + WARMING])
    yield Line(what=f"as fast as they come: {WORKERS} workers of `serve`, and {WORKERS} processes that loop on Search.page()")
    yield from _at_once(sizes, directory, asked)


def _one_by_one(directory: Path, asked: list[str]) -> Iterator[Line]:
    with serving(directory, workers=1) as port, closing(open_search(Settings(data=directory))) as search:
        connection = Connection(port)
        tags: dict[str, str] = {}

        def http(question: str) -> None:
            head = connection.ask(request(question)).decode("latin-1")
            if not head.startswith("HTTP/1.1 200"):
                raise OSError(f"a page was refused: {head[:40]}")
            tags[question] = head.lower().partition("\r\netag: ")[2].partition("\r\n")[0]

        def again(question: str) -> None:
            head = connection.ask(request(question, f"If-None-Match: W/{tags[question].removeprefix('w/')}"))
            if not head.startswith(b"HTTP/1.1 304"):
                raise OSError(f"an unchanged page was sent again: {head[:40]!r}")

        def page(question: str) -> None:
            search.page(read_query([("q", question)]))

        for question in asked[:WARMING]:
            http(question)
            page(question)
        rest = asked[WARMING:]
        theirs, ours = timings([partial(page, one) for one in rest], [partial(http, one) for one in rest])
        yield _at_most("page of results, p50, ms", ours.p50, theirs.p50, 2.5)
        yield _at_most("the same, p95, ms", ours.p95, theirs.p95)
        unchanged, whole = timings([partial(again, one) for one in rest], [partial(http, one) for one in rest])
        ratio = whole.p50 / unchanged.p50
        yield Line(
            what="unchanged (304), and the page once more, p50, ms",
            ours=f"{unchanged.p50:.2f}",
            other=f"{whole.p50:.2f}",
            ratio=f"{ratio:.1f}",
            bound="≥ 10",
            holds=ratio >= 10,
        )
        connection.socket.close()


def _at_once(sizes: Sizes, directory: Path, asked: list[str]) -> Iterator[Line]:
    with ExitStack() as stack:
        port = stack.enter_context(serving(directory, workers=WORKERS))
        client = stack.enter_context(_loading({"what": "http", "port": port, "connections": _CONNECTIONS, "questions": asked}))
        loops = [
            stack.enter_context(_loading({"what": "pages", "data": str(directory), "questions": asked[at:] + asked[:at]}))
            for at in range(0, len(asked), len(asked) // WORKERS)
        ][:WORKERS]
        over, inside, cpu, others = [], [], [], []
        for _ in range(sizes.rounds):
            before, start = busy(), time.monotonic()
            (served,) = _rounds([client], sizes.seconds)
            looped = _rounds(loops, sizes.seconds)
            over.append(served.done / served.seconds)
            inside.append(sum(one.done / one.seconds for one in looped))
            cpu.append(served.cpu / served.seconds)
            others.append((busy() - before) / (time.monotonic() - start))
        ratio = median(one / other for one, other in zip(over, inside, strict=True))
        judged = sizes is FULL  # in a small index a search costs less than its page: the ratio is told, not judged
        yield Line(
            what="pages/s, median of the rounds",
            ours=f"{median(over):,.0f}",
            other=f"{median(inside):,.0f}",
            ratio=f"{ratio:.2f}",
            bound="≥ 0.6" if judged else "",
            holds=ratio >= 0.6 if judged else None,
        )
        yield Line(what="the client's processor, share of one core", ours=f"{median(cpu):.2f}")
        yield Line(what="the machine's processors at work, of all", ours=f"{median(others):.2f}", other=str(os.cpu_count()))


def _weigh(console: Console, directory: Path) -> None:
    """The first view of a page of the same index, where there is a browser."""
    found = weighing.chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        console.print("first view: no Chromium here (LUCIOLE_TEST_CHROMIUM names one), not weighed")
        return
    with serving(directory, workers=1) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        view = weighing.weigh(browser, f"http://127.0.0.1:{port}/recherche?q=le")
        browser.close()
    console.print(weighing.as_table(view))
    for fault in weighing.broken(view):
        console.print(f"not kept to: {fault}", style="red", markup=False)


# -- processes -----------------------------------------------------------------------------------------------------------------------


@contextmanager
def serving(data: Path, *, workers: int) -> Iterator[int]:
    """The application over an index, in processes of its own: its port, once it answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    command = [sys.executable, "-m", "luciole.cli", "serve", "--quiet", "--port", str(port), "--workers", str(workers), "--data", str(data)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own server
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = Connection(port)
            head = connection.ask(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.socket.close()
            if head.startswith(b"HTTP/1.1 200"):
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise OSError("the server did not start")


@contextmanager
def _loading(job: dict[str, object]) -> Iterator[subprocess.Popen[str]]:
    """A process of `bench.load`, ready."""
    process = subprocess.Popen([sys.executable, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        if process.stdout.readline().strip() != "ready":
            raise OSError("a process of the load did not start")
        yield process
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def _rounds(processes: list[subprocess.Popen[str]], seconds: float) -> list[Round]:
    """One round of each, at the same time."""
    for one in processes:
        assert one.stdin is not None
        one.stdin.write(f"{seconds}\n")
        one.stdin.flush()
    made = []
    for one in processes:
        assert one.stdout is not None
        made.append(Round(**json.loads(one.stdout.readline())))
    return made


def _at_most(what: str, ours: float, other: float, bound: float | None = None) -> Line:
    return Line(
        what=what,
        ours=f"{ours:.2f}",
        other=f"{other:.2f}",
        ratio=f"{ours / other:.2f}",
        bound=f"≤ {bound:g}" if bound else "",
        holds=ours <= bound * other if bound else None,
    )
