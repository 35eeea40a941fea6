"""Names out of bylines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.authors import author_key, clean_authors, one_spelling


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Anne Martin", ("Anne Martin",)),
        ("anne@exemple.fr (Anne Martin)", ("Anne Martin",)),
        ("Par Anne Martin et Luc Petit", ("Anne Martin", "Luc Petit")),
        ("Anne Martin, Luc Petit & Zoé Roy", ("Anne Martin", "Luc Petit", "Zoé Roy")),
        ("Anne Martin; Luc Petit", ("Anne Martin", "Luc Petit")),
        ("Martin, Anne", ("Martin, Anne",)),
        ("Publié par Anne le 3 mai 2020", ("Anne",)),
        ("Institut de la Mer et de la Terre", ("Institut de la Mer et de la Terre",)),
        ("<a href='x'>Anne&nbsp;Martin</a>", ("Anne Martin",)),
        ("admin", ()),
        ("Webmaster", ()),
        ("anne@exemple.fr", ()),
        ("https://exemple.fr/anne", ()),
        ("Mon Blog", ()),
        ("labo_bio3", ()),
        ("anne42", ()),
        ("jean.dupont", ()),
        ("jdupont", ()),
        ("exemple.fr", ()),
        ("Exemple.org", ()),
        ("MON BLOG", ()),
        ("L’équipe", ()),
        ("La rédaction", ()),
        ("Site Admin", ()),
        ("Super Admin, Anne Martin", ("Anne Martin",)),
        ("xochipilli", ("xochipilli",)),
        ("taupo", ("taupo",)),
        ("christophe", ("christophe",)),
        ("J.-P. Martin", ("J.-P. Martin",)),
        ("J.R. Martin", ("J.R. Martin",)),
        ("Promotion 2020", ("Promotion 2020",)),
        ("—", ()),
        ("x" * 200, ()),
        ("", ()),
    ],
)
def test_people(written: str, people: tuple[str, ...]) -> None:
    assert clean_authors([written], "Mon blog") == people


def test_each_person_once() -> None:
    assert clean_authors(["Anne Martin", "ANNE MARTIN", "Luc", "Martin Anne"]) == ("Anne Martin", "Luc")
    assert clean_authors(["MARTIN Anne", "Anne Martin"]) == ("Anne Martin",)


@pytest.mark.parametrize(
    "spelling",
    ["Jean-François Dupont", "DUPONT Jean-François", "Dupont, Jean François", "jean francois dupont", "Jean Franc\u0327ois DUPONT"],
)
def test_spellings_of_one_name_have_one_key(spelling: str) -> None:
    assert author_key(spelling) == "dupont francois jean"


@pytest.mark.parametrize(
    ("one", "other"), [("J. Dupont", "Jean Dupont"), ("Anne Roy", "Anne Leroy"), ("Œdipe", "Edipe"), ("李", "王"), ("—", "…")]
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert author_key(one) != author_key(other)


@pytest.mark.parametrize(
    ("spellings", "best"),
    [
        (["DUPONT Jean", "Jean Dupont"], "Jean Dupont"),
        (["jean dupont", "Jean Dupont"], "Jean Dupont"),
        (["Dupont, Jean", "Jean Dupont"], "Jean Dupont"),
        (["Helene Roy", "Hélène Roy"], "Hélène Roy"),
        (["HÉLÈNE ROY", "Helene Roy"], "Helene Roy"),
        (["Jean Pierre Roy", "Jean-Pierre Roy"], "Jean-Pierre Roy"),
        (["Jean de la Tour", "Jean De La Tour"], "Jean de la Tour"),
        (["J. B. Roy", "j. b. roy"], "J. B. Roy"),
    ],
)
def test_the_best_written_spelling_wins_in_any_order(spellings: list[str], best: str) -> None:
    known: dict[str, str] = {}
    for order in (spellings, spellings[::-1]):
        if best == "Jean de la Tour":
            order = spellings  # both are well written: the first stays
        assert one_spelling(order, {}) == (best,)
        for name in order:  # one night after the other
            known |= {author_key(found): found for found in one_spelling([name], known)}
        assert list(known.values()) == [best]
        known.clear()


def test_a_known_spelling_stays_unless_a_better_one_comes() -> None:
    known = {author_key("Anne Roy"): "Anne Roy", author_key("LUC PETIT"): "LUC PETIT"}
    assert one_spelling(["Roy Anne", "Luc Petit", "Zoé"], known) == ("Anne Roy", "Luc Petit", "Zoé")


@given(st.lists(st.text(max_size=12)), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_spellings_are_settled_at_once(names: list[str], known: dict[str, str]) -> None:
    known = {author_key(name): name for name in known.values()}
    found = one_spelling(names, known)
    assert {author_key(name) for name in found} == {author_key(name) for name in names}
    assert len(found) == len({author_key(name) for name in names})
    assert one_spelling(found, known | {author_key(name): name for name in found}) == found
