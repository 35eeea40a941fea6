"""The language of texts."""

from __future__ import annotations

import pytest

from crawler.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La lumière des étoiles met des années à nous parvenir, et certaines ont disparu depuis.", "fr"),
        ("The light of the stars takes years to reach us, and some of them are long gone by now.", "en"),
        ("Das Licht der Sterne braucht Jahre, bis es uns erreicht, und manche gibt es nicht mehr.", "de"),
        ("La luz de las estrellas tarda años en llegar hasta nosotros, y algunas ya no existen.", "es"),
        ("Bonjour", None),
        ("1234 5678 " * 50, None),
        ("", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_code_and_addresses_do_not_count() -> None:
    code = "\n".join(f"for item in range({n}): print(item.value['x'], file=https://exemple.org/{n})" for n in range(10))
    prose = "Voici comment parcourir une liste sans jamais se tromper d’indice, en quelques lignes que tout le monde peut relire."
    assert language_of(f"{code}\n{prose}\n{prose}\n{prose}") == "fr"
