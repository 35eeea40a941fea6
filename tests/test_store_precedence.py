"""What wins when a post is seen twice: wishes, DOIs, image, teasers for members, texts that shrink."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luciole.article import NO_WISHES, Article, Sighting, Wishes
from luciole.precedence import stricter
from luciole.store import ArticleStore

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
LONG = " ".join(f"mot{number}" for number in range(100))
FEED = Sighting(
    source_id="cieux",
    url="https://cieux.example/nuit/",
    seen_at=NOW,
    title="La nuit",
    language="fr",
    text=LONG,
    text_basis="feed",
)
PAGE = replace(FEED, named_by="page", text_basis="page", seen_at=NOW + timedelta(hours=1))
WISHES = Wishes(snippet=0, noarchive=True, unavailable_after=NOW + timedelta(days=9), reserved=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    store = ArticleStore.open(tmp_path / "luciole.db")
    yield store
    store.close()


def test_all_that_a_look_tells_is_kept(store: ArticleStore) -> None:
    seen = replace(PAGE, wishes=WISHES, dois=("10.1000/a", "10.1000/é"), image="https://cieux.example/i.png", members_only=True)
    article = store.article(store.record(seen).article_id)
    assert article is not None
    assert (article.wishes, article.dois, article.image, article.members_only) == (WISHES, seen.dois, seen.image, True)
    assert store.record(seen).change == "unchanged"


def kept(store: ArticleStore, *looks: Sighting) -> Article:
    """The article that the last of these looks is of."""
    *_, key = [store.record(look).article_id for look in looks]
    article = store.article(key)
    assert article is not None
    return article


def test_wishes_are_spoken_and_lifted_by_the_page_alone(store: ArticleStore) -> None:
    assert kept(store, replace(PAGE, wishes=WISHES), FEED).wishes == WISHES
    assert kept(store, PAGE).wishes == NO_WISHES


def test_wishes_of_two_addresses_found_to_be_one_hold_together(store: ArticleStore) -> None:
    other = replace(PAGE, url="https://cieux.example/b", wishes=Wishes(snippet=80))
    first = replace(PAGE, wishes=Wishes(snippet=200, noarchive=True))
    article = kept(store, first, other, replace(FEED, also=(other.url,)))
    assert store.count() == 1
    assert article.wishes == Wishes(snippet=80, noarchive=True)
    assert stricter(WISHES, Wishes(unavailable_after=NOW)) == replace(WISHES, unavailable_after=NOW)


def test_dois_are_those_of_the_text_that_is_kept(store: ArticleStore) -> None:
    summary = replace(FEED, text="Court.", text_basis="summary", dois=("10.1/resume",))
    article = kept(store, replace(FEED, dois=("10.1/flux",)), summary)
    assert article.dois == ("10.1/flux",), "a text that is not taken brings none"
    assert kept(store, replace(PAGE, text=f"{LONG} encore", dois=())).dois == ("10.1/flux",), "an empty value replaces nothing"
    assert kept(store, replace(PAGE, dois=("10.1/page",))).dois == ("10.1/page",)


def test_the_image_of_the_page_wins(store: ArticleStore) -> None:
    assert kept(store, replace(FEED, image="https://c.example/f.png")).image == "https://c.example/f.png"
    assert kept(store, replace(PAGE, image="https://c.example/p.png")).image == "https://c.example/p.png"
    assert kept(store, replace(FEED, image="https://c.example/f.png"), PAGE).image == "https://c.example/p.png"


TEASER = replace(PAGE, text=" ".join(LONG.split()[:20]), members_only=True)


@pytest.mark.parametrize(
    ("looks", "members_only", "words"),
    [
        ([FEED, TEASER], False, 100),
        ([TEASER, FEED], False, 100),
        ([replace(FEED, text="Court.", text_basis="summary"), TEASER], True, 20),
        ([TEASER, replace(FEED, text="Court.", text_basis="summary")], True, 20),
        ([replace(FEED, text=TEASER.text), TEASER], True, 20),
        ([TEASER, replace(FEED, text=TEASER.text)], True, 20),
        ([TEASER, replace(PAGE, text=TEASER.text)], False, 20),
    ],
    ids=["full, teaser", "teaser, full", "summary, teaser", "teaser, summary", "feed's teaser, teaser", "teaser, feed's teaser", "opened"],
)
def test_a_teaser_never_replaces_a_full_text(store: ArticleStore, looks: list[Sighting], members_only: bool, words: int) -> None:
    article = kept(store, *looks)
    assert (article.members_only, article.words) == (members_only, words)
    assert not store.record(looks[-1]).shrunk


WALL = replace(PAGE, title="We value your privacy", language="en", text="Accept all cookies to continue.", seen_at=NOW + timedelta(days=1))


def test_a_wall_never_overwrites_the_text(store: ArticleStore) -> None:
    before = kept(store, PAGE)
    recorded = store.record(WALL)
    assert (recorded.change, recorded.shrunk) == ("unchanged", True)
    assert store.article(recorded.article_id) == replace(before, last_seen=WALL.seen_at), "nothing of it is believed"


def test_a_wall_s_wishes_are_heard_but_lift_nothing(store: ArticleStore) -> None:
    asking = replace(WALL, noindex=True, wishes=Wishes(noarchive=True))
    article = kept(store, replace(PAGE, wishes=Wishes(snippet=10)), asking, WALL)
    assert (article.title, article.language, article.noindex) == ("La nuit", "fr", True)
    assert article.wishes == Wishes(snippet=10, noarchive=True)


def test_a_feed_that_shrinks_keeps_the_text_and_still_tells_the_title(store: ArticleStore) -> None:
    store.record(FEED)
    recorded = store.record(replace(FEED, text="Plus que quelques mots.", title="La nuit, revue", language="en"))
    article = store.article(recorded.article_id)
    assert article is not None
    assert (recorded.change, recorded.shrunk) == ("updated", True)
    assert (article.title, article.text, article.language) == ("La nuit, revue", LONG, "fr")


@pytest.mark.parametrize(
    ("words_kept", "words_seen", "shrunk"), [(60, 17, True), (60, 18, False), (59, 1, False), (100, 29, True), (100, 30, False)]
)
def test_the_bounds_of_shrinking(store: ArticleStore, words_kept: int, words_seen: int, shrunk: bool) -> None:
    store.record(replace(PAGE, text="mot " * words_kept))
    recorded = store.record(replace(PAGE, text="bref " * words_seen))
    article = store.article(recorded.article_id)
    assert article is not None
    assert (recorded.shrunk, article.words) == (shrunk, words_kept if shrunk else words_seen)


def test_a_summary_beside_a_full_text_is_no_shrinking(store: ArticleStore) -> None:
    store.record(PAGE)
    assert not store.record(replace(FEED, text="Un résumé.", text_basis="summary")).shrunk
