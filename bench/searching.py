"""What indexing and searching cost, compared to tantivy alone in the same run.

Prints, never judges: times differ between machines and moments, so only ratios are worth reading.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import bare
from bench.articles import Generator, questions
from bench.clock import seconds, timing, timings
from indexer.engines.embedded import EmbeddedEngine, EmbeddedWriter
from indexer.highlight import Marker
from indexer.night import Night
from indexer.planner import plan
from indexer.query import Query
from indexer.search import Search

QUESTIONS: Final = 200
_MEMORY: Final = """
import json, sys
from pathlib import Path
from indexer.engines.embedded import EmbeddedEngine
from indexer.query import Query
from indexer.search import Search
search = Search(EmbeddedEngine(Path(sys.argv[1])))
for text in json.load(sys.stdin):
    search.page(Query(text=text))
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["RssAnon"].split()[0]) / 1024, int(status["RssFile"].split()[0]) / 1024)
"""


def measure(console: Console, *, quick: bool) -> None:
    """Build both indexes, ask both, print the table."""
    count, words, median = (3_000, 60_000, 300) if quick else (20_000, 300_000, 600)
    with tempfile.TemporaryDirectory(prefix="luciole-bench-") as directory, console.status("…") as status:
        root = Path(directory)
        status.update(f"writing {count:,} articles")
        documents = list(Generator(words=words, median=median).articles(count))
        table = Table(title=f"{count:,} generated articles, median {median} words", title_justify="left")
        for heading in ("what", "ours", "tantivy alone", "ratio"):
            table.add_column(heading, justify="left" if heading == "what" else "right")

        status.update("indexing: tantivy alone")
        prepared = bare.prepare(documents)
        alone = seconds(partial(bare.add, prepared, root / "bare"))
        prepared.clear()
        status.update("indexing: ours")
        writer = EmbeddedWriter(root / "index")
        night = Night(published_at=datetime.now(UTC), crawled_at=None, articles=count, sources=())
        ours = seconds(lambda: writer.rebuild(documents, lambda: (1, night)))
        writer.close()
        table.add_row("indexing, articles/s", f"{count / ours:,.0f}", f"{count / alone:,.0f}", f"{alone / ours:.2f}")

        status.update("searching")
        asked = questions(documents, QUESTIONS)
        _searching(table, root, asked)
        anonymous, mapped = _memory(root / "index", asked)
        table.add_row("serving process, anonymous memory, MB", f"{anonymous:,.0f}", "", "")
        table.add_row("the same, mapped files, MB", f"{mapped:,.0f}", "", "")
    console.print(table)


def _searching(table: Table, root: Path, asked: list[str]) -> None:
    engine = EmbeddedEngine(root / "index")
    search = Search(engine)
    table.add_row("opening, lexicon included, s", f"{seconds(engine.lexicon):.2f}", "", "")
    lexicon = engine.lexicon()
    table.add_row("words in the lexicon", f"{len(lexicon):,}", "", "")
    filters = {"discipline": ("physique", "chimie", "mathematiques"), "annee": ("2012", "2013", "2014", "2015")}
    # The blank ends the last word: it is not being typed.
    pages = [Query(text=f"{text} ", filters=filters) for text in asked]
    plans = [plan(query, lexicon) for query in pages]
    alone = bare.BareIndex(root / "bare")
    alone.compile(plans)
    for query in pages[:20]:
        search.page(query)  # the drawers of the lexicon are made once
    bare_page, page = timings(
        [partial(alone.page, number) for number in range(len(plans))], [partial(search.page, query) for query in pages]
    )
    table.add_row(
        "page: 2 filters, facets, 10 marked hits, p50 ms", f"{page.p50:.2f}", f"{bare_page.p50:.2f}", f"{page.p50 / bare_page.p50:.2f}"
    )
    table.add_row("the same, p95 ms", f"{page.p95:.2f}", f"{bare_page.p95:.2f}", f"{page.p95 / bare_page.p95:.2f}")

    planning = timing(partial(plan, query, lexicon) for query in pages)
    found = [engine.search(made).documents for made in plans]

    def mark(number: int) -> None:
        marker = Marker(plans[number].groups)
        for document in found[number]:
            marker.title(document.title)
            marker.excerpt(document.body)

    marking = timing(partial(mark, number) for number in range(len(plans)))
    share = (planning.p50 + marking.p50) / page.p50
    table.add_row("planner + highlights, p50 ms, share of the page", f"{planning.p50 + marking.p50:.2f}", "", f"{share:.2f}")

    typed = [text[: max(3, len(text) * part // 4)] for text in asked[:100] for part in (1, 2, 3, 4)]
    keystroke = timing(partial(search.page, Query(text=text)) for text in typed)
    table.add_row("keystroke (no filter), p50 ms, to the page", f"{keystroke.p50:.2f}", "", f"{keystroke.p50 / page.p50:.2f}")
    table.add_row("the same, p95 ms", f"{keystroke.p95:.2f}", "", f"{keystroke.p95 / page.p95:.2f}")


def _memory(index: Path, asked: list[str]) -> tuple[float, float]:
    """Anonymous and mapped megabytes of a fresh process that answered all questions."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", _MEMORY, str(index)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    anonymous, mapped = map(float, done.stdout.split())
    return anonymous, mapped
