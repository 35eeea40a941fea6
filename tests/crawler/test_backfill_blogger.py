"""Blogger's feed: the next page begins after what was received."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.blogger import Blogger
from crawler.backfill.strategy import Missing, Reading, Site, Step
from crawler.parsed import ParsedFeed
from tests.crawler.test_backfill_driver import HOME, at, gather, page_of

SITE = Site(home=HOME, platform="blogger")


class Server:
    """A Blogger with `posts` posts that gives at most `cap` of them at a time."""

    def __init__(self, posts: int, cap: int, total: bool = True) -> None:
        self.paths = [f"2020/01/billet-{n}.html" for n in range(posts)]
        self.cap, self.total = cap, total

    def __call__(self, step: Step) -> Reading:
        found = re.search(r"max-results=(\d+)&start-index=(\d+)&orderby=published&redirect=false\Z", step.url)
        assert found
        assert step.kind == "feed"
        size, start = min(int(found[1]), self.cap), int(found[2])
        return page_of(*self.paths[start - 1 : start - 1 + size], total=len(self.paths) if self.total else None)


@given(posts=st.integers(0, 400), cap=st.integers(5, 150), total=st.booleans())
def test_whatever_the_cap_every_post_is_named(posts: int, cap: int, total: bool) -> None:
    done = gather(Blogger(), SITE, Server(posts, cap, total), most=100)
    assert len(done.held) == posts
    assert done.ending.complete is (posts > 0)
    assert done.cursor.expected == (posts if total else None)


def test_entries_without_address_count_for_the_next_page() -> None:
    first = page_of(*(f"2020/01/a{n}.html" for n in range(90)), skipped=10, total=110)
    second = page_of(*(f"2020/01/b{n}.html" for n in range(10)), total=110)
    done = gather(Blogger(), SITE, lambda step: second if "start-index=101&" in step.url else first)
    assert len(done.held) == 100
    assert done.ending.complete


def test_fewer_at_a_time_after_a_failure() -> None:
    server = Server(60, 100)
    done = gather(Blogger(), SITE, lambda step: Missing(cause="panne", status=500) if "max-results=100&" in step.url else server(step))
    assert len(done.held) == 60
    assert done.ending.complete


@pytest.mark.parametrize(
    "answer",
    [
        Missing(cause="robots.txt l’interdit", forbidden=True),
        Missing(cause="absent", status=404),
        Missing(cause="panne", status=500),
        ParsedFeed(problem="ce n’est pas un fil"),
    ],
)
def test_what_fails_is_not_complete(answer: Reading) -> None:
    done = gather(Blogger(), SITE, lambda step: answer)
    assert len(done.steps) <= 2
    assert not done.ending.complete
    assert done.ending.why


def test_a_feed_that_repeats_itself_ends() -> None:
    done = gather(Blogger(), SITE, lambda step: page_of("2020/01/a.html", total=400))
    assert len(done.steps) == 2
    assert not done.ending.complete


@pytest.mark.parametrize(
    ("site", "start"),
    [
        (Site(home="https://lune.blogspot.fr/"), "https://lune.blogspot.fr/feeds/posts/default?"),
        (Site(home="https://lune.blogspot.com.br/2020/"), "https://lune.blogspot.com.br/feeds/posts/default?"),
        (Site(home=HOME, feed=at("feeds/posts/default?alt=rss")), at("feeds/posts/default?max-results=100&start-index=1&")),
        (Site(home=HOME, platform="wordpress"), ""),
    ],
)
def test_where_it_has_a_hold(site: Site, start: str) -> None:
    steps = Blogger().plan(site)
    assert bool(steps) is bool(start)
    assert all(step.url.startswith(start) for step in steps)
