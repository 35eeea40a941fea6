"""The signs around formulas and code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luciole.marks import Span, marked, neutral, prose, spans, unmarked

TEXT = f"Soit {marked('formula', '$x^2$')} et {marked('code', 'print(x)')}."
SIGNS = "\ue000\ue001\ue002\ue003"
noisy = st.text(alphabet=st.sampled_from(f"ab $\n{SIGNS}"), max_size=60)


def test_what_readers_see_and_what_the_language_is_told_by() -> None:
    assert unmarked(TEXT) == "Soit $x^2$ et print(x)."
    assert prose(TEXT) == "Soit   et  ."
    assert spans(TEXT) == [Span(5, 10, "formula"), Span(14, 22, "code")]


def test_half_a_pair_encloses_nothing() -> None:
    assert spans("a \ue000b c") == []
    assert spans("a \ue000b\ue003 c") == []
    assert prose("a \ue000b c") == "a b c"


@given(noisy)
def test_strangers_bring_no_sign(text: str) -> None:
    assert not set(neutral(text)) & set(SIGNS)
    assert spans(neutral(text)) == []


@given(st.lists(st.tuples(st.sampled_from(["formula", "code", ""]), noisy), max_size=8))
def test_spans_are_the_pieces_that_were_marked(pieces: list[tuple[str, str]]) -> None:
    text = "".join(marked(kind, piece) if kind in ("formula", "code") else neutral(piece) for kind, piece in pieces)  # type: ignore[arg-type]
    shown = unmarked(text)
    assert [(span.kind, shown[span.start : span.end]) for span in spans(text)] == [(kind, neutral(piece)) for kind, piece in pieces if kind]
    assert shown == "".join(neutral(piece) for _, piece in pieces)
