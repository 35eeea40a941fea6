"""What indexing and searching cost: as figures of ours, and as ratios to tantivy alone, to SQLite's FTS5 and, when one is at hand, to a
real Meilisearch, all within one run.

Owns what is measured and the lines that it makes; the yardsticks are modules of their own. Times differ between machines and moments: only
ratios are worth reading, and those only of an idle machine. Pages are asked in turn, ours and theirs, so that what else the machine does
weighs on both alike.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console

from bench import bare, meilisearch
from bench.articles import Generator, Spool, questions
from bench.clock import seconds, timing, timings
from bench.crawling import Line, as_table
from bench.fts5 import Fts5
from bench.meilisearch import megabytes
from indexer.engine import RawHits
from indexer.engines.embedded import EmbeddedEngine, EmbeddedWriter
from indexer.highlight import Marker
from indexer.night import Night
from indexer.open import open_engine, open_writer
from indexer.plan import Plan
from indexer.planner import plan
from indexer.query import Query
from indexer.search import Search

FILTERS: Final = {"discipline": ("physique", "chimie", "mathematiques"), "annee": ("2012", "2013", "2014", "2015")}
WARMING: Final = 20
"""Questions asked before any is timed: the drawers of the lexicon are made once."""
_MEMORY: Final = """
import json, sys
from pathlib import Path
from indexer.engines.embedded import EmbeddedEngine
from indexer.query import Query
from indexer.search import Search
search = Search(EmbeddedEngine(Path(sys.argv[1])))
for text in json.load(sys.stdin):
    search.page(Query(text=text))
    search.suggest(text[:5])
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["RssAnon"].split()[0]) / 1024, int(status["RssFile"].split()[0]) / 1024)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """`articles` of `median` words each over a vocabulary of `words`, the first `compared` of them for what is compared; `asked` questions
    are asked."""

    articles: int
    words: int
    median: int
    compared: int
    asked: int


FULL: Final = Sizes(articles=100_000, words=340_000, median=600, compared=15_000, asked=200)
QUICK: Final = Sizes(articles=5_000, words=60_000, median=300, compared=2_000, asked=60)


def measure(console: Console, *, quick: bool) -> None:
    """Print the table, each line as it comes meanwhile."""
    sizes = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="luciole-bench-") as directory:
        lines = []
        for line in lines_of(sizes, Path(directory)):
            lines.append(line)
            told = " ".join(filter(None, (line.what, line.ours, line.other, line.ratio and f"ratio {line.ratio}", line.bound)))
            console.print(told, style="dim", markup=False, highlight=False, soft_wrap=True)
    title = f"searching; {sizes.articles:,} generated articles, median {sizes.median} words; p50 where nothing else is said"
    console.print(as_table(title, iter(lines)))


def lines_of(sizes: Sizes, directory: Path) -> Iterator[Line]:
    """Every line, as it comes. `directory` is empty; it takes three gigabytes for the full sizes."""
    generator = Generator(words=sizes.words, median=sizes.median)
    spool = Spool(directory / "articles", generator.articles(sizes.articles))
    asked = questions([*spool.read(500)], sizes.asked + WARMING)
    yield from _ours(sizes, directory, spool, asked)
    yield from _compared(sizes, directory, spool, asked)


# -- the lines -----------------------------------------------------------------------------------------------------------------------


