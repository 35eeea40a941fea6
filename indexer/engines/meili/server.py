"""One Meilisearch server, through its official client: the only code that sends a request.

Owns connections, time limits, retries, and what the server's failures mean: whatever goes wrong is an `EngineError` with a hint. It refuses
to know plans and documents. Safe to share between threads: each request borrows a client of its own (the client is not safe to share).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import requests
from meilisearch import Client
from meilisearch._httprequests import HttpRequests
from meilisearch.errors import MeilisearchApiError, MeilisearchCommunicationError, MeilisearchError, MeilisearchTimeoutError
from meilisearch.index import Index

from indexer.engines.meili.address import Address
from luciole.errors import EngineError, EngineRefused, EngineUnavailable, IndexingFailed

CONNECT: Final = 2.0
"""Seconds to reach the server."""
READ: Final = 6.0
"""Seconds to wait for an answer to a reader: below the patience of the api."""
SEND: Final = 120.0
"""Seconds to wait for an answer to the indexer, who sends megabytes."""
TASK: Final = 3600.0
"""Seconds that one task of the server may take: one batch of documents, on a slow disk."""
ATTEMPTS: Final = 3
"""Times that a question is asked when the connection breaks. Only what may be asked twice is."""
_PAUSE: Final = 0.05
_SLOWEST_LOOK: Final = 0.5
_DOWN: Final = 60.0
"""Seconds that a server may be away while a task of ours waits there: it keeps its tasks over a restart."""
_IDLE: Final = 16
_LOG: Final = "look at its log, then run again"
_KEYS: Final = "LUCIOLE_ENGINE_KEY: a writing key for index, a searching key for serve (luciole index --grant makes one)"

Answer = TypeVar("Answer")


class Server:
    """A server and our indexes there. Opening it sends nothing. `patience`: seconds that a reader's question may
    take."""

    def __init__(self, address: Address, key: str | None, *, patience: float | None = None) -> None:
        self.address = address
        self._patience = patience or READ
        self._key = key
        self._idle: deque[_Client] = deque()

    def ask(self, question: Callable[[Client], Answer], *, within: float | None = None, again: bool = True) -> Answer:
        """The answer to a question put through a client. `again`: the question changes nothing, or the same twice. `within`: seconds for
        each attempt (`patience` when left out). Raises `EngineUnavailable`, `EngineRefused` or `EngineError`."""
        within = within or self._patience
        for attempt in range(ATTEMPTS if again else 1):
            if attempt:
                time.sleep(_PAUSE * 2**attempt)
            with self._borrowed(within) as client:
                try:
                    return question(client)
                except MeilisearchTimeoutError as error:
                    raise self._away(f"did not answer within {within:g} s") from error
                except MeilisearchCommunicationError as error:
                    failure = self._away("cannot be reached")
                    failure.__cause__ = error
                except MeilisearchApiError as error:
                    raise self._refusal(error) from error
                except (MeilisearchError, requests.RequestException) as error:
                    raise self._nonsense() from error
                except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
                    raise self._nonsense() from error
        raise failure

    def index(self, client: Client, uid: str) -> Index:
        """An index, over the connection of this client."""
        index = client.index(uid)
        index.http = client.http
        return index

    def done(self, start: Callable[[Client], Any], *, again: bool = True) -> None:
        """Start a task, and wait until it is done."""
        self.finish(self.start(start, again=again))

    def start(self, start: Callable[[Client], Any], *, again: bool = True) -> int:
        """The number of a task that was accepted."""
        return self.ask(lambda client: int(start(client).task_uid), within=SEND, again=again)

    def finish(self, task: int) -> None:
        """Wait until a task is done. Raises `IndexingFailed` for one that failed, was cancelled or takes more than `TASK`."""
        since, pause, away = time.monotonic(), 0.002, 0.0
        while True:
            try:
                state, error = self.ask(lambda client: _state(client, task))
                away = 0.0
            except EngineUnavailable:
                away = away or time.monotonic()
                if time.monotonic() - away > _DOWN:
                    raise
                state, error = "unknown", {}
            if state == "succeeded":
                return
            if state in ("failed", "canceled"):
                raise _failed(state, error)
            if time.monotonic() - since > TASK:
                raise IndexingFailed(f"the search engine did not finish a task within {TASK:g} s", hint=_LOG)
            time.sleep(pause)
            pause = min(pause * 1.5, _SLOWEST_LOOK)

    def unfinished(self) -> list[int]:
        """Tasks of our indexes that wait or are under way: those of an indexer that was killed."""
        wanted = {"statuses": ["enqueued", "processing"], "indexUids": list(self.address.indexes), "limit": "1000"}
        found = self.ask(lambda client: [int(task.uid) for task in client.get_tasks(dict(wanted)).results], within=SEND)
        # A swap names no index of its own.
        swaps = {"statuses": ["enqueued", "processing"], "types": ["indexSwap"], "limit": "1000"}
        found += self.ask(lambda client: [int(task.uid) for task in client.get_tasks(dict(swaps)).results], within=SEND)
        return sorted(set(found))

    def is_well(self) -> bool:
        """Whether a Meilisearch is there and says that it is well."""
        try:
            return self.ask(lambda client: client.health()["status"] == "available")
        except EngineError:
            return False

    def close(self) -> None:
        """Let go of the connections."""
        while self._idle:
            self._idle.pop().connection.close()

    @contextmanager
    def _borrowed(self, within: float) -> Iterator[_Client]:
        try:
            client = self._idle.pop()
        except IndexError:
            client = _Client(self.address.url, self._key)
        client.config.timeout = (CONNECT, within)  # type: ignore[assignment]  # requests takes both, the client only passes it on
        try:
            yield client
        finally:
            if len(self._idle) < _IDLE:
                self._idle.append(client)
            else:
                client.connection.close()

    def _away(self, how: str) -> EngineUnavailable:
        return EngineUnavailable(f"the search engine at {self.address.url} {how}", hint="is it running? LUCIOLE_ENGINE is its address")

    def _nonsense(self) -> EngineError:
        hint = "is it a Meilisearch of a version that docs/operations.md names?"
        return EngineError(f"what answers at {self.address.url} is no Meilisearch, or a broken one", hint=hint)

    def _refusal(self, error: MeilisearchApiError) -> EngineError:
        """What an answer of another status than 2xx means."""
        said = str(error.message)[:300]
        if error.code == "index_not_found":
            return EngineUnavailable("nothing was indexed yet", hint="run: luciole index")
        if error.status_code in (401, 403):
            return EngineRefused(f"the search engine refuses our key: {said}", hint=_KEYS)
        if error.status_code == 413:
            return EngineError("the search engine takes no batch of this size", hint="raise its --http-payload-size-limit to 100 MB")
        if error.status_code >= 500 or error.status_code in (408, 429):
            return EngineUnavailable(
                f"the search engine at {self.address.url} failed ({error.status_code}): {said}", hint="look at its log"
            )
        return EngineError(f"the search engine refused ({error.status_code}): {said}", hint="if it stays so: luciole index --rebuild")


class _Client(Client):
    """The official client over one connection of its own."""

    def __init__(self, url: str, key: str | None) -> None:
        super().__init__(url, key)
        self.connection = _Connection(self.config)
        self.http = self.task_handler.http = self.connection


class _Connection(HttpRequests):
    """The client's own requests, over one connection that is kept, and past the proxies of the environment."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.max_redirects = 0  # our key goes nowhere else
        # A compressed answer comes in small packets, each waiting for the last one to be acknowledged: 40 ms, on loopback (measured).
        self._session.headers["Accept-Encoding"] = "identity"

    def send_request(self, http_method: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return super().send_request(getattr(self._session, http_method.__name__), *args, **more)

    def close(self) -> None:
        self._session.close()


def _state(client: Client, task: int) -> tuple[str, dict[str, Any]]:
    found = client.get_task(task)
    return str(found.status), dict(found.error or {})


def _failed(state: str, error: dict[str, Any]) -> IndexingFailed:
    said = str(error.get("message", state))[:300]
    if error.get("code") == "no_space_left_on_device":
        return IndexingFailed(f"the disk of the search engine is full: {said}", hint="free space there, then run again")
    return IndexingFailed(f"the search engine could not index: {said}", hint=_LOG)
