"""Pages: from the bytes of a post's page to a sighting. The only module that knows trafilatura.

Owns the order of decisions: is it a page at all, is it a post, what is its text, what does it say of itself. It refuses to know how a
page was found and what the store holds. Extraction is trafilatura's default mode, the best of six on French pages (F1 0.93).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from crawler.charset import decode, foreign_type
from crawler.dates import believed
from crawler.language import language_of
from crawler.metadata import Metadata
from crawler.parsed import Context, ParsedPage
from crawler.plain import tidy
from crawler.scoring import ACCEPTED, Signs, score
from luciole.article import DateBasis, Sighting
from luciole.urls import url_key

_SOFT_ERROR: Final = re.compile(
    r"\s*(erreur\s+)?(40[34]|410|50[023])\b"
    r"|.{0,30}\b(page|article|contenu|document)s? (introuvables?|non[- ]trouvée?s?|inexistante?s?|not found)\b"
    r"|(oups|oops|désolé|erreur)\b.{0,40}(introuvable|trouvée?|existe pas)|not found\b"
    r"|(site |blog )?(en (cours de )?maintenance)|maintenance mode"
    r"|just a moment|un instant|attention required|access denied|accès (refusé|interdit)|are you (a )?(human|robot)"
    r"|vérification (de sécurité|humaine)|security check|ddos-guard"
    r"|account suspended|compte suspendu|domain (is )?for sale|domaine à vendre",
    re.IGNORECASE,
)
_SOFT_ERROR_WORDS: Final = 150
"""Words from which a page is a post whatever its title sounds like: one may write about « Erreur 404 »."""

# Bounded, and never past the next tag of the same name: hostile pages hold thousands of elements that nobody closes.
_TEX_SCRIPT: Final = re.compile(
    r"<script\b[^<>]{0,300}type=[\"']?math/tex[^<>]{0,300}>((?:[^<]|<(?!/?script)){0,5000})</script>", re.IGNORECASE
)
_PICTURE: Final = re.compile(r"<img\b[^<>]{0,5000}>", re.IGNORECASE)
_TEX_CLASS: Final = re.compile(r"\bclass=([\"'])(?:[^\"'<>]*\s)?latex(?:\s[^\"'<>]*)?\1", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"\balt=([\"'])(.*?)\1", re.IGNORECASE | re.DOTALL)


def read_html(html: str) -> HtmlElement | None:
    """The tree of a page, however broken; None when there is nothing to read."""
    try:
        root = etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), HTMLParser(encoding="utf-8", huge_tree=True))
    except etree.ParserError:
        return None
    return root if root is not None and isinstance(root.tag, str) else None


def parse_page(body: bytes, context: Context) -> ParsedPage:
    """The post on a page, or the reason why there is none.

    A page that a feed named is a post; of others `article_url` decides where the curator gave one, else the score. A page that asks
    not to be indexed gives a sighting without text.
    """
    if kind := foreign_type(body, context.content_type):
        return ParsedPage(problem=f"type de contenu non pris en charge : {kind}", settled=True)
    html = decode(body, context.content_type)
    root = read_html(html)
    if root is None:
        return ParsedPage(problem="page vide")
    metadata = Metadata(root, context)
    if context.from_feed and metadata.noindex:
        return ParsedPage(sighting=_withheld(context))
    document = _extract(html, context)
    text = _text(document, metadata.title)
    words = len(text.split())
    if not metadata.noindex and words < _SOFT_ERROR_WORDS and _SOFT_ERROR.match(metadata.title):
        return ParsedPage(problem=f"page d’erreur ou d’attente : « {metadata.title[:80]} »")
    if not context.from_feed and not _is_post(metadata, context, words):
        return ParsedPage(problem="ce n’est pas un article", settled=True)
    if metadata.noindex:
        return ParsedPage(sighting=_withheld(context))
    if not text:
        return ParsedPage(problem="aucun texte trouvé dans la page")
    published, basis = _published(metadata, document, context)
    title = metadata.title or (document.title if document is not None and isinstance(document.title, str) else "")
    return ParsedPage(
        sighting=Sighting(
            source_id=context.source_id,
            url=context.url,
            seen_at=context.now,
            title=title,
            named_by="page",
            authors=metadata.authors,
            published=published,
            published_basis=basis,
            language=language_of(f"{title}\n{text}") or context.language,
            text=text,
            text_basis="page",
            licence=metadata.licence,
            canonical=metadata.canonical,
            also=_also(context),
        )
    )


def _extract(html: str, context: Context) -> Any:
    """trafilatura's reading of the page, None when it finds nothing. Formulas kept in scripts and pictures are written out first."""
    if "math/tex" in html:
        html = _TEX_SCRIPT.sub(lambda script: f"<span>${script[1]}$</span>", html)
    if "latex" in html:
        html = _PICTURE.sub(_written_out, html)
    return trafilatura.bare_extraction(
        html,
        url=context.url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": context.now.strftime("%Y-%m-%d")},
    )


def _written_out(picture: re.Match[str]) -> str:
    """The formula that a picture shows, as WordPress keeps it in its alternative text; any other picture as it is."""
    formula = _ALTERNATIVE.search(picture[0]) if _TEX_CLASS.search(picture[0]) else None
    return f"<span>${formula[2]}$</span>" if formula else picture[0]


def _text(document: Any, title: str) -> str:
    text = tidy(document.text or "") if document is not None else ""
    first, _, rest = text.partition("\n")
    return rest if rest and first.casefold() == title.casefold() else text


def _is_post(metadata: Metadata, context: Context, words: int) -> bool:
    if context.article_url is not None:
        return re.search(context.article_url, context.url) is not None
    signs = Signs(
        url=context.url,
        home=context.source_url,
        og_type=metadata.og_type,
        body_classes=metadata.body_classes,
        json_ld_types=metadata.types,
        dated=metadata.published is not None,
        words=words,
        linked=_linked(metadata.root),
    )
    return score(signs) >= ACCEPTED


def _linked(root: HtmlElement) -> float:
    """The share of a page's letters that stand inside links."""
    body = root.find("body")
    whole = inside = 0
    depth = unread = 0
    for event, element in etree.iterwalk(body if body is not None else root, events=("start", "end")):
        step = 1 if event == "start" else -1
        depth += step * (element.tag == "a")
        unread += step * (element.tag in ("script", "style", "noscript", "template"))
        text = element.text if event == "start" else element.tail
        if text and not unread:
            letters = sum(map(str.isalpha, text))
            whole += letters
            inside += letters * (depth > 0)
    return inside / whole if whole else 1.0


def _published(metadata: Metadata, document: Any, context: Context) -> tuple[datetime | None, DateBasis | None]:
    """The date that the page states, else one guessed from its address and its markup (a guess is wrong in one page of eleven)."""
    if metadata.published is not None:
        return metadata.published, "page"
    text = document.date if document is not None else None
    try:
        guess = believed(datetime.fromisoformat(text).replace(tzinfo=UTC), context.now) if text else None
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
