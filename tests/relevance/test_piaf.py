"""French questions with the paragraph that answers each (PIAF v1.0, CC BY-SA), typed well and badly: what even-numbered ones must reach.

Nothing was tuned on these. The figures of odd-numbered ones: `python -m bench relevance`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rich.console import Console

from bench import piaf
from bench.bm25 import BareBM25
from bench.piaf import VARIANTS, Question, half_typed, keywords, mistyped, unaccented
from bench.relevance import Cell, IdsAlone, as_piaf_table, engine, on_piaf, paged
from indexer.search import Search

FULL_QUESTIONS = 0.815
"""nDCG@10."""
ONE_TYPO = 0.015
"""What it may cost of nDCG@10, on the questions that have a word to mistype."""
STRIPPED = 0.005
"""What leaving out accents, accents and apostrophes, or turning apostrophes into blanks may cost, on the questions that have some."""
LEFT_OUT = 0.010
"""What leaving out apostrophes alone may cost, on the questions that have one: «lart» may be «art» or a misspelt «dard»."""
OVER_BARE = 0.05
"""nDCG@10 over bare BM25 on typos, at least."""


@pytest.fixture(scope="module")
def cells(real_data: Path) -> dict[tuple[str, str], Cell]:
    """Every variant over all even-numbered questions; printed, for those who run pytest with -s."""
    directory = real_data / "ir" / "piaf"
    made = piaf.paragraphs(directory)
    even = [one for one in piaf.questions(directory) if one.even]
    bare = BareBM25(made)
    with engine(made) as opened:
        measured = on_piaf(even, paged(Search(IdsAlone(opened))), bare.ids)
    Console(width=120).print(as_piaf_table("PIAF, even-numbered questions", measured))
    return measured


@pytest.mark.real
def test_full_questions(cells: dict[tuple[str, str], Cell]) -> None:
    assert cells["question", "plain"].ours.count > 1900
    assert cells["question", "plain"].ours.ndcg >= FULL_QUESTIONS


@pytest.mark.real
def test_one_typo_costs_little(cells: dict[tuple[str, str], Cell]) -> None:
    assert cells["question", "typo"].cost <= ONE_TYPO


@pytest.mark.real
@pytest.mark.parametrize("variant", ["accents", "blanks", "stripped"])
def test_without_accents_and_apostrophes_little_is_lost(variant: str, cells: dict[tuple[str, str], Cell]) -> None:
    assert cells["question", variant].cost <= STRIPPED


@pytest.mark.real
def test_an_apostrophe_left_out_costs_more(cells: dict[tuple[str, str], Cell]) -> None:
    assert cells["question", "apostrophes"].cost <= LEFT_OUT


@pytest.mark.real
@pytest.mark.parametrize("family", ["question", "keywords"])
@pytest.mark.parametrize("variant", ["typo", "half"])
def test_badly_typed_we_are_far_better_than_bare_bm25(family: str, variant: str, cells: dict[tuple[str, str], Cell]) -> None:
    assert cells[family, variant].gain >= OVER_BARE


@pytest.mark.real
@pytest.mark.parametrize("family", ["question", "keywords"])
def test_well_typed_we_are_better_than_bare_bm25(family: str, cells: dict[tuple[str, str], Cell]) -> None:
    assert cells[family, "plain"].gain > 0


TEXT = "Combien d’étoiles l'Œil humain voit-il la nuit ?"


def without_common_ends(one: str, other: str) -> tuple[str, str]:
    """What is left of two words when the letters that both begin with, then those that both end with, are taken away."""
    first = next((at for at, (mine, its) in enumerate(zip(one, other, strict=False)) if mine != its), min(len(one), len(other)))
    one, other = one[first:], other[first:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return one, other


def is_one_edit(one: str, other: str) -> bool:
    """A letter more, less or other, or two neighbours swapped."""
    return (max(len(one), len(other)) == 1) or (len(one) == 2 and one == other[::-1])


def test_a_typo_is_one_edit_in_one_long_word() -> None:
    words = "combien etoiles humain"
    for seed in range(200):
        made = mistyped(words, random.Random(seed))
        assert made is not None
        changed = [(one, other) for one, other in zip(words.split(), made.split(), strict=True) if one != other]
        ((one, other),) = changed
        assert one[0] == other[0]
        assert is_one_edit(*without_common_ends(one, other)), (one, other)
    assert mistyped("la nuit", random.Random(0)) is None


def test_accents_and_apostrophes_are_taken_away() -> None:
    chance = random.Random(0)
    assert VARIANTS["accents"](TEXT, chance) == "Combien d’etoiles l'Oeil humain voit-il la nuit ?"
    assert VARIANTS["apostrophes"](TEXT, chance) == "Combien détoiles lŒil humain voit-il la nuit ?"
    assert VARIANTS["blanks"](TEXT, chance) == "Combien d étoiles l Œil humain voit-il la nuit ?"
    assert VARIANTS["stripped"](TEXT, chance) == "Combien detoiles lOeil humain voit-il la nuit ?"
    assert VARIANTS["accents"]("la nuit", chance) is None
    assert unaccented("déjà vu, Æthusa") == "deja vu, Aethusa"


def test_a_half_typed_word_keeps_sixty_percent() -> None:
    assert half_typed(TEXT) == "Combien d’étoiles l'Œil humain voit-il la nui"
    assert half_typed("énergie noire") == "énergie noi"
    assert half_typed("l’atmosphère ?") == "l’atmosp"
    assert half_typed("le sel") is None
    assert half_typed("en 2003") is None


def test_keywords_are_words_of_the_question_in_their_order() -> None:
    for seed in range(50):
        made = keywords("Quelle est la masse maximale d'une naine blanche ?", random.Random(seed))
        assert made is not None
        words = made.split()
        assert len(words) in (2, 3)
        assert words == [word for word in ("masse", "maximale", "naine", "blanche") if word in words]
    assert keywords("Combien d'employeurs", random.Random(0)) is None


def test_variants_are_the_same_in_every_run() -> None:
    question = Question(7, "Combien de personnes travaillent au ministère des sports", frozenset({"a"}))
    assert piaf.asked(question, "question", "typo") == (question.text, "Combien de personnes travaillent au ministère des sorts")
    assert not question.even
