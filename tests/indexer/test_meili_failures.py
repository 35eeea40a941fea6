"""A Meilisearch that is away, slow, refuses or talks nonsense: typed errors with a hint, and well again without a restart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.document import IndexDocument
from indexer.engines.meili import Address, MeiliEngine, MeiliWriter, Server
from indexer.engines.meili import server as server_module
from indexer.engines.meili.indexes import Indexes
from indexer.night import Night
from indexer.plan import Plan, TermGroup, Weighted
from luciole.errors import EngineError, EngineRefused, EngineUnavailable, IndexingFailed

from .conftest import NOW, MakeDocument
from .meili_replay import MANNERS, NAME, Misbehaving, listening, replaying
from .meili_server import free_port

PATIENCE = 0.4
_WORDS = Plan(groups=(TermGroup(typed="étoile", origin="typed", stems=(Weighted("etoil"),)),), facets=("blog",))

QUESTIONS: dict[str, Callable[[MeiliEngine], Any]] = {
    "meta": lambda engine: engine.meta(),
    "lexicon": lambda engine: engine.lexicon(),
    "search": lambda engine: engine.search(_WORDS),
    "by date": lambda engine: engine.search(Plan(sort="date")),
    "documents": lambda engine: engine.documents(["a1"]),
}


def _server(url: str) -> Server:
    return Server(Address.parse(f"{url}?index={NAME}"), "key", patience=PATIENCE)


@pytest.fixture
def misbehaving() -> Iterator[tuple[Misbehaving, str]]:
    """A server of recorded answers that may stop behaving."""
    with replaying("reading") as behind:
        made = Misbehaving(behind)
        with made.listening() as url:
            yield made, url


@pytest.mark.parametrize("how", [*MANNERS, "hanging", "broken off"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_readers_get_a_typed_error_with_a_hint_and_then_an_answer(misbehaving: tuple[Misbehaving, str], how: str, question: str) -> None:
    made, url = misbehaving
    engine = MeiliEngine(_server(url))
    made.how = how
    since = time.monotonic()
    with pytest.raises(EngineError) as failure:
        QUESTIONS[question](engine)
    assert time.monotonic() - since < 10
    assert failure.value.hint
    if how in ("hanging", "broken off", "500", "503"):
        assert isinstance(failure.value, EngineUnavailable)
    if how in ("401", "403", "403 of a proxy"):
        assert isinstance(failure.value, EngineRefused)
        assert "LUCIOLE_ENGINE_KEY" in (failure.value.hint or "")
    made.how = "well"
    assert QUESTIONS[question](engine) is not None
    engine.close()


@pytest.mark.parametrize("how", [*MANNERS, "hanging", "broken off"])
def test_an_engine_that_was_well_and_no_longer_is(misbehaving: tuple[Misbehaving, str], how: str) -> None:
    made, url = misbehaving
    engine = MeiliEngine(_server(url))
    assert engine.meta().revision == 7
    made.how = how
    for question in ("search", "by date"):
        with pytest.raises(EngineError):
            QUESTIONS[question](engine)
    made.how = "well"
    assert engine.meta().revision == 7
    engine.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_nobody_there(question: str) -> None:
    engine = MeiliEngine(_server(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        QUESTIONS[question](engine)


@pytest.mark.parametrize("how", [*MANNERS, "hanging", "broken off"])
def test_the_indexer_gets_a_typed_error_and_loses_nothing(
    tmp_path: Path, document: MakeDocument, night: Night, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(server_module, "SEND", PATIENCE)
    made = Misbehaving(how=how)
    with made.listening() as url:
        writer = MeiliWriter(_server(url), tmp_path / "lock")
        asked: list[Callable[[], Any]] = [
            writer.meta,
            lambda: writer.present(["a"]),
            lambda: writer.due(NOW),
            lambda: writer.apply([document("a", "Titre")], []),
            lambda: writer.publish(2, night),
            lambda: writer.rebuild([document("a", "Titre")], lambda: (1, night)),
        ]
        for ask in asked[:2] if how == "hanging" else asked:
            with pytest.raises(EngineError):
                ask()
        made.leave.set()
        writer.close()


@pytest.mark.parametrize("code", ["no_space_left_on_device", "internal", "database_size_limit_reached"])
def test_a_task_that_fails_is_told(tmp_path: Path, document: MakeDocument, night: Night, code: str) -> None:
    """A server that takes everything and can index nothing, as one with a full disk does."""
    dropped: list[str] = []

    def answer(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        if path.startswith("/tasks?"):
            return 200, b'{"results": [], "total": 0, "limit": 1000, "from": null, "next": null}', "application/json"
        if path.startswith("/tasks/"):
            failed = b'"failed", "error": {"message": "No space left on device (os error 28)", "code": "%b"}' % code.encode()
            state = b'"succeeded", "error": null' if path == "/tasks/1" else failed
            dates = b'"enqueuedAt": "2026-01-01T00:00:00.5Z", "startedAt": null, "finishedAt": null'
            return 200, b'{"uid": 1, "indexUid": null, "type": "x", "status": %b, %b}' % (state, dates), "application/json"
        if method == "GET":
            return 404, b'{"message": "Index not found.", "code": "index_not_found", "type": "x", "link": ""}', "application/json"
        if method == "DELETE":
            dropped.append(path)
        number = b"2" if path.endswith("documents?primaryKey=id") else b"1"
        accepted = b'{"taskUid": %b, "indexUid": null, "status": "enqueued", "type": "x", "enqueuedAt": "2026-01-01T00:00:00.5Z"}' % number
        return 202, accepted, "application/json"

    with listening(answer) as url:
        writer = MeiliWriter(_server(url), tmp_path / "lock")
        with pytest.raises(IndexingFailed) as failure:
            writer.rebuild([document("a", "Titre")], lambda: (1, night))
        writer.close()
    assert ("disk" in failure.value.message) == (code == "no_space_left_on_device")
    assert failure.value.hint
    assert dropped == [f"/indexes/{NAME}_articles_new"]


def test_what_may_be_asked_twice_is_and_what_may_not_is_not() -> None:
    made = Misbehaving(how="broken off")
    with made.listening() as url:
        server = _server(url)
        with pytest.raises(EngineUnavailable):
            server.ask(lambda client: client.http.get("indexes/x"))
        assert made.asked == server_module.ATTEMPTS
        made.asked = 0
        with pytest.raises(EngineUnavailable):
            Indexes(server)._swap(rename=False)
        assert made.asked == 1
        server.close()


def test_a_document_that_cannot_be_read_back_ends_nothing_else(misbehaving: tuple[Misbehaving, str]) -> None:
    made, url = misbehaving
    engine = MeiliEngine(_server(url))
    found: tuple[IndexDocument, ...] = engine.documents(["a1"])
    assert [one.id for one in found] == ["a1"]
    assert made.asked > 0
    engine.close()
