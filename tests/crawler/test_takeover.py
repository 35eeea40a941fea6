"""Is this still the same blog? Two signs freeze it, one never does."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.takeover import FREEZING, NOTHING_COMMON, Entry, cosine, frozen_why, suspicion

NAME, URL = "Le carnet des lichens", "https://lichens.exemple.fr/"

LICHENS = (
    "lichen thalle champignon algue symbiose écorce rocher spore apothécie cortex rameau hyphe mousse arbre forêt substrat humidité "
    "pollution bioindicateur usnée parmélie xanthorie flore herbier cueillette détermination loupe réactif lumière altitude versant granit "
    "calcaire espèce genre famille taxonomie inventaire station relevé botaniste mycologue"
)
CASINO = (
    "casino roulette jackpot bonus machine jeton pari mise croupier poker blackjack gains dépôt retrait virement bancaire joueur tapis "
    "licence plateforme inscription promotion gratuit argent carte crédit cote match football bookmaker ticket grattage loterie tirage"
)
SLOTS = (
    "casino roulette jackpot bonus slots wager dealer poker blackjack winnings deposit withdrawal banking player table licence platform "
    "signup promotion free money card credit odds match football bookmaker scratch lottery draw spins reels payout welcome offer"
)
LICHENS_EN = (
    "lichen thallus fungus alga symbiosis bark rock spore apothecia cortex branch hypha moss tree forest substrate humidity pollution "
    "bioindicator usnea parmelia xanthoria flora herbarium determination lens light altitude granite species genus family taxonomy "
    "inventory station botanist mycologist"
)


def posts(vocabulary: str, count: int, *, language: str | None = "fr", new: bool = False, words: int = 120, seed: int = 1) -> list[Entry]:
    draw = random.Random(f"{vocabulary[:9]}{language}{seed}")
    return [Entry(text=" ".join(draw.choices(vocabulary.split(), k=words)), language=language, new=new) for _ in range(count)]


KNOWN = posts(LICHENS, 20)
CALM = posts(LICHENS, 10, new=True, seed=2)


def signs(title: str = NAME, entries: list[Entry] = CALM, latest: list[Entry] = KNOWN, **more: str) -> tuple[str, ...]:
    return suspicion(NAME, URL, title, entries, latest, **more)


def test_a_blog_that_goes_on_is_not_suspected():
    assert signs() == ()
    assert signs("Lichens de France – le carnet") == ()
    assert frozen_why(()) == ""


def test_a_rename_alone_does_not_freeze():
    found = signs("Mousses et fougères")
    assert found == ("le site s’appelle maintenant « Mousses et fougères »",)
    assert len(found) < FREEZING
    assert frozen_why(found) == ""


def test_english_posts_alone_do_not_freeze_a_bilingual_carnet():
    bilingual = posts(LICHENS, 12) + posts(LICHENS_EN, 8, language="en")
    found = signs(entries=posts(LICHENS_EN, 5, language="en", new=True, seed=3), latest=bilingual)
    assert found == ("5 de ses 5 derniers articles ne sont pas en français",)


def test_english_posts_on_the_same_subject_have_something_in_common():
    """Also where none was known before: the beginnings of learned words are the same."""
    assert len(signs(entries=posts(LICHENS_EN, 5, language="en", new=True))) == 1


def test_a_new_subject_alone_does_not_freeze():
    assert signs(entries=posts(CASINO, 5, new=True)) == ("ses nouveaux articles n’ont rien de commun avec les précédents",)


@pytest.mark.parametrize(
    ("title", "entries", "count"),
    [
        ("Best slots online", posts(SLOTS, 6, language="en", new=True), 3),
        (NAME, posts(SLOTS, 6, language="en", new=True), 2),
        ("Jouer gagnant", posts(CASINO, 6, new=True), 2),
        ("Best slots online", posts(SLOTS, 3, language="en") + posts(LICHENS, 2), 2),
    ],
)
def test_two_signs_freeze(title, entries, count):
    found = signs(title, entries)
    assert len(found) == count
    why = frozen_why(found)
    assert all(sign in why for sign in found)
    assert why.endswith(".")


@pytest.mark.parametrize(
    "title",
    [
        "",
        "  ",
        "LICHENS",
        "carnet lichénologique · les Lichens",
        "lichens.exemple.fr",
        "LesLichensDeMarie",
        "Accueil",
        "Le blog",
        "Exemple",
    ],
)
def test_titles_that_say_nothing_of_a_change(title):
    assert signs(title) == ()


def test_names_run_together_are_recognised():
    assert suspicion("À fond la science", "https://autre.fr/", "AFondLaScience", CALM, KNOWN) == ()
    assert suspicion("ScienceÉtonnante", "https://autre.fr/", "Science étonnante", CALM, KNOWN) == ()
    assert suspicion("Bunker D", "http://www.bunkerd.fr/", "Bunkerd", CALM, KNOWN) == ()


def test_a_common_word_is_no_kinship():
    assert suspicion("Le journal", "https://un.exemple.fr/", "Journal de bord", CALM, KNOWN) == ()
    assert suspicion("Le blog de Marie", "https://marie.exemple.fr/", "Casino blog", CALM, KNOWN) != ()


def test_a_name_without_words_cannot_be_judged():
    assert suspicion("∂²", URL, "Tout autre chose", CALM, KNOWN) == ()


def test_too_little_material_is_no_sign():
    casino = posts(CASINO, 6, new=True)
    assert signs(entries=casino[:2]) == ()
    assert signs(entries=casino, latest=KNOWN[:4]) == ()
    assert signs(entries=posts(CASINO, 6)) == ()
    assert signs(entries=posts(CASINO, 3, new=True, words=5)) == ()
    assert signs(entries=posts(SLOTS, 2, language="en", new=True)) == ()
    assert signs(entries=posts(SLOTS, 6, language=None)) == ()
    assert suspicion("", "", "", [], []) == ()


def test_only_the_last_five_tell_the_language():
    assert signs(entries=posts(LICHENS, 3) + posts(SLOTS, 7, language="en")) == ()
    assert len(signs(entries=posts(SLOTS, 3, language="en") + posts(LICHENS, 7))) == 1


def test_a_blog_that_was_never_french_has_not_changed():
    english = posts(LICHENS_EN, 20, language="en")
    entries = posts(LICHENS_EN, 5, language="en", new=True, seed=2)
    assert signs(entries=entries, latest=english) == ()
    assert signs(entries=entries, language="en") == ()


def test_a_long_hostile_title_is_cut():
    (sign,) = signs("x" * 10_000)
    assert len(sign) < 130


def test_a_night_of_long_texts_costs_little():
    long = [Entry(text="mot " * 200_000, language="fr", new=True)] * 10
    start = time.process_time()
    signs("mot " * 100_000, long, long * 2)
    assert time.process_time() - start < 1


def test_cosine():
    assert cosine(["lichen thalle"], ["lichen thalle"]) == pytest.approx(1)
    assert cosine(["lichen"], ["casino"]) == 0
    assert cosine([], ["casino"]) == 0
    assert cosine(["les dans pour avec"], ["les dans pour avec"]) == 0
    assert cosine(["lichénologie"], ["LICHENOLOGIQUE"]) == pytest.approx(1)
    assert cosine(posts_text(CASINO), posts_text(LICHENS)) < NOTHING_COMMON


def posts_text(vocabulary: str) -> list[str]:
    return [post.text for post in posts(vocabulary, 5)]


texts = st.lists(st.text(max_size=200), max_size=6)


@given(texts, texts)
def test_cosine_is_symmetric_and_between_nought_and_one(one, other):
    assert cosine(one, other) == pytest.approx(cosine(other, one))
    assert 0 <= cosine(one, other) <= 1 + 1e-9


entries = st.lists(
    st.builds(Entry, text=st.text(max_size=100), language=st.sampled_from(["fr", "en", None]), new=st.booleans()), max_size=8
)


@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=50), entries, entries)
def test_any_material_may_be_asked(name, url, title, found, latest):
    assert len(suspicion(name, url, title, found, latest)) <= 3


@given(entries, entries)
def test_a_blog_that_keeps_its_name_and_its_language_is_never_frozen(found, latest):
    french = [Entry(text=entry.text, language="fr", new=entry.new) for entry in found]
    assert frozen_why(signs(entries=french, latest=latest)) == ""
