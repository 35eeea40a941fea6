"""What is compared: SQLite's FTS5, asked by the same planner, as someone who knows it would set it up.

The columns hold the stems and the words that our analyser makes, so that both find the same articles, exact phrases included; memory is
mapped, 64 MB of pages are kept. Owns the tables and how a plan is asked of them: an engine like ours, so that the very same code plans its
pages and marks its hits. A plan with operators, chosen answers or expressions of a vocabulary is refused.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import chain, combinations
from math import comb
from pathlib import Path
from typing import Any, Final

from indexer.analysis import FOLDED, STEMMED, WORDS, analysers
from indexer.document import IndexDocument
from indexer.elision import unelided
from indexer.engine import Meta, RawHits
from indexer.engines.embedded.counting import MAX_FACET_VALUES
from indexer.folding import undotted
from indexer.lexicon import Lexicon
from indexer.plan import Plan, TermGroup
from indexer.query import SHOWN, FacetRow
from luciole.marks import unmarked

_MAPPED: Final = 4 << 30
_CACHE_KB: Final = 64 * 1024
_NEAR: Final = 2
_MOST_CHOICES: Final = 130
_COLUMNS: Final = ("title", "body", "about", "title_x", "body_x", "about_x", "notation_x", "title_w", "body_w")
_WEIGHTS: Final = (1.0, 1.0, 0.5, 0.3, 0.3, 0.15, 0.4, 0.0, 0.0)
_SINGLE: Final = tuple(row for row in SHOWN if not row.multivalued)
_MULTIPLE: Final = tuple(row for row in SHOWN if row.multivalued)
_STORED: Final = tuple(one.name for one in fields(IndexDocument) if one.name != "body")
_TABLES: Final = f"""
CREATE VIRTUAL TABLE words USING fts5({", ".join(_COLUMNS)}, content='', tokenize='ascii');
CREATE TABLE article (number INTEGER PRIMARY KEY, {", ".join(f"{row.field} TEXT" for row in _SINGLE)}, day REAL, stored TEXT, body TEXT);
CREATE TABLE of_many (facet TEXT, number INTEGER, value TEXT, PRIMARY KEY (facet, number, value)) WITHOUT ROWID;
"""


class Fts5:
    """One database of articles, read with the lexicon and the meta of an index of ours over the same articles."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in (f"mmap_size={_MAPPED}", f"cache_size=-{_CACHE_KB}", "temp_store=MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        self._lexicon: Lexicon | None = None
        self._meta: Meta | None = None

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index everything in one transaction; then merge what was written, and gather statistics, as before reading for long."""
        known = analysers()
        stemmed, folded, every = (known[name].analyze for name in (STEMMED, FOLDED, WORDS))
        insert = f"INSERT INTO words(rowid, {', '.join(_COLUMNS)}) VALUES (?{',?' * len(_COLUMNS)})"
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        for number, one in enumerate(documents, 1):
            texts = [unelided(undotted(text)) for text in (one.title, one.prose, one.about)]
            columns = [" ".join(analyse(text)) for analyse in (stemmed, folded) for text in texts]
            columns.append(" ".join(folded(undotted(one.notation))))
            columns += (" ".join(every(undotted(text))) for text in (one.title, unmarked(one.body)))
            self._db.execute(insert, (number, *columns))
            stored = json.dumps({name: getattr(one, name) for name in _STORED}, ensure_ascii=False, default=datetime.isoformat)
            values = (*(getattr(one, row.field) for row in _SINGLE), one.date.timestamp() if one.date else None, stored, one.body)
            self._db.execute(f"INSERT INTO article VALUES (?{',?' * len(values)})", (number, *values))
            for row in _MULTIPLE:
                pairs = ((row.name, number, value) for value in getattr(one, row.field))
                self._db.executemany("INSERT OR IGNORE INTO of_many VALUES (?, ?, ?)", pairs)
        self._db.execute("COMMIT")
        self._db.execute("INSERT INTO words(words) VALUES ('optimize')")
        self._db.execute("ANALYZE")

    def beside(self, lexicon: Lexicon, meta: Meta) -> None:
        """Read with these from now on."""
        self._lexicon, self._meta = lexicon, meta

    def search(self, plan: Plan) -> RawHits:
        """Hits by relevance, the newest first of equals; facets counted without their own filters over what the words find."""
        words = _match(plan)
        every = " AND ".join(_filter(row, plan) for row in SHOWN)
        found = "FROM words JOIN article ON article.number = words.rowid WHERE words MATCH ?"
        facets: dict[str, tuple[tuple[str, int], ...]] = {}
        if plan.facets:
            self._db.execute("DROP TABLE IF EXISTS temp.found")
            passes = ", ".join(f"{_filter(row, plan)} AS in_{row.name}" for row in SHOWN)
            self._db.execute(
                f"CREATE TEMP TABLE found AS SELECT number, {', '.join(row.field for row in _SINGLE)}, {passes} {found}", (words,)
            )
            ((total,),) = self._db.execute(f"SELECT count(*) FROM found WHERE {' AND '.join(f'in_{row.name}' for row in SHOWN)}")
            facets = {row.name: self._counted(row) for row in SHOWN if row.name in plan.facets}
        else:
            ((total,),) = self._db.execute(f"SELECT count(*) {found} AND {every}", (words,))
        hits: list[tuple[str, str]] = []
        if plan.limit:
            best = f"ORDER BY bm25(words, {', '.join(map(str, _WEIGHTS))}), article.day DESC LIMIT ? OFFSET ?"
            hits = self._db.execute(
                f"SELECT article.stored, article.body {found} AND {every} {best}", (words, plan.limit, plan.offset)
            ).fetchall()
        meta = self.meta()
        documents = tuple(_document(*hit) for hit in hits)
        return RawHits(documents=documents, total=total, facets=facets, generation=meta.generation, night=meta.night)

    def documents(self, ids: Sequence[str]) -> tuple[IndexDocument, ...]:
        """Nobody asks for them here."""
        raise NotImplementedError

    def lexicon(self) -> Lexicon:
        """The one it is read with."""
        assert self._lexicon is not None
        return self._lexicon

    def meta(self) -> Meta:
        """The one it is read with."""
        assert self._meta is not None
        return self._meta

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _counted(self, row: FacetRow) -> tuple[tuple[str, int], ...]:
        others = " AND ".join(f"in_{other.name}" for other in SHOWN if other is not row)
        if row.multivalued:
            asked = f"SELECT value, count(*) FROM found JOIN of_many USING (number) WHERE facet = '{row.name}' AND {others} GROUP BY 1"
        else:
            asked = f"SELECT {row.field}, count(*) FROM found WHERE {others} AND {row.field} <> '' GROUP BY 1"
        return tuple(self._db.execute(f"{asked} ORDER BY 2 DESC, 1 LIMIT {MAX_FACET_VALUES}"))


def _document(stored: str, body: str) -> IndexDocument:
    values: dict[str, Any] = json.loads(stored)
    values |= {name: tuple(values[name]) for name in ("authors", "disciplines", "dois")}
    values |= {name: datetime.fromisoformat(values[name]) if values[name] else None for name in ("date", "until")}
    return IndexDocument(**values, body=body)


def _match(plan: Plan) -> str:
    """A plan as an expression of FTS5: as many words as are asked for, better those that stand together."""
    if plan.required or plan.excluded or plan.pinned or plan.titles_only or not plan.groups:
        raise ValueError("not a plan of words and filters alone")
    words = [_group(group) for group in plan.groups]
    least = min(max(plan.least, 1), len(words))
    if comb(len(words), least) > _MOST_CHOICES:
        raise ValueError(f"{least} of {len(words)} words cannot be said")
    enough = " OR ".join(f"({' AND '.join(chosen)})" for chosen in combinations(words, least))
    near = (f"({{body}} : NEAR({_quoted(one)} {_quoted(other)}, {_NEAR}))" for one, other in plan.pairs)
    return f"({enough}) AND ({' OR '.join(chain(words, near))})" if least > 1 else " OR ".join(chain(words, near))


def _group(group: TermGroup) -> str:
    if group.phrases:
        raise ValueError("not a plan without a vocabulary")
    parts = [
        *(f"({{title body about}} : {_quoted(one.term)})" for one in group.stems),
        *(f"({{title_x body_x about_x}} : {_quoted(one.term)})" for one in group.forms),
        *(f"({{notation_x}} : {_quoted(one.term)})" for one in group.notation),
    ]
    return f"({' OR '.join(parts)})"


def _filter(row: FacetRow, plan: Plan) -> str:
    """A condition of SQL: whether an article passes the filter of a facet."""
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in plan.filters.get(row.name, ()))
    if not values:
        return "1"
    if row.multivalued:
        own = "SELECT 1 FROM of_many AS own WHERE own.number = article.number"
        return f"EXISTS ({own} AND own.facet = '{row.name}' AND own.value IN ({values}))"
    return f"article.{row.field} IN ({values})"


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
