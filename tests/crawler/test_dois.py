"""DOIs in texts and links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dois import MOST, dois_in


@pytest.mark.parametrize(
    ("text", "dois"),
    [
        ("Voir doi:10.1038/S41586-020-2649-2.", ["10.1038/s41586-020-2649-2"]),
        ("(https://doi.org/10.1016/S0140-6736(05)67889-0), puis", ["10.1016/s0140-6736(05)67889-0"]),
        ("(doi:10.1000/182), « 10.5281/zenodo.123 »", ["10.1000/182", "10.5281/zenodo.123"]),
        ("10.1000/182 et encore 10.1000/182", ["10.1000/182"]),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1111/j.1365-2745.2010.01650.x/abstract?x=1#a", ["10.1111/j.1365-2745.2010.01650.x"]),
        ("https://www.biorxiv.org/content/10.1101/2020.03.22.002386v3.full.pdf", ["10.1101/2020.03.22.002386"]),
        ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0185809&type=x", ["10.1371/journal.pone.0185809"]),
        ("https://dx.doi.org/10.1002%2Fandp.19053221004", ["10.1002/andp.19053221004"]),
        ("https://www.nature.com/articles/s41586-020-2649-2.pdf", ["10.1038/s41586-020-2649-2"]),
        ("<a href='https://doi.org/10.4000/rfs.1234'>ici</a>", ["10.4000/rfs.1234"]),
        ("10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", []),
        ("version 10.14/3 du 10.10.2020, 110.1038/x, 10.1234/ et 10.12/a", []),
        ("", []),
    ],
)
def test_dois(text: str, dois: list[str]) -> None:
    assert list(dois_in(text)) == dois


def test_links_come_after_texts_and_each_once() -> None:
    assert dois_in("10.1000/b", links=["https://doi.org/10.1000/B", "https://doi.org/10.1000/a"]) == ("10.1000/b", "10.1000/a")


def test_a_thesis_is_cut() -> None:
    assert len(dois_in(" ".join(f"10.1000/{n}" for n in range(1000)))) == MOST


@given(st.text(alphabet=st.sampled_from("10.2/a()%F&;#<>\"'\ue000 \x00v"), max_size=80).map(lambda tail: f"10.1000/{tail}"))
def test_whatever_comes_is_one_word_in_lower_case(text: str) -> None:
    for doi in dois_in(text):
        assert doi.startswith("10.")
        assert doi == doi.lower()
        assert doi.isprintable()
        assert not set(doi) & set(" <>\"'\ue000")
        assert doi.count("(") >= doi.count(")")
