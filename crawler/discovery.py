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
from crawler.hosts import join
from crawler.links import FEED_PATH, MOST_ANCHORS, post_links
from crawler.pages import read_html
from crawler.parsed import Context, ParsedHome
from crawler.plain import one_line
from crawler.platforms import platform_of, rest_root
from crawler.sold import parking_problem
from luciole.urls import url_key

GUESSES: Final = ("feed/", "feed.xml", "atom.xml", "index.xml", "rss", "rss.xml", "feeds/posts/default", "spip.php?page=backend")
"""Where feeds are by custom, relative to a home page: WordPress, Jekyll, Atom, Hugo, Ghost and Overblog, Nikola, Blogger, SPIP."""

_FEED_TYPE: Final = re.compile(r"application/((rss|atom|rdf)\+xml|feed\+json)|(application|text)/xml\Z", re.IGNORECASE)
_JSON_TYPE: Final = re.compile(r"application/json\Z", re.IGNORECASE)
# Of JSON without a name of its own, the interfaces of WordPress and oEmbed are announced the same way.
_JSON_FEED_PATH: Final = re.compile(r"\bfeeds?(/json/?|[^/]*\.json|/[^/]+\.json)\Z", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comment(s|aires?)?\b", re.IGNORECASE)
_PART: Final = re.compile(
    r"/(categor\w+|tags?|auteurs?|authors?|mots?)/|[?&](cat|tag|author|id_rubrique|id_mot|id_auteur)=|/feeds/posts/default/-/", re.I
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
    if problem := parking_problem(body, context):
        return ParsedHome(problem=problem)
    base = next((found for href in root.xpath("//base/@href") if (found := join(context.url, str(href)))), context.url)
    announced = tuple(dict.fromkeys(_announced(root, base)))
    known = {url_key(address) for address in announced}
    return ParsedHome(
        announced=announced,
        guesses=tuple(guess for guess in guesses if url_key(guess) not in known),
        links=tuple(post_links(root, base, home, context)),
        title=one_line(next((title.text or "" for title in root.iter("title")), "")),
        platform=platform_of(root, context),
        rest_root=rest_root(root, base, context),
    )


def directory(url: str) -> str:
    """The address of the directory of a home page: `…/blog` and `…/blog/index.html` are both in `…/blog/`."""
    parts = urlsplit(url)
    head, _, last = parts.path.rpartition("/")
    path = f"{head}/" if "." in last or not last else f"{head}/{last}/"
    return parts._replace(path=path, query="", fragment="").geturl()


def _announced(root: HtmlElement, base: str) -> Iterator[str]:
    """Announced feeds: those of the whole blog (XML before JSON), then those of a part of it, then plain links that look like feeds."""
    parts: list[str] = []
    json: list[str] = []
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        address = join(base, link.get("href") or "") if "alternate" in relations else ""
        kind = (link.get("type") or "").strip().lower()
        if not address or not _is_feed(kind, address) or _of_comments(address, link.get("title") or ""):
            continue
        if _PART.search(address):
            parts.append(address)
        elif "json" in kind:
            json.append(address)  # its twin of XML may say how long the archive is, and where it goes on
        else:
            yield address
    yield from json
    yield from parts
    for anchor in islice(root.iter("a"), MOST_ANCHORS):
        href = (anchor.get("href") or "").strip()
        address = join(base, href) if FEED_PATH.search(href) else ""
        if address and FEED_PATH.search(address) and not _of_comments(address, "") and urlsplit(address).netloc == urlsplit(base).netloc:
            yield address


def _is_feed(kind: str, address: str) -> bool:
    return bool(_FEED_TYPE.match(kind) or (_JSON_TYPE.match(kind) and _JSON_FEED_PATH.search(urlsplit(address).path)))


def _of_comments(address: str, title: str) -> bool:
    return bool(_COMMENTS.search(urlsplit(address).path) or _COMMENTS.search(title))
