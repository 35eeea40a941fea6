"""The heading of a post, and the date that stands beside it.

Owns which heading of a page is the post's, and how far around it a date is the post's own. It refuses to know what meta elements state.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import takewhile
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.dates import find_date, parse_date
from crawler.hosts import join
from crawler.plain import one_line
from luciole.urls import url_key

_STATED: Final = re.compile(
    r"\b(publi|mis en ligne|mise en ligne|post[ée]|paru|rédigé|écrit|billet du|article du|posted|published)", re.IGNORECASE
)
_NEAR: Final = 40
"""Elements around the heading in which a date is the post's own."""

_LINE: Final = 40
_STATED_LINE: Final = 120
"""Signs of a line that holds a date: of any, and of one that says « publié le »."""

_COMMENTS: Final = re.compile(r"(^|\s)(comments?|comment-?list|commentaires?|respond)(\s|$)", re.IGNORECASE)
"""Where comments begin: their dates are their readers'."""


def folded(text: str) -> str:
    """A title as titles are compared: one line, without capitals, one kind of apostrophe."""
    return " ".join(one_line(text).casefold().replace("’", "'").split())


def heading_of(root: HtmlElement, told: str, names: tuple[str, ...], base: str, home: str) -> HtmlElement | None:
    """The heading that is the post's: of those that the page's titles (`told`) repeat the longest, else the only <h1>. None of those that
    bear one of the blog's `names` or lead to its `home`; `base` is what links are joined to."""
    whole = folded(told)
    own = []
    for element in root.xpath("//h1 | //h2 | //*[contains(@class,'entry-title') or contains(@class,'post-title')]")[:100]:
        text = folded(element.text_content())
        if text and text not in map(folded, names) and not _leads_home(element, base, home):
            own.append((text, element))
    repeated = [(text, element) for text, element in own if len(text) >= 3 and text in whole]
    if repeated:
        return max(repeated, key=lambda pair: len(pair[0]))[1]
    first = [element for _, element in own if element.tag == "h1"]
    return first[0] if len(first) == 1 else None


def _leads_home(element: HtmlElement, base: str, home: str) -> bool:
    for href in element.xpath(".//a/@href | ancestor::a/@href"):
        address = join(base, str(href))
        if address and url_key(address) in (url_key(home), url_key(urljoin(home, "/"))):
            return True
    return False


def date_beside(root: HtmlElement, heading: HtmlElement | None, now: datetime) -> tuple[datetime | None, bool]:
    """The date written next to the heading, and whether it says that it is the day of publication."""
    if heading is None:
        return None, False
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    place = next(index for index, element in enumerate(elements) if element is heading)
    # Before the heading only within what holds the heading: further up stand the dates of other posts.
    holder = next(iter([*heading.iterancestors()][1:2]), heading)
    before = [element for element in reversed(elements[max(place - 12, 0) : place]) if holder in element.iterancestors()]
    near = takewhile(lambda one: one is heading or not _begins_comments(one), elements[place : place + _NEAR])
    for element in (*near, *before):
        said = bool(_STATED.search(" ".join(_surroundings(element).split())))
        if element.tag == "time" and (found := parse_date(element.get("datetime") or "", now)):
            return found, said
        # An abbreviation's title holds the exact date in old themes; a line of a theme is short, a sentence of a post is not.
        hidden = element.get("title") if element.tag in ("abbr", "span", "time") else ""
        for text in (hidden, element.text, element.tail if element is not heading else ""):
            line = " ".join((text or "").split())
            if 6 <= len(line) <= (_STATED_LINE if _STATED.search(line) else _LINE) and (found := find_date(line, now)):
                return found, said
    return None, False


def _begins_comments(element: HtmlElement) -> bool:
    return bool(_COMMENTS.search(element.get("id") or "") or _COMMENTS.search(element.get("class") or ""))


def _surroundings(element: HtmlElement) -> str:
    """The words around an element that holds a date: its parent's, if that is a line and no more."""
    parent = element.getparent()
    text = "".join(element.itertext()) if parent is None else "".join(parent.itertext())
    return text if len(text) <= 200 else "".join(element.itertext())[:200]
