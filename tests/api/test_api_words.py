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


def test_what_quotes_ask_for_in_vain_is_named(client: httpx.Client) -> None:
    asked = {"q": '"lumière zzyzx"'}
    assert client.get("/api/v1/search", params=asked).json()["unknown"] == ["zzyzx"]
    page = Seen(client.get("/recherche", params=asked).text).text
    assert "Aucun article de la liste ne contient «\u00a0zzyzx\u00a0»" in page


def test_suggestions_keep_to_the_filters_of_the_search(client: httpx.Client) -> None:
    def suggested(**filters: str) -> tuple[list[str], list[str]]:
        answer = client.get("/api/v1/suggest", params={"q": "lum", **filters}).json()
        return answer["texts"], [one["title"] for one in answer["titles"]]

    texts, titles = suggested()
    assert "lumière" in texts
    assert suggested(blog="inconnu") == suggested(annee="1815") == ([], [])
    some, within = suggested(blog="mousse")
    assert "lumière" in some
    assert within == ["Le lichen sous la lumière"]
    assert set(within) < set(titles)
    assert suggested(inconnu="x") == (texts, titles)


def test_a_misspelt_word_is_replaced_where_it_stands_alone(client: httpx.Client) -> None:
    page = client.get("/recherche", params={"q": "lichens lumierre auteur:lumierre-exemple lumierre", "tri": "date"})
    links = {link["href"] for link in Seen(page.text).all("link") if link.get("type") == "application/atom+xml"}
    assert links == {"/recherche.atom?q=lichens+lumi%C3%A8re+auteur%3Alumierre-exemple+lumi%C3%A8re"}


def test_a_corrected_word_that_finds_nothing_here_promises_no_results(client: httpx.Client) -> None:
    found = client.get("/recherche", params={"q": "lumierre "}).text
    assert "ne figure dans aucun article&nbsp;: résultats pour" in found
    nothing = client.get("/recherche", params={"q": "lumierre ", "annee": "1901"}).text
    assert "résultats pour" not in nothing
    assert "ne figure dans aucun article&#8239;; cherché à sa place&nbsp;:" in nothing
