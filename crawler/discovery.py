"""A blog's home page: where its feeds are, and which of its links may be posts.

Owns the reading of `<link rel=alternate>`, the places where feeds usually are, and the choice of links for blogs without any feed. It
refuses to know whether anything it names exists: the fetching side tries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.charset import decode, foreign_type
from crawler.hosts import hosts_of, join, same_site
from crawler.pages import read_html
from crawler.parsed import Context, ParsedHome
from crawler.scoring import is_listing_address
from luciole.urls import url_key

MOST_LINKS: Final = 200
"""Links followed from one home page, at most."""

_MOST_ANCHORS: Final = 5000

GUESSES: Final = ("feed/", "feed.xml", "atom.xml", "index.xml", "rss", "rss.xml", "feeds/posts/default", "spip.php?page=backend")
"""Where feeds are by custom, relative to a home page: WordPress, Jekyll, Atom, Hugo, Ghost and Overblog, Nikola, Blogger, SPIP."""

_FEED_TYPE: Final = re.compile(r"application/(rss|atom|rdf)\+xml|(application|text)/xml\Z", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comment(s|aires?)?\b", re.IGNORECASE)
_PART: Final = re.compile(
    r"/(categor\w+|tags?|auteurs?|authors?|mots?)/|[?&](cat|tag|author|id_rubrique|id_mot|id_auteur)=|/feeds/posts/default/-/", re.I
)
_FEED_PATH: Final = re.compile(
    r"(/feed/?|/rss/?|/atom/?|\.(rss|atom|rdf)|/(rss|atom|feed|index|backend)\.xml|[?&]page=backend[\w-]*|[?&]feed=\w+)\Z", re.I
)
_FILE: Final = re.compile(
    r"\.(pdf|jpe?g|png|gif|svg|webp|avif|ico|bmp|tiff?|mp[34g]|m4[av]|ogg|og[av]|wav|flac|webm|avi|mov|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|dmg|iso|"
    r"apk|docx?|xlsx?|pptx?|od[tsp]|epub|csv|tsv|json|xml|rss|atom|txt|md|tex|bib|ipynb|py|js|css|woff2?|ttf|eot)\Z",
    re.IGNORECASE,
)
_NO_POST: Final = re.compile(
    r"/(trackback|wp-admin|wp-login|wp-content|wp-includes|wp-json|feed|feeds|comments?|login|connexion|inscription|register|cart|panier|"
    r"mentions-legales|legal|contact|a-?propos|about|plan-du-site|sitemap|rss|cgu|privacy|confidentialite|politique-de-confidentialite|"
    r"search|recherche)(\.html?|\.php|/|\Z)|[?&](replytocom|share|print|action|s|q|page=(backend|login|plan|contact|recherche))\b",
    re.IGNORECASE,
)


def parse_home(body: bytes, context: Context) -> ParsedHome:
    """The feeds that the page announces (those of categories last, those of comments never), the usual places, and links in order.

    Addresses are absolute, each once. `links` stay on the blog's hosts and below the home page's directory.
    """
    home = directory(context.url)
    guesses = tuple(urljoin(home, guess) for guess in GUESSES)
    if kind := foreign_type(body, context.content_type):
        return ParsedHome(guesses=guesses, problem=f"type de contenu non pris en charge : {kind}")
    root = read_html(decode(body, context.content_type))
    if root is None:
        return ParsedHome(guesses=guesses, problem="page vide")
    base = next((found for href in root.xpath("//base/@href") if (found := join(context.url, str(href)))), context.url)
    announced = tuple(dict.fromkeys(_announced(root, base)))
    known = {url_key(address) for address in announced}
    return ParsedHome(
        announced=announced,
        guesses=tuple(guess for guess in guesses if url_key(guess) not in known),
        links=tuple(_links(root, base, home, context)),
    )


def directory(url: str) -> str:
    """The address of the directory of a home page: `…/blog` and `…/blog/index.html` are both in `…/blog/`."""
    parts = urlsplit(url)
    head, _, last = parts.path.rpartition("/")
    path = f"{head}/" if "." in last or not last else f"{head}/{last}/"
    return parts._replace(path=path, query="", fragment="").geturl()


def _announced(root: HtmlElement, base: str) -> Iterator[str]:
    """Announced feeds: those of the whole blog, then those of a part of it, then plain links that look like feeds."""
    parts: list[str] = []
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        if "alternate" not in relations or not _FEED_TYPE.match((link.get("type") or "").strip()):
            continue
        address = join(base, link.get("href") or "")
        if not address or _of_comments(address, link.get("title") or ""):
            continue
        if _PART.search(address):
            parts.append(address)
        else:
            yield address
    yield from parts
    for anchor in islice(root.iter("a"), _MOST_ANCHORS):
        href = (anchor.get("href") or "").strip()
        address = join(base, href) if _FEED_PATH.search(href) else ""
        if address and _FEED_PATH.search(address) and not _of_comments(address, "") and urlsplit(address).netloc == urlsplit(base).netloc:
            yield address


def _of_comments(address: str, title: str) -> bool:
    return bool(_COMMENTS.search(urlsplit(address).path) or _COMMENTS.search(title))


def _links(root: HtmlElement, base: str, home: str, context: Context) -> Iterator[str]:
    hosts = hosts_of(context)
    seen = {url_key(context.url), url_key(context.requested), url_key(context.source_url), url_key(home)}
    below = urlsplit(home).path
    count = 0
    for anchor in islice(root.iter("a"), _MOST_ANCHORS):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith("#") or "nofollow" in (anchor.get("rel") or "").lower().split():
            continue
        address = join(base, href)
        if not address or not same_site(address, hosts) or not urlsplit(address).path.startswith(below) or not _may_be_post(address):
            continue
        key = url_key(address)
        if key in seen or key.removesuffix("/index.html") in seen:
            continue
        seen.add(key)
        yield address
        count += 1
        if count == MOST_LINKS:
            return


def _may_be_post(address: str) -> bool:
    parts = urlsplit(address)
    tail = parts.path + (f"?{parts.query}" if parts.query else "")
    return not (_FILE.search(parts.path) or _FEED_PATH.search(address) or _NO_POST.search(tail) or is_listing_address(address))
