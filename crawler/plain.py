"""Plain text out of whatever a feed or a page calls text.

Owns the two readings: a title is one line, a body is paragraphs, one a line. What comes out holds no tag, no control character and no
character that reorders its neighbours; it is still to be escaped where it is shown. Formulas and code in a body stand between the signs of
`luciole.marks`, and no other text holds one. It refuses to know which part of a page matters.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from crawler.formulas import with_formulas_marked
from crawler.spans import write_out
from luciole.marks import marked, neutral

TITLE_LENGTH: Final = 300
"""Characters kept of a title, the closing ellipsis included."""

# C0 and C1 controls but tab, line feed and carriage return; soft hyphens and zero-width spaces, which break words for a search; marks that
# override or isolate the direction of text; the byte order mark; lone surrogates, which no UTF-8 can hold; non-characters.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_ELEMENTS: Final = (
    "a|abbr|acronym|address|article|aside|audio|b|base|bdi|bdo|big|blockquote|body|br|button|canvas|center|cite|code|dd|del|details|dfn|div|dl|dt|"
    "em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|"
    "link|main|mark|marquee|math|menu|meta|nav|noscript|object|ol|option|p|param|pre|q|s|samp|script|section|select|small|source|span|strike|"
    "strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr"
)
_SILENT: Final = re.compile(r"<(script|style|template)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
# Names of elements only: "si a <b et b> c" loses its middle, but "x < y" and "<3" stay what they are.
_TAG: Final = re.compile(rf"<!--.*?(?:-->|\Z)|</?({_ELEMENTS})(?:[\s/][^<>]*)?(?:>|\Z)", re.IGNORECASE | re.DOTALL)

_CLOSING: Final = re.compile(r"</([a-z][a-z0-9]*)\s*>", re.IGNORECASE)
_ALONE: Final = frozenset({"br", "hr", "p", "wbr"})
_BLOCK_NAMES: Final = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main menu nav ol option p pre section summary table tbody tfoot thead tr ul"
)
_UNREAD_NAMES: Final = (
    "script style template noscript iframe object embed svg head title button select textarea audio video canvas annotation annotation-xml"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_UNREAD: Final = frozenset(_UNREAD_NAMES.split())
_BLANKS: Final = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u2028\u2029\u3000]+")


def visible(text: str) -> str:
    """`text` in Unicode's composed form, without what a reader cannot see (controls, marks of direction), and without our signs."""
    return unicodedata.normalize("NFC", neutral(_INVISIBLE.sub("", text)))


def one_line(text: str, limit: int = TITLE_LENGTH) -> str:
    """A title or a name as plain text on one line, at most `limit` characters.

    Feeds escape titles once, twice or not at all: tags are dropped and entities decoded, at most twice, while that shortens the text.
    A lone tag without attributes stays: titles about HTML name elements. It is text like the rest, to be escaped where it is shown.
    """
    text = _without_tags(text[: 20 * limit])
    for _ in range(2):
        decoded = html.unescape(text)
        if len(decoded) >= len(text):
            break
        text = _without_tags(decoded)
    text = " ".join(visible(text).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain_text(fragment: str) -> str:
    """The text of a piece of HTML: one line a paragraph, list item or table row; the lines of preformatted text stay apart.

    Formulas and code are marked. A formula of MathML, KaTeX or MathJax, or a picture of one, is told once, in TeX where there is any.
    """
    fragment = _INVISIBLE.sub("", fragment)
    if "<" not in fragment:
        return with_marks(neutral(html.unescape(fragment)))
    try:
        root = etree.fromstring(b"<body>" + fragment.encode("utf-8", "replace"), HTMLParser(encoding="utf-8", huge_tree=True))
    except etree.ParserError:
        return ""
    if root is None:
        return ""
    write_out(root, marked, "pre")
    return with_marks(_text(root))


def text_of(root: HtmlElement) -> str:
    """The text of an element and its descendants, a line a paragraph, nothing marked."""
    return tidy(_text(root))


def _text(root: HtmlElement) -> str:
    pieces: list[str] = []
    silent = 0  # depth inside elements whose content is no text
    verbatim = 0  # depth inside preformatted text
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if not silent and element.tail:
                pieces.append(element.tail if verbatim else _flat(element.tail))
            continue
        name = element.tag
        if event == "start":
            if name in _UNREAD:
                silent += 1
                continue
            verbatim += name == "pre"
            if silent:
                continue
            if name in _BLOCKS:
                pieces.append("\n")
            elif name in ("td", "th"):
                pieces.append(" ")
            if element.text:
                pieces.append(element.text if verbatim else _flat(element.text))
        else:
            if name in _UNREAD:
                silent -= 1
            else:
                verbatim -= name == "pre"
            if silent:
                continue
            if name in _BLOCKS and name != "br":
                pieces.append("\n")
            if element.tail and element is not root:
                pieces.append(element.tail if verbatim else _flat(element.tail))
    return "".join(pieces)


def tidy(text: str) -> str:
    """A stranger's text with single blanks, no empty line and nothing invisible."""
    return _tidy(neutral(text))


def with_marks(text: str) -> str:
    """Text whose formulas and code are marked, and which a stranger had no part in marking: tidy, with the formulas between TeX's
    delimiters marked too."""
    return with_formulas_marked(_tidy(text))


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    text = _SILENT.sub(" ", text)
    closed = {name.lower() for name in _CLOSING.findall(text)} | _ALONE
    return _TAG.sub(lambda tag: _instead(tag, closed), text)


def _instead(tag: re.Match[str], closed: set[str]) -> str:
    """What a tag in a title becomes: nothing or a blank; a lone bare one is what the title is about (« De l’inutilité de <dl> »)."""
    name = (tag[1] or "").lower()
    if tag[0].lower() == f"<{name}>" and name not in closed:
        return tag[0]
    return " " if name in _BLOCKS else ""


def _flat(text: str) -> str:
    return text.replace("\n", " ")
