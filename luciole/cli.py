"""The command line: where the rooms are put together.

Owns the commands, the exit codes and what a terminal shows. Every command imports its room only when it is called: scrapy and fastapi
cost half a second each. Exit codes: 0 done (a blog that failed is in the report); 1 an operator must act; 2 misuse; 130 interrupted, and
the next run resumes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from luciole.errors import AlreadyRunning, LucioleError, SettingsError

if TYPE_CHECKING:
    from crawler.run import CrawlReport
    from luciole.registry import Registry
    from luciole.registry_faults import FaultyFile
    from luciole.settings import Settings
    from luciole.vocabulary import WrittenVocabulary

DONE, ACT, MISUSE, INTERRUPTED = 0, 1, 2, 130
FAILED_SHARE = 0.3
"""Above this share of failed sources something is wrong on our side (network, name service): an operator must look."""

LOG_WIDTH = 160

app = typer.Typer(
    name="luciole",
    help="The search engine of the francophone science blogosphere: crawl the list, index, serve.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(no_args_is_help=True, help="The list of blogs.")
app.add_typer(sources_app, name="sources")
vocabulary_app = typer.Typer(no_args_is_help=True, help="Synonyms and chosen answers.")
app.add_typer(vocabulary_app, name="vocabulary")

SourcesOption = Annotated[Path | None, typer.Option("--sources", help="The list of blogs [LUCIOLE_SOURCES].", show_default=False)]
DataOption = Annotated[Path | None, typer.Option("--data", help="The data directory [LUCIOLE_DATA].", show_default=False)]
ForceOption = Annotated[bool, typer.Option("--force", help="Let articles leave that would be held back: too many, without a reason.")]


def main() -> None:
    """The console command `luciole`: run a command, turn our own errors into a sentence and an exit code."""
    try:
        app()
    except AlreadyRunning as error:
        _complain(error)
        # Two nights that overlap are no fault: cron started the second one while the first is still at work.
        sys.exit(DONE if "nightly" in sys.argv[1:2] else ACT)
    except LucioleError as error:
        _complain(error)
        sys.exit(_exit_code(error))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Say which version this is.", is_eager=True)] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"luciole {installed('luciole')}")
        raise typer.Exit


@sources_app.command("check")
def sources_check(
    file: Annotated[Path | None, typer.Argument(help="The list to check; by default the one of the settings.", show_default=False)] = None,
) -> None:
    """Check the list of blogs without any network: every fault at once, with its line. Without a FILE, the vocabulary as well."""
    settings = _settings(sources=file)
    registry, vocabulary = _lists(settings) if file is None else (_registry(settings), None)
    counts = {status: sum(source.status == status for source in registry) for status in ("active", "archived", "paused")}
    words = {"active": "actives", "archived": "archivées", "paused": "en pause"}
    detail = ", ".join(f"{count} {words[status]}" for status, count in counts.items() if count)
    _say(f"{settings.sources} : {len(registry)} sources ({detail}), aucune faute.")
    if vocabulary is not None and vocabulary.path is not None:
        _say(_in_order(vocabulary))


@sources_app.command("patch")
def sources_patch(sources: SourcesOption = None, data: DataOption = None) -> None:
    """Print the addresses that blogs moved to as a patch to the list. The list itself is not touched."""
    from shlex import quote

    from crawler.moves import proposals
    from crawler.politeness import CrawlLimits
    from luciole.database import Database
    from luciole.registry_patch import accepted, patch

    settings = _settings(sources=sources, data=data)
    registry, path, moves = _registry(settings), str(settings.sources), dict[str, list[tuple[str, str]]]()
    if settings.store_path.exists():
        database = Database(settings.store_path)
        try:
            for found in proposals(database, CrawlLimits()):
                source = registry.get(found.source_id)
                # A move that a curator took up already, or of a feed that the robot found by itself, is none of the list's.
                if source is not None and found.move.old in (source.url, *source.feeds):
                    moves.setdefault(source.id, []).append((found.move.old, found.move.new))
        finally:
            database.close()
    text = settings.sources.read_bytes().decode("utf-8")
    kept, refused = accepted(text, path, moves, allow_hosts=frozenset(settings.host_map))
    for line in refused:
        typer.echo(line, err=True)
    count = sum(map(len, kept.values()))
    if not count:
        typer.echo("Aucun déménagement à reporter dans la liste.", err=True)
        return
    typer.echo(patch(text, path, kept, allow_hosts=frozenset(settings.host_map)).encode(), nl=False)
    for source in filter(None, map(registry.get, kept)):
        if source.include or source.exclude:
            typer.echo(
                f"[{source.id}] ce bloc a des motifs (include, exclude) : vérifiez qu’ils valent pour la nouvelle adresse.", err=True
            )
    target = "-p0" if not settings.sources.is_absolute() and ".." not in settings.sources.parts and " " not in path else quote(path)
    plural = "s" if count > 1 else ""
    typer.echo(f"{count} adresse{plural} à changer ; rien n’a été écrit. Relisez, puis appliquez :", err=True)
    typer.echo(f"  luciole sources patch > demenagements.patch && patch {target} < demenagements.patch && luciole sources check", err=True)


@vocabulary_app.command("check")
def vocabulary_check(
    file: Annotated[Path | None, typer.Argument(help="The file to check; by default the one of the settings.", show_default=False)] = None,
) -> None:
    """Check synonyms and chosen answers without any network: every fault at once, with its line."""
    from luciole.vocabulary import VocabularyError

    settings = _settings(vocabulary=file)
    try:
        vocabulary = _vocabulary(settings)
    except VocabularyError as error:
        _refuse(error)
    _say(_in_order(vocabulary) if vocabulary.path else f"Pas de fichier {settings.vocabulary_path} : la recherche s’en passe.")


@app.command()
def crawl(
    only: Annotated[list[str] | None, typer.Option("--only", help="The id of a source; repeat for several.", show_default=False)] = None,
    sources: SourcesOption = None,
    data: DataOption = None,
) -> None:
    """Visit the blogs and keep what is new."""
    settings = _settings(sources=sources, data=data)
    registry = _registry(settings)
    with _lock(settings):
        report = _crawl(registry, settings, only or ())
    _tell(report)
    raise typer.Exit(_crawl_code(report, registry, settings))


@app.command()
def extract(
    again: Annotated[bool, typer.Option("--again", help="Read every page that is kept once more, not only what waits.")] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help="The id of a source; repeat for several.", show_default=False)] = None,
    sources: SourcesOption = None,
    data: DataOption = None,
) -> None:
    """Make articles of the pages that are kept; no request is sent."""
    from crawler.extract import extract as run

    settings = _settings(sources=sources, data=data)
    registry = _registry(settings)
    _known(registry, settings, only or ())
    with _lock(settings):
        done = run(registry, settings, again=again, only=tuple(only or ()))
    lost = f", {done.lost} à redemander" if done.lost else ""
    _console().print(f"{done.read} pages relues : {done.new} articles nouveaux, {done.updated} modifiés{lost}.", highlight=False)


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build a fresh index beside the live one, then switch.")] = False,
    force: ForceOption = False,
    grant: Annotated[bool, typer.Option("--grant", help="Make a key that can only search, for serve; print it, index nothing.")] = False,
    sources: SourcesOption = None,
    data: DataOption = None,
) -> None:
    """Bring the search index up to date with the store, the list and the vocabulary; no request is sent to any blog."""
    settings = _settings(sources=sources, data=data)
    if grant:
        from indexer.open import grant as make

        typer.echo(make(settings))
        return
    registry, vocabulary = _lists(settings)
    with _lock(settings):
        code = _index(registry, vocabulary, settings, rebuild=rebuild, force=force)
    raise typer.Exit(code)


@app.command()
def nightly(force: ForceOption = False, sources: SourcesOption = None, data: DataOption = None) -> None:
    """The night: crawl, index, report."""
    settings = _settings(sources=sources, data=data)
    registry, vocabulary = _lists(settings)
    code = DONE
    with _lock(settings):
        report = _crawl(registry, settings, ())
        if not report.interrupted:
            code = _index(registry, vocabulary, settings, rebuild=False, force=force)
    _tell(report)
    raise typer.Exit(_crawl_code(report, registry, settings) or code)


@app.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    sources: SourcesOption = None,
    data: DataOption = None,
) -> None:
    """How each blog stands: what is known of it, what is missing, how the last visit went."""
    from luciole.registry import RegistryError, read_registry
    from luciole.report_table import ReportTable
    from luciole.reports import last_outcomes, source_reports
    from luciole.runs import RunLog
    from luciole.store import ArticleStore

    settings = _settings(sources=sources, data=data)
    if not settings.store_path.exists():
        raise LucioleError(f"no crawl has ended in {settings.data} yet", hint="run `luciole crawl` first")
    try:
        listed = list(read_registry(settings.sources, allow_hosts=frozenset(settings.host_map)))
    except RegistryError:
        # What is known is worth telling while the list is being edited: under the ids alone.
        typer.echo(f"{settings.sources} : liste illisible (luciole sources check), le rapport s’en passe.", err=True)
        listed = []
    store = ArticleStore.open(settings.store_path)
    try:
        log = RunLog(store.database)
        last, newest, standings, successes = log.last_closed(), log.last(), store.standings(), log.last_success()
        visited = {one.source_id for one in log.outcomes(last.id)} if last else set()
        wanted = {source.id for source in listed if source.status == "active"} or visited | standings.keys() | successes.keys()
        reports = source_reports(listed, store.figures(), standings, last_outcomes(log, wanted), successes)
    finally:
        store.close()
    if as_json:
        started, ended = (moment.isoformat() if moment else None for moment in (last and last.started, last and last.ended))
        head = {"run": last.id if last else None, "started": started, "ended": ended, "finished": last is not None and last.finished}
        typer.echo(json.dumps(head | {"sources": [one.to_json() for one in reports]}, ensure_ascii=False, indent=2))
        return
    console = _console()
    if last is not None:
        state = "terminée" if last.finished else "interrompue, à reprendre"
        console.print(f"Visite n° {last.id}, commencée le {last.started:%d/%m/%Y à %H:%M} UTC, {state}.", highlight=False)
    else:
        console.print("Aucune visite n’est encore terminée.", highlight=False)
    console.print(ReportTable(reports))
    if newest is not None and (last is None or newest.id != last.id):
        console.print(f"Une visite commencée le {newest.started:%d/%m/%Y à %H:%M} UTC est en cours, ou a été tuée.", highlight=False)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but warnings.")] = False,
    data: DataOption = None,
) -> None:
    """Serve the search page and the API."""
    from api.serve import serve as run

    def ready(address: str) -> None:
        if not quiet:
            typer.echo(f"Luciole répond sur {address} (Ctrl-C pour arrêter).")

    run(_settings(data=data), host=host, port=port, workers=workers, ready=ready)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the search page.", min=0, max=65535)] = 8000,
    blogs_port: Annotated[int, typer.Option(help="Port of the demonstration blogs.", min=0, max=65535)] = 8001,
    data: DataOption = None,
) -> None:
    """The whole way on this machine: serve invented blogs, crawl them, index them, serve the search page."""
    from demo.tour import tour

    settings = _settings(data=data)
    tour(settings.data / "demo", port=port, blogs_port=blogs_port)


def _settings(**overrides: Any) -> Settings:
    from luciole.settings import read_settings

    return read_settings(**overrides)


def _registry(settings: Settings) -> Registry:
    """Read the list; on faults print every one of them and stop before anything runs."""
    from luciole.registry import RegistryError, read_registry

    try:
        return read_registry(settings.sources, allow_hosts=frozenset(settings.host_map))
    except RegistryError as error:
        _refuse(error)


def _lists(settings: Settings) -> tuple[Registry, WrittenVocabulary]:
    """Read all that curators write, the list and the vocabulary; stop likewise on the faults of either, told together."""
    from luciole.registry import RegistryError, read_registry
    from luciole.vocabulary import VocabularyError

    faulty: list[FaultyFile] = []
    registry, vocabulary = None, None
    try:
        registry = read_registry(settings.sources, allow_hosts=frozenset(settings.host_map))
    except RegistryError as error:
        faulty.append(error)
    try:
        vocabulary = _vocabulary(settings)
    except VocabularyError as error:
        faulty.append(error)
    if registry is None or vocabulary is None:
        _refuse(*faulty)
    return registry, vocabulary


def _vocabulary(settings: Settings) -> WrittenVocabulary:
    """Synonyms and chosen answers; none when the file is neither set nor there. Raises `VocabularyError`."""
    from luciole.vocabulary import read_vocabulary

    hosts = frozenset(settings.host_map)
    return read_vocabulary(settings.vocabulary_path, allow_hosts=hosts, must_exist=settings.vocabulary is not None)


def _refuse(*faulty: FaultyFile) -> NoReturn:
    """Print every fault of these files, and end as misuse."""
    from luciole.registry import describe_problems

    lines = [line for error in faulty for line in describe_problems(error)]
    for line in lines:
        typer.echo(line, err=True)
    typer.echo(f"{len(lines)} faute{'s' if len(lines) > 1 else ''} : rien n’a été lancé.", err=True)
    raise typer.Exit(MISUSE) from faulty[0]


def _in_order(vocabulary: WrittenVocabulary) -> str:
    groups, answers = len(vocabulary.synonyms), len(vocabulary.answers)
    figures = f"{groups} groupe{'s' * (groups > 1)} de synonymes, {answers} réponse{'s' * (answers > 1)} choisie{'s' * (answers > 1)}"
    return f"{vocabulary.path} : {figures}, aucune faute."


def _say(line: str) -> None:
    _console().print(line, markup=False, highlight=False, soft_wrap=True)


def _console() -> Console:
    """Standard output; a log has no width, so what goes there is not squeezed into eighty columns."""
    console = Console()
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(width=LOG_WIDTH)


def _lock(settings: Settings) -> Any:
    from luciole.lock import data_lock

    return data_lock(settings.data)


def _crawl(registry: Registry, settings: Settings, only: tuple[str, ...] | list[str]) -> CrawlReport:
    from crawler.run import crawl as run

    _known(registry, settings, only)
    return run(registry, settings, only=tuple(only))


def _known(registry: Registry, settings: Settings, only: tuple[str, ...] | list[str]) -> None:
    """Every id asked for must be one of the list's."""
    unknown = [one for one in only if registry.get(one) is None]
    if unknown:
        raise SettingsError(f"no source is called {', '.join(unknown)}", hint=f"the ids are those of {settings.sources}")


