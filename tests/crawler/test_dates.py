"""Dates as blogs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import EARLIEST, believed, find_date, parse_date
from tests.crawler.contexts import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02", "2026-11-02T00:00"),
        ("2026-11-02T10:00:00+01:00", "2026-11-02T09:00"),
        ("2026-11-02T10:00Z", "2026-11-02T10:00"),
        ("2026-11-02 10:00:00", "2026-11-02T10:00"),
        ("Tue, 03 Jun 2008 11:05:00 GMT", "2008-06-03T11:05"),
        ("Sat, 07 Sep 02 00:00:00 GMT", "2002-09-07T00:00"),
        ("Mon, 02 Nov 2026 10:00:00 CET", "2026-11-02T09:00"),
        ("Mon, 02 Nov 2026 10:00:00 CEST", "2026-11-02T08:00"),
        ("Mon, 02 Nov 2026 10:00:00 HAEC", "2026-11-02T08:00"),
        ("le 1er août 2019", "2019-08-01T00:00"),
        ("jeu. 5 fév. 2015", "2015-02-05T00:00"),
        ("Vendredi, juillet 11th, 2008 at 22:54", "2008-07-11T22:54"),
        ("03/04/2019", "2019-04-03T00:00"),
        ("lun., 02 nov. 2026 10:00:00 +0100", "2026-11-02T09:00"),
        ("Lundi 2 août 2026 à 10h30", "2026-08-02T10:30"),
        ("Le 2 août 2026 à 10 h", "2026-08-02T10:00"),
        ("1er février 2026", "2026-02-01T00:00"),
        ("02/11/2026 10:00", "2026-11-02T10:00"),
        ("31.01.23", "2023-01-31T00:00"),
        ("May 3, 2026", "2026-05-03T00:00"),
        ("1793610000", "2026-11-02T09:00"),
        ("1793610000000", "2026-11-02T09:00"),
        ("31/02/2020", None),
        ("2020-13-45", None),
        ("0001-01-01T00:00:00Z", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("2099-01-01", None),
        ("1980-01-01", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("99999999999999", None),
        ("hier", None),
        ("", None),
    ],
)
def test_case_31_stated_dates(text: str, expected: str | None) -> None:
    assert parse_date(text, NOW) == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Publié le mardi 12 mars 2020 par Ève", (2020, 3, 12)),
        ("Posté dans Physique, le 03/04/2019", (2019, 4, 3)),
        ("né le 5 mai 1821, publié le 6 juin 2021", (2021, 6, 6)),
        ("aucune date ici, sauf 2021", None),
        ("mai 2021", None),
    ],
)
def test_dates_in_a_line(line: str, day: tuple[int, int, int] | None) -> None:
    assert find_date(line, NOW) == (datetime(*day, tzinfo=UTC) if day else None)


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,14}|\d{1,4}[-/.]\d{1,3}[-/.]\d{1,5}( \d\d:\d\d)?", fullmatch=True))
def test_any_text_is_a_believable_date_or_none(text: str) -> None:
    for found in (parse_date(text, NOW), find_date(text, NOW)):
        assert found is None or (found.tzinfo is UTC and found == believed(found, NOW) and found >= EARLIEST)
