"""A page that a registrar or a host put where a blog was: recognised in the bytes of a feed or of a home page that are none any more."""

from __future__ import annotations

from crawler.charset import decode
from crawler.health import PARKED, is_parking
from crawler.pages import read_html
from crawler.parsed import Context
from crawler.plain import one_line


def parking_problem(body: bytes, context: Context) -> str:
    """`PARKED` when `body` is such a page, else ""."""
    root = read_html(decode(body, context.content_type))
    if root is None:
        return ""
    title = one_line(next((title.text or "" for title in root.iter("title")), ""))
    for element in root.xpath("//script | //style | //title"):
        element.drop_tree()
    return PARKED if is_parking(title, " ".join(root.text_content().split())) else ""
