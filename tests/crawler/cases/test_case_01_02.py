"""kill -9: fault cases 1 and 2. Whatever happens to a crawl, the record ends as if nothing had.

A history is a random sequence of crashes, nights and polite interruptions. Its seed is part of every failure; `LUCIOLE_TEST_SEED` repeats
it.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from luciole.store import ArticleStore
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.cases.nights import Held, Nights, home, page, sitemap, text, title, titles, world
from tests.crawler.cases.wordpress import Interface, wordpress
from tests.crawler.web import PORT, Web

Record = frozenset[tuple[str, str, str]]
"""Source, title and hash of the text of every post."""

PLAIN = tuple(f"galet-{number}" for number in range(6))
LONG = tuple(f"phare-{number}" for number in range(10))
SUBJECTS = ("entier", "resume", "wp", "plan")
LIMITS = {"mapped_delay": 0.01, "backfill_pages": 500, "full_samples": 2}
STATEMENTS = 2000
"""About as many as a whole crawl of this world executes."""

SEED = os.environ.get("LUCIOLE_TEST_SEED")
HISTORIES = [int(SEED)] if SEED else [random.SystemRandom().randrange(10**9) for _ in range(3)]


def lay_out(nights: Nights) -> None:
    """Every way into the record: a whole feed, a feed of summaries, an interface, a sitemap."""
    pages, url = nights.web.pages, nights.web.url
    nights.blog("entier", *PLAIN)
    pages["entier"] |= {"/": home(), "/feed": nights.known_feed("entier", *PLAIN)}
    nights.blog("resume", *PLAIN, full=False)
    pages["resume"] |= {"/": home(), "/feed": nights.known_feed("resume", *PLAIN, full=False)}
    wordpress(nights, "wp", LONG, Interface(nights, "wp", LONG, most=5))
    nights.blog("plan", *LONG)
    pages["plan"] |= {
        "/": home(),
        "/feed": nights.known_feed("plan", *LONG[-3:], full=False),
        "/robots.txt": text(f"User-agent: *\nAllow: /\nSitemap: http://plan.localhost:{PORT}/carte.xml\n"),
        "/carte.xml": sitemap(*(url("plan", f"/{name}") for name in LONG)),
    }


@pytest.fixture
def nights(forks: Forks) -> Iterator[Nights]:
    with world(forks, **LIMITS) as nights:
        lay_out(nights)
        yield nights


@pytest.fixture(scope="module")
def undisturbed(forks: Forks) -> Record:
    """The record after one crawl to which nothing happened."""
    with world(forks, **LIMITS) as nights:
        lay_out(nights)
        assert nights.driver.crawl()["finished"]
        assert_every_post_once(nights, "undisturbed")
        return record(nights)


def record(nights: Nights) -> Record:
    store = ArticleStore.open(nights.store_path)
    try:
        living = [one for one in store.changes_since(0) if not one.is_tombstone]
        found = [(one.source_id, one.title, hashlib.sha256(one.text.encode()).hexdigest()) for one in living]
    finally:
        store.close()
    return frozenset(found)


def assert_every_post_once(nights: Nights, said: str) -> None:
    store = ArticleStore.open(nights.store_path)
    try:
        found = Counter((one.source_id, one.title) for one in store.changes_since(0))
    finally:
        store.close()
    wanted = {(host, title(name)) for host in SUBJECTS for name in (LONG if host in ("wp", "plan") else PLAIN)}
    assert found == Counter(wanted), said


def assert_honest(nights: Nights, said: str) -> None:
    """After a crash: sound files, no half articles, no run that says it is finished with work left, no validator ahead of its entries."""
    for name in ("luciole.db", "raw.db"):
        path = nights.driver.data / name
        if path.exists():
            connection = sqlite3.connect(path)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), said
            connection.close()
    if not nights.store_path.exists() or not nights.rows("SELECT 1 FROM sqlite_master WHERE name = 'visit'"):
        return
    assert nights.rows("SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM alias)") == [], said
    last = nights.rows("SELECT finished FROM run ORDER BY id DESC LIMIT 1")
    left = nights.rows("SELECT state FROM frontier WHERE state IN ('todo', 'inflight', 'fetched')")
    assert not (last and last[0]["finished"] and left), said
    for row in nights.rows("SELECT source_id FROM validator WHERE kind = 'feed'"):
        (known,) = nights.rows("SELECT count(*) AS n FROM article WHERE source_id = ?", row["source_id"])
        entries = {"wp": 1, "plan": 3}.get(row["source_id"], len(PLAIN))
        assert known["n"] >= entries, f"{said}: {row['source_id']}"


def interrupt(nights: Nights, chance: random.Random, day: int) -> str:
    """Start a crawl and end it at some moment, mostly with a kill. Returns what happened.

    Moments are counted in statements of SQL or in requests, not in seconds: the same ones on a slow machine. A little after a request is a
    random point of the work.
    """
    if chance.random() < 0.5:
        statement = chance.randint(1, STATEMENTS)
        process = nights.driver.start(days_later=day, die_at=statement)
        process.communicate(timeout=60)
        return f"day {day}: SIGKILL at statement {statement}, exit {process.returncode}"
    web, process = nights.web, nights.driver.start(days_later=day)
    requests, later = chance.choice((0, chance.randint(1, 30))), chance.uniform(0.0, 0.2)
    number = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
    web.await_requests(len(web.log) + requests, process)
    try:
        process.communicate(timeout=later)
    except TimeoutExpired:
        process.send_signal(number)
    process.communicate(timeout=30)
    return f"day {day}: {number.name} after {requests} requests and {later:.3f} s, exit {process.returncode}"


@pytest.mark.parametrize("seed", HISTORIES, ids=[f"history-{number}" for number in range(len(HISTORIES))])
def test_case_01_any_history_of_crashes_ends_in_the_same_record(nights: Nights, undisturbed: Record, seed: int) -> None:
    chance = random.Random(seed)
    said, day, crashes = f"LUCIOLE_TEST_SEED={seed}", 0, 0
    for _ in range(chance.randint(2, 3)):
        told = interrupt(nights, chance, day)
        said += f"\n{told}"
        crashes += "exit 0" not in told
        assert_honest(nights, said)
        day += chance.choice((0, 0, 1))
    print(said)
    report = nights.driver.crawl(days_later=day)
    assert report["finished"], said
    assert_honest(nights, said)
    assert_every_post_once(nights, said)
    assert record(nights) == undisturbed, said
    assert nights.rows("SELECT state FROM frontier WHERE state IN ('todo', 'inflight', 'fetched')") == [], said
    asked = Counter((host, path) for _, host, path, _ in nights.web.log if path.startswith(("/galet", "/phare")))
    again = sum(asked.values()) - len(asked)
    assert again <= len(SUBJECTS) * crashes, f"{said}\nonly what was under way at a crash is asked for again: {asked}"


def small(web: Web, data: Path, forks: Forks) -> Nights:
    """One blog of summaries, whose feed answers 304 to who has read it."""
    nights = Nights(web, ForkDriver(web, data, forks=forks))
    nights.blog("resume", *PLAIN, full=False)
    web.pages["resume"]["/feed"] = nights.known_feed("resume", *PLAIN, full=False)
    return nights


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


@pytest.mark.parametrize("later", [0, 1], ids=["the-same-night", "the-next-night"])
def test_case_02_killed_between_the_feed_and_its_posts_they_are_fetched_the_next_time(
    web: Web, tmp_path: Path, forks: Forks, later: int
) -> None:
    nights = small(web, tmp_path, forks)
    held = Held(page(PLAIN[0]))
    web.pages["resume"][f"/{PLAIN[0]}"] = held
    process = nights.driver.start()
    try:
        assert held.asked.wait(30)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    finally:
        held.go.set()
    (known,) = nights.rows("SELECT count(*) AS n FROM article WHERE text_basis = 'summary'")
    assert known["n"] == len(PLAIN), "the feed was read"
    assert len(nights.rows("SELECT 1 FROM validator WHERE kind = 'feed'")) == 1, "and what identifies it was kept with its posts"
    web.log.clear()
    report = nights.driver.crawl(days_later=later)
    assert report["finished"]
    assert sorted(path for path in web.asked("resume") if path.startswith("/galet")) == sorted(f"/{name}" for name in PLAIN)
    assert nights.driver.titles("resume") == titles(*PLAIN)
    assert {one.text_basis for one in nights.driver.articles("resume").values()} == {"page"}


def test_case_02_what_identifies_a_feed_is_kept_with_its_entries_and_never_before(web: Web, tmp_path: Path, forks: Forks) -> None:
    nights = small(web, tmp_path, forks)
    # As a kill leaves it that comes after the fetch and before the reading: nobody reads.
    nights.driver.crawl(read=False)
    assert [row["state"] for row in nights.rows("SELECT state FROM frontier")] == ["fetched"]
    assert nights.rows("SELECT * FROM validator") == []
    assert nights.rows("SELECT * FROM article") == []
    web.log.clear()
    report = nights.driver.crawl()
    assert (report["finished"], report["outcomes"]["resume"]["new"]) == (True, len(PLAIN))
    assert "/feed" not in web.asked("resume"), "the body that was kept is read"
    assert nights.driver.titles("resume") == titles(*PLAIN)
