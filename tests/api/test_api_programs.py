"""The JSON, its documentation, health and readiness: with an index, without one, crowded, and broken."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api import assets, templating
from api.app import create
from api.endpoints import endpoints
from api.faults import Faults
from api.gates import Turnstile
from api.live_index import LiveIndex
from indexer.engine import Meta
from indexer.open import open_engine
from indexer.query import SHOWN, Query
from indexer.search import Search
from luciole.errors import EngineError, LucioleError, SettingsError
from luciole.settings import Settings
from tests.api.meadow import publish, serving


def test_marks_point_into_the_text(client: httpx.Client) -> None:
    found = client.get("/api/v1/search?q=lichen").json()["hits"][0]
    marked = [found["title"]["text"][start:end] for start, end in found["title"]["marks"]]
    assert marked == ["lichen"]
    assert found["source"] == {"id": "mousse", "label": "Mousses et lichens"}


def test_what_was_made_of_the_words_is_told(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search", params={"q": "lumiére -lichen blog:inconnu"}).json()
    assert answer["operators"] == [
        {"name": "mot", "typed": "-lichen", "labels": ["lichen"], "excluded": True, "known": True},
        {"name": "blog", "typed": "blog:inconnu", "labels": ["inconnu"], "excluded": False, "known": False},
    ]
    answer = client.get("/api/v1/search", params={"q": "lumeire ", "annee": "2024"}).json()
    assert answer["corrections"] == [{"typed": "lumeire", "used": ["lumière"]}]
    assert (answer["synonyms"], answer["partial"]) == ([], False)
    assert [year["year"] for year in answer["years"]] == [2021, 2022, 2023, 2024, 2025]
    assert [year["selected"] for year in answer["years"]] == [False, False, False, True, False]
    assert answer["total"] == next(year["count"] for year in answer["years"] if year["selected"])
    assert {hit["pinned"] for hit in answer["hits"]} == {False}
    assert {hit["source_type"] for hit in answer["hits"]} == {""}


def test_words_as_they_stand(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search", params={"q": "lumeire ", "tel_quel": "1"}).json()
    assert answer["query"]["tel_quel"] is True
    assert (answer["total"], answer["corrections"], answer["unknown"]) == (0, [], ["lumeire"])
    assert (
        client.get("/api/v1/search?q=nuit&tel_quel=oui").json()["error"]["message"] == "Paramètres à revoir : tel_quel (valeur inconnue)."
    )


def test_a_part_of_the_words_is_said_to_be_one(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search", params={"q": "mousse lanterne "}).json()
    assert answer["partial"] is True
    assert answer["total"] == len(answer["hits"]) == 5
    assert client.get("/api/v1/search", params={"q": "mousse éponge "}).json()["partial"] is False


def test_suggestions(client: httpx.Client) -> None:
    found = client.get("/api/v1/suggest", params={"q": "le lichen sous la lum"})
    assert found.headers["Cache-Control"] == "no-store"
    answer = found.json()
    assert answer["texts"] == ["le lichen sous la lumière"]
    assert [one["title"] for one in answer["titles"]] == ["Le lichen sous la lumière"]
    assert answer["generation"] == client.get("/api/v1/search").json()["generation"]
    assert client.get("/api/v1/suggest?q=lu").json()["texts"] == []
    assert client.get("/api/v1/suggest").status_code == 200
    assert client.get("/api/v1/suggest", params={"q": "lum" * 3000}).json()["texts"] == []


def test_one_article_and_those_like_it(client: httpx.Client) -> None:
    found = client.get("/api/v1/search", params={"q": "histoire de la lumière "}).json()["hits"][0]
    article = client.get(f"/api/v1/articles/{found['id']}").json()
    assert article["title"] == {"text": "Histoire de la lumière", "marks": [], "notation": []}
    assert article["excerpt"]["text"].startswith("Des siècles de théories")
    assert {**article, "title": found["title"], "excerpt": found["excerpt"]} == found
    night = client.get("/api/v1/search", params={"q": "épisode 7 "}).json()["hits"][0]["id"]
    hits = client.get(f"/api/v1/articles/{night}/similar?size=3").json()["hits"]
    assert len(hits) == 3
    assert all("nuit" in hit["title"]["text"] and hit["id"] != night for hit in hits)


@pytest.mark.parametrize("path", ["inconnu", "inconnu/similar", "%00", "é" * 300, "__meta__", "__meta__/similar"])
def test_an_unknown_article_is_said_in_french(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/api/v1/articles/{path}")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Aucun article à lire n’a cet identifiant."


def test_blogs_agree_with_the_page(client: httpx.Client) -> None:
    answer = client.get("/api/v1/blogs").json()
    page = client.get("/blogs").text
    assert len(answer["blogs"]) == 5 == page.count('class="carte"')
    assert all(blog["url"] in page for blog in answer["blogs"])


def test_a_bad_parameter_is_named_in_french(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search?page=abc&tri=foo")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Paramètres à revoir : page (un nombre entier est attendu) ; tri (valeur inconnue)."
    assert client.get("/api/v1/rien").json()["error"]["status"] == 404


def test_the_schema_says_what_the_api_does(client: httpx.Client) -> None:
    schema = client.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    articles = {"/api/v1/articles/{id}", "/api/v1/articles/{id}/similar"}
    assert set(schema["paths"]) == {"/api/v1/search", "/api/v1/suggest", *articles, "/api/v1/blogs", "/healthz", "/readyz"}
    parameters = {one["name"]: one for one in schema["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert set(parameters) == {"q", "tri", "page", "size", "tel_quel", *(row.name for row in SHOWN)}
    references: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            references.extend(value for key, value in node.items() if key == "$ref")
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(schema)
    assert references
    for reference in references:
        target = schema
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target["type"] == "object"
    answer = client.get("/api/v1/search?q=nuit").json()
    assert set(answer) == set(schema["components"]["schemas"]["SearchAnswer"]["required"])
    docs = client.get("/api/docs").text
    assert all(f"{name}</code>" in docs for name in (*parameters, *schema["paths"]))


def test_ready_only_while_there_is_something_to_search(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20) as client:
        assert client.get("/healthz").json() == {"alive": True}
        for _ in range(2):
            waiting = client.get("/readyz")
            assert waiting.status_code == 503
            assert waiting.json()["reason"]
            assert "Retry-After" in waiting.headers
        for path in ("/", "/recherche?q=nuit", "/blogs"):
            page = client.get(path)
            assert page.status_code == 503
            assert "L’index dort encore" in page.text
            assert page.headers["Content-Security-Policy"]
        typed = client.get("/recherche?q=nuit", headers={"HX-Request": "true"})
        assert typed.status_code == 503
        assert typed.text.startswith('<div id="resultats"')
        assert client.get("/api/v1/search").json()["error"]["status"] == 503
        assert client.get("/a-propos").status_code == 200

        publish(settings)
        assert client.get("/readyz").json()["articles"] == 43
        first = client.get("/recherche?q=nuit")
        assert first.status_code == 200

        publish(settings, revision=2)
        assert client.get("/recherche?q=nuit").headers["ETag"] != first.headers["ETag"]

        shutil.rmtree(settings.index_path)
        assert client.get("/readyz").status_code == 503
        publish(settings, revision=3)
        assert client.get("/readyz").status_code == 200


def test_an_unknown_engine_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        create(Settings(data=tmp_path, engine="sqlite:"))


def test_a_full_house_answers_at_once_and_health_stays(settings: Settings) -> None:
    """One place, and a gate inside: while one request is at work the next is sent away."""
    app = create(settings.model_copy(update={"threads": 1}))
    entered, leave = threading.Event(), threading.Event()

    def slow() -> str:
        entered.set()
        leave.wait(20)
        return "enfin"

    app.add_api_route("/lent", slow)
    with serving(app) as base, httpx.Client(base_url=base, timeout=20) as client:
        answers: list[httpx.Response] = []
        first = threading.Thread(target=lambda: answers.append(httpx.get(f"{base}/lent", timeout=30)))
        first.start()
        assert entered.wait(10)
        refused = client.get("/recherche?q=nuit")
        assert refused.status_code == 503
        assert "Trop de monde" in refused.text
        assert refused.headers["Retry-After"]
        assert refused.headers["Content-Security-Policy"]
        assert client.get("/api/v1/search").json()["error"]["message"]
        assert client.get("/healthz").status_code == 200
        assert client.get("/favicon.svg").status_code == 200
        leave.set()
        first.join(10)
        assert answers[0].status_code == 200
        assert client.get("/recherche?q=nuit").status_code == 200


def test_the_unexpected_is_a_protected_page_that_tells_nothing(settings: Settings) -> None:
    app = create(settings)

    def broken() -> str:
        raise ValueError("le secret")

    app.add_api_route("/casse", broken)
    with serving(app) as base:
        answer = httpx.get(f"{base}/casse")
    assert answer.status_code == 500
    assert "Une lumière s’est éteinte" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_an_engine_that_hangs_costs_the_patience_and_no_more(settings: Settings) -> None:
    hang = threading.Event()

    class Hanging(Search):
        def page(self, query: Query) -> object:  # type: ignore[override]
            hang.wait(20)
            return super().page(query)

    index = LiveIndex(Hanging(open_engine(settings)), calls=2, patience=0.05)
    for message in ("did not answer", "did not answer", "every thread"):
        with pytest.raises(EngineError, match=message):
            index.page(Query())
    hang.set()


def test_a_failing_engine_is_in_the_log_and_the_query_is_not(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Search):
        def page(self, query: Query) -> object:  # type: ignore[override]
            raise EngineError("le disque a disparu", hint="à voir")

    app = FastAPI()
    app.add_exception_handler(LucioleError, Faults(templating.environment(assets.load(), None, None)).luciole)
    app.include_router(endpoints(LiveIndex(Failing(open_engine(settings)), calls=2)))
    with serving(app) as base:
        answer = httpx.get(f"{base}/api/v1/search?q=confidence")
    assert answer.status_code == 503
    assert "disque" not in answer.text
    assert [record.getMessage() for record in caplog.records if record.name == "api.faults"] == ["le disque a disparu (à voir)"]


def test_a_page_of_another_configuration_is_another_page(settings: Settings) -> None:
    tags = set()
    for contact in ("une@luciole.example", "autre@luciole.example"):
        with serving(create(settings.model_copy(update={"contact": contact}))) as base:
            tags.add(httpx.get(f"{base}/blogs").headers["ETag"])
    assert len(tags) == 2


def test_the_index_is_open_before_the_first_reader_comes(settings: Settings) -> None:
    opened = threading.Event()

    class Told(Search):
        def meta(self) -> Meta:
            found = super().meta()
            opened.set()
            return found

    LiveIndex(Told(open_engine(settings)), calls=1).warm()
    assert opened.is_set()
    LiveIndex(Search(open_engine(Settings(data=settings.data / "nowhere"))), calls=1).warm()  # nothing there: nothing said


def test_the_turnstile_lets_everything_but_requests_pass() -> None:
    """Lifespan messages are no requests: a full house must still be able to start and stop."""
    import anyio

    seen: list[str] = []

    async def app(scope: object, receive: object, send: object) -> None:
        seen.append("app")

    async def refuse(scope: object, receive: object, send: object) -> None:
        seen.append("refuse")

    gate = Turnstile(app, places=0, free=("/vite",), refuse=refuse)

    async def drive() -> None:
        for scope in ({"type": "lifespan"}, {"type": "http", "path": "/vite"}, {"type": "http", "path": "/vite/pas"}):
            await gate(scope, None, None)  # type: ignore[arg-type]

    anyio.run(drive)
    assert seen == ["app", "app", "refuse"]