def _tell(report: CrawlReport) -> None:
    """The table of the night, last, where a terminal and a log leave it in sight."""
    from crawler.summary import summary

    console = _console()
    console.print(summary(report))
    if report.failed_share > FAILED_SHARE:
        share = f"{100 * report.failed_share:.0f}\u00a0% des blogs visités ont échoué"
        console.print(f"{share} : c’est trop pour être leur faute. Vérifiez le réseau et les noms de domaine (code de sortie 1).")
    if report.interrupted:
        console.print("Interrompu : rien n’est perdu, la prochaine visite reprend où celle-ci s’est arrêtée.")


def _index(registry: Registry, vocabulary: WrittenVocabulary, settings: Settings, *, rebuild: bool, force: bool) -> int:
    """Bring the index up to date and say what was done; the exit code: an operator must act when something was held back."""
    from indexer.open import open_writer
    from indexer.publish import index as run
    from luciole.store import ArticleStore

    store = ArticleStore.open(settings.store_path)
    try:
        writer = open_writer(settings)
        try:
            with _articles_read() as progress:
                now = datetime.now(UTC)
                done = run(store, registry, writer, vocabulary=vocabulary, now=now, rebuild=rebuild, force=force, progress=progress)
        finally:
            writer.close()
    finally:
        store.close()
    _say(done.describe())
    return ACT if done.held else DONE


