import time

from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import tokens
from indexer.folding import undotted
from indexer.highlight import WIDTH, Marker
from indexer.plan import TermGroup
from indexer.results import Fragment

FILLER = "Le vent tourne et la pluie tombe sur les toits de la ville. "


def marker(*groups: str) -> Marker:
    return Marker(TermGroup(typed=words, origin="typed", surfaces=tuple(words.split())) for words in groups)


def marked(fragment: Fragment) -> list[str]:
    return [fragment.text[start:end] for start, end in fragment.marks]


def test_a_title_is_marked_whatever_its_accents_and_ligatures() -> None:
    made = marker("energie energies", "oeuf", "co2").title("L’Énergie de l’ŒUF, et le CO₂ des énergies: œufs")
    assert marked(made) == ["Énergie", "ŒUF", "CO₂", "énergies"]


def test_only_whole_words_are_marked() -> None:
    assert marked(marker("art").title("Art, article, start, l’art_art d'art")) == ["Art", "art", "art", "art"]


def test_the_excerpt_is_where_most_words_stand() -> None:
    body = FILLER * 20 + "L’énergie seule. " + FILLER * 20 + "L’énergie noire domine l’univers. " + FILLER * 20
    made = marker("energie", "noire", "univers").excerpt(body)
    assert marked(made) == ["énergie", "noire", "univers"]
    assert made.text.startswith("… ")
    assert made.text.endswith(" …")


def test_the_lead_is_shown_when_nothing_matches() -> None:
    made = marker("absent").excerpt(FILLER * 10)
    assert made.text.startswith("Le vent tourne")
    assert made.text.endswith(" …")
    assert made.marks == ()
    assert marker().excerpt("").text == ""
    assert marker("vent").excerpt("Le vent") == Fragment("Le vent", ((3, 7),))


def test_a_heading_does_not_run_into_the_text_below_and_marks_stay_in_place() -> None:
    fragment = marker("banquise", "boucle").excerpt("La boucle de la glace\nQuand la banquise fond.\nUn miroir,\ncède.")
    assert fragment.text == "La boucle de la glace · Quand la banquise fond. Un miroir, cède."
    assert marked(fragment) == ["boucle", "banquise"]


def test_the_items_of_a_list_read_well_and_marks_stay_in_place() -> None:
    body = FILLER * 10 + "Au menu\n- Une année noire au bord de la route.\n- Une éclipse noire" + "\n" + FILLER * 10
    fragment = marker("noire", "eclipse").excerpt(body)
    assert marked(fragment) == ["noire", "éclipse", "noire"]
    assert "Au menu · Une année" in fragment.text
    assert not fragment.text.startswith("… -")
    start = marker("eclipse").excerpt("- Un item long. " * 20 + "\n- Une éclipse noire " + FILLER * 10)
    assert not start.text.startswith("… -")


def test_an_acronym_is_marked_with_its_dots() -> None:
    made = marker("irm", "adn").title("L’I.R.M. ou l’IRM, A.D.N et ADN, mais ni I.R. ni I.R.M.A.")
    assert marked(made) == ["I.R.M.", "IRM", "A.D.N", "ADN"]


def test_markup_is_plain_text() -> None:
    made = marker("script").title("<script>alert('script')</script> & co")
    assert made.text == "<script>alert('script')</script> & co"
    assert marked(made) == ["script"] * 3


def test_a_text_without_blanks_is_cut_all_the_same() -> None:
    made = marker("x").excerpt("中" * 1000)
    assert len(made.text) == WIDTH + 2


LETTERS = st.text(alphabet="aàeéœoebc' .\n", max_size=400)


@given(LETTERS | st.text(max_size=400), st.lists(st.text(alphabet="aeobc", min_size=1, max_size=4), max_size=5))
def test_an_excerpt_is_part_of_the_body_and_marks_are_words_of_the_plan(body: str, surfaces: list[str]) -> None:
    made = marker(*surfaces)
    for fragment in (made.excerpt(body), made.title(body)):
        assert len(fragment.text.replace(" · ", " ")) <= max(WIDTH, len(body)) + 4
        ends = [0, *(place for mark in fragment.marks for place in mark), len(fragment.text)]
        assert ends == sorted(ends)
        for word in marked(fragment):
            assert tokens(undotted(word))[0].word in surfaces
    text = made.excerpt(body).text.removeprefix("… ").removesuffix(" …")
    text = text.replace(" · ", " ")  # stands where a line ended without a stop
    body = body.replace("\n- ", "\n")  # the signs of a list go
    assert " ".join(text.replace("- ", "").split()) in " ".join(body.replace("\0", " ").replace("- ", "").split())


def test_a_million_letters_take_linear_time() -> None:
    made = marker("energie", "noire", "aaa", "le")

    def cost(text: str) -> float:
        best = 10.0
        for _ in range(3):
            start = time.process_time()
            made.excerpt(text)
            best = min(best, time.process_time() - start)
        return best

    for text in ("aaa", "aaa ", "aaab ", FILLER, "énergie noire "):
        small = text * (100_000 // len(text))
        # Ten times the text in a hundred times the time would be quadratic; a noisy machine is not.
        assert cost(small * 10) < 40 * cost(small) + 0.05
