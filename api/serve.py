"""Running the application: uvicorn, until it is told to stop."""

from __future__ import annotations

import uvicorn

from api.app import create
from luciole.settings import Settings


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000, *, quiet: bool = False) -> None:
    """Serve until SIGINT or SIGTERM, then return; requests under way are let finish. `quiet` says nothing but warnings.

    Raises `SystemExit` when the port is taken.
    """
    config = uvicorn.Config(
        create(settings),
        host=host,
        port=port,
        log_level="warning" if quiet else "info",
        access_log=False,  # the addresses hold what people search
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    try:
        server.run()
    except KeyboardInterrupt:  # uvicorn raises the signal again once it has shut down
        return
    if not server.started:
        raise SystemExit(1)
