"""Workers that may be killed: what hangs or swells costs one page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from crawler.parsed import Parsed, ParsedFeed, ParsedPage
from crawler.workers import Workers
from tests.crawler.contexts import context

GOOD = ("<h1>Bonjour</h1>" + "<p>Une phrase assez longue sur les plantes des montagnes et leur histoire.</p>" * 12).encode()
HOSTILE = b"<html><body>" + b"<p>x" * 200_000
AT = context("https://blog.exemple.fr/bonjour/", from_feed=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, timeout=1.5) as pool:
        pool.warm_up().result()
        yield pool


def title(future: Future[Parsed]) -> str:
    parsed = future.result(timeout=30)
    assert isinstance(parsed, ParsedPage)
    return parsed.sighting.title if parsed.sighting else ""


def until(condition: object, seconds: float = 10) -> bool:
    """Whether `condition()` comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_page_that_hangs_costs_itself_only(workers: Workers) -> None:
    hostile = workers.submit("article", HOSTILE, AT)
    others = [workers.submit("article", GOOD, AT) for _ in range(8)]
    parsed = hostile.result(timeout=30)
    assert isinstance(parsed, ParsedPage)
    assert parsed.sighting is None
    assert parsed.problem == "lecture abandonnée au bout de 1.5 s"
    assert [title(other) for other in others] == ["Bonjour"] * 8
    assert title(workers.submit("article", GOOD, AT)) == "Bonjour"


def test_a_feed_with_a_wall_of_attributes_is_given_up(workers: Workers) -> None:
    wall = " ".join(f"a{n}='1'" for n in range(120_000))
    parsed = workers.submit("feed", f"<rss><channel><item {wall}><title>x</title></item></channel></rss>".encode(), context()).result(
        timeout=30
    )
    assert isinstance(parsed, ParsedFeed)
    assert parsed.problem or not parsed.entries
    assert title(workers.submit("article", GOOD, AT)) == "Bonjour"


def test_a_worker_killed_from_outside_loses_no_page(workers: Workers) -> None:
    for pid in children(os.getpid(), "forkserver"):
        for worker in children(pid):
            os.kill(worker, signal.SIGKILL)
    assert [title(workers.submit("article", GOOD, AT)) for _ in range(6)] == ["Bonjour"] * 6


def test_a_worker_told_to_end_in_the_middle_of_a_page_loses_no_page() -> None:
    slow = b"<html><body>" + b"<p>x" * 12_000
    with Workers(1, timeout=20) as pool:
        pool.warm_up().result()
        first = pool.submit("article", slow, AT)
        assert until(lambda: busy_workers() != [])
        for worker in busy_workers():
            os.kill(worker, signal.SIGTERM)
        parsed = first.result(timeout=30)
        assert isinstance(parsed, ParsedPage)
        assert "interrompue" not in parsed.problem


def test_closing_cancels_what_was_not_judged() -> None:
    pool = Workers(1, timeout=20)
    futures = [pool.submit("article", HOSTILE, AT) for _ in range(3)]
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 5
    assert all(future.cancelled() for future in futures)
    pool.close()
    with pytest.raises(RuntimeError):
        pool.submit("article", GOOD, AT)


def test_memory_is_bounded() -> None:
    body = b"<html><body><p>" + b"x " * 30_000_000
    with Workers(1, timeout=25, memory=500 * 1024**2) as pool:
        parsed = pool.submit("article", body, AT).result(timeout=60)
        assert isinstance(parsed, ParsedPage)
        assert parsed.problem
        assert "abandonnée" not in parsed.problem  # refused memory, not time
        assert title(pool.submit("article", GOOD, AT)) == "Bonjour"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_outlives_a_killed_parent() -> None:
    script = (
        "from tests.crawler.test_workers import AT, HOSTILE\nfrom crawler.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    pool = Workers(2, timeout=60)\n    pool.warm_up().result()\n    [pool.submit('article', HOSTILE, AT) for _ in range(4)]\n"
        "    print('busy', flush=True)\n    import time\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "busy\n"
        family = descendants(parent.pid)
        assert len(family) >= 3  # the fork server and two workers
        parent.kill()
        parent.wait()
    assert until(lambda: not any(map(alive, family))), [pid for pid in family if alive(pid)]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def busy_workers() -> list[int]:
    """Workers of this process that are computing right now."""
    workers = [pid for server in children(os.getpid(), "forkserver") for pid in children(server)]
    return [pid for pid in workers if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "R"]


def children(pid: int, word: str = "") -> list[int]:
    """Processes whose parent is `pid` and whose command line holds `word`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_text()
            except OSError:
                continue
            if parent == pid and word in command:
                found.append(int(entry.name))
    return found


def descendants(pid: int) -> list[int]:
    return [found for child in children(pid) for found in (child, *descendants(child))]
