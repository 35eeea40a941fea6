"""What the page says of operators: what each was taken for, and which one names what does not exist."""

from __future__ import annotations

import httpx
import pytest

from tests.api.test_api_pages import Seen


def told(client: httpx.Client, text: str) -> str:
    answer = client.get("/recherche", params={"q": text})
    assert answer.status_code == 200
    return Seen(answer.text).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"nuit de lumière"', "Compris\u00a0: avec les mots exacts «\u00a0nuit de lumière\u00a0»."),
        ("lumière -nuit", "Compris\u00a0: sans le mot «\u00a0nuit\u00a0»."),
        ("lumière auteur:exemple", "Compris\u00a0: par l’auteur «\u00a0exemple\u00a0»."),
        ("blog:lichens", "Compris\u00a0: dans le blog «\u00a0Mousses et lichens\u00a0»."),
        ("-discipline:physique", "Compris\u00a0: hors de la discipline «\u00a0Physique\u00a0»."),
        ("avant:2025 après:2023-06", "Compris\u00a0: publié avant «\u00a02025\u00a0», publié après «\u00a02023-06\u00a0»."),
        ("doi:10.1000/xyz", "Compris\u00a0: cite le DOI «\u00a010.1000/xyz\u00a0»."),
        ("blog:inconnu", "«\u00a0blog:inconnu\u00a0» ne désigne aucun blog de la liste, et rien ne peut y répondre."),
        ("-discipline:alchimie", "«\u00a0-discipline:alchimie\u00a0» ne désigne aucune discipline d’ici, et n’exclut rien."),
        ("auteur:zzyzx lumière", "«\u00a0auteur:zzyzx\u00a0» ne désigne aucun auteur connu, et rien ne peut y répondre."),
    ],
)
def test_what_was_understood_is_told(client: httpx.Client, text: str, words: str) -> None:
    assert words in told(client, text)


@pytest.mark.parametrize("text", ['"lumière', "lumière - nuit", "avant:hier", "auteur:", "lumière"])
def test_words_are_no_operator(client: httpx.Client, text: str) -> None:
    assert "Compris" not in told(client, text)


def test_conditions_alone_browse_a_selection(client: httpx.Client) -> None:
    page = told(client, "blog:mousse")
    assert "2\u00a0articles dans cette sélection" in page
    assert "à chercher" not in page


def test_a_hostile_operator_is_text(client: httpx.Client) -> None:
    answer = client.get("/recherche", params={"q": '"<script>alert(1)</script>" auteur:<img blog:"<b>x</b>"'})
    assert answer.status_code == 200
    assert "<script>alert(1)" not in answer.text
    assert "<b>x</b>" not in answer.text
