"""Addresses as a page gives them: made absolute, and whether they are the blog's own, as far as a parse can know: on the hosts of the home
page and of what was fetched."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from crawler.parsed import Context
from luciole.urls import authority, url_key


def join(base: str, href: str) -> str:
    """An absolute http(s) address, or ""."""
    try:
        address = urljoin(base, href.strip())
        url_key(address)
    except ValueError:
        return ""
    return urlsplit(address)._replace(fragment="").geturl()


def hosts_of(context: Context) -> frozenset[str]:
    """The authorities (`host` or `host:port`, without `www.`) of the blog's home and of the address that is being read."""
    return frozenset(found for url in (context.source_url, context.url, context.requested) if (found := _bare(url)))


def same_site(url: str, hosts: frozenset[str]) -> bool:
    """Whether `url` is http(s) on one of `hosts`."""
    return _bare(url) in hosts


def _bare(url: str) -> str:
    try:
        return authority(url).lower().removeprefix("www.")
    except ValueError:
        return ""
