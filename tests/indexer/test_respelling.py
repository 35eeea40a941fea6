"""Words replaced in a reader's text: as words, everywhere, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.folding import clean, undotted, undotted_places
from indexer.operators import parse
from indexer.respelling import best, respelt, without
from indexer.results import Correction

USED = {"miere": "mère", "galxie": "galaxie", "IRN": "IRM", "autuer": "auteur", "2O20": "2020", "dotu": "doute"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("lumiere miere", "lumiere mère"),
        ("auteur:galxie galxie", "auteur:galxie galaxie"),
        ("galxie galxie", "galaxie galaxie"),
        ("Galxie, galxies", "galaxie, galaxie"),  # one stem is one word, to the planner too
        ('"la galxie" galxie', '"la galxie" galaxie'),
        ("-galxie l’galxie", "-galxie l’galaxie"),
        ("doi:10.1000/galxie galxie", "doi:10.1000/galxie galaxie"),
        ("l’I.R.N et galxie", "l’IRM et galaxie"),
        ("A.D.N. galxie", "A.D.N. galaxie"),
        ("autuer:galxie", "auteur : galaxie"),  # no operator appears that was not typed
        ("avant:2O20", "avant: 2020"),
        ("lumiere ", "lumiere "),
        ("", ""),
    ],
)
def test_a_word_is_replaced_where_it_stands_as_a_word(text: str, made: str) -> None:
    assert " ".join(respelt(text, USED).split()) == " ".join(made.split())


def test_two_corrections_do_not_meet() -> None:
    assert respelt("ab cd", {"ab": "cd", "cd": "ef"}) == "cd ef"
    assert respelt("ab", {}) == "ab"
    assert respelt("ab", {"": "x", "!": "y"}) == "ab"


def test_the_first_of_several_words_is_taken() -> None:
    assert best([Correction("a", ("b", "c")), Correction("d", ())]) == {"a": "b"}


ALPHABET = "galxie miere:autuerdoi-\"«»“”' .’,é10/"
TEXTS = st.text(alphabet=ALPHABET, max_size=60) | st.text(max_size=60)
WORDS = st.sampled_from(
    ["galxie", "miere", "autuer", "auteur:x", "doi:10.1000/galxie", '"galxie"', "-miere", "lumiere", "«", ":", "I.R.N."]
)


@given(TEXTS | st.lists(WORDS, max_size=8).map(" ".join))
def test_operators_stay_and_no_misspelt_word_is_left(text: str) -> None:
    made = respelt(text, USED)
    before, after = parse(clean(text)), parse(clean(made))
    assert [one for _, _, one in after.places] == [one for _, _, one in before.places]
    if made != text:
        assert respelt(made, USED) == made
    assert respelt(text, {}) == text


@given(TEXTS)
def test_every_letter_has_its_place(text: str) -> None:
    places = undotted_places(text)
    plain = undotted(text)
    assert len(places) == len(plain) + 1
    assert places == sorted(places)
    assert all(text[place] == letter or letter == " " for place, letter in zip(places, plain, strict=False))


def test_an_operator_goes_from_its_own_place() -> None:
    text = "x-galaxie -galaxie -galaxie nuit"
    operators = parse(text).operators
    assert without(text, operators) == "x-galaxie nuit"
    assert without('a "b c" d', parse('a "b c" d').operators, lambda one: one.value) == "a b c d"
    assert without("a  b", ()) == "a b"
