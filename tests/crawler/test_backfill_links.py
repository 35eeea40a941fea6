"""Following links within bounds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.addresses import is_own, may_be_post, may_follow
from crawler.backfill.links import Links
from crawler.backfill.strategy import Missing, Reading, Site, Step
from tests.crawler.test_backfill_driver import ABSENT, HOME, at, gather, list_of

SITE = Site(home=HOME)


def test_pagers_archives_and_posts() -> None:
    world = {
        HOME: list_of("c/", "a-propos-des-marees/", listings=["archives/"], following="page/2/"),
        at("page/2/"): list_of("b/"),
        at("archives/"): list_of("c/", listings=["2020/05/"]),
        at("2020/05/"): list_of("a/"),
        at("a/"): list_of("z/", post="a/"),
        at("b/"): list_of(post="b/"),
        at("c/"): list_of(post="c/"),
        at("z/"): list_of(post="z/"),
    }
    done = gather(Links(), SITE, world)
    assert done.held == {f"blog.exemple.fr/{name}" for name in "abcz"}
    assert done.urls[:3] == [HOME, at("page/2/"), at("archives/")]
    assert all(step.kind == "listing" for step in done.steps)
    assert done.ending.complete


def test_pages_of_a_pager_cost_no_depth() -> None:
    def world(step: Step) -> Reading:
        found = re.search(r"page/(\d+)/", step.url)
        page = int(found[1]) if found else 1
        if step.url.startswith(at("billet")):
            return list_of(post=step.url.removeprefix(HOME))
        return list_of(f"billet-{page}/", listings=[f"page/{page + 1}/"]) if page < 30 else list_of()

    done = gather(Links(), SITE, world)
    assert len(done.held) == 29
    assert done.ending.complete


def test_from_post_to_post_the_way_may_be_long() -> None:
    def world(step: Step) -> Reading:
        found = re.search(r"billet-(\d+)", step.url)
        number = int(found[1]) if found else 0
        return list_of(*([f"billet-{number + 1}/"] if number < 60 else []), post=f"billet-{number}/" if number else "")

    done = gather(Links(), SITE, world)
    assert len(done.held) == 60
    assert done.ending.complete


def test_an_endless_pager_ends_after_the_pages_that_give_nothing_new() -> None:
    def world(step: Step) -> Reading:
        found = re.search(r"page/(\d+)/", step.url)
        page = int(found[1]) if found else 1
        return (
            list_of(f"billet-{min(page, 4)}/", following=f"page/{page + 1}/") if "billet" not in step.url else list_of(post=step.url[-3:])
        )

    done = gather(Links(), SITE, world)
    assert [url for url in done.urls if "page/" in url] == [at(f"page/{n}/") for n in range(2, 8)]
    assert done.ending.complete


def test_a_calendar_without_posts_ends_though_others_find_some() -> None:
    def world(step: Step) -> Reading:
        if month := re.search(r"/(\d{4})/(\d\d)/\Z", step.url):
            year = int(month[1])
            return list_of("fixe/", listings=[f"{year + 1}/01/", f"{year - 1}/12/"])
        if page := re.search(r"page/(\d+)/", step.url):
            return list_of(f"billet-{page[1]}/", following=f"page/{int(page[1]) + 1}/" if int(page[1]) < 40 else "")
        return (
            list_of("fixe/", listings=["2020/01/"], following="page/2/") if step.url == HOME else list_of(post=step.url.removeprefix(HOME))
        )

    done = gather(Links(), SITE, world)
    assert len([url for url in done.urls if re.search(r"/\d{4}/\d\d/\Z", url)]) <= 8
    assert len(done.held) == 40


@pytest.mark.parametrize(("bound", "word"), [({"most_addresses": 20}, "20 adresses"), ({"most_depth": 2}, "plus de 2 liens")])
def test_a_bound_that_was_met_is_said(bound: dict[str, int], word: str) -> None:
    def world(step: Step) -> Reading:
        path = step.url.removeprefix(HOME)
        return list_of("seul/", f"{path}a/", f"{path}b/", post=path if path == "seul/" else "")

    done = gather(Links(), Site(home=HOME, **bound), world)  # type: ignore[arg-type]
    assert not done.ending.complete
    assert word in done.ending.why
    assert len(done.steps) <= 20


def test_what_a_shorter_way_reaches_later_is_not_too_deep() -> None:
    world = {
        HOME: list_of(listings=["archives/", "rubrique/"]),
        at("archives/"): list_of("p/"),
        at("p/"): list_of("q/", post="p/"),
        at("rubrique/"): list_of(listings=["rubrique/page/2/"]),
        at("rubrique/page/2/"): list_of(following="rubrique/page/3/"),
        at("rubrique/page/3/"): list_of("q/"),
        at("q/"): list_of(post="q/"),
    }
    done = gather(Links(), Site(home=HOME, most_depth=2, barren_pages=5), world)
    assert done.held == {"blog.exemple.fr/p", "blog.exemple.fr/q"}
    assert done.ending.complete


@pytest.mark.parametrize("answer", [ABSENT, Missing(cause="robots.txt l’interdit", forbidden=True)])
def test_a_home_page_that_fails_is_said(answer: Missing) -> None:
    done = gather(Links(), SITE, {HOME: answer})
    assert not done.ending.complete
    assert done.ending.why == answer.cause


def test_a_dead_link_is_no_hole() -> None:
    done = gather(Links(), SITE, {HOME: list_of("a/", "mort/"), at("a/"): list_of(post="a/")})
    assert done.ending.complete


def test_nothing_found_is_not_complete() -> None:
    assert not gather(Links(), SITE, {HOME: list_of()}).ending.complete


def test_the_curator_s_expression_settles() -> None:
    site = Site(home=HOME, article_url=r"/n/\d+")
    done = gather(Links(), site, {HOME: list_of("n/12", "n/13"), at("n/12"): list_of(post="n/12")})
    assert done.urls == [HOME]
    assert done.named == {"n/12", "n/13"}


@pytest.mark.parametrize(
    ("path", "followed"),
    [
        ("marees/", True),
        ("?p=12", True),
        ("?page_id=2", True),
        ("spip.php?article12", True),
        ("spip.php?article12&lang=fr", True),
        ("spip.php?rubrique3&debut_articles=20#pagination", True),
        ("?id_article=4", True),
        ("?paged=3", True),
        ("?page=2", True),
        ("marees/?utm_source=rss", True),
        ("?page=backend", False),
        ("?lang=en", False),
        ("?s=lune", False),
        ("?orderby=date&p=3", False),
        ("?p=3&PHPSESSID=ab12", True),  # the session is no part of the address
        ("?sid=ab12", False),
        ("marees;jsessionid=12AB", False),
        ("marees/?replytocom=12#respond", True),  # is the post itself by its key
        ("marees/?share=twitter&nb=1", False),
        ("marees/?print=1", False),
        ("marees/print/", False),
        ("marees/feed/", False),
        ("feed/", False),
        ("marees/comment-page-2/", False),
        ("calendrier/2031-05/", False),
        ("agenda/2031/05/12/", False),
        ("2999/01/", False),
        ("1203/01/", False),
        ("wp-content/uploads/2020/05/lune/", False),
        ("lune.pdf", False),
        ("contact/", False),
        ("recherche-et-societe/", True),
        ("recherche/les-marees/", True),
        ("x" * 2100, False),
    ],
)
def test_addresses_worth_following(path: str, followed: bool) -> None:
    assert may_follow(at(path), SITE) is followed


@pytest.mark.parametrize(
    ("home", "url", "own"),
    [
        ("https://www.exemple.fr/blog", "https://exemple.fr/blog/marees", True),
        ("https://www.exemple.fr/blog", "https://exemple.fr/boutique", False),
        ("https://www.exemple.fr/blog/index.html", "http://www.exemple.fr/blog/marees", True),
        ("https://www.exemple.fr/accueil/", "https://www.exemple.fr/marees", True),
        ("https://exemple.fr/", "https://autre.exemple.fr/marees", False),
        ("https://exemple.fr/", "https://exemple.fr:8443/marees", False),
        ("https://exemple.fr/", "javascript:alert(1)", False),
        ("https://exemple.fr/", "https://[malformé/", False),
    ],
)
def test_what_is_the_blog_s_own(home: str, url: str, own: bool) -> None:
    assert is_own(url, home) is own


def test_lists_and_the_home_page_are_no_posts() -> None:
    assert not any(may_be_post(at(path), SITE) for path in ("", "tag/lune/", "page/2/", "2020/05/", "spip.php?rubrique3", "index.html?p="))


@given(st.data())
def test_any_web_of_links_ends_within_its_bounds(data: st.DataObject) -> None:
    names = ["", "page/2/", "page/3/", "archives/", *(f"billet-{n}/" for n in range(8))]
    some = st.lists(st.sampled_from(names), max_size=6)
    world = {
        at(name): list_of(
            *data.draw(some),
            listings=data.draw(some),
            following=data.draw(st.sampled_from(["", *names])),
            post=name if name.startswith("billet") else "",
        )
        for name in names
    }
    site = Site(home=HOME, most_addresses=data.draw(st.integers(1, 15)), most_depth=data.draw(st.integers(0, 4)))
    done = gather(Links(), site, world, most=15)
    assert len(done.steps) <= site.most_addresses
    assert max(step.depth for step in done.steps) <= site.most_depth
    assert done.ending.complete or done.ending.why
