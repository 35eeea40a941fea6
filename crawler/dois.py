"""DOIs that a text cites.

Owns their form (`10.`, a registrant, a slash, a name: DOI Handbook, 2.2) and where they end: in a sentence, in an address of doi.org or of
a publisher. It refuses to ask anybody whether a DOI exists.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

MOST: Final = 200
"""DOIs kept of one text: a bibliography of a thesis is longer, no post's is."""

_LONGEST: Final = 200
_DOI: Final = re.compile(r"(?<![\d.])10\.\d{4,9}/[^\s\"'<>«»“”‘’\x00-\x1f\x7f\u00a0\u2000-\u200f\u2028-\u202f\ue000-\uf8ff|\\^`{}]{1,300}")
_NATURE: Final = re.compile(r"(?<![\w-])nature\.com/articles/(?P<name>s\d{5}-\d{3}-\d{4,5}-[\dxyz]|(?:nature|srep|ncomms)\d{3,6})\b", re.I)
_QUERY: Final = re.compile(r"[?&#].*", re.DOTALL)
# What publishers' addresses add behind a DOI.
_VIEW: Final = re.compile(
    r"(?:/(?:abstract|full|fulltext|pdf|epdf|epub|meta|html|summary|references|citedby|suppl\w*|figures?|tables?|asset|download|media)(?:[/.].*)?"
    r"|\.(?:full|abstract|short|long|pdf|html?|xml|epub)(?:[./].*)?)\Z",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(r"(?<=\d)v\d+\Z")
_END: Final = ".,;:!?*_/-–—…'&#=~"
_PAIRS: Final = {")": "(", "]": "["}


def dois_in(*texts: str, links: Iterable[str] = ()) -> tuple[str, ...]:
    """The DOIs in `texts` and in the addresses `links`, in order, lower case, each once, `MOST` at most. HTML may be given as text."""
    found: dict[str, None] = {}
    for text in (*texts, *links):
        if len(found) >= MOST:
            break
        if "10." not in text and "nature.com" not in text and "%2" not in text:
            continue
        for doi in _dois(html.unescape(text)):
            found.setdefault(doi)
    return tuple(found)[:MOST]


def _dois(text: str) -> Iterable[str]:
    if "%2F" in text or "%2f" in text:
        text = re.sub(r"10\.\d{4,9}%2f\S{1,300}", lambda escaped: unquote(escaped[0]), text, flags=re.IGNORECASE)
    places = [(match.start(), _ended(match[0], text[max(match.start() - 300, 0) : match.start()])) for match in _DOI.finditer(text)]
    places += [(match.start(), f"10.1038/{match['name'].lower()}") for match in _NATURE.finditer(text)]
    return [doi for _, doi in sorted(places) if doi]


def _ended(found: str, before: str) -> str:
    """A DOI without what follows it: punctuation of the sentence, or the rest of the address in which it stands."""
    if "%" in found:
        found = unquote(found)
    address = before.split()[-1] if before and not before[-1].isspace() else ""
    if "/" in address or "=" in address:
        found = _QUERY.sub("", found)
        while (cut := _VIEW.sub("", found)) != found:
            found = cut
        if found.startswith("10.1101/"):
            found = _VERSION.sub("", found)  # bioRxiv and medRxiv name versions in addresses, not in DOIs
    while found and (found[-1] in _END or (found[-1] in _PAIRS and found.count(found[-1]) > found.count(_PAIRS[found[-1]]))):
        found = found[:-1]
    # "(doi:10.1000/182)," and "10.1000/182)et" alike: a bracket that nothing opened ends the DOI.
    found = _balanced(found.lower())
    if "(sici)" in found and ";2-" not in found:
        return ""  # DOIs of the nineties hold angle brackets, at which a text's are cut
    return found if found.partition("/")[2] and len(found) <= _LONGEST and found.isprintable() and " " not in found else ""


def _balanced(doi: str) -> str:
    depth = 0
    for place, sign in enumerate(doi):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return doi[:place].rstrip(_END)
    return doi
