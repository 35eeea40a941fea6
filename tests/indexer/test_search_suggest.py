"""What a text being typed may become: queries in authors' letters, and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lexicon import Lexicon
from indexer.planner import plan
from indexer.query import MAX_QUERY_CHARACTERS, Query
from indexer.results import Suggestions
from indexer.suggest import MOST, in_titles, texts
from luciole.marks import marked

from .conftest import MakeDocument, Place

LEXICON = Lexicon(
    {"energie": 9, "energies": 4, "energetique": 3, "noire": 5, "noir": 8, "noise": 1, "volcan": 4, "soufre": 2, "sel": 3, "selenium": 1},
    notation=["energieconstante"],
    written={"energie": "énergie", "energies": "énergies", "energetique": "énergétique", "selenium": "sélénium"},
)


def suggested(text: str, size: int = MOST) -> tuple[str, ...]:
    return texts(text, plan(Query(text=text), LEXICON), LEXICON, size)


@pytest.mark.parametrize(
    ("typed", "suggestions"),
    [
        ("ener", ("énergie", "énergétique")),  # one of each stem, the most frequent first; nothing of formulas
        ("Éner", ("énergie", "énergétique")),
        ("l’ener", ("l’énergie", "l’énergétique")),
        ("énergie noi", ("énergie noir", "énergie noise")),
        ("energie", ()),  # its plural is no news
        ("sel", ("sélénium",)),
        ("vlcan souf", ("volcan soufre",)),  # an earlier word as the planner corrects it
        ("vlcan", ("volcan",)),
        ("discipline:physique souf", ("discipline:physique soufre",)),
        ("energie ", ()),
        ("energie !", ()),
        ("auteur:ener", ()),
        ('"ener', ('"énergie', '"énergétique')),
        ("volcan en", ()),
        ("xyz", ()),
        ("", ()),
        ("x" * MAX_QUERY_CHARACTERS + " ener", ()),
    ],
)
def test_the_last_word_is_completed(typed: str, suggestions: tuple[str, ...]) -> None:
    assert suggested(typed) == suggestions


def test_no_more_than_asked() -> None:
    assert suggested("ener", 1) == ("énergie",)
    assert suggested("ener", 0) == ()


@pytest.mark.parametrize(("articles", "first"), [(0, "énergie"), (46, "énergie"), (44, "énergétique")])
def test_words_of_more_than_a_fifth_of_all_articles_come_last(articles: int, first: str) -> None:
    found = texts("ener", plan(Query(text="ener"), LEXICON), LEXICON, articles=articles)
    assert found[0] == first
    assert set(found) == {"énergie", "énergétique"}


@given(st.text(max_size=60) | st.text(alphabet='energvolcnoi ’"-:', max_size=40))
def test_any_text_gets_suggestions_or_none(text: str) -> None:
    made = plan(Query(text=text), LEXICON)
    found = texts(text, made, LEXICON)
    assert len(found) == len(set(found)) <= MOST
    assert found == texts(text, made, LEXICON)
    wanted = in_titles(text, made, LEXICON)
    assert wanted is None or (wanted.titles_only and wanted.least == len(wanted.groups) > 0)


class TestOverArticles:
    @pytest.fixture(autouse=True)
    def articles(self, place: Place, document: MakeDocument) -> None:
        place.publish(
            [
                document("a", "L’énergie noire et l’expansion", "Rien ici.", date="2020-01-01"),
                document("b", "Énergies du vent", "Le noir de la nuit.", date="2021-01-01"),
                document("c", "Le sélénium", f"L’énergie {marked('formula', 'energieconstante')}."),
                document("d", "Volcans noirs", "Sans rapport avec energie."),
            ]
        )

    def test_texts_and_titles(self, place: Place) -> None:
        found = place.search().suggest("ener")
        assert found.texts == ("énergie",)
        assert {one for one, _ in found.titles} == {"a", "b"}
        assert found == place.search().suggest("ener")
        assert dict(found.titles)["a"] == "L’énergie noire et l’expansion"
        assert found.generation == place.engine().meta().generation

    @pytest.mark.parametrize(
        ("text", "titles"),
        [
            ("energie noi", {"a"}),  # every word, the last one as a beginning, in the title itself
            ("enrgie noi", {"a"}),
            ("noi", {"a", "d"}),
            ("sel", {"c"}),
            ("noire energie", {"a"}),
            ("volcan energie", set()),
            ("zzyzxw noi", set()),
            ("blog:inconnu noi", set()),
            ("le la les", set()),
            ("no", set()),
            ("n o", set()),
        ],
    )
    def test_titles_hold_every_word(self, place: Place, text: str, titles: set[str]) -> None:
        assert {one for one, _ in place.search().suggest(text).titles} == titles

    def test_texts_of_several_words_lead_to_an_article(self, place: Place) -> None:
        assert place.search().suggest("vent noi").texts == ("vent noir",)
        assert place.search().suggest("vent sel").texts == ()
        assert place.search().suggest("sel").texts == ("sélénium",)

    def test_with_filters_only_what_finds_something_within_them(self, place: Place) -> None:
        search = place.search()
        in_2021 = search.suggest("ener", filters={"annee": ("2021",)})
        assert (in_2021.texts, {one for one, _ in in_2021.titles}) == (("énergie",), {"b"})
        assert search.suggest("sel").texts == ("sélénium",)
        nowhere = search.suggest("sel", filters={"annee": ("2021",)})
        assert (nowhere.texts, nowhere.titles) == ((), ())
        assert search.suggest("ener", filters={"annee": ("2020", "2021")}).titles
        assert search.suggest("ener", filters={}) == search.suggest("ener", filters={"inconnu": ("x",)}) == search.suggest("ener")

    def test_a_rare_word_within_filters_is_found_behind_frequent_ones(self, place: Place, document: MakeDocument) -> None:
        many = [document(f"m{number}", f"Marée mare marbre marche marteau masque marmite numéro {number}") for number in range(3)]
        place.publish([*many, document("rare", "Le margouillat", date="2019-01-01")])
        assert "margouillat" not in place.search().suggest("mar").texts
        assert place.search().suggest("mar", filters={"annee": ("2019",)}).texts == ("margouillat",)

    def test_below_three_letters_there_is_nothing(self, place: Place) -> None:
        search = place.search()
        for text in ("", "  ", "én", "é n !"):
            found = search.suggest(text)
            assert found == Suggestions(texts=(), titles=(), generation=found.generation)

    def test_no_more_than_five_of_each(self, place: Place, document: MakeDocument) -> None:
        place.publish([document(f"m{number}", f"Marée numéro {number} marégraphe{'abcdefgh'[number]}") for number in range(8)])
        found = place.search().suggest("mar", 50)
        assert (len(found.texts), len(found.titles)) == (5, 5)
        assert len(place.search().suggest("mar", 2).titles) == 2
