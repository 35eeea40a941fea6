"""A blog in the dialect of Blogger: Atom feeds with paging, dated `.html` pages, labels, and `?m=1` twins.

Owns `/feeds/posts/default` with its OpenSearch counts and the five kinds of link of an entry. Blogger gives `self` and `next` on
www.blogger.com; here they stay on the blog's own host, so that a crawl of the demo never leaves the machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from demo.archives import Archive, Leaf, by_month, by_tag, leaves
from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS
from demo.render import render, sitemap, sitemap_index
from demo.resource import Query, Resource, Site, html, plain, xml

HOME_SIZE = 3
FEED_SIZE = 25
FEED_CAP = 100  # what is asked beyond this is silently cut
_ATOM = "application/atom+xml; charset=UTF-8"
_ROBOTS = "User-agent: Mediapartners-Google\nDisallow:\n\nUser-agent: *\nDisallow: /search\nAllow: /\n\nSitemap: {url}/sitemap.xml\n"


def long_id(*parts: object) -> str:
    """A number of 18 digits, as Blogger gives blogs and posts, always the same for the same parts."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return str(10**17 + int.from_bytes(digest[:8]) % (9 * 10**17))


def build(blog: Blog) -> Site:
    """The whole blog."""
    builder = _Builder(blog)
    return Site(dict(builder.pages()), builder.missing(), builder.answer)


class _Builder:
    """The blog, its addresses and its ids, shared by every page that is rendered."""

    def __init__(self, blog: Blog) -> None:
        self.blog = blog
        self.blog_id = long_id(blog.id)
        self.newest = blog.posts[0].published if blog.posts else None
        self.home_leaves = leaves(blog.posts, HOME_SIZE)

    def path(self, post: Post) -> str:
        return PERMALINKS[self.blog.platform](post.number, post.slug, post.published)

    def post_id(self, post: Post) -> str:
        return long_id(self.blog.id, post.number)

    def pages(self) -> Iterator[tuple[str, Resource]]:
        yield "/", self.listing("index", "/", self.blog.name, self.home_leaves[0])
        for post in self.blog.posts:
            text = self.themed("item", self.path(post), post.title, post=post)
            yield self.path(post), html(text, post.published)
            yield f"/feeds/{self.post_id(post)}/comments/default", self.comment_feed(post)
        for archive in by_month(self.blog.posts):
            path = f"/{archive.key}/"
            yield path, self.listing("archive", path, archive.label, Leaf(1, 1, archive.posts))
        yield "/p/a-propos.html", html(self.themed("static_page", "/p/a-propos.html", "À propos"))
        yield "/feeds/comments/default", self.comment_feed(None)
        yield "/robots.txt", plain(_ROBOTS.format(url=self.blog.url))
        index = sitemap_index([(f"{self.blog.url}/sitemap.xml?page=1", None)])
        yield "/sitemap.xml", xml(index, "application/xml; charset=UTF-8", self.newest)
        entries = [(self.blog.url + self.path(post), post.published) for post in self.blog.posts]
        yield "/sitemap.xml?page=1", xml(sitemap(entries), "application/xml; charset=UTF-8", self.newest)
        pages = sitemap([(f"{self.blog.url}/p/a-propos.html", None)])
        yield "/sitemap-pages.xml", xml(pages, "application/xml; charset=UTF-8", self.newest)

    def themed(self, kind: str, path: str, title: str, **values: object) -> str:
        return render(
            "blogger/theme.html",
            blog=self.blog,
            blog_id=self.blog_id,
            kind=kind,
            title=title,
            canonical=self.blog.url + path,
            path_of=self.path,
            post_id=self.post_id,
            months=by_month(self.blog.posts),
            labels=by_tag(self.blog.posts),
            **values,
        )

    def listing(self, kind: str, path: str, title: str, leaf: Leaf) -> Resource:
        older = leaf.number + 1 if leaf.number < leaf.count else None
        return html(self.themed(kind, path, title, posts=leaf.posts, older=older), leaf.posts[0].published if leaf.posts else None)

    def missing(self) -> Resource:
        return html(self.themed("error_page", "/", "Page introuvable"), status=404)

    def feed(self, posts: tuple[Post, ...], start: int, size: int) -> Resource:
        """Entries `start` (from 1) and on; `openSearch:totalResults` counts all of them."""
        shown = posts[start - 1 : start - 1 + size]
        text = render(
            "blogger/feed.xml",
            blog=self.blog,
            blog_id=self.blog_id,
            posts=shown,
            total=len(posts),
            start=start,
            size=size,
            following=start + len(shown) if shown and start - 1 + size < len(posts) else None,
            newest=self.newest,
            path_of=self.path,
            post_id=self.post_id,
        )
        return xml(text, _ATOM, self.newest)

    def comment_feed(self, post: Post | None) -> Resource:
        posts = [post] if post else [each for each in self.blog.posts if each.number % 2][:FEED_SIZE]
        text = render(
            "blogger/comments.xml",
            blog=self.blog,
            blog_id=self.blog_id,
            post=post,
            posts=posts,
            newest=self.newest,
            path_of=self.path,
            post_id=self.post_id,
        )
        return xml(text, _ATOM, self.newest)

    def answer(self, path: str, query: Query) -> Resource | None:
        if path == "/feeds/posts/default":
            start, size = _number(query.get("start-index"), 1), _number(query.get("max-results"), FEED_SIZE)
            ordered = self.blog.posts  # orderby=published and orderby=updated are the same here: nothing was edited
            return self.feed(ordered, max(start, 1), min(size, FEED_CAP))
        if path.startswith("/search"):
            return self.search(path, query)
        return None

    def search(self, path: str, query: Query) -> Resource | None:
        """Label pages and older posts, below the `/search` that robots.txt closes."""
        if path == "/search" and query.get("page", "").isdecimal():
            number = int(query["page"])
            if 1 <= number <= len(self.home_leaves):
                return self.listing("search", "/", "Messages plus anciens", self.home_leaves[number - 1])
        key = path.removeprefix("/search/label/")
        found: list[Archive] = [archive for archive in by_tag(self.blog.posts) if key in (archive.label, archive.key)]
        if found:
            return self.listing("search", path, found[0].label, Leaf(1, 1, found[0].posts))
        return None


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
