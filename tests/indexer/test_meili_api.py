"""What readers see of a Meilisearch that fails: the page says so in French with a 503, and is well again by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from api.app import create
from indexer.engines.meili import server as server_module
from luciole.settings import Settings

from ..api.meadow import serving
from .meili_replay import NAME, Misbehaving, replaying
from .meili_server import free_port


@pytest.mark.parametrize("how", ["hanging", "html", "cut", "wrong types", "403", "500", "broken off"])
def test_a_page_says_so_and_recovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(server_module, "READ", 0.4)
    with replaying("reading") as behind:
        made = Misbehaving(behind, how=how)
        with made.listening() as url:
            settings = Settings(data=tmp_path, engine=f"{url}?index={NAME}", engine_key="key")
            with serving(create(settings)) as address:
                for path in ("/?q=étoile+noire", "/", "/blogs"):
                    page = requests.get(address + path, timeout=30)
                    assert page.status_code == 503, path
                    assert 'lang="fr"' in page.text
                    assert url not in page.text
                    assert "Traceback" not in page.text
                answer = requests.get(f"{address}/api/v1/search?q=étoile", timeout=30)
                assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (503, "application/json")
                made.how = "well"
                page = requests.get(f"{address}/?q=étoile+noire", timeout=30)
                assert page.status_code == 200
                assert "Une étoile proche" in page.text.replace("<mark>", "").replace("</mark>", "")


def test_nobody_there(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, engine=f"http://127.0.0.1:{free_port()}", engine_key="key")
    with serving(create(settings)) as address:
        page = requests.get(f"{address}/?q=étoile", timeout=30)
        assert page.status_code == 503
        assert 'lang="fr"' in page.text
