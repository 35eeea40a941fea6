"""The articles of the demonstration as an index holds them, without a crawl over the network.

Each page is made by its blog's own platform and read by the crawler's own parser, so that themes, formulas and code go the way they go on
a real night; title, author and date are the ones that feeds tell. An article's id is its place in the repository,
"cieux/03-mesurer-la-distance-des-etoiles". Refuses to know engines and judgements.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from crawler.parse import parse
from crawler.parsed import Context, ParsedPage
from demo import dialects
from demo.blog import Blog, Post
from demo.content import BLOGS
from demo.listing import blogs
from demo.permalinks import PERMALINKS
from demo.resource import Resource
from indexer.document import IndexDocument, to_document
from luciole.article import Article
from luciole.sources import Source

NOW: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""When all pages were fetched: after every article of the demonstration."""


def documents() -> tuple[IndexDocument, ...]:
    """What readers may find of the demonstration: 64 articles, the English one and the repost left out as on any night. Takes about two
    seconds. Raises `ValueError` for a page that the parser does not take for an article."""
    made = []
    for blog in blogs():
        source = Source(
            id=blog.id, name=blog.name, url=f"{blog.url}/", feeds=(), disciplines=blog.disciplines, type=blog.type, language="fr"
        )
        site = dialects.build(blog)
        for post in blog.posts:
            path = PERMALINKS[blog.platform](post.number, post.slug, post.published)
            document = to_document(_article(blog, post, path, site.find(*_parted(path))), source, now=NOW)
            if document is not None:
                made.append(document)
    return tuple(made)


def _parted(path: str) -> tuple[str, str]:
    plain, _, query = path.partition("?")
    return plain, query


def _article(blog: Blog, post: Post, path: str, page: Resource) -> Article:
    """A post as the record would keep it."""
    url = blog.url + path
    context = Context(
        source_id=blog.id,
        source_name=blog.name,
        source_url=f"{blog.url}/",
        source_type=blog.type,
        language="fr",
        article_url=None,
        url=url,
        requested=url,
        content_type=page.content_type,
        robots_tag="",
        now=NOW,
        from_feed=True,
    )
    parsed = parse("article", page.body, context)
    if not isinstance(parsed, ParsedPage) or parsed.sighting is None:
        raise ValueError(f"{url}: {parsed.problem}")
    sighting = parsed.sighting
    return Article(
        id=_key(blog, post),
        source_id=blog.id,
        url=url,
        title=post.title,
        named_by="feed",
        authors=(post.author,),
        published=post.published,
        published_basis="feed",
        language=sighting.language,
        text=sighting.text,
        text_basis="page",
        licence=sighting.licence,
        noindex=sighting.noindex,
        first_seen=NOW,
        last_seen=NOW,
        revision=1,
        wishes=sighting.wishes,
        dois=sighting.dois,
        dup_of=post.repost_of or None,
    )


def _key(blog: Blog, post: Post) -> str:
    (file,) = (BLOGS / blog.id / "articles").glob(f"{post.number:02d}-*.md")
    return f"{blog.id}/{file.stem}"
