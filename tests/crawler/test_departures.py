"""What follows from a look at a known article that may be gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.departures import PRESENT, Departure, Looks, after, mass
from crawler.politeness import CrawlLimits

LIMITS = CrawlLimits()
DAY = timedelta(days=1)
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def look(days: float, status: int, looks: Looks = PRESENT, **known: bool) -> Departure:
    return after(status, looks, START + days * DAY, LIMITS, **known)


def history(*visits: tuple[float, int], **known: bool) -> Departure:
    """The outcome of the last of several looks (day, status)."""
    outcome = Departure(looks=PRESENT)
    for days, status in visits:
        outcome = look(days, status, outcome.looks, **known)
    return outcome


@pytest.mark.parametrize(("status", "why"), [(410, "retiré par son auteur (410)"), (451, "retiré pour raison légale (451)")])
def test_what_is_said_on_purpose_removes_at_once(status, why):
    for in_feed in (False, True):
        outcome = look(0, status, in_feed=in_feed)
        assert (outcome.gone_why, outcome.explicit, outcome.looks) == (why, True, PRESENT)


def test_a_404_is_looked_at_again_after_one_three_and_seven_days_then_removed():
    outcome, day = look(0, 404), 0.0
    days = []
    while not outcome.gone_why:
        assert outcome.again is not None
        day = (outcome.again - START) / DAY
        days.append(day)
        outcome = look(day, 404, outcome.looks)
    assert [round(one) for one in days] == [1, 3, 7]
    assert outcome.gone_why == "introuvable depuis le 22/11/2026 (404)"
    assert not outcome.explicit


def test_a_night_that_begins_a_little_early_does_not_cost_a_day():
    looks = look(0, 404).looks
    again = look(0, 404).again
    assert again is not None
    assert again <= START + DAY - timedelta(minutes=30)
    assert history((0, 404), (0.98, 404), (2.97, 404), (6.95, 404)).gone_why
    assert looks.count == 1


def test_missed_nights_do_not_shorten_the_proof():
    assert not history((0, 404), (40, 404)).gone_why
    assert history((0, 404), (40, 404), (41, 404)).gone_why
    assert history((0, 404), (3, 404), (8, 404)).gone_why


def test_many_looks_in_one_night_count_once():
    outcome = history((0, 404), (0.1, 404), (0.2, 404), (0.3, 404))
    assert outcome.looks.count == 1
    assert not history((0, 404), (0.1, 404), (0.2, 404), (7, 404)).gone_why


def test_an_article_that_comes_back_starts_anew():
    for here in (200, 304):
        outcome = history((0, 404), (1, 404), (3, here))
        assert outcome == Departure(looks=PRESENT)
        assert not history((0, 404), (1, 404), (3, here), (7, 404)).gone_why


def test_a_page_that_says_with_200_that_nothing_is_here_is_missing():
    outcome = Departure(looks=PRESENT)
    for day in (0, 1, 3, 7):
        assert not outcome.gone_why
        outcome = look(day, 200, outcome.looks, absent=True)
    assert outcome.gone_why == "introuvable depuis le 22/11/2026 (la page dit qu’il n’y a rien ici)"


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_takes_thirty_days(status):
    assert not history((0, status), (1, status), (7, status), (20, status)).gone_why
    outcome = history((0, status), (1, status), (7, status), (30, status))
    assert outcome.gone_why == f"accès fermé depuis le 22/11/2026 ({status})"


@pytest.mark.parametrize("status", [404, 403])
def test_what_the_feed_still_names_is_not_gone(status):
    suspected = history((0, status), (1, status), (3, status)).looks
    assert suspected.count == 3
    departure = look(45, status, suspected, in_feed=True)
    assert (departure.looks, departure.gone_why) == (PRESENT, "")
    assert departure.again == START + 45 * DAY + LIMITS.missing_looks[-1], "it may have left the feed since"


@pytest.mark.parametrize("status", [0, 429, 500, 503, 302])
def test_an_answer_that_tells_nothing_changes_nothing(status):
    suspected = history((0, 404), (1, 404)).looks
    outcome = look(3, status, suspected, absent=True)
    assert (outcome.looks, outcome.gone_why) == (suspected, "")
    assert outcome.again == START + 3 * DAY + LIMITS.next_night
    assert look(3, status) == Departure(looks=PRESENT)


def test_closed_after_missing_is_another_matter():
    outcome = history((0, 404), (1, 404), (3, 404), (7, 403))
    assert not outcome.gone_why
    assert (outcome.looks.absence, outcome.looks.count) == ("closed", 1)


def test_a_site_that_goes_as_a_whole_is_told():
    assert mass(3, 3, LIMITS)
    assert mass(4, 10, LIMITS)
    assert not mass(3, 10, LIMITS)
    assert not mass(2, 2, LIMITS)
    assert not mass(0, 0, LIMITS)
    assert mass(0, 0, LIMITS, root_answers=False)
    assert mass(1, 20, LIMITS, root_answers=False)


nights = st.lists(st.tuples(st.floats(0.01, 20), st.sampled_from([200, 404, 403, 401, 503, 0]), st.booleans()), min_size=1, max_size=30)


@given(nights)
def test_no_article_goes_without_seven_days_and_three_looks_in_a_row(visits):
    """Whatever the site answers and whenever we look: before a removal lies an unbroken row of absences, long and full enough."""
    outcome, day, row = Departure(looks=PRESENT), 0.0, []
    for step, status, in_feed in visits:
        day += step
        before = outcome.looks
        outcome = look(day, status, before, in_feed=in_feed)
        kind = {404: "missing", 401: "closed", 403: "closed"}.get(status)
        if status == 200 or (kind and in_feed):
            row = []
        elif kind:
            row = [entry for entry in row if entry[1] == kind] + [(day, kind)] if not row or row[-1][1] == kind else [(day, kind)]
        if outcome.gone_why:
            assert len(row) >= 3
            assert row[-1][0] - row[0][0] >= (6.8 if kind == "missing" else 29.8)
            return
        assert outcome.again is None or outcome.again > START + day * DAY
        assert (outcome.looks == PRESENT) == (not row)
        if row and outcome.looks.first is not None and before.first is not None and before.absence == outcome.looks.absence:
            assert outcome.looks.count >= before.count
            assert outcome.looks.first == before.first
