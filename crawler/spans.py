"""Formulas and code in a tree of HTML, written out as text before the tree is read.

Owns the one walk that finds them and what takes their place: in a paragraph their text, between paragraphs an element of its own. The
caller says how a span is written, with the marks of `luciole.marks` or with a word that stands for it (`crawler.shelter`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from crawler.formulas import formula_of
from luciole.marks import Kind, neutral

_INLINE: Final = "luciole-span"
"""The name of an element that is to become text of its parent."""

_CONTAINERS: Final = frozenset({"article", "aside", "body", "div", "figure", "main", "section"})
"""Elements in which text of their own is no paragraph."""

_WRAPPERS: Final = frozenset({"figure", "table", "tbody", "td", "tr"})
_WRAPPER_CLASS: Final = re.compile(r"highlight|code|syntax|listing|src\b|gist", re.IGNORECASE)
_GUTTER_CLASS: Final = re.compile(r"(?:^|[\s-])(?:gutter|line_?-?(?:nos?|numbers?)|linenodiv|ln|lnt|lntd)(?:[\s-]|$)", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"[\d\s]*\Z")
_LINES: Final = frozenset({"br", "div", "li", "p", "tr"})


def write_out(root: HtmlElement, write: Callable[[Kind, str], str], block: str) -> None:
    """Replaces every formula and every piece of code under `root` by what `write` makes of it; drawn twins of formulas leave.

    What stands between paragraphs becomes an element of the name `block`. Signs of `luciole.marks` that a stranger wrote are taken out.
    """
    gone: set[HtmlElement] = set()
    for element in list(root.iter()):
        _neutralise(element)
        if element in gone or not isinstance(element.tag, str) or element is root:
            continue
        kind: Kind = "formula"
        text = formula_of(element)
        if text is None:
            if element.tag not in ("pre", "code"):
                continue
            kind, text = "code", _code(element)
            if element.tag == "pre" and _is_gutter(element, text):
                text = ""
        gone.update(element.iterdescendants())
        place = _wrapper(element, gone) if element.tag == "pre" else element
        written = write(kind, text) if text.strip() else ""
        if written and (element.tag == "pre" or _stands_apart(place)):
            _become(place, written, block)
        else:
            _become(place, written, _INLINE)
    etree.strip_tags(root, _INLINE)  # their text becomes their parents', at once: one by one it would take time squared


def _neutralise(element: HtmlElement) -> None:
    for name in ("text", "tail"):
        found = getattr(element, name)
        if found and neutral(found) != found:
            setattr(element, name, neutral(found))


def _code(element: HtmlElement) -> str:
    """The lines of a piece of code; line numbers beside it are none of it."""
    pieces: list[str] = []
    silent = 0
    for event, child in etree.iterwalk(element, events=("start", "end")):
        numbers = child is not element and bool(_GUTTER_CLASS.search(child.get("class") or "")) and _is_numbers(child)
        if event == "start":
            silent += numbers
            if child.tag in _LINES and child is not element and pieces and not pieces[-1].endswith("\n"):
                pieces.append("\n")
            pieces.append((child.text or "") if not silent else "")
        else:
            silent -= numbers
            pieces.append((child.tail or "") if not silent and child is not element else "")
    return "".join(pieces).strip("\n ")


def _is_gutter(element: HtmlElement, text: str) -> bool:
    """Whether this is a column of line numbers beside a piece of code."""
    if not _NUMBERS.match(text):
        return False
    around = [element, *list(element.iterancestors())[:3]]
    return any(_GUTTER_CLASS.search(one.get("class") or "") for one in around)


def _is_numbers(element: HtmlElement) -> bool:
    return bool(_NUMBERS.match("".join(element.itertext())))


def _wrapper(element: HtmlElement, gone: set[HtmlElement]) -> HtmlElement:
    """The outermost element that holds nothing but this code: themes put it into a table, with line numbers, or into a figure."""
    whole = _letters(element)
    place = holder = element
    while (parent := holder.getparent()) is not None:
        wraps = parent.tag in _WRAPPERS or (parent.tag == "div" and _WRAPPER_CLASS.search(parent.get("class") or ""))
        if not wraps or _letters(parent, whole) != whole:
            break
        holder = parent
        if holder.tag in ("div", "figure", "table"):
            place = holder
    if place is not element:
        gone.update(place.iterdescendants())
    return place


def _letters(element: HtmlElement, most: int | None = None) -> int:
    """How many signs an element holds, blanks and numbers of lines apart; no more are counted than one over `most`."""
    count = 0
    for text in element.itertext():
        count += len("".join(text.split())) if not _NUMBERS.match(text) else 0
        if most is not None and count > most:
            break
    return count


def _stands_apart(element: HtmlElement) -> bool:
    """Whether an element is alone between the paragraphs of what holds it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None or parent.tag not in _CONTAINERS:
        return False
    before = parent.text if previous is None else previous.tail
    if previous is not None and previous.tag == _INLINE:
        before = f"{previous.text or ''}{before or ''}"
    return not (before or "").strip() and not (element.tail or "").strip()


def _become(element: HtmlElement, text: str, name: str) -> None:
    tail = element.tail
    if name != _INLINE:
        for figure in element.iterancestors("figure"):
            figure.tag = "div"  # extraction leaves figures out
    element.clear()
    element.tag, element.text, element.tail = name, text, tail
