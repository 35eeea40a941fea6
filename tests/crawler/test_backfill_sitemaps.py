"""Sitemaps: which are read, and which of their addresses may be posts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.sitemaps import Sitemaps, posts_of
from crawler.backfill.strategy import Missing, Reading, Site
from crawler.parsed import Located, ParsedSitemap
from tests.crawler.test_backfill_driver import ABSENT, HOME, at, gather, index_of, plan_of

SITE = Site(home=HOME)


def test_the_maps_of_robots_come_first_and_are_enough() -> None:
    site = Site(home=HOME, sitemaps=(at("plan.xml"), at("plan.xml"), "https://ailleurs.exemple/sitemap.xml"))
    done = gather(Sitemaps(), site, {at("plan.xml"): plan_of("marees/", "lune/")})
    assert done.urls == [at("plan.xml")]
    assert done.named == {"marees", "lune"}
    assert done.ending.complete
    assert done.cursor.expected == 2


def test_the_usual_places_one_after_the_other() -> None:
    done = gather(Sitemaps(), SITE, {at("sitemap_index.xml"): index_of("post-sitemap.xml"), at("post-sitemap.xml"): plan_of("marees/")})
    assert done.urls == [at("sitemap.xml"), at("sitemap_index.xml"), at("post-sitemap.xml")]
    assert done.ending.complete


def test_the_usual_places_when_those_of_robots_are_gone() -> None:
    site = Site(home=HOME, sitemaps=(at("vieux.xml"),))
    done = gather(Sitemaps(), site, {at("sitemap.xml"): plan_of("marees/")})
    assert done.urls == [at("vieux.xml"), at("sitemap.xml")]
    assert done.named == {"marees"}
    assert done.ending.why == ABSENT.cause  # what robots.txt names and does not exist is a hole


def test_nothing_anywhere_ends() -> None:
    done = gather(Sitemaps(), SITE, {})
    assert not done.ending.complete
    assert 5 <= len(done.steps) <= 12
    assert all(url.startswith(HOME) for url in done.urls)


def test_a_blog_in_a_corner_of_a_site() -> None:
    site = Site(home=at("blog/"))
    world = {at("sitemap.xml"): plan_of("blog/marees/", "blog/", "boutique/lampe/", "bloguons/")}
    done = gather(Sitemaps(), site, world)
    assert done.urls[0] == at("blog/sitemap.xml")
    assert done.named == {"blog/marees"}


@pytest.mark.parametrize(
    ("index", "read"),
    [
        (
            [
                "wp-sitemap-posts-post-1.xml",
                "wp-sitemap-posts-post-2.xml",
                "wp-sitemap-posts-page-1.xml",
                "wp-sitemap-taxonomies-category-1.xml",
                "wp-sitemap-users-1.xml",
                "wp-sitemap-posts-carnet-1.xml",
            ],
            ["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-post-2.xml", "wp-sitemap-posts-carnet-1.xml"],
        ),
        (
            [
                "post-sitemap.xml",
                "post-sitemap2.xml",
                "page-sitemap.xml",
                "category-sitemap.xml",
                "post_tag-sitemap.xml",
                "author-sitemap.xml",
                "news-sitemap.xml",
                "video-sitemap.xml",
            ],
            ["post-sitemap.xml", "post-sitemap2.xml"],
        ),
        (
            ["sitemap-pages.xml", "sitemap-posts.xml", "sitemap-posts-2.xml", "sitemap-authors.xml", "sitemap-tags.xml"],
            ["sitemap-posts.xml", "sitemap-posts-2.xml"],
        ),
        (["sitemap-misc.xml", "sitemap-pt-post-2015-03.xml", "sitemap-pt-post-p1-2016-01.xml"], ["pt-post-2015-03", "pt-post-p1-2016-01"]),
        (["sitemap/2023", "sitemap/2024"], ["sitemap/2023", "sitemap/2024"]),
        (["sitemap-pages.xml", "sitemap-tags.xml"], ["sitemap-pages.xml"]),
        (["sitemap-tags.xml"], ["sitemap-tags.xml"]),
        (["rss.xml", "sitemap-main.xml", "https://ailleurs.exemple/post-sitemap.xml"], ["sitemap-main.xml"]),
    ],
)
def test_of_an_index_the_maps_of_posts(index: list[str], read: list[str]) -> None:
    done = gather(Sitemaps(), SITE, {at("sitemap.xml"): index_of(*index), **{at(name): plan_of(f"de/{name}x") for name in index}})
    assert len(done.urls) == 1 + len(read)
    assert all(name in url for name, url in zip(read, done.urls[1:], strict=True))
    assert done.ending.complete


@pytest.mark.parametrize(
    ("name", "site", "sure"),
    [
        ("wp-sitemap-posts-post-1.xml", SITE, True),
        ("post-sitemap.xml", SITE, True),
        ("sitemap-posts.xml", SITE, True),
        ("sitemap.xml", SITE, False),
        ("wp-sitemap-posts-carnet-1.xml", SITE, False),
        ("sitemap.xml?page=2", Site(home=HOME, platform="blogger"), True),
        ("sitemap-pages.xml", Site(home=HOME, platform="blogger"), False),
    ],
)
def test_addresses_of_a_map_of_posts_are_sure(name: str, site: Site, sure: bool) -> None:
    site = Site(home=HOME, platform=site.platform, sitemaps=(at(name),))
    done = gather(Sitemaps(), site, {at(name): plan_of("", "marees/")})
    assert [post.sure for post in done.posts.values()] == [sure]


def test_a_map_of_everything_is_filtered_by_address() -> None:
    pages = [
        "",
        "marees/",
        "2020/05/06/lune/",
        "post/volcans/",
        "tags/",
        "tags/lune/",
        "categories/mer/",
        "2020/",
        "2020/05/",
        "page/2/",
        "images/lune.jpg",
        "cours.pdf",
        "index.xml",
        "contact/",
        "a-propos/",
        "?replytocom=4",
        "recherche?q=lune",
        "https://ailleurs.exemple/marees/",
        "http://localhost:1313/marees/",
        "x" * 3000,
    ]
    done = gather(Sitemaps(), SITE, {at("sitemap.xml"): plan_of(*pages)})
    assert done.named == {"marees", "2020/05/06/lune", "post/volcans"}
    assert not any(post.sure for post in done.posts.values())
    assert done.cursor.expected == 3


def test_sections_of_a_static_site_are_looked_at_but_not_expected() -> None:
    done = gather(Sitemaps(), SITE, {at("sitemap.xml"): plan_of("post/", "post/a/", "post/b/", "post/c/", "seul/", "seul/annexe/")})
    assert done.named == {"post", "post/a", "post/b", "post/c", "seul", "seul/annexe"}
    assert done.cursor.expected == 5
    assert done.ending.complete


def test_the_curator_s_expression_decides() -> None:
    site = Site(home=HOME, article_url=r"/archives/\d+")
    done = gather(Sitemaps(), site, {at("sitemap.xml"): plan_of("archives/12", "marees/", "archives/")})
    assert done.named == {"archives/12"}
    assert all(post.sure for post in done.posts.values())


@pytest.mark.parametrize(("days", "kept"), [((1, 2, 3, 4), 4), ((1, 1, 2, 3), 4), ((1, 1, 1, 2), 0), ((1, 1), 0), ((5,), 1)])
def test_the_day_of_the_build_is_no_day_of_change(days: tuple[int, ...], kept: int) -> None:
    pages = [Located(url=at(f"billet-{n}/"), modified=datetime(2026, 1, day, tzinfo=UTC)) for n, day in enumerate(days)]
    assert sum(post.modified is not None for post in posts_of(SITE, pages, sure=False)) == kept


@pytest.mark.parametrize(
    "answer", [Missing(cause="panne", status=500), ParsedSitemap(problem="une page HTML au lieu d’un plan de site"), ABSENT]
)
def test_a_map_that_is_missing_is_a_hole(answer: Reading) -> None:
    world = {at("sitemap.xml"): index_of("post-sitemap.xml", "post-sitemap2.xml"), at("post-sitemap.xml"): plan_of("marees/")}
    done = gather(Sitemaps(), SITE, {**world, at("post-sitemap2.xml"): answer})
    assert done.named == {"marees"}
    assert not done.ending.complete
    assert done.ending.why


def test_fewer_posts_than_known_are_not_the_archive() -> None:
    world = {at("sitemap.xml"): plan_of(*(f"billet-{n}/" for n in range(20)))}
    assert gather(Sitemaps(), Site(home=HOME, at_least=20), world).ending.complete
    done = gather(Sitemaps(), Site(home=HOME, at_least=300), world)
    assert not done.ending.complete
    assert "300" in done.ending.why


def test_another_place_is_looked_at_when_too_few_are_named() -> None:
    site = Site(home=HOME, sitemaps=(at("news.xml"),), at_least=3)
    world = {at("news.xml"): plan_of("marees/"), at("sitemap.xml"): plan_of("marees/", *(f"billet-{n}/" for n in range(30)))}
    assert len(gather(Sitemaps(), Site(home=HOME, sitemaps=site.sitemaps, at_least=30), world).named) == 31


def test_an_index_of_itself_ends() -> None:
    done = gather(Sitemaps(), SITE, {at("sitemap.xml"): index_of("sitemap.xml", "autre.xml"), at("autre.xml"): index_of("sitemap.xml")})
    assert not done.ending.complete


@given(st.data())
def test_any_web_of_indexes_ends(data: st.DataObject) -> None:
    names = [f"plan-{n}.xml" for n in range(6)] + ["sitemap.xml"]
    some = st.lists(st.sampled_from(names), max_size=7)
    world = {at(name): index_of(*data.draw(some)) if data.draw(st.booleans()) else plan_of(f"de-{name[:-4]}/") for name in names}
    done = gather(Sitemaps(), SITE, world, most=40)
    assert done.ending.complete or done.ending.why


def test_endless_indexes_are_bounded() -> None:
    done = gather(Sitemaps(), SITE, lambda step: index_of(*(f"{step.url}{n}" for n in range(30))), most=600)
    assert not done.ending.complete
