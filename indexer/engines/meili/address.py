"""Where a Meilisearch is, and what our indexes are called there. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from luciole.errors import SettingsError

DEFAULT: Final = "luciole"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_HINT: Final = "http(s)://host:port, and ?index=name behind it when several installations share a server"


@dataclass(frozen=True, slots=True)
class Address:
    """`url` of the server, and the `name` that our indexes begin with: several installations may share a server."""

    url: str
    name: str = DEFAULT

    @classmethod
    def parse(cls, text: str) -> Self:
        """`http://host:7700`, `https://host/path?index=essai`. Raises `SettingsError`."""
        try:
            parts = urlsplit(text)
            asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)) if parts.query else {}
            valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.fragment and not parts.username
        except ValueError as error:
            raise SettingsError(f"LUCIOLE_ENGINE={text} is no address: {error}", hint=_HINT) from error
        name = asked.pop("index", DEFAULT)
        if not valid or asked or not _NAME.fullmatch(name):
            raise SettingsError(f"LUCIOLE_ENGINE={text} is no address of a Meilisearch", hint=_HINT)
        return cls(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", name)

    @property
    def articles(self) -> str:
        """The live index."""
        return f"{self.name}_articles"

    @property
    def fresh(self) -> str:
        """The index that is built beside it."""
        return f"{self.name}_articles_new"

    @property
    def meta(self) -> str:
        """Lexicons and nights, by generation."""
        return f"{self.name}_meta"

    @property
    def indexes(self) -> tuple[str, str, str]:
        """All of them."""
        return self.articles, self.fresh, self.meta
