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
from urllib.parse import urljoin, urlsplit

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


def parse_feed(body: bytes, context: Context) -> ParsedFeed:
    """The entries of a feed, in its order.

    Entries without a usable address (none, not http(s), or on a host that is neither the blog's nor the feed's) are counted in `skipped`.
    What is no feed of posts has a `problem`.
    """
    if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return ParsedFeed(problem="ce fil est au format JSON Feed, que Luciole ne lit pas encore")
    found = feedparser.parse(
        io.BytesIO(body),  # never bytes or text: feedparser takes those for a file's name or an address, and opens it
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
    guids = _usable_guids(entries, context)
    parsed: list[Entry] = []
    foreign: Counter[str] = Counter()
    for entry, guid in zip(entries, guids, strict=True):
        addresses = _addresses(entry, _text(feed.get("link")), context)
        url = next((address for address in addresses if same_site(address, hosts) or context.source_type == "podcast"), None)
        if url is None:
            foreign.update([urlsplit(address).hostname or "" for address in addresses[:1]])
            continue
        parsed.append(_entry(entry, url, guid, addresses, title, context))
    problem = ""
    if not parsed and foreign:
        problem = f"toutes les adresses de ce fil mènent à un autre site ({foreign.most_common(1)[0][0][:100]})"
    return ParsedFeed(title=title, entries=tuple(parsed), skipped=len(entries) - len(parsed), problem=problem)


def _entry(entry: Any, url: str, guid: str | None, addresses: list[str], blog: str, context: Context) -> Entry:
    markup, full = _markup(entry)
    text = without_footer(plain_text(markup) if "<" in markup or "&" in markup else tidy(markup))
    podcast = context.source_type == "podcast"
    complete = podcast or is_complete(text, markup, from_content=full, summarised="summary_detail" in entry)
    title = one_line(_text(entry.get("title")))
    published = _date(entry, context)
    home = url_key(context.source_url)
    hosts = hosts_of(context)
    also = [address for address in addresses if address != url and same_site(address, hosts) and url_key(address) != home]
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
    return absolute.partition("#")[0] if "#!" not in absolute else absolute


def _usable_guids(entries: list[Any], context: Context) -> list[str | None]:
    """The guid of every entry; all None where the feed gives the same one to many posts (a template's mistake)."""
    guids = [_text(entry.get("id")).strip() or None for entry in entries]
    given = [guid for guid in guids if guid]
    links = {_text(entry.get("link")) for entry in entries}
    if len(given) > 1 and len(set(given)) * 2 <= len(given) and len(links) > len(set(given)):
        return [None] * len(entries)
    return guids


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
