"""Which search engine the settings name: the only place that knows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.engine import IndexWriter, SearchEngine
from luciole.errors import SettingsError
from luciole.settings import Settings

if TYPE_CHECKING:
    from indexer.engines.meili import Server

EMBEDDED: Final = "embedded:"


def open_engine(settings: Settings) -> SearchEngine:
    """The engine of the settings, for reading. Opening it touches nothing: an index may appear later. Raises `SettingsError`."""
    if _is_server(settings):
        from indexer.engines.meili import MeiliEngine

        return MeiliEngine(_server(settings))
    from indexer.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.index_path)


def open_writer(settings: Settings) -> IndexWriter:
    """The one writer of the engine of the settings. Raises `EngineBusy` or `SettingsError`."""
    if _is_server(settings):
        from indexer.engines.meili import MeiliWriter

        return MeiliWriter(_server(settings), settings.data / "meilisearch")
    from indexer.engines.embedded import EmbeddedWriter

    return EmbeddedWriter(settings.index_path)


def grant(settings: Settings) -> str:
    """A new key for the engine's server that can only search and read, for whoever serves. Raises `EngineError`, or `SettingsError` where
    the engine needs no key."""
    if not _is_server(settings):
        raise SettingsError("the embedded engine needs no key", hint="LUCIOLE_ENGINE names the server that a key is for")
    from indexer.engines.meili import grant as make

    return make(_server(settings))


def _is_server(settings: Settings) -> bool:
    """Whether the engine is a server's. Each library is imported only where it is used."""
    if settings.engine.startswith(("http://", "https://")):
        return True
    if settings.engine == EMBEDDED:
        return False
    hint = "embedded: (the default), or http(s)://host:port of a Meilisearch"
    raise SettingsError(f"LUCIOLE_ENGINE={settings.engine} names no engine", hint=hint)


def _server(settings: Settings) -> Server:
    from indexer.engines.meili import Address, Server

    return Server(Address.parse(settings.engine), settings.engine_key)
