"""Our indexes on a server: made, set up, read through, swapped, dropped.

Owns the tasks that this takes, each waited for. It refuses to know documents and generations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from meilisearch import Client
from meilisearch.errors import MeilisearchApiError

from indexer.engines.meili.fields import LIVE
from indexer.engines.meili.server import SEND, Server
from indexer.engines.meili.tokens import is_id
from luciole.errors import EngineError

_UNKNOWN: Final = "index_not_found"


class Indexes:
    """The indexes of one installation."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._address = server.address

    def settle(self) -> None:
        """Wait until the server has done what an indexer that was killed left in its queue, and drop what that one was building."""
        for task in self._server.unfinished():
            with suppress(EngineError):  # how it ended shows in what the index says of itself
                self._server.finish(task)
        if self._exists(self._address.fresh):
            self.drop_fresh()

    def set_up(self, uid: str, settings: Mapping[str, Any]) -> None:
        """Make an index that is missing, and give it these settings unless it has them: nothing is indexed anew for nothing."""

        def question(client: Client) -> dict[str, Any]:
            try:
                return dict(self._server.index(client, uid).get_settings())
            except MeilisearchApiError as error:
                if error.code == _UNKNOWN:
                    return {}
                raise

        if not _holds(self._server.ask(question, within=SEND), settings):
            self._server.done(lambda client: self._server.index(client, uid).update_settings(dict(settings)))

    def send(self, uid: str, lines: bytes) -> int:
        """Documents, one line of JSON each, replace those of the same ids: the number of the task that will do it."""
        return self._server.start(lambda client: self._server.index(client, uid).add_documents_ndjson(lines, primary_key="id"))

    def delete(self, uid: str, filters: str) -> None:
        """Take the documents out that pass a filter."""
        self._server.done(lambda client: self._server.index(client, uid).delete_documents(filter=filters))

    def fetched(self, ids: Iterable[str], fields: Sequence[str], *, chunk: int) -> Iterator[dict[str, Any]]:
        """Those of these live articles that are there, in any order."""
        wanted = [one for one in dict.fromkeys(ids) if is_id(one)]
        for start in range(0, len(wanted), chunk):
            some = wanted[start : start + chunk]
            yield from self._page({"ids": some, "fields": [*fields], "filter": LIVE, "limit": len(some)})

    def every(self, fields: Sequence[str] | None = None, *, page: int, filters: str = LIVE) -> Iterator[dict[str, Any]]:
        """All live articles that pass a filter, whole or only these fields. The index must not change meanwhile."""
        offset = 0
        asked = {"filter": filters, "limit": page} | ({"fields": [*fields]} if fields else {})
        while found := self._page({**asked, "offset": offset}):
            yield from found
            offset += len(found)

    def go_live(self) -> None:
        """What was built beside becomes the live index, in one task; the old one is dropped."""
        if self._exists(self._address.articles):
            self._swap(rename=False)
            with suppress(EngineError):  # the next indexer drops what stays
                self.drop_fresh()
        else:
            self._swap(rename=True)

    def drop_fresh(self) -> None:
        """Drop what was built beside, or was live before."""
        self._server.done(lambda client: client.delete_index(self._address.fresh))

    def _swap(self, *, rename: bool) -> None:
        pair: dict[str, list[str] | bool] = {"indexes": [self._address.fresh, self._address.articles], "rename": rename}
        self._server.done(lambda client: client.swap_indexes([pair]), again=False)

    def _exists(self, uid: str) -> bool:
        def question(client: Client) -> bool:
            try:
                client.http.get(f"indexes/{uid}")
            except MeilisearchApiError as error:
                if error.code == _UNKNOWN:
                    return False
                raise
            return True

        return self._server.ask(question)

    def _page(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        path = f"indexes/{self._address.articles}/documents/fetch"
        return self._server.ask(lambda client: list(client.http.post(path, asked)["results"]), within=SEND)


def _holds(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether settings are as wanted; the server names more of them, and gives lists of attributes in an order of its own."""
    return all(name in found and _same(found[name], value) for name, value in wanted.items())


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and _holds(found, wanted)
    return bool(sorted(found) == sorted(wanted) if _unordered(wanted) and _unordered(found) else found == wanted)


def _unordered(value: Any) -> bool:
    return isinstance(value, list) and "sort" not in value and "title_s" not in value and all(isinstance(one, str) for one in value)
