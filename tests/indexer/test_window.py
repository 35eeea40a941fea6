"""What an author wrote as plain text and makes sense only as a whole is not parted by the end or the beginning of an excerpt."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.highlight import WIDTH, Marker
from indexer.plan import TermGroup
from indexer.window import equation

FILLER = "Le vent tourne et la pluie tombe sur les toits de la ville. "
OZONE = "Cl + O₃ → ClO + O₂"


def marker(*words: str) -> Marker:
    return Marker(TermGroup(typed=word, origin="typed", surfaces=(word,)) for word in words)


def around(text: str, place: str, most: int = WIDTH) -> str | None:
    found = equation(text, text.index(place), most)
    return text[slice(*found)] if found else None


@pytest.mark.parametrize(
    ("text", "where", "whole"),
    [
        (f"ainsi {OZONE}, puis", "ClO", f"{OZONE},"),
        (f"ainsi {OZONE}, puis", " → ", f"{OZONE},"),
        ("on a E = mc² ici", "mc²", "E = mc²"),
        ("on a E = mc² ici", " ici", None),  # a cut there parts nothing
        ("le savon : graisse + soude → savon", "graisse", "graisse + soude → savon"),
        ("a -> b <=> c", "b", "a -> b <=> c"),
        ("l’ion Na+ et le Cl− ensemble", " et", None),
        ("il fait −5 degrés", " degrés", None),
        ("c’est fini. – Oui, dit-elle", " – ", None),  # a dash behind a stop opens a reply
        ("a =\nb", "\n", None),
        ("", "", None),
    ],
)
def test_what_belongs_together(text: str, where: str, whole: str | None) -> None:
    assert around(text, where) == whole


def test_what_is_too_long_is_nothing() -> None:
    text = " + ".join("x" * 10 for _ in range(30))
    assert equation(text, 200, 100) is None
    assert equation("a + b", 2, 4) is None
    assert equation("a + b", 2, 5) == (0, 5)
    assert equation("mot " + "a + b" + " mot", 6, 5) == (4, 9)


@pytest.mark.parametrize("before", range(150, 250))
def test_no_excerpt_ends_inside_an_equation(before: int) -> None:
    lead = (FILLER * 5)[:before].rsplit(" ", 1)[0]
    for words in ("vent", "absent"):
        text = marker(words).excerpt(f"{lead} {OZONE} {FILLER * 5}").text
        assert OZONE in text or not set("+→₃") & set(text)
        assert len(text) > WIDTH // 3


@pytest.mark.parametrize("before", range(200, 300, 3))
def test_none_begins_inside_one_either(before: int) -> None:
    lead = ("mot " * 100)[:before].rsplit(" ", 1)[0]
    text = marker("neige").excerpt(f"{lead} {OZONE} {'sol ' * 25}la neige {'sol ' * 60}").text
    assert "neige" in text
    assert OZONE in text or not set("+→₃") & set(text)


@pytest.mark.parametrize("word", ["clo", "o2", "cl"])
def test_one_that_was_asked_for_is_seen_whole(word: str) -> None:
    made = marker(word).excerpt(f"{FILLER * 9}{'mot ' * 30}{OZONE} {'mot ' * 30}{FILLER * 9}")
    assert OZONE in made.text
    assert made.marks


@pytest.mark.parametrize("between", range(44, 54))
def test_it_is_seen_whole_at_the_edge_of_what_was_asked_for_too(between: int) -> None:
    words = "mot " * between
    behind = marker("neige", "cl").excerpt(f"{'sol ' * 90}neige {words}{OZONE} {'sol ' * 90}")
    before = marker("neige", "o2").excerpt(f"{'sol ' * 90}{OZONE} {words}neige {'sol ' * 90}")
    for made in (behind, before):
        assert OZONE in made.text
        assert len(made.marks) == 2


SIGNS = st.sampled_from(list("+−–=→⇌×≈<>⟶≤≥·±"))


@given(st.lists(st.integers(1, 5), min_size=40, max_size=80), st.data())
def test_no_cut_stands_beside_an_operator(sizes: list[int], data: st.DataObject) -> None:
    words: list[str] = []
    for number, size in enumerate(sizes):
        for at in range(size):
            words += [*([data.draw(SIGNS)] if at else []), f"w{number}x{at}"]
    body = " ".join(words)
    wanted = data.draw(st.sampled_from([word for word in words if len(word) > 1]))
    made = marker(wanted).excerpt(body)
    assert [made.text[start:end] for start, end in made.marks] == [wanted]
    shown = made.text.removeprefix("… ").removesuffix(" …").split()
    assert len(shown) > 5
    seen = {word for word in shown if len(word) > 1}
    for one, other, third in zip(words, words[1:], words[2:], strict=False):
        if len(other) == 1:  # an operator is seen with both of its operands or not at all
            assert (one in seen) == (third in seen)
    assert all(len(one) > 1 for one in (shown[0], shown[-1]))
    assert not any(len(one) == len(other) == 1 for one, other in pairwise(shown))


def test_nothing_but_signs_is_neither_slow_nor_empty() -> None:
    def cost(text: str, limit: int | None = None) -> float:
        start = time.process_time()
        made = marker("a", "bb").excerpt(text, limit)
        spent = time.process_time() - start
        assert len(made.text) > 10
        return spent

    for text in ("+ ", "a + ", "bb = ", "=", "→ \n", "bb+", "· mot · "):
        many = text * (100_000 // len(text))
        assert cost(many * 10) < 40 * cost(many) + 0.2
        for limit in range(14, WIDTH, 9):
            cost(text * 400, limit)
