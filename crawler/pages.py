"""Pages: from the bytes of a post's page to a sighting. The only module that knows trafilatura.

Owns the order of decisions: is it a page at all, is it a post, what is its text, what does it say of itself. It refuses to know how a
page was found and what the store holds. Extraction is trafilatura's default mode, the best of six on French pages (F1 0.93).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import trafilatura
from lxml import etree
from lxml.html import Element, HtmlElement, HTMLParser

from crawler.absent import absence
from crawler.charset import decode, foreign_type
from crawler.dates import believed
from crawler.dois import MOST as MOST_DOIS
from crawler.dois import dois_in
from crawler.language import language_of
from crawler.metadata import Metadata
from crawler.parsed import Context, ParsedPage
from crawler.plain import one_line, text_of, with_marks
from crawler.scoring import ACCEPTED, REFUSED, score
from crawler.shelter import Shelter
from crawler.signs import signs_of
from crawler.spans import write_out
from crawler.wishes import read_wishes
from luciole.article import DateBasis, Sighting, Wishes
from luciole.marks import prose, unmarked
from luciole.urls import url_key

_TITLE_LINES: Final = 5
"""Headings among which a page says that there is nothing."""

_LONGEST_WALL: Final = 20_000
"""Characters looked at of a page of which nothing was extracted."""


def read_html(html: str) -> HtmlElement | None:
    """The tree of a page, however broken; None when there is nothing to read."""
    try:
        root = etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), HTMLParser(encoding="utf-8", huge_tree=True))
    except etree.ParserError:
        return None
    return root if root is not None and isinstance(root.tag, str) else None


def parse_page(body: bytes, context: Context) -> ParsedPage:
    """The post on a page, or the reason why there is none.

    A page that says that there is nothing here is `absent`, whatever else it says: walls and pages of error ask not to be indexed. A page
    that a feed named is a post, unless nothing at all speaks for it; of others `article_url` decides where the curator gave one, else the
    score. A page that asks not to be indexed gives a sighting without text.
    """
    if kind := foreign_type(body, context.content_type):
        return ParsedPage(problem=f"type de contenu non pris en charge : {kind}", settled=True)
    html = decode(body, context.content_type)
    root = read_html(html)
    if root is None:
        return ParsedPage(problem="page vide")
    metadata = Metadata(root, context)
    extract = _extracted(html, metadata, context)
    words = len(unmarked(extract.text).split())
    headings = tuple(one_line(element.text_content()) for element in islice(root.iter("h1", "h2"), _TITLE_LINES))
    seen = prose(extract.text) or text_of(root)[:_LONGEST_WALL]
    missing = absence(metadata.page_title, headings, seen, words, marked_404="error404" in metadata.body_classes)
    if missing:
        return ParsedPage(problem=f"{missing} : « {one_line(metadata.page_title or seen, 80)} »", absent=True)
    noindex, wishes = read_wishes(root, context.robots_tag, context.headers, context.now)
    if not _is_post(metadata, context, words):
        return ParsedPage(problem="ce n’est pas un article", settled=True)
    if noindex:
        return ParsedPage(sighting=_withheld(context))
    if any("post-password-form" in (form.get("class") or "") for form in root.iter("form")):
        return ParsedPage(problem="article protégé par un mot de passe")
    if not extract.text:
        return ParsedPage(problem="aucun texte trouvé dans la page")
    return ParsedPage(sighting=_sighting(extract, metadata, wishes, context))


@dataclass(frozen=True, slots=True)
class _Extract:
    """What trafilatura made of a page: the text, formulas and code marked; a title and a day, "" where it found none."""

    text: str = ""
    title: str = ""
    day: str = ""


def _extracted(html: str, metadata: Metadata, context: Context) -> _Extract:
    """The text of the page without its furniture. Formulas and code are put away while it is being found: extraction would drop them,
    tear them apart, or stumble."""
    tree = trafilatura.load_html(html)
    if tree is None:
        return _Extract()
    if tree.tag != "html":  # a page of a single element: what looks for its date takes elements away, and the root cannot go
        root, body = Element("html"), Element("body")
        root.append(body)
        body.append(tree)
        tree = root
    shelter = Shelter(f"{html} {''.join(tree.itertext())}")  # entities and tags may hide a word
    write_out(tree, shelter.put, "p")
    document: Any = trafilatura.bare_extraction(
        tree,
        url=context.url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": context.now.strftime("%Y-%m-%d")},
    )
    if document is None:
        return _Extract()
    text = with_marks(shelter.restored(document.text or ""))
    first, _, rest = text.partition("\n")
    if rest and unmarked(first).casefold() == metadata.title.casefold():
        text = rest
    title, day = (found if isinstance(found, str) else "" for found in (document.title, document.date))
    return _Extract(text=text, title=one_line(shelter.restored_line(title)), day=day)


def _sighting(extract: _Extract, metadata: Metadata, wishes: Wishes, context: Context) -> Sighting:
    published, basis = _published(metadata, extract.day, context)
    title = metadata.title or extract.title
    return Sighting(
        source_id=context.source_id,
        url=context.url,
        seen_at=context.now,
        title=title,
        named_by="page",
        authors=metadata.authors,
        published=published,
        published_basis=basis,
        language=language_of(f"{title}\n{prose(extract.text)}") or context.language,
        text=extract.text,
        text_basis="page",
        licence=metadata.licence,
        dois=tuple(dict.fromkeys((*metadata.dois, *dois_in(unmarked(extract.text)))))[:MOST_DOIS],
        image=metadata.image,
        members_only=metadata.members_only,
        wishes=wishes,
        canonical=metadata.canonical,
        also=_also(context),
    )


def _is_post(metadata: Metadata, context: Context, words: int) -> bool:
    if context.article_url is not None:
        return context.from_feed or re.search(context.article_url, context.url) is not None
    points = score(signs_of(metadata, words))
    # Some feeds name every page of a site (Hugo's do): one that gives no day and looks like no post at all is none.
    return points >= ACCEPTED or (context.from_feed and (points > REFUSED or metadata.published is not None))


def _published(metadata: Metadata, day: str, context: Context) -> tuple[datetime | None, DateBasis | None]:
    """The date that the page states, else one guessed from its address and its markup (a guess is wrong in one page of eleven)."""
    if metadata.published is not None:
        return metadata.published, "page"
    try:
        guess = believed(datetime.fromisoformat(day).replace(tzinfo=UTC), context.now) if day else None
    except ValueError:
        guess = None
    # The first of January is what a lone year becomes; a date that the page's own statements contradict is not better guessed.
    if guess is None or (guess.month, guess.day) == (1, 1) or guess.date() in metadata.distrusted:
        return None, None
    return guess, "guess"


def _also(context: Context) -> tuple[str, ...]:
    """The address asked for, when another one answered."""
    try:
        return (context.requested,) if url_key(context.requested) != url_key(context.url) else ()
    except ValueError:
        return ()


def _withheld(context: Context) -> Sighting:
    """What is kept of a page that asks not to be indexed: its addresses.

    The canonical one is not among them: a print version that hides itself and names the post must not hide the post.
    """
    return Sighting(
        source_id=context.source_id,
        url=context.url,
        seen_at=context.now,
        named_by="page",
        text_basis="page",
        noindex=True,
        also=_also(context),
    )
