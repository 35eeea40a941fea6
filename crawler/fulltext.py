"""Is the text in a feed the whole post?

Owns the rule and the signs of truncation. A post judged complete is not fetched again, which is kindest to its blog; one wrongly judged
complete stays cut for its readers. So the rule leans towards fetching.
"""

from __future__ import annotations

import re
from typing import Final

_CONTENT_WORDS: Final = 40
"""Words from which an element for whole posts (`content:encoded`, Atom's `content`) needs no summary beside it to be believed."""

_SUMMARY_WORDS: Final = 250
_SUMMARY_PARAGRAPHS: Final = 4
"""Words and paragraphs that a description must hold to be no summary after all: the longest excerpts that platforms make have 70 words."""

_END: Final = 160
_CUT: Final = re.compile(r"[\[(]\s*(…|\.{3,}|more|suite)\s*[\])]\s*(?P<link>[^.!?\n]{0,80})\Z", re.IGNORECASE)
_INVITES: Final = re.compile(
    r"\b(lire la suite|lire la fin|lire l[’']article|lire plus|lire davantage|continuer (la|à) l(ecture|ire)|poursuivre la lecture|"
    r"voir l[’']article (complet|entier)|(la )?suite de l[’']article|la suite sur\b|suite…|en savoir plus|continue reading|read more|"
    r"read the (full|rest)|keep reading|article (complet|réservé)|réservé aux abonnés|abonnez-vous pour lire|subscribe to read)",
    re.IGNORECASE,
)
_MEMBERS: Final = re.compile(
    r"(article|billet|texte|contenu|suite|lecture|post|content)\s[^.!?\n]{0,40}(réservée?s?|reserved|only|exclusi\w+)\s[^.!?\n]{0,30}"
    r"(abonn[ée]|membres?|adhérent|subscribers?|members?)|"
    r"(abonnez-vous|devenez membre|connectez-vous|subscribe|sign in)\s(pour|afin de|to)\s"
    r"(lire|continuer|poursuivre|accéder|read|continue|keep)|"
    r"\bthis (post|article) is for (paid|paying|subscribers|members)",
    re.IGNORECASE,
)
_MORE_LINK: Final = re.compile(r"class=[\"'][^\"']*\b(more-link|read-more|readmore)\b", re.IGNORECASE)
_FOOTER_LENGTH: Final = 700
_FOOTER: Final = re.compile(
    r"\n?[^\n]{0,20}(L[’']article|Cet article|Ce billet|Cet article intitulé|The post)\b[^\n]{0,400}?"
    r"(est apparu en premier sur|est apparu en premier dans|appeared first on|first appeared on)[^\n]{0,200}\Z",
    re.IGNORECASE,
)


def without_footer(text: str) -> str:
    """`text` without the line that WordPress adds below posts (« L’article … est apparu en premier sur … »)."""
    head, end = text[:-_FOOTER_LENGTH], text[-_FOOTER_LENGTH:]
    return (head + _FOOTER.sub("", end)).rstrip()


def is_complete(text: str, markup: str, *, from_content: bool, summarised: bool = False) -> bool:
    """Whether `text`, the plain text of `markup`, is a whole post.

    `from_content` tells an element made for whole posts from a description. `summarised` is true when the feed gives a description
    beside it: then even a post of ten words is whole, and its page would add nothing but the theme's furniture.
    """
    words = len(text.split())
    if is_cut(text, markup):
        return False
    if from_content:
        return words >= _CONTENT_WORDS or (summarised and words > 0)
    return words >= _SUMMARY_WORDS and text.count("\n") + 1 >= _SUMMARY_PARAGRAPHS and not text.endswith(("…", "..."))


def is_cut(text: str, markup: str) -> bool:
    """Whether the text bears a sign of truncation at its end."""
    end = text[-_END:]
    return bool(for_members(text) or _CUT.search(end) or _INVITES.search(end) or _MORE_LINK.search(markup[-1000:]))


def for_members(text: str) -> bool:
    """Whether the end of the text says that the rest is for members: then it is the teaser of a post, and all that may be read of it."""
    return bool(_MEMBERS.search(text[-2 * _END :]))
