"""A blog in the dialect of WordPress: pages, feeds, comment feeds, core sitemaps, short links.

Owns the addresses and traps of WordPress (`?p=N`, `/feed/?paged=2`, comment feeds that are not articles, month archives). Its REST answers
are in `wordpress_rest`. Hypotheses is WordPress too: a `Flavour` says what differs. Sources: the theme Twenty Fifteen's markup,
the feed templates of WordPress 6 (`feed-rss2.php`, `feed-rss2-comments.php`) and its core sitemaps, as known from public sites.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from demo.archives import Archive, Leaf, by_author, by_first_tag, by_month, by_tag, category, leaves, related
from demo.blog import Blog, Post
from demo.dialects import wordpress_rest
from demo.permalinks import PERMALINKS, slugify
from demo.render import render, sitemap, sitemap_index
from demo.resource import Query, Resource, Site, html, plain, redirect, xml

FEED_SIZE = 10
HOME_SIZE = 3
_RSS = "application/rss+xml; charset=UTF-8"
_ROBOTS = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {url}/wp-sitemap.xml\n"


@dataclass(frozen=True, slots=True)
class Flavour:
    """What one WordPress differs in from another: `slash` ends its permalinks and feed addresses."""

    theme: str = "wordpress/theme.html"
    full_feed: bool = True
    slash: str = "/"


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment under a post; it says only that it is invented."""

    id: int
    post: Post
    author: str


def comments_of(post: Post) -> list[_Comment]:
    """Up to two comments, so that some posts have none."""
    return [_Comment(900 + 2 * post.number + at, post, "Visiteur de démonstration") for at in range(post.number % 3)]


def build(blog: Blog, flavour: Flavour = Flavour()) -> Site:
    """The whole blog. Pure: the same blog gives the same bytes."""
    builder = _Builder(blog, flavour)
    return Site(dict(builder.pages()), builder.missing(), builder.answer)


