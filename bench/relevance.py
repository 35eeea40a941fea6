"""How good the answers are: our search beside bare BM25, on the judged queries of the demonstration and on the questions of PIAF.

Owns the two evaluations, their tables and the floors in `tests/relevance/floors.yaml`, which may only rise. The tests assert what is
measured here; `python -m bench relevance` prints it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml
from rich.console import Console
from rich.table import Table

from bench import piaf
from bench.bm25 import BareBM25
from bench.demonstration import documents
from bench.scores import Judged, Ranking, Score, score
from indexer.document import IndexDocument
from indexer.engine import Meta, RawHits, SearchEngine
from indexer.engines.embedded import EmbeddedEngine, EmbeddedWriter
from indexer.lexicon import Lexicon
from indexer.night import Night
from indexer.plan import Plan
from indexer.query import Query
from indexer.search import Search

_TESTS: Final = Path(__file__).parents[1] / "tests" / "relevance"
JUDGED: Final = _TESTS / "judged.yaml"
FLOORS: Final = _TESTS / "floors.yaml"
KINDS: Final = ("question", "keywords", "typo", "half")
ALL: Final = "all"
FAMILIES: Final = ("question", "keywords")


@contextmanager
def engine(made: Iterable[IndexDocument]) -> Iterator[EmbeddedEngine]:
    """An index of some documents, open for reading while the block lasts."""
    with TemporaryDirectory(prefix="luciole-relevance-") as directory:
        root = Path(directory)
        night = Night(published_at=datetime.now(UTC), crawled_at=None, articles=0, sources=())
        with closing(EmbeddedWriter(root, threads=1)) as writer:
            writer.rebuild(made, lambda: (1, night))
        with closing(EmbeddedEngine(root)) as opened:
            yield opened


def paged(search: Search) -> Ranking:
    """The ids of the first page that readers get for a text."""
    return lambda text: [hit.id for hit in search.page(Query(text=text)).hits]


class IdsAlone:
    """An engine that gives ids and order alone: no facets are counted, and there is no text to mark. A page costs a fifth then, and its
    hits are the same: `indexer.search.Search` decides about them as it does for readers."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def search(self, plan: Plan) -> RawHits:
        """See `SearchEngine.search`."""
        raw = self._engine.search(replace(plan, facets=()))
        return replace(raw, documents=tuple(replace(one, body="") for one in raw.documents))

    def documents(self, ids: Sequence[str]) -> tuple[IndexDocument, ...]:
        """See `SearchEngine.documents`."""
        return self._engine.documents(ids)

    def lexicon(self) -> Lexicon:
        """See `SearchEngine.lexicon`."""
        return self._engine.lexicon()

    def meta(self) -> Meta:
        """See `SearchEngine.meta`."""
        return self._engine.meta()

    def close(self) -> None:
        """See `SearchEngine.close`."""
        self._engine.close()


@dataclass(frozen=True, slots=True)
class Beside:
    """One row of a table: ours and bare BM25, on the same queries."""

    ours: Score
    bare: Score


def judged() -> dict[str, list[Judged]]:
    """The judged queries of the demonstration by kind."""
    by_kind: dict[str, list[Judged]] = {kind: [] for kind in KINDS}
    for row in yaml.safe_load(JUDGED.read_text(encoding="utf-8"))["queries"]:
        by_kind[row["kind"]].append(Judged(row["text"], row["grades"]))
    return by_kind


