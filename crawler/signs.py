"""What a page looks like from afar: how much running text it has of its own, how much it announces other pages.

Owns the one walk over a page's elements that counts words by where they stand. It refuses to judge: the weights are in `crawler.scoring`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from crawler.hosts import hosts_of, join, same_site
from crawler.metadata import Metadata
from crawler.scoring import Signs
from luciole.urls import url_key

_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_MOST_HEADINGS: Final = 300
_MOST_ANCESTORS: Final = 300
_TITLE_CLASS: Final = re.compile(r"(entry|post|article|item|card)[-_]+title\Z|p-name\Z", re.IGNORECASE)
_INLINE: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big br cite code del dfn em font i img ins kbd mark math q s samp small span strike strong sub sup time"
        " tt u var wbr",
    )
)
_UNREAD: Final = frozenset({"script", "style", "noscript", "template", "select", "textarea", "button", "svg"})
_CARDS: Final = frozenset({"article", "li"})
_WHOLE: Final = frozenset({"html", "body", "main"})
_BESIDE_TAGS: Final = frozenset({"nav", "menu", "aside", "form"})
_BESIDE_ROLES: Final = frozenset({"navigation", "banner", "complementary", "contentinfo", "search"})
_BESIDE: Final = re.compile(
    r"(menu|nav|navbar|navigation|breadcrumbs?|ariane|toc|sidebar|widget|footer|related|share|sharedaddy|cookies?|secondary|tertiary)([-_].*)?\Z"
    r"|.*[-_](menu|nav|navigation|sidebar|widgets?|related)\Z",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(r"(comments?|commentaires?|respond|disqus)([-_].*)?\Z", re.IGNORECASE)
_STATIC_PAGE: Final = re.compile(r"(type-page|page-id-\d+|page-template(-.*)?|storypage)\Z")
"""Classes by which WordPress and Nikola tell their pages from their posts."""

_SENTENCE: Final = 10
"""Words from which a run of text is taken for a sentence rather than for a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Where a page's words stand.

    `linked` is the share of all its letters inside links. `own` and `teased` count words of running text outside menus, sidebars and
    comments: the page's own, and what stands in one box with a heading that leads to another page of the site; `teasers` counts the pages
    that such headings lead to. Text that is mostly links counts for none of them.
    """

    linked: float = 0.0
    own: int = 0
    teased: int = 0
    teasers: int = 0


def signs_of(metadata: Metadata, words: int) -> Signs:
    """What `crawler.scoring` wants to know of a page; `words` is the number of words that the extraction found."""
    shape = shape_of(metadata)
    return Signs(
        url=metadata.context.url,
        home=metadata.context.source_url,
        title=metadata.title,
        og_type=metadata.og_type,
        body_classes=metadata.body_classes,
        json_ld_types=metadata.types,
        static=_declared_static(metadata),
        dated=metadata.published is not None,
        date_stated=metadata.published is not None or bool(metadata.distrusted),
        words=max(words, shape.own),
        linked=shape.linked,
        own=shape.own,
        teased=shape.teased,
        teasers=shape.teasers,
    )


def shape_of(metadata: Metadata) -> Shape:
    """The shape of a page that was read."""
    return _Walk(metadata).shape()


class _Walk:
    """One way through a page in the order of its text, with what is known at each point of it."""

    def __init__(self, metadata: Metadata) -> None:
        body = metadata.root.find("body")
        self.top: HtmlElement = body if body is not None else metadata.root
        self.base = metadata.base
        self.hosts = hosts_of(metadata.context)
        context = metadata.context
        addresses = (context.url, context.requested, context.source_url, metadata.canonical)
        self.not_elsewhere = {url_key(address) for address in addresses if address}
        self.beside = self._beside()
        self.boxes, self.flat, self.teasers = self._announcements()

    def shape(self) -> Shape:
        whole = inside = own = teased = 0
        links = unread = beside = boxed = headings = 0
        under = 0  # the level of a heading that leads elsewhere and shares its box with others, 0 under any other
        box_of_under: HtmlElement | None = None
        words = letters = linked = 0
        marks: list[tuple[bool, bool]] = []
        for event, element in etree.iterwalk(self.top, events=("start", "end")):
            tag, start = element.tag, event == "start"
            step = 1 if start else -1
            if tag not in _INLINE:
                if words >= _SENTENCE and not beside and not headings and linked * 2 < letters:
                    own, teased = (own, teased + words) if boxed or under else (own + words, teased)
                words = letters = linked = 0
            if start:
                marks.append((element in self.beside, element in self.boxes))
            aside, box = marks[-1] if start else marks.pop()
            beside += step * aside
            boxed += step * box
            unread += step * (tag in _UNREAD)
            links += step * (tag == "a")
            headings += step * (tag in _HEADINGS)
            if start and not beside and (level := _level(element)):
                if element in self.flat:
                    under, box_of_under = level, element.getparent()
                elif level <= under:
                    under = 0
            elif element is box_of_under and not start:
                under = 0
            text = element.text if start else element.tail
            if text and not unread:
                count = sum(map(str.isalpha, text))
                words += len(text.split())
                letters += count
                whole += count
                linked += count * (links > 0)
                inside += count * (links > 0)
        if words >= _SENTENCE and linked * 2 < letters:
            own += words
        return Shape(linked=inside / whole if whole else 1.0, own=own, teased=teased, teasers=self.teasers)

    def _beside(self) -> set[HtmlElement]:
        """The elements beside the text: menus and the like by their tags and names, unless they hold most of the page's text (Blogger
        calls the posts a widget, too), and comments whatever they hold."""
        candidates: dict[HtmlElement, int] = {}
        beside: set[HtmlElement] = set()
        read = links = unread = contents = 0
        for event, element in etree.iterwalk(self.top, events=("start", "end")):
            tag, start = element.tag, event == "start"
            step = 1 if start else -1
            if start and isinstance(tag, str) and tag not in _WHOLE and any(map(_COMMENTS.match, _names(element))):
                beside.add(element)
            elif start and _is_beside(element, bool(contents)):
                candidates[element] = read
            elif not start and element in candidates:
                candidates[element] = read - candidates[element]
            contents += step * (tag in ("article", "main"))
            links += step * (tag == "a")
            unread += step * (tag in _UNREAD)
            text = element.text if start else element.tail
            if text and not unread and not links:
                read += sum(map(str.isalpha, text))
        return beside | {element for element, letters in candidates.items() if letters * 2 <= read}

    def _announcements(self) -> tuple[set[HtmlElement], set[HtmlElement], int]:
        """The boxes that each announce one other page, the headings that do so without a box of their own, and the number of pages.

        A box is the largest element around such a heading without another one, where several stand side by side; around a lone heading,
        the nearest `<article>` or `<li>`, else its parent.
        """
        found: list[HtmlElement] = []
        addresses: set[str] = set()
        around: Counter[HtmlElement] = Counter()
        for heading in islice((element for element in self.top.iter() if _level(element)), _MOST_HEADINGS):
            ancestors = [ancestor for ancestor in islice(heading.iterancestors(), _MOST_ANCESTORS) if ancestor.tag not in _WHOLE]
            address = self._leads_to(heading)
            if address and not any(ancestor in self.beside for ancestor in ancestors):
                found.append(heading)
                addresses.add(address)
                around.update(ancestors)
        boxes: set[HtmlElement] = set()
        flat: set[HtmlElement] = set()
        for heading in found:
            alone = [heading]
            for ancestor in islice(heading.iterancestors(), _MOST_ANCESTORS):
                if ancestor.tag in _WHOLE or around[ancestor] > 1:
                    break
                alone.append(ancestor)
            if len(addresses) < 2:
                boxes.add(next((ancestor for ancestor in alone[1:] if ancestor.tag in _CARDS), alone[min(1, len(alone) - 1)]))
            elif len(alone) == 1:
                flat.add(heading)
            else:
                boxes.add(alone[-1])
        return boxes, flat, len(addresses)

    def _leads_to(self, heading: HtmlElement) -> str:
        """The key of the other page of the site that a heading links to, "" for none."""
        around = (ancestor.get("href") for ancestor in islice(heading.iterancestors(), 4) if ancestor.tag == "a")
        href = next(around, None) or next((anchor.get("href") for anchor in heading.iter("a")), None) or ""
        if not href or href.startswith("#"):
            return ""
        address = join(self.base, href)
        key = url_key(address) if address and same_site(address, self.hosts) else ""
        return "" if key in self.not_elsewhere else key


def _level(element: HtmlElement) -> int:
    """The level of a heading; 2 for what a theme calls a title, 0 for anything else."""
    tag = element.tag
    if not isinstance(tag, str):
        return 0
    return _HEADINGS.get(tag) or (2 if tag not in _WHOLE and any(map(_TITLE_CLASS.match, (element.get("class") or "").split())) else 0)


def _is_beside(element: HtmlElement, in_contents: bool) -> bool:
    """Whether an element should hold a menu, a sidebar or the like. Head and foot of a post's own box are part of the text."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _WHOLE or tag == "article":
        return False
    if tag in _BESIDE_TAGS or (tag in ("header", "footer") and not in_contents) or element.get("role") in _BESIDE_ROLES:
        return True
    return any(map(_BESIDE.match, _names(element)))


def _names(element: HtmlElement) -> list[str]:
    return f"{element.get('class') or ''} {element.get('id') or ''}".split()[:20]


def _declared_static(metadata: Metadata) -> bool:
    """Whether the generator itself calls the page a page, in contrast to a post."""
    if any(map(_STATIC_PAGE.match, metadata.body_classes)):
        return True
    articles = islice(metadata.root.iter("article"), 3)
    return any(_STATIC_PAGE.match(name) for article in articles for name in (article.get("class") or "").split())
