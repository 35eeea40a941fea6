"""From the bytes of a page to its characters.

Owns the choice of the encoding, in a browser's order (byte order mark, HTTP header, the page's own declaration), corrected by what the
bytes can be at all: the declarations of old blogs lie in both directions. It also says which bytes are no page. Feeds have rules of
their own, which feedparser knows; only what is broken in them is mended here.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SIGNATURES: Final = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"RIFF", "image ou son"),
    (b"ID3", "son"),
    (b"OggS", "son"),
    (b"PK\x03\x04", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"{\\rtf", "document RTF"),
    (b"\xd0\xcf\x11\xe0", "document"),
)
_PAGE_TYPES: Final = re.compile(
    r"(text/html|application/xhtml\+xml|text/plain|application/octet-stream|text/xml|application/xml)\Z", re.IGNORECASE
)
_XML_ENCODING: Final = re.compile(rb"<\?xml[^>]*?encoding=[\"']([A-Za-z0-9._-]+)[\"']")
_LOOKS_LIKE_HTML: Final = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def foreign_type(body: bytes, content_type: str) -> str:
    """What a body is when it is no page of HTML: a French noun or the declared type; "" for a page.

    The first bytes decide before the header does; a page sent under another type is read all the same.
    """
    start = body[:64].lstrip()
    for signature, noun in _SIGNATURES:
        if start.startswith(signature):
            return noun
    if start[4:8] == b"ftyp":
        return "vidéo"
    if not _mark(body) and b"\0" in body[:4096] and not _LOOKS_LIKE_HTML.search(body[:2048]):
        return "fichier binaire"
    declared = content_type.partition(";")[0].strip().lower()
    if declared and not _PAGE_TYPES.match(declared) and not _LOOKS_LIKE_HTML.search(body[:2048]):
        return declared[:60]
    return ""


def decode(body: bytes, content_type: str) -> str:
    """The characters of a page of HTML. What cannot be decoded becomes U+FFFD; never raises."""
    mark = _mark(body)
    if mark:
        return body.decode(mark, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8")  # text in another encoding that happens to be valid UTF-8 is next to impossible
    except UnicodeDecodeError:
        pass
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body[:4096]) or ""
    if declared.startswith("utf-16") or resolve_encoding(declared or "cp1252") is None:
        declared = ""  # what is read as ASCII so far cannot be UTF-16
    if not declared or declared == "utf-8":
        readable = body.decode("utf-8", "replace")
        # A few broken characters in a page of UTF-8, or one of Latin-1 that claims to be UTF-8?
        broken, whole = readable.count("\ufffd"), sum(byte >= 0xC0 for byte in body)
        if declared and broken * 2 <= whole - broken:
            return readable
        declared = "cp1252"
    return body.decode(declared, "replace")


def mended(body: bytes, content_type: str) -> bytes:
    """A feed of UTF-8 in which a few bytes are broken, with U+FFFD in their place: one of them would cost feedparser every accent.
    Any other body as it is."""
    found = _XML_ENCODING.search(body[:200])
    declared = http_content_type_encoding(content_type) or (found[1].decode() if found else "utf-8")
    if _mark(body) not in ("", "utf-8") or resolve_encoding(declared) != "utf-8":
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        readable = body.decode("utf-8", "replace")
        broken, whole = readable.count("\ufffd"), sum(byte >= 0xC0 for byte in body)
        return readable.encode() if broken * 2 <= whole - broken else body
    return body


def _mark(body: bytes) -> str:
    return next((name for mark, name in _MARKS if body.startswith(mark)), "")
