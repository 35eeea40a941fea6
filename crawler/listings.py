"""Pages whose links are followed: what they list, where their older page is, and whether they are posts themselves.

Owns the reading of pagers and the order in which further lists are worth reading. It refuses to know how far the links are followed: the
strategy `links` of `crawler.backfill` decides that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.backfill.addresses import is_own, is_pager
from crawler.charset import decode, foreign_type
from crawler.hosts import join
from crawler.links import own_links
from crawler.pages import parse_page, read_html
from crawler.parsed import Context, ParsedListing
from crawler.scoring import is_listing_address
from crawler.wishes import header_wishes, page_wishes
from luciole.urls import url_key

_OLDER_CLASS: Final = re.compile(r"blog-pager-older-link|nav-previous|older(-posts?)?\Z|next(-page)?\Z|pagination-next|pager-next")
_OLDER_WORDS: Final = re.compile(
    r"\W*((les )?(articles?|billets?|notes?|entrées?|messages?|posts?|publications?|pages?|actualités?) )?"
    r"((les )?plus (anciens?|anciennes?)|(?<=s )précédent(e?s)|older( (posts?|entries|articles|stories))?|previous (posts|entries|articles)"
    r"|(?<!s )suivante?|next( page)?)\W*\Z",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?:/page[-/]?|[?&]paged?=|[?&]debut_\w{1,40}=)(\d{1,7})(?!\d)", re.IGNORECASE)

_RANKS: Final = (
    re.compile(r"/archives?(\.html?|/|\Z)|/(sommaire|all|tous|toutes)(\.html?|/|\Z)|[?&]page=plan\b", re.IGNORECASE),
    re.compile(r"/\d{4}(/\d{1,2})?(/|/index\.html?)?\Z"),
    re.compile(r"/(categor\w+|rubrique\d*)(\.html?|/|\Z)|[?&](cat|rubrique\d+|id_rubrique)(=|&|\Z)", re.IGNORECASE),
)
_DAY: Final = re.compile(r"/\d{4}/\d{1,2}/\d{1,2}(/|/index\.html?)?\Z")


def parse_listing(body: bytes, context: Context) -> ParsedListing:
    """What a page leads to, and the post that it is, if it is one.

    A page that asks that its links be not followed (`nofollow`, `none`) gives none. Lists come in the order of their use: the page's own
    older page and the other pages of its pager, archives, years and months, sections; tags and authors, which repeat all these, only
    where there is nothing else; days never. The older page of a post is the older post, where it names one (rel=prev).
    """
    if kind := foreign_type(body, context.content_type):
        return ParsedListing(problem=f"type de contenu non pris en charge : {kind}")
    root = read_html(decode(body, context.content_type))
    if root is None:
        return ParsedListing(problem="page vide")
    sighting = parse_page(body, context).sighting
    if {"nofollow", "none"} & (page_wishes(root) | header_wishes(context.robots_tag)):
        return ParsedListing(sighting=sighting)
    base = next((found for href in root.xpath("//base/@href") if (found := join(context.url, str(href)))), context.url)
    home = context.source_url if is_own(context.url, context.source_url) else urljoin(context.url, "/")
    links = list(own_links(root, base, home, context))
    older = _named(links, "prev") if sighting is not None else _older(links, context)
    return ParsedListing(
        posts=tuple(address for address, _ in links if address != older and not is_listing_address(address))[: context.most_links],
        listings=tuple(_lists((address for address, _ in links), older))[: context.most_links],
        next=older,
        sighting=sighting,
    )


def _lists(addresses: Iterable[str], older: str) -> Iterator[str]:
    ranked: dict[int, list[str]] = {}
    for address in addresses:
        if address != older and is_listing_address(address) and not _DAY.search(urlsplit(address).path):
            ranked.setdefault(_rank(address), []).append(address)
    if older:
        yield older
    for rank in sorted(ranked):
        if rank <= len(_RANKS) or (len(ranked) == 1 and not older):
            yield from ranked[rank]


def _rank(address: str) -> int:
    if is_pager(address):
        return 0
    return next((rank for rank, found in enumerate(_RANKS, 1) if found.search(address)), len(_RANKS) + 1)


def _named(links: Iterable[tuple[str, HtmlElement]], relation: str) -> str:
    """The first address that the page names with a relation, "" for none."""
    return next((address for address, anchor in links if relation in (anchor.get("rel") or "").lower().split()), "")


def _older(links: list[tuple[str, HtmlElement]], context: Context) -> str:
    """The older page: what the page says with rel=next, with a theme's class or in words, else the next number of its pager."""
    if address := _named(links, "next"):
        return address
    for address, anchor in links:
        holder = anchor.getparent()
        names = f"{anchor.get('class') or ''} {holder.get('class') or '' if holder is not None else ''}".lower().split()
        said = _OLDER_WORDS.fullmatch(" ".join("".join(anchor.itertext()).split())[:80])
        if (said or any(map(_OLDER_CLASS.match, names))) and is_listing_address(address):
            return address
    return _next_number([address for address, _ in links], context.url)


def _next_number(addresses: list[str], here: str) -> str:
    """The page of the same pager with the smallest number above that of this page (1 or, for SPIP's `debut_`, 0 when it has none)."""
    number = _NUMBER.search(here)
    reached = int(number[1]) if number else None
    stem = _stem(here)
    following = []
    for address in addresses:
        found = _NUMBER.search(address)
        if found and _stem(address) == stem:
            least = reached if reached is not None else 0 if "debut_" in found[0] else 1
            if int(found[1]) > least:
                following.append((int(found[1]), address))
    return min(following, default=(0, ""))[1]


def _stem(address: str) -> str:
    """The key of the list that an address is a page of."""
    return url_key(_NUMBER.sub("", address, count=1).replace("/index.html", "/"))
