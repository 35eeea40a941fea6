"""Formulas and code: found, and kept out of everything that speaks of words."""

from collections.abc import Callable

import pytest

from indexer.lexicon import Lexicon
from indexer.notation import searchable
from indexer.planner import plan
from indexer.query import Query
from luciole.marks import marked

from .conftest import MakeDocument, Place

Find = Callable[..., list[str]]


@pytest.fixture
def articles(place: Place, document: MakeDocument) -> None:
    formula = marked("formula", r"$E = mc^2$ et $\mathrm{H}_2\mathrm{O}$")
    code = marked("code", "import numpyx\ntrajectoire = numpyx.linspace(0, 1)")
    place.publish(
        [
            document("formule", "La masse au repos", f"Une masse immobile vaut {formula} selon la relativité."),
            document("code", "Tracer une courbe", f"On trace {code} et l’on regarde."),
            document("prose", "La trajectoire", "La trajectoire d’une planète est une ellipse."),
        ]
    )


@pytest.mark.usefixtures("articles")
class TestSearched:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            *(
                ("mc2 ", "formule"),
                ("mc²", "formule"),
                ("E=mc² ", "formule"),
                ("$E = mc^2$", "formule"),
                ("H₂O", "formule"),
                ("h2o ", "formule"),
            ),
            *(("mathrm ", "formule"), ("numpyx.linspace", "code"), ("linspace ", "code"), ("LINSPACE", "code")),
        ],
    )
    def test_formulas_and_code_are_found(self, ids: Find, text: str, found: str) -> None:
        assert ids(text) == [found]

    def test_prose_comes_first(self, ids: Find) -> None:
        assert ids("trajectoire ") == ["prose", "code"]

    def test_words_of_both_kinds_together(self, ids: Find) -> None:
        assert ids("masse mc2 ")[0] == "formule"

    def test_no_lexicon_no_completion_no_correction(self, place: Place) -> None:
        lexicon = place.engine().lexicon()
        for word in ("linspace", "numpyx", "mathrm", "mc2", "import"):
            assert (lexicon.frequency(word), lexicon.in_notation(word)) == (0, True)
        assert (lexicon.frequency("masse"), lexicon.in_notation("masse")) == (1, False)
        assert lexicon.completions("lins") == ()
        assert lexicon.corrections("linspaec") == ()
        page = place.search().page(Query(text="linspaec "))
        assert (page.total, page.unknown, page.corrections) == (0, ("linspaec",), ())

    def test_readers_see_no_sign_and_marks_point_into_notation(self, place: Place) -> None:
        (hit,) = place.search().page(Query(text="linspace ")).hits
        assert hit.excerpt.text == "On trace import numpyx trajectoire = numpyx.linspace(0, 1) et l’on regarde."
        assert [hit.excerpt.text[start:end] for start, end in hit.excerpt.marks] == ["linspace"]
        ((start, end),) = hit.excerpt.notation
        assert hit.excerpt.text[start:end] == "import numpyx trajectoire = numpyx.linspace(0, 1)"

    def test_two_words_around_a_formula_still_stand_together(self, place: Place, document: MakeDocument, ids: Find) -> None:
        body = "énergie {} noire. " + "Autre chose encore ici. " * 3
        place.publish([document("proche", "Un", body.format(marked("formula", "$a + b + c + d + e$")))], revision=2)
        place.publish([document("loin", "Un", "énergie " + "autre chose encore ici, " * 3 + "noire. Et puis plus rien.")], revision=3)
        assert ids("énergie noire ") == ["proche", "loin"]


def test_a_word_of_notation_alone_is_searched_as_it_stands() -> None:
    lexicon = Lexicon({"sort": 9, "sorte": 3, "interne": 4}, ["sqrt", "int", "sort"])
    (group,) = plan(Query(text="sqrt "), lexicon).groups
    assert (group.origin, group.stems, group.forms, [one.term for one in group.notation]) == ("typed", (), (), ["sqrt"])
    (both,) = plan(Query(text="sort "), lexicon).groups
    assert ([one.term for one in both.notation], bool(both.stems)) == (["sort"], True)
    (typing,) = plan(Query(text="int"), lexicon).groups
    assert ([one.term for one in typing.notation], [one.term for one in typing.forms]) == (["int"], ["interne"])
    assert plan(Query(text="interne "), lexicon).groups[0].notation == ()


def test_what_a_formula_becomes() -> None:
    text = f"Soit {marked('formula', 'x^2')} et {marked('code', 'a_b^c')}."
    assert searchable(text) == "x^2\nx2\na_b^c"
    assert searchable(marked("formula", r"\frac{a}{b}")) == "\\frac{a}{b}\na b"
    assert searchable("Rien du tout.") == ""
