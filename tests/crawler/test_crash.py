"""Crashes: fault cases 1 to 3. Whatever interrupts a crawl, the next ones end where an undisturbed one would have.

The moments of the kills are random; the seed is part of a failure's message, and `LUCIOLE_TEST_SEED` repeats it.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from luciole.database import Database
from luciole.runs import RunLog
from luciole.store import ArticleStore
from tests.crawler.web import Driver, Reply, Web, conditional, post, rss

BLOGS, POSTS = 6, 10


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


@pytest.fixture
def driver(web: Web, tmp_path: Path) -> Driver:
    """Six blogs of ten posts each; half of the feeds are full, so that both ways into the store are exercised."""
    driver = Driver(web, tmp_path, limits={"mapped_delay": 0.02})
    for number in range(BLOGS):
        host = f"blog{number}"
        names = [f"billet-{index}-du-blog-{number}" for index in range(POSTS)]
        body = rss([(name, web.url(host, f"/{name}")) for name in names], full=number % 2 == 0)
        web.pages[host] = {"/feed": conditional(body, f'"{number}"')} | {f"/{name}": Reply(post(name)) for name in names}
        driver.source(host, feeds=[web.url(host, "/feed")])
    return driver


def assert_complete(driver: Driver) -> None:
    """Every post exactly once, with its text; nothing open; both files sound."""
    store = ArticleStore.open(driver.data / "luciole.db")
    articles = list(store.changes_since(0))
    wanted = {(f"blog{number}", f"billet-{index}-du-blog-{number}") for number in range(BLOGS) for index in range(POSTS)}
    assert Counter((one.source_id, one.title) for one in articles) == Counter(wanted)
    assert {one.text_basis for one in articles} == {"feed", "page"}
    assert {row["state"] for row in store.database.all("SELECT DISTINCT state FROM frontier")} == {"done"}
    store.close()
    for name in ("luciole.db", "raw.db"):
        connection = sqlite3.connect(driver.data / name)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_killed_at_random_moments_nothing_is_lost_or_doubled(driver: Driver, web: Web) -> None:
    seed = int(os.environ.get("LUCIOLE_TEST_SEED", random.SystemRandom().randrange(10**9)))
    chance = random.Random(seed)
    print(f"LUCIOLE_TEST_SEED={seed}")
    driver.limits["mapped_delay"] = 0.05
    killed = 0
    for _ in range(5):
        process = driver.start()
        # Counted in requests, not in seconds: the same moments on a slow machine. A little later is a random point of the work.
        if web.await_requests(len(web.log) + chance.randint(1, 12), process):
            try:
                process.communicate(timeout=chance.uniform(0.0, 0.15))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
        process.communicate(timeout=30)
        assert_honest(driver, seed)
        if process.returncode == 0:
            break
    assert killed, f"seed {seed}: no crawl was ever killed"
    report = driver.crawl()
    assert report["finished"], f"seed {seed}"
    assert_complete(driver)


def assert_honest(driver: Driver, seed: int) -> None:
    """No run says that it is finished while work is left, and no validator is ahead of the entries of its body."""
    database = Database(driver.data / "luciole.db")
    if database.one("SELECT 1 FROM sqlite_master WHERE name = 'tally'") is None:
        database.close()
        return
    last = RunLog(database).last()
    left = database.all("SELECT 1 FROM frontier WHERE state IN ('todo', 'inflight', 'fetched')")
    assert not (last and last.finished and left), f"seed {seed}"
    for row in database.all("SELECT source_id FROM validator WHERE kind = 'feed'"):
        known = database.one("SELECT count(*) AS n FROM article WHERE source_id = ?", row["source_id"])
        assert known is not None
        assert known["n"] == POSTS, f"seed {seed}: {row['source_id']} has a validator and {known['n']} posts"
    database.close()


def test_interrupted_politely_it_says_so_and_the_next_one_goes_on(driver: Driver, web: Web) -> None:
    process = driver.start()
    assert web.await_requests(15, process)
    process.send_signal(signal.SIGINT)
    report = driver.end(process)
    assert (report["interrupted"], report["finished"]) == (True, False)
    assert "Traceback" not in report["stderr"]
    seen = Counter((host, path) for _, host, path, _ in web.log)
    assert sum(seen.values()) < BLOGS * 2 + BLOGS // 2 * POSTS
    again = driver.crawl()
    assert (again["interrupted"], again["finished"], again["run_id"]) == (False, True, report["run_id"])
    asked = Counter((host, path) for _, host, path, _ in web.log)
    assert max(asked.values()) == 1, "what was under way ended and was written down: nothing is asked for twice"
    assert_complete(driver)
    assert {one["new"] for one in again["outcomes"].values()} == {POSTS}, "the figures of a run survive its interruption"


def test_killed_between_fetch_and_parse_the_body_is_read_without_asking_again(driver: Driver, web: Web) -> None:
    assert driver.crawl()["finished"]
    database = Database(driver.data / "luciole.db")
    with database.transaction():
        # The state that a kill leaves behind when it comes after the fetch of a page and before its parse.
        database.execute("UPDATE frontier SET state = 'fetched' WHERE kind = 'article' AND source_id = 'blog1'")
        database.execute("UPDATE article SET text = '', text_basis = 'summary' WHERE source_id = 'blog1'")
        database.execute("UPDATE run SET finished = 0")
    database.close()
    web.log.clear()
    assert driver.crawl()["finished"]
    assert web.log == []
    assert_complete(driver)


def test_a_locked_store_stops_the_crawl_and_leaves_no_half_rows(driver: Driver, web: Web) -> None:
    process = driver.start()
    assert web.await_requests(10, process)
    other = sqlite3.connect(driver.data / "luciole.db", isolation_level=None)
    other.execute("PRAGMA busy_timeout = 5000")
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = driver.end(process)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert answer["error"] == "StoreError"
    assert "locked" in answer["message"]
    assert "Traceback" not in answer["stderr"]
    assert driver.crawl()["finished"]
    assert_complete(driver)
