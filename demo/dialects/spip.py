"""A site in the dialect of SPIP, wholly in ISO-8859-1: `?article12` addresses, rubriques, `page=backend`.

Owns SPIP's addresses (parameters without value) and its character set: what Latin-1 lacks becomes a numeric entity (`&#8217;`, `&#339;`),
as SPIP 2 and 3 do. Dates of articles are only words in the page. Source: SPIP's default
skeletons `article`, `rubrique` and `inc-rss-item`.
"""

from __future__ import annotations

from collections.abc import Iterator

from demo.archives import Leaf, by_author, by_tag, leaves
from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS, slugify
from demo.render import render
from demo.resource import Query, Resource, Site

CHARSET = "iso-8859-1"
FEED_SIZE = 10
PAGE_SIZE = 3
_COMPOSED = (("Composed-By", "SPIP 3.2.19 @ www.spip.net"), ("Vary", "Cookie"))
_ROBOTS = "User-agent: *\nDisallow: /local/\nDisallow: /ecrire/\nDisallow: /plugins/\nDisallow: /prive/\n\nSitemap: {url}/sitemap.xml\n"


def build(blog: Blog) -> Site:
    """The whole site."""
    builder = _Builder(blog)
    return Site(dict(builder.pages()), builder.missing(), builder.answer)


def _encoded(text: str) -> bytes:
    return text.encode(CHARSET, "xmlcharrefreplace")


class _Builder:
    """The site and its numbered objects: one rubrique, keywords, authors."""

    def __init__(self, blog: Blog) -> None:
        self.blog = blog
        self.leaves = leaves(blog.posts, PAGE_SIZE)
        self.words = {archive.key: number for number, archive in enumerate(by_tag(blog.posts), 1)}
        self.authors = {slugify(author): number for number, author in enumerate(blog.authors, 1)}
        self.newest = blog.posts[0].published if blog.posts else None

    def path(self, post: Post) -> str:
        return PERMALINKS[self.blog.platform](post.number, post.slug, post.published)

    def pages(self) -> Iterator[tuple[str, Resource]]:
        yield "/", self.page("sommaire", "/", self.blog.name, leaf=Leaf(1, 1, self.blog.posts[:PAGE_SIZE]))
        for post in self.blog.posts:
            page = self.page("article", self.path(post), post.title, post=post)
            yield self.path(post), Resource(page.body, page.content_type, page.status, page.headers, post.published)
        for archive in by_tag(self.blog.posts):
            path = f"/spip.php?mot{self.words[archive.key]}"
            yield path, self.page("mot", path, archive.label, leaf=Leaf(1, 1, archive.posts))
        for archive in by_author(self.blog.posts):
            path = f"/spip.php?auteur{self.authors[archive.key]}"
            yield path, self.page("auteur", path, archive.label, leaf=Leaf(1, 1, archive.posts))
        yield "/spip.php?page=a-propos", self.page("a-propos", "/spip.php?page=a-propos", "À propos de ce site")
        robots = _ROBOTS.format(url=self.blog.url)
        yield "/robots.txt", Resource(_encoded(robots), f"text/plain; charset={CHARSET}", headers=_COMPOSED)

    def page(self, kind: str, path: str, title: str, *, status: int = 200, **values: object) -> Resource:
        text = render(
            "spip/squelette.html",
            blog=self.blog,
            kind=kind,
            title=title,
            canonical=self.blog.url + path,
            charset=CHARSET,
            path_of=self.path,
            words=self.words,
            authors=self.authors,
            page_size=PAGE_SIZE,
            slugify=slugify,
            recent=self.blog.posts[:5],
            **values,
        )
        modified = self.newest if status == 200 else None
        return Resource(_encoded(text), f"text/html; charset={CHARSET}", status, _COMPOSED, modified)

    def missing(self) -> Resource:
        return self.page("404", "/", "Page non trouvée", status=404)

    def answer(self, path: str, query: Query) -> Resource | None:
        """What depends on parameters, in any order: `page=…`, `rubriqueN`, `articleN`; also without `spip.php`."""
        if path == "/sitemap.xml":
            return self.sitemap()
        if path not in {"/", "/spip.php"} or not query:
            return None
        match query.get("page"):
            case "backend":
                return self.backend()
            case "sitemap" | "sitemap.xml":
                return self.sitemap()
        if "rubrique1" in query:
            return self.rubrique(query.get("debut_articles", "0"))
        for post in self.blog.posts:
            if self.path(post).partition("?")[2] in query:
                return self.page("article", self.path(post), post.title, post=post)
        return self.missing() if path == "/spip.php" else None

    def rubrique(self, start: str) -> Resource:
        """SPIP shows the nearest page for a start beyond the end, instead of an error."""
        wanted = int(start) // PAGE_SIZE if start.isdecimal() else 0
        leaf = self.leaves[min(wanted, len(self.leaves) - 1)]
        return self.page("rubrique", "/spip.php?rubrique1", "Tous les billets", leaf=leaf)

    def backend(self) -> Resource:
        posts = self.blog.posts[:FEED_SIZE]
        text = render(
            "spip/backend.xml", blog=self.blog, posts=posts, charset=CHARSET, path_of=self.path, words=self.words, slugify=slugify
        )
        return Resource(_encoded(text), f"text/xml; charset={CHARSET}", 200, _COMPOSED, self.newest)

    def sitemap(self) -> Resource:
        """Newest first; no lastmod, which SPIP gives only for what changed within a day."""
        paths = ["/", "/spip.php?rubrique1", *(self.path(post) for post in self.blog.posts)]
        text = render("sitemap.xml", entries=[(self.blog.url + path, None) for path in paths])
        return Resource(text.encode(), "text/xml; charset=utf-8", 200, _COMPOSED, self.newest)
