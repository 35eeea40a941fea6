"""What curators write for the search, as it is published: with the generation, through the real store and the real index."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.curated import TOLD
from indexer.open import open_writer
from indexer.vocabulary import Pin, Vocabulary
from luciole.article import Wishes
from luciole.standing import Standing
from luciole.vocabulary import WrittenVocabulary, parse_vocabulary

from .house import CIEUX, FILMS, NOW, ROCHES, House

NOVA = "https://cieux.exemple.org/nova-0"
GRANITE = "https://roches.exemple.org/granite-0"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "data")
    for number in range(3):
        made.see(CIEUX, f"nova-{number}", text=f"Une comète {number} que l’on voit.")
        made.see(ROCHES, f"granite-{number}", text=f"Un granite {number} que l’on casse.")
    yield made
    made.search.close()
    made.store.close()


def written(*addresses: str, synonyms: str = "[IRM, imagerie par résonance magnétique]", query: str = "trou noir") -> WrittenVocabulary:
    """A vocabulary with one group (line 2) and, when there are addresses, one answer (they stand from line 6 on)."""
    lines = ["synonymes:", f"- {synonyms}", "reponses:"]
    if addresses:
        lines += [f"- requetes: [{query}]", "  articles:", *(f"  - {address}" for address in addresses)]
    return parse_vocabulary("\n".join(lines), "/quelque/part/vocabulaire.yaml")


def pinned(house: House) -> tuple[str, ...]:
    return tuple(one for pin in house.search.night().vocabulary.pins for one in pin.articles)


def test_what_curators_wrote_is_published_with_the_generation(house: House) -> None:
    report = house.index(vocabulary=written(GRANITE, NOVA))
    granite, nova = (house.store.find(*pair) for pair in (("roches", GRANITE), ("cieux", NOVA)))
    assert granite
    assert nova
    assert house.search.night().vocabulary == Vocabulary(
        synonyms=(("IRM", "imagerie par résonance magnétique"),), pins=(Pin(("trou noir",), (granite.id, nova.id)),)
    )
    assert report.warnings == ()
    house.agrees()


def test_a_vocabulary_alone_makes_a_generation_and_an_unchanged_one_does_not(house: House) -> None:
    house.index()
    assert house.search.night().vocabulary == Vocabulary()
    revision, generation = house.store.revision(), house.search.meta().generation
    report = house.index(vocabulary=written(NOVA))
    assert (report.published, report.indexed, report.removed, report.revision) == (True, 0, 0, revision)
    assert house.search.meta().generation != generation

    generation = house.search.meta().generation
    same = f"""# Un commentaire.
