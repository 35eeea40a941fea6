"""JSON-LD: what a page says of its post for machines.

Owns the reading of the scripts, in the many shapes that plugins write, and which of their objects is a post. What is not there or makes no
sense stays empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from lxml.html import HtmlElement

_POST_TYPES: Final = ("article", "posting", "report")
"""Ends of the names of the types that are posts."""

_MOST_NODES: Final = 200
"""Values looked at in one script."""


@dataclass(frozen=True)
class LinkedData:
    """The JSON-LD of one page, read when asked for. `root` is the parsed page."""

    root: HtmlElement

    @cached_property
    def types(self) -> frozenset[str]:
        """The schema.org types of every object."""
        return frozenset(name for node in self._nodes for name in _as_list(node.get("@type")) if isinstance(name, str))

    @cached_property
    def authors(self) -> list[str]:
        """The names of those whom the posts give as authors."""
        return [name for node in self._posts for name in self._people(node.get("author"))]

    def texts(self, name: str) -> list[str]:
        """What the posts say under a name, where that is text."""
        return [value for node in self._posts if isinstance(value := node.get(name), str)]

    @cached_property
    def free(self) -> bool | None:
        """Whether the posts say that all may read them (`isAccessibleForFree`); None when they say nothing, or both."""
        said = {
            str(node["isAccessibleForFree"]).strip().lower().rpartition("/")[2] for node in self._posts if "isAccessibleForFree" in node
        }
        free, paid = bool(said & {"true", "1"}), bool(said & {"false", "0"})
        return free if free is not paid else None

    @cached_property
    def images(self) -> list[str]:
        """The addresses of the pictures that the posts name, as they stand, the first of each post first."""
        found = []
        for node in self._posts:
            for picture in [*_as_list(node.get("image")), *_as_list(node.get("thumbnailUrl"))][:20]:
                if isinstance(picture, dict) and "url" not in picture and "contentUrl" not in picture:
                    picture = next((one for one in self._nodes if one.get("@id") == picture.get("@id")), picture)
                if isinstance(picture, dict):
                    picture = next((value for key in ("url", "contentUrl", "@id") if isinstance(value := picture.get(key), str)), None)
                if isinstance(picture, str) and picture:
                    found.append(picture)
        return found

    @cached_property
    def _posts(self) -> list[dict[str, Any]]:
        return [node for node in self._nodes if any(str(name).lower().endswith(_POST_TYPES) for name in _as_list(node.get("@type")))]

    @cached_property
    def _nodes(self) -> list[dict[str, Any]]:
        """Every object of the page."""
        nodes: list[dict[str, Any]] = []
        for script in self.root.iter("script"):
            if "ld+json" not in (script.get("type") or "").lower():
                continue
            try:
                waiting = [json.loads((script.text or "").strip().rstrip(";"), strict=False)]
            except (ValueError, RecursionError):
                continue
            for _ in range(_MOST_NODES):
                if not waiting:
                    break
                value = waiting.pop(0)
                if isinstance(value, list):
                    waiting[:0] = value[:_MOST_NODES]
                elif isinstance(value, dict):
                    nodes.append(value)
                    waiting.extend(value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value)
        return nodes

    def _people(self, value: object) -> Iterator[str]:
        for person in _as_list(value):
            if isinstance(person, str):
                yield person
            elif isinstance(person, dict):
                if "@id" in person and "name" not in person:
                    person = next((node for node in self._nodes if node.get("@id") == person["@id"]), person)
                yield from (name for name in _as_list(person.get("name")) if isinstance(name, str))


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
