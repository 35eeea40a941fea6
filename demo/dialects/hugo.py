"""A blog in the dialect of Hugo: static files, summaries in the feed, sections and tags in the sitemap.

Owns `/index.xml` (all posts, but only their summaries), `/posts/…/`, `/tags/…/`, each with its own `index.xml`. Source: Hugo's embedded
templates `rss.xml` and `sitemap.xml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from demo.archives import Archive, Leaf, by_tag, leaves
from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS, slugify
from demo.render import render, sitemap
from demo.resource import Resource, Site, html, plain, xml

HOME_SIZE = 3
_ROBOTS = "User-agent: *\nDisallow: /brouillons/\n\nSitemap: {url}/sitemap.xml\n"


def build(blog: Blog) -> Site:
    """The whole blog."""
    missing = html(_themed(blog, "404", "/404.html", "Page introuvable"), status=404)
    return Site(dict(_pages(blog)), missing)


def _path(blog: Blog, post: Post) -> str:
    return PERMALINKS[blog.platform](post.number, post.slug, post.published)


def _pages(blog: Blog) -> Iterator[tuple[str, Resource]]:
    listed: list[tuple[str, datetime | None]] = []
    for leaf in leaves(blog.posts, HOME_SIZE):
        path = "/" if leaf.number == 1 else f"/page/{leaf.number}/"
        yield path, html(_themed(blog, "home", path, blog.name, leaf=leaf), leaf.posts[0].published if leaf.posts else None)
    for number, post in enumerate(blog.posts):
        newer = blog.posts[number - 1] if number else None
        older = blog.posts[number + 1] if number + 1 < len(blog.posts) else None
        path = _path(blog, post)
        listed.append((blog.url + path, post.published))
        yield path, html(_themed(blog, "single", path, post.title, post=post, newer=newer, older=older), post.published)
    for archive in [Archive("/posts/", "Articles", blog.posts), *_tags(blog)]:
        listed.append((blog.url + archive.key, archive.newest))
        leaf = Leaf(1, 1, archive.posts)
        yield archive.key, html(_themed(blog, "list", archive.key, archive.label, leaf=leaf), archive.newest)
        yield f"{archive.key}index.xml", _feed(blog, archive.posts, f"{archive.label} sur {blog.name}", archive.key)
    listed += [(f"{blog.url}/tags/", None), (f"{blog.url}/a-propos/", None), (f"{blog.url}/", None)]
    yield "/tags/", html(_themed(blog, "terms", "/tags/", "Mots-clés"))
    yield "/a-propos/", html(_themed(blog, "page", "/a-propos/", "À propos"))
    yield "/index.xml", _feed(blog, blog.posts, blog.name, "/")
    yield "/robots.txt", plain(_ROBOTS.format(url=blog.url))
    yield "/sitemap.xml", xml(sitemap(listed), "application/xml", blog.posts[0].published if blog.posts else None)


def _tags(blog: Blog) -> list[Archive]:
    return [Archive(f"/tags/{tag.key}/", tag.label, tag.posts) for tag in by_tag(blog.posts)]


def _themed(blog: Blog, kind: str, path: str, title: str, **values: object) -> str:
    return render(
        "hugo/theme.html",
        blog=blog,
        kind=kind,
        title=title,
        canonical=blog.url + path,
        path_of=lambda post: _path(blog, post),
        tags=_tags(blog),
        slugify=slugify,
        **values,
    )


def _feed(blog: Blog, posts: Sequence[Post], title: str, path: str) -> Resource:
    newest = posts[0].published if posts else None
    text = render("hugo/index.xml", blog=blog, posts=posts, title=title, path=path, newest=newest, path_of=lambda post: _path(blog, post))
    return xml(text, "application/rss+xml", newest)