reponses:
- {{pourquoi: Parce que., articles: [{NOVA}], requetes: [trou noir]}}
synonymes: [[IRM, imagerie par résonance magnétique]]
"""
    assert not house.index(vocabulary=parse_vocabulary(same, "ailleurs.yaml")).published
    assert house.search.meta().generation == generation

    assert house.index(vocabulary=written(NOVA, synonyms="[ADN, acide désoxyribonucléique]")).published
    assert house.index(vocabulary=written(NOVA, GRANITE)).published
    assert house.index(rebuild=True, vocabulary=written(NOVA, GRANITE)).rebuilt
    assert len(pinned(house)) == 2
    assert not house.index(vocabulary=written(NOVA, GRANITE)).published
    assert house.index().published
    assert house.search.night().vocabulary == Vocabulary()


@pytest.mark.parametrize(
    "address",
    [NOVA, "http://www.cieux.exemple.org/nova-0/", f"{NOVA}?utm_source=lettre", "https://autre.exemple.org/canonique"],
    ids=["as kept", "other clothes", "tracked", "canonical"],
)
def test_an_address_is_found_under_each_of_its_names(house: House, address: str) -> None:
    found = house.see(CIEUX, "nova-0", text="Une comète 0 que l’on voit.", canonical="https://autre.exemple.org/canonique")
    assert house.index(vocabulary=written(address)).warnings == ()
    assert pinned(house) == (found,)


def test_an_article_that_became_another_is_that_other(house: House) -> None:
    text = "Un même texte sur les comètes de glace."
    first = house.see(CIEUX, "brouillon", guid="g-1", title="Même titre", text=text)
    second = house.see(CIEUX, "publie", title="Même titre", text=text)
    house.see(CIEUX, "publie", guid="g-1", title="Même titre", text=text)
    merged = house.store.article(second)
    assert merged
    assert merged.merged_into == first
    house.index(vocabulary=written("https://cieux.exemple.org/publie", "https://cieux.exemple.org/brouillon"))
    assert pinned(house) == (first,), "two addresses of one article pin it once"


def test_a_copy_stands_for_the_article_that_readers_see(house: House) -> None:
    text = " ".join(f"La comète numéro {number} passe." for number in range(60))
    original = house.see(CIEUX, "original", text=text)
    copy = house.store.article(house.see(ROCHES, "reprise", text=text))
    assert copy
    assert copy.dup_of == original
    report = house.index(vocabulary=written("https://roches.exemple.org/reprise"))
    assert (report.warnings, pinned(house)) == ((), (original,))


def test_what_cannot_be_found_is_told_with_its_line_and_has_no_effect(house: House) -> None:
    house.see(CIEUX, "anglais", language="en")
    house.see(CIEUX, "muet", noindex=True)
    house.see(CIEUX, "passe", wishes=Wishes(unavailable_after=NOW))
    house.store.remove(house.see(CIEUX, "retire"), "410", NOW)
    lost, last = ("inconnu", "anglais", "muet"), ("passe", "retire", "nova-1")
    found = [house.index(vocabulary=written(*(f"{CIEUX.url}{name}" for name in names))) for names in (lost, last)]
    start = "réponse choisie introuvable, sans effet : https://cieux.exemple.org/"
    assert found[0].warnings == (
        f"vocabulaire.yaml:6 : {start}inconnu (adresse inconnue du fonds).",
        f"vocabulaire.yaml:7 : {start}anglais (en une autre langue (en)).",
        f"vocabulaire.yaml:8 : {start}muet (la page demande à ne pas être indexée).",
    )
    assert found[1].warnings == (
        f"vocabulaire.yaml:6 : {start}passe (terme fixé par l’auteur).",
        f"vocabulaire.yaml:7 : {start}retire (410).",
    )
    nova = house.store.find("cieux", "https://cieux.exemple.org/nova-1")
    assert nova
    assert pinned(house) == (nova.id,)
    assert found[1].describe().endswith(found[1].warnings[-1])
    again = house.index(vocabulary=written(*(f"{CIEUX.url}{name}" for name in last)))
    assert (again.published, again.held, again.warnings) == (False, (), found[1].warnings), "told every time, until somebody mends it"


def test_an_answer_leaves_with_its_blog_and_comes_back(house: House) -> None:
    vocabulary = written(GRANITE)
    house.index(vocabulary=vocabulary)
    (granite,) = pinned(house)
    start = f"vocabulaire.yaml:6 : réponse choisie introuvable, sans effet : {GRANITE}"
    assert house.index((CIEUX, FILMS), vocabulary=vocabulary).warnings == (f"{start} (bloc retiré de la liste).",)
    assert pinned(house) == ()
    paused = (CIEUX, FILMS, replace(ROCHES, status="paused"))
    assert house.index(paused, vocabulary=vocabulary).warnings == (f"{start} (blog en pause).",)
    house.index(vocabulary=vocabulary)
    assert pinned(house) == (granite,)
    house.store.stand("roches", Standing(frozen_at=NOW, frozen_why="un autre titre"))
    assert house.index(vocabulary=vocabulary).warnings == (f"{start} (blog en observation).",)


def test_an_article_that_is_held_back_stays_an_answer(house: House) -> None:
    vocabulary = written(NOVA)
    house.index(vocabulary=vocabulary)
    (nova,) = pinned(house)
    house.see(CIEUX, "nova-0", text="Another text, and in another language now.", language="en")
    for rebuild in (False, True):
        report = house.index(vocabulary=vocabulary, rebuild=rebuild)
        assert report.held == (nova,)
        assert not any("introuvable" in line for line in report.warnings)
        assert pinned(house) == (nova,)
    report = house.index(vocabulary=vocabulary, force=True)
    assert (report.held, pinned(house)) == ((), ())
    assert "en une autre langue (en)" in report.warnings[0]


def test_words_that_are_never_searched_are_told(house: House) -> None:
    report = house.index(vocabulary=written(NOVA, synonyms="[est, orient]", query="qu’est-ce que"))
    ending = "n’a que des mots trop courants pour être cherchés : sans effet."
    assert report.warnings == (f"vocabulaire.yaml:2 : « est » {ending}", f"vocabulaire.yaml:4 : « qu’est-ce que » {ending}")
    assert house.search.night().vocabulary == Vocabulary()
    house.index(vocabulary=written(NOVA, synonyms="[est, orient, levant]"))
    assert house.search.night().vocabulary.synonyms == (("orient", "levant"),)


def test_a_long_list_of_lost_answers_is_summed_up(house: House) -> None:
    entries = "".join(f"- {{requetes: [q{n}], articles: ['{CIEUX.url}perdu-{n}']}}\n" for n in range(TOLD + 7))
    report = house.index(vocabulary=parse_vocabulary(f"reponses:\n{entries}", "vocabulaire.yaml"))
    assert len(report.warnings) == TOLD + 1
    assert report.warnings[-1] == "vocabulaire.yaml : … et 7 autres lignes sans effet."


def test_weight_and_type_of_a_source_reach_the_documents_of_its_articles(house: House) -> None:
    house.index()
    report = house.index((CIEUX, FILMS, replace(ROCHES, weight=2.5, type="media")))
    assert (report.changed, report.indexed, report.rebuilt) == (("roches",), 3, False)
    writer = open_writer(house.settings)
    try:
        documents = list(writer.documents(sorted(house.found())))
    finally:
        writer.close()
    assert {(document.source_id, document.weight, document.source_type) for document in documents} == {
        ("cieux", 1.0, "individual"),
        ("roches", 2.5, "media"),
    }
    assert house.index().changed == ("roches",)
