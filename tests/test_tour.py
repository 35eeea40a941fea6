"""What `make run` does, through real processes: the whole way, and no process left behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Tour:
    """A running demonstration whose processes can be told from all others by a mark in their environment."""

    def __init__(self, data: Path) -> None:
        self.mark = f"LUCIOLE_TOUR_MARK={uuid.uuid4()}"
        name, _, value = self.mark.partition("=")
        environment = {key: text for key, text in os.environ.items() if not key.startswith("LUCIOLE_")} | {name: value, "COLUMNS": "160"}
        command = [sys.executable, "-m", "luciole.cli", "demo", "--port", "0", "--blogs-port", "0", "--data", str(data)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []

    def address(self) -> str:
        """Wait until the page's address is printed."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if "recherche" in line and (found := ADDRESS.search(line)):
                return found.group(0)
        pytest.fail("the demonstration ended before its page opened:\n" + "".join(self.lines))

    def living(self) -> dict[int, str]:
        """The processes that this demonstration started and that still run: process id to command line."""
        found = {}
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                marked = self.mark.encode() in (directory / "environ").read_bytes().split(b"\0")
                zombie = (directory / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                if marked and not zombie:
                    found[int(directory.name)] = (directory / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue  # it ended while we looked
        return found

    def finish(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def tour(tmp_path: Path) -> Iterator[Tour]:
    running = Tour(tmp_path)
    yield running
    running.finish()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def test_the_whole_way_then_ctrl_c(tour: Tour) -> None:
    page = tour.address()
    asked = urllib.parse.urlencode({"q": "l'energie noir"})
    found = json.loads(get(f"{page}/api/v1/search?{asked}"))
    assert "énergie noire" in found["hits"][0]["title"]["text"].lower()
    assert "expansion qui s’emballe" in get(f"{page}/recherche?{asked}")
    everything = json.loads(get(f"{page}/api/v1/search"))
    assert everything["total"] == 64, "every French article of the demonstration once, and no other"
    repeated = json.loads(get(f"{page}/api/v1/search?{urllib.parse.urlencode({'q': 'mesurer la distance des étoiles'})}"))
    told = [hit["source"]["id"] for hit in repeated["hits"] if hit["title"]["text"] == "Comment mesure-t-on la distance des étoiles ?"]
    assert told == ["cieux"], "the repost of the Carnet des mesures is folded under the original"
    output = "".join(tour.lines)
    assert "introuvable" not in output, "the demonstration's chosen answer leads to one of its articles"
    assert "passage : refusé, flux : redirigé vers une adresse privée (127.0.0.1:22), refusé" in output
    assert "passage" not in {hit["source"]["id"] for hit in everything["hits"]}

    tour.process.send_signal(signal.SIGINT)
    assert tour.process.wait(30) == 0
    assert tour.living() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets children die with a parent that was killed")
def test_killed_it_leaves_no_process_either(tour: Tour) -> None:
    tour.address()
    assert len(tour.living()) >= 3
    tour.process.kill()
    tour.process.wait(10)
    for process_id in tour.living():
        with contextlib.suppress(ProcessLookupError):
            ended = os.pidfd_open(process_id)
            select.select([ended], [], [], 20)
            os.close(ended)
    assert tour.living() == {}