def on_demonstration(search: Search, bare: BareBM25) -> dict[str, Beside]:
    """Both ways to search on every kind of judged queries, and on all of them."""
    by_kind = judged()
    by_kind[ALL] = [query for queries in by_kind.values() for query in queries]
    ours = paged(search)
    return {kind: Beside(score(ours, queries), score(bare.ids, queries)) for kind, queries in by_kind.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """One variant of one family of questions. `plain` is our score on the same questions without the change: the variant costs the
    difference."""

    ours: Score
    bare: Score
    plain: Score

    @property
    def cost(self) -> float:
        """What the change costs our nDCG@10."""
        return self.plain.ndcg - self.ours.ndcg

    @property
    def gain(self) -> float:
        """What our nDCG@10 has over that of bare BM25."""
        return self.ours.ndcg - self.bare.ndcg


def on_piaf(
    questions: Sequence[piaf.Question], ours: Ranking, bare: Ranking | None, variants: Iterable[str] = tuple(piaf.VARIANTS)
) -> dict[tuple[str, str], Cell]:
    """Every family and variant that some of these questions have; without `bare` its column is zero."""
    cells = {}
    ranked = _remembered(ours)
    for family in FAMILIES:
        for name in variants:
            made = [(one, pair) for one in questions if (pair := piaf.asked(one, family, name))]
            if not made:
                continue
            changed = [one.as_judged(text) for one, (_, text) in made]
            cells[family, name] = Cell(
                ours=score(ranked, changed),
                bare=score(bare, changed) if bare else Score(0.0, 0.0, 0),
                plain=score(ranked, [one.as_judged(text) for one, (text, _) in made]),
            )
    return cells


def _remembered(ranking: Ranking) -> Ranking:
    """Each text is searched once: the plain questions are compared to many times."""
    known: dict[str, Sequence[str]] = {}

    def ids(text: str) -> Sequence[str]:
        if text not in known:
            known[text] = ranking(text)
        return known[text]

    return ids


def floors() -> dict[str, float]:
    """The nDCG@10 below which no kind of judged queries may fall."""
    kept: dict[str, Any] = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))["ndcg"]
    return {kind: float(value) for kind, value in kept.items()}


def raised(kept: Mapping[str, float], measured: Mapping[str, Beside]) -> dict[str, float]:
    """The floors after a measurement: each the higher of what it was and what was measured, rounded down to three decimals."""
    return {kind: max(kept.get(kind, 0.0), math.floor(row.ours.ndcg * 1000) / 1000) for kind, row in measured.items()}


def write_floors(values: Mapping[str, float]) -> None:
    """Write them down, the sentence above them included."""
    head = "# nDCG@10 of our search on the judged queries, by kind: they may only rise (python -m bench relevance --write-floors).\n"
    FLOORS.write_text(head + yaml.safe_dump({"ndcg": dict(values)}, sort_keys=False), encoding="utf-8")


def as_judged_table(rows: Mapping[str, Beside], kept: Mapping[str, float]) -> Table:
    """For the terminal."""
    table = _table("judged queries of the demonstration", "kind", "n", "nDCG@10", "floor", "bare", "MRR@10", "bare")
    for kind, row in rows.items():
        floor = f"{kept[kind]:.3f}" if kind in kept else ""
        table.add_row(
            kind, str(row.ours.count), _four(row.ours.ndcg), floor, _four(row.bare.ndcg), _four(row.ours.mrr), _four(row.bare.mrr)
        )
    return table


def as_piaf_table(title: str, cells: Mapping[tuple[str, str], Cell]) -> Table:
    """For the terminal."""
    table = _table(title, "family", "variant", "n", "nDCG@10", "cost", "bare", "over bare", "MRR@10", "bare")
    for (family, name), cell in cells.items():
        cost = f"{cell.cost:+.4f}" if name != "plain" else ""
        scores = (_four(cell.ours.ndcg), cost, _four(cell.bare.ndcg), f"{cell.gain:+.4f}", _four(cell.ours.mrr), _four(cell.bare.mrr))
        table.add_row(family, name, str(cell.ours.count), *scores)
    return table


def measure(console: Console, *, data: Path | None, write: bool = False) -> None:
    """Measure and print. `data` holds `ir/piaf` (None: only the demonstration); `write` raises the floors to what is measured."""
    made = documents()
    with engine(made) as opened:
        rows = on_demonstration(Search(opened), BareBM25(made))
    kept = floors() if FLOORS.exists() else {}
    if write:
        kept = raised(kept, rows)
        write_floors(kept)
    console.print(as_judged_table(rows, kept))
    if data is None:
        console.print("PIAF: left out, LUCIOLE_TEST_DATA is not set", style="dim")
        return
    directory = data / "ir" / "piaf"
    every = piaf.questions(directory)
    made = piaf.paragraphs(directory)
    bare = BareBM25(made)
    with engine(made) as opened:
        ours = paged(Search(IdsAlone(opened)))
        for name, chosen in (("odd, for tuning", [one for one in every if not one.even]), ("even", [one for one in every if one.even])):
            console.print(as_piaf_table(f"PIAF, {name}", on_piaf(chosen, ours, bare.ids)))


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place == 0 or heading == "variant" else "right")
    return table


def _four(value: float) -> str:
    return f"{value:.4f}"
