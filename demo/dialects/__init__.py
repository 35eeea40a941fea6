"""The dialects of the platforms, and which blog speaks which.

Owns the table from platform to builder. Each module below turns one Blog into one Site, purely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from demo.blog import Blog
from demo.dialects import blogger, ghost, hostile, hugo, hypotheses, jekyll, passage, spip, static, wordpress
from demo.resource import Site

_BUILDERS: Mapping[str, Callable[[Blog], Site]] = {
    "wordpress": wordpress.build,
    "hypotheses": hypotheses.build,
    "blogger": blogger.build,
    "spip": spip.build,
    "hugo": hugo.build,
    "jekyll": jekyll.build,
    "ghost": ghost.build,
    "static": static.build,
    "passage": passage.build,
    "hostile": hostile.build,
}
_EXCERPTS_ONLY = frozenset({"doute"})
"""WordPress blogs whose owner chose "excerpt" for the feed: a setting, which no page tells."""


def build(blog: Blog) -> Site:
    """A blog in the dialect of its platform."""
    if blog.id in _EXCERPTS_ONLY:
        return wordpress.build(blog, wordpress.Flavour(full_feed=False))
    return _BUILDERS[blog.platform](blog)
