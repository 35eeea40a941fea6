"""Which addresses belong to a blog, as far as a parse can know: the hosts of the home page and of what was fetched."""

from __future__ import annotations

from crawler.parsed import Context
from luciole.urls import authority


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