class _Builder:
    """The blog, its addresses and its theme, shared by every page that is rendered."""

    def __init__(self, blog: Blog, flavour: Flavour) -> None:
        self.blog, self.flavour = blog, flavour
        self.ids = {post.number: wordpress_rest.post_id(blog, post) for post in blog.posts}
        self.newest = blog.posts[0].published if blog.posts else None
        self.home_leaves = leaves(blog.posts, HOME_SIZE)
        self.feed_leaves = leaves(blog.posts, FEED_SIZE)

    def path(self, post: Post) -> str:
        return PERMALINKS[self.blog.platform](post.number, post.slug, post.published)

    def feed_path(self, of: str = "") -> str:
        """The feed of a page; of the blog itself without `of`."""
        return f"{of.rstrip('/')}/feed{self.flavour.slash}"

    def pages(self) -> Iterator[tuple[str, Resource]]:
        for leaf in self.home_leaves:
            yield self.leaf_path(leaf), self.listing("home", self.leaf_path(leaf), self.blog.name, leaf)
        for post in self.blog.posts:
            yield self.path(post), self.single(post)
            yield self.feed_path(self.path(post)), self.comment_feed(post)
        for kind, archive in self.archives():
            leaf = Leaf(1, 1, archive.posts)
            yield archive.key, self.listing(kind, archive.key, archive.label, leaf)
            yield self.feed_path(archive.key), self.feed(Leaf(1, 1, archive.posts[:FEED_SIZE]), archive)
        yield "/a-propos/", self.page("about", "/a-propos/", "À propos")
        yield self.feed_path(), self.feed(self.feed_leaves[0])
        yield self.feed_path("/comments"), self.comment_feed(None)
        yield "/robots.txt", plain(_ROBOTS.format(url=self.blog.url))
        yield "/sitemap.xml", redirect(f"{self.blog.url}/wp-sitemap.xml", 301)
        yield from self.sitemaps()

    def leaf_path(self, leaf: Leaf) -> str:
        return "/" if leaf.number == 1 else f"/page/{leaf.number}/"

    def archives(self) -> Iterator[tuple[str, Archive]]:
        """Every archive with its kind (the body class); its key becomes the path."""
        posts = self.blog.posts
        for kind, prefix, groups in (
            ("category", "category/", by_first_tag(posts)),
            ("tag", "tag/", by_tag(posts)),
            ("author", "author/", by_author(posts)),
            ("date", "", by_month(posts)),
        ):
            for group in groups:
                yield kind, Archive(f"/{prefix}{group.key}/", group.label, group.posts)

    def sitemaps(self) -> Iterator[tuple[str, Resource]]:
        url = self.blog.url
        posts = sorted(self.blog.posts, key=lambda post: self.ids[post.number])
        files: dict[str, list[tuple[str, datetime | None]]] = {
            "posts-post-1": [(url + self.path(post), post.published) for post in posts],
            "posts-page-1": [(f"{url}/", self.newest), (f"{url}/a-propos/", None)],
            "taxonomies-category-1": [(url + path.key, None) for kind, path in self.archives() if kind == "category"],
            "users-1": [(url + path.key, None) for kind, path in self.archives() if kind == "author"],
        }
        for name, entries in files.items():
            yield f"/wp-sitemap-{name}.xml", xml(sitemap(entries), "application/xml; charset=UTF-8", self.newest)
        index = sitemap_index((f"{url}/wp-sitemap-{name}.xml", None) for name in files)
        yield "/wp-sitemap.xml", xml(index, "application/xml; charset=UTF-8", self.newest)

    def themed(self, kind: str, path: str, title: str, **values: object) -> str:
        posts = self.blog.posts
        return render(
            self.flavour.theme,
            blog=self.blog,
            kind=kind,
            title=title,
            canonical=self.blog.url + path,
            path_of=self.path,
            feed_path=self.feed_path,
            category=category,
            recent=posts[:5],
            categories=by_first_tag(posts),
            months=by_month(posts),
            comments_of=comments_of,
            ids=self.ids,
            slugify=slugify,
            **values,
        )

    def single(self, post: Post) -> Resource:
        text = self.themed(
            "single", self.path(post), post.title, post=post, related=related(post, self.blog.posts), comments=comments_of(post)
        )
        return html(text, post.published)

    def listing(self, kind: str, path: str, title: str, leaf: Leaf) -> Resource:
        return html(self.themed(kind, path, title, leaf=leaf), leaf.posts[0].published if leaf.posts else None)

    def page(self, kind: str, path: str, title: str) -> Resource:
        return html(self.themed(kind, path, title))

    def missing(self) -> Resource:
        return html(self.themed("error404", "/", "Page introuvable"), status=404)

    def feed(self, leaf: Leaf, archive: Archive | None = None) -> Resource:
        text = render(
            "wordpress/feed.xml",
            blog=self.blog,
            posts=leaf.posts,
            newest=leaf.posts[0].published if leaf.posts else None,
            title=f"{archive.label} – {self.blog.name}" if archive else self.blog.name,
            page=archive.key if archive else "/",
            self_path=self.feed_path(archive.key if archive else ""),
            full=self.flavour.full_feed,
            path_of=self.path,
            feed_path=self.feed_path,
            comments_of=comments_of,
            category=category,
            ids=self.ids,
        )
        return xml(text, _RSS, leaf.posts[0].published if leaf.posts else None)

    def comment_feed(self, post: Post | None) -> Resource:
        """The comments of one post, or of the whole blog: RSS that looks like any other, but holds no article."""
        comments = [comment for each in ([post] if post else self.blog.posts) for comment in comments_of(each)]
        text = render(
            "wordpress/comments.xml",
            blog=self.blog,
            post=post,
            comments=comments[:FEED_SIZE],
            path_of=self.path,
            self_path=self.feed_path(self.path(post) if post else "/comments"),
        )
        return xml(text, _RSS, post.published if post else self.newest)

    def answer(self, path: str, query: Query) -> Resource | None:
        rest = wordpress_rest.answer(self.blog, path, query)
        if rest is not None:
            return rest
        if path == "/" and "p" in query:
            for post in self.blog.posts:
                if str(self.ids[post.number]) == query["p"]:
                    return redirect(self.blog.url + self.path(post), 301)
            return self.missing()
        asks_feed = path.rstrip("/") == "/feed" or (path == "/" and query.get("feed") == "rss2")
        if asks_feed and (query.get("paged") or query.get("feed")):
            number = query.get("paged", "1")
            inside = number.isdecimal() and 1 <= int(number) <= len(self.feed_leaves)
            return self.feed(self.feed_leaves[int(number) - 1]) if inside else self.missing()
        return None
