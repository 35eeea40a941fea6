"""The settings, `LUCIOLE_…` in the environment: read once, by the command line, and passed on as values.

Owns their names, defaults and meaning. Nothing below the command line reads the environment.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from luciole.errors import SettingsError


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """Every setting, with its default. The field `data` is the variable `LUCIOLE_DATA`, and so on."""

    model_config = SettingsConfigDict(env_prefix="LUCIOLE_", frozen=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="directory of the store, the raw pages and the embedded index")
    sources: Path = Field(default=Path("sources.yaml"), description="the list of blogs")
    vocabulary: Path | None = Field(default=None, description="synonyms and chosen answers; else vocabulaire.yaml beside the list, if any")
    engine: str = Field(default="embedded:", description="the search engine: embedded: (in DATA) or the address of a server")
    engine_key: str | None = Field(default=None, description="the key of that server")
    base_url: str | None = Field(default=None, description="public address of this search engine, shown to the blogs we visit")
    contact: str | None = Field(default=None, description="who answers for the robot: an e-mail address")
    host_map: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict, description="authority=127.0.0.1:port, comma separated: the only way to a private address"
    )
    workers: int = Field(default_factory=_cores, ge=1, le=64, description="parse workers")
    threads: int = Field(default=8, ge=1, le=256, description="request threads of serve")
    query_log: Path | None = Field(default=None, description="file to which submitted searches are added; by default none are kept")

    @field_validator("host_map", mode="before")
    @classmethod
    def _split_host_map(cls, value: Any) -> Any:
        return parse_host_map(value) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _public_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", value):
            raise ValueError("must be an e-mail address, so that a blog's author can write to you")
        return value or None

    @property
    def vocabulary_path(self) -> Path:
        """Synonyms and chosen answers. Unless it is set, the file may be missing: it belongs to the list beside which it lies."""
        return self.vocabulary or self.sources.parent / "vocabulaire.yaml"

    @property
    def store_path(self) -> Path:
        """The article store."""
        return self.data / "luciole.db"

    @property
    def raw_path(self) -> Path:
        """The raw bodies."""
        return self.data / "raw.db"

    @property
    def index_path(self) -> Path:
        """The directory of the embedded engine."""
        return self.data / "index"


def parse_host_map(text: str) -> dict[str, str]:
    """`a.localhost:8001=127.0.0.1:8001,…` as a mapping of authority to loopback `address:port`. Raises `ValueError`."""
    mapping: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, target = pair.partition("=")
        address, colon, port = target.strip().rpartition(":")
        if not (name.strip() and equals and colon and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError(f"{pair!r} is not of the form name[:port]=127.0.0.1:port")
        if not address.startswith("127."):
            raise ValueError(f"{pair!r}: a host may only be mapped to a loopback address (127.…)")
        mapping[name.strip().lower()] = f"{address}:{int(port)}"
    return mapping


def read_settings(**overrides: Any) -> Settings:
    """The settings of the environment; overrides given on the command line win. Raises `SettingsError`, naming every bad one."""
    unknown = sorted(name for name in os.environ if name.startswith("LUCIOLE_") and name not in _NAMES and not name.startswith(_OURS))
    if unknown:
        raise SettingsError("\n".join(_unknown(name) for name in unknown), hint="the settings are listed in docs/operations.md")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        faults = [
            f"LUCIOLE_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors()
        ]
        raise SettingsError("\n".join(faults), hint="the settings are listed in docs/operations.md") from error


_NAMES = frozenset(f"LUCIOLE_{name.upper()}" for name in Settings.model_fields)
_OURS = ("LUCIOLE_TEST_", "LUCIOLE_TOUR_")
"""Variables that are no settings: those of the tests and of the demonstration's own processes."""


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, _NAMES, n=1)
    return f"{name} is no setting" + (f"; did you mean {close[0]}?" if close else "")
