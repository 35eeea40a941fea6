from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import stem
from indexer.lexicon import Lexicon, distance

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


@given(st.text(alphabet="abc", max_size=5), st.text(alphabet="abc", max_size=5))
def test_distance(one: str, other: str) -> None:
    assert distance(one, other, 2) == min(slow_distance(one, other), 3)


@given(st.dictionaries(WORDS, st.integers(1, 50), max_size=60), WORDS.filter(lambda word: len(word) >= 4))
def test_corrections_are_those_of_a_full_scan(frequencies: dict[str, int], word: str) -> None:
    limit = 2 if len(word) >= 8 else 1
    scanned = [
        (distance(word, other, limit), -count, other) for other, count in frequencies.items() if other != word and other[0] == word[0]
    ]
    nearest = [other for edits, _, other in sorted(scanned) if edits == 1][:5]
    found = Lexicon(frequencies).corrections(word)
    assert list(found[: len(nearest)]) == nearest
    assert set(found) <= set(frequencies) - {word}
    assert len(found) == len(set(found)) <= 5
    if len(found) < 5:
        assert {other for edits, _, other in scanned if edits <= limit} <= set(found)


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
