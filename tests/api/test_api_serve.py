"""`luciole serve`, in one process and in several: real processes, ended in every way."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.serve import _listening
from luciole.settings import Settings


class Serving:
    """A `luciole serve` whose processes can be told from all others by a mark in their environment."""

    def __init__(self, settings: Settings, *options: str) -> None:
        self._mark = f"TEST_SERVE_MARK={uuid.uuid4()}"
        name, _, value = self._mark.partition("=")
        environment = {key: text for key, text in os.environ.items() if not key.startswith("LUCIOLE_")} | {name: value}
        command = [sys.executable, "-m", "luciole.cli", "serve", "--port", "0", "--data", str(settings.data), *options]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        if found is None:
            self.process.kill()
            pytest.fail(f"{said}{self.process.communicate()[1]}")
        self.address = found.group()

    def workers(self) -> set[int]:
        """The processes that answer, besides the one that was started."""
        found = set()
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                marked = self._mark.encode() in (directory / "environ").read_bytes().split(b"\0")
                living = (directory / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
                if marked and living and b"spawn_main" in (directory / "cmdline").read_bytes():
                    found.add(int(directory.name))
            except OSError:
                continue  # it ended while we looked
        return found

    def ended(self) -> str:
        """Wait for the end of all, which must be a clean one or that of SIGTERM; what was said on the way."""
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode in {0, -signal.SIGTERM}, said
        return said

    def finish(self) -> None:
        for one in [*self.workers()]:
            os.kill(one, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
def serving(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Serving]:
    made = Serving(settings, "--workers", str(request.param))
    yield made
    made.finish()


@pytest.fixture
def crew(settings: Settings) -> Iterator[Serving]:
    made = Serving(settings, "--workers", "2")
    yield made
    made.finish()


def gone(process: int) -> None:
    """Wait until a process that is not our child has ended."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        assert select.select([watched], [], [], 60)[0]
    finally:
        os.close(watched)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_ends_cleanly(serving: Serving, told: signal.Signals) -> None:
    assert httpx.get(f"{serving.address}/readyz").status_code == 200
    serving.process.send_signal(told)
    assert "Traceback" not in serving.ended()
    assert not serving.workers()


def test_ctrl_c_reaches_all_of_them_and_leaves_nobody(serving: Serving) -> None:
    os.killpg(serving.process.pid, signal.SIGINT)
    assert "Traceback" not in serving.ended()
    assert not serving.workers()


def test_a_worker_that_ends_is_replaced_while_the_other_answers(crew: Serving) -> None:
    first, second = sorted(crew.workers())
    os.kill(first, signal.SIGKILL)
    gone(first)
    deadline = time.monotonic() + 60
    while not (len(crew.workers() - {first}) == 2 or time.monotonic() > deadline):
        assert httpx.get(f"{crew.address}/readyz").status_code == 200
    assert second in crew.workers()
    assert len(crew.workers()) == 2


def test_workers_end_with_the_one_that_started_them(crew: Serving) -> None:
    workers = crew.workers()
    assert len(workers) == 2
    crew.process.kill()
    for one in workers:
        gone(one)
    with socket.create_server(("127.0.0.1", int(crew.address.rpartition(":")[2]))):
        pass  # the port is free


def test_answers_leave_without_delay() -> None:
    """An answer is written in two pieces; without TCP_NODELAY the second waits for the reader's acknowledgement of the first."""

    async def delayed() -> bool:
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            told.set_result(not writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with _listening("127.0.0.1", 0) as listener:
            server = await asyncio.start_server(note, sock=listener)
            _, writer = await asyncio.open_connection(*listener.getsockname())
            answer = await told
            writer.close()
            server.close()
            return answer

    assert not asyncio.run(delayed())
