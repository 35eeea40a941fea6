"""A blog in the dialect of Ghost: `/rss/` with the full text and pictures, JSON-LD, a sitemap for each kind of page.

Owns `/slug/`, `/tag/…/`, `/author/…/` and the pictures, drawn from the slug. Source: Ghost's `ghost_head` output, RSS generator and
sitemap manager.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from demo.archives import Archive, Leaf, by_author, by_tag, leaves, related
from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS, slugify
from demo.render import render, sitemap, sitemap_index
from demo.resource import Resource, Site, html, plain, xml

FEED_SIZE = 15
HOME_SIZE = 3
_ROBOTS = "User-agent: *\nSitemap: {url}/sitemap.xml\nDisallow: /ghost/\nDisallow: /email/\nDisallow: /members/api/\nDisallow: /r/\n"


def build(blog: Blog) -> Site:
    """The whole blog."""
    missing = html(_themed(blog, "error", "/404/", "Page introuvable"), status=404)
    return Site(dict(_pages(blog)), missing)


def object_id(*parts: object) -> str:
    """24 hex digits, Ghost's form of an id, always the same for the same parts."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:24]


def picture_path(post: Post) -> str:
    """Where the picture of a post is."""
    return f"/content/images/{post.published:%Y/%m}/{post.slug}.svg"


def _path(blog: Blog, post: Post) -> str:
    return PERMALINKS[blog.platform](post.number, post.slug, post.published)


def _pages(blog: Blog) -> Iterator[tuple[str, Resource]]:
    newest = blog.posts[0].published if blog.posts else None
    for leaf in leaves(blog.posts, HOME_SIZE):
        path = "/" if leaf.number == 1 else f"/page/{leaf.number}/"
        yield path, html(_themed(blog, "home", path, blog.name, leaf=leaf), leaf.posts[0].published if leaf.posts else None)
    for post in blog.posts:
        path = _path(blog, post)
        text = _themed(blog, "post", path, post.title, post=post, related=related(post, blog.posts))
        yield path, html(text, post.published)
        yield picture_path(post), Resource(_picture(post).encode(), "image/svg+xml", modified=post.published)
    archives = {"tags": by_tag(blog.posts), "authors": by_author(blog.posts)}
    for kind, prefix in (("tags", "tag"), ("authors", "author")):
        for archive in archives[kind]:
            path = f"/{prefix}/{archive.key}/"
            yield path, html(_themed(blog, prefix, path, archive.label, leaf=Leaf(1, 1, archive.posts)), archive.newest)
    yield "/about/", html(_themed(blog, "page", "/about/", "À propos"))
    feed = render(
        "ghost/rss.xml",
        blog=blog,
        posts=blog.posts[:FEED_SIZE],
        newest=newest,
        path_of=lambda post: _path(blog, post),
        picture_path=picture_path,
        object_id=object_id,
    )
    yield "/rss/", xml(feed, "application/rss+xml; charset=utf-8", newest)
    yield "/robots.txt", plain(_ROBOTS.format(url=blog.url))
    yield from _sitemaps(blog, archives, newest)


def _sitemaps(blog: Blog, archives: dict[str, list[Archive]], newest: datetime | None) -> Iterator[tuple[str, Resource]]:
    entries: dict[str, list[tuple[str, datetime | None]]] = {
        "pages": [(f"{blog.url}/", newest), (f"{blog.url}/about/", None)],
        "posts": [(blog.url + _path(blog, post), post.published) for post in blog.posts],
        "authors": [(f"{blog.url}/author/{archive.key}/", archive.newest) for archive in archives["authors"]],
        "tags": [(f"{blog.url}/tag/{archive.key}/", archive.newest) for archive in archives["tags"]],
    }
    for name, listed in entries.items():
        yield f"/sitemap-{name}.xml", xml(sitemap(listed), "text/xml", newest)
    index = sitemap_index((f"{blog.url}/sitemap-{name}.xml", newest) for name in entries)
    yield "/sitemap.xml", xml(index, "text/xml", newest)


def _themed(blog: Blog, kind: str, path: str, title: str, **values: object) -> str:
    return render(
        "ghost/theme.html",
        blog=blog,
        kind=kind,
        title=title,
        canonical=blog.url + path,
        path_of=lambda post: _path(blog, post),
        picture_path=picture_path,
        slugify=slugify,
        **values,
    )


def _picture(post: Post) -> str:
    """An abstract drawing: branching curves whose places and colours follow from the slug."""
    digest = hashlib.sha256(post.slug.encode()).digest()
    strokes = [
        (digest[at] * 4.7, digest[at + 1] * 2.4, digest[at + 2] * 4.7, digest[at + 3] * 2.4, digest[at + 1] % 9 + 2)
        for at in range(0, 28, 4)
    ]
    return render("ghost/picture.svg", hue=digest[0] * 360 // 256, strokes=strokes)
