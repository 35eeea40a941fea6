"""Who waits in which queue, for how long, and how we introduce ourselves."""

import pytest

from crawler.lanes import Lanes
from crawler.politeness import CrawlLimits, Politeness, allowed_authorities, may_redirect, same_site, user_agent
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
    assert politeness.pace("ailleurs.fr") == 1.0
    assert politeness.pace("blog.exemple.fr") == 7.0
    assert politeness.pace("hypotheses.org") == 2.0
    assert politeness.pace("c.localhost") == 0.0
    options = spider_settings(Settings(), LIMITS, politeness, sources, lambda reactor: None)
    assert (options["DOWNLOAD_DELAY"], options["DOWNLOAD_DELAY_JITTER"], options["CONCURRENT_REQUESTS_PER_DOMAIN"]) == (1.0, 0.0, 1)
    assert options["DOWNLOAD_SLOTS"]["hypotheses.org"] == {"delay": 2.0, "jitter": 0.0, "concurrency": 1}
    assert options["DOWNLOAD_SLOTS"]["blog.exemple.fr"] == {"delay": 7.0, "jitter": 0.0, "concurrency": 1}


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
    assert options["DOWNLOAD_HANDLERS"]["https"] == "crawler.transport.BoundedHandler"
    lenient = spider_settings(settings, LIMITS, Politeness(LIMITS, {}), [source(tls_insecure=True)], lambda reactor: None)
    assert lenient["DOWNLOAD_HANDLERS"]["https"] == "crawler.insecure.SelectiveTlsHandler"


def test_lanes_take_turns_with_one_row_of_each_under_way() -> None:
    lanes = Lanes(total=2)
    assert [lanes.push("a", row) for row in (1, 2, 1)] == [True, True, False]
    assert [lanes.push(lane, row) for lane, row in (("b", 3), ("c", 4))] == [True, True]
    assert [lanes.pop() for _ in range(3)] == [("a", 1), ("b", 3), None], "two of all"
    lanes.release("b")
    assert [lanes.pop(), lanes.pop()] == [("c", 4), None]
    lanes.release("c")
    assert lanes.pop() is None, "a has one under way already"
    assert lanes.push("a", 1), "a row that left may come back"
    lanes.release("a")
    assert [lanes.pop(), lanes.pop()] == [("a", 2), None]
    assert lanes.under_way == 1
