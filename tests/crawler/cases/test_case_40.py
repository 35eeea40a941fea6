"""Gone, or only away: fault case 40. A month of nights; every known post is looked at again in each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from crawler.health import MASS_MISSING
from crawler.politeness import CrawlLimits
from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import Nights, page, title, titles, world
from tests.crawler.cases.wordpress import Interface, wordpress
from tests.crawler.web import Reply

POSTS = tuple(f"phare-{number}" for number in range(24))
ONCE, GONE, WITHDRAWN, FORBIDDEN, NAMED, BROKEN = POSTS[4:10]
"""404 for one night; 404 for good; 410; 451; 404 while the feed names it; 500 for a month."""

FEW = POSTS[:12]


@pytest.fixture(scope="module")
def nights(forks: Forks) -> Iterator[Nights]:
    rounds = {"recheck_after": timedelta(hours=12), "recheck_spread": timedelta(), "dormant_after": timedelta(days=30)}
    with world(forks, backfill_pages=100, **rounds) as nights:
        nights.plan(0, 2, 3, 4, 8, 34)
        for host, names in {"phares": POSTS, "masse": FEW, "panne": FEW}.items():
            wordpress(nights, host, names, Interface(nights, host, names), feed=[NAMED])
        pages = nights.web.pages
        whole = dict(pages["masse"])

        @nights.change(1)
        def fail() -> None:
            answers = {GONE: 404, WITHDRAWN: 410, FORBIDDEN: 451, NAMED: 404, BROKEN: 500}
            pages["phares"] |= {f"/{name}": Reply("", status) for name, status in answers.items()}
            pages["phares"][f"/{ONCE}"] = once_404(page(ONCE))
            pages["masse"] |= {f"/{name}": Reply("<h1>Introuvable</h1>", 404) for name in FEW}
            pages["panne"] = {path: Reply("", 500) for path in pages["panne"]}

        @nights.change(20)
        def masse_is_back() -> None:
            pages["masse"] |= {f"/{name}": whole[f"/{name}"] for name in FEW}

        yield nights


def once_404(then: Reply) -> Callable[[Mapping[str, str]], Reply]:
    answers = iter([Reply("", 404)])
    return lambda headers: next(answers, then)


def removed(nights: Nights, day: int) -> dict[str, str]:
    """What was taken out by then, by title, with the reasons."""
    return {one.title: one.gone_why or "" for one in nights[day].removed}


def test_case_40_one_404_takes_nothing_out(nights: Nights) -> None:
    assert f"/{ONCE}" in nights[1].asked("phares")
    for name in (ONCE, GONE):
        assert title(name) in nights[1].titles("phares")
        assert nights[2].asked("phares").count(f"/{name}") == 1, "it is looked at again after a day"
        assert title(name) in nights[2].titles("phares")


def test_case_40_no_post_is_looked_at_twice_in_a_night(nights: Nights) -> None:
    for host in ("phares", "masse"):
        asked = Counter(path for path in nights[1].asked(host) if path.startswith("/phare"))
        assert set(asked.values()) == {1}, (host, asked.most_common(12))


def test_case_40_410_and_451_take_out_at_once(nights: Nights) -> None:
    told = {title(WITHDRAWN): "retiré par son auteur (410)", title(FORBIDDEN): "retiré pour raison légale (451)"}
    assert removed(nights, 1) == told
    assert nights[1].titles("phares") == titles(*(name for name in POSTS if name not in (WITHDRAWN, FORBIDDEN)))
    assert not {f"/{WITHDRAWN}", f"/{FORBIDDEN}"} & set(nights[2].asked("phares")), "who asked to be let alone is"


def test_case_40_a_404_after_one_three_and_seven_days_takes_out(nights: Nights) -> None:
    assert CrawlLimits().missing_looks == (timedelta(days=1), timedelta(days=3), timedelta(days=7))
    assert [nights[day].asked("phares").count(f"/{GONE}") for day in (1, 2, 3, 4)] == [1, 1, 0, 1]
    assert title(GONE) in nights[4].titles("phares")


def test_case_40_the_fourth_look_is_the_last(nights: Nights) -> None:
    assert nights[8].asked("phares").count(f"/{GONE}") == 1
    assert title(GONE) not in nights[8].titles("phares")
    assert removed(nights, 8).keys() == {title(name) for name in (GONE, WITHDRAWN, FORBIDDEN)}
    assert removed(nights, 8)[title(GONE)].startswith("introuvable depuis le ")
    assert removed(nights, 8)[title(GONE)].endswith("(404)")


def test_case_40_what_only_left_the_feed_or_is_still_in_it_stays(nights: Nights) -> None:
    left = [name for name in POSTS if name not in (GONE, WITHDRAWN, FORBIDDEN)]
    assert NAMED in left
    assert nights[8].titles("phares") == titles(*left)
    assert f"/{NAMED}" in nights[8].asked("phares")


def test_case_40_a_whole_site_of_404_loses_nothing(nights: Nights) -> None:
    for day in (1, 2, 4):
        night = nights[day]
        state, cause = night.state("masse")
        assert state == "partial"
        assert cause.startswith(f"{MASS_MISSING} (")
        assert cause.endswith(" : rien n’est retiré, le site est à vérifier"), "the curator is asked"
        assert night.titles("masse") == titles(*FEW)
    assert nights[2].standings["masse"].gone_since is None
    assert nights[4].standings["masse"].gone_since is not None, "the third night says that the site is gone"


def test_case_40_a_site_that_comes_back_is_whole(nights: Nights) -> None:
    assert nights[8].titles("masse") == titles(*FEW)
    back = nights[20]
    assert {f"/{name}" for name in FEW} <= set(back.asked("masse"))
    assert back.titles("masse") == titles(*FEW)
    assert (back.standings["masse"].gone_since, back.standings["masse"].failures) == (None, 0)
    assert MASS_MISSING not in back.state("masse")[1]


def test_case_40_a_month_of_5xx_keeps_everything_and_ends_in_rare_visits(nights: Nights) -> None:
    for day in (1, 2, 4, 20):
        assert nights[day].state("panne") == ("failed", "flux : erreur du serveur (500)")
    assert nights[8].asked("panne") == [], "failing for a week: visited weekly"
    assert nights[8].state("panne")[0] == "skipped"
    last = nights[34]
    assert (last.asked("panne"), last.state("panne")[0]) == ([], "skipped")
    assert last.state("panne")[1].startswith("en sommeil")
    assert last.titles("panne") == titles(*FEW)
    assert last.standings["panne"].gone_since is None, "unwell is not gone"
    assert title(BROKEN) in last.titles("phares"), "nor is a post that answers 500"
    assert f"/{BROKEN}" in last.asked("phares")
