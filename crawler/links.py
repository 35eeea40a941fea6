"""The links of a page, as far as they stay with the blog: which of them may lead to a post.

Owns the reading of anchors and the order of what is found. What an address alone says is decided in `crawler.backfill.addresses`. It
refuses to fetch and to know what the linked pages hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from crawler.backfill.addresses import may_follow
from crawler.backfill.strategy import Site
from crawler.hosts import join
from crawler.parsed import Context
from crawler.scoring import is_listing_address
from luciole.urls import url_key

MOST_ANCHORS: Final = 5000
"""Anchors of one page that are looked at."""

FEED_PATH: Final = re.compile(
    r"(/feed/?|/rss/?|/atom/?|\.(rss|atom|rdf)|/(rss|atom|feed|index|backend)\.xml|[?&]page=backend[\w-]*|[?&]feed=\w+)\Z", re.I
)
_NO_PAGE: Final = re.compile(
    r"/(drafts?|brouillons?|preview)/|[?&](replytocom|share|print|imprimer|showcomment|preview|action|ical)(=|&|\Z)", re.IGNORECASE
)
"""Drafts, and addresses that show a post once more: to answer, to share, to print."""

_SESSION: Final = re.compile(r"(?<=[?&])(phpsessid|jsessionid|sessionid|session_id|sid)=[^&#]*&?", re.IGNORECASE)
_TRACKBACK: Final = re.compile(r"/trackback/?\Z", re.IGNORECASE)
_INDEX: Final = re.compile(r"/index\.(html?|php)\Z", re.IGNORECASE)


def own_links(root: HtmlElement, base: str, home: str, context: Context) -> Iterator[tuple[str, HtmlElement]]:
    """The links of a page that may be followed, absolute, each once, with their anchors and in their order.

    `base` is the address against which they are joined, `home` that of the home page: links to other hosts, outside its directory, to
    itself and to the page that is read are left out, as are those that ask not to be followed (`nofollow`). WordPress's trackback address
    of a post is read as the post's own; session ids are left out of the address.
    """
    site = Site(home=home)
    seen = {_same(address) for address in (context.url, context.requested, context.source_url, home)}
    anchors = (element for element in root.iter("a", "link") if element.tag == "a" or _relations(element) & {"next", "prev"})
    for anchor in islice(anchors, MOST_ANCHORS):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith("#") or "nofollow" in _relations(anchor):
            continue
        address = _SESSION.sub("", _TRACKBACK.sub("/", join(base, href))).rstrip("?&")
        if not address or FEED_PATH.search(address) or _NO_PAGE.search(address) or not may_follow(address, site):
            continue
        if (key := _same(address)) not in seen:
            seen.add(key)
            yield address, anchor


def post_links(root: HtmlElement, base: str, home: str, context: Context) -> Iterator[str]:
    """Those of `own_links` that may lead to posts, at most `context.most_links`."""
    found = (address for address, _ in own_links(root, base, home, context) if not is_listing_address(address))
    return islice(found, context.most_links)


def _relations(element: HtmlElement) -> set[str]:
    return set((element.get("rel") or "").lower().split())


def _same(address: str) -> str:
    """The key of an address, under which a directory and its index meet."""
    return url_key(_INDEX.sub("/", address))
