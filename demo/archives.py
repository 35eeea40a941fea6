"""Archive and Leaf: the posts of a blog grouped by tag, author or month, and cut into listing pages.

Owns grouping and paging. Refuses to know addresses: each platform gives its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from demo.blog import Post
from demo.permalinks import slugify
from demo.render import french_month


@dataclass(frozen=True, slots=True)
class Archive:
    """Posts, newest first, that share a tag, an author or a month. `key` is what an address is made of."""

    key: str
    label: str
    posts: tuple[Post, ...]

    @property
    def newest(self) -> datetime:
        """When the last of its posts was published."""
        return self.posts[0].published


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a listing; `number` counts from 1."""

    number: int
    count: int
    posts: tuple[Post, ...]


def leaves(posts: Sequence[Post], size: int) -> list[Leaf]:
    """A listing cut into pages of `size`; an empty one still has its first page."""
    count = max(1, -(-len(posts) // size))
    return [Leaf(at + 1, count, tuple(posts[at * size : (at + 1) * size])) for at in range(count)]


def by_tag(posts: Iterable[Post]) -> list[Archive]:
    """One archive for each tag, sorted by key. Two tags of one key (`Étoile`, `étoile`) are one archive."""
    return _grouped(posts, lambda post: [(slugify(tag), tag) for tag in post.tags])


def by_first_tag(posts: Iterable[Post]) -> list[Archive]:
    """One archive for each first tag, which WordPress blogs use as the category; `Non classé` for posts without."""
    return _grouped(posts, lambda post: [category(post)])


def by_author(posts: Iterable[Post]) -> list[Archive]:
    """One archive for each author."""
    return _grouped(posts, lambda post: [(slugify(post.author), post.author)])


def by_month(posts: Iterable[Post]) -> list[Archive]:
    """One archive for each month, its key `2025/03`, newest first."""
    return _grouped(posts, lambda post: [(f"{post.published:%Y/%m}", french_month(post.published))])[::-1]


def category(post: Post) -> tuple[str, str]:
    """Key and label of the one category of a post."""
    return (slugify(post.tags[0]), post.tags[0]) if post.tags else ("non-classe", "Non classé")


def related(post: Post, posts: Sequence[Post], limit: int = 3) -> list[Post]:
    """Other posts for a box below the article: those that share a tag first, then the newest."""
    shared = set(post.tags)
    others = [other for other in posts if other.number != post.number]
    return sorted(others, key=lambda other: -len(shared.intersection(other.tags)))[:limit]


def _grouped(posts: Iterable[Post], keys: Callable[[Post], list[tuple[str, str]]]) -> list[Archive]:
    labels: dict[str, str] = {}
    groups: dict[str, list[Post]] = {}
    for post in posts:
        for key, label in dict(keys(post)).items():
            labels.setdefault(key, label)
            groups.setdefault(key, []).append(post)
    return [Archive(key, labels[key], tuple(groups[key])) for key in sorted(groups)]
