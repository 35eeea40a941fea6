"""Writing a Meilisearch: the `IndexWriter` of the indexer, one at a time.

The server applies one task after the other, each at once or not at all. So a publish is *one* task: the documents that come, an empty shell
for each that leaves (nobody finds what is not `live`), and the document that names the generation. Shells are swept afterwards. What is
too large for one task is written into a fresh index beside the live one, like a rebuild; indexes are swapped in one task too.

Two processes of one data directory never write at once; that nobody writes from another machine is the operator's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from indexer.document import IndexDocument
from indexer.engine import Meta
from indexer.engines.meili.building import BATCH, Building, batched
from indexer.engines.meili.editions import Edition, Label, edition, read_edition, read_label
from indexer.engines.meili.fields import BLOBS, LIVE, SETTINGS, SHELLS, VERSION, from_meili, packed, second, to_meili, words_of
from indexer.engines.meili.indexes import Indexes
from indexer.engines.meili.server import SEND, Server
from indexer.engines.meili.spool import Spool
from indexer.night import Night
from luciole.errors import AlreadyRunning, EngineBusy, EngineError, EngineRefused, EngineUnavailable, StoreError
from luciole.lock import data_lock

ONE_TASK: Final = 64_000_000
"""Bytes of the largest publish that is sent as one task: a server takes 100 MB by default."""
_WHOLE: Final = 100
"""Documents read back at once with all their text, and ids alone."""
_IDS: Final = 5000


class MeiliWriter:
    """The writer of the indexes on a server; `lock` is a directory of ours. Raises `EngineBusy` at once while another process has one."""

    def __init__(self, server: Server, lock: Path) -> None:
        self._server = server
        self._indexes = Indexes(server)
        self._held = ExitStack()
        try:
            self._held.enter_context(data_lock(lock))
        except AlreadyRunning as error:
            raise EngineBusy("another process is writing this index", hint="wait for it to finish, then run again") from error
        except StoreError as error:
            raise EngineError(error.message, error.hint) from error
        self._spool: Spool | None = None
        self._settled = False
        self._known: Label | None = None

    def meta(self) -> Meta | None:
        """See `IndexWriter.meta`."""
        try:
            live = self._live()
        except EngineError as error:
            # What is away, refuses or talks nonsense is not damaged: nothing would be won by building it anew.
            if isinstance(error, EngineUnavailable | EngineRefused) or not self._server.is_well():
                raise
            return None
        return live.meta if live else None

    def present(self, ids: Iterable[str]) -> set[str]:
        """See `IndexWriter.present`."""
        return {one["id"] for one in self._indexes.fetched(ids, ["id"], chunk=_IDS)} if self._label() else set()

    def beside(self, ids: Set[str]) -> set[str]:
        """See `IndexWriter.beside`."""
        return {one["id"] for one in self._indexes.every(["id"], page=_IDS)} - ids if self._label() else set()

    def documents(self, ids: Iterable[str]) -> Iterator[IndexDocument]:
        """See `IndexWriter.documents`."""
        if self._label():
            yield from map(self._document, self._indexes.fetched(ids, ["stored"], chunk=_WHOLE))

    def due(self, now: datetime) -> tuple[IndexDocument, ...]:
        """See `IndexWriter.due`."""
        if not self._label():
            return ()
        found = self._indexes.every(["stored"], page=_WHOLE, filters=f"{LIVE} AND until <= {second(now)}")
        return tuple(one for one in map(self._document, found) if one.until is not None and one.until <= now)

    def apply(self, upserts: Iterable[IndexDocument], deletions: Iterable[str]) -> None:
        """See `IndexWriter.apply`."""
        if self._spool is None:
            if self._label() is None:
                raise _nothing()
            self._spool = Spool()
        for document in upserts:
            self._spool.put(document)
        self._spool.drop(deletions)

    def publish(self, revision: int, night: Night) -> Meta:
        """See `IndexWriter.publish`. Costs what changes, read back and sent once, and the whole lexicon."""
        live = self._live()
        if live is None:
            raise _nothing()
        spool, self._spool = self._spool, None  # whatever happens now, it is not tried again
        with spool if spool is not None else Spool() as spool:
            counts = live.counts
            leaving = set()
            for one in self.documents(spool.ids):
                counts.remove(words_of(one))
                leaving.add(one.id)
            lines, size = [], 0
            for document in spool.documents():
                words = words_of(document)
                counts.add(words)
                leaving.discard(document.id)
                if size <= ONE_TASK:
                    lines.append(packed(to_meili(document, words)))
                    size += len(lines[-1])
            made, kept = edition(revision, night, counts)
            self._keep(kept)
            if size <= ONE_TASK:
                shells = [packed({"id": one}) for one in leaving]
                self._indexes.set_up(self._server.address.articles, SETTINGS)
                task = self._indexes.send(self._server.address.articles, b"".join((*lines, *shells, packed(made.label.to_meili()))))
                self._server.finish(task)
                if shells:
                    with suppress(EngineError):  # what stays is found by nobody, and swept with the next publish
                        self._indexes.delete(self._server.address.articles, SHELLS)
            else:
                lines.clear()
                self._copy(spool, made)
        self._sweep(made)
        return made.meta

    def rebuild(self, documents: Iterable[IndexDocument], closing: Callable[[], tuple[int, Night]]) -> Meta:
        """See `IndexWriter.rebuild`."""
        self._give_up()
        self._settle()

        def fill(building: Building) -> Edition:
            building.take(documents)
            made, kept = edition(*closing(), building.counts)
            self._keep(kept)
            return made

        made = self._build(fill)
        self._sweep(made)
        return made.meta

    def close(self) -> None:
        """See `IndexWriter.close`."""
        try:
            self._give_up()
            self._server.close()
        finally:
            self._held.close()

    def _copy(self, spool: Spool, made: Edition) -> None:
        """The live index with its changes, beside it."""
        changed = set(spool.ids)

        def fill(building: Building) -> Edition:
            for one in self._indexes.every(page=_WHOLE):
                if one["id"] not in changed:
                    building.put(one)
            building.take(spool.documents())
            return made

        self._build(fill)

    def _build(self, fill: Callable[[Building], Edition]) -> Edition:
        """A fresh index that goes live at the end; dropped on any failure."""
        try:
            building = Building(self._server, self._indexes)
            made = fill(building)
            building.put(made.label.to_meili())
            building.finish()
        except BaseException:
            with suppress(EngineError):
                self._indexes.drop_fresh()
            raise
        self._known = None
        self._indexes.go_live()
        return made

    def _keep(self, kept: Iterable[dict[str, Any]]) -> None:
        """Lay the pieces of a generation ready; nobody reads them before it is named."""
        self._indexes.set_up(self._server.address.meta, BLOBS)
        for lines in batched(map(packed, kept), BATCH):
            self._server.finish(self._indexes.send(self._server.address.meta, lines))

    def _sweep(self, made: Edition) -> None:
        """Remove the pieces of other generations. Who still reads one asks again."""
        self._known = made.label
        with suppress(EngineError):
            self._indexes.delete(self._server.address.meta, f"generation != {made.label.generation}")

    def _live(self) -> Edition | None:
        """The live generation as a whole; None when there is none of this version. Raises `EngineError` for a damaged one."""
        label = self._label()
        if label is None:
            return None
        found = read_edition(self._server, label, within=SEND)
        if found is None:
            raise EngineError("the index lacks its words", hint="rebuild it: luciole index --rebuild")
        return found

    def _label(self) -> Label | None:
        """Which generation is live; None when there is none of this version. Nobody else writes: it is asked once."""
        self._settle()
        if self._known is None:
            found = read_label(self._server)
            self._known = found if found and found.schema == VERSION else None
        return self._known

    def _settle(self) -> None:
        if not self._settled:
            self._indexes.settle()
            self._settled = True

    def _document(self, made: dict[str, Any]) -> IndexDocument:
        return self._server.ask(lambda client: from_meili(made), again=False)

    def _give_up(self) -> None:
        """Forget what was applied and not published."""
        spool, self._spool = self._spool, None
        if spool is not None:
            with spool:
                pass


def _nothing() -> EngineError:
    return EngineError("there is no index to change", hint="rebuild it: luciole index --rebuild")
