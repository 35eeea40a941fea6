"""What a page says of itself beside its text: title, authors, dates, address, licence, wishes towards robots.

Owns where such things stand in real pages, and which statement wins. It refuses to guess: what is not stated stays empty (guesses are
`crawler.pages`' to ask for, and marked). Everything it returns is plain text or an absolute address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.authors import clean_authors
from crawler.dates import find_date, parse_date
from crawler.hosts import hosts_of, join, same_site
from crawler.linked_data import LinkedData
from crawler.parsed import Context
from crawler.plain import one_line
from crawler.wishes import header_wishes, page_wishes
from luciole.urls import path_key, url_key

_SEPARATOR: Final = re.compile(r"\s+(?:[|·•«»<>~/]|::|[-–—])\s+|\s*[|»]\s*|\s+:\s+")
_COMMENT: Final = (
    "ancestor-or-self::*[contains(@class,'comment') or contains(@id,'comment') or contains(@class,'sidebar') or contains(@id,'sidebar')]"
)
_BYLINES: Final = (
    f"//*[@rel='author' or contains(concat(' ',normalize-space(@rel),' '),' author ')][not({_COMMENT})]",
    f"//*[@itemprop='author'][not({_COMMENT})]",
    f"//*[contains(@class,'vcard')]//*[contains(concat(' ',@class,' '),' fn ')][not({_COMMENT})]",
    f"//*[contains(@class,'byline') or contains(@class,'post-author') or contains(@class,'entry-author') or contains(@class,'p-author') "
    f"or contains(concat(' ',@class,' '),' author ')][not({_COMMENT})]",
)
_ALL_POSTS: Final = re.compile(r"(view all posts by|posts by|((voir |afficher )?tous les )?(articles|billets|posts) (de|par))\s+", re.I)
_STATED: Final = re.compile(
    r"\b(publi|mis en ligne|mise en ligne|post[ée]|paru|rédigé|écrit|billet du|article du|posted|published)", re.IGNORECASE
)
_CREATIVE_COMMONS: Final = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>[a-z-]+)|publicdomain/(?P<free>zero|mark))/(?P<version>\d\.\d)", re.I
)
_NEAR: Final = 40
"""Elements around the heading in which a date is the post's own."""


