"""Feeds: RSS and Atom of every age. The only module that knows feedparser.

Owns where RSS and Atom say what (`crawler.entries` makes sightings of it) and how to tell a feed of comments. It refuses to know about
fetching and about what the store already holds. feedparser reads the XML leniently and cleans nothing here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import feedparser

from crawler.charset import mended
from crawler.dates import believed, parse_date
from crawler.entries import Stated, absolute, gathered, next_page, stated_count
from crawler.json_feed import parse_json_feed
from crawler.parsed import Context, ParsedFeed
from crawler.plain import one_line
from crawler.sold import parking_problem

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

# One reference to no character, or half of a pair that another program cut in two, would cost the whole feed.
_REFERENCES: Final = re.compile(rb"(?:&#(?:x[0-9a-f]+|[0-9]+);?)+", re.IGNORECASE)
_REFERENCE: Final = re.compile(rb"&#(x?)0*([0-9a-f]+)", re.IGNORECASE)


def parse_feed(body: bytes, context: Context) -> ParsedFeed:
    """The entries of a feed, in its order: RSS, Atom or JSON Feed.

    At most `context.most_entries` are read, from the top: the newest, by custom. Entries without a usable address (none, not http(s), or
    on a host that is neither the blog's nor the feed's) are counted in `skipped`. What is no feed of posts has a `problem`.
    """
    if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return parse_json_feed(body, context)
    readable = _REFERENCES.sub(_possible, mended(body, context.content_type))
    found = feedparser.parse(
        io.BytesIO(readable),  # never bytes or text: feedparser opens those as a file or an address
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": context.content_type or "application/xml"},
    )
    feed, entries = found.feed, list(found.entries[: context.most_entries])
    title = one_line(_text(feed.get("title")))
    if not entries and not found.get("version"):
        return ParsedFeed(title=title, problem=parking_problem(body, context) or "ce n’est pas un fil RSS, Atom ou JSON Feed")
    if entries and _are_comments(title, feed, entries, context):
        return ParsedFeed(title=title, problem="c’est un fil de commentaires, pas d’articles")
    link = _text(feed.get("link"))
    return replace(
        gathered(title, [_stated(entry, link, context) for entry in entries], context),
        # OpenSearch has two namespaces, of which feedparser knows one: the other keeps the feed's own prefix.
        total=next((stated_count(_text(feed[name])) for name in feed if str(name).endswith("totalresults")), None),
        next=next_page(_older(feed), context),
        whole="fh_complete" in feed,
    )


def _stated(entry: Any, feed_link: str, context: Context) -> Stated:
    markup, full = _markup(entry)
    return Stated(
        addresses=tuple(_addresses(entry, feed_link, context)),
        guid=_text(entry.get("id")).strip(),
        title=_text(entry.get("title")),
        markup=markup,
        from_content=full,
        summarised="summary_detail" in entry,
        names=tuple(_names(entry)),
        published=_date(entry, context),
        images=tuple(dict.fromkeys(absolute(address, feed_link, context) for address in _images(entry) if address.strip())),
    )


def _markup(entry: Any) -> tuple[str, bool]:
    """The longest text that the entry has, and whether it stands in an element meant for the whole post."""
    contents = [_text(content.get("value")) for content in entry.get("content") or () if isinstance(content, dict)]
    content = max(contents, key=len, default="")
    summary = _text(entry.get("summary"))
    return (content, True) if content and len(content) >= len(summary) else (summary, False)


def _addresses(entry: Any, feed_link: str, context: Context) -> list[str]:
    """Every http(s) address that the entry gives itself, best first, each once."""
    links = _links(entry)
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
    joined = (absolute(candidate, base or feed_link, context) for candidate in candidates if candidate.strip())
    return list(dict.fromkeys(address for address in joined if address))


def _images(entry: Any) -> Iterator[str]:
    """The pictures that the entry gives itself outside its text: Media RSS, an enclosure, iTunes."""
    for media in entry.get("media_content") or ():
        if isinstance(media, dict) and (media.get("medium") == "image" or _text(media.get("type")).startswith("image/")):
            yield _text(media.get("url"))
    yield from (_text(link.get("href")) for link in _links(entry) if _text(link.get("type")).startswith("image/"))
    yield from (_text(media.get("url")) for media in entry.get("media_thumbnail") or () if isinstance(media, dict))
    image = entry.get("image")
    yield _text(image.get("href")) if isinstance(image, dict) else ""


def _older(feed: Any) -> list[str]:
    """Where the feed says that its older entries are: the next page (RFC 5005, section 3), or the archive before (section 4)."""
    return [_text(link.get("href")) for rel in ("next", "prev-archive") for link in _links(feed) if link.get("rel") == rel]


def _links(holder: Any) -> list[dict[str, Any]]:
    return [link for link in holder.get("links") or () if isinstance(link, dict)]


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
