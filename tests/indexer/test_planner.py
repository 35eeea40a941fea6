from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.operators import MAX_OPERATORS
from indexer.plan import Cites, Exactly, OneOf, Plan, Published, Stems, WrittenBy
from indexer.planner import MAX_CORRECTED, MAX_GROUPS, MAX_TOLD, plan
from indexer.query import MAX_QUERY_CHARACTERS, MAX_RANKED, Query
from indexer.results import Correction, Understood

LEXICON = Lexicon(
    {
        "energie": 9,
        "energies": 4,
        "energetique": 2,
        "noire": 5,
        "noir": 6,
        "etoile": 7,
        "etoiles": 8,
        "univers": 3,
        "vitamine": 1,
        "oeuf": 1,
    }
)


def planned(text: str, **values: Any) -> Plan:
    return plan(Query(text=text, **values), LEXICON)


def typed(made: Plan) -> list[str]:
    return [group.typed for group in made.groups]


def test_a_plain_query() -> None:
    made = planned("L’énergie noire ")
    energy, black = made.groups
    assert (energy.typed, energy.origin, [one.term for one in energy.stems]) == ("énergie", "typed", ["energ"])
    assert [(one.term, one.weight) for one in energy.forms] == [("energie", 0.3)]
    assert set(energy.surfaces) >= {"energie", "energies"}
    assert set(black.surfaces) >= {"noire", "noir"}
    assert made.pairs == (("energ", "noir"),)
    assert (made.ignored, made.unknown, made.corrections, made.nothing, made.cut) == ((), (), (), False, False)


def test_stop_words_are_told_elided_ones_are_not() -> None:
    assert planned("l'univers et les étoiles d’").ignored == ("et", "les")


def test_a_misspelt_word_is_corrected_and_told() -> None:
    made = planned("étoille noire")
    assert made.groups[0].origin == "corrected"
    assert made.groups[0].stems[0].weight == 0.9
    assert made.corrections == (Correction("étoille", ("etoile",)),)


def test_the_last_word_is_completed_while_it_is_typed() -> None:
    group = planned("éne").groups[0]
    assert (group.origin, [one.term for one in group.forms]) == ("completed", ["energie", "energies", "energetique"])
    assert planned("éne ").unknown == ("éne",)
    assert planned("etoile").groups[0].origin == "typed"
    assert "etoiles" in [one.term for one in planned("etoile").groups[0].forms]


def test_a_short_word_or_a_formula_that_is_known_is_no_beginning() -> None:
    lexicon = Lexicon({"sel": 2, "selon": 40, "selection": 3, "h2o": 5, "h2o2": 1})
    for text in ("sel", "H₂O"):
        (group,) = plan(Query(text=text), lexicon).groups
        assert [one.term for one in group.forms] == [group.surfaces[0]], text
    assert "selection" in [one.term for one in plan(Query(text="sele"), lexicon).groups[0].forms]


@pytest.mark.parametrize(
    ("text", "words"), [("I.R.M.", ["irm"]), ("l’I.R.M", ["irm"]), ("IRM", ["irm"]), ("I.R.M.cérébrale", ["irm", "cerebrale"]), ("A.B", [])]
)
def test_an_acronym_is_one_word_with_dots_or_without(text: str, words: list[str]) -> None:
    made = plan(Query(text=text), Lexicon({"irm": 1, "cerebrale": 1}))
    assert [group.surfaces[0] for group in made.groups] == words


@pytest.mark.parametrize(
    ("text", "used"), [("lenergie", ("energie",)), ("Ldénergie", ()), ("lunivers", ("univers",)), ("quetoiles", ("etoiles",))]
)
def test_a_forgotten_apostrophe_is_put_back(text: str, used: tuple[str, ...]) -> None:
    assert [one.used for one in planned(f"{text} ").corrections] == [used] * bool(used)


@pytest.mark.parametrize("text", ["", "   ", "… ?! «»", "\0\0", "le la les", "qu’ l'", "\u200b"])
def test_without_a_word_to_search_it_is_browse(text: str) -> None:
    made = planned(text)
    assert (made.groups, made.nothing) == ((), False)


@pytest.mark.parametrize("text", ["中文搜索", "xyzzyq", "q" * 300, "\ud800中"])
def test_with_unknown_words_alone_nothing_is_found(text: str) -> None:
    made = planned(text)
    assert made.nothing
    assert made.unknown


def test_an_unclosed_quote_is_read_as_words() -> None:
    assert typed(planned('"énergie noire')) == ["énergie", "noire"]


def test_a_long_text_is_cut_and_says_so() -> None:
    made = planned("énergie " * 60 + "vitamine noire univers")
    assert made.cut
    assert typed(made) == ["énergie"]
    assert made.ignored == ("vitamine", "noire", "univers")
    endless = planned("énergie " + "a" * 10_000)
    assert endless.cut
    assert typed(endless) == ["énergie"]
    exact = planned(("énergie " * 50).strip().ljust(MAX_QUERY_CHARACTERS, "s"))
    assert not exact.cut


