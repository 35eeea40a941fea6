"""Which lone letters are words: in documents, where apostrophes stand, and in queries, where they are often missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import FOLDED, analysers, content, tokens
from indexer.elision import APOSTROPHES, unelided
from indexer.folding import clean, undotted
from indexer.stopwords import STOP_WORDS

INDEX = analysers()[FOLDED]
LETTERED = st.text(alphabet="acdelst éêCDLA'’-.\n«»12", max_size=60)


def indexed(text: str) -> list[str]:
    """The words that a document is found by."""
    return INDEX.analyze(unelided(undotted(clean(text))))


def asked(text: str) -> list[str]:
    """The words that a query looks for."""
    return [token.word for token in tokens(undotted(clean(text))) if not token.is_stop]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("la vitamine C, c’est l’acide ascorbique", ["vitamine", "c", "acide", "ascorbique"]),
        ("Vitamines C et D.", ["vitamines", "c", "d"]),
        ("le bus L, le tram T et le métro", ["bus", "l", "tram", "t", "metro"]),
        ("les lymphocytes T", ["lymphocytes", "t"]),
        ("J’ai lu d'Alembert ; n'est-ce pas ? s’il", ["lu", "alembert"]),
        ("l’« effet » tunnel, d’« or »", ["effet", "tunnel", "or"]),
        ("l’ énergie, l'\u00a0énergie", ["energie", "energie"]),
        ("Y a-t-il, existe-t-il, va\u2011t\u2011on", ["existe", "va"]),
        ("ç’a été, Ç'aurait", ["ete"]),
        ("lʼénergie, l´énergie, l`énergie", ["energie", "energie", "energie"]),
        ("Schrödinger’s cat, don't", ["schrodinger", "cat", "don"]),
        ("la lettre 't' seule, C’ = 2", ["lettre", "t", "seule", "c", "2"]),
        ("‘pixel’ et 'sel' ; O’Neil", ["pixel", "sel", "o", "neil"]),
        ("aujourd’hui, presqu’île, jusqu’à l'aube", ["aujourd", "hui", "presqu", "ile", "aube"]),
        ("l’A.D.N. et d’I.R.M", ["adn", "irm"]),
        ("qu’ l'", []),
    ],
)
def test_a_document(text: str, words: list[str]) -> None:
    assert indexed(text) == words
    assert asked(text) == words  # typed with its apostrophes, it asks for the same


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("c est", []),
        ("j ai", []),
        ("l eau", ["eau"]),
        ("l energie noire", ["energie", "noire"]),
        ("d alembert", ["alembert"]),
        ("Jeanne D Arc", ["jeanne", "arc"]),
        ("THEOREME D ALEMBERT", ["theoreme", "alembert"]),
        ("L hydrogène", ["hydrogene"]),
        ("y a t il de l eau sur mars", ["eau", "mars"]),
        ("qu est ce que c est", []),
        ("permet d en savoir plus", ["permet", "savoir", "plus"]),
        ("n° 5", ["5"]),
        ("le s de", ["s"]),
        ("c", ["c"]),
        ("vitamine c", ["vitamine", "c"]),
        ("vitamine c et d", ["vitamine", "c", "d"]),
        ("vitamine c ou acide", ["vitamine", "c", "acide"]),
        ("vitamines b c d e", ["vitamines", "b", "c", "d", "e"]),
        ("vitamine d en hiver", ["vitamine", "d", "hiver"]),
        ("vitamine c est elle utile", ["vitamine", "c", "utile"]),
        ("hépatite c afrique", ["hepatite", "c", "afrique"]),
        ("vitamine C orange", ["vitamine", "c", "orange"]),
        ("groupe C en finale", ["groupe", "c", "finale"]),
        ("onde s, onde p", ["onde", "s", "onde", "p"]),
        ("C. elegans", ["c", "elegans"]),
        ("bus L", ["bus", "l"]),
        ("rayons X", ["rayons", "x"]),
        ("5 m s", ["5", "m", "s"]),
    ],
)
def test_a_query_without_apostrophes(text: str, words: list[str]) -> None:
    assert asked(text) == words


@given(LETTERED | st.text(max_size=80))
def test_no_other_word_moves(text: str) -> None:
    text = undotted(clean(text))
    plain = unelided(text)
    assert len(plain) == len(text)
    assert [(one.start, one.end) for one in tokens(plain)] == [(one.start, one.end) for one in tokens(text)]
    for one in tokens(text):
        if plain[one.start : one.end] != text[one.start : one.end]:
            assert (one.is_elided, one.end - one.start) == (True, 1)


@given(LETTERED | st.text(max_size=80))
def test_what_is_searched_is_indexed(text: str) -> None:
    """A query leaves out letters that a document may have, where an apostrophe seems forgotten, and nothing else."""
    text = undotted(clean(text))
    left_out = [one.word for one in tokens(text) if one.is_elided and one.word not in STOP_WORDS]
    found, sought = indexed(text), asked(text)
    assert not set(sought) - set(found)
    assert len(found) - len(left_out) <= len(sought) <= len(found)


@given(st.lists(st.sampled_from(["l", "d", "énergie", "eau", "noire", "c", "est", "qu", "vitamine"]), min_size=2, max_size=6))
def test_every_apostrophe_is_the_same(words: list[str]) -> None:
    assert len({tuple(asked(sign.join(words))) for sign in APOSTROPHES}) == 1


def test_the_content_of_an_expression() -> None:
    assert content("L’énergie NOIRES") == content("l energie noire") == ((1, "energ"), (2, "noir"))
    assert content("arc-en-ciel") == ((0, "arc"), (2, "ciel"))
    assert content("le de l’") == ()
