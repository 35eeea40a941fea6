"""A real Meilisearch on the same articles and questions, when one is at hand.

`LUCIOLE_TEST_MEILI` names it: the address of a server (its key in `LUCIOLE_TEST_MEILI_KEY`), or the path of its program, which is then
started on a free port of loopback with a directory of its own. Memory is read where the process is ours or its address is loopback's.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from luciole.settings import Settings

VARIABLE: Final = "LUCIOLE_TEST_MEILI"
_STARTED_WITHIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers. `directory` and `process` are known where it is ours."""

    url: str
    key: str | None
    directory: Path | None = None
    process: int | None = None

    def settings(self, data: Path) -> Settings:
        """Settings that name an index of the bench's own on it."""
        return Settings(data=data, engine=f"{self.url}?index=bench_{secrets.token_hex(4)}", engine_key=self.key)

    def memory(self) -> tuple[float, float] | None:
        """Anonymous and mapped megabytes of its process."""
        if self.process is None:
            return None
        status = dict(line.split(":", 1) for line in Path(f"/proc/{self.process}/status").read_text().splitlines())
        anonymous, mapped = (int(status[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))
        return anonymous, mapped

    def disk(self) -> float | None:
        """Megabytes of its directory."""
        return megabytes(self.directory) if self.directory else None


def megabytes(directory: Path) -> float:
    """What the files below a directory take."""
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file()) / 1e6


@contextmanager
def at_hand(directory: Path) -> Iterator[Running | None]:
    """The server of the environment while the block lasts; None where it names none."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        yield None
    elif named.startswith(("http://", "https://")):
        yield Running(named.rstrip("/"), os.environ.get(f"{VARIABLE}_KEY"))
    else:
        with _started(Path(named), directory) as made:
            yield made


@contextmanager
def _started(program: Path, directory: Path) -> Iterator[Running]:
    directory.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
    key = secrets.token_hex(16)
    command = [str(program), "--db-path", "db", "--http-addr", address, "--master-key", key, "--no-analytics", "--log-level", "WARN"]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - named by who measures
        try:
            _wait(process, f"http://{address}/health")
            yield Running(f"http://{address}", key, directory / "db", process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310 - http, on loopback
            return
        time.sleep(0.05)
    raise RuntimeError("Meilisearch does not answer")
