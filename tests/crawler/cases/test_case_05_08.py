"""What nothing new costs: fault cases 5 to 8, two nights of one small world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

import pytest

from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import Nights, titles, world, xml
from tests.crawler.web import Reply

NAMES = ("prisme", "spectre")


@pytest.fixture(scope="module")
def nights(forks: Forks) -> Iterator[Nights]:
    with world(forks) as nights:
        nights.plan(0, 1)
        nights.blog("inchange", *NAMES)
        nights.web.pages["inchange"]["/feed"] = nights.known_feed("inchange", *NAMES, etag='W/"a,b-gzip"')
        nights.blog("temoin", *NAMES)
        nights.blog("nu", *NAMES, full=False)

        nights.blog("cache", *NAMES)
        body = str(nights.feed("cache", *NAMES).body)

        def confused(headers: Mapping[str, str]) -> Reply:
            return xml(body) if headers.get("cache-control") == "no-cache" else Reply(status=304)

        nights.web.pages["cache"]["/feed"] = confused
        nights.blog("tetu", *NAMES)
        nights.web.pages["tetu"]["/feed"] = Reply(status=304)

        nights.blog("changeant", *NAMES)
        turn = count(1)
        restless = str(nights.feed("changeant", *NAMES).body)
        nights.web.pages["changeant"]["/feed"] = lambda headers: xml(restless, ETag=f'"{next(turn)}"')

        @nights.change(1)
        def fail() -> None:
            nights.web.pages["temoin"]["/feed"] = Reply("", 500)

        yield nights


def untouched(nights: Nights, host: str) -> None:
    """The second night wrote nothing of this blog's posts."""
    before, after = ({one.id: one for one in nights[day].articles if one.source_id == host} for day in (0, 1))
    assert nights[0].titles(host) == titles(*NAMES)
    assert before == after, "not even a new revision"


def test_case_05_a_304_is_a_success_and_no_work(nights: Nights) -> None:
    first, second = nights[0], nights[1]
    assert first.state("inchange") == ("ok", "")
    one = second.outcome("inchange")
    assert (one["state"], one["cause"], one["found"], one["new"], one["updated"]) == ("unchanged", "", 0, 0, 0)
    (headers,) = second.headers("inchange", "/feed")
    assert headers["if-none-match"] == 'W/"a,b-gzip"', "an ETag is opaque: it goes back as it came"
    assert headers["if-modified-since"] == "Sun, 01 Nov 2026 03:00:00 GMT"
    assert second.successes["inchange"] > first.successes["inchange"], "that night, too, the blog was read with success"
    assert second.successes["temoin"] == first.successes["temoin"], "which is not so where it was not"
    untouched(nights, "inchange")


def test_case_06_the_same_body_without_validators_is_no_work(nights: Nights) -> None:
    first, second = nights[0], nights[1]
    assert sorted(first.asked("nu")) == sorted(["/robots.txt", "/feed", *(f"/{name}" for name in NAMES)])
    assert second.asked("nu") == ["/robots.txt", "/feed"]
    (headers,) = second.headers("nu", "/feed")
    assert not {"if-none-match", "if-modified-since"} & headers.keys()
    one = second.outcome("nu")
    assert (one["state"], one["cause"], one["found"], one["updated"]) == ("unchanged", "", 0, 0)
    untouched(nights, "nu")


def test_case_07_a_304_nobody_asked_for_is_asked_once_more_without_caches(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("cache") == first.asked("tetu") == ["/robots.txt", "/feed", "/feed"]
    for host in ("cache", "tetu"):
        bare, plain = first.headers(host, "/feed")
        assert not {"if-none-match", "if-modified-since"} & (bare.keys() | plain.keys())
        assert plain["cache-control"] == "no-cache"
    assert (first.state("cache"), first.titles("cache")) == (("ok", ""), titles(*NAMES))
    assert first.state("tetu") == ("failed", "flux : le serveur répond « inchangé » (304) sans qu’on le lui demande")
    assert nights[1].state("cache") == ("unchanged", ""), "the body that was known is told by itself"
    untouched(nights, "cache")


def test_case_08_an_etag_that_changes_each_time_tells_nothing_new(nights: Nights) -> None:
    (headers,) = nights[1].headers("changeant", "/feed")
    assert headers["if-none-match"] == '"1"'
    one = nights[1].outcome("changeant")
    assert (one["state"], one["cause"], one["found"], one["updated"]) == ("unchanged", "", 0, 0)
    (known,) = (row["etag"] for row in nights.rows("SELECT etag FROM validator WHERE source_id = ?", "changeant"))
    assert known == '"2"', "the newest is the one to ask with the next night"
    untouched(nights, "changeant")
