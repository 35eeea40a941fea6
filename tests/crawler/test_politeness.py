"""Who waits in which queue, for how long, and how we introduce ourselves."""

import pytest

from crawler.lanes import Lanes
from crawler.politeness import CrawlLimits, Lane, Politeness, allowed_authorities, may_redirect, same_site, user_agent
from crawler.spider_settings import spider_settings
from luciole.settings import Settings
from luciole.sources import Source

LIMITS = CrawlLimits()


def source(**keys: object) -> Source:
    return Source(**({"id": "a", "name": "A", "url": "https://blog.exemple.fr/", "disciplines": ("physique",)} | keys))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "lane"),
    [
        ("https://www.exemple.fr/a", "exemple.fr"),
        ("http://cieux.localhost:8001/", "cieux.localhost"),
        ("https://carnet.hypotheses.org/718", "hypotheses.org"),
        ("https://autre.hypotheses.org/", "hypotheses.org"),
        ("https://nothypotheses.org/", "nothypotheses.org"),
        ("https://medium.com/feed/@qui", "medium.com"),
    ],
)
def test_blogs_of_a_shared_platform_wait_in_one_queue(url: str, lane: str) -> None:
    assert Politeness(LIMITS, {}).lane_name(url) == lane


def test_each_queue_has_its_pace() -> None:
    sources = [
        source(delay=7.0),
        source(id="b", url="https://b.hypotheses.org/", delay=0.5),
        source(id="c", url="http://c.localhost:8001/"),
    ]
    politeness = Politeness(LIMITS, {"c.localhost:8001": "127.0.0.1:8001"}, sources)
    assert politeness.lane("ailleurs.fr") == Lane(1.0, 0.2)
    assert politeness.lane("blog.exemple.fr").delay == 7.0
    assert politeness.lane("hypotheses.org").delay == 2.0
    assert politeness.lane("c.localhost").delay == 0.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("exemple.fr", "www.exemple.fr", True),
        ("blog.exemple.fr", "media.exemple.fr", True),
        ("exemple.fr", "exemple.com", False),
        ("a.blogspot.com", "b.blogspot.com", False),
        ("a.hypotheses.org", "b.hypotheses.org", False),
        ("a.localhost:8001", "b.localhost:8001", False),
        ("a.localhost:8001", "a.localhost:8001", True),
        ("a.asso.fr", "b.asso.fr", False),
    ],
)
def test_one_owner_or_two(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


def test_a_redirect_may_move_within_the_site_and_no_further() -> None:
    blog = source(feeds=("https://flux.autre.fr/rss",))
    assert may_redirect(blog, "https://www.exemple.fr/x")
    assert may_redirect(blog, "https://autre.fr/rss")
    assert not may_redirect(blog, "https://parking.example/")
    assert allowed_authorities(blog, ["neuf.exemple.fr"]) >= {"blog.exemple.fr", "www.blog.exemple.fr", "neuf.exemple.fr", "flux.autre.fr"}


def test_the_robot_says_who_it_is() -> None:
    settings = Settings(base_url="https://luciole.example/", contact="contact@luciole.example")
    assert user_agent(settings) == "LucioleBot/0.1 (+https://luciole.example/robot; contact@luciole.example)"
    options = spider_settings(settings, LIMITS, Politeness(LIMITS, {}), [source()], lambda reactor: None)
    assert options["DEFAULT_REQUEST_HEADERS"]["From"] == "contact@luciole.example"
    assert options["DEFAULT_REQUEST_HEADERS"]["Accept-Language"] == "fr"
    assert "https" not in options["DOWNLOAD_HANDLERS"]
    lenient = spider_settings(settings, LIMITS, Politeness(LIMITS, {}), [source(tls_insecure=True)], lambda reactor: None)
    assert lenient["DOWNLOAD_HANDLERS"]["https"] == "crawler.insecure.SelectiveTlsHandler"


def test_lanes_take_turns_and_hold_back_what_is_too_much() -> None:
    lanes = Lanes(per_lane=2, total=3)
    assert [lanes.push("a", row) for row in (1, 2, 3, 1)] == [True, True, True, False]
    assert lanes.push("b", 4)
    assert [lanes.pop() for _ in range(4)] == [("a", 1), ("b", 4), ("a", 2), None]
    lanes.release("b")
    assert lanes.pop() is None, "a has two under way already"
    lanes.release("a")
    assert lanes.pop() == ("a", 3)
    assert (lanes.under_way, lanes.waiting, lanes.pop()) == (2, 0, None)
    assert lanes.push("a", 1), "a row that left may come back"
