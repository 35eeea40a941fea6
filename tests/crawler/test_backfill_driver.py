"""A driver of strategies over an imaginary site, for the tests of each; and what it promises itself.

It does what `crawler.backfilling` does, in memory: steps wait in one queue, everything passes through JSON after every reading, as if the
night had been cut there, and the strategy is made anew from its name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from crawler.backfill.choice import strategies
from crawler.backfill.strategy import Cursor, Ending, Missing, Post, Reading, Site, Step, Strategy
from crawler.parsed import Entry, Located, ParsedFeed, ParsedListing, ParsedSitemap
from luciole.article import Sighting
from luciole.urls import url_key
from tests.crawler.contexts import NOW

HOME = "https://blog.exemple.fr/"
ABSENT = Missing(cause="page absente", status=404)
World = Mapping[str, Reading] | Callable[[Step], Reading]


@dataclass(slots=True)
class Gathered:
    """What a strategy did on a site."""

    steps: list[Step] = field(default_factory=list)
    posts: dict[str, Post] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    cursor: Cursor = field(default_factory=Cursor)
    ending: Ending = field(default_factory=lambda: Ending(complete=False))

    @property
    def named(self) -> set[str]:
        """Keys of all posts that came up, without the host."""
        return {key.partition("/")[2] for key in (*self.posts, *self.held)}

    @property
    def urls(self) -> list[str]:
        """The addresses read, in order."""
        return [step.url for step in self.steps]


def gather(strategy: Strategy, site: Site, world: World, *, most: int = 5000) -> Gathered:
    """Run a strategy to its end. Fails when it asks twice for one address, or for more than `most`."""
    done = Gathered()
    asked: set[tuple[str, str]] = set()
    queue: list[Step] = []

    def ask(steps: Iterable[Step]) -> None:
        for step in steps:
            mark = (step.kind, url_key(step.url))
            assert mark not in asked, f"asked twice: {step.url}"
            asked.add(mark)
            queue.append(step)

    ask(strategy.plan(site))
    while queue:
        assert len(done.steps) < most, "the strategy does not end"
        step = Step(**json.loads(json.dumps(asdict(queue.pop(0)))))
        reading = world(step) if callable(world) else world.get(step.url, ABSENT)
        done.steps.append(step)
        move = strategy.handle(site, done.cursor, step, reading)
        found = {url_key(post.url): post for post in move.posts}
        held = set()
        if isinstance(reading, ParsedFeed):
            held = {url_key(entry.sighting.url) for entry in reading.entries}
        if isinstance(reading, ParsedListing) and reading.sighting is not None:
            held = {url_key(reading.sighting.url)}
        new = {*found, *held} - {*done.posts, *done.held}
        done.posts |= found
        done.held |= held
        read = done.cursor.read + (not isinstance(reading, Missing))
        cursor = replace(move.cursor, read=read, named=done.cursor.named + len(new), barren=0 if new else done.cursor.barren + 1)
        ask(move.steps)
        done.cursor = revived(cursor)
        strategy = next((one for one in strategies(site, strategy.name) if one.name == strategy.name), strategy)
    done.ending = strategy.done(site, done.cursor)
    return done


def revived(cursor: Cursor) -> Cursor:
    """A cursor as it comes back after a crash."""
    values = json.loads(json.dumps(asdict(cursor)))
    return Cursor(**(values | {"trail": tuple(values["trail"])}))


def at(path: str) -> str:
    """An address of the blog."""
    return HOME + path.lstrip("/")


def sighting(path: str) -> Sighting:
    """A post of the blog."""
    return Sighting(source_id="exemple", url=at(path), seen_at=NOW, title=path)


def page_of(*paths: str, total: int | None = None, pages: int | None = None, skipped: int = 0, following: str = "") -> ParsedFeed:
    """A page of a feed or of an interface."""
    entries = tuple(Entry(sighting=sighting(path), complete=True) for path in paths)
    return ParsedFeed(entries=entries, total=total, pages=pages, skipped=skipped, next=following)


def plan_of(*paths: str) -> ParsedSitemap:
    """A sitemap."""
    return ParsedSitemap(pages=tuple(Located(url=path if "://" in path else at(path)) for path in paths))


def index_of(*paths: str) -> ParsedSitemap:
    """An index of sitemaps."""
    return ParsedSitemap(sitemaps=tuple(Located(url=path if "://" in path else at(path)) for path in paths))


def list_of(*posts: str, listings: Iterable[str] = (), following: str = "", post: str = "") -> ParsedListing:
    """A page with links; with `post` it is a post itself."""
    return ParsedListing(
        posts=tuple(map(at, posts)),
        listings=tuple(map(at, listings)),
        next=at(following) if following else "",
        sighting=sighting(post) if post else None,
    )


def test_a_cursor_survives_json() -> None:
    cursor = Cursor(read=3, named=2, barren=1, expected=12, why="délai dépassé", trail=("seen=abc", "full=1"))
    assert revived(cursor) == cursor
