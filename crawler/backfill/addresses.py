"""What an address alone says: whether it is the blog's own, worth following, perhaps a post.

Owns the expressions. It refuses to know what the pages hold, and imports no parser: strategies run in the fetching process.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.backfill.strategy import Site
from crawler.scoring import is_listing_address
from luciole.urls import authority, url_key

MOST_LETTERS: Final = 2000
"""Longer addresses are traps or sessions."""

_FILE: Final = re.compile(
    r"\.(pdf|ps|djvu|jpe?g|png|gif|svg|webp|avif|ico|bmp|tiff?|mp[34g]|m4[av]|og[gav]|opus|wav|flac|webm|avi|mov|zip|gz|tgz|bz2|xz|7z|rar|tar|"
    r"exe|dmg|iso|apk|jar|docx?|xlsx?|pptx?|od[tsp]|epub|csv|tsv|json|xml|rss|rdf|atom|ics|txt|md|tex|bib|ipynb|py|js|css|woff2?|ttf|eot|"
    r"swf|blend|stl|kml|gpx)/?\Z",
    re.IGNORECASE,
)
_CHORE: Final = re.compile(
    # machinery, wherever it stands in the path
    r"/(feeds?|rss|atom|trackback|comments|comment-page-\d+|wp-admin|wp-login|wp-content|wp-includes|wp-json|xmlrpc|cdn-cgi|ecrire|"
    r"print|imprimer|share|partager|login|logout|connexion|register|inscription|signup|cart|panier|checkout|drafts|brouillons|preview)(/|\.html?|\.php|\Z)"
    # pages about the site, at the end of the path
    r"|/(contact|contactez-nous|mentions-legales|legal|cgu|privacy|privacy-policy|confidentialite|politique-de-confidentialite|plan-du-site|"
    r"about|a-?propos|404|newsletter|search|recherche)(\.html?|\.php|/|)\Z"
    # months and days without end, sessions
    r"|/(calendar|calendrier|agenda)/.*\d|;jsessionid=|/\(?s\([a-z0-9]{20,}\)",
    re.IGNORECASE,
)
_ALLOWED: Final = re.compile(
    r"(p|page_id|paged|page|id_article|id_rubrique|debut_\w{1,40})=\d{1,7}|(article|rubrique)\d{1,7}=?|lang=fr|page=plan", re.IGNORECASE
)
_YEAR: Final = re.compile(r"/(\d{4})(/\d{1,2}){0,2}/?\Z")
_PAGER: Final = re.compile(r"/page[-/]?\d+(/|\.html?)?\Z|/index-?\d+\.html?\Z|[?&](paged?|debut_\w+)=\d+(&|\Z)", re.IGNORECASE)
_SPIP_ARTICLE: Final = re.compile(r"[?/]article\d+(\.html)?=?(&|\Z)|[?&]id_article=\d+(&|\Z)", re.IGNORECASE)
_LANDING: Final = re.compile(r"/(accueil|home|welcome|bienvenue)/\Z", re.IGNORECASE)


@lru_cache(maxsize=10_000)  # the links of one blog are the same from page to page
def key(url: str) -> str:
    """`url_key`, or "" for what is no http(s) address."""
    try:
        return url_key(url)
    except ValueError:
        return ""


def below(home: str, path: str) -> str:
    """An address beside the home page: `below("https://a.fr/blog", "feed/")` is `https://a.fr/blog/feed/`."""
    return urljoin(_directory(home), path)


def at_root(home: str, path: str) -> str:
    """An address at the root of the home page's host."""
    return urljoin(home, f"/{path}")


def on_own_host(url: str, home: str) -> bool:
    """Whether an address is http(s) on the home page's authority, `www.` aside."""
    found = _bare(url)
    return bool(found) and found == _bare(home)


def is_own(url: str, home: str) -> bool:
    """Whether an address is on the home page's authority and below its directory: a blog may be one corner of a large site."""
    return on_own_host(url, home) and f"{urlsplit(url).path}/".startswith(urlsplit(_LANDING.sub("/", _directory(home))).path)


def may_follow(url: str, site: Site) -> bool:
    """Whether an address is worth reading: the blog's own, no file, no machinery, no query beyond those known to name pages."""
    if len(url) > MOST_LETTERS or not is_own(url, site.home):
        return False
    path = urlsplit(url).path
    if _FILE.search(path) or _CHORE.search(path):
        return False
    if (year := _YEAR.search(path)) and not 1990 <= int(year[1]) <= 2100:
        return False
    _, _, query = key(url).partition("?")  # without tracking parameters
    return all(_ALLOWED.fullmatch(pair) for pair in query.split("&") if pair)


def may_be_post(url: str, site: Site) -> bool:
    """Whether an address may be a post's: worth reading, not the home page, not by custom a list. The curator's expression overrides."""
    if not may_follow(url, site) or key(url) == key(site.home):
        return False
    if site.article_url is not None and re.search(site.article_url, url):
        return True
    return not is_listing_address(url)


def is_settled(url: str, site: Site) -> bool:
    """Whether the address alone says that it is a post's: by the curator's expression, or because SPIP calls it an article."""
    if site.article_url is not None:
        return re.search(site.article_url, url) is not None
    return _SPIP_ARTICLE.search(url) is not None


def is_pager(url: str) -> bool:
    """Whether an address is a further page of a list rather than another list."""
    return _PAGER.search(url) is not None


def _directory(url: str) -> str:
    """`…/blog`, `…/blog/` and `…/blog/index.html` are all in `…/blog/`."""
    parts = urlsplit(url)
    head, _, last = parts.path.rpartition("/")
    path = f"{head}/" if "." in last or not last else f"{head}/{last}/"
    return parts._replace(path=path, query="", fragment="").geturl()


def _bare(url: str) -> str:
    try:
        return authority(url).lower().removeprefix("www.")
    except ValueError:
        return ""
