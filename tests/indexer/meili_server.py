"""A real Meilisearch for the tests: the one that `LUCIOLE_TEST_MEILI` names, an address or a program to start.

A program is started once, on a free port of loopback, with a directory of its own, and ended by its own process.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

VARIABLE = "LUCIOLE_TEST_MEILI"
UNSET = f"{VARIABLE} is not set: the address of a Meilisearch (with {VARIABLE}_KEY), or the path of its program"
_STARTED_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """Where it answers, and its master key."""

    url: str
    key: str | None


@contextmanager
def running(directory: Path) -> Iterator[Running | None]:
    """The server of the settings while the block lasts; None when there is none."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        yield None
    elif named.startswith(("http://", "https://")):
        yield Running(named.rstrip("/"), os.environ.get(f"{VARIABLE}_KEY"))
    else:
        with started(Path(named), directory) as made:
            yield made


@contextmanager
def started(program: Path, directory: Path, *, port: int = 0) -> Iterator[Running]:
    """A server of our own, ready to answer."""
    key, port = secrets.token_hex(16), port or free_port()
    command = [str(program), "--db-path", "db", "--http-addr", f"127.0.0.1:{port}", "--master-key", key, "--no-analytics"]
    # With what it takes by default (two thirds of the memory) every small task costs a second.
    command += ["--max-indexing-memory", "64MB", "--max-indexing-threads", "1"]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--log-level", "WARN"], cwd=directory, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            _wait(process, f"http://127.0.0.1:{port}/health", directory / "log")
            yield Running(f"http://127.0.0.1:{port}", key)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Until it says that it is well."""
    until = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            if requests.get(address, timeout=2).json() == {"status": "available"}:
                return
        except requests.RequestException:
            time.sleep(0.02)
    raise AssertionError(f"no answer within {_STARTED_WITHIN:g} s: {log.read_text(errors='replace')}")
