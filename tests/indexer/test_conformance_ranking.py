"""What every engine does with the finer wishes of a plan: enough of the words, chosen answers, several blogs, weights, titles alone."""

import random
from dataclasses import replace
from itertools import combinations

import pytest

from indexer.analysis import stem
from indexer.diversity import SPREAD, spread
from indexer.document import IndexDocument
from indexer.plan import Exactly, OneOf, Plan, TermGroup, Weighted, WeightedPhrase
from indexer.query import Query

from .conftest import MakeDocument, Place

ENGINES = ("embedded", "meili")
WORDS = ("atome", "photon", "quark", "noyau", "champ", "onde")


def group(*words: str, phrases: tuple[WeightedPhrase, ...] = ()) -> TermGroup:
    """One word of a reader that stands for any of these."""
    return TermGroup(typed=words[0] if words else "", origin="typed", stems=tuple(Weighted(stem(one)) for one in words), phrases=phrases)


def all_ids(place: Place, plan: Plan) -> list[str]:
    return [one.id for one in place.engine().search(plan).documents]


@pytest.fixture
def sets(place: Place, document: MakeDocument) -> dict[str, set[str]]:
    """A document for every choice of words: id → its words."""
    made = {
        f"{number:016x}": set(chosen)
        for number, chosen in enumerate(chosen for size in range(1, 7) for chosen in combinations(WORDS, size))
    }
    place.publish(document(name, "Un titre", " puis ".join(words)) for name, words in made.items())
    return made


class TestEnough:
    @pytest.mark.parametrize("least", range(1, 7))
    @pytest.mark.parametrize("sort", ["pertinence", "date"])
    def test_so_many_of_the_words(self, place: Place, sets: dict[str, set[str]], least: int, sort: str) -> None:
        raw = place.engine().search(Plan(groups=tuple(map(group, WORDS)), least=least, limit=100, sort=sort, facets=("blog",)))
        expected = {name for name, words in sets.items() if len(words) >= least}
        assert {one.id for one in raw.documents} == expected
        assert (raw.total, dict(raw.facets["blog"])) == (len(expected), {"blog-a": len(expected)})

    def test_those_with_all_the_words_come_first(self, place: Place, sets: dict[str, set[str]]) -> None:
        found = all_ids(place, Plan(groups=tuple(map(group, WORDS[:3])), limit=100))
        every = {name for name, words in sets.items() if words >= set(WORDS[:3])}
        assert set(found[: len(every)]) == every

    def test_a_word_may_stand_for_several(self, place: Place, sets: dict[str, set[str]]) -> None:
        plan = Plan(groups=(group("atome", "photon"), group("quark", "noyau")), least=2, limit=100)
        expected = {name for name, words in sets.items() if words & {"atome", "photon"} and words & {"quark", "noyau"}}
        assert set(all_ids(place, plan)) == expected

    def test_twelve_words_of_which_seven(self, place: Place, document: MakeDocument) -> None:
        words = [f"zab{letter}k" for letter in "abcdefghijkl"]
        rng = random.Random(12)
        made = {f"{number:016x}": rng.sample(words, rng.randrange(1, 12)) for number in range(60)}
        place.publish(document(name, "Un titre", " ".join(held)) for name, held in made.items())
        raw = place.engine().search(Plan(groups=tuple(map(group, words)), least=7, limit=100, facets=("blog",)))
        expected = {name for name, held in made.items() if len(held) >= 7}
        assert {one.id for one in raw.documents} == expected
        assert (raw.total, dict(raw.facets["blog"])) == (len(expected), {"blog-a": len(expected)})


