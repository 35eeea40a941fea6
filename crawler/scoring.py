"""Is this page a post, or a list of posts, or a page about the blog?

Owns the weights, measured on 990 pages of posts and on nine whole sites: no single sign is reliable (og:type says "website" on 9 % of
them, a fifth holds several <article>), their sum is. It refuses to know how the signs were found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from luciole.urls import url_key

ACCEPTED: Final = 2
"""The score from which a page is a post."""

REFUSED: Final = 0
"""The score up to which even a page that a feed names is none, where it states no day. Of 729 listed posts of nine sites none has less than
2; a page about the author and a list of works, which a feed of all pages named, have -2 and 0."""

_LISTING_CLASSES: Final = frozenset(
    {"archive", "category", "tag", "author", "search", "search-results", "home", "blog", "error404", "date", "paged"}
)
_POST_CLASS: Final = re.compile(r"single(-post)?\Z|postid-\d+\Z")
_LISTING_PATH: Final = re.compile(
    r"/(category|categories|categorie|tag|tags|mot|auteurs?|authors?|page|archives?|search|recherche|rubrique\d*)(\.html?)?(/|\Z)"
    r"|/\d{4}(/\d{1,2}){0,2}(/|/index\.html?)?\Z|\A/index\.(html?|php)\Z|/index-?\d+\.html?\Z|/(sitemap|plan-du-site)(\.html?|/)?\Z"
    r"|/404(\.html?|/)?\Z",
    re.IGNORECASE,
)
_LISTING_QUERY: Final = re.compile(
    r"(\A|&)((cat|tag|author|s|m|rubrique\d*|id_rubrique|id_mot|debut_\w+)(=|&|\Z)|paged?=\d|page=(rubrique|mot|auteur|plan|recherche)\b)",
    re.IGNORECASE,
)
_DATED_PATH: Final = re.compile(
    r"(?<!/uploads)(?<!/media)(?<!/files)(?<!/images)/(19|20)\d\d/(0?[1-9]|1[0-2])(/(0?[1-9]|[12]\d|3[01]))?/(?!\d\d?(/|\Z))[^/]+(/|/index\.html?)?\Z"
)
_POST_TYPES: Final = frozenset({"article", "blogposting", "newsarticle", "scholarlyarticle", "report", "techarticle", "socialmediaposting"})
_LISTING_TYPES: Final = frozenset({"collectionpage", "searchresultspage", "aboutpage", "contactpage", "profilepage", "checkoutpage"})
_PAGE_NAME: Final = re.compile(
    r"a ?propos( (de (moi|nous|l auteur|ce (blog|site|carnet))|du (blog|site|carnet)))?( .{0,5})?"
    r"|about( (me|us|this (blog|site)|the author))?|qui (suis je|sommes nous)"
    r"|(nous |me )?contact(s|er|ez( moi| nous)?)?|mentions legales|legal( notice)?|credits|licence"
    r"|(politique de )?confidentialite|privacy( policy)?|cgu|cookies|faq|plan du site|site ?map|404|(page )?not found|page introuvable"
    r"|(mon |my )?(cv|curriculum vitae|resume)|(mes |my )?(publications?|communications|oral com(munications?)?|posters?|talks?|projets?"
    r"|projects|realisations|works|portfolio|travaux|enseignements?|teaching|cours|recherches?|research|liens|links|blogroll|galerie|gallery"
    r"|photos)( en)?"
    r"|(l )?equipe|team|partenaires|livre d ?or|guestbook|newsletter|s abonner|inscription|accueil|home|bienvenue|sommaire|index"
    r"|(all |tous les |toutes les |les )?(articles|billets|posts?|blog|archives?|categories|categorie|tags|mots cles|etiquettes|themes"
    r"|rubriques|auteurs|authors|dossiers|actualites|actus|news)( for .{0,60}| (du|de ce) (blog|site|carnet)"
    r"| (d |de |du mois de )?[a-z]{3,9} \d{4})?",
)
"""What pages are called that are about a blog or its author, or list its posts: folded, all punctuation a space."""

_TEASERS: Final = 3
"""Announced pages from which a page may be a list: fewer are the neighbours of a post."""

_HOLLOW: Final = 100
"""Words of running text below which a page that is nine tenths links is a table of contents."""

_LONG: Final = 600
"""Words of running text that stand for a date where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What was seen on a page.

    `static`: its generator calls it a page, not a post. `dated`: it says when it was published; `date_stated`: it says so, be it not
    believed. `words`: words of the text that was extracted. `linked` is the share of all its letters that stand inside links; `own`,
    `teased` and `teasers` are those of `crawler.signs.Shape`.
    """

    url: str
    home: str
    title: str = ""
    og_type: str = ""
    body_classes: frozenset[str] = frozenset()
    json_ld_types: frozenset[str] = frozenset()
    static: bool = False
    dated: bool = False
    date_stated: bool = False
    words: int = 0
    linked: float = 0.0
    own: int = 0
    teased: int = 0
    teasers: int = 0


def score(signs: Signs) -> int:
    """How much the page looks like a post; `ACCEPTED` or more means that it is one.

    The weights are those of `og:type`, classes, JSON-LD, date, length and links that were measured on 990 posts, with what nine whole
    sites taught: generators write `og:type` article on every page, but a date on posts only; a list is made of boxes that announce
    other pages; a page whose letters are links, with no text, is a table of contents.
    """
    types = {name.lower() for name in signs.json_ld_types}
    single = any(map(_POST_CLASS.match, signs.body_classes))
    permalink = bool(_DATED_PATH.search(urlsplit(signs.url).path))
    graph = signs.og_type.lower() == "article"
    points = 0
    if signs.static:
        points -= 2
    elif single or permalink or _POST_TYPES & types or (graph and signs.date_stated):
        points += 2
    elif graph:
        points -= 1
    points += signs.dated or signs.own >= _LONG
    points += signs.words >= 150
    points += signs.words > 0 and signs.linked < 0.5
    if _LISTING_TYPES & types or ((_LISTING_CLASSES & signs.body_classes or is_listing_address(signs.url)) and not single):
        points -= 3
    if _announces(signs) or (signs.linked >= 0.9 and signs.own < _HOLLOW):
        points -= 3
    if names_a_page(signs.title) or names_a_page(_last_name(signs.url)):
        points -= 2
    if url_key(signs.url) == url_key(signs.home):
        points -= 2
    return points


def _announces(signs: Signs) -> bool:
    """Whether there is more text about other pages than of the page's own (ten words a heading where nothing but headings stands)."""
    return signs.teasers >= _TEASERS and signs.own <= max(signs.teased, 10 * signs.teasers)


def is_listing_address(url: str) -> bool:
    """True for an address that by custom shows several posts: categories, tags, authors, months, further pages."""
    parts = urlsplit(url)
    return bool(_LISTING_PATH.search(parts.path) or _LISTING_QUERY.search(parts.query))


def names_a_page(name: str) -> bool:
    """True for a title, or the last part of an address, that pages about a blog have: « À propos », `mentions-legales`, « Archives »."""
    if len(name) > 120:
        return False
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return _PAGE_NAME.fullmatch(" ".join(re.findall(r"[^\W_]+", plain))) is not None


def _last_name(url: str) -> str:
    path = re.sub(r"(/index)?\.(html?|php)\Z", "", unquote(urlsplit(url).path))
    return path.rstrip("/").rpartition("/")[2]
