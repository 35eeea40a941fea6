"""What a page of results says of each article, of the words, of its own limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import httpx
import pytest

from api import assets, templating
from api.address import SEARCH_PATH, corrected, followed, read_query, respelt
from api.french import AGES_AFTER, may_have_aged
from api.search_page import read_as
from indexer.query import Query
from indexer.results import Correction, Hit, Results
from tests.api.hits import NIGHT, found, hit
from tests.api.test_api_pages import Seen

TEMPLATES = templating.environment(assets.load(), None, None)


def region(results: Results) -> Seen:
    """The region of results, as `api.search_page` fills it."""
    values = {"query": results.query, "read_as": read_as(results), "labels": {}, "histogramme": None, "ways": ()}
    return Seen(templating.render(TEMPLATES, "_region.html", results=results, **values))


def of(*hits: Hit, total: int | None = None, pages: int = 1) -> Results:
    return replace(found(*hits, query=Query(text="lichen"), total=total, pages=pages), published_at=NIGHT)


def test_an_old_article_says_so_and_a_young_one_does_not() -> None:
    assert "peut avoir vieilli" in region(of(hit(date=datetime(2011, 6, 7, tzinfo=UTC)))).text
    assert "7\u00a0juin\u00a02011" in region(of(hit(date=datetime(2011, 6, 7, tzinfo=UTC)))).text
    for date in (None, NIGHT, datetime(2020, 1, 1, tzinfo=UTC), NIGHT + timedelta(days=400)):
        assert "vieilli" not in region(of(hit(date=date))).text
    assert "vieilli" not in region(replace(of(hit(date=datetime(2011, 6, 7, tzinfo=UTC))), published_at=None)).text


def test_the_age_counts_from_the_night_that_published() -> None:
    written = NIGHT - timedelta(days=round(365.25 * AGES_AFTER) + 1)
    assert may_have_aged(written, NIGHT)
    assert not may_have_aged(written + timedelta(days=2), NIGHT)


def test_a_chosen_answer_is_marked() -> None:
    assert "Réponse choisie" in region(of(hit(pinned=True))).text
    assert "Réponse choisie" not in region(of(hit())).text


def test_why_a_blog_is_trusted_is_said_once_a_page_and_only_where_it_is_known() -> None:
    trusted = {"source_why": "Relu par deux <b>botanistes</b>.", "source_type": "institution"}
    text = region(of(hit(**trusted), hit(id="1" * 16, **trusted), hit(id="2" * 16, source_id="nuit"))).text
    assert text.count("Pourquoi ce blog") == 1
    assert "Relu par deux <b>botanistes</b>." in text
    assert "Mousses et lichens, institution, par Ada Exemple" in text
    assert "Pourquoi" not in region(of(hit(source_type="individual"))).text
    assert "personnel" not in region(of(hit(source_type="individual"))).text


def test_a_card_leads_to_the_author_to_our_notice_and_to_the_blog() -> None:
    seen = region(of(hit()))
    assert [a["href"] for a in seen.all("a") if a.get("rel") == "noopener"] == ["https://mousse.example/articles/1"]
    links = {a["href"] for a in seen.all("a")}
    assert {"/article/0123456789abcdef", "/blog/mousse", "/discipline/physique"} <= links
    assert "Notice de l’article «\u00a0Le lichen sous la lumière\u00a0»" in seen.text


@pytest.mark.parametrize("title", ["", " ", "\u200b", "\u202e"])
def test_a_title_that_nobody_sees_is_still_a_link_that_can_be_read(title: str) -> None:
    assert "Sans titre" in region(of(hit(title))).text


def test_a_page_says_how_far_it_goes() -> None:
    far = of(hit(), total=4321, pages=100)
    assert "les 1\u202f000 premiers résultats" in region(far).text
    assert "les 4\u202f321 y sont" in region(far).text
    past = replace(far, hits=(), query=replace(far.query, page=101))
    assert "les 1\u202f000 premiers résultats" in region(past).text
    by_date = replace(far, query=replace(far.query, sort="date"), pages=433)
    assert "premiers résultats" not in region(by_date).text


def test_corrected_words_are_told_with_the_way_back(client: httpx.Client) -> None:
    seen = Seen(client.get("/recherche", params={"q": "nuit lumierre", "blog": "nuit"}).text)
    assert "pour «\u00a0nuit lumière\u00a0»" in seen.text
    assert "Chercher plutôt «\u00a0nuit lumierre\u00a0»" in seen.text
    assert "/recherche?q=nuit+lumierre&blog=nuit&tel_quel=1" in {a.get("href") for a in seen.all("a")}
    typed = Seen(client.get("/recherche", params={"q": "nuit lumierre", "tel_quel": "1"}).text)
    assert "Introuvable et laissé de côté\u00a0: «\u00a0lumierre\u00a0». Corriger" in typed.text


def test_the_words_as_they_were_read() -> None:
    results = replace(found(query=Query(text="lumierre des etoils")), corrections=(Correction("lumierre", ("lumière",)),))
    assert (
        read_as(replace(results, corrections=(*results.corrections, Correction("etoils", ("étoiles", "étoile"))))) == "lumière des étoiles"
    )
    assert read_as(replace(results, corrections=())) == "lumierre des etoils"


def test_a_search_can_be_followed(client: httpx.Client) -> None:
    parameters = {"q": "lumière", "blog": "nuit", "tri": "date", "page": "2"}
    seen = Seen(client.get("/recherche", params=parameters).text)
    feeds = {link["type"]: link["href"] for link in seen.all("link") if link.get("rel") == "alternate" and link.get("type")}
    wanted = {
        "application/atom+xml": "/recherche.atom?q=lumi%C3%A8re&blog=nuit",
        "application/feed+json": "/recherche.json?q=lumi%C3%A8re&blog=nuit",
    }
    assert wanted.items() <= feeds.items()
    assert {a["href"] for a in seen.all("a") if a.get("type") in wanted} >= set(wanted.values())
    for url, media in ((wanted[media], media) for media in wanted):
        assert client.get(url).headers["Content-Type"].startswith(media)


def test_what_has_only_some_of_the_words_cannot_be_followed() -> None:
    assert "S’abonner à cette recherche" in region(of(hit())).text
    assert "S’abonner" not in region(replace(of(hit()), whole=0)).text


def test_a_page_says_how_many_articles_have_enough_of_the_words() -> None:
    some = replace(of(hit(), total=9), whole=3, searched=4)
    assert "Aucun article n’a l’essentiel de ces mots" in region(replace(some, whole=0)).text
    assert "Aucun article n’a les deux mots" in region(replace(some, whole=0, searched=2)).text
    assert "3 articles ont l’essentiel de ces mots\u202f; les autres n’en ont qu’une partie." in region(some).text
    assert "3 articles ont les deux mots" in region(replace(some, searched=2)).text
    assert "Un seul article a l’essentiel" in region(replace(some, whole=1)).text
    assert "partie" not in region(of(hit())).text
    assert "l’essentiel" not in region(replace(some, query=replace(some.query, sort="date"))).text


def test_years_are_doors_on_the_first_page(client: httpx.Client) -> None:
    seen = Seen(client.get("/recherche?q=lumière").text)
    assert "/recherche?q=lumi%C3%A8re&annee=2024" in {a.get("href") for a in seen.all("a") if (a.get("id") or "").startswith("an-1-")}
    assert "Par année" not in Seen(client.get("/recherche?q=lumière&page=2").text).text


def test_other_forms_of_a_search() -> None:
    query = Query(text="a b", filters=MappingProxyType({"blog": ("nuit",)}), sort="date", page=4, as_typed=True)
    assert corrected(query) == replace(query, page=1, as_typed=False)
    assert followed(query) == replace(query, page=1, sort="pertinence")
    assert respelt(query, "b", "c") == replace(query, text="a c", page=1, as_typed=False)
    assert read_query([("q", "a")]) == Query(text="a")
    assert SEARCH_PATH == "/recherche"
