"""What a person sees of a crawl: lines while it runs, the table at its end."""

import io

from rich.console import Console

from crawler.progress import PlainProgress, TerminalProgress
from crawler.report import CrawlReport
from crawler.summary import summary, total_line
from luciole.runs import Outcome

OUTCOMES = (
    Outcome(source_id="cieux", state="ok", found=5, new=4, updated=1, requests=7),
    Outcome(source_id="mort", state="failed", cause="flux : [red]nom de domaine introuvable[/red]", requests=1),
    Outcome(source_id="passage", state="refused", cause="flux : le robots.txt du site l’interdit", requests=1),
    Outcome(source_id="video", state="skipped", cause="chaîne vidéo : listée, jamais visitée"),
)
REPORT = CrawlReport(run_id=1, finished=True, interrupted=False, outcomes=OUTCOMES, duration=61.25)


def shown(what: object, width: int = 160) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_table_has_a_line_for_each_blog_and_what_needs_a_look_comes_last() -> None:
    lines = shown(summary(REPORT)).splitlines()
    assert lines[0].split() == ["Blog", "État", "Vus", "Nouveaux", "Modifiés", "Échecs", "Requêtes", "Cause"]
    assert [line.split()[0] for line in lines[1:5]] == ["video", "cieux", "passage", "mort"]
    assert lines[2].split() == ["cieux", "à", "jour", "5", "4", "1", "·", "7"]
    assert "[red]nom de domaine introuvable[/red]" in lines[4], "the words of a cause are no markup"


def test_one_line_says_it_all() -> None:
    line = total_line(REPORT)
    assert line == "3 blogs visités · 4 nouveaux articles · 1 article modifié · 9 requêtes · 61,2 s · 1 refusé, 1 en échec"
    assert REPORT.failed_share == 1 / 3


def test_nobody_visited_is_no_failure() -> None:
    assert CrawlReport(run_id=1, finished=True, interrupted=False, outcomes=OUTCOMES[3:], duration=0.0).failed_share == 0.0


def test_a_log_gets_plain_lines() -> None:
    stream = io.StringIO()
    progress = PlainProgress(stream, every=0.0)
    progress.begin(2)
    progress.page()
    for outcome in OUTCOMES[:2]:
        progress.source_done(outcome)
    progress.end()
    lines = stream.getvalue().splitlines()
    assert lines == [
        "visite de 2 blogs",
        "0/2 blogs, 1 pages",
        "mort : en échec, flux : [red]nom de domaine introuvable[/red]",
        "2/2 blogs, 1 pages, visite terminée",
    ]


def test_a_terminal_gets_a_bar_that_goes_away() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    progress = TerminalProgress(console)
    progress.begin(2)
    progress.page()
    for outcome in OUTCOMES[:2]:
        progress.source_done(outcome)
    progress.end()
    assert isinstance(console.file, io.StringIO)
    written = console.file.getvalue()
    assert "2/2" in written
    assert "mort : flux : [red]nom de domaine introuvable[/red]" in written
