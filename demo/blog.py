"""Blog and Post: one invented blog and its articles, as values.

Owns the two values that every dialect turns into pages. Refuses to know about files, addresses of single pages, and HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Post:
    """One article. `number` is stable and unique in its blog: platforms that number their pages derive their ids from it.

    `published` is aware and keeps the writer's own offset, because permalinks and bylines show the writer's local day.
    `body` is HTML with absolute addresses; `summary` and the rest are plain text. `repost_of` is the `blog:slug` whose text this post
    repeats word for word, empty for a text of its own.
    """

    number: int
    slug: str
    title: str
    published: datetime
    author: str
    tags: tuple[str, ...]
    lang: str
    summary: str
    dois: tuple[str, ...]
    body: str
    repost_of: str = ""


@dataclass(frozen=True, slots=True)
class Blog:
    """One blog. `url` is its root without the trailing slash; `posts` are the newest first; `about` is plain text."""

    id: str
    url: str
    name: str
    platform: str
    tagline: str
    disciplines: tuple[str, ...]
    type: str
    country: str
    licence: str
    authors: tuple[str, ...]
    why: str
    about: str
    posts: tuple[Post, ...] = ()


def blog_url(blog_id: str, port: int) -> str:
    """The root of a demo blog, without trailing slash: browsers resolve every `*.localhost` to the machine itself."""
    return f"http://{blog_id}.localhost:{port}"