@dataclass(frozen=True)
class Metadata:
    """The statements of one page, read when asked for. `root` is the parsed page."""

    root: HtmlElement
    context: Context

    @cached_property
    def base(self) -> str:
        """The address against which the page's links are to be joined."""
        return join(self.context.url, next(iter(self._values("//base/@href")), "")) or self.context.url

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the blog, as the list and the page give them."""
        return tuple(filter(None, (one_line(self.context.source_name), *map(one_line, self._meta("og:site_name", "application-name")))))

    @cached_property
    def title(self) -> str:
        """The post's title, without the blog's name: og:title, JSON-LD, the heading that the page's title repeats, the page's title."""
        stated = [*self._meta("og:title"), *self._linked.texts("headline")]
        for candidate in (*stated, self._heading_text, self._page_title):
            title = without_name(one_line(candidate), self.names)
            if title and title.casefold() not in {name.casefold() for name in self.names}:
                return title
        return ""

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """Who is named as author: by JSON-LD, by meta elements, by a byline. The first that names people wins."""
        for names in (
            self._linked.authors,
            self._meta("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author"),
        ):
            if found := clean_authors(names, *self.names):
                return found
        for path in _BYLINES:
            for element in self.root.xpath(path)[:3]:
                text = _ALL_POSTS.sub("", " ".join(element.text_content().split()))
                if len(text) <= 120 and (found := clean_authors([text], *self.names)):
                    return found
        return ()

    @cached_property
    def published(self) -> datetime | None:
        """When the page says that it was published.

        JSON-LD and meta elements come first, unless they are later than the page's own last change (some sites put the day of the
        visit there) or than a date beside the heading that says « publié le » (some put the last change there).
        """
        stated = None if self.distrusted else self._stated
        beside, said = self._beside_heading
        if stated is None or (said and beside is not None and beside.date() < stated.date()):
            return beside or stated
        return stated

    @cached_property
    def distrusted(self) -> frozenset[date]:
        """The day that meta elements give for the publication, when they also say that the page was last changed before it."""
        changed = next((found for text in self._meta("article:modified_time") if (found := parse_date(text, self.context.now))), None)
        if self._stated is not None and changed is not None and self._stated.date() > changed.date():
            return frozenset({self._stated.date()})
        return frozenset()

    @cached_property
    def _stated(self) -> datetime | None:
        texts = self._linked.texts("datePublished")
        texts += self._meta(
            "article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "date"
        )
        texts += self._meta("citation_publication_date", "pubdate", "parsely-pub-date", "dcterms.created", "dc.date.created")
        texts += self._values(
            f"//*[@itemprop='datePublished'][not({_COMMENT})]/@content | //*[@itemprop='datePublished'][not({_COMMENT})]/@datetime"
        )
        return next((found for text in texts if (found := parse_date(text, self.context.now))), None)

    @cached_property
    def canonical(self) -> str | None:
        """The address that the page names as its own; None for one on another site, for the site's root and for the blog's home."""
        for href in self._values(
            "//link[contains(concat(' ',normalize-space(translate(@rel,'CANOIL','canoil')),' '),' canonical ')]/@href"
        ):
            address = join(self.base, href) if href.strip() else ""
            if not address or not same_site(address, hosts_of(self.context)):
                continue
            if path_key(address) and url_key(address) != url_key(self.context.source_url):
                return address
        return None

    @cached_property
    def licence(self) -> str | None:
        """The licence that the page declares with `rel=license`: « CC BY-SA 4.0 », or the address of another one."""
        for href in self._values("//*[contains(concat(' ',normalize-space(@rel),' '),' license ')]/@href"):
            found = _CREATIVE_COMMONS.search(href)
            if found:
                name = f"CC {found['kind'].upper()}" if found["kind"] else {"zero": "CC0", "mark": "PDM"}[found["free"].lower()]
                return f"{name} {found['version']}"
            if address := join(self.base, href):
                return address[:300]
        return None

    @cached_property
    def noindex(self) -> bool:
        """Whether the page, or the header sent with it, asks search engines to leave it out."""
        return bool({"noindex", "none"} & (page_wishes(self.root) | header_wishes(self.context.robots_tag)))

    @cached_property
    def types(self) -> frozenset[str]:
        """The schema.org types that the page gives itself in JSON-LD."""
        return self._linked.types

    @cached_property
    def og_type(self) -> str:
        """What Open Graph calls the page: usually `article` or `website`."""
        return next(iter(self._meta("og:type")), "").strip()

    @cached_property
    def body_classes(self) -> frozenset[str]:
        """The classes of <body>, which WordPress and its like fill with the kind of page."""
        return frozenset(name for classes in self._values("//body/@class") for name in classes.split())

    # -- where things stand ---------------------------------------------------------------------------------------------------

    def _values(self, path: str) -> list[str]:
        return [str(value) for value in self.root.xpath(path)]

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for element in self.root.iter("meta"):
            name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
            content = (element.get("content") or "").strip()
            if name and content:
                found.setdefault(name, []).append(content)
        return found

    def _meta(self, *names: str) -> list[str]:
        return [content for name in names for content in self._metas.get(name, ())]

    @cached_property
    def _linked(self) -> LinkedData:
        return LinkedData(self.root)

    @cached_property
    def _page_title(self) -> str:
        return one_line(next(iter(self._values("//head//title/text() | //title/text()")), ""))

    @cached_property
    def _heading(self) -> HtmlElement | None:
        """The heading that is the post's: of those that the page's title repeats the longest, else the only <h1>. Not the blog's name."""
        whole = _folded(" ".join([self._page_title, *self._meta("og:title")]))
        own = []
        for element in self.root.xpath("//h1 | //h2 | //*[contains(@class,'entry-title') or contains(@class,'post-title')]")[:100]:
            text = _folded(element.text_content())
            if text and text not in map(_folded, self.names) and not self._leads_home(element):
                own.append((text, element))
        repeated = [(text, element) for text, element in own if len(text) >= 3 and text in whole]
        if repeated:
            return max(repeated, key=lambda pair: len(pair[0]))[1]
        first = [element for _, element in own if element.tag == "h1"]
        return first[0] if len(first) == 1 else None

    @property
    def _heading_text(self) -> str:
        return one_line(self._heading.text_content()) if self._heading is not None else ""

    def _leads_home(self, element: HtmlElement) -> bool:
        for href in element.xpath(".//a/@href | ancestor::a/@href"):
            address = join(self.base, str(href))
            if address and url_key(address) in (url_key(self.context.source_url), url_key(urljoin(self.context.source_url, "/"))):
                return True
        return False

    @cached_property
    def _beside_heading(self) -> tuple[datetime | None, bool]:
        """The date written next to the heading, and whether it says that it is the day of publication."""
        heading = self._heading
        if heading is None:
            return None, False
        elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        place = next(index for index, element in enumerate(elements) if element is heading)
        # Before the heading only within what holds the heading: further up stand the dates of other posts.
        holder = next(iter([*heading.iterancestors()][1:2]), heading)
        before = [element for element in reversed(elements[max(place - 12, 0) : place]) if holder in element.iterancestors()]
        for element in (*elements[place : place + _NEAR], *before):
            said = bool(_STATED.search(" ".join(_surroundings(element).split())))
            if element.tag == "time" and (found := parse_date(element.get("datetime") or "", self.context.now)):
                return found, said
            # An abbreviation's title holds the exact date in old themes; a line of a theme is short, a sentence of a post is not.
            hidden = element.get("title") if element.tag in ("abbr", "span", "time") else ""
            for text in (hidden, element.text, element.tail if element is not heading else ""):
                line = " ".join((text or "").split())
                if 6 <= len(line) <= (80 if _STATED.search(line) else 40) and (found := find_date(line, self.context.now)):
                    return found, said
        return None, False


def _surroundings(element: HtmlElement) -> str:
    """The words around an element that holds a date: its parent's, if that is a line and no more."""
    parent = element.getparent()
    text = "".join(element.itertext()) if parent is None else "".join(parent.itertext())
    return text if len(text) <= 200 else "".join(element.itertext())[:200]


def without_name(title: str, names: tuple[str, ...]) -> str:
    """`title` without a blog's name before or after it: « Le titre | Mon blog », « Mon blog » Le titre »."""
    folded = {_folded(name) for name in names if name}
    for match in _SEPARATOR.finditer(title):
        head, tail = title[: match.start()].strip(), title[match.end() :].strip()
        if tail and _folded(head) in folded:
            return without_name(tail, names)
        if head and _folded(tail) in folded:
            return head
    return title


def _folded(text: str) -> str:
    return " ".join(one_line(text).casefold().replace("’", "'").split())