@contextmanager
def _articles_read() -> Iterator[Callable[[int], None]]:
    """Show how far the indexer is: a moving line on a terminal, one plain line for every ten thousand articles elsewhere."""
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("Lecture du fonds …") as status:
            yield lambda done: status.update(f"Lecture du fonds … {done} articles") if done % 100 == 0 else None
    else:
        yield lambda done: console.print(f"{done} articles lus") if done % 10_000 == 0 else None


def _crawl_code(report: CrawlReport, registry: Registry, settings: Settings) -> int:
    if report.interrupted:
        return INTERRUPTED
    visited = any(one.state != "skipped" for one in report.outcomes)
    if not visited and any(source.crawled for source in registry) and not (settings.base_url and settings.contact):
        hint = "set LUCIOLE_BASE_URL and LUCIOLE_CONTACT: blogs must be able to see who visits them (docs/operations.md)"
        _complain(SettingsError("no blog was visited: nobody crawls anonymously", hint))
        return MISUSE
    return ACT if report.failed_share > FAILED_SHARE else DONE


def _exit_code(error: LucioleError) -> int:
    from luciole.registry_faults import FaultyFile

    return MISUSE if isinstance(error, SettingsError | FaultyFile) else ACT


def _complain(error: LucioleError, write: Callable[[str], None] = lambda line: typer.echo(line, err=True)) -> None:
    write(f"luciole: {error.message}")
    if error.hint:
        write(f"  {error.hint}")


if __name__ == "__main__":
    main()
