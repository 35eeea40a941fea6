"""The posts of a blog by month: every post counted, every silence seen, the same said in words."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from api import assets
from api.pictures.months import MOST_MONTHS, Months, months
from api.templating import environment, render

TEMPLATES = environment(assets.load(), None, None)
MONTH = st.builds("{:04}-{:02}".format, st.integers(1, 9999), st.integers(1, 12))


def picture(counts: dict[str, int], until: str | None = None) -> Months:
    made = months(counts, until)
    assert made is not None
    return made


def words(made: Months | None) -> str:
    text = render(TEMPLATES, "_mois.html", mois=made)
    return re.sub(r"\s+", " ", unescape("".join(re.findall(r'<p id="mois-dit">(.*?)</p>', text, re.S))))


def test_each_month_is_one_step_and_a_silence_is_a_gap() -> None:
    made = picture({"2020-01": 4, "2020-02": 2, "2020-04": 1})
    assert made.outline == "M0.1 100V0h.8V100zM1.1 100V50h.8V100zM3.1 100V75h.8V100z"
    assert (made.width, made.first, made.last, made.total) == (4, "janvier 2020", "avril 2020", 7)
    long = picture({"2000-01": 1, "2000-02": 4, "2010-01": 2})
    assert long.outline == "M0 100V75h1V0h1V100zM120 100V50h1V100z"


@given(st.dictionaries(MONTH, st.integers(-2, 10**30), max_size=40), st.none() | MONTH)
def test_every_step_is_in_bounds_and_every_post_told(counts: dict[str, int], until: str | None) -> None:
    made = months(counts, until)
    if made is None:
        assert all(count <= 0 for count in counts.values())
        return
    assert made.total + made.earlier == sum(count for count in counts.values() if count > 0)
    assert made.total == sum(count for _, count in made.table)
    assert 1 <= made.width <= MOST_MONTHS
    assert 0 < made.peak_x < 100
    heights = [float(top) for top in re.findall(r"V([\d.]+)h", made.outline)]
    assert min(heights) == 0
    assert all(0 <= top <= 98 for top in heights)
    assert all(0 <= float(left) < made.width for left in re.findall(r"M([\d.]+) ", made.outline))
    assert all(0 <= mark.x <= 100 for mark in made.marks)


def test_what_is_no_month_is_left_out() -> None:
    assert months({}) is months({"2020-13": 4, "2020": 1, "": 2, "٢٠٢٠-01": 1, "2020-01\n": 1, "2020-02": 0}) is None
    assert picture({"2020-05": 1, "never": 3}, until="soon").total == 1


def test_the_axis_goes_on_through_a_silence() -> None:
    made = picture({"2012-01": 3, "2016-12": 1}, until="2026-05")
    assert (made.last, made.until, made.width) == ("décembre 2016", "mai 2026", 173)
    assert [mark.text for mark in made.marks if mark.text and mark.shown != "wide"] == ["2015", "2020", "2025"]
    assert picture({"1950-01": 3}, until="2026-05").until == "janvier 1950"


def test_the_same_in_words() -> None:
    counts = {"2009-10": 1, "2014-03": 12, "2026-05": 2}
    assert words(picture(counts)) == "15 articles d’octobre 2009 à mai 2026 ; le mois le plus fourni : mars 2014, 12 articles."
    assert "2 au plus en un mois, la première fois en mars 2020" in words(picture({"2020-03": 2, "2020-05": 2}))
    assert words(picture({"2020-03": 1})) == "1 article en mars 2020."
    assert render(TEMPLATES, "_mois.html", mois=None).strip() == ""
