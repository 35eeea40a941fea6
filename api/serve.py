"""Running the application: uvicorn, until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from api.app import create
from luciole.errors import LucioleError
from luciole.settings import Settings


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000, *, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serve until SIGINT or SIGTERM, then return; requests under way are let finish. `ready` is told the address once it answers.

    Raises `LucioleError` when it cannot listen there, or not start.
    """
    config = uvicorn.Config(
        create(settings),
        log_level="warning",
        access_log=False,  # the addresses hold what people search
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with _listening(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        server = _Server(config, lambda: ready(f"http://{name}:{listener.getsockname()[1]}"))
        try:
            server.run([listener])
        except KeyboardInterrupt:  # uvicorn raises the signal again once it has shut down
            return
    if not server.started:
        raise LucioleError("the page could not start", hint="the reason is above")


class _Server(uvicorn.Server):
    """uvicorn, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise LucioleError(f"cannot listen on {host}:{port}: {error.strerror}", hint="choose another with --host or --port") from error
    return listener
