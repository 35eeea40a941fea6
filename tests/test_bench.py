"""The bench's yardstick, its server and our crawl ask for the same, or its ratios would mean nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.blogosphere import FEED, PAGE, ROBOTS, Blogosphere
from bench.crawling import Bench, Line, Run, _feeds, _feeds_then_pages, _ratio, _same_requests
from bench.usage import busy, usage
from bench.web import serving
from luciole.store import ArticleStore

BLOGS = Blogosphere(blogs=3, posts=2, listed=2, words=120)
LIMITS = {"mapped_delay": 0.05, "backfill_pages": 0, "full_samples": 0}


@pytest.fixture
def bench() -> Iterator[Bench]:
    with serving(BLOGS) as server:
        yield Bench(server, BLOGS, lambda line: None)


def asked(run: Run) -> Counter[tuple[str, str]]:
    return Counter((one.host, one.path) for one in run.log.requests)


def test_ours_asks_for_what_the_bare_spider_asks_for_fetching_alone_and_parsing(bench: Bench, tmp_path: Path) -> None:
    bare = bench.bare([*_feeds_then_pages(BLOGS)], 0.05)
    assert bare.log.kinds(200) == bare.log.kinds() == {ROBOTS: 3, FEED: 3, PAGE: 6}
    assert set(asked(bare).values()) == {1}

    bench.seed(tmp_path / "seeded")
    fetched = bench.own("fetch", "fetch", tmp_path / "seeded", LIMITS)
    assert asked(fetched) == asked(bare)
    assert _same_requests(fetched, bare).holds
    for run in (bare, fetched):
        assert run.log.smallest_gap() > 0.03  # both keep the delay, give or take the clock of a busy machine
        assert 0 < run.began < run.ended
        assert run.used.rss > 30
        assert run.used.cpu > 0.2

    parsed = bench.own("parse", "parse", tmp_path / "seeded", LIMITS, workers=1)
    assert not parsed.log.requests
    assert parsed.used.workers > 0
    store = ArticleStore.open(tmp_path / "seeded" / "luciole.db")
    try:
        articles = [article for article in store.changes_since(0) if not article.is_tombstone]
    finally:
        store.close()
    assert len(articles) == 6
    assert all(article.words > 30 for article in articles)


def test_a_second_night_is_unchanged_for_both(bench: Bench, tmp_path: Path) -> None:
    first = bench.own("first", "crawl", tmp_path, LIMITS, workers=1)
    assert first.log.kinds() == {ROBOTS: 3, FEED: 3, PAGE: 6}
    second = bench.own("second", "crawl", tmp_path, LIMITS, workers=1, days_later=1)
    bare = bench.bare([*_feeds(BLOGS, known=True)], 0.05)
    assert asked(second) == asked(bare)
    assert second.log.kinds(304) == bare.log.kinds(304) == {FEED: 3}


def test_a_bound_that_is_broken_says_so() -> None:
    assert _ratio("wall", 1.2, 1.0, 1.15) == Line(what="wall", ours="1.2", other="1.0", ratio="1.20", bound="≤ 1.15", holds=False)
    assert _ratio("wall", 1.1, 1.0, 1.15).holds
    assert _ratio("wall", 1.1, 1.0).holds is None


def test_pages_weigh_as_much_as_real_ones() -> None:
    made = list(Blogosphere(blogs=2, posts=10, listed=5).bodies())
    sizes = [len(body.content) for _, _, body in made if body.kind == PAGE]
    assert len(sizes) == len({body.content for _, _, body in made if body.kind == PAGE}) == 20
    assert min(sizes) > 30_000
    assert max(sizes) < 120_000


def test_usage_is_of_this_process() -> None:
    used = usage()
    assert 0 < used.cpu < busy()
    assert 10 < used.rss < 5000
