"""When a move is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.moves import Move, established, permanent, proposals, seen
from crawler.politeness import CrawlLimits
from crawler.schema import prepare
from luciole.database import Database

LIMITS = CrawlLimits()
DAY = timedelta(days=1)
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
OLD, NEW = "http://blog.exemple.fr/feed", "https://www.exemple.fr/rss.xml"


def nights(*visits: tuple[float, str, bool]) -> Move | None:
    move = None
    for day, new, for_good in visits:
        move = seen(move, OLD, new, for_good, START + day * DAY, LIMITS)
    return move


def test_three_nights_in_a_row_make_a_move():
    two = nights((0, NEW, True), (1, NEW, True))
    assert two is not None
    assert not established(two, LIMITS)
    three = nights((0, NEW, True), (1, NEW, True), (2, NEW, True))
    assert three == Move(OLD, NEW, 3, START + 2 * DAY)
    assert established(three, LIMITS)


def test_a_night_without_it_starts_anew():
    assert nights((0, NEW, True), (1, NEW, True), (2, OLD, True)) is None
    assert nights((0, NEW, True), (1, NEW, True), (2, NEW, False)) is None
    again = nights((0, NEW, True), (1, NEW, True), (2, OLD, False), (3, NEW, True))
    assert again is not None
    assert again.nights == 1


def test_another_target_starts_anew():
    move = nights((0, NEW, True), (1, NEW, True), (2, "https://exemple.fr/atom", True))
    assert move == Move(OLD, "https://exemple.fr/atom", 1, START + 2 * DAY)


def test_two_crawls_of_one_night_count_once_however_often_they_come():
    move = nights(*((hour / 12, NEW, True) for hour in range(10)))
    assert move is not None
    assert move.nights == 1
    move = nights(*((half / 2, NEW, True) for half in range(5)))
    assert move is not None
    assert move.nights == 3


@pytest.mark.parametrize(
    "new",
    [
        "https://exemple.com/feed",
        "https://autre.fr/feed",
        "https://exemple.fr.autre.com/feed",
        "ftp://blog.exemple.fr/feed",
        "//",
        "https://[",
        OLD,
        OLD + "#haut",
    ],
)
def test_only_another_address_of_the_same_owner(new):
    assert seen(None, OLD, new, True, START, LIMITS) is None


def test_neighbours_on_a_shared_platform_are_others():
    assert seen(None, "https://un.hypotheses.org/feed", "https://deux.hypotheses.org/feed", True, START, LIMITS) is None
    assert seen(None, "http://un.hypotheses.org/feed", "https://un.hypotheses.org/feed", True, START, LIMITS) is not None


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [([301], True), ([308, 301], True), ([], False), ([302], False), ([301, 302, 301], False), ([307], False), (["meta refresh"], False)],
)
def test_only_chains_that_are_permanent_throughout(reasons, expected):
    assert permanent(reasons) is expected


@given(st.lists(st.tuples(st.floats(0.01, 3), st.sampled_from([NEW, "https://exemple.fr/b", OLD]), st.booleans()), max_size=30))
def test_a_believed_move_rests_on_three_nights_of_nothing_else(visits):
    move, moment, row = None, START, []
    for step, new, for_good in visits:
        moment += step * DAY
        move = seen(move, OLD, new, for_good, moment, LIMITS)
        row = [*(row if row and row[-1][0] == new else []), (new, moment)] if for_good and new != OLD else []
        assert (move is None) == (not row)
        if move is not None:
            assert move.new == new
            assert 1 <= move.nights <= len(row)
            assert (move.nights - 1) * LIMITS.next_night <= moment - row[0][1]


def test_proposals_are_the_believed_moves_of_the_store(tmp_path):
    database = Database(tmp_path / "luciole.db")
    try:
        assert proposals(database, LIMITS) == ()
        prepare(database)
        for source_id, moved_for in (("zeta", 3), ("alpha", 5), ("beta", 2)):
            database.execute("INSERT INTO move VALUES (?, ?, ?, ?, ?)", source_id, OLD, NEW, moved_for, START.isoformat())
        found = proposals(database, LIMITS)
        assert [(one.source_id, one.move) for one in found] == [("alpha", Move(OLD, NEW, 5, START)), ("zeta", Move(OLD, NEW, 3, START))]
    finally:
        database.close()
