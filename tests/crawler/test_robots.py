"""robots.txt, read for our robot: fault cases 9, 11, 12 and 13. What happens around it is shown by `test_crawl`."""

from time import process_time

import pytest

from crawler.robots import RobotsRules

URL = "http://blog.example/prive/billet"


def rules(body: bytes | str, status: int = 200, limit: int = 500 * 1024) -> RobotsRules:
    return RobotsRules.read(status, body.encode() if isinstance(body, str) else body, limit=limit)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_missing_robots_txt_allows_everything(status: int) -> None:
    assert rules("User-agent: *\nDisallow: /", status).allow(URL)


def test_rules_for_everybody_and_rules_for_us() -> None:
    text = "User-agent: *\nDisallow: /prive/\n\nUser-agent: LucioleBot\nDisallow: /brouillons/\n"
    assert rules(text).allow(URL)
    assert not rules(text).allow("http://blog.example/brouillons/1")
    assert not rules("User-agent: *\nDisallow: /prive/\n").allow(URL)
    assert rules("User-agent: *\nDisallow: /prive/\nAllow: /prive/billet\n").allow(URL)


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /prive/\r\n",
        b"# caf\xe9\nUser-agent: *\nDisallow: /prive/\n",
        b"\x00\x01 rien\nUser-agent: *\nDisallow: /prive/\n",
    ],
)
def test_bom_crlf_latin_1_and_junk_do_not_hide_a_rule(body: bytes) -> None:
    assert not rules(body).allow(URL)


def test_a_page_in_its_place_forbids_nothing() -> None:
    assert rules("<!doctype html><html><body><h1>Bienvenue</h1><p>User agent: vous</p></body></html>").allow(URL)


def test_only_the_first_bytes_count() -> None:
    text = "# x\n" * 200_000 + "User-agent: *\nDisallow: /\n"
    assert rules(text).allow(URL)
    assert not rules(text, limit=10_000_000).allow(URL)


def test_a_hostile_pattern_takes_no_time() -> None:
    hostile = rules("User-agent: *\nDisallow: /" + "*a" * 1000 + "b$\n")
    before = process_time()
    assert hostile.allow("http://blog.example/" + "a" * 2000)
    assert process_time() - before < 0.5


@pytest.mark.parametrize(("value", "delay"), [("10", 10.0), ("3600", 3600.0), ("0.5", 0.5), ("abc", None), ("-3", None), ("inf", None)])
def test_crawl_delay(value: str, delay: float | None) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {value}\n").delay == delay
