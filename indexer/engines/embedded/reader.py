"""Reading the embedded index: the `SearchEngine` of the api, in any number of threads and processes.

Owns snapshots: what one moment of the index holds, read together. A new generation is noticed by looking at two small files at each
request, so that a publish by another process is seen by the next search, without a thread that polls.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tantivy

from indexer.document import IndexDocument
from indexer.engine import Meta, RawHits
from indexer.engines.embedded.counting import FacetCounter
from indexer.engines.embedded.generations import Generations
from indexer.engines.embedded.ranking import page
from indexer.engines.embedded.schema import META_ID, VERSION, by_id, from_tantivy, meta_from_tantivy, register, translated
from indexer.lexicon import Lexicon, written_forms
from indexer.plan import Plan
from luciole.errors import EngineError, EngineUnavailable

_ATTEMPTS: Final = 5
_HINT: Final = "run: luciole index"

_Seen = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The index at one moment."""

    directory: Path
    seen: _Seen
    index: tantivy.Index
    searcher: tantivy.Searcher
    meta: Meta
    lexicon: Lexicon
    counter: FacetCounter


class EmbeddedEngine:
    """The embedded index, open for reading. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self._generations = Generations(root, VERSION)
        self._snapshot: _Snapshot | None = None
        self._opening = threading.Lock()

    def search(self, plan: Plan) -> RawHits:
        """See `SearchEngine.search`."""
        snapshot = self._fresh()
        with translated("the search failed"):
            total, documents = page(snapshot.searcher, snapshot.index.schema, plan)
            facets = snapshot.counter.counts(plan)
        meta = snapshot.meta
        return RawHits(documents=documents, total=total, facets=facets, generation=meta.generation, night=meta.night)

    def documents(self, ids: Sequence[str]) -> tuple[IndexDocument, ...]:
        """See `SearchEngine.documents`."""
        snapshot = self._fresh()
        found = []
        with translated("the articles cannot be read"):
            for one in dict.fromkeys(ids):
                hits = snapshot.searcher.search(by_id(snapshot.index.schema, one), limit=1, count=False).hits
                found += [from_tantivy(snapshot.searcher.doc(address)) for _, address in hits]
        return tuple(found)

    def lexicon(self) -> Lexicon:
        """See `SearchEngine.lexicon`. Read once for each generation, by the thread that opens it."""
        return self._fresh().lexicon

    def meta(self) -> Meta:
        """See `SearchEngine.meta`."""
        return self._fresh().meta

    def close(self) -> None:
        """Let go of the mapped files."""
        self._snapshot = None

    def _fresh(self) -> _Snapshot:
        """The snapshot of now. While one thread opens a new generation, the others go on with the one they have."""
        snapshot = self._snapshot
        if snapshot is not None and self._look(snapshot.directory) == snapshot.seen:
            return snapshot
        if not self._opening.acquire(blocking=snapshot is None):
            assert snapshot is not None
            return snapshot
        try:
            self._snapshot = self._open(self._snapshot)
            return self._snapshot
        except EngineError:
            self._snapshot = None
            raise
        finally:
            self._opening.release()

    def _look(self, directory: Path) -> _Seen | None:
        """What the pointer and the index's own table of contents look like: both are replaced as a whole with every change."""
        try:
            return tuple(_identity(path.stat()) for path in (self._generations.pointer, directory / "meta.json"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EngineUnavailable(f"the index cannot be read: {error}", hint=_HINT) from error

    def _open(self, old: _Snapshot | None) -> _Snapshot:
        """Read what is live now. A rebuild may remove the directory between the look at the pointer and the opening: then look again."""
        failure: EngineUnavailable | None = None
        for _ in range(_ATTEMPTS):
            directory = self._generations.current()
            if directory is None:
                raise EngineUnavailable("nothing was indexed yet", hint=_HINT)
            if not self._generations.is_readable(directory):
                raise EngineUnavailable("the index was written by another version of Luciole", hint=_HINT)
            seen = self._look(directory)
            try:
                if seen is None:
                    raise EngineUnavailable(f"the index {directory.name} is gone", hint=f"{_HINT} (it rebuilds by itself)")
                return _read(directory, seen, old)
            except EngineUnavailable as error:
                failure = error
            except EngineError as error:  # it opens, but not all of it can be read: there is nothing to search either
                failure = EngineUnavailable(f"the index {directory.name} is damaged: {error.message}", hint=f"{_HINT} --rebuild")
            if self._generations.current() == directory:
                break
        assert failure is not None
        raise failure


def open_index(directory: Path) -> tantivy.Index:
    """An existing index with our analysers, its reader under our own control. Raises `EngineUnavailable` for a damaged one."""
    try:
        with translated("damaged"):
            index = tantivy.Index.open(str(directory))
            register(index)
            index.config_reader("manual")
            index.reload()
            return index
    except EngineError as error:
        if "Lockfile" in error.message:
            # tantivy takes a lock file in the directory even to read: the index is sound, the rights are not.
            hint = "whoever serves must be able to write there (a lock file of the engine)"
            raise EngineUnavailable(f"the index in {directory.parent} cannot be locked for reading", hint=hint) from error
        raise EngineUnavailable(
            f"the index {directory.name} cannot be opened: {error.message}", hint=f"{_HINT} (it rebuilds by itself)"
        ) from error


def read_meta(index: tantivy.Index, searcher: tantivy.Searcher) -> Meta:
    """What an index says of itself. Raises `EngineUnavailable` when it was never published."""
    with translated("the index says nothing of itself"):
        found = searcher.search(tantivy.Query.term_query(index.schema, "id", META_ID, "basic"), limit=1, count=False).hits
        if not found:
            raise EngineUnavailable("nothing was published yet", hint=_HINT)
        return meta_from_tantivy(searcher.doc(found[0][1]))


def read_lexicon(searcher: tantivy.Searcher) -> Lexicon:
    """The words of titles, prose and names, and apart from them those of formulas and code. A word of several fields counts by the one that
    has it most often: good enough to rank by. How words are written is read from titles,
    names and the beginnings of texts."""
    with translated("the words of the index cannot be read"):
        frequencies = dict(searcher.terms_with_prefix("body_x", ""))
        for name in ("title_x", "about_x"):
            for word, count in searcher.terms_with_prefix(name, ""):
                if count > frequencies.get(word, 0):
                    frequencies[word] = count
        notation = [word for word, _ in searcher.terms_with_prefix("notation_x", "")]
        written = written_forms(searcher.terms_with_prefix("lowered", ""))
    return Lexicon(frequencies, notation, written)


def _read(directory: Path, seen: _Seen, old: _Snapshot | None) -> _Snapshot:
    """The state of a directory; what is still true of the old snapshot is kept."""
    index = _reloaded(old.index) if old is not None and old.directory == directory else None
    if index is None:
        index, old = open_index(directory), None
    with translated("the index cannot be read"):
        searcher = index.searcher()
    meta, counter = read_meta(index, searcher), FacetCounter(searcher, index.schema)
    if old is not None and old.meta.generation == meta.generation:  # only merged: the same words
        return _Snapshot(directory, seen, index, searcher, old.meta, old.lexicon, counter)
    return _Snapshot(directory, seen, index, searcher, meta, read_lexicon(searcher), counter)


def _reloaded(index: tantivy.Index) -> tantivy.Index | None:
    """An open index as it stands now; None when that fails, and opening it anew may say why."""
    with suppress(EngineError), translated("the index cannot be read again"):
        index.reload()
        return index
    return None


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size
