"""A blog in the dialect of Jekyll: `jekyll-feed`, `jekyll-seo-tag`, `jekyll-sitemap` and a theme like Minima.

Owns the dated `.html` permalinks and the Atom feed with the full text and `xml:base`. Source: the templates of the three plugins.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from demo.archives import related
from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS
from demo.render import render, sitemap
from demo.resource import Resource, Site, html, plain, xml

FEED_SIZE = 10
_ROBOTS = "User-agent: *\nDisallow: /brouillons/\nSitemap: {url}/sitemap.xml\n"


def build(blog: Blog) -> Site:
    """The whole blog."""
    missing = html(_themed(blog, "404", "/404.html", "Page introuvable"), status=404)
    return Site(dict(_pages(blog)), missing)


def _path(blog: Blog, post: Post) -> str:
    return PERMALINKS[blog.platform](post.number, post.slug, post.published)


def _pages(blog: Blog) -> Iterator[tuple[str, Resource]]:
    newest = blog.posts[0].published if blog.posts else None
    listed: list[tuple[str, datetime | None]] = [(f"{blog.url}/", None), (f"{blog.url}/a-propos/", None)]
    yield "/", html(_themed(blog, "home", "/", blog.name, posts=blog.posts), newest)
    for post in blog.posts:
        path = _path(blog, post)
        listed.append((blog.url + path, post.published))
        text = _themed(blog, "post", path, post.title, post=post, related=related(post, blog.posts, 2))
        yield path, html(text, post.published)
    yield "/a-propos/", html(_themed(blog, "page", "/a-propos/", "À propos"))
    feed = render("jekyll/feed.xml", blog=blog, posts=blog.posts[:FEED_SIZE], newest=newest, path_of=lambda post: _path(blog, post))
    yield "/feed.xml", xml(feed, "application/xml", newest)
    yield "/sitemap.xml", xml(sitemap(listed), "application/xml", newest)
    yield "/robots.txt", plain(_ROBOTS.format(url=blog.url))


def _themed(blog: Blog, kind: str, path: str, title: str, **values: object) -> str:
    return render(
        "jekyll/theme.html",
        blog=blog,
        kind=kind,
        title=title,
        canonical=blog.url + path,
        path_of=lambda post: _path(blog, post),
        **values,
    )
