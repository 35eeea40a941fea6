"""How sources stand: written by the crawl, lifted by curators through the registry, told by revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from luciole.article import Sighting
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
SOURCE = Source(id="cieux", name="Cieux", url="https://cieux.example/", disciplines=("physique",), reviewed=date(2026, 10, 1))
FROZEN = Standing(
    frozen_at=NOW,
    frozen_why="Le titre n’a plus rien du nom.",
    gone_since=NOW - timedelta(days=3),
    failing_since=NOW - timedelta(days=5),
    failures=5,
    expected=360,
)
POST = Sighting(source_id="cieux", url="https://cieux.example/nuit/", seen_at=NOW, title="La nuit")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    store = ArticleStore.open(tmp_path / "luciole.db")
    store.sync_sources([SOURCE])
    store.record(POST)
    yield store
    store.close()


def test_a_standing_is_kept_as_it_was_written(store: ArticleStore) -> None:
    assert store.standing("cieux") == store.standing("inconnue") == Standing()
    store.stand("cieux", FROZEN)
    store.sync_sources([])
    assert store.standing("cieux") == FROZEN, "a source that left is still known"
    store.sync_sources([SOURCE])
    assert store.standings() == {"cieux": FROZEN}
    store.stand("cieux", Standing())
    assert store.standing("cieux") == Standing()


def test_a_source_never_listed_may_stand_and_come(store: ArticleStore) -> None:
    store.stand("neuve", Standing(failures=2))
    assert store.standing("neuve").failures == 2
    new = replace(SOURCE, id="neuve", url="https://neuve.example/")
    assert store.sync_sources([SOURCE, new]).came == ("neuve",)
    assert store.standing("neuve").failures == 2
    first = store.record(replace(POST, source_id="neuve", url="https://neuve.example/nuit/")).article_id
    other = store.record(replace(POST, source_id="neuve", url="https://ailleurs.example/nuit/")).article_id
    assert first != other, "to come is not to move: its paths are no keys"


def test_only_freezing_and_thawing_are_told_to_those_who_follow_revisions(store: ArticleStore) -> None:
    def told(standing: Standing) -> list[str]:
        before = store.revision()
        store.stand("cieux", standing)
        return [article.source_id for article in store.changes_since(before)]

    assert told(Standing(failures=3, failing_since=NOW)) == []
    assert told(FROZEN) == ["cieux"]
    assert told(replace(FROZEN, frozen_at=NOW + timedelta(days=1), failures=6)) == []
    assert told(Standing()) == ["cieux"]


@pytest.mark.parametrize(
    ("change", "frozen"),
    [
        ({"disciplines": ("chimie",)}, True),
        ({"reviewed": date(2026, 10, 31)}, True),
        ({"reviewed": date(2026, 11, 1)}, False),
        ({"reviewed": date(2026, 11, 2)}, False),
        ({"url": "https://cieux.example/blog/"}, False),
        ({"url": "https://nouveau.example/"}, False),
    ],
    ids=["other key", "before", "same day, written since", "after", "other path", "other host"],
)
def test_what_thaws_a_source(store: ArticleStore, change: dict[str, object], frozen: bool) -> None:
    store.stand("cieux", FROZEN)
    before = store.revision()
    store.sync_sources([replace(SOURCE, **change)])
    standing = store.standing("cieux")
    assert (standing.frozen_at is not None, bool(standing.frozen_why)) == (frozen, frozen)
    moved = "url" in change
    assert (standing.gone_since is None, standing.failing_since is None, standing.failures == 0) == (moved, moved, moved)
    assert standing.expected == 360
    assert [article.source_id for article in store.changes_since(before)] == ["cieux"]


def test_a_day_that_was_already_there_when_the_source_froze_thaws_nothing(store: ArticleStore) -> None:
    reviewed = replace(SOURCE, reviewed=NOW.date())
    store.sync_sources([reviewed])
    store.stand("cieux", FROZEN)
    store.sync_sources([replace(reviewed, disciplines=("chimie",))])
    assert store.standing("cieux").frozen_at == NOW


def test_a_new_address_lifts_what_was_gone_too(store: ArticleStore) -> None:
    store.stand("cieux", Standing(gone_since=NOW, failures=9, failing_since=NOW))
    store.sync_sources([replace(SOURCE, reviewed=date(2027, 1, 1))])
    assert store.standing("cieux").gone_since == NOW
    store.sync_sources([replace(SOURCE, url="https://nouveau.example/")])
    assert store.standing("cieux") == Standing()


def test_a_frozen_source_that_left_comes_back_frozen_until_it_is_reviewed(store: ArticleStore) -> None:
    store.stand("cieux", FROZEN)
    store.sync_sources([])
    store.sync_sources([SOURCE])
    assert store.standing("cieux").frozen_at == NOW
    store.sync_sources([])
    store.sync_sources([replace(SOURCE, reviewed=date(2026, 11, 5))])
    assert store.standing("cieux").frozen_at is None
