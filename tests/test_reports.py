"""How every source stands: the values, and the table on terminals of any width."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from luciole.figures import Figures
from luciole.report_table import ReportTable
from luciole.reports import SourceReport, amount, last_outcomes, source_reports
from luciole.runs import Outcome, RunLog
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

MARCH = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
"""The fourth in Paris."""


def source(name: str, **values: object) -> Source:
    return Source(id=name, name=name.title(), url=f"https://{name}.exemple.org/", disciplines=("physique",), **values)  # type: ignore[arg-type]


SOURCES = (
    source("cieux"),
    source("roches"),
    source("vole"),
    source("films", type="video"),
    source("jardin", status="paused"),
    source("grimoire", status="archived"),
    source("neuf"),
    source("mort"),
)
FIGURES = {
    "cieux": Figures(articles=347, undated=12, guessed=3, empty=2, members_only=1, copies=4),
    "roches": Figures(articles=1234),
    "vole": Figures(articles=20),
}
STANDINGS = {
    "cieux": Standing(expected=360),
    "roches": Standing(gone_since=MARCH, failures=9, failing_since=MARCH),
    "vole": Standing(frozen_at=MARCH, frozen_why="le titre n’a plus un mot en commun avec le nom du blog"),
    "jardin": Standing(frozen_at=MARCH, frozen_why="peu importe"),
    "mort": Standing(failures=3, failing_since=MARCH),
}
OUTCOMES = {
    "cieux": Outcome(source_id="cieux", state="ok", found=10, new=2, updated=1, requests=4),
    "roches": Outcome(source_id="roches", state="failed", cause="nom de domaine introuvable", failed=1),
    "vole": Outcome(source_id="vole", state="ok"),
    "films": Outcome(source_id="films", state="skipped", cause="chaîne vidéo : listée, jamais visitée"),
    "mort": Outcome(source_id="mort", state="failed", cause="[red]connexion refusée[/red]"),
    "parti": Outcome(source_id="parti", state="unchanged"),
}


def made() -> tuple[SourceReport, ...]:
    return source_reports(SOURCES, FIGURES, STANDINGS, OUTCOMES, {"cieux": MARCH, "roches": MARCH})


def shown(width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(ReportTable(made()))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_each_source_has_one_report_in_the_order_of_the_list() -> None:
    reports = {one.source_id: one for one in made()}
    assert list(reports) == [*(one.id for one in SOURCES), "parti"]
    assert {name: one.status for name, one in reports.items()} == {
        "cieux": "à jour",
        "roches": "site disparu depuis le 04/03/2026",
        "vole": "en observation depuis le 04/03/2026",
        "films": "chaîne vidéo, non fouillée",
        "jardin": "en pause",
        "grimoire": "archivé",
        "neuf": "pas encore visité",
        "mort": "en échec depuis 3 nuits",
        "parti": "hors de la liste",
    }
    cieux = reports["cieux"]
    assert (cieux.found, cieux.expected, cieux.undated, cieux.guessed, cieux.empty, cieux.members_only, cieux.copies) == (
        *(347, 360),
        *(12, 3, 2, 1, 4),
    )
    assert (cieux.seen, cieux.new, cieux.updated, cieux.requests, cieux.last_success) == (10, 2, 1, 4, MARCH)
    assert (reports["vole"].frozen, reports["vole"].frozen_why) == (True, STANDINGS["vole"].frozen_why)
    assert reports["neuf"] == SourceReport(source_id="neuf", name="Neuf", status="pas encore visité", listing="active")


def test_without_the_list_all_that_is_known_is_told_by_id() -> None:
    reports = {one.source_id: one for one in source_reports((), FIGURES, STANDINGS, OUTCOMES, {})}
    assert reports.keys() == OUTCOMES.keys()
    assert (reports["cieux"].name, reports["cieux"].status, reports["cieux"].found) == ("cieux", "à jour", 347)
    assert reports["roches"].status == "site disparu depuis le 04/03/2026"


def test_programs_get_every_field() -> None:
    row = made()[1].to_json()
    assert set(row) == {*SourceReport.__dataclass_fields__, "frozen"}
    assert (row["gone_since"], row["failures"], row["frozen"], row["last_success"]) == (MARCH.isoformat(), 9, False, MARCH.isoformat())


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_is_readable(width: int) -> None:
    lines = shown(width)
    told = " ".join(line.strip() for line in lines)
    assert max(map(len, lines)) <= width
    table = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[1 : len(SOURCES) + 2]}
    assert "347 sur environ 360" in table["cieux"]
    assert "1 234" in table["roches"]
    assert list(table)[-1] == "vole"  # what needs a look comes last
    assert lines[0].split()[:4] == ["Blog", "État", "Lu", "le"]
    assert next(iter(table)) in ("films", "jardin")
    if width == 160:
        assert table["cieux"] == "à jour 04/03/2026 347 sur environ 360 12 3 2 1 4 ·"
    else:
        assert table["mort"].startswith("en échec depuis 3 nuits")
        assert "cieux : 12 sans date, 3 à date devinée, 2 sans texte, 1 pour abonnés, 4 déjà ailleurs" in told
    for words in (
        "mort : [red]connexion refusée[/red]",
        "vole : le titre n’a plus un mot en commun avec le nom du blog",
        "1 blog non visité (films) : chaîne vidéo : listée, jamais visitée",
    ):
        assert words in told
    assert told.endswith("9 blogs · 1\u202f601 articles · 1 à compléter · 1 en échec · 1 disparu · 1 en observation")


def test_a_long_name_and_a_long_cause_are_shown_whole_on_a_narrow_terminal() -> None:
    long = SourceReport(source_id="b" * 60, name="B", status="refusé", state="refused", cause="le serveur répond " * 10)
    console = Console(file=io.StringIO(), width=60)
    console.print(ReportTable([long]))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert text.count("b") >= 60
    assert " ".join(text.split()).count("le serveur répond") == 10


def test_amounts() -> None:
    assert (amount(347, 360), amount(1, None), amount(0, 12000)) == ("347 sur environ 360", "1", "0 sur environ 12\u202f000")


def test_the_last_visit_of_each_source_is_looked_for_in_the_runs_before(tmp_path: Path) -> None:
    store = ArticleStore.open(tmp_path / "luciole.db")
    log = RunLog(store.database)
    assert last_outcomes(log, {"cieux"}) == {}
    log.close(log.begin("crawl", MARCH), [Outcome(source_id=one, state="ok") for one in ("cieux", "roches", "parti")], MARCH, finished=True)
    log.close(log.begin("crawl", MARCH), [Outcome(source_id="cieux", state="unchanged")], MARCH, finished=True)
    log.begin("crawl", MARCH)
    assert {name: one.state for name, one in last_outcomes(log, {"cieux", "roches", "neuf"}).items()} == {
        "cieux": "unchanged",
        "roches": "ok",
    }
    store.close()
