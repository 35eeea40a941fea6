"""Searches are kept nowhere unless the operator asks for it, and then without anything about who asked."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.app import create
from api.query_log import QueryLog
from indexer.query import MAX_QUERY_CHARACTERS, Query
from luciole.errors import LucioleError
from luciole.settings import Settings, read_settings
from tests.api.hits import found
from tests.api.meadow import publish, serving

MOMENT = datetime(2026, 3, 14, 3, 59, 59, tzinfo=UTC)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_nothing_is_kept_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUCIOLE_QUERY_LOG", raising=False)
    assert read_settings().query_log is None
    silent = QueryLog(None)
    silent.note(found(query=Query(text="lichen")))
    assert not silent.kept


def test_a_search_without_the_log_writes_no_file(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    publish(settings)
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20) as client:
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert client.get("/recherche?q=tardigrade").status_code == 200
        told = client.get("/confidentialite").text
        assert "ne sont notées nulle part" in told
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert set(after) - set(before) == set()
        assert not [path for path, body in after.items() if b"tardigrade" in body]


def test_submitted_searches_are_kept_bare(tmp_path: Path) -> None:
    kept = tmp_path / "recherches.jsonl"
    settings = Settings(data=tmp_path / "data", query_log=kept)
    publish(settings)
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20, headers={"User-Agent": "Curieux/1"}) as client:
        tag = client.get("/recherche?q=lichen").headers["ETag"]
        client.get("/recherche?q=lichen", headers={"If-None-Match": tag})
        for typed in ("l", "li", "lic"):
            client.get(f"/recherche?q={typed}", headers={"HX-Request": "true"})
        client.get("/recherche?q=nuit&page=2")
        client.get("/recherche?blog=nuit")
        client.get("/recherche.atom?q=nuit")
        client.get("/suggestions.json?q=nuit")
        client.get("/recherche", params={"q": 'a\r\n{"hour": 1}\u2028\u202e\x00' + "é" * 900})
        told = client.get("/confidentialite").text
        assert "les recherches que vous validez sont notées" in told
        assert "nulle part" not in told
    first, last = lines(kept)
    assert {**first, "hour": ""} == {"hour": "", "results": 2, "text": "lichen"}
    assert list(first) == list(last) == ["hour", "results", "text"]
    assert isinstance(last["text"], str)
    assert len(last["text"]) == MAX_QUERY_CHARACTERS
    assert "127.0.0.1" not in kept.read_text()
    assert "Curieux" not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) & 0o077 == 0


def test_the_time_is_the_hour_and_a_line_is_bounded(tmp_path: Path) -> None:
    log = QueryLog(tmp_path / "kept", lambda: MOMENT)
    log.note(found(query=Query(text="\ud800" + "🪲" * 5000)))
    (line,) = lines(tmp_path / "kept")
    assert line["hour"] == "2026-03-14T03Z"
    assert (tmp_path / "kept").stat().st_size < 2000


def test_a_file_that_was_moved_away_is_begun_again(tmp_path: Path) -> None:
    log = QueryLog(tmp_path / "kept")
    log.note(found(query=Query(text="un")))
    (tmp_path / "kept").rename(tmp_path / "kept.1")
    log.note(found(query=Query(text="deux")))
    assert [line["text"] for name in ("kept.1", "kept") for line in lines(tmp_path / name)] == ["un", "deux"]


def test_what_cannot_be_written_is_told_at_the_start_and_costs_no_search_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(LucioleError, match="nowhere"):
        create(Settings(data=tmp_path, query_log=tmp_path / "nowhere" / "kept"))
    (tmp_path / "there").mkdir()
    log = QueryLog(tmp_path / "there" / "kept")
    (tmp_path / "there" / "kept").unlink()
    (tmp_path / "there").rmdir()
    log.note(found(query=Query(text="secret")))
    assert "a search could not be noted" in caplog.text
    assert "secret" not in caplog.text
