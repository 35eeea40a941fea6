"""Dates, numbers and words as French readers expect them."""

from datetime import UTC, datetime

import pytest

from api import french
from tests.api.meadow import card


def test_a_day_is_the_day_in_paris() -> None:
    assert french.day(datetime(2025, 3, 14, 12, tzinfo=UTC)) == "14\u00a0mars\u00a02025"
    assert french.day(datetime(2025, 7, 31, 22, 30, tzinfo=UTC)) == "1er\u00a0août\u00a02025"
    assert french.hour(datetime(2025, 1, 1, 3, 7, tzinfo=UTC)) == "4\u00a0h\u00a007"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0\u00a0résultat"), (1, "1\u00a0résultat"), (2, "2\u00a0résultats"), (12345, "12\u202f345\u00a0résultats")],
)
def test_none_and_one_are_singular(value: int, text: str) -> None:
    assert french.counted(value, "résultat") == text


def test_states_are_said_in_words() -> None:
    assert french.visit(card("x", "X", state="ok")) == "à jour"
    assert french.visit(card("x", "X", state=None)) == "pas encore visité"
    assert french.visit(card("x", "X", status="archived")) == "archivé"
    assert french.visit(card("x", "X", state="skipped", type="video")) == "chaîne vidéo, non fouillée"


def test_what_is_unknown_stays_as_it_is() -> None:
    assert french.country("xx") == "XX"
    assert french.country(None) is None
    assert french.discipline("alchimie") == "alchimie"


def test_reading_time_is_never_nothing() -> None:
    assert [french.minutes(words) for words in (0, 230, 1000)] == [1, 1, 4]


def test_typed_words_get_the_spaces_of_french() -> None:
    assert french.spaced("Quoi ? « Rien » : voilà !") == "Quoi\u202f? «\u00a0Rien\u00a0»\u00a0: voilà\u202f!"
    assert french.spaced("1 361 watts, 12 000 000 ; 2018 100 et 1 36") == "1\u202f361 watts, 12\u202f000\u202f000\u202f; 2018 100 et 1 36"
    assert french.spaced("a:b (c)") == "a:b (c)"
    assert french.spaced("90 % du CO2, 3 500 €, 2 ‰, −5 °C et 9 °F") == (
        "90\u00a0% du CO2, 3\u202f500\u00a0€, 2\u00a0‰, −5\u00a0°C et 9\u00a0°F"
    )
    assert french.spaced("le % de 2 °Cent, 5 a%") == "le % de 2 °Cent, 5 a%"
    assert len(french.spaced("« a » : b ; c ?")) == len("« a » : b ; c ?")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Que dit «\u00a0la science\u00a0»\u202f?", "Que dit “la science”\u202f?"),
        ("«a» et « b »", "“a” et “b”"),
        ("« un « deux » trois »", "« un “deux” trois »"),
        ("« sans fin", "« sans fin"),
        ("» à l’envers «", "» à l’envers «"),
        ("«»", "“”"),
        ("", ""),
    ],
)
def test_quotes_inside_quotes_are_others(text: str, inside: str) -> None:
    assert french.nested(text) == inside


def test_quotes_without_an_end_cost_no_time() -> None:
    assert french.nested("«" * 50_000) == "«" * 50_000
    spaces = "«" + " " * 5_000
    assert french.nested(spaces) == spaces
