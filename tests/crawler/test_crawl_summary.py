"""What a person sees of a crawl: lines while it runs, the table at its end."""

import io
from dataclasses import replace

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
    assert lines[0].split() == ["Blog", "État", "Vus", "Nouv.", "Modif.", "Échecs", "Requêtes"]
    assert [line.split()[0] for line in lines[1:4]] == ["cieux", "passage", "mort"]
    assert lines[1].split() == ["cieux", "à", "jour", "5", "4", "1", "·", "7"]
    assert lines[4:6] == [
        "passage : refusé, flux : le robots.txt du site l’interdit",
        "mort : en échec, flux : [red]nom de domaine introuvable[/red]",  # the words of a cause are no markup
    ]
    assert lines[6] == "1 blog non visité (video) : chaîne vidéo : listée, jamais visitée"


def test_no_cause_is_lost_on_a_narrow_terminal() -> None:
    cause = "flux : redirigé vers une adresse privée (127.0.0.1:22), refusé, et bien d’autres choses encore"
    narrow = shown(summary(replace(REPORT, outcomes=(Outcome(source_id="a" * 50, state="refused", cause=cause),))), width=60)
    assert cause in " ".join(narrow.split())


def test_many_blogs_not_visited_for_one_reason_are_one_line() -> None:
    many = tuple(Outcome(source_id=f"blog-{number}", state="skipped", cause="pas de visite anonyme") for number in range(250))
    lines = shown(summary(replace(REPORT, outcomes=many))).splitlines()
    assert lines[0] == "250 blogs non visités : pas de visite anonyme"
    assert len(lines) == 2


def test_one_line_says_it_all() -> None:
    line = total_line(REPORT)
    assert line == "3 blogs visités · 4 nouveaux articles · 1 article modifié · 9 requêtes · 61,2 s · 1 refusé, 1 en échec"
    assert REPORT.failed_share == 1 / 3


def test_a_visit_that_ran_out_of_time_says_so() -> None:
    cut = CrawlReport(run_id=1, finished=False, interrupted=False, outcomes=OUTCOMES[:1], duration=7200.0)
    assert total_line(cut).endswith(" · visite inachevée, la prochaine la reprend")


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
        "2/2 blogs, 1 pages, fin de la visite",
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
