"""The lead image of a post: the one picture that its page or its author would show for it.

Owns the choice and what is never one: an icon, a face, a logo, a formula. Only absolute http(s) addresses leave; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from crawler.formulas import formula_of
from crawler.hosts import join

_LONGEST: Final = 2083
_LARGE: Final = 300
"""Pixels of width from which a figure's picture may lead."""

_LOOKED_AT: Final = 40
_NO_LEAD: Final = re.compile(
    r"(?<![a-z])(?:logo\w*|siteo(?:n|ff)\d+|avatar\w*|gravatar\w*|favicon|icon\w*|emoji\w*|smil(?:ey|ies)\w*|sprite\w*|spacer|pixel|blank|"
    r"placeholder|badge|button|bouton|captcha|loading|default[-_]?(?:image|thumb\w*|og))(?![a-z])|s0\.wp\.com/i/blank|wp-includes/|/plugins-dist/",
    re.IGNORECASE,
)
_SIZED: Final = re.compile(r"[-_/](?:L|w)?(?P<width>\d{2,4})x(?:H|h)?\d{2,4}(?=\D|\Z)")
"""A width in an address: SPIP's vignettes/L200xH105, WordPress's photo-150x150.jpg."""

_SMALL: Final = 250
_PART: Final = re.compile(r"comment|sidebar|widget|footer|author|related|nav", re.IGNORECASE)
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "src")


def lead_image(stated: Iterable[str], root: HtmlElement, base: str) -> str | None:
    """The first usable of the `stated` addresses, else the first large figure of the page; None without one. `base` makes it absolute."""
    for href in stated:
        if address := _usable(href, base):
            return address
    return next(_figures(root, base), None)


def _usable(href: str, base: str) -> str:
    href = "".join(href.split("\n")).strip()
    if not href or href.lower().startswith("data:") or _NO_LEAD.search(href) or href.lower().partition("?")[0].endswith(".svg"):
        return ""
    sized = _SIZED.search(href)
    if sized and int(sized["width"]) < _SMALL:
        return ""
    address = join(base, href)
    return address if address and address != base and len(address) <= _LONGEST and address.isprintable() and " " not in address else ""


def _figures(root: HtmlElement, base: str) -> Iterator[str]:
    places = root.xpath("//figure//img | //article//img | //main//img | //*[contains(@class,'entry-content')]//img")
    for picture in islice(places, _LOOKED_AT):
        holders = islice(picture.iterancestors("div", "section"), 4)
        around = " ".join(f"{one.get('class') or ''} {one.get('id') or ''}" for one in holders)
        if _PART.search(around) or next(picture.iterancestors("aside", "nav", "footer"), None) is not None:
            continue
        if _NO_LEAD.search(picture.get("class") or "") or formula_of(picture) is not None or not _is_large(picture):
            continue
        for name in _LAZY:
            if address := _usable(picture.get(name) or "", base):
                yield address
                break


def _is_large(picture: HtmlElement) -> bool:
    """Whether a picture says that it is wide; one that says nothing is, if a figure frames it."""
    width = re.match(r"\s*(\d{1,5})", picture.get("width") or "")
    if width:
        return int(width[1]) >= _LARGE or (picture.get("width") or "").strip().endswith("%")
    sizes = [int(size) for size in re.findall(r"\s(\d{1,5})w", picture.get("srcset") or "")]
    if sizes:
        return max(sizes) >= _LARGE
    return next(picture.iterancestors("figure"), None) is not None
