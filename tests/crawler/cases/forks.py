"""Crawls that start at once: a process that has loaded the crawler, and becomes one crawl after the other by forking.

Loading takes longer than most of these crawls. Each is a process of its own all the same: the reactor starts once in each, and it can be
killed like any other.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.crawler.web import ROOT, Driver

LOADED = (
    "crawler.run",
    "crawler.middlewares",
    "crawler.robots",
    "crawler.spider_settings",
    "scrapy.core.downloader",
    "scrapy.core.scraper",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.depth",
)
"""What a crawl imports and is slow; nothing that installs the reactor."""


class Fork:
    """One crawl under way, spoken to as a `subprocess.Popen`."""

    def __init__(self, answers: Any, directory: Path) -> None:
        self._answers, self._directory = answers, directory
        self.returncode: int | None = None
        self.pid = int(answers.readline())

    def poll(self, timeout: float | None = 0.0) -> int | None:
        if self.returncode is None and select.select([self._answers], [], [], timeout)[0]:
            self.returncode = int(self._answers.readline())
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        if self.poll(timeout) is None:
            raise subprocess.TimeoutExpired("crawl", timeout or 0.0)
        return (self._directory / "out").read_text("utf-8"), (self._directory / "err").read_text("utf-8")

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        self.communicate(timeout)
        assert self.returncode is not None
        return self.returncode


class Forks:
    """The process that is forked. One crawl at a time."""

    def __init__(self) -> None:
        self._files = TemporaryDirectory()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")} | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.crawler.cases.forks"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment, cwd=ROOT)
        self._last: Fork | None = None

    def start(self, job: dict[str, Any]) -> Fork:
        if self._last is not None and self._last.poll() is None:
            raise RuntimeError("the crawl before is still under way")
        assert self._process.stdin
        directory = Path(self._files.name)
        line = json.dumps(job | {"files": str(directory)})
        self._process.stdin.write(line.encode() + b"\n")
        self._last = Fork(self._process.stdout, directory)
        return self._last

    def close(self) -> None:
        if self._last is not None and self._last.poll() is None:
            self._last.send_signal(signal.SIGKILL)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._files.cleanup()


@dataclass
class ForkDriver(Driver):
    """A driver whose crawls are forked."""

    forks: Forks = field(kw_only=True)

    def start(self, **options: Any) -> Any:
        return self.forks.start(self.job(**options))


def serve() -> None:
    """A job a line in; the pid of its crawl, and then its exit status, out."""
    for name in LOADED:
        importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    for line in sys.stdin.buffer:
        job = json.loads(line)
        pid = os.fork()
        if not pid:
            _crawl(job)
        os.write(1, f"{pid}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(1, f"{status}\n".encode())


def _crawl(job: dict[str, Any]) -> None:
    """`die_at`, if the job has one: the number of the statement of SQL at which this process is killed."""
    from tests.crawler.cases.faults.sitecustomize import die_at
    from tests.crawler.drive import run

    status = 1
    try:
        os.setsid()
        directory = Path(job["files"])
        for number, name in ((0, os.devnull), (1, directory / "out"), (2, directory / "err")):
            opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(opened, number)
            os.close(opened)
        if job.get("die_at"):
            die_at(job["die_at"])
        run(job)
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
