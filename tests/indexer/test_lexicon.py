import random
from collections import Counter
from collections.abc import Iterable
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import stem, stems
from indexer.lexicon import MOST_STEMMED, Lexicon, written_forms
from indexer.near import MOST_COMPARED, Shelves, within

WORDS = st.text(alphabet="abcde", min_size=1, max_size=10)


def slow_distance(one: str, other: str) -> int:
    """Optimal string alignment by its definition."""
    if not one or not other:
        return len(one) + len(other)
    cost = min(
        slow_distance(one[:-1], other) + 1, slow_distance(one, other[:-1]) + 1, slow_distance(one[:-1], other[:-1]) + (one[-1] != other[-1])
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        cost = min(cost, slow_distance(one[:-2], other[:-2]) + 1)
    return cost


@given(st.text(alphabet="abc", max_size=6), st.text(alphabet="abc", max_size=6))
def test_edits_are_counted_by_their_definition(one: str, other: str) -> None:
    assert [within(one, other, edits) for edits in range(4)] == [slow_distance(one, other) <= edits for edits in range(4)]


def edits(one: str, other: str) -> int:
    return next((number for number in (1, 2) if within(one, other, number)), 3)


@given(st.dictionaries(WORDS, st.integers(1, 50), max_size=60), WORDS.filter(lambda word: len(word) >= 4))
def test_corrections_are_those_of_a_full_scan(frequencies: dict[str, int], word: str) -> None:
    limit = 2 if len(word) >= 8 else 1
    scanned = [(edits(word, other), -count, other) for other, count in frequencies.items() if other != word and other[0] == word[0]]
    nearest = [other for apart, _, other in sorted(scanned) if apart == 1][:5]
    found = Lexicon(frequencies).corrections(word)
    assert list(found[: len(nearest)]) == nearest
    assert set(found) <= set(frequencies) - {word}
    assert len(found) == len(set(found)) <= 5
    if len(found) < 5:
        assert {other for apart, _, other in scanned if apart <= limit} <= set(found)


def test_a_misspelt_form_that_no_document_holds() -> None:
    lexicon = Lexicon({"abeilles": 3, "chevaux": 2, "zebre": 1})
    assert [lexicon.corrections(word) for word in ("abeilqe", "abille", "zebbres", "chaval")] == [
        ("abeilles",),
        ("abeilles",),
        ("zebre",),
        ("chevaux",),
    ]


def test_a_form_that_no_document_holds_leads_to_one_of_the_same_root() -> None:
    lexicon = Lexicon({"dormons": 1, "dome": 9, "tremblecourt": 1, "acidifie": 2})
    assert lexicon.corrections("dormir") == ("dormons",)
    assert lexicon.corrections("acidifier") == ("acidifie",)
    assert lexicon.corrections("tremblement") == ()


def test_corrections_leave_alone_what_is_no_misspelling() -> None:
    lexicon = Lexicon({"2018": 9, "eau": 5, "galaxie": 3, "vitamine": 2})
    assert lexicon.corrections("2019") == ()
    assert lexicon.corrections("eua") == ()  # three letters
    assert lexicon.corrections("palaxie") == ()  # the first letter is taken to be right
    assert lexicon.corrections("vtamiine") == ("vitamine",)
    assert lexicon.corrections("中文中文") == ()


@given(st.dictionaries(WORDS, st.integers(1, 50), max_size=60), st.text(alphabet="abcde", min_size=3, max_size=5))
def test_completions_are_those_of_a_full_scan(frequencies: dict[str, int], prefix: str) -> None:
    longer = [(-count, word) for word, count in frequencies.items() if word.startswith(prefix) and word != prefix]
    assert Lexicon(frequencies).completions(prefix, 5) == tuple(word for _, word in sorted(longer))[:5]


def test_completions_begin_at_three_letters() -> None:
    assert Lexicon({"etoile": 1}).completions("et") == ()
    assert Lexicon({"etoile": 1}).completions("eto") == ("etoile",)


@pytest.mark.parametrize(
    "word", ["chevaux", "evidemment", "frequence", "yeux", "psychologie", "constamment", "oeuvres", "heureuses", "a", "42"]
)
def test_every_word_is_a_surface_of_its_stem(word: str) -> None:
    assert word in Lexicon(Counter([word, "cheval", "zebre"])).surfaces(stem(word))


@given(st.lists(st.text(alphabet="abceilmnorstuxy", min_size=1, max_size=14), max_size=40))
def test_surfaces_are_all_words_of_a_stem(words: list[str]) -> None:
    lexicon = Lexicon(Counter(words))
    for one in {stem(word) for word in words if stem(word)[0] == word[0]}:
        assert set(lexicon.surfaces(one)) == {word for word in words if stem(word) == one and word[0] == one[0]}


def test_an_unknown_word() -> None:
    lexicon = Lexicon({})
    assert (len(lexicon), lexicon.frequency("x"), lexicon.surfaces("x"), lexicon.surfaces("")) == (0, 0, (), ())


def test_words_are_written_as_authors_mostly_do() -> None:
    accented = [("énergie", 5), ("côte", 3), ("côté", 5), ("œuvre", 1), ("eté", 1), ("été", 2)]
    counts = [("energie", 2), ("cote", 4), ("ete", 2), ("lune", 9), *accented]
    written = written_forms(counts)
    assert written == {"energie": "énergie", "cote": "côté", "oeuvre": "œuvre", "ete": "été"}
    lexicon = Lexicon({"energie": 7, "lune": 9}, written=written | {"lune": "lune"})
    assert [lexicon.written(word) for word in ("energie", "lune", "oeuvre", "inconnu")] == ["énergie", "lune", "oeuvre", "inconnu"]
    plurals = Lexicon({"theories": 1, "energie": 1}, written={"theories": "théories", "energie": "énergie"})
    assert [plurals.written(word) for word in ("theorie", "energies", "lunes", "s")] == ["théorie", "énergies", "lunes", "s"]


def test_of_equals_the_accented_form_is_the_written_one() -> None:
    assert written_forms([("volcan", 3), ("energie", 2), ("énergie", 2)]) == {"energie": "énergie"}
    assert written_forms([("energie", 3), ("énergie", 2)]) == {}


def hostile() -> dict[str, int]:
    """Words as near to each other as words can be: what a question has to look at is more than it may."""
    swapped = {"m" + "".join(letters): 1 for letters in permutations("abcdefgh")}
    alike = {f"mabcde{''.join(tail)}": 1 for tail in product("fghijklmn", repeat=4)}
    return swapped | alike


def test_a_correction_compares_and_stems_a_bounded_number_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = hostile()
    assert len(words) > 20 * MOST_COMPARED
    shelves = Shelves(sorted(words))
    for word in ("mabcdefghi", "mhgfedcbaz", "mabcdefg"):
        assert len(shelves.worth_comparing(word)) <= MOST_COMPARED
    assert len(shelves.worth_comparing("mhgfedcba")) == MOST_COMPARED
    stemmed = Counter[str]()

    def counted(many: Iterable[str]) -> list[str]:
        listed = list(many)
        stemmed["words"] += len(listed)
        return stems(listed)

    monkeypatch.setattr("indexer.lexicon.stems", counted)
    lexicon = Lexicon(words)
    for word in ("mabcdezzzz", "mabcdeffgz", "mhgfedcbz", "mabcdo", "maxcdeffff"):
        stemmed.clear()
        lexicon.corrections(word)
        assert stemmed["words"] <= 2 * MOST_STEMMED + 1


def test_surfaces_look_only_at_words_that_begin_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(3)
    words = {"".join(rng.choices("aeioulmnrst", k=rng.randrange(3, 12))) for _ in range(30_000)}
    stemmed = Counter[str]()

    def counted(many: Iterable[str]) -> list[str]:
        listed = list(many)
        stemmed["words"] += len(listed)
        return stems(listed)

    monkeypatch.setattr("indexer.lexicon.stems", counted)
    lexicon = Lexicon(dict.fromkeys(words, 1))
    for one in rng.sample(sorted(words), 300):
        stemmed.clear()
        assert one in lexicon.surfaces(stem(one))
        assert stemmed["words"] <= sum(word.startswith(one[:2]) for word in words) * 2


@given(st.lists(st.text(alphabet="abcdef", min_size=6, max_size=11), max_size=80), st.text(alphabet="abcdef", min_size=7, max_size=9))
def test_what_is_two_edits_away_is_worth_comparing(words: list[str], word: str) -> None:
    known = {word[0] + other[1:] for other in words}
    assert set(Shelves(sorted(known)).within_two(word)) == {other for other in known if within(word, other, 2)}
