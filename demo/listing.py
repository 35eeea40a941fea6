"""The list of the demo blogs, in the form of the project's `sources.yaml`, its vocabulary, and the map of their hosts.

Owns `demo/sources.yaml` (a test keeps the file and `sources_yaml(8001)` identical), `demo/vocabulaire.yaml` (written by hand) and the value
of LUCIOLE_HOST_MAP. Refuses to know the code that reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from demo.blog import Blog
from demo.content import load
from demo.dialects import hostile as hostile_blog
from demo.dialects import passage

DEFAULT_PORT = 8001

_FEEDS = {
    "doute": "/feed/",
    "lichens": "/feeds/posts/default",
    "roches": "/spip.php?page=backend",
    "synapses": "/rss/",
}
"""The feeds that the list gives; the other blogs' feeds must be discovered, and `paillasse` has none."""

_HEADER = """\
# Les blogs de la démonstration : une blogosphère inventée de toutes pièces pour faire essayer Luciole.
#
# Ce fichier a la même forme que la vraie liste, sources.yaml, à la racine du projet. Il est écrit par
# « python -m demo --list » ; pour changer un blog, voir demo/blogs/. Les adresses en .localhost ne mènent
# nulle part ailleurs que sur cette machine.
#
# Deux blogs sont là pour éprouver la collecte : « paillasse » n’a pas de flux, et celui de « passage »
# redirige vers une adresse privée, ce que la collecte doit refuser.

sources:
"""


def blogs(port: int = DEFAULT_PORT, *, hostile: bool = False) -> tuple[Blog, ...]:
    """Every blog of the demo, sorted by id, the one that must be refused included; the one that attacks its readers only on demand. Raises
    `demo.content.ContentError`."""
    traps = [passage.blog(port), *([hostile_blog.blog(port)] if hostile else [])]
    return tuple(sorted((*load(port=port), *traps), key=lambda blog: blog.id))


def sources_yaml(port: int = DEFAULT_PORT, *, hostile: bool = False) -> str:
    """The text of a `sources.yaml` that lists the demo as served on `port`."""
    blocks = (
        yaml.safe_dump([_source(blog)], allow_unicode=True, sort_keys=False, default_flow_style=None, width=10**6)
        for blog in blogs(port, hostile=hostile)
    )
    return _HEADER + "\n".join(_indented(block) for block in blocks)


def vocabulary_yaml(port: int = DEFAULT_PORT) -> str:
    """The text of a `vocabulaire.yaml` for the demo as served on `port`."""
    text = Path(__file__).with_name("vocabulaire.yaml").read_text(encoding="utf-8")
    return text.replace(f".localhost:{DEFAULT_PORT}", f".localhost:{port}")


def host_map(port: int = DEFAULT_PORT, *, hostile: bool = False) -> str:
    """The value of LUCIOLE_HOST_MAP: `cieux.localhost:8001=127.0.0.1:8001,…`, each demo host on `port` and nothing else."""
    return ",".join(f"{blog.id}.localhost:{port}=127.0.0.1:{port}" for blog in blogs(port, hostile=hostile))


def _source(blog: Blog) -> dict[str, Any]:
    source: dict[str, Any] = {
        "id": blog.id,
        "name": blog.name,
        "url": f"{blog.url}/",
        "disciplines": list(blog.disciplines),
    }
    if blog.id in _FEEDS:
        source["feeds"] = [blog.url + _FEEDS[blog.id]]
    return source | {"type": blog.type, "country": blog.country, "licence": blog.licence, "why": blog.why}


def _indented(block: str) -> str:
    return "".join(f"  {line}" for line in block.splitlines(keepends=True))
