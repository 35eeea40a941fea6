"""The frontier's states, what the crawler remembers, the raw bodies and the count."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.answers import Body, Meaning, Unchanged, meaning
from crawler.causes import Trouble, retry_after
from crawler.frontier import Answer, Frontier, Row, Trail
from crawler.memory import Memory, Validators
from crawler.parking import Parking
from crawler.politeness import CrawlLimits
from crawler.raw import RawBodies, body_hash
from crawler.tally import Count, Tally, state_of
from luciole.database import Database

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "luciole.db")
    yield database
    database.close()


@pytest.fixture
def frontier(database: Database) -> Frontier:
    return Frontier(database)


def answer(at: datetime = NOW) -> Answer:
    return Answer(url="http://a.fr/1", status=200, headers={"etag": 'W/"é-gzip"'}, body_hash="00", at=at)


def claim(frontier: Frontier, url: str = "http://a.fr/1", **keys: object) -> Row:
    added = frontier.add("a", "article", url, **keys)  # type: ignore[arg-type]
    assert added is not None
    row = frontier.claim(added)
    assert row is not None
    return row


def test_an_address_is_there_once_whatever_its_spelling(frontier: Frontier) -> None:
    assert frontier.add("a", "article", "https://a.fr/billet/?utm_source=rss") is not None
    assert frontier.add("a", "article", "http://www.a.fr/billet") is None
    assert frontier.add("b", "article", "http://www.a.fr/billet") is not None
    assert frontier.add("a", "feed", "http://www.a.fr/billet") is not None


def test_a_row_goes_from_todo_to_done_and_never_comes_again(frontier: Frontier) -> None:
    row = claim(frontier)
    assert frontier.claim(row.id) is None, "under way already"
    frontier.fetched(row.id, answer())
    assert frontier.unparsed(["a"]) == [("a", row.id)]
    assert frontier.to_parse(row.id) == (row, answer())
    assert frontier.unfinished(["a"], NOW) == {"a"}
    frontier.done(row.id)
    assert frontier.to_parse(row.id) is None
    assert not frontier.unfinished(["a"], NOW)
    assert frontier.add("a", "article", row.url) is None
    assert frontier.counts() == {"done": 1}


def test_after_a_crash_rows_under_way_are_to_be_done_and_fetched_ones_stay(frontier: Frontier) -> None:
    lost, kept = claim(frontier), claim(frontier, "http://a.fr/2")
    frontier.fetched(kept.id, answer())
    assert frontier.sweep() == 1
    assert [row.id for row in frontier.due(["a"], NOW)] == [lost.id]
    assert frontier.unparsed(["a"]) == [("a", kept.id)]


def test_failures_wait_for_another_night_and_end(frontier: Frontier) -> None:
    row = claim(frontier)
    frontier.later(row, "erreur du serveur (500)", NOW + HOUR, tries=2)
    assert frontier.due(["a"], NOW) == []
    assert not frontier.unfinished(["a"], NOW)
    (again,) = frontier.due(["a"], NOW + HOUR)
    assert (again.id, again.tries) == (row.id, 1)
    frontier.later(again, "erreur du serveur (500)", NOW + 2 * HOUR, tries=2)
    assert frontier.counts() == {"dead": 1}


def test_a_refusal_is_looked_at_again_once_its_time_is_over(frontier: Frontier) -> None:
    theirs, ours = claim(frontier), claim(frontier, "http://a.fr/2")
    frontier.blocked(theirs.id, "robots", NOW + HOUR)
    frontier.blocked(ours.id, "garde", NOW + 2 * HOUR)
    frontier.unblock(NOW)
    assert frontier.due(["a"], NOW) == []
    frontier.unblock(NOW + HOUR)
    assert [row.id for row in frontier.due(["a"], NOW + HOUR)] == [theirs.id]


def test_a_root_is_visited_every_night_and_comes_first(frontier: Frontier) -> None:
    frontier.add("a", "article", "http://a.fr/1")
    frontier.root("a", "feed", "http://a.fr/feed")
    feed, article = frontier.due(["a"], NOW)
    assert (feed.kind, article.kind) == ("feed", "article")
    frontier.dead(feed.id, "introuvable (404)")
    frontier.root("a", "feed", "http://a.fr/feed")
    assert frontier.due(["a"], NOW)[0].id == feed.id
    assert frontier.due(["b"], NOW) == []
    assert frontier.unfinished(["a", "b"], NOW) == {"a"}


def test_a_feed_of_former_nights_is_left(frontier: Frontier) -> None:
    for path in ("vieux", "neuf", "lu"):
        frontier.root("a", "feed", f"http://a.fr/{path}")
    old, new, read = frontier.due(["a"], NOW)
    frontier.later(old, "erreur du serveur (500)", NOW, tries=3)
    claimed = frontier.claim(read.id)
    assert claimed is not None
    frontier.fetched(read.id, answer())
    frontier.uproot("a")
    frontier.root("a", "feed", "http://a.fr/neuf")
    assert [row.id for row in frontier.due(["a"], NOW)] == [new.id]
    assert frontier.unparsed(["a"]) == [("a", read.id)]


def test_a_root_whose_body_waits_for_its_parse_is_not_asked_for_again(frontier: Frontier) -> None:
    frontier.root("a", "feed", "http://a.fr/feed")
    row = frontier.claim(frontier.due(["a"], NOW)[0].id)
    assert row is not None
    frontier.fetched(row.id, answer())
    frontier.root("a", "feed", "http://a.fr/feed")
    assert frontier.unparsed(["a"]) == [("a", row.id)]


def test_a_trail_survives_and_a_dead_candidate_may_be_tried_anew(frontier: Frontier) -> None:
    trail = Trail(feeds=("http://a.fr/rss",), links=("http://a.fr/1",), refused="flux : non")
    added = frontier.add("a", "feed", "http://a.fr/feed", trail=trail)
    assert added is not None
    assert frontier.due(["a"], NOW)[0].trail == trail
    frontier.dead(added, "introuvable (404)")
    assert frontier.add("a", "feed", "http://a.fr/feed", trail=trail) == added


def test_what_the_list_says_anew_is_read_anew(frontier: Frontier, database: Database) -> None:
    memory, row = Memory(database), claim(frontier)
    memory.listed_as("a", "http://a.fr/", "un")
    memory.validate(row, Validators('"1"', None, "00"))
    memory.remember_feed("a", "http://a.fr/feed", NOW)
    memory.listed_as("a", "http://a.fr/", "un")
    assert memory.validators(row) is not None
    memory.listed_as("a", "http://a.fr/", "deux")
    assert memory.validators(row) is None, "a post left out by the old rules must not stay behind a 304"
    assert memory.found_feed("a") is not None
    memory.listed_as("a", "http://ailleurs.fr/", "trois")
    assert memory.found_feed("a") is None


def test_a_cause_holds_nothing_that_speaks_to_a_terminal(database: Database) -> None:
    tally = Tally(database, 1)
    tally.add("a", Count(failed=1, cause="/un\x1b]0;titre\x07\x9b31m\u202e\n : introuvable (404)"))
    assert tally.count("a").cause == "/un]0;titre31m : introuvable (404)"


def test_parked_sources_rest(frontier: Frontier, database: Database) -> None:
    frontier.add("a", "article", "http://a.fr/1")
    memory = Memory(database)
    memory.park("a", NOW + HOUR)
    assert frontier.due(["a"], NOW) == []
    assert memory.parked("a", NOW) == NOW + HOUR
    assert memory.parked("a", NOW + HOUR) is None
    assert len(frontier.due(["a"], NOW + HOUR)) == 1


def test_validators_are_kept_verbatim(frontier: Frontier, database: Database) -> None:
    memory, row = Memory(database), claim(frontier)
    assert memory.validators(row) is None
    known = Validators('W/"a\\"-gzip"', "hier, à peu près", "00")
    memory.validate(row, known)
    assert memory.validators(row) == known


def test_a_found_feed_is_forgotten_after_failing(database: Database) -> None:
    memory = Memory(database)
    memory.remember_feed("a", "http://a.fr/feed", NOW)
    memory.feed_failed("a", 2)
    found = memory.found_feed("a")
    assert found is not None
    assert (found.url, found.failures, found.at) == ("http://a.fr/feed", 1, NOW)
    memory.feed_failed("a", 2)
    assert memory.found_feed("a") is None


def test_bodies_come_back_byte_for_byte_once_each(tmp_path: Path) -> None:
    raw = RawBodies(tmp_path / "raw.db")
    body = bytes(range(256)) * 1000
    key = raw.put(body, NOW)
    assert key == raw.put(body, NOW + HOUR) == body_hash(body)
    assert raw.get(key) == body
    assert raw.get(raw.put(b"", NOW)) == b""
    assert raw.get("inconnue") is None
    raw.close()


def test_the_count_adds_up_and_the_first_cause_stays(database: Database) -> None:
    tally = Tally(database, 1)
    tally.request("a")
    tally.request("a")
    tally.add("a", Count(found=3, new=2, roots_read=1))
    tally.add("a", Count(failed=1, cause="/1 : introuvable (404)"))
    tally.add("a", Count(failed=1, cause="/2 : autre chose"))
    tally.request("a")
    tally.flush()
    again = Tally(database, 1)
    outcome = again.outcome("a")
    assert (outcome.state, outcome.cause) == ("partial", "/1 : introuvable (404)")
    assert (outcome.found, outcome.new, outcome.failed, outcome.requests) == (3, 2, 2, 3)
    assert Tally(database, 2).count("a") == Count()


@pytest.mark.parametrize(
    ("count", "state"),
    [
        (Count(), "failed"),
        (Count(refused=1, cause="non"), "refused"),
        (Count(roots_read=1), "unchanged"),
        (Count(roots_read=1, updated=1), "ok"),
        (Count(roots_read=1, new=1, failed=1), "partial"),
        (Count(roots_read=1, cause="un des flux : introuvable"), "partial"),
    ],
)
def test_what_figures_amount_to(count: Count, state: str) -> None:
    assert state_of(count) == state


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        (" 120 ", 120),
        ("Sun, 01 Nov 2026 04:00:00 GMT", 3600),
        ("Sun, 01 Nov 2025 04:00:00 GMT", 0),
        ("999999999999", 30 * 86400),
        ("bientôt", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after(value: str, seconds: int | None) -> None:
    until = retry_after(value, NOW)
    assert until == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_an_answer_means_a_body_nothing_new_or_trouble() -> None:
    known = Validators('"1"', None, body_hash(b"abc"))

    def told(status: int, body: bytes = b"", *, known: Validators | None = known, plain: bool = False, **headers: str) -> Meaning:
        return meaning(status, headers, body, known, plain=plain, limits=CrawlLimits(), now=NOW)

    assert told(304) == Unchanged(known)
    assert told(304, etag='"2"') == Unchanged(Validators('"2"', None, known.body_hash))
    assert told(200, b"abc", etag='"9"') == Unchanged(Validators('"9"', None, known.body_hash))
    assert told(200, b"abd") == Body(body_hash(b"abd"))
    assert told(200, b"abc", known=None) == Body(known.body_hash)
    assert told(304, known=None) == "ask again plainly"
    for status, final in {404: False, 410: True, 403: False, 500: False, 418: False}.items():
        trouble = told(status)
        assert isinstance(trouble, Trouble)
        assert trouble.final is final
        assert f"({status})" in trouble.cause
    assert isinstance(told(304, known=None, plain=True), Trouble)
    parked = meaning(503, {"retry-after": "60"}, b"", None, plain=False, limits=CrawlLimits(), now=NOW)
    assert isinstance(parked, Trouble)
    assert parked.until == NOW + timedelta(seconds=60)
    hasty = told(429)
    assert isinstance(hasty, Trouble)
    assert hasty.until == NOW + timedelta(seconds=CrawlLimits().slow_down), "a server that names no time gets some all the same"


def test_parking_waits_for_the_patient_and_not_for_the_rest() -> None:
    parking = Parking(patience=60)
    assert parking.pause(NOW) is None
    parking.park("long", NOW + HOUR)
    assert parking.pause(NOW) is None
    parking.park("bref", NOW + timedelta(seconds=5))
    assert parking.pause(NOW) == pytest.approx(5, abs=0.01)
    assert parking.leave(NOW) == []
    assert parking.leave(NOW + timedelta(seconds=5)) == ["bref"]
    assert "bref" not in parking
    assert "long" in parking
