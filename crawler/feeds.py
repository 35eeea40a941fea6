"""Feeds: RSS and Atom of every age into sightings. The only module that knows feedparser.

Owns what an entry of a feed means: its address, identity, date, authors, text, and whether that text is the whole post. It refuses to
know about fetching and about what the store already holds. feedparser reads the XML leniently and cleans nothing here: everything that
leaves is plain text or an http(s) address.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

import feedparser

from crawler.authors import clean_authors
from crawler.dates import believed, parse_date
from crawler.fulltext import is_complete, without_footer
from crawler.hosts import hosts_of, same_site
from crawler.language import language_of
from crawler.parsed import Context, Entry, ParsedFeed
from crawler.plain import one_line, plain_text, tidy
from luciole.article import Sighting
from luciole.urls import url_key

MOST_ENTRIES: Final = 500
"""Entries read of one feed, from its top: the newest, by custom."""

_COMMENT_PATH: Final = re.compile(
    r"/comments(/feed)?(/default|/\d+/default)?/?\Z|/feed/comments|/comments/|comments-rss|withcomments=|feed=comments", re.I
)
_COMMENT_TITLE: Final = re.compile(
    r"\s*(commentaires?\s+(sur|pour|de|à)\b|comments?\s+(on|for)\b|comments\s*:|commentaires\s*:)", re.IGNORECASE
)
_COMMENT_ENTRY: Final = re.compile(r"\s*((par|by)\s*:|commentaires? (sur|de)\b|comments? (on|by)\b|re\s*:)", re.IGNORECASE)
# feedparser takes seconds of Unix for years, the year 0001 (Hugo's default) for 2001, and zones that it does not know for UTC.
_MISREAD: Final = re.compile(
    r"\A\s*\d{9,13}\s*\Z|(?<![+-])\b0\d{3}\b(?![:\d])|\b(CES?T|HAEC|HNEC|MES?T|MES?Z|BST|EES?T|HAE|HNE)\s*\Z", re.IGNORECASE
)

_UNSEEN: Final = re.compile("[\x00-\x20\x7f-\xa0\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What an address shown to somebody must not hold as it is: it would speak to a terminal, or reorder the words around it."""

# One reference to no character, or half of a pair that another program cut in two, would cost the whole feed.
_REFERENCES: Final = re.compile(rb"(?:&#(?:x[0-9a-f]+|[0-9]+);?)+", re.IGNORECASE)
_REFERENCE: Final = re.compile(rb"&#(x?)0*([0-9a-f]+)", re.IGNORECASE)


def parse_feed(body: bytes, context: Context) -> ParsedFeed:
    """The entries of a feed, in its order.

    Entries without a usable address (none, not http(s), or on a host that is neither the blog's nor the feed's) are counted in `skipped`.
    What is no feed of posts has a `problem`.
    """
    if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return ParsedFeed(problem="ce fil est au format JSON Feed, que Luciole ne lit pas encore")
    found = feedparser.parse(
        io.BytesIO(_REFERENCES.sub(_possible, body)),  # never bytes or text: feedparser opens those as a file or an address
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": context.content_type or "application/xml"},
    )
    feed, entries = found.feed, list(found.entries[:MOST_ENTRIES])
    title = one_line(_text(feed.get("title")))
    if not entries:
        return ParsedFeed(title=title, problem="" if found.get("version") else "ce n’est pas un fil RSS ou Atom")
    if _are_comments(title, feed, entries, context):
        return ParsedFeed(title=title, problem="c’est un fil de commentaires, pas d’articles")
    hosts = hosts_of(context)
    stated = [_addresses(entry, _text(feed.get("link")), context) for entry in entries]
    guids = _usable_guids(entries, stated, context)
    common = _common_addresses(entries, stated, context)
    parsed: list[Entry] = []
    foreign: Counter[str] = Counter()
    for entry, guid, given in zip(entries, guids, stated, strict=True):
        addresses = [address for address in given if url_key(address) not in common]
        url = next((address for address in addresses if same_site(address, hosts) or context.source_type == "podcast"), None)
        if url is None:
            foreign.update([urlsplit(address).hostname or "" for address in addresses[:1]])
            continue
        parsed.append(_entry(entry, url, guid, addresses, title, context))
    problem = ""
    if not parsed and any(stated) and not foreign:
        problem = "les billets de ce fil n’ont pas d’adresse à eux"
    elif not parsed and foreign:
        problem = f"toutes les adresses de ce fil mènent à un autre site ({foreign.most_common(1)[0][0][:100]})"
    return ParsedFeed(title=title, entries=tuple(parsed), skipped=len(entries) - len(parsed), problem=problem)


def _entry(entry: Any, url: str, guid: str | None, addresses: list[str], blog: str, context: Context) -> Entry:
    markup, full = _markup(entry)
    text = without_footer(plain_text(markup) if "<" in markup or "&" in markup else tidy(markup))
    podcast = context.source_type == "podcast"
    complete = podcast or is_complete(text, markup, from_content=full, summarised="summary_detail" in entry)
    title = one_line(_text(entry.get("title")))
    published = _date(entry, context)
    hosts = hosts_of(context)
    also = [address for address in addresses if address != url and same_site(address, hosts)]
    if guid is None:  # what the whole feed repeats names no post
        also = [address for address in also if address != _joined(_text(entry.get("id")), "", context)]
    sighting = Sighting(
        source_id=context.source_id,
        url=url,
        seen_at=context.now,
        title=title,
        named_by="feed",
        authors=clean_authors(_names(entry), context.source_name, blog),
        published=published,
        published_basis="feed" if published else None,
        language=language_of(f"{title}\n{text}") or context.language,
        text=text,
        text_basis="feed" if complete else "summary",
        guid=guid,
        also=tuple(dict.fromkeys(also)),
    )
    return Entry(sighting=sighting, complete=complete)


