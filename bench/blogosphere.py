"""Generated blogs for the crawl to visit: addresses, feeds, maps, and pages like those of real themes.

Owns what they serve and under which names. Seeded: the same shape gives the same bytes everywhere, save that posts are dated by the day of
the run, for a blog that fell silent is visited less often. It refuses to know who asks and how the bytes travel.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import islice
from typing import Final, Self

from bench.articles import SEED, Generator
from indexer.document import IndexDocument
from luciole.sources import Source

PORT: Final = 7001
"""The port in the blogs' addresses; the host map sends it to the server's real one."""

ROBOTS, FEED, HOME, MAP, PAGE = "robots", "feed", "home", "map", "page"
"""The kinds of what is asked for."""

_VOCABULARY: Final = 40_000


@dataclass(frozen=True, slots=True)
class Body:
    """What an address answers."""

    kind: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Blogosphere:
    """So many blogs of so many posts each, of `words` words at the median; `full`: their feeds carry whole posts.

    `listed` posts, the latest, are in the blog's `feeds_each` feeds, each in one of them; all are in the map of the site. With `themed`
    pages weigh 30 to 90 KB, else next to nothing.
    """

    blogs: int
    posts: int
    listed: int
    words: int = 600
    feeds_each: int = 1
    full: bool = False
    themed: bool = True

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The value that `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """The shape, for another process."""
        return json.dumps(asdict(self))

    def host(self, blog: int) -> str:
        """The name of a blog's host."""
        return f"blog-{blog:04}.localhost"

    def url(self, blog: int, path: str) -> str:
        """An address of a blog."""
        return f"http://{self.host(blog)}:{PORT}{path}"

    def feeds(self, blog: int) -> list[str]:
        """The addresses of a blog's feeds."""
        return [self.url(blog, f"/flux-{feed}.xml") for feed in range(self.feeds_each)]

    def pages(self, blog: int) -> list[str]:
        """The addresses of a blog's posts, the newest first."""
        return [self.url(blog, f"/billet-{post}") for post in reversed(range(self.posts))]

    def sources(self) -> tuple[Source, ...]:
        """The blogs as the list has them."""
        return tuple(
            Source(
                id=f"blog-{blog:04}",
                name=f"Carnet {blog}",
                url=self.url(blog, "/"),
                feeds=tuple(self.feeds(blog)),
                disciplines=("physique",),
            )
            for blog in range(self.blogs)
        )

    def host_map(self, port: int) -> dict[str, str]:
        """Where the authorities of the blogs really are."""
        return {f"{self.host(blog)}:{PORT}": f"127.0.0.1:{port}" for blog in range(self.blogs)}

    def bodies(self) -> Iterator[tuple[str, str, Body]]:
        """Everything there is: host, path, body."""
        generator = Generator(words=_VOCABULARY, median=self.words)
        theme = _Theme(generator)
        documents = generator.articles(self.blogs * self.posts)
        for blog in range(self.blogs):
            posts = list(islice(documents, self.posts))
            yield from ((self.host(blog), path, body) for path, body in self._site(blog, posts, theme))

    def _site(self, blog: int, posts: list[IndexDocument], theme: _Theme) -> Iterator[tuple[str, Body]]:
        robots = f"User-agent: *\nDisallow: /wp-admin/\nSitemap: {self.url(blog, '/post-sitemap.xml')}\n"
        yield "/robots.txt", Body(ROBOTS, "text/plain", robots.encode())
        for feed in range(self.feeds_each):
            yield f"/flux-{feed}.xml", Body(FEED, "application/rss+xml; charset=utf-8", self._feed(blog, feed, posts).encode())
        yield "/post-sitemap.xml", Body(MAP, "application/xml", self._map(blog).encode())
        home = theme.page(
            f"Carnet {blog}",
            '<link rel="alternate" type="application/rss+xml" href="/flux-0.xml">',
            "<p>Bienvenue.</p>",
            furnished=self.themed,
        )
        yield "/", Body(HOME, "text/html; charset=utf-8", home.encode())
        for number, post in enumerate(posts):
            date = self._date(number)
            head = (
                f'<link rel="canonical" href="{self.url(blog, f"/billet-{number}")}"><meta property="og:type" content="article">'
                f'<meta property="article:published_time" content="{date.isoformat()}">'
            )
            page = theme.page(post.title, head, _paragraphs(post.body), furnished=self.themed)
            yield f"/billet-{number}", Body(PAGE, "text/html; charset=utf-8", page.encode())

    def _feed(self, blog: int, feed: int, posts: list[IndexDocument]) -> str:
        items = []
        for number in list(reversed(range(max(self.posts - self.listed, 0), self.posts)))[feed :: self.feeds_each]:
            post, url = posts[number], self.url(blog, f"/billet-{number}")
            body = f"<content:encoded><![CDATA[{_paragraphs(post.body)}]]></content:encoded>" if self.full else ""
            items.append(
                f"<item><title>{escape(post.title)}</title><link>{url}</link><guid>{url}</guid>"
                f"<pubDate>{format_datetime(self._date(number))}</pubDate>"
                f"<description>{escape(' '.join(post.body.split()[:40]))} […]</description>{body}</item>"
            )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>Carnet {blog}</title><link>{self.url(blog, '/')}</link><description>Essai</description>"
            f"{''.join(items)}</channel></rss>"
        )

    def _map(self, blog: int) -> str:
        places = "".join(f"<url><loc>{url}</loc></url>" for url in self.pages(blog))
        return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'

    def _date(self, number: int) -> datetime:
        midnight = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=1 + self.posts - number)


