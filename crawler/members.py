"""Is this post for members only?

Owns the signs: what JSON-LD says, the marks that paywalls of blogging platforms leave, and the sentences in which French and English pages
say it. It refuses to get behind any of them: what the page shows is the teaser, and all that is kept.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from crawler.linked_data import LinkedData

_MARKS: Final = """
gh-post-upgrade-cta gh-post-upgrade-cta-content paywall paywall-container paywall-content paywall-cta paywall-title post-paywall
content-paywall article-paywall metered-content meteredcontent pmpro_content_message rcp_restricted rcp-restricted-content-message
mepr-unauthorized-message mepr_error wc-memberships-restriction-message wc-memberships-content-restricted-message
jetpack-subscribe-paywall wp-block-premium-content-logged-out-view patreon-locked-content-message patreon-campaign-banner
memberful-protected article-reserve article-reserved premium-locked contenu-reserve reserve-abonnes abonne-only locked-content
"""
_CLASSES: Final = re.compile(rf"(?:\A|\s)(?:{'|'.join(_MARKS.split())})(?=\s|\Z)", re.IGNORECASE)
"""Classes of Ghost, Substack, Medium, WordPress's plugins (Paid Memberships Pro, Restrict Content Pro, MemberPress, WooCommerce, Jetpack,
Patreon) and French papers, in lower case. They stand on pages that are cut, not on those that are whole."""

_SENTENCE: Final = re.compile(
    r"(?:l[ae] suite de )?(?:ce(?:t|tte)?|l[’']|l[ae])?\s*(?:article|billet|contenu|publication|texte|post|suite|lecture|lettre|numéro)\b"
    r"[^.!?]{0,60}\b(?:est |sont |étant )?(?:intégralement |strictement |exclusivement )?réservée?s? (?:à nos |à mes |aux )?(?:seul[es]* )?"
    r"(?:abonné|membre|adhérent|souscripteur|contribut|soutien|inscrit)"
    r"|(?:contenu|article|billet|lecture) réservée? (?:aux|à nos) (?:abonné|membre|adhérent)"
    r"|(?:abonnez-vous|devenez (?:membre|abonné\w*)|connectez-vous|adhérez) pour (?:lire|continuer|poursuivre|accéder|débloquer)"
    r"|this (?:post|article|story|content|issue) is (?:only )?(?:for|available to|reserved for)"
    r" (?:\w+ )?(?:paid |paying )?(?:subscribers|members)"
    r"|(?:subscribe|upgrade|become a member) to (?:read|continue|keep reading|unlock)"
    r"|keep reading with a \d+-day free trial|member-only story",
    re.IGNORECASE,
)
_LONGEST: Final = 220
"""Signs of an element that says so: a notice, not a paragraph that speaks of notices."""

_NOTICES: Final = ("p", "div", "h2", "h3", "h4", "aside", "section")
_MOST_ELEMENTS: Final = 20_000
_MOST_NOTICES: Final = 50
_KEYWORD: Final = re.compile(r"réserv|abonn|adhé[rs]|devenez|connectez|subscrib|member|upgrade|trial", re.IGNORECASE)
"""A sign of such a notice in one piece of text, before more is looked at."""

_ELSEWHERE: Final = frozenset({"nav", "footer", "header", "a", "li", "blockquote", "form", "noscript", "template", "script"})
_BESIDE: Final = re.compile(r"sidebar|widget|comment|footer|related|menu|card|teaser-list|recommend", re.IGNORECASE)


def is_for_members(root: HtmlElement, linked: LinkedData) -> bool:
    """Whether the page shows but the teaser of a post. What JSON-LD says counts for more than marks and sentences."""
    stated = linked.free
    if stated is not None:
        return not stated
    notices = 0
    for element in islice(root.iter(), _MOST_ELEMENTS):
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "script", "style", "link", "meta"):
            continue
        if (classes := element.get("class")) and _CLASSES.search(classes) and not _is_beside(element):
            return True
        for piece, holder in ((element.text, element), (element.tail, element.getparent())):
            if piece and notices < _MOST_NOTICES and _KEYWORD.search(piece):
                notices += 1
                notice = next((one for one in (holder, *islice(holder.iterancestors(), 3)) if one.tag in _NOTICES), None)
                if notice is not None and _says_so(notice) and not _is_beside(notice):
                    return True
    return False


def _says_so(element: HtmlElement) -> bool:
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > _LONGEST + 200:
            return False
    line = " ".join(text.split())
    found = _SENTENCE.search(line) if len(line) <= _LONGEST else None
    return found is not None and found.start() <= _LONGEST // 3


def _is_beside(element: HtmlElement) -> bool:
    """Whether an element stands in a menu, a list of other posts, a comment, or among what a reader quotes."""
    for one in (element, *islice(element.iterancestors(), 12)):
        if one.tag in _ELSEWHERE:
            return True
        if one.tag not in ("html", "body", "main", "article") and _BESIDE.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
            return True
    return False
