"""The sitemap of our own pages (sitemaps.org, 0.9): an index, and parts of 50,000 addresses at most. Pure.

Articles are not in it: our page about one is an excerpt and a link. Search engines are to find the article at its author's, so that page
asks not to be indexed; neither is a page of results in it, of which there is no end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

from api.outgoing import stamp
from api.places import blog_path, discipline_path, sitemap_path
from api.xml_tree import add, root, serialised
from indexer.night import Night
from luciole.disciplines import DISCIPLINES

MAX_ADDRESSES: Final = 50_000
STATIC: Final = ("/a-propos", "/robot", "/confidentialite", "/proposer", "/api/docs")
"""Pages that do not follow from the index: when they last changed, nobody knows."""
_NAMESPACES: Final = {None: "http://www.sitemaps.org/schemas/sitemap/0.9"}


@dataclass(frozen=True, slots=True)
class Place:
    """One page of ours: its path, and when it last changed (None: not known)."""

    path: str
    changed: datetime | None


def places(night: Night, static: Sequence[str] = STATIC) -> tuple[Place, ...]:
    """Every page to be found: the home page, the list, the numbers, the disciplines that have blogs, the blogs that are not withheld."""
    shown = [card for card in night.sources if not card.frozen]
    held = {one for card in shown for one in card.disciplines}
    made = ["/", "/blogs", "/statistiques"]
    made += [discipline_path(name) for name in DISCIPLINES if name in held]
    made += [blog_path(card.id) for card in shown]
    return (*(Place(path, night.published_at) for path in made), *(Place(path, None) for path in static))


def sitemap_index(found: Sequence[Place], *, base: str, changed: datetime) -> bytes:
    """The addresses of the parts, in UTF-8; `changed`: when the index was published."""
    tree = root("sitemapindex", _NAMESPACES)
    for number in range(1, max(1, ceil(len(found) / MAX_ADDRESSES)) + 1):
        part = add(tree, "sitemap")
        add(part, "loc", base + sitemap_path(number))
        add(part, "lastmod", stamp(changed))
    return serialised(tree)


def sitemap(found: Sequence[Place], number: int, *, base: str) -> bytes | None:
    """One part, from 1 on, in UTF-8; None for one that the index does not name."""
    part = found[(number - 1) * MAX_ADDRESSES : number * MAX_ADDRESSES] if number >= 1 else ()
    if not part:
        return None
    tree = root("urlset", _NAMESPACES)
    for place in part:
        url = add(tree, "url")
        add(url, "loc", base + place.path)
        if place.changed:
            add(url, "lastmod", stamp(place.changed))
    return serialised(tree)
