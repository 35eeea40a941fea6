import time

from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import tokens
from indexer.folding import undotted
from indexer.highlight import WIDTH, Marker
from indexer.plan import TermGroup
from indexer.results import Fragment
from luciole.marks import marked as marked_as
from luciole.marks import unmarked

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


FORMULA = marked_as("formula", "$E = mc^2$")
CODE = marked_as("code", "for x in range(3):\n    print(x)\nprint('fin')")
LONG = marked_as("code", "ligne = lire(fichier)\n" * 20)


def test_formulas_and_code_are_shown_without_their_signs_and_told() -> None:
    made = marker("relation", "mc").excerpt(f"La relation {FORMULA} étonne, et {CODE}\nla suite aussi.")
    assert made.text == "La relation $E = mc^2$ étonne, et for x in range(3):     print(x) print('fin') la suite aussi."
    assert [made.text[start:end] for start, end in made.notation] == ["$E = mc^2$", "for x in range(3):     print(x) print('fin')"]
    assert marked(made) == ["relation", "mc"]


def test_marks_stay_in_place_behind_lines_of_code_and_headings() -> None:
    made = marker("boucle", "print").excerpt(f"La boucle\n{CODE}\nUne boucle")
    assert marked(made) == ["boucle", "print", "print", "boucle"]
    assert made.text.startswith("La boucle · for x in range(3):")
    assert [made.text[start:end] for start, end in made.notation] == ["for x in range(3):     print(x) print('fin')"]


def test_no_excerpt_begins_with_a_formula() -> None:
    for body in (f"{FORMULA} est la relation d’Einstein.", f"({FORMULA}) ; {CODE} … est la relation d’Einstein."):
        for words in ("relation", "mc", "absent"):
            made = marker(words).excerpt(body)
            assert made.text == "… est la relation d’Einstein."
    assert marker("mc").excerpt(FORMULA) == Fragment("")
    assert marker("mc").excerpt(f"{FORMULA} {CODE}.") == Fragment("")


def test_a_formula_that_was_asked_for_is_shown_with_the_words_before_it() -> None:
    made = marker("mc").excerpt(f"{FILLER * 10}Voici enfin une relation. {FORMULA} {FILLER * 10}")
    assert marked(made) == ["mc"]
    assert "relation. $E = mc^2$" in made.text


def test_long_code_is_never_cut_nor_does_it_fill_an_excerpt() -> None:
    for words in ("vent", "absent", "lire", "fichier"):
        made = marker(words).excerpt(f"{FILLER}{LONG} {FILLER}")
        assert made.notation == ()
        assert len(made.text) <= WIDTH + 4
        assert "lire" not in made.text
        assert made.text.startswith("Le vent tourne")
    behind = marker("neige").excerpt(f"{FILLER}{LONG} {FILLER}La neige tient.")
    assert marked(behind) == ["neige"]
    assert behind.notation == ()


def test_an_excerpt_is_as_short_as_its_author_wants_it() -> None:
    body = f"{FILLER * 5}La neige {FORMULA} tient\nau sol\net fond\n{FILLER * 5}"
    for limit in range(0, WIDTH + 60):
        made = marker("neige").excerpt(body, limit)
        assert len(made.text) <= limit
        assert all(made.text[start:end] == "$E = mc^2$" for start, end in made.notation)
        assert made.text or limit < 14
    assert marked(marker("neige").excerpt(body, 40)) == ["neige"]
    assert marker("neige").excerpt("La neige", 8) == Fragment("")
    assert marker("neige").excerpt("La neige fond", 13) == Fragment("La neige fond", ((3, 8),))


PIECES = st.sampled_from(
    [marked_as("formula", "a_b"), marked_as("code", "aa bb\ncc"), marked_as("formula", "e" * 150), marked_as("code", "")]
)


@given(st.lists(PIECES | st.text(alphabet="abé.\n (", max_size=90), max_size=12), st.sampled_from(["a", "aa", "b", "ab", "zz"]))
def test_no_formula_is_ever_cut_and_none_is_the_start(parts: list[str], word: str) -> None:
    body = "".join(parts)
    made = marker(word).excerpt(body)
    assert not set(made.text) & set("\ue000\ue001\ue002\ue003")
    whole = [" ".join(unmarked(part).split()) for part in parts if part != unmarked(part)]
    for start, end in made.notation:
        assert " ".join(made.text[start:end].split()) in whole
        assert any(letter.isalnum() for letter in made.text[:start])
    shown = [made.text[start:end] for start, end in made.notation]
    assert made.text.count("e") == 150 * shown.count("e" * 150)  # e and _ stand in formulas alone
    assert made.text.count("_") == shown.count("a_b")
    assert all(tokens(undotted(found))[0].word == word for found in marked(made))
