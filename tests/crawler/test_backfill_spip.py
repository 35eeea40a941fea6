"""SPIP's sitemap and its sections."""

from __future__ import annotations

import re

import pytest

from crawler.backfill.spip import CAP, Spip
from crawler.backfill.strategy import Missing, Reading, Site, Step
from tests.crawler.test_backfill_driver import ABSENT, HOME, at, gather, list_of, plan_of

SITE = Site(home=HOME, platform="spip")
PLACES = [at("spip.php?page=sitemap"), at("sitemap.xml"), at("spip.php?page=sitemap.xml")]


@pytest.mark.parametrize("place", PLACES)
def test_the_sitemap_wherever_it_is(place: str) -> None:
    done = gather(Spip(), SITE, {place: plan_of("spip.php?article1", "spip.php?article2", "spip.php?rubrique4", "lune-et-marees")})
    assert done.urls == PLACES[: PLACES.index(place) + 1]
    assert {key: post.sure for key, post in done.posts.items()} == {
        "blog.exemple.fr/spip.php?article1=": True,
        "blog.exemple.fr/spip.php?article2=": True,
        "blog.exemple.fr/lune-et-marees": False,
    }
    assert done.ending.complete
    assert done.cursor.expected == 3


def test_the_sitemap_of_robots_first() -> None:
    done = gather(Spip(), Site(home=HOME, platform="spip", sitemaps=(at("plan.xml"),)), {at("plan.xml"): plan_of("spip.php?article1")})
    assert done.urls == [at("plan.xml")]


def sections(articles: int) -> dict[str, Reading]:
    """Two sections, the first turned by links, the second without."""
    world: dict[str, Reading] = {HOME: list_of(listings=["spip.php?rubrique1", "spip.php?rubrique2"])}
    for start in range(0, articles, 10):
        given = [f"spip.php?article{n}" for n in range(start, min(articles, start + 10))]
        turned = f"&debut_articles={start}" if start else ""
        older = f"spip.php?rubrique1&debut_articles={start + 10}" if start + 10 < articles else ""
        world[at(f"spip.php?rubrique1{turned}")] = list_of(*given, following=older)
        world[at(f"spip.php?rubrique2{turned}")] = list_of(*(path.replace("article", "article9") for path in given))
    return world


def test_the_sections_without_a_sitemap() -> None:
    done = gather(Spip(), SITE, sections(35))
    assert len(done.posts) == 70
    assert done.ending.complete
    assert at("spip.php?rubrique2&debut_articles=30") in done.urls
    assert at("spip.php?rubrique2&debut_articles=40") not in done.urls


def test_a_section_that_does_not_turn_is_asked_once_more_and_left() -> None:
    def world(step: Step) -> Reading:
        if "rubrique1" in step.url:
            return list_of(*(f"spip.php?article{n}" for n in range(10)))
        return list_of(listings=["spip.php?rubrique1"]) if step.url == HOME else ABSENT

    done = gather(Spip(), SITE, world)
    assert len([url for url in done.urls if "rubrique1" in url]) == 2
    assert done.ending.complete


def test_a_sitemap_at_its_cap_leads_to_the_sections() -> None:
    world: dict[str, Reading] = {PLACES[0]: plan_of(*(f"spip.php?article{n}" for n in range(500_000, 500_000 + CAP))), **sections(25)}
    done = gather(Spip(), SITE, world)
    assert len(done.posts) == CAP + 50
    assert done.ending.complete


def test_pages_that_the_sitemap_named_are_not_read_twice() -> None:
    world: dict[str, Reading] = {PLACES[0]: plan_of(*(f"billet-{n}" for n in range(CAP))), HOME: list_of("billet-1", "ancien", "billet-2")}
    done = gather(Spip(), SITE, world)
    assert [url for url in done.urls if "billet" in url or "ancien" in url] == [at("ancien")]


def test_a_sitemap_that_is_too_short_leads_to_the_sections() -> None:
    done = gather(Spip(), Site(home=HOME, platform="spip", at_least=50), {PLACES[0]: plan_of("spip.php?article1"), **sections(60)})
    assert len(done.posts) == 120


def test_the_walk_has_bounds() -> None:
    def world(step: Step) -> Reading:
        found = re.search(r"rubrique(\d+)", step.url)
        posts = [f"{found[1]}-{n}" for n in range(12)] if found else []
        return list_of(*posts, listings=[f"spip.php?rubrique{n}" for n in range(200)], post="" if found else "marees")

    done = gather(Spip(), Site(home=HOME, platform="spip", most_addresses=50), world)
    assert len(done.steps) <= 50 + len(PLACES)
    assert "50 adresses" in done.ending.why


def test_a_site_that_does_not_answer_is_not_complete() -> None:
    done = gather(Spip(), SITE, lambda step: Missing(cause="panne", status=503))
    assert not done.ending.complete
    assert done.ending.why


@pytest.mark.parametrize(
    ("site", "hold"),
    [(SITE, True), (Site(home=HOME, feed=at("spip.php?page=backend")), True), (Site(home=HOME, platform="wordpress"), False)],
)
def test_where_it_has_a_hold(site: Site, hold: bool) -> None:
    assert bool(Spip().plan(site)) is hold
