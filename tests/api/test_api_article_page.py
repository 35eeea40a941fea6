"""The page of one article: its author's first, an excerpt only, what it cites and who else does, how to cite it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from indexer.archives import archive_address
from indexer.document import PARIS
from luciole.settings import Settings
from tests.api.meadow import TRAP, documents
from tests.api.orchard import DOI, ENDLESS, LOST, OTHER, SHORT, WHOLE, open_orchard, orchard
from tests.api.test_api_pages import Seen


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with open_orchard(Settings(data=tmp_path_factory.mktemp("articles"))) as base, httpx.Client(base_url=base, timeout=20) as made:
        yield made


def seen(client: httpx.Client, article_id: str) -> Seen:
    answer = client.get(f"/article/{article_id}")
    assert answer.status_code == 200
    return Seen(answer.text)


def test_the_first_link_of_the_article_leads_to_its_author(client: httpx.Client) -> None:
    page = client.get(f"/article/{OTHER.id}").text
    main = Seen(page[page.index("<main") :])
    outward = [link["href"] for link in main.all("a") if not (link["href"] or "").startswith("/")]
    assert outward[0] == OTHER.url
    assert "Lire chez l’auteur nuit.example" in main.text
    assert len(main.text) < len(OTHER.body) * 3
    assert OTHER.body[:40] in main.text
    assert OTHER.body[:600] not in main.text, "an excerpt only"
    assert [tag["content"] for tag in Seen(page).all("meta") if tag.get("name") == "robots"] == ["noindex, follow"]
    assert "og:image" not in page
    assert not Seen(page).all("img")


def test_the_publications_cited_and_who_else_discusses_them(client: httpx.Client) -> None:
    page = seen(client, WHOLE.id)
    hrefs = {link["href"] for link in page.all("a")}
    assert f"https://doi.org/{DOI}" in hrefs
    assert "https://doi.org/10.1000/odd(1)%22%3Cb%3E%27%3F%23%25" in hrefs
    assert f"/article/{OTHER.id}" in hrefs
    assert "En parle aussi\u00a0: La photographie 51 Carnet de la nuit, 1er\u00a0mars\u00a02026" in page.text
    assert "En parle aussi\u00a0: Une molécule, deux brins" in seen(client, OTHER.id).text


def test_what_a_reader_should_know_before_following_the_link(client: httpx.Client) -> None:
    text = seen(client, WHOLE.id).text
    assert "Réservé aux abonnés du blog\u00a0: extrait." in text
    assert "Cet article peut avoir vieilli." in text
    assert "vieilli" not in seen(client, OTHER.id).text
    assert "min de lecture" not in text.split("Articles voisins")[0]
    assert "sans date connue" in seen(client, next(one.id for one in documents() if one.date is None)).text
    lost = seen(client, LOST.id)
    assert "Ce site ne répond plus depuis le" in lost.text
    assert {link["href"] for link in lost.all("a") if link.get("class") == "vers"} == {archive_address(LOST.url, LOST.date)}
    assert "Son auteur n’en veut pas d’extrait" in seen(client, SHORT.id).text


def test_it_is_cited_in_french_and_in_bibtex(client: httpx.Client) -> None:
    page = seen(client, OTHER.id)
    today = datetime.now(UTC).astimezone(PARIS).date()
    assert "Ada Exemple, «\u00a0La photographie 51\u00a0», Carnet de la nuit, 1er\u00a0mars\u00a02026, [en\u00a0ligne]" in page.text
    answer = client.get(f"/article/{OTHER.id}.bib")
    assert answer.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="exemple2026photographie.bib"'
    assert f"urldate      = {{{today}}}" in answer.text
    assert f"url          = {{{OTHER.url}}}" in answer.text
    shown = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", client.get(f"/article/{OTHER.id}").text, re.DOTALL)[0]
    assert shown.strip() == answer.text.strip().replace("&", "&amp;")


def test_what_it_says_to_machines(client: httpx.Client) -> None:
    page = client.get(f"/article/{WHOLE.id}").text
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert told["@type"] == "BlogPosting"
    assert told["url"] == WHOLE.url
    assert told["isAccessibleForFree"] is False
    assert f"https://doi.org/{DOI}" in told["citation"]


def test_no_article_however_hostile_breaks_its_page(client: httpx.Client) -> None:
    for document in orchard():
        html = client.get(f"/article/{document.id}").text
        page = Seen(html)
        assert "<script>alert" not in html
        assert {tag.get("type") for tag in page.all("script")} == {"application/ld+json"}
        assert json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[0])
        assert all((link["href"] or "").startswith(("/", "http", "mailto:", "#")) for link in page.all("a"))
        assert not [tags for _, tags in page.tags if any(name.startswith("on") or name == "style" for name in tags)]
        assert "\u202e" not in re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]
        assert len(page.all("h1")) == 1
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert client.get(f"/article/{document.id}.bib").headers["Content-Disposition"].isascii()
    trapped = next(document for document in orchard() if TRAP in document.title)
    assert TRAP in seen(client, trapped.id).text
    bad = next(document for document in orchard() if document.url.startswith("javascript"))
    assert "n’est pas de celles où l’on peut mener quelqu’un" in seen(client, bad.id).text
    assert ENDLESS.title[:60] in seen(client, ENDLESS.id).text
