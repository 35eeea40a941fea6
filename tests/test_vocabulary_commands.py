"""The commands that read the vocabulary, through real processes: a faulty file stops them before anything is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIST = "sources:\n- id: cieux\n  name: Cieux\n  url: http://cieux.localhost:8001/\n  disciplines: [physique]\n"
GOOD = "synonymes:\n- [IRM, imagerie par résonance magnétique]\nreponses:\n- requetes: [x]\n  articles: [https://exemple.fr/x]\n"
BAD = "synonymes:\n- [IRM]\nreponse: []\n"


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
    (tmp_path / "sources.yaml").write_text(LIST, encoding="utf-8")
    return tmp_path


def test_a_good_vocabulary_is_checked_beside_the_list_and_published(house: Path) -> None:
    (house / "vocabulaire.yaml").write_text(GOOD, encoding="utf-8")
    told = "vocabulaire.yaml : 1 groupe de synonymes, 1 réponse choisie, aucune faute.\n"
    for command in ("sources", "vocabulary"):
        done = luciole(command, "check", cwd=house)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith(told)
    done = luciole("index", cwd=house)
    assert done.returncode == 0, done.stderr
    assert "vocabulaire.yaml:5 : réponse choisie introuvable, sans effet : https://exemple.fr/x (adresse inconnue du fonds)." in done.stdout
    assert "rien à changer" in luciole("index", cwd=house).stdout


def test_a_faulty_vocabulary_stops_what_reads_it(house: Path) -> None:
    (house / "vocabulaire.yaml").write_text(BAD, encoding="utf-8")
    for command in (["vocabulary", "check"], ["sources", "check"], ["index"], ["nightly"]):
        done = luciole(*command, cwd=house)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines() == [
            "vocabulaire.yaml:2 : un groupe réunit au moins deux expressions : ajoutez-en une, ou retirez la ligne.",
            "vocabulaire.yaml:3 : clé inconnue « reponse » ; vouliez-vous dire « reponses » ?",
            "2 fautes : rien n’a été lancé.",
        ]
        assert not (house / "data").exists()
    assert luciole("sources", "check", "sources.yaml", cwd=house).returncode == 0, "one file asked for by name is checked alone"


def test_the_faults_of_both_files_are_told_together(house: Path) -> None:
    (house / "vocabulaire.yaml").write_text(BAD, encoding="utf-8")
    (house / "sources.yaml").write_text(LIST.replace("physique", "fisique"), encoding="utf-8")
    done = luciole("sources", "check", cwd=house)
    assert done.returncode == 2
    assert [line.partition(" : ")[0] for line in done.stderr.splitlines()] == [
        "sources.yaml:5",
        "vocabulaire.yaml:2",
        "vocabulaire.yaml:3",
        "3 fautes",
    ]


def test_where_the_vocabulary_lies(house: Path) -> None:
    done = luciole("vocabulary", "check", cwd=house)
    assert (done.returncode, done.stdout) == (0, "Pas de fichier vocabulaire.yaml : la recherche s’en passe.\n")
    for done in (luciole("vocabulary", "check", "mots.yaml", cwd=house), luciole("index", cwd=house, LUCIOLE_VOCABULARY="mots.yaml")):
        assert done.returncode == 2
        assert "mots.yaml : ce fichier n’existe pas." in done.stderr
        assert not (house / "data").exists()
    (house / "mots.yaml").write_text(GOOD, encoding="utf-8")
    assert luciole("vocabulary", "check", cwd=house, LUCIOLE_VOCABULARY="mots.yaml").stdout.startswith("mots.yaml : 1 groupe")
    elsewhere = house / "ailleurs"
    elsewhere.mkdir()
    (elsewhere / "vocabulaire.yaml").write_text(GOOD, encoding="utf-8")
    done = luciole("vocabulary", "check", cwd=house, LUCIOLE_SOURCES=str(elsewhere / "sources.yaml"))
    assert done.stdout.startswith(f"{elsewhere / 'vocabulaire.yaml'} : 1 groupe")
