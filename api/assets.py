"""The files that pages need (style, script, font, picture), read once and served from memory under addresses that name their content.

Owns those addresses: one that holds the hash of the content may be kept for ever. A style sheet's `url(…)` follows its files. What every
page needs is bundled: one style sheet, one script, however many files they are written in.
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
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_COMPRESSED: Final = {".png", ".woff2"}
_BUNDLES: Final = {
    "luciole.css": ("styles/*.css",),
    "luciole.js": ("vendor/htmx.min.js", "scripts/*.js"),
    "suggestions.js": ("scripts/20-suggestions.js",),
}
"""Bundle → its files in order; those of one pattern in the order of their names. A page loads one script: the home page has no results to
follow the typing, so a tenth of the script is enough there."""
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
    """Read all files whose kind is known; bundles last, since style sheets name the other files."""
    bundles = {name: [path for one in patterns for path in sorted(directory.glob(one))] for name, patterns in _BUNDLES.items()}
    bundled = {path for paths in bundles.values() for path in paths}
    found: dict[str, Asset] = {}
    for path in sorted(directory.rglob("*")):
        if path.suffix in _TYPES and path not in bundled:
            found[path.name] = _asset(path.name, path.read_bytes(), found)
    for name, paths in bundles.items():
        found[name] = _asset(name, b"\n".join(path.read_bytes() for path in paths), found)
    return Assets(MappingProxyType(found), MappingProxyType({asset.address: asset for asset in found.values()}))


def _asset(name: str, body: bytes, found: Mapping[str, Asset]) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    suffix = f".{suffix}"
    if suffix == ".css":
        body = _URL.sub(lambda match: f"url({found[Path(match[1]).name].address})", body.decode()).encode()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(
        name=name,
        address=f"{stem}.{digest}{suffix}",
        media_type=_TYPES[suffix],
        body=body,
        gzipped=None if suffix in _COMPRESSED else gzip.compress(body, 9, mtime=0),
    )