def _markup(entry: Any) -> tuple[str, bool]:
    """The longest text that the entry has, and whether it stands in an element meant for the whole post."""
    contents = [_text(content.get("value")) for content in entry.get("content") or () if isinstance(content, dict)]
    content = max(contents, key=len, default="")
    summary = _text(entry.get("summary"))
    return (content, True) if content and len(content) >= len(summary) else (summary, False)


def _addresses(entry: Any, feed_link: str, context: Context) -> list[str]:
    """Every http(s) address that the entry gives itself, best first, each once."""
    links = [link for link in entry.get("links") or () if isinstance(link, dict)]
    base = next((_text(detail.get("base")) for name in ("title_detail", "summary_detail") if (detail := entry.get(name))), "")
    candidates = [_text(entry.get("feedburner_origlink")), _text(entry.get("link"))]
    candidates += [_text(link.get("href")) for link in links if link.get("rel") == "alternate"]
    if "link" not in entry and not any(candidates):
        candidates += [_text(link.get("href")) for link in links if link.get("rel") == "self"]
    guid = _text(entry.get("id"))
    if guid.lower().startswith(("http://", "https://")):
        candidates.append(guid)
    if context.source_type == "podcast":
        candidates += [_text(link.get("href")) for link in links if link.get("rel") == "enclosure"]
    joined = (_joined(candidate, base or feed_link, context) for candidate in candidates if candidate.strip())
    return list(dict.fromkeys(address for address in joined if address))


def _joined(address: str, base: str, context: Context) -> str:
    """The absolute form of an address, or "" when it is not http(s) or makes no sense."""
    try:
        absolute = urljoin(urljoin(context.url, base.strip()), "".join(address.split("\n")).strip())
        url_key(absolute)
    except ValueError:
        return ""
    absolute = _UNSEEN.sub(lambda found: quote(found[0]), absolute)
    return absolute.partition("#")[0] if "#!" not in absolute else absolute


def _usable_guids(entries: list[Any], stated: list[list[str]], context: Context) -> list[str | None]:
    """The guid of every entry, None where the feed gives it to several posts, or where it is the blog's own address."""
    guids = [_text(entry.get("id")).strip() for entry in entries]
    posts: dict[str, set[str]] = {}
    for guid, addresses in zip(guids, stated, strict=True):
        own = next((url_key(address) for address in addresses if address.rstrip("/") != guid.rstrip("/")), "")
        posts.setdefault(guid, set()).add(own)
    home = _key(context.source_url)
    return [guid if guid and len(posts[guid]) == 1 and _key(guid) != home else None for guid in guids]


def _common_addresses(entries: list[Any], stated: list[list[str]], context: Context) -> frozenset[str]:
    """Keys of addresses that name no post: the home page, and what entries of different titles and guids all lead to."""
    posts: dict[str, set[tuple[str, str]]] = {}
    for entry, addresses in zip(entries, stated, strict=True):
        for key in {url_key(address) for address in addresses}:
            posts.setdefault(key, set()).add((one_line(_text(entry.get("title"))), _text(entry.get("id")).strip()))
    # An entry given twice, renamed or with a new guid, differs in one of the two.
    common = (key for key, named in posts.items() if all(len(set(marks)) > 1 for marks in zip(*named, strict=True)))
    return frozenset([_key(context.source_url), *common])


def _key(address: str) -> str:
    """`url_key`, or "" for what is no address."""
    try:
        return url_key(address)
    except ValueError:
        return ""


def _possible(run: re.Match[bytes]) -> bytes:
    """A run of character references without those that no document may hold; the halves of a pair become the character they mean."""
    codes = [int(digits, 16 if hexadecimal else 10) if len(digits) < 9 else -1 for hexadecimal, digits in _REFERENCE.findall(run[0])]
    if all(code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code < 0x110000 for code in codes):
        return run[0]
    halves = "".join(chr(code) for code in codes if code in (9, 10, 13) or 0x20 <= code < 0x110000)
    return "".join(f"&#{ord(one)};" for one in halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")).encode()


def _date(entry: Any, context: Context) -> datetime | None:
    """When the entry says that it was published, else made, else changed."""
    for name in ("published", "created", "updated"):
        text = _text(entry.get(name)) if name in entry else ""
        if not text:
            continue
        stated = entry.get(f"{name}_parsed")
        date = None
        if stated is not None and not _MISREAD.search(text):
            date = believed(_from_tuple(stated), context.now)
        date = date or parse_date(text, context.now)
        if date is not None:
            return date
    return None


def _from_tuple(stated: Any) -> datetime | None:
    try:
        year, month, day, hour, minute, second = stated[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, TypeError):
        return None


def _names(entry: Any) -> list[str]:
    authors = [_text(author.get("name")) for author in entry.get("authors") or () if isinstance(author, dict)]
    return [name for name in authors if name] or [_text(entry.get("author"))]


def _are_comments(title: str, feed: Any, entries: list[Any], context: Context) -> bool:
    """Whether the feed holds comments: by its address, by its title, or because every entry answers something."""
    path = urlsplit(context.url).path + "?" + urlsplit(context.url).query
    if _COMMENT_PATH.search(path.rstrip("?")) or _COMMENT_TITLE.match(title):
        return True
    if all("thr_in-reply-to" in entry or "in-reply-to" in entry for entry in entries):
        return True
    return len(entries) > 1 and all(_COMMENT_ENTRY.match(one_line(_text(entry.get("title")))) for entry in entries)


def _text(value: Any) -> str:
    """feedparser's values are text, missing, or now and then something else."""
    return value if isinstance(value, str) else ""
