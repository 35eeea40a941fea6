"""No room, no lock, no second night: fault cases 3 and 4, through the real command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from crawler.raw import RawBodies
from crawler.schema import prepare
from luciole.database import BUSY_TIMEOUT_S
from luciole.runs import RunLog
from luciole.settings import Settings
from luciole.store import ArticleStore
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.cases.nights import Held, Nights, page, titles
from tests.crawler.web import ROOT, Web

NAMES = tuple(f"galet-{number}" for number in range(12))
HOSTS = ("entier", "resume")


class Command:
    """`python -m luciole.cli` over a small world, with its exit code."""

    def __init__(self, nights: Nights, directory: Path) -> None:
        self.nights = nights
        self._sources = directory / "sources.yaml"
        self._sources.write_text(yaml.safe_dump({"sources": nights.driver.sources}, allow_unicode=True, sort_keys=False), "utf-8")

    def start(self, name: str, **faults: str) -> subprocess.Popen[str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith("LUCIOLE_")}
        own["LUCIOLE_HOST_MAP"] = ",".join(f"{host}={target}" for host, target in self.nights.web.host_map().items())
        # The directory of faults has them happen by being on the path; without them it is not there.
        places = [ROOT, *([Path(__file__).with_name("faults")] if faults else [])]
        own |= {"LUCIOLE_WORKERS": "1", "PYTHONPATH": os.pathsep.join(map(str, places))}
        command = [sys.executable, "-m", "luciole.cli", name, "--sources", str(self._sources), "--data", str(self.nights.driver.data)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own | faults, cwd=ROOT)

    def run(self, name: str, **faults: str) -> tuple[int, str]:
        return self.end(self.start(name, **faults))

    def end(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """The exit code, and what was said on standard error."""
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        return process.returncode, err


@pytest.fixture
def command(forks: Forks, tmp_path: Path) -> Iterator[Command]:
    web = Web()
    nights = Nights(web, ForkDriver(web, tmp_path / "data", forks=forks))
    for host in HOSTS:
        nights.blog(host, *NAMES, full=host == "entier", backfill="none")
        web.pages[host]["/feed"] = nights.known_feed(host, *NAMES, full=host == "entier")
    yield Command(nights, tmp_path)
    web.close()


def assert_whole_rows(nights: Nights) -> None:
    """What is there is all there: sound files, posts with their keys, feeds that are known with all of their posts."""
    for name in ("luciole.db", "raw.db"):
        with closing(sqlite3.connect(nights.driver.data / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert nights.rows("SELECT id FROM article WHERE NOT EXISTS (SELECT 1 FROM alias WHERE alias.article_id = article.id)") == []
    for row in nights.rows("SELECT source_id FROM validator WHERE kind = 'feed'"):
        (known,) = nights.rows("SELECT count(*) AS n FROM article WHERE source_id = ?", row["source_id"])
        assert known["n"] == len(NAMES)
    assert nights.rows("SELECT id FROM run WHERE finished") == []


def assert_completed(command: Command) -> None:
    """The next run, without the fault, ends as if there had been none."""
    driver = command.nights.driver
    assert driver.crawl()["finished"]
    for host in HOSTS:
        assert driver.titles(host) == titles(*NAMES)
    assert {one.text_basis for one in driver.articles("resume").values()} == {"page"}
    assert {row["state"] for row in command.nights.rows("SELECT DISTINCT state FROM frontier")} == {"done"}


def made(command: Command) -> dict[str, int]:
    """Both files with their tables and nothing in them: so many pages each."""
    settings = Settings(data=command.nights.driver.data)
    with closing(ArticleStore.open(settings.store_path)) as store, closing(RawBodies(settings.raw_path)):
        RunLog(store.database)
        prepare(store.database)
    pages = {}
    for path in (settings.store_path, settings.raw_path):
        with closing(sqlite3.connect(path)) as connection:
            (pages[path.name],) = connection.execute("PRAGMA page_count").fetchone()
    return pages


@pytest.mark.parametrize(("name", "more"), [("luciole.db", 2), ("luciole.db", 25), ("raw.db", 0)])
def test_case_03_a_disk_that_fills_up_is_said_and_leaves_no_half_rows(command: Command, name: str, more: int) -> None:
    code, err = command.run("crawl", LUCIOLE_TEST_DISK=f"{name}={made(command)[name] + more}")
    assert code == 1, err
    assert f"luciole: no room left to write {command.nights.driver.data / name}\n" in err
    assert "free some disk space; nothing was lost, run again" in err
    assert_whole_rows(command.nights)
    assert_completed(command)


def test_case_03_a_store_that_stays_locked_is_said_and_leaves_no_half_rows(command: Command) -> None:
    assert BUSY_TIMEOUT_S == 5.0, "so long it waits by itself; this test has it wait less"
    process = command.start("crawl", LUCIOLE_TEST_BUSY="200")
    assert command.nights.web.await_requests(6, process)
    with closing(sqlite3.connect(command.nights.store_path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, err = command.end(process)
        other.execute("ROLLBACK")
    assert code == 1, err
    assert f"luciole: {command.nights.store_path} is locked by another process\n" in err
    assert "wait for it to finish, then run again" in err
    assert_whole_rows(command.nights)
    assert_completed(command)


def test_case_04_a_second_night_says_that_one_is_at_work_and_touches_nothing(command: Command) -> None:
    held = Held(page(NAMES[0]))
    web = command.nights.web
    web.pages["resume"][f"/{NAMES[0]}"] = held
    first = command.start("nightly")
    try:
        assert held.asked.wait(30)
        seen = len(web.log)
        said = f"luciole: another luciole is at work in {command.nights.driver.data} (process {first.pid})"
        others = {command.start("nightly"): 0, command.start("crawl"): 1}
        for other, expected in others.items():
            code, err = command.end(other)
            assert (code, err.splitlines()[0]) == (expected, said)
        assert [host for _, host, _, _ in web.log[seen:] if host == "resume"] == []
    finally:
        held.go.set()
    code, err = command.end(first)
    assert code == 0, err
    assert max(Counter((host, path) for _, host, path, _ in web.log).values()) == 1, "every page was asked for once"
    for host in HOSTS:
        assert command.nights.driver.titles(host) == titles(*NAMES)
    assert len(command.nights.rows("SELECT id FROM run")) == 1
