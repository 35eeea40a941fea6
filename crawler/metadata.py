"""What a page says of itself beside its text: title, authors, dates, address, licence, lead image, DOIs, whether it is for members.

Owns where such things stand in real pages, and which statement wins. It refuses to guess: what is not stated stays empty (guesses are
`crawler.pages`' to ask for, and marked). Everything it returns is plain text or an absolute address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from crawler.authors import clean_authors
from crawler.dates import parse_date
from crawler.dois import dois_in
from crawler.heading import date_beside, folded, heading_of
from crawler.hosts import hosts_of, join, same_site
from crawler.images import lead_image
from crawler.linked_data import LinkedData
from crawler.members import is_for_members
from crawler.parsed import Context
from crawler.plain import one_line
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
_CREATIVE_COMMONS: Final = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>[a-z-]+)|publicdomain/(?P<free>zero|mark))/(?P<version>\d\.\d)", re.I
)
_BESIDE: Final = re.compile(
    r"(?:\A|\s)(?:comments?|comment-?list|respond|sidebar|widgets?|widget[-_]\S*|(?:site-)?footer|related(?:-posts)?|blogroll|secondary|menu|"
    r"nav)(?=\s|\Z)",
    re.IGNORECASE,
)
_MOST_LINKS: Final = 3000


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
        for candidate in (*stated, self._heading_text, self.page_title):
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
        beside, said = date_beside(self.root, self._heading, self.context.now)
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
    def image(self) -> str | None:
        """The address of the lead image: og:image, JSON-LD, Twitter's card, the first large figure."""
        stated = [*self._meta("og:image", "og:image:secure_url", "og:image:url"), *self._linked.images]
        return lead_image([*stated, *self._meta("twitter:image", "twitter:image:src")], self.root, self.base)

    @cached_property
    def dois(self) -> tuple[str, ...]:
        """The page's own DOI and those to which the post's links lead; what its text says is not among them."""
        own = self._meta("citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "doi", "bepress_citation_doi")
        return dois_in(*own, links=islice(self._links, _MOST_LINKS))

    @cached_property
    def members_only(self) -> bool:
        """Whether the page shows but a teaser to those who are no members."""
        return is_for_members(self.root, self._linked)

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
    def page_title(self) -> str:
        """What stands in <title>, the blog's name included."""
        return one_line(next(iter(self._values("//head//title/text() | //title/text()")), ""))

    @cached_property
    def _heading(self) -> HtmlElement | None:
        told = " ".join([self.page_title, *self._meta("og:title")])
        return heading_of(self.root, told, self.names, self.base, self.context.source_url)

    @property
    def _heading_text(self) -> str:
        return one_line(self._heading.text_content()) if self._heading is not None else ""

    @property
    def _links(self) -> Iterator[str]:
        """Where the links of the post lead; those of menus, sidebars, footers and comments do not count."""
        beside = 0
        body = self.root.find("body")
        for event, element in etree.iterwalk(body if body is not None else self.root, events=("start", "end")):
            if _is_beside(element):
                beside += 1 if event == "start" else -1
            elif event == "start" and element.tag == "a" and not beside and (href := element.get("href")):
                yield href


def _is_beside(element: HtmlElement) -> bool:
    if element.tag in ("html", "body", "main", "article"):
        return False
    if element.tag in ("nav", "aside"):
        return True
    classes, name = element.get("class"), element.get("id")
    return bool((classes and _BESIDE.search(classes)) or (name and _BESIDE.search(name)))


def without_name(title: str, names: tuple[str, ...]) -> str:
    """`title` without a blog's name before or after it: « Le titre | Mon blog », « Mon blog » Le titre »."""
    known = {folded(name) for name in names if name}
    for match in _SEPARATOR.finditer(title):
        head, tail = title[: match.start()].strip(), title[match.end() :].strip()
        if tail and folded(head) in known:
            return without_name(tail, names)
        if head and folded(tail) in known:
            return head
    return title
