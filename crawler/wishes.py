"""What a page and its headers ask of robots: `noindex` and the like. Owns the reading of the wishes and to whom they are addressed; what
follows from them is decided elsewhere."""

from __future__ import annotations

from typing import Final

from lxml.html import HtmlElement

ROBOT: Final = "luciole"
"""The name by which a page or a header may address our robot alone."""

_VALUED: Final = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def page_wishes(root: HtmlElement) -> frozenset[str]:
    """The directives of `<meta name=robots>`, and of the same under our own name."""
    wishes: set[str] = set()
    for element in root.iter("meta"):
        name = (element.get("name") or "").strip().lower()
        if name == "robots" or name == ROBOT or name.startswith(f"{ROBOT}bot"):
            wishes.update(directive.strip() for directive in (element.get("content") or "").lower().split(","))
    return frozenset(wishes)


def header_wishes(header: str) -> frozenset[str]:
    """The directives of an `X-Robots-Tag` that are meant for everybody or for us.

    `googlebot: noindex, nofollow` addresses one robot with all that follows, up to the next name.
    """
    wishes = set()
    addressed = True
    for piece in header.lower().split(","):
        name, colon, rest = piece.partition(":")
        if colon and name.strip() not in _VALUED:
            addressed = name.strip() in ("*", ROBOT) or name.strip().startswith(ROBOT)
            piece = rest
        if addressed:
            wishes.add(piece.strip())
    return frozenset(wishes)
