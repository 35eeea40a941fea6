"""The files that pages need (style, script, font, picture), read once and served from memory under addresses that name their content.

Owns those addresses: one that holds the hash of the content may be kept for ever. A style sheet's `url(…)` follows its files.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_COMPRESSED: Final = {".woff2"}
_URL: Final = re.compile(r"url\(([a-z0-9./-]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: its bytes, the same compressed (or None where that gains nothing), and the last part of its address."""

    name: str
    address: str
    media_type: str
    body: bytes
    gzipped: bytes | None


@dataclass(frozen=True, slots=True)
class Assets:
    """Every file, by its name in `static/` and by the last part of its address."""

    by_name: Mapping[str, Asset]
    by_address: Mapping[str, Asset]

    def url(self, name: str) -> str:
        """The address of a file of `static/`, for ever the same content. Raises `KeyError` for a file that is not there."""
        return f"/static/{self.by_name[name].address}"


def load(directory: Path = STATIC) -> Assets:
    """Read all files whose kind is known; style sheets last, since they name the others."""
    found: dict[str, Asset] = {}
    for path in sorted(directory.rglob("*"), key=lambda path: (path.suffix == ".css", path.as_posix())):
        if path.suffix in _TYPES:
            asset = _asset(path, found)
            found[asset.name] = asset
    return Assets(MappingProxyType(found), MappingProxyType({asset.address: asset for asset in found.values()}))


def _asset(path: Path, found: Mapping[str, Asset]) -> Asset:
    body = path.read_bytes()
    if path.suffix == ".css":
        body = _URL.sub(lambda match: f"url({found[Path(match[1]).name].address})", body.decode()).encode()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(
        name=path.name,
        address=f"{path.stem}.{digest}{path.suffix}",
        media_type=_TYPES[path.suffix],
        body=body,
        gzipped=None if path.suffix in _COMPRESSED else gzip.compress(body, 9, mtime=0),
    )
