"""Writing the embedded index: the `IndexWriter` of the indexer, one at a time.

A publish is one commit of tantivy, with the meta document in it; a rebuild is a new directory and a replaced pointer. Whatever is killed
in between leaves files that the next writer removes, and nothing that a reader sees.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import tantivy

from indexer.document import IndexDocument
from indexer.engine import Meta
from indexer.engines.embedded.generations import Generations
from indexer.engines.embedded.reader import open_index, read_meta
from indexer.engines.embedded.schema import (
    META_ID,
    VERSION,
    from_tantivy,
    meta_to_tantivy,
    register,
    schema,
    second,
    to_tantivy,
    translated,
)
from indexer.night import Night
from luciole.errors import AlreadyRunning, EngineBusy, EngineError, StoreError
from luciole.lock import data_lock

HEAP: Final = 128_000_000
"""Bytes of memory before tantivy writes segments down: with half of it there are twice as many to merge, and to look a word up in."""
THREADS: Final = 2
"""Threads of tantivy: analysing takes five times as long as making the documents in Python (measured)."""


class EmbeddedWriter:
    """The writer of the index below `root`, which it makes. Raises `EngineBusy` at once while another process has one.

    With one of the `threads` the same documents always give the same segments; with more, scores may differ in their last digits.
    """

    def __init__(self, root: Path, *, threads: int = THREADS) -> None:
        self._threads = threads
        self._generations = Generations(root, VERSION)
        self._held = ExitStack()
        try:
            self._held.enter_context(data_lock(root))
        except AlreadyRunning as error:
            raise EngineBusy("another process is writing this index", hint="wait for it to finish, then run again") from error
        except StoreError as error:
            raise EngineError(error.message, error.hint) from error
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        try:
            self._generations.sweep()
        except BaseException:
            self._held.close()
            raise

    def meta(self) -> Meta | None:
        """See `IndexWriter.meta`."""
        try:
            index = self._live()
            return read_meta(index, index.searcher()) if index else None
        except EngineError:
            return None

    def present(self, ids: Iterable[str]) -> set[str]:
        """See `IndexWriter.present`."""
        index = self._live()
        if index is None:
            return set()
        searcher = index.searcher()
        with translated("the index cannot be read"):
            return {one for one in ids if searcher.doc_freq("id", one) and _is_live(index, searcher, one)}

    def beside(self, ids: Set[str]) -> set[str]:
        """See `IndexWriter.beside`."""
        index = self._live()
        if index is None:
            return set()
        with translated("the index cannot be read"):
            # The words of a field outlive what was deleted until segments are merged: what is left is looked at one by one.
            known = {name for name, _ in index.searcher().terms_with_prefix("id", "")}
        return self.present(known - ids - {META_ID})

    def documents(self, ids: Iterable[str]) -> Iterator[IndexDocument]:
        """See `IndexWriter.documents`."""
        index = self._live()
        if index is None:
            return
        searcher = index.searcher()
        for one in ids:
            with translated("the index cannot be read"):
                query = tantivy.Query.term_query(index.schema, "id", one, "basic")
                found = [from_tantivy(searcher.doc(address)) for _, address in searcher.search(query, limit=1, count=False).hits]
            yield from found

    def due(self, now: datetime) -> tuple[IndexDocument, ...]:
        """See `IndexWriter.due`."""
        index = self._live()
        if index is None:
            return ()
        searcher = index.searcher()
        with translated("the index cannot be read"):
            query = tantivy.Query.range_query(index.schema, "until", tantivy.FieldType.Unsigned, None, second(now))
            found = searcher.search(query, limit=max(1, searcher.num_docs), count=False).hits
            documents = (from_tantivy(searcher.doc(address)) for _, address in found)
            return tuple(one for one in documents if one.until is not None and one.until <= now)

    def apply(self, upserts: Iterable[IndexDocument], deletions: Iterable[str]) -> None:
        """See `IndexWriter.apply`."""
        writer = self._open_writer()
        for document in upserts:
            with translated(f"{document.id} cannot be indexed"):
                writer.delete_documents_by_term("id", document.id)
                writer.add_document(to_tantivy(document))
        for one in deletions:
            with translated(f"{one} cannot be taken out"):
                writer.delete_documents_by_term("id", one)

    def publish(self, revision: int, night: Night) -> Meta:
        """See `IndexWriter.publish`."""
        writer = self._open_writer()
        meta = _meta(revision, night)
        with translated("the index cannot be published"):
            writer.delete_documents_by_term("id", META_ID)
            writer.add_document(meta_to_tantivy(meta))
            writer.commit()
            assert self._index is not None
            self._index.reload()
        return meta

    def rebuild(self, documents: Iterable[IndexDocument], closing: Callable[[], tuple[int, Night]]) -> Meta:
        """See `IndexWriter.rebuild`."""
        self._let_go()
        directory = self._generations.fresh()
        writer: tantivy.IndexWriter | None = None
        try:
            with translated("a new index cannot be made"):
                index = tantivy.Index(schema(), path=str(directory), reuse=False)
                register(index)
                writer = index.writer(HEAP, self._threads)
            for document in documents:
                with translated(f"{document.id} cannot be indexed"):
                    writer.delete_documents_by_term("id", document.id)  # an article that changes while it is read comes twice
                    writer.add_document(to_tantivy(document))
            meta = _meta(*closing())
            with translated("the new index cannot be written"):
                writer.add_document(meta_to_tantivy(meta))
                writer.commit()
                writer.wait_merging_threads()
        except BaseException:
            _give_up(writer)  # its thread still writes into the directory
            shutil.rmtree(directory, ignore_errors=True)
            raise
        self._index = None  # the documents may have asked what the live index held
        self._generations.switch(directory)
        self._generations.sweep()
        return meta

    def close(self) -> None:
        """See `IndexWriter.close`. Waits for merges that are under way."""
        try:
            self._let_go()
        finally:
            self._held.close()

    def _live(self) -> tantivy.Index | None:
        """The live index, opened once; None when there is none of this schema. Raises `EngineUnavailable` for a damaged one."""
        if self._index is None:
            directory = self._generations.current()
            if directory is None or not self._generations.is_readable(directory):
                return None
            self._index = open_index(directory)
        return self._index

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            index = self._live()
            if index is None:
                raise EngineError("there is no index to change", hint="rebuild it: luciole index --rebuild")
            with translated("the index cannot be written"):
                self._writer = index.writer(HEAP, self._threads)
                self._writer.garbage_collect_files()
        return self._writer

    def _let_go(self) -> None:
        """Give up what was not published."""
        writer, self._writer, self._index = self._writer, None, None
        _give_up(writer)


def _give_up(writer: tantivy.IndexWriter | None) -> None:
    """Forget what was not committed and wait for the writer's threads. One that is done already, or broken, is left alone."""
    if writer is not None:
        with suppress(EngineError), translated("what was not published cannot be given up"):
            writer.rollback()
            writer.wait_merging_threads()


def _meta(revision: int, night: Night) -> Meta:
    return Meta(revision=revision, schema=VERSION, generation=uuid.uuid4().hex[:12], night=night)


def _is_live(index: tantivy.Index, searcher: tantivy.Searcher, one: str) -> bool:
    """`doc_freq` still counts what was deleted and not yet merged away; a search does not."""
    found = searcher.search(tantivy.Query.term_query(index.schema, "id", one, "basic"), limit=1, count=False)
    return bool(found.hits)
