"""Number and gender, told by their endings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import stem
from indexer.inflection import forms, key
from indexer.lexicon import Lexicon
from indexer.planner import plan
from indexer.query import Query

NUMBERS = "trou trous, loi lois, ami amis, photo photos, tissu tissus, noyau noyaux, travail travaux, canal canaux, eau eaux, jeu jeux"
ENDING_IN_X = "chou choux, cheveu cheveux"
GENDERS = "chercheur chercheuse, directeur directrices, ancien ancienne, blanc blanche, actif actives, froid froide, infini infinie"
OTHERS = (
    "paris pari, fois foi, voix voie, prix pris, prix prie, paix paie, venus venu, venus venue, mars mare, "
    "gens gene, index inde, mais mai, cortex cortes, vertex verte, simplex simple, codex code, doux doue, roux roue, "
    "denis deni, semis semi, colonne colon, colis coli, titan titane, reine rein, vente vent, partie parti, "
    "cours cour, cours course, verre ver, maree mare, musee muse, guerre guet, os o, mars marees, cheminee chemin"
)


@pytest.mark.parametrize("pair", [*NUMBERS.split(", "), *ENDING_IN_X.split(", "), *GENDERS.split(", ")])
def test_each_form_leads_to_the_other(pair: str) -> None:
    one, other = pair.split()
    lexicon = Lexicon({one: 2, other: 1, "autre": 1})
    assert forms(one, lexicon) == (other,)
    assert forms(other, lexicon) == (one,)


@pytest.mark.parametrize("pair", OTHERS.split(", "))
def test_other_words_are_no_forms(pair: str) -> None:
    one, other = pair.split()
    assert forms(one, Lexicon({other: 1})) == forms(other, Lexicon({one: 1})) == ()


@given(st.text(max_size=30))
def test_any_text_has_a_key_and_no_form_that_is_not_in_the_index(text: str) -> None:
    assert key(text) is not None
    assert forms(text, Lexicon({})) == ()


def test_a_plan_looks_for_all_forms_that_exist() -> None:
    lexicon = Lexicon({"trou": 3, "trous": 2, "noir": 4})
    (group,) = plan(Query(text="trous "), lexicon).groups
    assert {one.term for one in group.stems} == {stem("trous"), stem("trou")}
    assert {"trou", "trous"} <= set(group.surfaces)
    (group,) = plan(Query(text="noirs "), lexicon).groups
    assert {one.term for one in group.stems} == {"noir"}


def test_an_excluded_word_is_excluded_in_all_forms() -> None:
    lexicon = Lexicon({"trou": 3, "trous": 2, "noir": 4})
    assert {one.word for one in plan(Query(text="noir -trous"), lexicon).excluded} == {"trou", "trous"}  # type: ignore[union-attr]
