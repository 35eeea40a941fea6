"""Which strategies are tried, in which order."""

from __future__ import annotations

import pytest

from crawler.backfill.choice import NAMES, strategies
from crawler.backfill.strategy import Site
from tests.crawler.test_backfill_driver import HOME, at


def names(site: Site, chosen: str | None = None) -> list[str]:
    return [strategy.name for strategy in strategies(site, chosen)]


@pytest.mark.parametrize(
    ("site", "order"),
    [
        (Site(home=HOME), ["sitemap", "links"]),
        (Site(home=HOME, feed=at("index.xml"), platform="hugo"), ["sitemap", "feed", "links"]),
        (Site(home=HOME, feed=at("feed/"), platform="wordpress"), ["wordpress", "sitemap", "feed", "links"]),
        (
            Site(home="https://lune.blogspot.com/", feed="https://lune.blogspot.com/feeds/posts/default"),
            ["blogger", "sitemap", "feed", "links"],
        ),
        (Site(home=HOME, platform="spip"), ["spip", "sitemap", "links"]),
    ],
)
def test_the_usual_order(site: Site, order: list[str]) -> None:
    assert names(site) == order


@pytest.mark.parametrize("chosen", sorted(set(NAMES) - {"none"}))
def test_what_the_curator_chose_comes_first_and_the_others_after(chosen: str) -> None:
    site = Site(home=HOME, feed=at("index.xml"))
    order = names(site, chosen)
    assert order[0] == chosen
    assert set(order) == {chosen, "sitemap", "feed", "links"}
    assert len(order) == len(set(order))


def test_none_is_nothing() -> None:
    assert strategies(Site(home=HOME, platform="wordpress"), "none") == ()


def test_an_unknown_word_changes_nothing() -> None:
    assert names(Site(home=HOME), "magie") == names(Site(home=HOME))


def test_every_word_is_explained() -> None:
    assert all(len(text) > 20 for text in NAMES.values())
    every = Site(home=HOME, feed=at("feeds/posts/default?page=backend"), platform="wordpress")
    assert set(names(every, "spip")) | {"none"} == set(NAMES)
