"""The blog's feed, turned page after page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.paging import FeedPaging
from crawler.backfill.strategy import Missing, Reading, Site, Step
from crawler.parsed import ParsedFeed
from tests.crawler.test_backfill_driver import ABSENT, HOME, at, gather, page_of

SITE = Site(home=HOME, feed=at("feed/"), platform="wordpress")


def server(posts: int, size: int = 10, *, last: str = "absent") -> Callable[[Step], Reading]:
    """A WordPress feed; past the last page it answers 404, the last page again, the first again, nothing, or HTML."""

    def answer(step: Step) -> Reading:
        found = re.fullmatch(re.escape(at("feed/")) + r"(?:\?paged=(\d+))?", step.url)
        assert found, step.url
        pages = max(1, -(-posts // size))
        page = int(found[1] or 1)
        if page > pages:
            match last:
                case "absent":
                    return ABSENT
                case "empty":
                    return page_of()
                case "html":
                    return ParsedFeed(problem="ce n’est pas un fil RSS ou Atom")
            page = pages if last == "last" else 1
        return page_of(*(f"billet-{n}/" for n in range((page - 1) * size, min(posts, page * size))))

    return answer


@given(posts=st.integers(1, 180), size=st.sampled_from([7, 10, 20]), last=st.sampled_from(["absent", "empty", "html", "last"]))
def test_every_post_of_a_paged_feed(posts: int, size: int, last: str) -> None:
    done = gather(FeedPaging(), SITE, server(posts, size, last=last), most=40)
    assert len(done.held) == posts
    if posts > size:
        assert done.ending.complete


def test_a_feed_that_knows_no_pages_is_not_the_archive() -> None:
    done = gather(FeedPaging(), SITE, lambda step: page_of(*(f"billet-{n}/" for n in range(10))))
    assert len(done.steps) == 2
    assert not done.ending.complete


def test_a_full_first_page_without_a_second_proves_nothing() -> None:
    assert not gather(FeedPaging(), SITE, server(10)).ending.complete
    assert gather(FeedPaging(), SITE, server(8)).ending.complete


def test_going_round_in_circles_is_not_the_end() -> None:
    done = gather(FeedPaging(), SITE, server(35, last="first"))
    assert len(done.held) == 35
    assert not done.ending.complete


def test_linked_archives_are_walked_to_the_oldest() -> None:
    site = Site(home=HOME, feed=at("atom.xml"))
    world = {
        at("atom.xml"): page_of("e/", "d/", following=at("archive-2.xml")),
        at("archive-2.xml"): page_of("c/", following=at("archive-1.xml")),
        at("archive-1.xml"): page_of("b/", "a/", total=5),
    }
    done = gather(FeedPaging(), site, world)
    assert done.named == set("abcde")
    assert done.ending.complete
    assert done.cursor.expected == 5


def test_an_archive_that_is_missing_is_a_hole() -> None:
    site = Site(home=HOME, feed=at("atom.xml"))
    done = gather(FeedPaging(), site, {at("atom.xml"): page_of("e/", following=at("archive-2.xml"))})
    assert not done.ending.complete
    assert done.ending.why == ABSENT.cause


def test_a_feed_that_holds_everything_is_complete() -> None:
    site = Site(home=HOME, feed=at("atom.xml"))
    done = gather(FeedPaging(), site, {at("atom.xml"): replace(page_of("a/", "b/"), whole=True)})
    assert done.ending.complete


@pytest.mark.parametrize("feed", [at("index.xml"), at("rss")])
def test_other_feeds_are_not_turned(feed: str) -> None:
    done = gather(FeedPaging(), Site(home=HOME, feed=feed), lambda step: page_of("a/"))
    assert len(done.steps) == 1
    assert not done.ending.complete


def test_a_server_in_trouble_is_not_the_end() -> None:
    def world(step: Step) -> Reading:
        return Missing(cause="panne", status=500) if "paged=3" in step.url else page_of(f"{step.url[-1]}/")

    done = gather(FeedPaging(), SITE, world)
    assert done.ending.why == "panne"
    assert not done.ending.complete


def test_fewer_posts_than_announced_are_a_hole() -> None:
    site = Site(home=HOME, feed=at("atom.xml"))
    world = {at("atom.xml"): page_of("b/", total=50, following=at("2.xml")), at("2.xml"): page_of("a/")}
    assert not gather(FeedPaging(), site, world).ending.complete


@pytest.mark.parametrize(
    ("feed", "second"),
    [
        (at("feed/"), at("feed/?paged=2")),
        (at("?feed=rss2"), at("?feed=rss2&paged=2")),
        ("https://feeds.exemple.org/lune", at("feed/?paged=2")),
    ],
)
def test_the_second_page(feed: str, second: str) -> None:
    done = gather(FeedPaging(), Site(home=HOME, feed=feed, platform="wordpress"), {feed: page_of("a/")})
    assert done.urls == [feed, second]


def test_endless_pages_are_bounded() -> None:
    done = gather(FeedPaging(), SITE, lambda step: page_of(f"{len(step.url)}-{step.note.replace(' ', '-')}/"), most=600)
    assert not done.ending.complete


def test_no_feed_no_hold() -> None:
    assert FeedPaging().plan(Site(home=HOME)) == ()