def test_groups_are_bounded() -> None:
    many = [f"mot{number}" for number in range(60)]
    made = plan(Query(text=" ".join(many)), Lexicon(dict.fromkeys(many, 1)))
    assert typed(made) == many[:MAX_GROUPS]
    assert made.cut
    assert made.ignored == tuple(many[MAX_GROUPS : MAX_GROUPS + MAX_TOLD])


def test_corrections_are_bounded() -> None:
    words = [letter * 3 + "teaux" for letter in "abcdefghijkl"]
    made = plan(Query(text=" ".join(f"{word}z" for word in words)), Lexicon(dict.fromkeys(words, 1)))
    assert len(made.corrections) == MAX_CORRECTED
    assert len(made.unknown) == len(words) - MAX_CORRECTED


def test_a_word_counts_once() -> None:
    assert typed(planned("étoile étoiles ETOILE")) == ["étoile"]


def test_filters_that_do_not_exist_are_left_out() -> None:
    made = planned("", filters={"discipline": ("physique", "physique", ""), "couleur": ("bleu",), "blog": ()})
    assert made.filters == {"discipline": ("physique",)}


def test_pages_by_relevance_end_and_by_date_do_not() -> None:
    last = MAX_RANKED // 10
    assert (planned("noir", page=last).offset, planned("noir", page=last).limit) == (MAX_RANKED - 10, 10)
    assert planned("noir", page=last + 1).limit == 0
    assert planned("noir", page=last + 1, sort="date").limit == 10
    assert planned("noir", page=-3, size=-1).offset == 0


SIGNS = st.lists(
    st.sampled_from(['"', "«", "»", "-", ":", " ", "auteur:", "avant:2020", "blog:", "doi:10.1000/", "étoile", "le", "\0"]), max_size=80
)


@given(
    st.text(max_size=600) | st.text(alphabet="'’\"-:*() \0éao", max_size=600) | SIGNS.map("".join),
    st.integers(),
    st.integers(),
)
def test_no_text_is_an_error(text: str, page: int, size: int) -> None:
    made = planned(text, page=page, size=size)
    assert len(made.groups) <= MAX_GROUPS
    assert 0 <= made.limit <= 100
    assert made.offset >= 0
    assert not (made.nothing and made.groups) or not all(one.known for one in made.understood)
    assert len(made.required) + len(made.excluded) <= len(made.understood) <= MAX_OPERATORS
    for group in made.groups:
        assert group.stems or group.forms
        assert group.surfaces
    for words in (made.ignored, made.unknown):
        assert all(words)
        assert len(words) <= MAX_TOLD


@given(st.text(max_size=300), st.lists(st.text(max_size=8), max_size=3))
def test_no_filter_is_an_error(text: str, values: list[str]) -> None:
    for value in planned(text, filters={"blog": tuple(values)}).filters.get("blog", ()):
        assert value.encode()


def test_operators_become_conditions_and_leave_the_words() -> None:
    made = planned("univers -noire auteur:energie avant:2020 doi:10.1000/X.Y éto")
    assert typed(made) == ["univers", "éto"]
    assert made.required == (WrittenBy("energie"), Published(end=datetime(2019, 12, 31, 23, tzinfo=UTC)), Cites("10.1000/x.y"))
    assert made.excluded == (Stems(((0, "noir"),), "noire"),)
    assert (made.ignored, made.unknown, made.cut) == ((), (), False)


def test_a_phrase_is_strict_and_its_words_rank() -> None:
    made = planned('"l’etoille et l’univers"')
    assert made.required == (Exactly(("l", "etoille", "et", "l", "univers")),)
    assert [(group.typed, group.surfaces) for group in made.groups] == [("etoille", ("etoille",)), ("univers", ("univers",))]
    assert (made.corrections, made.ignored, made.unknown, made.nothing) == ((), (), (), False)


def test_blogs_are_those_that_were_published(night: Night) -> None:
    made = plan(Query(text="blog:cieux"), LEXICON, night)
    assert (made.nothing, made.understood) == (True, (Understood("blog", "blog:cieux", ("cieux",), known=False),))
    assert plan(Query(text="blog:cieux"), LEXICON).required == (OneOf("blog", ("cieux",)),)
    assert planned("discipline:evolution").required == (OneOf("discipline", ("biologie-evolution",)),)


def test_many_operators_are_bounded_and_told() -> None:
    made = planned(" ".join(f"-mot{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"))
    assert len(made.excluded) == len(made.understood) == MAX_OPERATORS
    assert made.cut
    assert made.ignored == tuple(f"-mot{letter}" for letter in "uvwxyz")
    assert planned("-noire " * 1000).cut
