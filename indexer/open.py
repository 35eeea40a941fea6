"""Which search engine the settings name: the only place that knows them all."""

from __future__ import annotations

from indexer.engine import IndexWriter, SearchEngine
from luciole.errors import SettingsError
from luciole.settings import Settings


def open_engine(settings: Settings) -> SearchEngine:
    """The engine of the settings, for reading. Opening it touches nothing: an index may appear later."""
    _check(settings)
    from indexer.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.index_path)


def open_writer(settings: Settings) -> IndexWriter:
    """The one writer of the engine of the settings. Raises `EngineBusy`."""
    _check(settings)
    from indexer.engines.embedded import EmbeddedWriter

    return EmbeddedWriter(settings.index_path)


def _check(settings: Settings) -> None:
    engine = settings.engine
    if engine.startswith(("http://", "https://")):
        raise SettingsError(
            f"LUCIOLE_ENGINE={engine}: Meilisearch arrives in a later version; this one ships the embedded engine only",
            hint="leave LUCIOLE_ENGINE unset, or set it to embedded:",
        )
    if engine != "embedded:":
        raise SettingsError(f"LUCIOLE_ENGINE={engine} names no engine", hint="embedded: is the one that this version has")