class _Theme:
    """The furniture around a post, as themes put it: styles, menus, a column of links, remarks of readers, scripts."""

    def __init__(self, generator: Generator) -> None:
        self._random = random.Random(SEED + 2)  # noqa: S311 - the point is that it can be repeated
        self._words = generator.vocabulary[:3000]
        self._style = "".join(
            f".{self._word()}-{number}{{margin:0 {number % 9}px;padding:{number % 7}px;color:#{number * 7919 % 0xFFFFFF:06x}}}"
            for number in range(160)
        )
        self._script = "".join(f'window.dataLayer.push({{"{self._word()}":"{self._word()}","rang":{number}}});' for number in range(120))
        self._menu = self._links("menu", 60)
        self._column = "".join(
            f'<section class="widget"><h3>{self._word().capitalize()}</h3>{self._links("widget", count)}</section>'
            for count in (10, 20, 60, 45)
        )

    def page(self, title: str, head: str, content: str, *, furnished: bool = True) -> str:
        """A whole page."""
        if not furnished:
            return (
                f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>'
                f"<body><article><h1>{escape(title)}</h1>{content}</article></body></html>"
            )
        return (
            f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}'
            f'<style>{self._style}</style><script>window.dataLayer=[];{self._script}</script></head><body class="single single-post">'
            f'<header id="masthead"><p class="site-title"><a href="/">Carnet</a></p><nav>{self._menu}</nav></header>'
            f'<main id="main"><article class="post hentry"><header class="entry-header"><h1 class="entry-title">{escape(title)}</h1>'
            f'</header><div class="entry-content">{content}{self._figures()}</div>'
            f'<footer class="entry-footer">{self._links("tag", 8)}</footer></article><section id="comments" class="comments-area">'
            f'<h2>Commentaires</h2><ol class="comment-list">{self._remarks()}</ol></section></main>'
            f'<aside id="secondary" class="widget-area">{self._column}</aside><footer id="colophon">{self._links("footer", 12)}</footer>'
            f"<script>{self._script}</script></body></html>"
        )

    def _links(self, name: str, count: int) -> str:
        items = (
            f'<li class="{name}-item {name}-item-{number}"><a href="/{name}/{self._word()}/">{self._word()} {self._word()}</a></li>'
            for number in range(count)
        )
        return f'<ul class="{name}">{"".join(items)}</ul>'

    def _figures(self) -> str:
        return "".join(
            f'<figure class="wp-block-image"><img src="/images/{self._word()}.jpg" alt="{self._word()}" width="1024" height="683">'
            f"<figcaption>{self._word()} {self._word()}</figcaption></figure>"
            for _ in range(self._random.randrange(1, 4))
        )

    def _remarks(self) -> str:
        return "".join(self._remark(number) for number in range(int(25 * self._random.random() ** 2)))

    def _remark(self, number: int) -> str:
        text = " ".join(self._random.choices(self._words, k=self._random.randrange(10, 120)))
        return (
            f'<li class="comment depth-1" id="comment-{number}"><article><footer class="comment-meta"><b class="fn">{self._word()}</b> '
            f'<time>hier</time></footer><div class="comment-content"><p>{text}</p></div>'
            f'<div class="reply"><a href="#respond">Répondre</a></div></article></li>'
        )

    def _word(self) -> str:
        return self._random.choice(self._words)


def _paragraphs(text: str) -> str:
    """Plain text as HTML, four lines to a paragraph, for the generator ends lines often."""
    lines = text.split("\n")
    return "".join(f"<p>{escape(' '.join(lines[at : at + 4]))}</p>" for at in range(0, len(lines), 4))
