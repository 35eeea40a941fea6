"""What made a page: WordPress, SPIP, Hugo…

Owns the marks by which software and hosts are told, and the address of WordPress's REST interface. Nothing here is certain, and nothing is
lost when it is wrong: what follows from it is only what is tried first.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.hosts import hosts_of, join, same_site
from crawler.parsed import Context

REST: Final = "https://api.w.org/"
"""The relation under which WordPress names its interface."""

_GENERATORS: Final = (
    ("wordpress", re.compile(r"\bword ?press\b", re.IGNORECASE)),
    ("blogger", re.compile(r"\bblogger\b", re.IGNORECASE)),
    ("spip", re.compile(r"\bspip\b", re.IGNORECASE)),
    ("hugo", re.compile(r"\bhugo\b", re.IGNORECASE)),
    ("jekyll", re.compile(r"\bjekyll\b", re.IGNORECASE)),
    ("ghost", re.compile(r"\bghost\b", re.IGNORECASE)),
    ("pelican", re.compile(r"\bpelican\b", re.IGNORECASE)),
    ("nikola", re.compile(r"\bnikola\b", re.IGNORECASE)),
    ("drupal", re.compile(r"\bdrupal\b", re.IGNORECASE)),
    ("overblog", re.compile(r"\bover-?blog\b", re.IGNORECASE)),
    ("substack", re.compile(r"\bsubstack\b", re.IGNORECASE)),
    ("dotclear", re.compile(r"\bdotclear\b", re.IGNORECASE)),
    ("canalblog", re.compile(r"\bcanalblog\b", re.IGNORECASE)),
    ("joomla", re.compile(r"\bjoomla\b", re.IGNORECASE)),
    ("typo3", re.compile(r"\btypo3\b", re.IGNORECASE)),
)
_HOSTS: Final = (
    ("hypotheses.org", "wordpress"),  # the notebooks of OpenEdition
    ("wordpress.com", "wordpress"),
    ("over-blog.com", "overblog"),
    ("overblog.com", "overblog"),
    ("substack.com", "substack"),
    ("medium.com", "medium"),
    ("canalblog.com", "canalblog"),
)
_BLOGSPOT: Final = re.compile(r"\.blogspot\.[a-z]{2,3}(\.[a-z]{2})?\Z")
_FILES: Final = (
    ("wordpress", re.compile(r"/wp-(content|includes|json)/", re.IGNORECASE)),
    ("spip", re.compile(r"(\A|/)(squelettes(-dist)?|prive|local/cache-(css|js|vignettes)|plugins-dist)/|(\A|/)spip\.php\b", re.IGNORECASE)),
    ("substack", re.compile(r"//substackcdn\.com/", re.IGNORECASE)),
    ("overblog", re.compile(r"//([\w-]+\.)?(over-?blog(-kiwi)?|ob-assets)\.com/", re.IGNORECASE)),
    ("blogger", re.compile(r"//(www\.)?(blogger\.com/(static|dyn-css)|blogblog\.com)/|/feeds/posts/default\b", re.IGNORECASE)),
    ("drupal", re.compile(r"/sites/(default|all)/(files|themes|modules)/|/core/misc/drupal", re.IGNORECASE)),
    ("ghost", re.compile(r"/ghost/(api|sdk|portal)|/public/(cards|ghost-sdk)\.min\.(css|js)|@tryghost/", re.IGNORECASE)),
    ("nikola", re.compile(r"/assets/(css|js)/(nikola|all-nocdn|baguetteBox)\b", re.IGNORECASE)),
    ("dotclear", re.compile(r"\?(pf|tf|vf)=[\w./-]+", re.IGNORECASE)),
)
_CREDITS: Final = re.compile(
    r"https?://(?:www\.|docs\.|blog\.|fr\.)?(?:get(?P<get>pelican|nikola)\.com|(?P<hugo>gohugo\.io)|(?P<jekyll>jekyllrb\.com)|"
    r"(?P<ghost>ghost\.org)|(?P<spip>spip\.net)|(?P<wordpress>wordpress\.org)|(?P<dotclear>dotclear\.(?:org|net))|"
    r"(?P<drupal>drupal\.org))/?\Z",
    re.IGNORECASE,
)
"""Where « Propulsé par … » leads, at the foot of a page."""

_FOOT: Final = 40
"""Links at the end of a page among which that is looked for."""

_MOST: Final = 300
"""Elements of one kind that are looked at."""

_HEADER_LINK: Final = re.compile(r"<([^<>]{1,2000})>\s*;[^<>,]*\brel\s*=\s*\"?[^\"<>,]*https://api\.w\.org/", re.IGNORECASE)


def platform_of(root: HtmlElement, context: Context) -> str:
    """What made the page (`wordpress`, `blogger`, `spip`…), "" when nothing tells.

    What the page says itself (`generator`, WordPress's interface) goes before its host, the host before the files that it loads, and
    these before what its foot thanks. A notebook of Hypotheses is `wordpress`, whose interface, feeds and sitemaps it has.
    """
    for meta in islice(root.iter("meta"), _MOST):
        if (meta.get("name") or "").strip().lower() == "generator":
            content = (meta.get("content") or "")[:200]
            if found := next((name for name, mark in _GENERATORS if mark.search(content)), ""):
                return found
    if _interfaces(root):
        return "wordpress"
    try:
        host = urlsplit(context.url).hostname or ""
    except ValueError:
        host = ""
    found = next((name for suffix, name in _HOSTS if host == suffix or host.endswith(f".{suffix}")), "")
    if found or _BLOGSPOT.search(host):
        return found or "blogger"
    files = list(_files(root))
    return next((name for name, mark in _FILES if any(mark.search(file) for file in files)), "") or _credited(root)


def rest_root(root: HtmlElement, base: str, context: Context) -> str:
    """The address of WordPress's REST interface, as the page or its header `Link` names it, if it is on the same site; else ""."""
    hosts = hosts_of(context)
    for href in (*_interfaces(root), *_HEADER_LINK.findall(context.headers.get("link", "")[:8000])):
        address = join(base, href)
        if address and same_site(address, hosts):
            return address
    return ""


def _interfaces(root: HtmlElement) -> list[str]:
    return [
        href
        for link in islice(root.iter("link"), _MOST)
        if REST in (link.get("rel") or "").lower().split() and (href := (link.get("href") or "").strip())
    ]


def _credited(root: HtmlElement) -> str:
    foot = deque(islice(root.iter("a"), 5000), maxlen=_FOOT)
    for anchor in foot:
        if (found := _CREDITS.match((anchor.get("href") or "").strip()[:200])) and found.lastgroup:
            return (found["get"] or found.lastgroup).lower()
    return ""


def _files(root: HtmlElement) -> Iterator[str]:
    """The addresses of styles, scripts, pictures and feeds that the page names."""
    for name, attribute in (("link", "href"), ("script", "src"), ("img", "src")):
        for element in islice(root.iter(name), _MOST):
            if value := element.get(attribute):
                yield value[:500]