def _ours(sizes: Sizes, directory: Path, spool: Spool, asked: list[str]) -> Iterator[Line]:
    """Everything indexed and searched; the bare queries are asked of the same index."""
    yield Line(what=f"{sizes.articles:,} articles: ours, and the bare tantivy query with its facets")
    taken = _index(directory / "index", spool, sizes.articles)
    yield Line(what="indexing, articles/s", ours=f"{sizes.articles / taken:,.0f}")
    yield Line(what="disk, MB", ours=f"{megabytes(directory / 'index'):,.0f}")
    engine = EmbeddedEngine(directory / "index")
    with closing(Search(engine)) as search:
        yield Line(what="opening, lexicon included, s", ours=f"{seconds(engine.lexicon):.2f}")
        lexicon = engine.lexicon()
        wanted = 300_000 if sizes is FULL else None
        yield Line(
            what="words in the lexicon",
            ours=f"{len(lexicon):,}",
            bound=f"≥ {wanted:,}" if wanted else "",
            holds=len(lexicon) >= wanted if wanted else None,
        )
        # The blank ends the last word: it is not being typed.
        pages = [Query(text=f"{text} ", filters=FILTERS) for text in asked]
        warming, pages = pages[:WARMING], pages[WARMING:]
        plans = _shown(engine, pages)
        alone = bare.BareIndex(directory / "index")
        alone.compile(plans)
        engine.close()  # and forget what was counted for these very plans
        for query in warming:
            search.page(query)
        theirs, page = timings([partial(alone.page, at) for at in range(len(plans))], [partial(search.page, query) for query in pages])
        yield _at_most("page: 2 filters, 5 facets, 10 marked hits, ms", page.p50, theirs.p50, 2.0)
        yield _at_most("the same, p95, ms", page.p95, theirs.p95)

        planning = timing(partial(plan, query, lexicon, engine.meta().night) for query in pages)
        found = [engine.search(made).documents for made in plans]

        def mark(at: int) -> None:
            marker = Marker(plans[at].groups)
            for document in found[at]:
                marker.title(document.title)
                marker.excerpt(document.body)

        marking = timing(partial(mark, at) for at in range(len(plans)))
        yield _at_most("planner + highlights, ms, to the page", planning.p50 + marking.p50, page.p50, 0.5)
        typed = [text[: max(3, len(text) * part // 4)] for text in asked[WARMING:][:100] for part in (1, 2, 3, 4)]
        suggested = timing(partial(search.suggest, text) for text in typed)
        yield _at_most("keystroke: what is suggested, ms, to the page", suggested.p50, page.p50, 0.5)
        yield _at_most("the same, p95, ms", suggested.p95, page.p95)
        live = timing(partial(search.page, Query(text=text)) for text in typed)
        yield _at_most("page of what is typed so far, no filter, ms, to the page", live.p50, page.p50)
    anonymous, mapped = _memory(directory / "index", asked)
    yield Line(what="serving process, anonymous memory, MB", ours=f"{anonymous:,.0f}", bound="< 200", holds=anonymous < 200)
    yield Line(what="the same, mapped files, MB", ours=f"{mapped:,.0f}")


def _compared(sizes: Sizes, directory: Path, spool: Spool, asked: list[str]) -> Iterator[Line]:
    """The first articles in ours and in the others."""
    count = sizes.compared
    yield Line(what=f"{count:,} articles: ours, and tantivy adding the same prepared documents")
    alone = bare.indexing(spool.read(count), directory / "bare")
    ours = _index(directory / "few", spool, count)
    yield _at_least("indexing, articles/s", count / ours, count / alone, 0.6)

    yield Line(what=f"{count:,} articles: ours, and SQLite's FTS5")
    engine = EmbeddedEngine(directory / "few")
    with closing(Fts5(directory / "fts5.db")) as fts5, closing(Search(engine)) as search:
        theirs = seconds(lambda: fts5.build(spool.read(count)))
        yield _at_least("indexing, articles/s", count / ours, count / theirs, 3.0)
        yield _at_most("disk, MB", megabytes(directory / "few"), (directory / "fts5.db").stat().st_size / 1e6)
        fts5.beside(engine.lexicon(), engine.meta())
        other = Search(fts5)
        pages = [Query(text=f"{text} ", filters=FILTERS) for text in asked]
        for query in pages[:WARMING]:
            search.page(query)
            other.page(query)
        pages = pages[WARMING:]
        slow, fast = timings([partial(other.page, query) for query in pages], [partial(search.page, query) for query in pages])
        yield _faster("page: 2 filters, 5 facets, 10 marked hits, ms", fast.p50, slow.p50, 8.0)
        yield _faster("the same, p95, ms", fast.p95, slow.p95)

    with meilisearch.at_hand(directory / "meilisearch") as server:
        if server is not None:
            yield Line(what=f"{count:,} articles: ours, and a real Meilisearch")
            yield from _beside(server, sizes, directory, spool, asked, ours)


def _beside(
    server: meilisearch.Running, sizes: Sizes, directory: Path, spool: Spool, asked: list[str], indexed_in: float
) -> Iterator[Line]:
    """Through our adapter: the same documents, plans and pages."""
    settings = server.settings(directory / "meili")
    night = _night(sizes.compared)
    with closing(open_writer(settings)) as writer:
        theirs = seconds(lambda: writer.rebuild(spool.read(sizes.compared), lambda: (1, night)))
    yield _at_least("indexing, articles/s", sizes.compared / indexed_in, sizes.compared / theirs)
    pages = [Query(text=f"{text} ", filters=FILTERS) for text in asked]
    typed = [text[: max(3, len(text) * part // 4)] for text in asked[WARMING:][:50] for part in (1, 2, 3, 4)]
    with closing(Search(open_engine(settings))) as other, closing(Search(EmbeddedEngine(directory / "few"))) as search:
        for query in pages[:WARMING]:
            search.page(query)
            other.page(query)
        pages = pages[WARMING:]
        slow, fast = timings([partial(other.page, query) for query in pages], [partial(search.page, query) for query in pages])
        yield _faster("page: 2 filters, 5 facets, 10 marked hits, ms", fast.p50, slow.p50)
        yield _faster("the same, p95, ms", fast.p95, slow.p95)
        slow, fast = timings([partial(other.suggest, text) for text in typed], [partial(search.suggest, text) for text in typed])
        yield _faster("keystroke: what is suggested, ms", fast.p50, slow.p50)
        yield _faster("the same, p95, ms", fast.p95, slow.p95)
    own, own_mapped = _memory(directory / "few", asked)
    if memory := server.memory():
        yield _at_most("anonymous memory of the process, MB", own, memory[0])
        yield _at_most("its mapped files, MB", own_mapped, memory[1])
    if disk := server.disk():
        yield _at_most("disk, MB", megabytes(directory / "few"), disk)


# -- what they are made of -----------------------------------------------------------------------------------------------------------


class _Listening:
    """An engine that remembers the last plan it was asked for hits."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.last: Plan | None = None
        self.lexicon, self.meta, self.documents, self.close = engine.lexicon, engine.meta, engine.documents, engine.close

    def search(self, made: Plan) -> RawHits:
        """The engine's answer."""
        self.last = made if made.limit else self.last
        return self._engine.search(made)


def _shown(engine: EmbeddedEngine, queries: list[Query]) -> list[Plan]:
    """The plan whose hits each page shows: not the first one where few articles have enough of the words."""
    listening = _Listening(engine)
    search, plans = Search(listening), []
    for query in queries:
        search.page(query)
        assert listening.last is not None
        plans.append(listening.last)
    return plans


def _index(root: Path, spool: Spool, count: int) -> float:
    """Seconds to build an index of the first articles, as a publish does."""
    with closing(EmbeddedWriter(root)) as writer:
        return seconds(lambda: writer.rebuild(spool.read(count), lambda: (1, _night(count))))


def _night(count: int) -> Night:
    return Night(published_at=datetime.now(UTC), crawled_at=None, articles=count, sources=())


def _memory(index: Path, asked: list[str]) -> tuple[float, float]:
    """Anonymous and mapped megabytes of a fresh process that answered all questions."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", _MEMORY, str(index)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    anonymous, mapped = map(float, done.stdout.split())
    return anonymous, mapped


def _at_most(what: str, ours: float, other: float, bound: float | None = None) -> Line:
    """Ours as a share of another figure, which is to be small."""
    return _line(what, ours, other, ours / other, f"≤ {bound:g}" if bound else "", ours <= bound * other if bound else None)


def _at_least(what: str, ours: float, other: float, bound: float | None = None) -> Line:
    """Ours as a multiple of another figure, which is to be large."""
    return _line(what, ours, other, ours / other, f"≥ {bound:g}" if bound else "", ours >= bound * other if bound else None)


def _faster(what: str, ours: float, other: float, bound: float | None = None) -> Line:
    """How many times as long the other takes."""
    return _line(what, ours, other, other / ours, f"≥ {bound:g}" if bound else "", other >= bound * ours if bound else None)


def _line(what: str, ours: float, other: float, ratio: float, bound: str, holds: bool | None) -> Line:
    shown = [f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}" for figure in (ours, other)]
    return Line(what=what, ours=shown[0], other=shown[1], ratio=f"{ratio:.2f}", bound=bound, holds=holds)
