"""What is an operator and what is words: the pure parser, over readers' usual slips and over any text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.folding import clean
from indexer.operators import MAX_NAME_WORDS, MAX_OPERATORS, MAX_PHRASE_WORDS, name_key, name_keys, parse, period, words_of

Heard = tuple[str, str, bool]


def heard(text: str) -> list[Heard]:
    return [(one.name, one.value, one.excluded) for one in parse(text).operators]


@pytest.mark.parametrize(
    ("text", "expected", "left"),
    [
        ('"trou de ver"', [("phrase", "trou de ver", False)], ""),
        ("“trou noir” ici", [("phrase", "trou noir", False)], "ici"),
        ("un « trou noir » ici", [("phrase", "trou noir", False)], "un ici"),
        ('("trou noir")', [("phrase", "trou noir", False)], "( )"),
        ('-"trou noir" galaxie', [("phrase", "trou noir", True)], "galaxie"),
        ("étoile -filante", [("mot", "filante", True)], "étoile"),
        ("-arc-en-ciel", [("mot", "arc-en-ciel", True)], ""),
        ("auteur:Curie radium", [("auteur", "Curie", False)], "radium"),
        ('auteur:"Marie Curie"', [("auteur", "Marie Curie", False)], ""),
        ("AUTEUR:curie -auteur:joliot", [("auteur", "curie", False), ("auteur", "joliot", True)], ""),
        ("blog:cieux discipline:physique", [("blog", "cieux", False), ("discipline", "physique", False)], ""),
        ("avant:2020 apres:2015-03", [("avant", "2020", False), ("apres", "2015-03", False)], ""),
        ("après:2015 APRÈS:2016-01-31", [("apres", "2015", False), ("apres", "2016-01-31", False)], ""),
        ("aprés:2015", [("apres", "2015", False)], ""),
        ("doi:10.1038/171737A0", [("doi", "10.1038/171737a0", False)], ""),
        ("doi:https://doi.org/10.1038/171737a0,", [("doi", "10.1038/171737a0", False)], ""),
        ("doi:http://dx.doi.org/10.1000%2Fa.b.c", [("doi", "10.1000/a.b.c", False)], ""),
        ('"a "b" c"', [("phrase", "b", False)], '"a c"'),
        ('foo:"trou noir"', [("phrase", "trou noir", False)], "foo:"),
    ],
)
def test_operators(text: str, expected: list[Heard], left: str) -> None:
    assert heard(text) == expected
    assert " ".join(parse(text).text.split()) == left


@pytest.mark.parametrize(
    "text",
    [
        "l’énergie noire",
        '"énergie noire',
        '"',
        '""',
        '"?!"',
        "« énergie",
        'un écran de 24" et un de 27" ici',
        "-",
        "- mot",
        "--mot",
        "-?",
        "-la",
        "-273 degrés",
        "arc-en-ciel",
        "auteur:",
        "auteur: curie",
        "auteur : curie",
        'auteur:"marie curie',
        "auteur:?!",
        "coauteur:curie",
        "avant:abc",
        "avant:20",
        "avant:2020-13",
        "avant:2021-02-29",
        "avant:0000",
        "avant:２０２０",
        "avant:2020-",
        "-avant:hier",
        "après:2015-00",
        "doi:11.1038/x",
        "doi:10.1038/",
        "doi:10.1/x",
        "blog:",
        '"' + "mot " * (MAX_PHRASE_WORDS + 1) + '"',
        '"' + "q" * 300 + '"',
    ],
)
def test_what_makes_no_sense_is_words(text: str) -> None:
    parsed = parse(text)
    assert (parsed.operators, parsed.text, parsed.surplus) == ((), text, ())


def test_the_same_operator_counts_once_and_many_are_bounded() -> None:
    assert len(parse("-mot " * 200).operators) == 1
    many = parse(" ".join(f"-mot{letter}{other}" for letter in "abcdefghijklmno" for other in "abcdefghijklmn"))
    assert len(many.operators) == MAX_OPERATORS
    assert len(many.surplus) == 15 * 14 - MAX_OPERATORS
    assert many.text.strip() == ""


@pytest.mark.parametrize(
    ("text", "first", "following"),
    [
        ("2015", (2014, 12, 31, 23), (2015, 12, 31, 23)),
        ("2015-03", (2015, 2, 28, 23), (2015, 3, 31, 22)),
        ("2015-12", (2015, 11, 30, 23), (2015, 12, 31, 23)),
        ("2015-07-14", (2015, 7, 13, 22), (2015, 7, 14, 22)),
        ("2024-02-29", (2024, 2, 28, 23), (2024, 2, 29, 23)),
    ],
)
def test_a_period_begins_and_ends_in_paris(text: str, first: tuple[int, int, int, int], following: tuple[int, int, int, int]) -> None:
    assert period(text) == (datetime(*first, tzinfo=UTC), datetime(*following, tzinfo=UTC))


def test_the_ends_of_the_calendar() -> None:
    first, last = period("0001"), period("9999-12-31")
    assert first is not None
    assert first[0] == datetime.min.replace(tzinfo=UTC)
    assert last is not None
    assert last[1] == datetime.max.replace(tzinfo=UTC)


def test_words_are_as_indexed_and_none_is_lost_silently() -> None:
    assert words_of("L'Énergie d’un I.R.M.") == ("l", "energie", "d", "un", "irm")
    assert words_of("un " + "q" * 100 + " deux") == ()


def test_a_name_is_found_by_any_of_its_words_together() -> None:
    assert name_keys("Éloïse d'Été") == {"eloise", "d", "ete", "d eloise", "eloise ete", "d ete", "d eloise ete"}
    assert name_key(("marie", "curie", "marie")) in name_keys("Curie, Marie")
    assert len(name_keys(" ".join(f"nom{letter}" for letter in "abcdefghijkl"))) == 2**MAX_NAME_WORDS - 1


SIGNS = st.lists(
    st.sampled_from(
        ['"', "«", "»", "“", "”", "-", ":", " ", "auteur:", "avant:", "après:", "doi:10.1000/", "2020", "blog:", "é", "mot", "\0"]
    ),
    max_size=60,
).map("".join)


@given(st.text(max_size=500) | SIGNS)
def test_no_text_is_an_error(text: str) -> None:
    text = clean(text)
    parsed = parse(text)
    assert len(parsed.operators) <= MAX_OPERATORS
    if not parsed.operators:
        assert parsed.text == text
    for one in parsed.operators:
        assert one.value
        assert one.typed in text
        assert one.words or one.name in {"avant", "apres", "doi"}
