"""Is this page a post, or a list of posts?

Owns the weights, measured on 990 pages of posts: no single sign is reliable (og:type says "website" on 9 % of them, a fifth holds
several <article>), their sum is. It refuses to know how the signs were found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from luciole.urls import url_key

ACCEPTED: Final = 2
"""The score from which a page is a post."""

_LISTING_CLASSES: Final = frozenset(
    {"archive", "category", "tag", "author", "search", "search-results", "home", "blog", "error404", "date", "paged"}
)
_POST_CLASS: Final = re.compile(r"single(-post)?\Z|postid-\d+\Z")
_LISTING_PATH: Final = re.compile(
    r"/(category|categories|categorie|tag|tags|mot|auteur|auteurs|author|authors|page|archives?|search|recherche|rubrique\d*)(/|\Z)"
    r"|/\d{4}(/\d{1,2}){0,2}/?\Z|\A/index\.(html?|php)\Z|/index-?\d+\.html?\Z",
    re.IGNORECASE,
)
_LISTING_QUERY: Final = re.compile(r"(\A|&)(cat|tag|author|paged?|s|m|rubrique\d*|id_rubrique|id_mot|debut_\w+)(=|&|\Z)", re.IGNORECASE)
_POST_TYPES: Final = frozenset({"article", "blogposting", "newsarticle", "scholarlyarticle", "report", "techarticle", "socialmediaposting"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What was seen on a page. `linked` is the share of its text's letters that stand inside links."""

    url: str
    home: str
    og_type: str = ""
    body_classes: frozenset[str] = frozenset()
    json_ld_types: frozenset[str] = frozenset()
    dated: bool = False
    words: int = 0
    linked: float = 0.0


def score(signs: Signs) -> int:
    """How much the page looks like a post; `ACCEPTED` or more means that it is one."""
    points = 0
    if (
        signs.og_type.lower() == "article"
        or any(map(_POST_CLASS.match, signs.body_classes))
        or _POST_TYPES & {name.lower() for name in signs.json_ld_types}
    ):
        points += 2
    points += signs.dated
    points += signs.words >= 150
    points += signs.words > 0 and signs.linked < 0.5
    single = any(map(_POST_CLASS.match, signs.body_classes))
    if (_LISTING_CLASSES & signs.body_classes and not single) or is_listing_address(signs.url):
        points -= 3
    if url_key(signs.url) == url_key(signs.home):
        points -= 2
    return points


def is_listing_address(url: str) -> bool:
    """True for an address that by custom shows several posts: categories, tags, authors, months, further pages."""
    parts = urlsplit(url)
    return bool(_LISTING_PATH.search(parts.path) or _LISTING_QUERY.search(parts.query))
