"""Names out of bylines."""

from __future__ import annotations

import pytest

from crawler.authors import clean_authors


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
        ("—", ()),
        ("x" * 200, ()),
        ("", ()),
    ],
)
def test_people(written: str, people: tuple[str, ...]) -> None:
    assert clean_authors([written], "Mon blog") == people


def test_each_person_once() -> None:
    assert clean_authors(["Anne Martin", "ANNE MARTIN", "Luc"]) == ("Anne Martin", "Luc")
