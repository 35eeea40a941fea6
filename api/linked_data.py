"""What a page says of itself to machines: JSON-LD with the words of schema.org, as dictionaries, and their safe way into HTML. Pure.

A data block (`<script type="application/ld+json">`) is never run, so that `script-src 'self'` does not stand against it; it is still HTML
around it, and `embedded` sees to it that no text ends the element.
"""

from __future__ import annotations

import json
from typing import Any, Final

from markupsafe import Markup

from api import french
from api.address import SEARCH_PATH
from api.feeds import entry_link, shown_authors, shown_title
from api.outgoing import plain, stamp, web_address
from api.places import article_path, blog_path
from indexer.night import SourceCard
from indexer.results import Hit

LinkedData = dict[str, Any]

_CONTEXT: Final = "https://schema.org"
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def embedded(data: LinkedData) -> Markup:
    """The dictionary as JSON for the inside of a `<script type="application/ld+json">`. `<`, `>` and `&` are told by their numbers:
    they stand in JSON only inside of texts, and neither `</script` nor `<!--` is left. What UTF-8 cannot carry becomes a question mark."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return Markup(text.encode("utf-8", "replace").decode())  # noqa: S704 - every sign of markup is out


def website(base: str) -> LinkedData:
    """Luciole, and how it is searched: for the home page."""
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "@id": f"{base}/#site",
        "url": f"{base}/",
        "name": "Luciole",
        "description": "Le moteur de recherche des blogs de science francophones, choisis un par un, à la main.",
        "inLanguage": "fr",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{base}{SEARCH_PATH}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def blog(card: SourceCard, base: str) -> LinkedData:
    """One blog of the list: `url` is its own, `subjectOf` our page about it."""
    made: LinkedData = {"@context": _CONTEXT, "@type": "Blog", "name": plain(card.name), "inLanguage": "fr"}
    if home := web_address(card.url):
        made["url"] = home
    if card.disciplines:
        made["about"] = [plain(french.discipline(one)) for one in card.disciplines]
    if card.why:
        made["description"] = plain(card.why)
    if card.licence:
        made["license"] = web_address(card.licence) or plain(card.licence)
    return made | {"subjectOf": _page(base + blog_path(card.id))}


def blog_posting(hit: Hit, base: str, *, blog_url: str | None = None, dois: tuple[str, ...] = ()) -> LinkedData:
    """One article: `url` is the author's, `subjectOf` our page about it. `blog_url`: the blog's own address; `dois`: those it cites."""
    blog_home = web_address(blog_url or "")
    made: LinkedData = {
        "@context": _CONTEXT,
        "@type": "BlogPosting",
        "headline": shown_title(hit),
        "url": entry_link(base, hit),
        "inLanguage": "fr",
        "isPartOf": {"@type": "Blog", "name": plain(hit.source_name)} | ({"url": blog_home} if blog_home else {}),
    }
    if authors := shown_authors(hit):
        made["author"] = [{"@type": "Person", "name": name} for name in authors]
    if hit.date:
        made["datePublished"] = stamp(hit.date)
    if hit.disciplines:
        made["about"] = [plain(french.discipline(one)) for one in hit.disciplines]
    if hit.excerpt.text:
        made["description"] = plain(hit.excerpt.text)
    if hit.members_only:
        made["isAccessibleForFree"] = False  # that others are free, nobody told us; nor are their words all known
    else:
        made["wordCount"] = hit.words
    if links := [link for doi in dois if (link := web_address(f"https://doi.org/{doi}"))]:
        made["citation"] = links
    return made | {"subjectOf": _page(base + article_path(hit.id))}


def _page(address: str) -> LinkedData:
    return {"@type": "WebPage", "url": address}
