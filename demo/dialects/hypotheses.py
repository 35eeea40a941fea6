"""A carnet in the dialect of Hypotheses.org: WordPress with numbers for permalinks, and its own theme.

Owns what differs from WordPress: `/718` without a slash at the end, `/feed` likewise, the carnet's look with its how-to-cite box.
"""

from __future__ import annotations

from demo.blog import Blog
from demo.dialects import wordpress
from demo.resource import Site

_FLAVOUR = wordpress.Flavour(theme="hypotheses/theme.html", slash="")


def build(blog: Blog) -> Site:
    """The whole carnet."""
    return wordpress.build(blog, _FLAVOUR)
