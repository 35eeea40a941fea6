"""The pages of blogs and of disciplines: who writes, how the blog stands, what is new, what can be subscribed to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

import httpx
import pytest

from luciole.disciplines import DISCIPLINES
from luciole.settings import Settings
from tests.api.orchard import FIGE, LONG, PERDU, WHOLE, open_orchard, orchard
from tests.api.test_api_pages import Seen


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings(data=tmp_path_factory.mktemp("blogs"), contact="robot@luciole.example", base_url="https://luciole.example")
    with open_orchard(settings) as base, httpx.Client(base_url=base, timeout=20) as made:
        yield made


def links(seen: Seen) -> set[str]:
    return {link["href"] or "" for link in seen.all("a")}


def test_the_page_of_a_blog(client: httpx.Client) -> None:
    page = client.get("/blog/nuit").text
    seen = Seen(page)
    here = sum(document.source_id == "nuit" for document in orchard())
    assert "<title>Carnet de la nuit · Luciole</title>" in page
    assert "Observations racontées avec leurs calculs." in seen.text
    assert f"Ada Exemple {here}" in seen.text
    assert f"Ses {here}\u00a0articles" in seen.text
    assert "blog personnel, France" in seen.text
    assert re.search(r"Visite à jour", seen.text)
    assert {
        "https://nuit.example/",
        "/discipline/astronomie-espace",
        "/recherche?blog=nuit",
        "/recherche?blog=nuit&auteur=Ada+Exemple",
        "/recherche.atom?blog=nuit",
        "/recherche.json?blog=nuit",
    } <= links(seen)
    mail = next(link for link in links(seen) if link.startswith("mailto:"))
    assert unquote(mail) == "mailto:robot@luciole.example?subject=Correction : Carnet de la nuit (nuit)"
    assert re.search(rf"{here}\u00a0articles (de|d’)", seen.text), "the curve says in words what it shows"
    assert [link["href"] for link in seen.all("link") if link.get("rel") == "canonical"] == ["https://luciole.example/blog/nuit"]
    (picture,) = [tag["content"] for tag in seen.all("meta") if tag.get("property") == "og:image"]
    assert picture.startswith("https://luciole.example/static/partage.")
    shown = client.get(picture.removeprefix("https://luciole.example"))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.content.startswith(b"\x89PNG")
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert (told["@type"], told["url"]) == ("Blog", "https://nuit.example/")


def test_a_blog_that_is_withheld_shows_nothing_and_leads_nobody_there(client: httpx.Client) -> None:
    page = client.get("/blog/fige").text
    text = Seen(page).text
    assert "En observation depuis le 11\u00a0mars\u00a02026" in text
    assert not [link for link in links(Seen(page)) if FIGE.url in link]
    assert "recherche.atom?blog" not in page
    assert "12\u00a0articles de ce blog" in text


def test_a_site_that_is_gone_leads_to_the_archive(client: httpx.Client) -> None:
    seen = Seen(client.get("/blog/perdu").text)
    assert "Ce site ne répond plus depuis le" in seen.text
    hrefs = links(seen)
    assert any(link.startswith("https://web.archive.org/web/") and link.endswith(PERDU.url) for link in hrefs)
    assert PERDU.url not in hrefs
    assert "Une page perdue" in seen.text


def test_a_channel_is_a_link_and_no_more(client: httpx.Client) -> None:
    seen = Seen(client.get("/blog/chaine").text)
    assert "ne sont pas fouillées" in seen.text
    assert "https://chaine.example/" in links(seen)


def test_a_date_yet_to_come_does_not_stretch_the_curve(client: httpx.Client) -> None:
    text = Seen(client.get("/blog/mousse").text).text
    assert "Un lichen de l’an 2099" in text
    assert "1er\u00a0janvier\u00a02099" in text
    assert "janvier 2099" not in text


def test_how_the_last_visit_went_is_said(client: httpx.Client) -> None:
    text = Seen(client.get("/blog/piege").text).text
    assert "en échec\u00a0: le serveur ne répond pas" in text
    assert "<b>Piège</b> & Cie" in text
    assert LONG[:30] in text


def test_the_page_of_a_discipline(client: httpx.Client) -> None:
    page = client.get("/discipline/astronomie-espace").text
    seen = Seen(page)
    total = sum("astronomie-espace" in document.disciplines for document in orchard())
    assert f"{total}\u00a0articles, 1\u00a0blog." in seen.text
    hrefs = links(seen)
    assert {
        "/blog/nuit",
        "/recherche?discipline=astronomie-espace&page=2",
        "/recherche?discipline=astronomie-espace",
        "/recherche.atom?discipline=astronomie-espace",
        "/blogs.opml?discipline=astronomie-espace",
        "/recherche?discipline=astronomie-espace&annee=2024",
    } <= hrefs
    here = re.findall(r"<h3><a href=\"([^\"]+)\"", page)
    further = re.findall(r'<h2><a id="[^"]*" href="([^"]+)"', client.get("/recherche?discipline=astronomie-espace&page=2").text)
    assert len(here) == 10
    assert further
    assert not set(here) & set(further), "the next page goes on where this one ends"
    assert [field["value"] for field in seen.all("input") if field.get("name") == "discipline"] == ["astronomie-espace"]
    for link in seen.all("link"):
        if link.get("rel") == "alternate":
            assert client.get(str(link["href"])).status_code == 200


def test_every_discipline_has_its_page(client: httpx.Client) -> None:
    for name, label in DISCIPLINES.items():
        answer = client.get(f"/discipline/{name}")
        assert answer.status_code == 200
        assert label in Seen(answer.text).text
    assert "Aucun blog de la liste n’en relève encore" in Seen(client.get("/discipline/chimie").text).text


@pytest.mark.parametrize(
    "path",
    [
        *("/blog/nulle-part", "/blog/%00", "/blog/%ff", "/blog/nuit%22", "/blog/<script>", "/blog/", "/blog/../etc"),
        *("/discipline/alchimie", "/discipline/", "/discipline/%E2%80%AE", "/discipline/Physique"),
        *("/article/0123456789abcdef", "/article/.bib", f"/article/{WHOLE.id}.bib.bib", f"/article/{WHOLE.id}/", "/article/" + "a" * 5000),
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Rien ne luit ici" in Seen(answer.text).text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_list_leads_to_our_page_of_each_blog_and_to_the_blog(client: httpx.Client) -> None:
    hrefs = links(Seen(client.get("/blogs").text))
    assert {"/blog/nuit", "/blog/fige", "/blog/piege", "https://nuit.example/", "/discipline/biologie-evolution", "/blogs.opml"} <= hrefs
    assert FIGE.url not in hrefs


def test_an_unchanged_page_is_told_in_a_line(client: httpx.Client) -> None:
    paths = ("/blog/nuit", "/discipline/physique", f"/article/{WHOLE.id}", f"/article/{WHOLE.id}.bib", "/statistiques")
    paths += ("/a-propos", "/robot", "/confidentialite", "/proposer", "/api/docs")
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    assert len(set(tags.values())) == len(paths)
    for path, tag in tags.items():
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.head(path).headers["ETag"] == tag
