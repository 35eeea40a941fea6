"""Words that stand for formulas and code while a text is extracted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.shelter import Shelter
from luciole.marks import marked

any_text = st.text(alphabet=st.sampled_from("xqzje019 \n\ue000\ue003"), max_size=40)


def test_what_was_put_away_comes_back_where_its_word_stands() -> None:
    shelter = Shelter("la page")
    one, two = shelter.put("code", "f(x)\n" * 50), shelter.put("formula", "$x$")
    assert (
        shelter.restored(f"a {one} b\n{two}, c")
        == f"a {marked('code', 'f(x)' + chr(10) + ('f(x)' + chr(10)) * 49)} b\n{marked('formula', '$x$')}, c"
    )
    assert shelter.restored_line(f"Le titre {two}") == "Le titre $x$"


def test_a_word_whose_filler_was_cut_or_broken_is_whole() -> None:
    shelter = Shelter("")
    word = shelter.put("code", "a = 1; b = 2; c = 3")
    assert len(word.split()) > 2
    assert shelter.restored(word.rsplit(" ", 1)[0]) == shelter.restored(word.replace(" ", "\n")) == marked("code", "a = 1; b = 2; c = 3")


@given(any_text, st.lists(any_text, max_size=4))
def test_a_page_that_holds_such_words_loses_none_of_its_own(page: str, pieces: list[str]) -> None:
    shelter = Shelter(page)
    text = "|".join([page, *(shelter.put("code", piece) for piece in pieces)])
    own = page.replace("\ue000", "").replace("\ue003", "")
    assert shelter.restored(text) == "|".join([own, *(marked("code", piece) for piece in pieces)])
