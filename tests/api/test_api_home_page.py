"""The home page: what is new without one blog taking it all, doors, numbers, and one article at random."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from api.home_page import LATEST, spread
from luciole.disciplines import DISCIPLINES
from luciole.settings import Settings
from tests.api.hits import hit
from tests.api.meadow import NIGHT
from tests.api.orchard import OTHER, TOMORROW, open_orchard, orchard
from tests.api.test_api_pages import Seen


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with open_orchard(Settings(data=tmp_path_factory.mktemp("home"))) as base, httpx.Client(base_url=base, timeout=20) as made:
        yield made


def test_no_blog_takes_every_place_while_another_has_something_new() -> None:
    plenty = [replace(hit(), id=f"a{number}", source_id="bavard", date=NIGHT - timedelta(hours=number)) for number in range(40)]
    others = [replace(hit(), id=f"b{number}", source_id=f"sobre{number}", date=NIGHT - timedelta(days=9 + number)) for number in range(3)]
    chosen = spread([*plenty, *others], 7, until=NIGHT)
    assert Counter(one.source_id for one in chosen) == {"bavard": 4, "sobre0": 1, "sobre1": 1, "sobre2": 1}
    assert [one.id for one in chosen] == ["a0", "a1", "a2", "a3", "b0", "b1", "b2"]
    assert [one.id for one in spread(plenty, 3, until=NIGHT)] == ["a0", "a1", "a2"]
    assert spread([], 3, until=NIGHT) == ()


def test_a_date_yet_to_come_does_not_stand_first_for_ever() -> None:
    early = replace(hit(), id="demain", date=NIGHT + timedelta(days=700))
    undated = replace(hit(), id="sans", date=None)
    assert [one.id for one in spread([early, replace(hit(), id="hier", date=NIGHT), undated], 3, until=NIGHT)] == ["hier", "sans"]


def test_the_latest_articles_and_the_doors(client: httpx.Client) -> None:
    page = client.get("/").text
    titles = re.findall(r"<h3><a [^>]*><bdi>([^<]*)</bdi>", page)
    assert titles[0] == OTHER.title
    assert TOMORROW.title not in titles
    blogs = re.findall(r'class="blog" href="/blog/([^"]+)"', page)
    assert len(blogs) == LATEST
    assert len(set(blogs[:LATEST])) >= 4
    doors = {link["href"] for link in Seen(page).all("a") if (link.get("href") or "").startswith("/discipline/")}
    held = {name for document in orchard() for name in document.disciplines} | {"sciences-de-la-terre"}
    assert doors == {f"/discipline/{name}" for name in held} <= {f"/discipline/{name}" for name in DISCIPLINES}
    for door in doors:
        assert door is not None
        assert client.get(door).status_code == 200
    text = Seen(page).text
    assert f"{len(orchard())} articles à fouiller" in text
    assert "dernière ronde le 14\u00a0mars\u00a02026" in text


def test_it_says_what_it_is_to_machines(client: httpx.Client) -> None:
    page = client.get("/").text
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert told["@type"] == "WebSite"
    assert told["url"] == f"{client.base_url}/".replace("//", "/").replace(":/", "://")
    seen = Seen(page)
    search = [link for link in seen.all("link") if link.get("rel") == "search"]
    assert [(link["type"], link["href"]) for link in search] == [("application/opensearchdescription+xml", "/opensearch.xml")]
    feeds = {link["type"]: link["href"] for link in seen.all("link") if link.get("rel") == "alternate"}
    assert feeds == {"application/atom+xml": "/recherche.atom", "application/feed+json": "/recherche.json"}
    properties = {tag["property"]: tag["content"] for tag in seen.all("meta") if "property" in tag}
    assert properties["og:title"] == "Luciole · chercher dans les blogs de science francophones"
    assert "og:image" not in properties


def test_chance_leads_to_any_article_and_nowhere_else(client: httpx.Client) -> None:
    """Every article can be drawn: those without a date, the oldest, those of small blogs. In 900 draws each of fifty has its turn but for
    one chance in a million."""
    ids = {document.id for document in orchard()}
    drawn: Counter[str] = Counter()
    for _ in range(900):
        answer = client.get("/hasard?url=https://mal.example/&next=//mal.example", headers={"Host": "mal.example"})
        assert answer.status_code == 303
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        target = urlsplit(answer.headers["Location"])
        assert (target.scheme, target.netloc, target.query) == ("", "", "")
        drawn[target.path.removeprefix("/article/")] += 1
    assert set(drawn) == ids
    assert max(drawn.values()) < 900 / len(ids) * 4
    assert client.get(f"/article/{next(iter(drawn))}").status_code == 200
    assert client.head("/hasard").status_code == 303
