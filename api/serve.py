"""Running the application: uvicorn, in one process or several, until it is told to stop."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from typing import Final

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create
from luciole.errors import LucioleError
from luciole.settings import Settings

_STARTS_WITHIN_S: Final = 60
"""Seconds that a worker may take until it answers its supervisor; a small machine loads several at once."""

_COLLECTED_FROM: Final = 20_000
"""New objects from which on the youngest are looked through."""


def serve(
    settings: Settings, host: str = "127.0.0.1", port: int = 8000, *, workers: int = 1, ready: Callable[[str], None] = lambda address: None
) -> None:
    """Serve until SIGINT, then return, or until SIGTERM; requests under way are let finish. `ready` is told the address once it answers.

    With several `workers` each is a process with threads of its own; one that ends is replaced. Raises `LucioleError` when it cannot listen
    there, or not start.
    """
    application = _settled(settings)  # several workers make their own: this one shows that they can
    config = uvicorn.Config(
        application if workers == 1 else partial(_in_a_worker, settings),
        factory=workers > 1,
        workers=workers,
        log_level="warning",
        access_log=False,  # the addresses hold what people search
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_worker_healthcheck=_STARTS_WITHIN_S,
    )
    with _listening(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        server = (_Server if workers == 1 else _Servers)(config, listener, lambda: ready(f"http://{name}:{listener.getsockname()[1]}"))
        try:
            server.serve_until_stopped()
        except KeyboardInterrupt:  # uvicorn raises the signal again once it has shut down
            return
    if not server.started:
        raise LucioleError("the page could not start", hint="the reason is above")


class _Server(uvicorn.Server):
    """uvicorn, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._listener = listener
        self._ready = ready

    def serve_until_stopped(self) -> None:
        self.run([self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


class _Servers(Multiprocess):
    """uvicorn's workers, which say when all are ready."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config, [listener])
        self._ready = ready
        self.started = False

    def serve_until_stopped(self) -> None:
        self.run()

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        if not self.started and not self.should_exit.is_set() and all(one.is_ready(_STARTS_WITHIN_S) for one in self.processes):
            self.started = True
            self._ready()


def _settled(settings: Settings) -> FastAPI:
    """The application, in a process that collects garbage as one that lives long: what is here now stays, and a page is made of more
    objects than Python looks through by default. A twentieth of a page's time (measured)."""
    application = create(settings)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECTED_FROM, 20, 20)
    return application


def _in_a_worker(settings: Settings) -> FastAPI:
    """The application in a process that ends with the one that started it: a worker that outlives a killed supervisor holds the port."""
    threading.Thread(target=_end_with_supervisor, name="supervisor", daemon=True).start()
    return _settled(settings)


def _end_with_supervisor() -> None:
    supervisor = parent_process()
    if supervisor is not None:
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket. Its protocol is named: asyncio sends without delay (TCP_NODELAY) only on those, and an answer of two pieces would
    wait 40 ms for the reader's acknowledgement of the first."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise LucioleError(f"cannot listen on {host}:{port}: {error.strerror}", hint="choose another with --host or --port") from error
    return listener
