"""What the page says of the words: corrected, widened by synonyms, or only some of them found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from api.app import create
from indexer.open import open_writer
from indexer.vocabulary import Pin, Vocabulary
from luciole.settings import Settings
from tests.api.meadow import documents, night, serving
from tests.api.test_api_pages import Seen


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The application over an index with a vocabulary."""
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    chosen = next(one.id for one in documents() if one.title == "Histoire de la lumière")
    vocabulary = Vocabulary(synonyms=(("lichen", "mousse <b>"),), pins=(Pin(("le lichen",), (chosen,)),))
    writer = open_writer(settings)
    try:
        writer.rebuild(documents(), lambda: (1, replace(night(), vocabulary=vocabulary)))
    finally:
        writer.close()
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20) as client:
        yield client


def test_a_correction_can_be_declined(client: httpx.Client) -> None:
    page = client.get("/recherche", params={"q": "lumeire ", "tri": "date"})
    assert "«\u00a0lumeire\u00a0» ne figure dans aucun article\u00a0: résultats pour lumière." in Seen(page.text).text
    assert "Chercher plutôt «\u00a0lumeire\u00a0»" in Seen(page.text).text
    assert 'href="/recherche?q=lumi%C3%A8re&amp;tri=date"' in page.text
    assert 'href="/recherche?q=lumeire&amp;tri=date&amp;tel_quel=1"' in page.text
    declined = Seen(client.get("/recherche?q=lumeire&tri=date&tel_quel=1").text).text
    assert "Aucun résultat" in declined
    assert "Chercher plutôt" not in declined


def test_what_is_only_a_part_is_said_to_be(client: httpx.Client) -> None:
    said = "voici ceux qui en ont une partie."
    assert said in Seen(client.get("/recherche?q=mousse+lanterne+").text).text
    assert said not in Seen(client.get("/recherche?q=lanterne+").text).text


def test_synonyms_and_chosen_answers(curated: httpx.Client) -> None:
    page = curated.get("/recherche?q=le+lichen+")
    assert "Aussi cherché\u00a0: «\u00a0mousse <b>\u00a0» pour «\u00a0lichen\u00a0»." in Seen(page.text).text
    assert "mousse <b>" not in page.text
    answer = curated.get("/api/v1/search?q=le+lichen+").json()
    assert answer["synonyms"] == [{"typed": "lichen", "used": ["mousse <b>"]}]
    assert [(hit["title"]["text"], hit["pinned"]) for hit in answer["hits"]][:1] == [("Histoire de la lumière", True)]
    assert sum(hit["pinned"] for hit in answer["hits"]) == 1
    assert "Aussi cherché" not in curated.get("/recherche?q=nuit+").text
