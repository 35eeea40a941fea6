"""The histogram by year: bars in proportion, doors that a finger finds, links that choose the years they show."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from api import assets
from api.address import MAX_VALUES, read_query
from api.pictures.histogram import ROOM, Histogram, histogram
from api.pictures.scale import FLOOR, height, named_years, round_years, time_marks
from api.templating import environment, render
from indexer.query import Query
from indexer.results import YearCount

COUNTS = st.dictionaries(st.integers(0, 9999), st.integers(0, 10**30), max_size=30)
TEMPLATES = environment(assets.load(), None, None)


def picture(years: dict[int, int], *chosen: int) -> Histogram:
    made = histogram(YearCount(year, count, year in chosen) for year, count in years.items())
    assert made is not None
    return made


def even(first: int, last: int) -> dict[int, int]:
    return dict.fromkeys(range(first, last + 1), 3)


def html(made: Histogram | None, query: Query | None = None) -> str:
    return render(TEMPLATES, "_histogramme.html", histogramme=made, query=query or Query())


def test_heights_are_proportions_of_the_largest() -> None:
    assert [height(count, 200) for count in (0, 200, 100, 33, 1, -4)] == [0.0, 100.0, 50.0, 16.5, FLOOR, 0.0]
    assert height(0, 0) == height(5, 0) == 0.0
    assert height(10**300, 2 * 10**300) == 50.0
    row = picture({2019: 50, 2020: 200, 2021: 100}).rows[0]
    assert [(bar.year, bar.y, bar.height) for door in row.doors for bar in door.bars] == [
        *((2019, 75.0, 25.0), (2020, 0.0, 100.0), (2021, 50.0, 50.0)),
    ]


@given(COUNTS, st.sets(st.integers(0, 9999), max_size=5))
def test_every_bar_is_inside_its_door_and_nothing_is_lost(counts: dict[int, int], chosen: set[int]) -> None:
    made = histogram([YearCount(year, count, year in chosen) for year, count in counts.items()])
    if made is None:
        assert sum(count > 0 for count in counts.values()) < 2
        return
    assert made.last - made.first < 120
    assert sorted({place for row in made.rows for place in row.places}) == sorted(ROOM)
    for row in made.rows:
        assert sum(door.count for door in row.doors) + made.earlier == sum(counts.values())
        for place in row.places:
            width, doors = ROOM[place]
            assert len(row.doors) <= doors
            assert width / len(row.doors) >= 24
        for door in row.doors:
            assert door.last - door.first == row.size - 1
            for bar in door.bars:
                assert door.first <= bar.year <= door.last
                assert 0 <= bar.x < bar.x + bar.width <= 100
                assert (bar.height >= FLOOR) == (bar.count > 0)
                assert round(bar.y + bar.height, 1) == 100
                assert round(bar.height, 1) == bar.height
        assert sum(bar.peak for door in row.doors for bar in door.bars) == 1


def test_a_single_year_is_no_picture_unless_it_was_chosen() -> None:
    assert histogram([]) is histogram([YearCount(2020, 0)]) is histogram([YearCount(2020, 4)]) is None
    assert [door.turns for door in picture({2020: 4}, 2020).rows[0].doors] == [("2020",)]
    assert html(None).strip() == ""


def test_a_chosen_year_that_never_was_does_not_stretch_the_picture() -> None:
    made = picture({2019: 2, 2020: 0, 2021: 5, 1: 0, 9999: 0}, 1, 2020, 9999)
    assert (made.first, made.last, made.chosen, made.earlier) == (2019, 2021, True, 0)
    assert [door.turns for door in made.rows[0].doors] == [("2019",), ("2020",), ("2021",)]


def test_doors_hold_more_years_where_there_is_less_room() -> None:
    assert {place: row.size for row in picture(even(2022, 2026)).rows for place in row.places} == {"etroit": 1, "moyen": 1, "large": 1}
    assert {place: row.size for row in picture(even(2007, 2026)).rows for place in row.places} == {"etroit": 2, "moyen": 2, "large": 1}
    assert {place: row.size for row in picture(even(1967, 2026)).rows for place in row.places} == {"etroit": 10, "moyen": 5, "large": 5}
    assert {place: row.size for row in picture(even(1907, 2026)).rows for place in row.places} == {"etroit": 20, "moyen": 10, "large": 5}


def test_a_door_chooses_what_is_left_of_its_years_then_lets_them_go() -> None:
    narrow = picture({**even(2000, 2024), 2011: 0}, 2012).rows[0]
    door = next(door for door in narrow.doors if door.first == 2010)
    assert (door.chosen, door.turns) == ("some", ("2010", "2013", "2014"))
    narrow = picture({**even(2000, 2024), 2011: 0}, 2010, 2012, 2013, 2014).rows[0]
    door = next(door for door in narrow.doors if door.first == 2010)
    assert (door.chosen, door.turns) == ("all", ("2010", "2012", "2013", "2014"))


def test_an_address_never_has_to_hold_more_years_than_are_read() -> None:
    held = range(1950, 1969)
    made = picture(even(1907, 2026), *held)
    query = Query(filters=MappingProxyType({"annee": tuple(map(str, held))}))
    for link in re.findall(r'href="[^?]*\?([^"]*)"', html(made, query)):
        years = [part.partition("=")[2] for part in link.split("&amp;")]
        assert len(years) <= MAX_VALUES
        assert len(set(years)) == len(years)


def test_links_are_named_and_lead_to_their_year() -> None:
    query = read_query([("q", "mer"), ("annee", "2020")])
    text = html(picture({2018: 1234, 2019: 0, 2020: 1}, 2020), query)
    plain = re.sub(r"\s+", " ", unescape(re.sub(r"<title>.*?</title>|<text.*?</text>|<[^>]+>", "", text))).strip()
    assert plain == "Par année 2018 : 1 234 résultats 2019 : aucun résultat 2020 : 1 résultat (retirer ce filtre)"
    assert re.findall(r'href="([^"]+)"', text) == ["/recherche?q=mer&amp;annee=2020&amp;annee=2018", "/recherche?q=mer"]
    assert text.count('aria-current="true"') == 1


def test_what_is_older_than_can_be_drawn_is_said() -> None:
    made = picture({1000: 2, 2020: 5, 2021: 5})
    assert (made.first, made.earlier) == (2020 - 118, 2)
    assert "et 2\u00a0résultats avant 1902" in html(made)


def test_the_page_needs_no_style_and_no_script_and_repeats_no_id() -> None:
    text = html(picture(even(1990, 2026), 2001))
    assert not re.search(r"\sstyle=|<script|<style|\son\w+=", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@given(st.integers(1, 9000), st.integers(0, 130), st.integers(2, 40), st.sampled_from([1, 2, 5, 10, 20]))
def test_years_named_are_within_bounds_and_apart(first: int, groups: int, room: int, size: int) -> None:
    first -= first % size
    last = first + groups * size
    named = named_years(first, last, room, size)
    gap = -(-(last - first + size) // room)
    assert named[0] == first
    assert named[-1] <= last
    assert all(other - one >= min(gap, last - first) for one, other in pairwise(named))
    assert all((year - first) % size == 0 for year in named)


@given(st.integers(1, 9000), st.integers(0, 400), st.integers(2, 15), st.integers(2, 15))
def test_an_axis_of_time_names_round_years(first: int, span: int, narrow: int, wide: int) -> None:
    years = round_years(first, first + span, narrow)
    assert 1 <= len(years) <= max(2, narrow)
    assert all(first <= year <= first + span for year in years)
    marks = time_marks(first, first + span, narrow, wide)
    assert [year for year, shown in marks if shown != "wide"] == list(years)
    assert [year for year, shown in marks if shown != "narrow"] == list(round_years(first, first + span, wide))
