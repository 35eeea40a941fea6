"""WordPress's interface, page by page, on servers of every humour."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.strategy import Missing, Reading, Site, Step
from crawler.backfill.wordpress import WordPress
from crawler.parsed import ParsedFeed
from tests.crawler.test_backfill_driver import ABSENT, HOME, at, gather, page_of

SITE = Site(home=HOME, platform="wordpress", rest_root=at("wp-json/"))
HTML = ParsedFeed(problem="l’interface REST donne une page HTML au lieu d’une liste de billets")
BROKEN = Missing(cause="le serveur est en panne", status=503)


def number(name: str, url: str) -> int:
    found = re.search(rf"[?&]{name}=(\d+)", url)
    assert found
    return int(found[1])


class Server:
    """A WordPress with `posts` posts that gives at most `cap` of them at a time."""

    def __init__(self, posts: int, *, cap: int = 100, headers: bool = True, protected: int = 0, heavy: int = 1000) -> None:
        self.paths = [f"?p={n}" for n in range(1, posts + 1)]
        self.cap, self.headers, self.protected, self.heavy = cap, headers, protected, heavy

    def __call__(self, step: Step) -> Reading:
        assert step.kind == "rest"
        assert "orderby=id&order=asc" in step.url
        size, page = min(number("per_page", step.url), self.cap), number("page", step.url)
        if size > self.heavy:
            return BROKEN
        pages = -(-len(self.paths) // size)
        if page > pages and page > 1:
            return Missing(cause="page au-delà de la fin", status=400)
        given = self.paths[(page - 1) * size : page * size]
        hidden = min(self.protected, len(given))
        named = {"total": len(self.paths), "pages": pages} if self.headers else {}
        return page_of(*given[hidden:], skipped=hidden, **named)


@given(posts=st.integers(0, 450), cap=st.integers(7, 120), headers=st.booleans(), heavy=st.sampled_from([20, 1000]))
def test_whatever_the_cap_every_post_is_named(posts: int, cap: int, headers: bool, heavy: int) -> None:
    server = Server(posts, cap=cap, headers=headers, heavy=max(heavy, min(cap, 20)))
    done = gather(WordPress(), SITE, server, most=200)
    assert len(done.held) == posts
    assert done.ending.complete is (posts > 0)
    assert done.cursor.expected == (posts if headers else None)


def test_a_page_past_the_end_is_not_asked_for_where_the_headers_tell() -> None:
    done = gather(WordPress(), SITE, Server(250))
    assert [number("page", url) for url in done.urls] == [1, 2, 3]


def test_twenty_at_a_time_when_a_hundred_is_too_much() -> None:
    done = gather(WordPress(), SITE, Server(90, heavy=20))
    assert [number("per_page", url) for url in done.urls] == [100, 20, 20, 20, 20, 20]
    assert len(done.held) == 90
    assert done.ending.complete


def test_twenty_at_a_time_from_the_middle_on() -> None:
    server = Server(390)

    def world(step: Step) -> Reading:
        heavy = number("per_page", step.url) == 100 and number("page", step.url) == 3
        return Missing(cause="délai dépassé") if heavy else server(step)

    done = gather(WordPress(), SITE, world)
    assert len(done.held) == 390
    assert done.ending.complete


def test_protected_posts_are_no_hole() -> None:
    done = gather(WordPress(), SITE, Server(120, protected=5))
    assert done.ending.complete
    assert (done.cursor.expected, len(done.held)) == (120, 110)


def test_a_hole_in_the_middle_does_not_hide_what_follows() -> None:
    server = Server(250)

    def world(step: Step) -> Reading:
        size, page = number("per_page", step.url), number("page", step.url)
        return BROKEN if (size, page) in {(100, 2), (20, 6)} else server(step)

    done = gather(WordPress(), SITE, world)
    assert len(done.held) == 230
    assert not done.ending.complete
    assert done.ending.why == BROKEN.cause
    assert done.cursor.expected == 250


@pytest.mark.parametrize(
    "answer",
    [
        Missing(cause="accès refusé", status=401),
        Missing(cause="accès refusé", status=403),
        Missing(cause="robots.txt l’interdit", forbidden=True),
        Missing(cause="robots.txt l’interdit", status=404, forbidden=True),
    ],
)
def test_a_closed_interface_is_left_in_peace(answer: Missing) -> None:
    done = gather(WordPress(), SITE, lambda step: answer)
    assert len(done.steps) == 1
    assert done.ending.why == answer.cause
    assert not done.ending.complete


@pytest.mark.parametrize("answer", [ABSENT, HTML])
def test_without_pretty_addresses_the_other_root_is_tried(answer: Reading) -> None:
    server = Server(30)
    done = gather(WordPress(), SITE, lambda step: server(step) if "?rest_route=/wp/v2/posts&per_page" in step.url else answer)
    assert len(done.held) == 30
    assert done.ending.complete


@pytest.mark.parametrize("answer", [ABSENT, HTML, BROKEN])
def test_no_interface_is_said(answer: Reading) -> None:
    done = gather(WordPress(), SITE, lambda step: answer)
    assert not done.ending.complete
    assert done.ending.why
    assert len(done.steps) <= 3


def test_a_server_that_knows_no_pages_is_left() -> None:
    done = gather(WordPress(), SITE, lambda step: page_of("?p=1", "?p=2", total=500))
    assert len(done.steps) == 2
    assert not done.ending.complete


def test_far_fewer_posts_than_said_are_a_hole() -> None:
    def world(step: Step) -> Reading:
        return page_of(*(f"?p={n}" for n in range(60)), total=100, pages=1) if number("page", step.url) == 1 else page_of(total=100)

    done = gather(WordPress(), SITE, world)
    assert not done.ending.complete
    assert "60" in done.ending.why
    assert "100" in done.ending.why


@pytest.mark.parametrize(
    ("site", "start"),
    [
        (Site(home=HOME), ""),
        (Site(home=HOME, platform="hugo"), ""),
        (Site(home=HOME, platform="wordpress"), at("wp-json/wp/v2/posts?per_page=100&page=1&")),
        (Site(home=at("blog/"), platform="wordpress"), at("blog/wp-json/wp/v2/posts?")),
        (Site(home=HOME, rest_root=at("index.php?rest_route=/")), at("index.php?rest_route=/wp/v2/posts&per_page=100&")),
        (Site(home=HOME, rest_root="https://ailleurs.exemple/wp-json/"), ""),
        (Site(home="https://carnet.hypotheses.org/"), "https://carnet.hypotheses.org/wp-json/wp/v2/posts?"),
    ],
)
def test_where_the_interface_is(site: Site, start: str) -> None:
    steps = WordPress().plan(site)
    assert bool(steps) is bool(start)
    assert all(step.url.startswith(start) for step in steps)


def test_a_curator_may_insist() -> None:
    assert WordPress(insist=True).plan(Site(home=HOME))[0].url.startswith(at("wp-json/wp/v2/posts?"))


def test_the_fields_asked_for_say_what_is_protected_and_who_wrote() -> None:
    url = WordPress().plan(SITE)[0].url
    fields = url.partition("_fields=")[2].split(",")
    assert {"link", "guid", "title", "content", "lang", "_embedded.author", "_links.author"} <= set(fields)
    assert "_embed=author" in url
