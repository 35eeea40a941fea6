"""Sitemaps: which addresses a site says that it has.

Owns the formats that are met under the name (sitemaps.org's lists and indexes, packed or not, plain text, feeds) and the bounds of their
reading: a sitemap is unpacked and read in pieces, and left as soon as it has given enough. It refuses to know which of the addresses are
posts. Entities are never expanded, and nothing is loaded.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import Final, Protocol

from lxml import etree

from crawler.charset import decode
from crawler.dates import parse_date
from crawler.entries import absolute
from crawler.parsed import Context, Located, ParsedSitemap

MOST_BYTES: Final = 50 * 1024 * 1024
"""Bytes of a sitemap, unpacked: the limit of the protocol (sitemaps.org)."""

_PIECE: Final = 64 * 1024
_HEAD: Final = 4096
_PACKED: Final = b"\x1f\x8b"
_LAYERS: Final = 2
"""Times that a body is unpacked: files that are packed are sent packed once more."""

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
# What stands before the beginning: blanks, a byte order mark, warnings that a program printed.
_BEGINNING: Final = re.compile(rb"<(\?xml\b|([\w.-]{1,20}:)?(urlset|sitemapindex|rss|feed|rdf)\b)", re.IGNORECASE)
_PAGE: Final = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# Bare ampersands in addresses are a common fault, at which a parser would drop a part of them. A document's own entities end here too.
_AMPERSAND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_LONGEST_REFERENCE: Final = 10
_ADDRESS_LINES: Final = re.compile(rb"[\xef\xbb\xbf\s]*https?://[^\s<>]+\s*(\n|\Z)", re.IGNORECASE)
_ADDRESS_LINE: Final = re.compile(r"https?://\S+\Z", re.IGNORECASE)
_LONGEST_ADDRESS: Final = 4000
_FEEDS: Final = frozenset({"rss", "feed", "rdf"})
_ROOTS: Final = _FEEDS | {"urlset", "sitemapindex"}
_LISTED: Final = frozenset({"url", "sitemap"})
_ENTRIES: Final = frozenset({"item", "entry"})
_DATES: Final = ("lastmod", "updated", "modified", "pubdate", "published", "date")

_NONE: Final = "ce n’est pas un plan de site"
_HTML: Final = "une page HTML au lieu d’un plan de site"


class _TooLargeError(Exception):
    """More bytes came out than a sitemap may have."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def parse_sitemap(body: bytes, context: Context) -> ParsedSitemap:
    """The addresses that a sitemap holds, in order, each once, at most `context.most_addresses`.

    Addresses are joined to that of the sitemap; what is not http(s) is left out. Dates that make no sense are None. What is cut in the
    middle gives what it has. The declared type does not count: sitemaps are sent under many.
    """
    try:
        return _read(body, context)
    except _TooLargeError:
        return ParsedSitemap(problem=f"plan du site trop lourd : plus de {MOST_BYTES // 1024**2} Mo une fois décompressé")


def _read(body: bytes, context: Context) -> ParsedSitemap:
    stream = _Unpacked(body)
    head = stream.head
    if head.startswith(_WIDE):
        return _read_xml(stream, context)
    beginning = _BEGINNING.search(head)
    if beginning is not None:
        stream.skip(beginning.start())
        return _read_xml(_Repaired(stream), context)
    if _PAGE.search(head):
        return ParsedSitemap(problem=_HTML)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_xml(_Repaired(stream), context)
    if _ADDRESS_LINES.match(head):
        return _read_lines(stream, context)
    for _ in _pieces(stream):
        pass
    return ParsedSitemap(problem=_NONE if head.strip(b"\xef\xbb\xbf \t\r\n\0") else "le plan du site est vide")


def _read_lines(stream: _Readable, context: Context) -> ParsedSitemap:
    """A sitemap of text: one address a line."""
    kept = _Kept(context)
    for line in decode(b"".join(_pieces(stream)), context.content_type).split("\n"):
        address = line.strip("\ufeff\0 \t\r")
        if _ADDRESS_LINE.match(address):
            kept.add(address, "", sitemap=False)
        if kept.full:
            break
    return kept.parsed()


def _read_xml(stream: _Readable, context: Context) -> ParsedSitemap:
    kept = _Kept(context)
    root = ""
    try:
        for event, element in _elements(stream):
            name = _name(element)
            if event == "start":
                root = root or name
                if root == "html":
                    return ParsedSitemap(problem=_HTML)
            elif name in (_ENTRIES if root in _FEEDS else _LISTED):
                kept.add(*_located(element), sitemap=name == "sitemap" or root == "sitemapindex")
                _forget(element)
                if kept.full:
                    return kept.parsed()
    except etree.LxmlError:  # cut, or no XML: what came so far counts
        pass
    for _ in _pieces(stream):  # a parser that gave up does not hide a bomb
        pass
    return kept.parsed() if kept or root in _ROOTS else ParsedSitemap(problem=_NONE)


