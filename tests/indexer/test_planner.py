from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.operators import MAX_OPERATORS
from indexer.plan import Cites, Exactly, OneOf, Plan, Published, Stems, WeightedPhrase, WrittenBy
from indexer.planner import MAX_CORRECTED, MAX_GROUPS, MAX_TOLD, enough, plan
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
    assert [(one.term, one.weight) for one in energy.forms] == [("energie", 0.3), ("energies", 0.3)]
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
    ("text", "used"),
    [
        ("lenergie", ("energie",)),
        ("Ldénergie", ()),
        ("lunivers", ("univers",)),
        ("quetoiles", ("etoiles",)),
        ("dIRM", ("irm",)),
        ("dirm", ("irm",)),
        ("leau", ("eau", "lea")),
    ],
)
def test_a_forgotten_apostrophe_is_put_back(text: str, used: tuple[str, ...]) -> None:
    lexicon = Lexicon({"energie": 2, "univers": 1, "etoiles": 1, "irm": 1, "eau": 5, "lea": 1})
    assert [one.used for one in plan(Query(text=f"{text} "), lexicon).corrections] == [used] * bool(used)


def test_behind_a_forgotten_apostrophe_a_word_is_what_it_is_alone() -> None:
    (forgotten,), (alone,) = planned("lenergie ").groups, planned("énergie ").groups
    assert (forgotten.stems, forgotten.forms, forgotten.origin) == (alone.stems, alone.forms, "corrected")
    made = planned("quest cest quetait létoile ")
    assert (typed(made), made.ignored) == (["létoile"], ("quest", "cest", "quetait"))


def test_words_that_ask_are_dropped_beside_others() -> None:
    lexicon = Lexicon({"comment": 9, "etoile": 1, "commence": 3})
    made = plan(Query(text="comment est une étoile"), lexicon)
    assert (typed(made), made.ignored) == (["étoile"], ("est", "une", "comment"))
    assert typed(plan(Query(text="comment "), lexicon)) == ["comment"]
    assert plan(Query(text="pourquoi étoile "), lexicon).corrections == ()


@pytest.mark.parametrize("text", ["", "   ", "… ?! «»", "\0\0", "le la les", "qu’ l'", "\u200b"])
def test_without_a_word_to_search_it_is_browse(text: str) -> None:
    made = planned(text)
    assert (made.groups, made.nothing) == ((), False)


@pytest.mark.parametrize("text", ["中文搜索", "xyzzyq", "q" * 300, "\ud800中"])
def test_with_unknown_words_alone_nothing_is_found(text: str) -> None:
    made = planned(text)
    assert made.nothing
    assert made.unknown


def test_words_of_a_phrase_that_no_article_holds_are_named_and_change_nothing() -> None:
    made = planned('"l’énergie Zzyzx" "étoille x" -"absent"')
    assert made.unknown == ("Zzyzx", "étoille")  # as typed; nothing is corrected in quotes
    assert (made.corrections, made.nothing) == ((), False)
    assert made.required == (Exactly(("l", "energie", "zzyzx")), Exactly(("etoille", "x")))
    assert planned('"énergie noire"').unknown == ()
    assert plan(Query(text='"mc2"'), Lexicon({"energie": 1}, notation=["mc2"])).unknown == ()


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
    assert (made.corrections, made.ignored, made.unknown, made.nothing) == ((), (), ("etoille",), False)


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


def test_how_many_words_an_article_must_hold() -> None:
    assert [enough(words) for words in range(10)] == [0, 1, 2, 2, 2, 3, 4, 4, 5, 6]
    assert planned("").least == 1
    assert planned("étoile").least == 1
    assert planned("les étoiles noires").least == 2
    assert planned("étoile noire univers vitamine").least == 2
    assert planned("étoile xyzzyq").least == 1  # what no article holds asks nothing of them


def test_the_words_of_a_phrase_are_not_among_those_that_may_be_missing() -> None:
    assert planned('"énergie noire" étoile').least == 3
    assert planned('"énergie noire"').least == 2
    assert planned('"énergie c" noir').least == 2  # the c may be an elided one there


def test_declined_corrections_are_not_made_again() -> None:
    made = planned("étoille noire", as_typed=True)
    assert (typed(made), made.corrections, made.unknown) == (["noire"], (), ("étoille",))
    assert planned("étoille ", as_typed=True).nothing


def test_a_lone_letter_is_a_word() -> None:
    lexicon = Lexicon({"vitamine": 3, "c": 2, "eau": 1})
    made = plan(Query(text="la vitamine C"), lexicon)
    assert [(group.typed, group.stems[0].term) for group in made.groups] == [("vitamine", "vitamin"), ("C", "c")]
    assert (made.least, made.pairs, made.ignored) == (2, (("vitamin", "c"),), ("la",))
    made = plan(Query(text="l eau c est"), lexicon)
    assert ([group.typed for group in made.groups], made.ignored) == (["eau"], ("est",))
    assert plan(Query(text="l"), lexicon).nothing is False  # the beginning of «l’eau», so far


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("rayons α", "rayons alpha", "Rayons Α"), {"rayons": 1, "alpha": 4, "α": 2}),
        (("rayons α", "rayons alpha"), {"rayons": 1, "α": 2}),
        (("rayons α", "rayons alpha"), {"rayons": 1, "alpha": 2}),
        (("CO₂", "co2", "CO 2", "co-2"), {"co2": 3, "co": 1, "2": 9}),
        (("covid-19", "covid 19", "Covid\u201119"), {"covid": 3, "19": 9}),
        (("10 \u00b5m", "10 \u03bcm"), {"10": 3, "\u03bcm": 9}),
        (("arc-en-ciel", "arc en ciel", "Arc\u2011en\u2011ciel"), {"arc": 3, "ciel": 9}),
        (("E-coli", "e coli", "E. coli", "E.coli"), {"e": 3, "coli": 9}),
        (("œuf", "oeuf", "ŒUF"), {"oeuf": 3}),
        (("A.D.N.", "ADN", "adn", "A.D.N"), {"adn": 3}),
        (("m²", "m2"), {"m2": 3}),
        (("énergie", "E\u0301nergie", "energie"), {"energie": 2}),
    ],
)
def test_other_spellings_ask_for_the_same(texts: tuple[str, ...], words: dict[str, int]) -> None:
    plans = [plan(Query(text=text), Lexicon(words)) for text in texts]
    assert plans[0].groups
    for made in plans:
        assert (made.unknown, made.least) == ((), plans[0].least)
        assert made.pairs == plans[0].pairs
        for group, first in zip(made.groups, plans[0].groups, strict=True):
            assert (group.stems, group.forms, group.phrases) == (first.stems, first.forms, first.phrases)


def test_a_number_written_apart_is_found_too() -> None:
    (group,) = plan(Query(text="covid19"), Lexicon({"covid": 3, "19": 9})).groups
    assert group.phrases == (WeightedPhrase(((0, "covid"), (1, "19"))),)
    assert "covid" in group.surfaces
    assert len(plan(Query(text="article 2"), Lexicon({"article": 3, "2": 9, "co2": 1})).groups) == 2
