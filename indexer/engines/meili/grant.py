"""A key for whoever serves: it searches and reads our two indexes, and nothing else.

Owns which rights that takes. The key is told once and kept nowhere here.
"""

from __future__ import annotations

from typing import Any, Final

from meilisearch import Client

from indexer.engines.meili.server import SEND, Server

RIGHTS: Final = ("search", "documents.get")


def grant(server: Server) -> str:
    """A new key that can search and read our indexes on this server, and no others. Needs a key that may make keys (the server's master
    key). Raises `EngineRefused` for any other, `EngineUnavailable` or `EngineError`."""
    asked: dict[str, Any] = {
        "name": f"luciole serve ({server.address.name})",
        "description": "searches and reads, made by: luciole index --grant",
        "actions": list(RIGHTS),
        "indexes": [server.address.articles, server.address.meta],
        "expiresAt": None,
    }

    def question(client: Client) -> str:
        return str(client.http.post("keys", asked)["key"])

    return server.ask(question, within=SEND, again=False)
