"""A page perso, written by hand in an editor: no feed, no generator, links relative to the page.

Owns the one blog a crawler can only follow by its links or its sitemap. Dates are words in the text, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS
from demo.render import render, sitemap
from demo.resource import Resource, Site, html, plain, xml

_ROBOTS = "# page perso\nUser-agent: *\nDisallow: /brouillons/\n\nSitemap: {url}/sitemap.xml\n"


def build(blog: Blog) -> Site:
    """The whole page perso."""
    return Site(dict(_pages(blog)), html(_page(blog, "404", "/", "Page introuvable"), status=404))


def _path(blog: Blog, post: Post) -> str:
    return PERMALINKS[blog.platform](post.number, post.slug, post.published)


def _pages(blog: Blog) -> Iterator[tuple[str, Resource]]:
    newest = blog.posts[0].published if blog.posts else None
    home = html(_page(blog, "accueil", "/", blog.name), newest)
    yield "/", home
    yield "/index.html", home
    yield "/apropos.html", html(_page(blog, "apropos", "/apropos.html", "Qui suis-je ?"))
    for post in blog.posts:
        path = _path(blog, post)
        yield path, html(_page(blog, "article", path, post.title, post=post), post.published)
    paths = ["/", "/apropos.html", *(_path(blog, post) for post in blog.posts)]
    yield "/sitemap.xml", xml(sitemap((blog.url + path, None) for path in paths), "application/xml", newest)
    yield "/robots.txt", plain(_ROBOTS.format(url=blog.url))


def _page(blog: Blog, kind: str, path: str, title: str, **values: object) -> str:
    return render(
        "static/page.html",
        blog=blog,
        kind=kind,
        title=title,
        canonical=blog.url + path,
        up="../" if path.startswith("/articles/") else "/" if kind == "404" else "",
        path_of=lambda post: _path(blog, post).lstrip("/"),
        **values,
    )
