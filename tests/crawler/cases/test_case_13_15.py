"""Who asks for time, and who leads nowhere: fault cases 13 to 15, over a night, half a day and a day. The gaps are the servers' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest

from crawler.politeness import CrawlLimits
from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import Nights, home, hop, text, title, titles, world, xml
from tests.crawler.web import PORT, Answer, Reply, rss

NAMES = ("prisme", "spectre")
PATHS = ["/robots.txt", "/feed", *(f"/{name}" for name in NAMES)]
NOISE = 0.15
"""The server notes the moment of arrival, and so does a machine that is busy with other things: what comes late shortens a gap."""

LIMITS = {"crawl_delay_max": 1.0, "slow_down": 0.7, "retry_after_wait": 3.0, "platform_delay": 0.4, "retries": 2, "backfill_pages": 50}
SLOW = 0.5


@pytest.fixture(scope="module")
def nights(forks: Forks) -> Iterator[Nights]:
    with world(forks, **LIMITS) as nights:
        nights.plan(0, 0.5)
        pages = nights.web.pages
        for host, delay in {"lent": str(SLOW), "tortue": "3600", "abc": "abc"}.items():
            nights.blog(host, *NAMES, full=False, backfill=None if host == "tortue" else "none")
            pages[host]["/robots.txt"] = text(f"User-agent: *\nCrawl-delay: {delay}\n")
        pages["tortue"]["/"] = home()

        waits: dict[str, tuple[int, Callable[[], str]]] = {
            "secondes": (429, lambda: "1"),
            "date": (503, lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)),
            "divers": (429, lambda: "bientôt"),
        }
        for host, (status, until) in waits.items():
            nights.blog(host, *NAMES, backfill="none")
            pages[host]["/feed"] = once(status, until, nights.feed(host, *NAMES))
        nights.blog("jour", *NAMES, backfill="none")
        pages["jour"]["/feed"] = once(429, lambda: "86400", nights.feed("jour", *NAMES))

        for name in ("carnet1", "carnet2"):
            base = f"http://{name}.hypotheses.org:{PORT}"
            pages[name] = {"/feed": xml(rss([(title(one), f"{base}/{one}") for one in NAMES], full=True))}
            nights.driver.source(name, url=f"{base}/", feeds=[f"{base}/feed"], backfill="none")
            nights.driver.extra_map[f"{name}.hypotheses.org:{PORT}"] = next(iter(nights.web.host_map().values()))
        pages["carnet1"]["/feed"] = once(429, lambda: "86400", pages["carnet1"]["/feed"])

        chain = {f"/{number}": hop(f"/{number + 1}", 302) for number in range(1, 6)}
        nights.blog("boucle", *NAMES, backfill="none")
        pages["boucle"] |= {"/feed": hop("/b", 302), "/b": hop("/feed", 302)}
        nights.blog("six", *NAMES, backfill="none")
        pages["six"] |= {"/6": pages["six"]["/feed"], "/feed": hop("/1", 302)} | chain
        nights.blog("cinq", *NAMES, backfill="none")
        pages["cinq"] |= chain | {"/5": pages["cinq"]["/feed"], "/feed": hop("/1", 302)}
        nights.blog("billet", *NAMES, full=False, backfill="none")
        pages["billet"] |= {"/prisme": hop("/ailleurs"), "/ailleurs": hop("/prisme")}

        nights.plan(1.1)
        yield nights


def once(status: int, until: Callable[[], str], then: Any) -> Answer:
    """Asks for time the first time only."""
    answers = iter([lambda: Reply("", status, headers={"Retry-After": until()})])
    return lambda headers: next(answers, lambda: then)()


def test_case_13_the_crawl_delay_of_a_site_is_kept(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("lent") == PATHS
    assert min(first.gaps("lent", *PATHS[1:])) >= SLOW - NOISE
    assert CrawlLimits().crawl_delay_max == 30.0, "ten seconds are kept, an hour is not"


def test_case_13_who_asks_for_an_hour_has_only_his_feed_read(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("tortue") == ["/robots.txt", "/feed"], "neither posts nor archive"
    state, cause = first.state("tortue")
    assert (state, cause) == ("partial", "/prisme : le robots.txt demande 3600 s entre deux requêtes : seul le flux est lu")
    assert first.titles("tortue") == titles(*NAMES), "the posts are known by what the feed says"


def test_case_13_a_delay_that_is_no_number_is_none(nights: Nights) -> None:
    first = nights[0]
    assert (first.asked("abc"), first.state("abc")) == (PATHS, ("ok", ""))
    assert min(first.gaps("abc")) < SLOW


@pytest.mark.parametrize(("host", "least"), [("secondes", 1.0), ("date", 1.0), ("divers", LIMITS["slow_down"])])
def test_case_14_a_short_wait_is_waited_for_within_the_night(nights: Nights, host: str, least: float) -> None:
    first = nights[0]
    assert first.asked(host) == ["/robots.txt", "/feed", "/feed"]
    (gap,) = first.gaps(host, "/feed")
    assert gap >= least - NOISE
    assert (first.state(host), first.titles(host)) == (("ok", ""), titles(*NAMES))
    assert CrawlLimits().slow_down == 30.0


def test_case_14_a_long_wait_is_kept_across_nights(nights: Nights) -> None:
    assert nights[0].asked("jour") == ["/robots.txt", "/feed"]
    assert "jusqu’au" in nights[0].state("jour")[1]
    state, cause = nights[0.5].state("jour")
    assert (nights[0.5].asked("jour"), state) == ([], "skipped")
    assert cause.startswith("le blog a demandé d’attendre jusqu’au ")
    after = nights[1.1]
    assert after.asked("jour") == ["/robots.txt", "/feed"]
    assert (after.state("jour"), after.titles("jour")) == (("ok", ""), titles(*NAMES))


def test_case_14_a_shared_platform_rests_as_a_whole(nights: Nights) -> None:
    hosts = ("carnet1", "carnet2")
    assert nights[0].asked("carnet1")[-1] == "/feed"
    assert [path for path in nights[0].asked("carnet2") if path != "/robots.txt"] == [], "another carnet, the same machines"
    for host in hosts:
        assert nights[0.5].asked(host) == []
        assert nights[0.5].state(host)[0] == "skipped"
    after = nights[1.1]
    for host in hosts:
        assert (after.state(host), after.titles(host)) == (("ok", ""), titles(*NAMES))
    together = sorted(at for host in hosts for at in after.times(host))
    assert min(later - earlier for earlier, later in pairwise(together)) >= LIMITS["platform_delay"] - NOISE


def test_case_15_loops_and_long_chains_stop_at_five_and_are_not_tried_again(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("boucle") == ["/robots.txt", *["/feed", "/b"] * 3]
    assert first.asked("six") == ["/robots.txt", "/feed", *(f"/{number}" for number in range(1, 6))]
    for host in ("boucle", "six"):
        assert first.state(host) == ("failed", "flux : plus de 5 redirections")
    assert CrawlLimits().redirects == 5


def test_case_15_five_redirects_are_followed(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("cinq") == ["/robots.txt", "/feed", *(f"/{number}" for number in range(1, 6))]
    assert (first.state("cinq"), first.titles("cinq")) == (("ok", ""), titles(*NAMES))


def test_case_15_a_post_that_loops_costs_itself_and_waits_for_another_night(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("billet") == ["/robots.txt", "/feed", *["/prisme", "/ailleurs"] * 3, "/spectre"]
    assert first.state("billet") == ("partial", "/prisme : plus de 5 redirections")
    assert "/prisme" not in nights[0.5].asked("billet")
    assert nights[1.1].asked("billet").count("/prisme") == 3