def _pieces(stream: _Readable) -> Iterator[bytes]:
    return iter(lambda: stream.read(_PIECE), b"")


def _elements(stream: _Readable) -> Iterator[tuple[str, etree._Element]]:
    parser = etree.iterparse(
        stream,
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    for event, element in parser:
        if isinstance(element.tag, str):
            yield event, element


def _located(element: etree._Element) -> tuple[str, str]:
    """The address and the date, as written, of one entry of a list or of a feed."""
    address = ""
    dates: dict[str, str] = {}
    for child in element.iterchildren():
        if not isinstance(child.tag, str):
            continue
        name, text = _name(child), (child.text or "").strip()
        if name == "loc":
            address = address or text
        elif name == "link" and _name(element) in _ENTRIES and (child.get("rel") or "alternate") == "alternate":
            address = address or text or (child.get("href") or "").strip()
        elif name in _DATES:
            dates.setdefault(name, text)
    return address, next((dates[name] for name in _DATES if name in dates), "")


def _forget(element: etree._Element) -> None:
    """Free an element that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _name(element: etree._Element) -> str:
    """The name of an element without its namespace, declared or not, in lower case."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


class _Kept:
    """The addresses kept of one sitemap, each once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tried: set[str] = set()
        self._pages: dict[str, Located] = {}
        self._sitemaps: dict[str, Located] = {}

    def __len__(self) -> int:
        return len(self._pages) + len(self._sitemaps)

    @property
    def full(self) -> bool:
        """Whether there are enough; so many addresses that make no sense are enough too."""
        return len(self) >= self._context.most_addresses or len(self._tried) >= 2 * self._context.most_addresses

    def add(self, address: str, modified: str, *, sitemap: bool) -> None:
        if not address or len(address) > _LONGEST_ADDRESS or address in self._tried:
            return
        self._tried.add(address)
        # The ampersand is found escaped twice, and in CDATA, where it needs no escape.
        url = absolute(address.replace("&amp;", "&"), "", self._context)
        if url:
            (self._sitemaps if sitemap else self._pages).setdefault(url, Located(url=url, modified=parse_date(modified, self._context.now)))

    def parsed(self) -> ParsedSitemap:
        return ParsedSitemap(pages=tuple(self._pages.values()), sitemaps=tuple(self._sitemaps.values()))


class _Unpacked:
    """A body as a stream of at most `MOST_BYTES`, unpacked where its first bytes say that it is packed; cut archives give what they have.

    `read` raises `_TooLargeError`. `head` are the first bytes, which `read` gives again.
    """

    def __init__(self, body: bytes) -> None:
        self._stream: io.BytesIO | gzip.GzipFile = io.BytesIO(body)
        self._given = 0
        self.head = self._look()
        for _ in range(_LAYERS):
            if self.head.startswith(_PACKED):
                self._stream.seek(0)
                self._stream = gzip.GzipFile(fileobj=self._stream, mode="rb")
                self.head = self._look()
        self._waiting = self.head

    def skip(self, count: int) -> None:
        """Leave out the first `count` bytes of the head. To be called before `read`."""
        self._waiting = self.head[count:]

    def read(self, size: int, /) -> bytes:
        piece, self._waiting = self._waiting or self._next(size), b""
        self._given += len(piece)
        if self._given > MOST_BYTES:
            raise _TooLargeError
        return piece

    def _look(self) -> bytes:
        head = b""
        while len(head) < _HEAD and (piece := self._next(_HEAD - len(head))):
            head += piece
        self._waiting = b""
        return head

    def _next(self, size: int) -> bytes:
        try:
            return self._stream.read1(size)
        except (OSError, EOFError, zlib.error):  # cut or damaged
            return b""


class _Repaired:
    """A stream of XML whose ampersands all begin one of XML's own references."""

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self._held = b""

    def read(self, size: int, /) -> bytes:
        while piece := self._stream.read(size):
            piece = self._held + piece
            start = piece.rfind(b"&", -_LONGEST_REFERENCE)
            cut = start if start >= 0 and b";" not in piece[start:] else len(piece)  # a reference may go on in the next piece
            piece, self._held = piece[:cut], piece[cut:]
            if piece:
                return _AMPERSAND.sub(b"&amp;", piece)
        rest, self._held = self._held, b""
        return _AMPERSAND.sub(b"&amp;", rest)
