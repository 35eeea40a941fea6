import re

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from indexer import analysis
from indexer.analysis import FOLDED, STEMMED, stem, stems, tokens
from indexer.elision import LETTERS, unelided
from indexer.engines.embedded import schema
from indexer.folding import _ACCENTED, _RAISED_OR_LOWERED, DOTTED, clean, fold, undotted

FRENCH = st.text(alphabet=st.sampled_from("aàâbcçdeéèêëfghiîïjlmnoôœpqrstuùûvwxyzÀÉŒ'’ -.,;0123₂²«»\n"), max_size=200)

FORGOTTEN = {fold(letter) for letter in LETTERS}
"""Letters that a query may leave out where a document has them: see test_elision."""


def query_side(text: str) -> list[str]:
    return [token.word for token in tokens(text) if not token.is_stop]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’énergie noire", ["energie", "noire"]),
        ("l'energie NOIRE", ["energie", "noire"]),
        ("lorsqu’on jusqu'à quoiqu’il", []),
        ("œuf, ŒUVRE et cæcum", ["oeuf", "oeuvre", "caecum"]),
        ("CO₂ ou CO2, H₂O, m²", ["co2", "co2", "h2o", "m2"]),
        ("peut-être arc-en-ciel", ["peut", "etre", "arc", "ciel"]),
        ("un été, des avions, la somme des sommes", ["ete", "avions", "somme", "sommes"]),
        ("中文搜索", ["中文搜索"]),
        ("a\0b", ["b"]),
        ("x" * 500, []),
        ("… ?! « »", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert query_side(text) == words


@pytest.mark.parametrize(("one", "other"), [("étoile", "étoiles"), ("cheval", "chevaux"), ("noir", "noires"), ("évidemment", "évident")])
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(fold(one)) == stem(fold(other))


@given(FRENCH | st.text(max_size=100))
def test_what_the_index_analyses_is_what_a_query_looks_for(text: str) -> None:
    text = clean(text)
    index = analysis.analysers()
    words = index[FOLDED].analyze(unelided(text))
    assert index[STEMMED].analyze(unelided(text)) == stems(words) == [stem(word) for word in words]
    assert query_side(text) == [word for word in words if word not in FORGOTTEN] or FORGOTTEN & set(words)


@given(FRENCH)
def test_places_are_code_points(text: str) -> None:
    for token in tokens(text):
        assert [again.word for again in tokens(text[token.start : token.end])] == [token.word]


def test_the_index_really_uses_these_analysers() -> None:
    index = tantivy.Index(schema.schema())
    schema.register(index)
    writer = index.writer(15_000_000, 1)
    text = "L’énergie noire des chevaux, au cœur du CO₂"
    made = tantivy.Document()
    for name in ("title", "title_x", "body", "body_x"):
        made.add_text(name, unelided(text))
    writer.add_document(made)
    writer.commit()
    index.reload()
    searcher = index.searcher()
    words = query_side(text)
    for name in ("title_x", "body_x"):
        assert {term for term, _ in searcher.terms_with_prefix(name, "")} == set(words)
    for name in ("title", "body"):
        assert {term for term, _ in searcher.terms_with_prefix(name, "")} == set(stems(words))


def test_the_schema_has_a_version_that_follows_the_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    before = analysis._version()
    assert before == analysis.VERSION
    monkeypatch.setattr(analysis, "STOP_WORDS", analysis.STOP_WORDS | {"atome"})
    assert analysis._version() != before


@given(st.text(max_size=300))
def test_folding_moves_no_letter(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="aegiznop" + "".join(_ACCENTED.values()) + "".join(_RAISED_OR_LOWERED), min_size=1, max_size=30))
def test_folding_agrees_with_the_analyser_letter_by_letter(text: str) -> None:
    assert [token.word for token in tokens(text)] == [fold(text)]
    assert [token.word for token in tokens(text.upper())] == [fold(text.upper())]


@given(st.text(alphabet="aB1é._ -'", max_size=40))
def test_dots_go_where_an_acronym_stands_and_nowhere_else(text: str) -> None:
    slowly = re.sub(rf"(?<![^\W_]){DOTTED}", lambda found: found[0].replace(".", "") + " " * found[0].endswith("."), text)
    assert undotted(text) == slowly
    assert undotted(undotted(text)) == undotted(text)


def test_cleaning_joins_what_was_only_typeset_apart() -> None:
    assert clean("e\u0301nergie") == "énergie"
    assert clean("atmo\u00adsphère\u200b") == "atmosphère"
    assert clean("10 \u00b5m") == clean("10 \u03bcm")
    assert clean("\ud800a").encode() == b"?a"
