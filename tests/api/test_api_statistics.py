"""The pictures of the whole list: disciplines on one scale, blogs as fireflies, each in its place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import assets
from api.pictures.statistics import LIT, MOST_YEARS, TALLEST, Panels, Sky, disciplines_by_year, fireflies
from api.templating import environment, render
from tests.api.meadow import MOUSSE, NIGHT, NUIT, PIEGE, VIEUX

TEMPLATES = environment(assets.load(), None, None)
DAYS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
COUNTS = st.dictionaries(
    st.sampled_from(["physique", "chimie", "inconnue"]), st.dictionaries(st.integers(1, 9999), st.integers(-1, 10**30))
)


def panels(counts: dict[str, dict[int, int]], this_year: int = 2026) -> Panels:
    made = disciplines_by_year(counts, this_year)
    assert made is not None
    return made


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def sky(spans: dict[str, tuple[datetime, datetime]], now: datetime = NIGHT) -> Sky:
    made = fireflies([NUIT, MOUSSE, PIEGE, VIEUX], spans, now)
    assert made is not None
    return made


def test_all_disciplines_share_one_scale() -> None:
    made = panels({"chimie": {2025: 50}, "physique": {2024: 200, 2026: 100}})
    large, small = made.panels
    assert (large.discipline, large.height, large.peak_year, large.counts) == ("physique", TALLEST, 2024, (200, 0, 100))
    assert [(bar.year, bar.y, bar.height, bar.under_way) for bar in large.bars] == [(2024, 0.0, 11.0, False), (2026, 5.5, 5.5, True)]
    assert (small.height, small.bars[0].height, small.bars[0].x) == (2.75, 2.75, 36.7)
    assert (list(made.years), made.under_way) == ([2024, 2025, 2026], True)


@given(COUNTS, st.integers(1, 9999))
def test_bars_are_in_bounds_and_no_article_is_forgotten(counts: dict[str, dict[int, int]], this_year: int) -> None:
    made = disciplines_by_year(counts, this_year)
    if made is None:
        return
    assert len(made.years) <= MOST_YEARS
    assert made.undrawn + sum(panel.total for panel in made.panels) == sum(
        count for by_year in counts.values() for count in by_year.values() if count > 0
    )
    assert max(panel.height for panel in made.panels) == TALLEST
    for panel in made.panels:
        assert sum(panel.counts) == panel.total
        assert 0 <= panel.peak_x <= 100
        for bar in panel.bars:
            assert 0 <= bar.x < bar.x + bar.width <= 100
            assert bar.y >= 0 < bar.height
            assert bar.y + bar.height == pytest.approx(panel.height)


def test_nothing_to_draw_is_no_picture() -> None:
    assert disciplines_by_year({}, 2026) is disciplines_by_year({"chimie": {2030: 4, 2020: 0}}, 2026) is None
    assert fireflies([], {}, NIGHT) is fireflies([NUIT], {}, NIGHT) is None
    assert fireflies([replace(NUIT, frozen_since=NIGHT)], {"nuit": (NIGHT, NIGHT)}, NIGHT) is None


def test_older_blogs_stand_left_larger_ones_high_and_living_ones_shine() -> None:
    made = sky({"nuit": (day(2010), NIGHT - LIT), "mousse": (day(2020), NIGHT - LIT - timedelta(days=1)), "vieux": (day(2006), day(2007))})
    by_id = {fly.id: fly for fly in made.flies}
    assert by_id["vieux"].x == 0.0
    assert by_id["vieux"].y == 100.0  # one article
    assert by_id["nuit"].y == 0.0  # the most, 37
    assert by_id["vieux"].x < by_id["nuit"].x < by_id["mousse"].x
    assert [fly.id for fly in made.flies if fly.lit] == ["nuit"] == [made.flies[-1].id]
    assert (made.oldest.id, made.largest.id, made.left_out, made.lit) == ("vieux", "nuit", 1, 1)
    assert [(level.value, level.at) for level in made.levels] == [(1, 100.0), (10, 36.2)]


@given(st.lists(st.tuples(st.integers(-1, 10**30), DAYS, DAYS), max_size=8), DAYS)
def test_every_firefly_is_in_the_sky(blogs: list[tuple[int, datetime, datetime]], now: datetime) -> None:
    cards = [replace(NUIT, id=str(number), articles=articles) for number, (articles, _, _) in enumerate(blogs)]
    made = fireflies(cards, {str(number): (first, last) for number, (_, first, last) in enumerate(blogs)}, now)
    if made is None:
        assert all(articles <= 0 for articles, _, _ in blogs)
        return
    assert len(made.flies) + made.left_out == len(blogs)
    for fly in made.flies:
        assert 0 <= fly.x <= 100
        assert 0 <= fly.y <= 100
        assert fly.first <= fly.last
    assert all(0 <= mark.at <= 100 for mark in (*made.years, *made.levels))


def test_pictures_are_also_tables_and_hostile_names_are_words() -> None:
    spans = {"nuit": (day(2010), NIGHT), "piege": (day(2011), day(2012))}
    made = fireflies([NUIT, replace(PIEGE, articles=3)], spans, NIGHT)
    text = render(TEMPLATES, "_stat_lucioles.html", cieux=made)
    assert "&lt;b&gt;Piège&lt;/b&gt; &amp; Cie" in text
    assert "<b>" not in text
    assert text.count("<circle") == 2
    assert re.findall(r"<td>([^<]*)</td>", text)[-3:] == ["37", "1er\u00a0janvier\u00a02010", "14\u00a0mars\u00a02026"]
    chart = render(TEMPLATES, "_stat_disciplines.html", panneaux=panels({"chimie": {2024: 1234, 2026: 7}}))
    assert re.findall(r"<td>([^<]*)</td>", chart) == ["7", "0", "1\u202f234"]
    assert "2026 n’est pas finie" in chart
    for page in (text, chart):
        assert not re.search(r"\sstyle=|<script|<style|\son\w+=", page)


@pytest.mark.parametrize(
    ("lit", "of", "said"),
    [(0, 2, "Aucun n’a publié"), (2, 2, "Tous ont publié"), (1, 2, "Un seul sur 2"), (2, 3, "Ils sont 2 sur 3")],
)
def test_how_many_shine_is_said_in_french(lit: int, of: int, said: str) -> None:
    cards = [replace(NUIT, id=str(number)) for number in range(of)]
    made = fireflies(cards, {card.id: (day(2010), NIGHT if int(card.id) < lit else day(2011)) for card in cards}, NIGHT)
    text = render(TEMPLATES, "_stat_lucioles.html", cieux=made)
    assert said in text
    assert ("l’autre n’est qu’un anneau" in text) == (of - lit == 1)


@pytest.mark.parametrize(
    ("largest", "said"),
    [(1, "7\u00a0articles."), (2, "7\u00a0articles, à égalité avec un autre."), (4, "7\u00a0articles, à égalité avec 3\u00a0autres.")],
)
def test_who_is_first_is_not_first_alone_where_others_are_as_well(largest: int, said: str) -> None:
    cards = [replace(NUIT, id=str(number), name=f"Blog {number}", articles=7 if number < largest else 3) for number in range(5)]
    spans = {card.id: (day(2010, 1, 1 + int(card.id)), NIGHT) for card in cards}
    made = fireflies(cards, spans, NIGHT)
    assert made is not None
    assert (made.as_old, made.as_large) == (0, largest - 1)
    assert f"Le plus fourni&nbsp;: <bdi>Blog 0</bdi>, {said}" in render(TEMPLATES, "_stat_lucioles.html", cieux=made)
    together = fireflies(cards, dict.fromkeys(spans, (day(2010), NIGHT)), NIGHT)
    assert together is not None
    assert "1er\u00a0janvier\u00a02010, à égalité avec 4\u00a0autres." in render(TEMPLATES, "_stat_lucioles.html", cieux=together)


def test_the_best_year_is_one_of_the_best_where_others_are_as_good() -> None:
    made = panels({"chimie": {2010: 1, 2012: 1}, "physique": {2010: 2, 2011: 3}})
    assert [(panel.peak_year, panel.peak_shared) for panel in made.panels] == [(2011, False), (2010, True)]
    chart = render(TEMPLATES, "_stat_disciplines.html", panneaux=made)
    assert "l’une des meilleures années&nbsp;: 2010, 1\u00a0article<" in chart
    assert "; meilleure année&nbsp;: 2011, 3\u00a0articles<" in chart