class TestChosen:
    def test_chosen_answers_come_first_whatever_their_words(self, place: Place, sets: dict[str, set[str]]) -> None:
        names = sorted(sets)
        without = [name for name in names if "atome" not in sets[name]]
        chosen = (without[3], names[0], without[1])
        plan = Plan(groups=(group("atome"),), pinned=(*chosen, "ffff"), limit=100)
        found = all_ids(place, plan)
        assert found[:3] == list(chosen)
        assert set(found) == {name for name in names if "atome" in sets[name]} | set(chosen)
        raw = place.engine().search(replace(plan, pinned=chosen, limit=2, offset=2, facets=("blog",)))
        assert raw.documents[0].id == chosen[2]
        assert raw.total == dict(raw.facets["blog"])["blog-a"] == len(found)

    def test_they_fulfil_filters_and_conditions(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Atome"), document("b", "Rien", "une pomme", source_id="blog-b"), document("c", "Rien", "du tout")])
        plan = Plan(groups=(group("atome"),), pinned=("b", "c"))
        assert all_ids(place, plan) == ["b", "c", "a"]
        assert all_ids(place, replace(plan, filters={"blog": ("blog-a",)})) == ["c", "a"]
        assert all_ids(place, replace(plan, excluded=(OneOf("blog", ("blog-b",)),))) == ["c", "a"]
        assert all_ids(place, replace(plan, required=(Exactly(("une", "pomme")),))) == ["b"]

    def test_by_date_they_have_no_place_of_their_own(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Atome", date="2020-01-01"), document("b", "Autre", date="2010-01-01")])
        assert all_ids(place, Plan(groups=(group("atome"),), pinned=("b",), sort="date")) == ["a", "b"]


class TestSeveralBlogs:
    def test_the_order_is_the_one_of_the_spread(self, place: Place, document: MakeDocument) -> None:
        rng = random.Random(3)
        place.publish(
            document(f"{number:016x}", "Un titre", "atome " * rng.randrange(1, 40) + "mot " * 40, source_id=f"blog-{rng.randrange(5) % 4}")
            for number in range(90)
        )
        plan = Plan(groups=(group("atome"),), limit=100)
        ranked = place.engine().search(plan).documents
        expected = [ranked[at].id for at in spread([one.source_id for one in ranked[:SPREAD]])]
        assert [one.id for one in place.engine().search(replace(plan, diverse=True)).documents] == expected
        pages = [all_ids(place, replace(plan, diverse=True, offset=offset, limit=7)) for offset in range(0, 98, 7)]
        assert [one for page in pages for one in page] == expected


class TestWeight:
    def test_of_the_same_words_the_heavier_source_comes_first(self, place: Place, document: MakeDocument) -> None:
        place.publish(document(name, "Le même titre", "atome", weight=weight) for name, weight in {"a": 1.0, "b": 3.0, "c": 0.2}.items())
        assert all_ids(place, Plan(groups=(group("atome"),))) == ["b", "a", "c"]

    def test_by_date_no_source_is_heavier(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Atome", date="2020-01-01"), document("b", "Atome", date="2010-01-01", weight=10.0)])
        assert all_ids(place, Plan(groups=(group("atome"),), sort="date")) == ["a", "b"]


class TestWhere:
    def test_titles_alone(self, place: Place, document: MakeDocument) -> None:
        place.publish(
            [document("a", "Des atomes", "photon"), document("b", "Un photon", "atome"), document("c", "Rien", authors=("Atome",))]
        )
        assert all_ids(place, Plan(groups=(group("atome"),), titles_only=True)) == ["a"]
        assert set(all_ids(place, Plan(groups=(group("atome"),)))) == {"a", "b", "c"}

    def test_an_expression_that_means_the_same(self, place: Place, document: MakeDocument) -> None:
        place.publish(
            [
                document("a", "L’imagerie par résonance magnétique", "Un appareil."),
                document("b", "L’IRM", "Un appareil."),
                document("c", "Titre", "Une résonance, et un aimant magnétique en imagerie."),
                document("d", "Titre", "Imagerie par la résonance magnétique, et d’autres."),
            ]
        )
        long = WeightedPhrase(tuple((place_, stem(word)) for place_, word in ((0, "imagerie"), (2, "resonance"), (3, "magnetique"))))
        assert set(all_ids(place, Plan(groups=(group("irm", phrases=(long,)),)))) == {"a", "b"}

    @pytest.mark.gap("meili", "Meilisearch checks a phrase in windows of three words: one whose windows all stand somewhere passes")
    def test_a_phrase_of_four_words_in_two_halves(self, place: Place, document: MakeDocument) -> None:
        place.publish(
            [document("a", "Titre", "un grand trou noir brillant"), document("b", "Titre", "un grand trou noir. Un trou noir brillant")]
        )
        assert all_ids(place, Plan(required=(Exactly(("grand", "trou", "noir", "brillant")),))) == ["a"]


class TestLongLists:
    def test_a_word_that_may_be_completed_in_forty_ways(self, place: Place, document: MakeDocument) -> None:
        place.publish(document(f"{at:04}", f"Zor{letters}") for at, letters in enumerate(_endings(40)))
        assert place.search().page(Query(text="zor")).total == 40

    @pytest.mark.gap("meili", "beside other words Meilisearch follows twelve completions of one: each choice is a query of its own")
    def test_beside_another_word_too(self, place: Place, document: MakeDocument) -> None:
        place.publish(document(f"{at:04}", f"Pulsar zor{letters}") for at, letters in enumerate(_endings(40)))
        assert place.search().page(Query(text="pulsar zor")).total == 40

    @pytest.mark.gap("meili", "the best 200 hits are put in order of relevance, those after them come newest first")
    def test_relevance_orders_the_last_pages_too(self, place: Place, document: MakeDocument) -> None:
        place.publish(document(f"{uses:04}", "Titre", "atome " * uses + "mot " * (300 - uses)) for uses in range(1, 231))
        found = [one for offset in range(0, 230, 50) for one in all_ids(place, Plan(groups=(group("atome"),), limit=50, offset=offset))]
        assert found == [f"{uses:04}" for uses in range(230, 0, -1)]


def _endings(count: int) -> list[str]:
    """So many different beginnings of words that no stemmer shortens to the same."""
    return [f"{one}{other}k" for one in "bdfgklmp" for other in "aiouy"][:count]


class TestById:
    def test_those_that_are_held_in_the_order_asked(self, place: Place, document: MakeDocument) -> None:
        made = {name: document(name, f"Titre {name}", "corps", dois=("10.1000/x",), source_type="media", weight=2.0) for name in "abc"}
        place.publish(made.values())
        engine = place.engine()
        assert engine.documents(["c", "nowhere", "a", "c"]) == (made["c"], made["a"])
        assert engine.documents([]) == ()
        assert engine.documents(["__meta__", "zzz-luciole", "", "a b", "é"]) == ()
        place.publish([], deletions=["a"], revision=2)
        assert engine.documents(["a", "b"]) == (made["b"],)

    def test_similar_articles_are_others(self, place: Place, document: MakeDocument) -> None:
        bodies = {"a": "étoile naine géante spectre", "b": "étoile naine géante lumière", "c": "volcan lave cendre basalte"}
        place.publish(document(name, body, f"{body} " * 4) for name, body in bodies.items())
        found = place.search().similar("a", 5)
        assert found is not None
        assert [hit.id for hit in found] == ["b"]


def test_what_a_page_marks_is_a_form_of_the_query(place: Place, document: MakeDocument) -> None:
    place.publish([document("a", "Les étoiles à neutrons", "Une étoile s’effondre : 𝛼 et <b>étoile</b>.")])
    hit = place.search().page(Query(text="l'étoile neutron ")).hits[0]
    for fragment, forms in ((hit.title, ["étoiles", "neutrons"]), (hit.excerpt, ["étoile", "étoile"])):
        assert [fragment.text[start:end] for start, end in fragment.marks] == forms


def test_a_document_of_a_million_characters(place: Place, document: MakeDocument) -> None:
    body = " ".join(f"mot{number % 7000} pulsar" for number in range(75_000))
    made: IndexDocument = document("a", "Un titre", body)
    place.publish([made, document("b", "Autre", "rien")])
    assert place.engine().search(Plan(groups=(group("mot6999"), group("pulsar")), least=2)).documents == (made,)
