"""XML as a tree, never as glued strings: what every XML answer of ours is built with.

Owns the cleaning: no text and no attribute gets in that XML 1.0 cannot carry. It refuses to know what the elements mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from api.outgoing import plain

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def root(name: str, namespaces: Mapping[Any, str], attributes: Mapping[str, str] | None = None) -> etree._Element:
    """The outermost element. `namespaces`: by prefix, None for the one of names without any; `name` is then of that one."""
    own = namespaces.get(None)
    return etree.Element(f"{{{own}}}{name}" if own else name, _clean(attributes), namespaces)


def add(parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str | None] | None = None) -> etree._Element:
    """A new last child. `name` may have a prefix that the root declared (`opensearch:Query`); an attribute that is None is left out."""
    prefix, _, local = name.rpartition(":")
    namespace = parent.nsmap.get(prefix or None)
    child = etree.SubElement(parent, f"{{{namespace}}}{local}" if namespace else local, _clean(attributes))
    if text:
        child.text = plain(text)
    return child


def serialised(tree: etree._Element) -> bytes:
    """The document in UTF-8, with its declaration."""
    return etree.tostring(tree, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _clean(attributes: Mapping[str, str | None] | Mapping[str, str] | None) -> dict[str, str]:
    return {name: plain(value) for name, value in (attributes or {}).items() if value is not None}
