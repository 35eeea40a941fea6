"""Commands, messages and exit codes, through real processes."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = """sources:
  - id: cieux
    name: Cieux ouverts
    url: http://cieux.localhost:8001/
    disciplines: [astronomie-espace]
"""


def luciole(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
    return subprocess.run(
        [sys.executable, "-m", "luciole.cli", *arguments],
        cwd=cwd,
        env=bare | {"PYTHONPATH": str(ROOT), "COLUMNS": "160"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_the_real_list_is_in_order():
    done = luciole("sources", "check", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "aucune faute" in done.stdout


def test_every_fault_at_once_and_nothing_runs(tmp_path):
    (tmp_path / "sources.yaml").write_text(
        GOOD + "  - id: cieux\n    nom: Deux\n    url: nulle part\n    disciplines: [fisique]\n", encoding="utf-8"
    )
    for command in (["sources", "check"], ["crawl"], ["index"], ["nightly"]):
        done = luciole(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert "sources.yaml:6" in done.stderr
        assert all(word in done.stderr for word in ("cieux", "name", "fisique", "physique", "nulle part")), done.stderr
        assert not (tmp_path / "data").exists()


def test_a_list_that_is_not_there(tmp_path):
    done = luciole("sources", "check", "absente.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "absente.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_crawls_anonymously(house):
    (house / "sources.yaml").write_text(GOOD.replace("cieux.localhost:8001", "blog-de-demonstration.fr"), encoding="utf-8")
    done = luciole("crawl", cwd=house)
    assert "LUCIOLE_CONTACT" in done.stdout
    assert "nobody crawls anonymously" in done.stderr
    assert done.returncode == 2
    rows = json.loads(luciole("report", "--json", cwd=house).stdout)["sources"]
    assert [(row["source_id"], row["state"], row["requests"]) for row in rows] == [("cieux", "skipped", 0)]


def test_too_many_failures_are_for_the_operator(house):
    """Nobody listens on the mapped port: the one blog of the list fails, and the night says that this is too much."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = luciole("crawl", cwd=house, LUCIOLE_HOST_MAP=f"cieux.localhost:8001=127.0.0.1:{port}")
    assert done.returncode == 1
    assert "100\u00a0% des blogs visités ont échoué" in done.stdout


def test_unknown_commands_settings_and_sources_are_misuse(house):
    assert luciole("vole", cwd=house).returncode == 2
    assert luciole("index", cwd=house, LUCIOLE_HOST_MAP="a=10.0.0.1:80").returncode == 2
    assert luciole("index", cwd=house, LUCIOLE_ENGINE="sphinx:").returncode == 2
    assert luciole("index", "--grant", cwd=house).returncode == 2  # the embedded engine needs no key
    done = luciole("crawl", "--only", "inconnu", cwd=house)
    assert (done.returncode, "inconnu" in done.stderr) == (2, True)


def test_a_second_night_says_so_and_is_no_failure(house):
    from luciole.lock import data_lock

    with data_lock(house / "data"):
        night, index = luciole("nightly", cwd=house), luciole("index", cwd=house)
    assert (night.returncode, index.returncode) == (0, 1)
    assert "another luciole" in night.stderr


def test_a_store_that_cannot_be_read_is_for_the_operator(house):
    (house / "data").mkdir()
    (house / "data" / "luciole.db").write_bytes(b"rubbish" * 1000)
    done = luciole("index", cwd=house)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "luciole.db" in done.stderr


def test_a_report_before_any_crawl(house):
    done = luciole("report", cwd=house)
    assert (done.returncode, "no crawl has ended" in done.stderr) == (1, True)


def test_a_port_that_is_taken_or_a_host_that_is_none(house):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        taken = luciole("serve", "--port", str(held.getsockname()[1]), cwd=house)
    nowhere = luciole("serve", "--host", "n’existe pas", cwd=house)
    for done in (taken, nowhere):
        assert (done.returncode, "cannot listen" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_which_version_this_is(tmp_path):
    assert luciole("--version", cwd=tmp_path).stdout.startswith("luciole 0.")


def test_commands_import_only_their_room():
    program = "import sys, luciole.cli; sys.exit(any(name in sys.modules for name in ('scrapy', 'fastapi', 'tantivy', 'trafilatura')))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
