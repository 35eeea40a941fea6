"""The language of texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


FRENCH = "Relire le code des autres avec bienveillance évite bien des erreurs, et c’est ainsi que l’on apprend le plus vite."
ENGLISH = "- Ten simple rules for making research software more robust and easier to share with other people"


def test_whole_sentences_weigh_more_than_the_titles_of_a_list() -> None:
    titles = "\n".join(f"{ENGLISH}, part {n}" for n in range(20))
    assert language_of(f"Ressources pour bien programmer\nVoici ce que j’ai lu de meilleur cette année :\n{titles}\n{FRENCH}") == "fr"
    assert language_of(f"Resources for programmers\nThis is the best of what I have read this year:\n{titles}\n{FRENCH}") == "en"


def test_a_quotation_does_not_outweigh_a_list() -> None:
    items = "\n".join(f"- Un éditeur en ligne numéro {n}, développé par un laboratoire de la région" for n in range(5))
    quotation = "The quick brown fox jumps over the lazy dog, and nobody in the whole village ever knew the reason why."
    assert language_of(f"Mémo des éditeurs en ligne, par ordre de préférence\n{items}\n{quotation}") == "fr"


@pytest.mark.parametrize(
    "theme",
    [
        "Tags: lune, marée\nThis entry was posted\non Jeudi, juin 19th, 2008 at 21:23 and is filed under Photo.\n"
        "You can follow any responses to this entry through the RSS 2.0 feed.\n"
        "You can leave a response, or trackback from your own site.",
        "Vénus devant le Soleil 12 This entry was posted in Photo and tagged lune on 07/01/2013 by Anne",
        "Standard Podcast [1:47m]:\nPlay Now\n|\nPlay in Popup\n|\nDownload",
    ],
)
def test_the_lines_of_a_theme_do_not_count(theme: str) -> None:
    assert language_of(f"Vénus devant le Soleil\n{theme}") is None
    assert language_of(f"Vénus devant le Soleil\nUne image comme on en voit deux par siècle, prise un matin de juin.\n{theme}") == "fr"


def test_a_post_in_english_about_entries_stays_english() -> None:
    assert language_of("You can leave a response in the box, and this entry was posted to explain how the box was built by hand.") == "en"


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="aeé \n.,-1[]()<>this entry was posted on by", max_size=400))
def test_no_text_raises(text: str) -> None:
    found = language_of(text)
    assert found is None or len(found) == 2
