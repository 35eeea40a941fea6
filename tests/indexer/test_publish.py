"""From the store to the index and back out to readers, with the real store and no network."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.document import RESERVED_SNIPPET
from indexer.highlight import WIDTH
from indexer.open import open_engine, open_writer
from indexer.query import Query
from indexer.search import Search
from luciole.article import Wishes
from luciole.errors import EngineUnavailable, SettingsError
from luciole.runs import Outcome, RunLog
from luciole.settings import Settings
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

from .house import CIEUX, FILMS, LISTED, NOW, ROCHES, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "data")
    for number in range(3):
        made.see(CIEUX, f"nova-{number}")
    for number in range(2):
        made.see(ROCHES, f"granite-{number}")
    yield made
    made.search.close()
    made.store.close()


def test_the_first_run_builds_all(house: House) -> None:
    report = house.index()
    assert (report.rebuilt, report.published, report.indexed, report.articles, report.removed) == (True, True, 5, 5, 0)
    assert report.revision == house.store.revision()
    assert "5 articles" in report.describe()
    assert house.page(text="comète").total == 5
    assert [card.name for card in house.search.night().sources] == ["Étoiles & cieux", "Films", "Roches"]
    house.agrees()


def test_nothing_new_publishes_nothing(house: House) -> None:
    house.index()
    generation = house.search.meta().generation
    report = house.index()
    assert (report.published, report.rebuilt, report.articles) == (False, False, 5)
    assert "rien" in report.describe()
    assert house.search.meta().generation == generation


def test_changes_arrive_and_leave(house: House) -> None:
    house.index()
    house.see(CIEUX, "nova-0", text="Une comète très différente, maintenant avec un quasar.")
    house.see(ROCHES, "granite-9")
    house.store.remove(house.see(CIEUX, "nova-1"), "410", NOW)
    report = house.index()
    assert (report.rebuilt, report.indexed, report.removed, report.articles) == (False, 2, 1, 5)
    assert [hit.title.text for hit in house.page(text="quasar").hits] == ["Titre nova-0"]
    assert "nova-1" not in {hit.title.text for hit in house.page().hits}
    house.agrees()


@pytest.mark.parametrize(
    "values",
    [{"noindex": True}, {"language": "en"}, {"title": "", "text": ""}],
    ids=["noindex", "english", "empty"],
)
def test_what_readers_may_not_see_is_neither_found_nor_counted(house: House, values: dict[str, Any]) -> None:
    house.see(CIEUX, "cache", **values)
    house.index()
    assert house.page().total == 5
    house.agrees()


def test_a_blog_leaves_and_comes_back_without_a_request(house: House) -> None:
    house.index()
    report = house.index((CIEUX, FILMS))
    assert (report.left, report.removed, report.articles, report.rebuilt) == (("roches",), 2, 3, False)
    assert {hit.source_id for hit in house.page(text="comète").hits} == {"cieux"}
    assert house.facet("blog") == {"Étoiles & cieux": 3}
    assert "Sciences de la Terre" not in house.facet("discipline")
    assert house.search.night().source("roches") is None
    house.agrees()

    report = house.index()
    assert (report.came, report.indexed) == (("roches",), 2)
    assert house.facet("blog") == {"Étoiles & cieux": 3, "Roches": 2}
    house.agrees()


def test_another_discipline_and_name(house: House) -> None:
    house.index()
    moved = replace(ROCHES, disciplines=("chimie", "histoire-philosophie-des-sciences"), name="Cailloux")
    report = house.index((CIEUX, FILMS, moved))
    assert report.changed == ("roches",)
    assert house.facet("discipline") == {"Astronomie & espace": 3, "Physique": 3, "Chimie": 2, "Histoire & philosophie des sciences": 2}
    assert house.facet("blog") == {"Étoiles & cieux": 3, "Cailloux": 2}
    house.agrees()


def test_a_paused_blog_is_not_shown_an_archived_one_is(house: House) -> None:
    house.index()
    house.index((replace(CIEUX, status="paused"), replace(ROCHES, status="archived")))
    assert {hit.source_id for hit in house.page().hits} == {"roches"}
    assert [(card.id, card.status) for card in house.search.night().sources] == [("roches", "archived")]
    house.agrees()


def test_excluded_addresses_leave(house: House) -> None:
    house.index()
    house.index((replace(CIEUX, exclude=("cieux.exemple.org/nova-2",)), FILMS, ROCHES))
    assert house.page().total == 4
    house.agrees()


def test_readers_learn_how_the_last_visit_went(house: House) -> None:
    log = RunLog(house.store.database)
    run = log.begin("crawl", NOW)
    log.close(
        run,
        [Outcome(source_id="cieux", state="ok", new=3), Outcome(source_id="roches", state="failed", cause="Délai dépassé.")],
        NOW,
        finished=True,
    )
    house.index()
    cieux, films, roches = (house.search.night().source(one) for one in ("cieux", "films", "roches"))
    assert cieux
    assert roches
    assert films
    assert (cieux.state, cieux.last_success) == ("ok", NOW)
    assert (roches.state, roches.cause, roches.last_success) == ("failed", "Délai dépassé.", None)
    assert (films.state, films.articles) == (None, 0)
    assert house.search.night().crawled_at == NOW

    # A crawl of one blog says nothing of the others: what was known of them stays. Nothing else changed, yet this is published.
    later = NOW + timedelta(days=1)
    log.close(log.begin("crawl", later), [Outcome(source_id="cieux", state="unchanged")], later, finished=True)
    assert house.index().published
    cieux, roches = (house.search.night().source(one) for one in ("cieux", "roches"))
    assert cieux
    assert roches
    assert (cieux.state, cieux.last_success, roches.state) == ("unchanged", later, "failed")


def _damage(house: House, how: str) -> None:
    root = house.settings.index_path
    (live,) = (entry for entry in root.iterdir() if entry.is_dir())
    if how == "all gone":
        for entry in (root / "current", *live.iterdir(), live):
            entry.rmdir() if entry.is_dir() else entry.unlink()
    elif how == "directory gone":
        for entry in live.iterdir():
            entry.unlink()
        live.rmdir()
    elif how == "garbage":
        (live / "meta.json").write_text("{not json")
    elif how == "segment gone":
        for entry in live.glob("*.term"):
            entry.unlink()
    elif how == "segment cut":
        for entry in live.glob("*.idx"):
            entry.write_bytes(entry.read_bytes()[:10])
    elif how == "pointer":
        (root / "current").write_bytes(b"\xff../../etc")
    elif how == "other schema":
        other = live.rename(root / "0123456789ab-7")
        (root / "current").write_text(other.name)


@pytest.mark.parametrize("how", ["all gone", "directory gone", "garbage", "segment gone", "segment cut", "pointer", "other schema"])
def test_a_lost_or_damaged_index_is_said_and_rebuilt(house: House, how: str) -> None:
    house.index()
    assert house.page().total == 5
    _damage(house, how)
    fresh = Search(open_engine(house.settings))
    for search in (house.search, fresh) if how not in ("segment gone", "segment cut") else (fresh,):
        with pytest.raises(EngineUnavailable) as raised:
            search.page(Query())
        assert raised.value.hint
        assert "luciole index" in raised.value.hint
    report = house.index()
    assert (report.rebuilt, report.articles) == (True, 5)
    assert house.page().total == 5
    assert fresh.page(Query()).total == 5
    house.agrees()


def test_an_index_that_may_not_be_locked_is_not_called_damaged(house: House) -> None:
    house.index()
    lock = next((house.settings.index_path).glob("*/.tantivy-meta.lock"))
    lock.unlink(missing_ok=True)
    lock.mkdir()  # as good as a directory without the right to write, also for the superuser
    fresh = Search(open_engine(house.settings))
    with pytest.raises(EngineUnavailable, match="cannot be locked") as raised:
        fresh.page(Query())
    assert raised.value.hint
    assert "must be able to write" in raised.value.hint
    lock.rmdir()
    assert fresh.page(Query()).total == 5


def test_a_store_put_back_from_a_backup_means_a_rebuild(house: House, tmp_path: Path) -> None:
    house.index()
    house.store.close()
    house.settings.store_path.unlink()
    for side in ("-wal", "-shm"):
        house.settings.store_path.with_name(house.settings.store_path.name + side).unlink(missing_ok=True)
    house.store = ArticleStore.open(house.settings.store_path)
    house.see(CIEUX, "seul")
    report = house.index()
    assert (report.rebuilt, report.articles, report.removed, len(report.held)) == (True, 6, 0, 5)
    house.agrees()
    report = house.index(force=True)
    assert (report.rebuilt, report.articles, report.removed, report.held) == (False, 1, 5, ())
    house.agrees()


def test_a_rebuild_on_demand_changes_nothing_for_readers(house: House) -> None:
    house.index()
    before = house.page(text="comète")
    report = house.index(rebuild=True)
    after = house.page(text="comète")
    assert (report.rebuilt, report.articles, report.removed) == (True, 5, 0)
    assert (after.hits, after.facets) == (before.hits, before.facets)
    assert after.generation != before.generation


@pytest.mark.parametrize("rebuild", [True, False])
def test_a_run_that_fails_half_way_keeps_the_old_index(house: House, rebuild: bool) -> None:
    house.index()
    for number in range(3):
        house.see(ROCHES, f"neuf-{number}")

    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.index(rebuild=rebuild, progress=stop)
    assert house.page().total == 5
    assert len([entry for entry in house.settings.index_path.iterdir() if entry.is_dir()]) == 1
    house.agrees()
    assert house.index().articles == 8
    house.agrees()


def test_the_year_is_the_one_that_readers_see(house: House) -> None:
    house.see(ROCHES, "reveillon", published=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    house.see(ROCHES, "fin-des-temps", published=datetime(9999, 12, 31, 23, 30, tzinfo=UTC))
    house.index()
    assert house.facet("annee") == {"2026": 6}
    assert house.page().hits[-1].date is None


def test_progress_is_told(house: House) -> None:
    told: list[int] = []
    house.index(progress=told.append)
    assert told == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(4))
def test_counts_stay_right_through_many_changes(house: House, seed: int) -> None:
    rng = random.Random(seed)
    known: list[str] = []
    for _ in range(12):
        for _ in range(rng.randrange(6)):
            source = rng.choice((CIEUX, ROCHES))
            choice = rng.random()
            if choice < 0.3 and known:
                house.store.remove(rng.choice(known), "410", NOW)
            else:
                known.append(house.see(source, f"x-{rng.randrange(8)}", text=f"comète {rng.random()}", noindex=choice > 0.9))
        listed = tuple(source for source in LISTED if rng.random() < 0.8)
        house.index(listed, rebuild=rng.random() < 0.1)
        house.agrees()
    house.index()
    before = {hit.id for hit in house.page().hits}
    house.index(rebuild=True)
    assert {hit.id for hit in house.page().hits} == before


def test_other_engines_are_refused_in_words() -> None:
    for address in ("http://", "http://127.0.0.1:7700?schema=1", "http://nom:mot@127.0.0.1", "https://127.0.0.1:99999"):
        with pytest.raises(SettingsError, match="is no address"):
            open_engine(Settings(engine=address))
    with pytest.raises(SettingsError):
        open_writer(Settings(engine="sphinx:"))


# -- what authors ask for, and how a blog stands ----------------------------------------------------------------------------------


def test_an_article_leaves_on_its_day_without_a_change_of_the_store(house: House) -> None:
    soon, later = (house.clock + timedelta(hours=hours) for hours in (2, 30))
    house.see(CIEUX, "bientot", wishes=Wishes(unavailable_after=soon))
    house.see(ROCHES, "plus-tard", wishes=Wishes(unavailable_after=later))
    passed = house.see(CIEUX, "deja", wishes=Wishes(unavailable_after=NOW - timedelta(days=9)))
    assert house.index().articles == 7
    assert passed not in {hit.id for hit in house.page().hits}
    revision = house.store.revision()
    report = house.index()
    assert (report.published, report.rebuilt, report.indexed, report.removed, report.articles) == (True, False, 0, 1, 6)
    assert (report.revision, house.store.revision()) == (revision, revision)
    house.agrees()
    assert not house.index().published
    house.clock += timedelta(days=2)
    assert house.index().removed == 1
    house.agrees()

    # The author thinks better of it: the page is seen again without the wish.
    house.see(CIEUX, "bientot")
    assert house.index().articles == 6
    assert house.index(rebuild=True).articles == 6
    house.agrees()


def test_a_date_far_ahead_is_none_until_its_day_comes(house: House) -> None:
    ahead = house.see(CIEUX, "demain", published=house.clock + timedelta(days=4), text="Une comète, prédite.")
    near = house.see(CIEUX, "ce-soir", published=house.clock + timedelta(hours=20), text="Une comète, ce soir.")
    both = house.see(
        *(ROCHES, "bref"),
        published=house.clock + timedelta(days=300),
        wishes=Wishes(unavailable_after=house.clock + timedelta(days=5)),
        text="Une comète, en bref.",
    )

    def by_date() -> list[str]:
        return [hit.id for hit in house.page(sort="date").hits]

    def dated(one: str) -> bool:
        hit = house.search.article(one)
        assert hit is not None
        return hit.date is not None

    for rebuild in (False, True):
        articles = house.index(rebuild=rebuild).articles
        assert by_date()[0] == near
        assert {ahead, both} == set(by_date()[-2:])
        assert not dated(ahead)
        assert {one.year for one in house.page().years} == {NOW.year}
        assert not house.index().published
    house.clock += timedelta(days=3)
    report = house.index()
    assert (report.published, report.rebuilt, report.indexed, report.removed, report.articles) == (True, False, 1, 0, articles)
    assert by_date()[0] == ahead
    assert dated(ahead)
    assert not dated(both)
    assert not house.index().published
    house.clock += timedelta(days=2)
    assert house.index().removed == 1, "its end comes before its date"
    house.agrees()


def test_a_frozen_blog_is_withheld_and_comes_back_when_its_curator_says_so(house: House) -> None:
    house.index()
    house.store.stand("roches", Standing(frozen_at=NOW, frozen_why="le titre n’a plus rien du blog"))
    report = house.index()
    assert (report.rebuilt, report.removed, report.articles) == (False, 2, 3)
    card = house.search.night().source("roches")
    assert card
    assert (card.articles, card.found, card.frozen, card.frozen_why) == (0, 2, True, "le titre n’a plus rien du blog")
    house.agrees()
    house.index((CIEUX, FILMS, replace(ROCHES, reviewed=(NOW + timedelta(days=1)).date())))
    card = house.search.night().source("roches")
    assert card
    assert (card.articles, card.frozen) == (2, False)
    house.agrees()


def test_a_site_that_is_gone_keeps_its_articles_with_a_way_to_the_archive(house: House) -> None:
    house.see(ROCHES, "sans-date", published=None, published_basis=None)
    house.see(ROCHES, "sans-copie", wishes=Wishes(noarchive=True))
    house.index()
    assert all((hit.gone_since, hit.archive) == (None, None) for hit in house.page().hits)
    house.store.stand("roches", Standing(gone_since=NOW, failures=12, failing_since=NOW))
    assert house.index().indexed == 0
    hits = {hit.title.text.removeprefix("Titre "): hit for hit in house.page().hits}
    assert {name: hit.gone_since for name, hit in hits.items() if hit.source_id == "cieux"} == dict.fromkeys(("nova-0", "nova-1", "nova-2"))
    assert {name: (hit.gone_since, hit.archive) for name, hit in hits.items() if hit.source_id == "roches"} == {
        "granite-0": (NOW, "https://web.archive.org/web/20260501/https://roches.exemple.org/granite-0"),
        "granite-1": (NOW, "https://web.archive.org/web/20260501/https://roches.exemple.org/granite-1"),
        "sans-date": (NOW, "https://web.archive.org/web/*/https://roches.exemple.org/sans-date"),
        "sans-copie": (NOW, None),
    }
    house.agrees()


@pytest.mark.parametrize(
    ("wishes", "length"),
    [
        (Wishes(), WIDTH + 4),
        (Wishes(snippet=0), 0),
        (Wishes(snippet=60), 60),
        (Wishes(snippet=5000), WIDTH + 4),
        (Wishes(reserved=True), RESERVED_SNIPPET),
        (Wishes(snippet=60, reserved=True), 60),
    ],
)
def test_an_excerpt_is_as_long_as_its_author_allows(house: House, wishes: Wishes, length: int) -> None:
    house.see(CIEUX, "voeux", wishes=wishes, text="Un trou de mémoire dans le ciel. " * 30)
    house.index()
    (hit,) = house.page(text="mémoire ").hits
    assert len(hit.excerpt.text) <= length
    assert len(hit.excerpt.text) >= length - 40
    assert hit.title.text == "Titre voeux"
    assert not re.search(r"\b\w …$", hit.excerpt.text)  # no word is cut


def test_readers_learn_what_is_missing_of_a_blog(house: House) -> None:
    house.see(CIEUX, "vide", text="")
    house.see(CIEUX, "anglais", language="en")
    house.see(CIEUX, "sans-date", published=None, published_basis=None)
    house.see(CIEUX, "devine", published_basis="guess")
    house.see(CIEUX, "abonnes", members_only=True, dois=("10.1000/182",))
    house.store.stand("cieux", Standing(expected=360, failures=2, failing_since=NOW))
    house.index()
    card = house.search.night().source("cieux")
    assert card
    assert (card.articles, card.found, card.expected) == (7, 8, 360)
    assert (card.undated, card.guessed, card.empty, card.members_only, card.failures, card.failing_since) == (1, 1, 1, 1, 2, NOW)
    assert [hit.title.text for hit in house.page().hits if hit.members_only] == ["Titre abonnes"]
    assert not house.index().published
    house.store.stand("cieux", Standing(expected=361))
    assert house.index().published
    assert house.index(rebuild=True).published
    again = house.search.night().source("cieux")
    assert again
    assert again == replace(card, expected=361, failures=0, failing_since=None)


def test_readers_learn_the_feed_that_the_list_names_else_the_one_that_was_found(house: House) -> None:
    def feeds(cieux: Source = CIEUX) -> tuple[str, ...]:
        house.index((cieux, ROCHES, FILMS))
        card = house.search.night().source("cieux")
        assert card
        return card.feeds

    assert feeds() == ()
    house.store.stand("cieux", Standing(feed="https://cieux.example/rss.xml"))
    assert feeds() == ("https://cieux.example/rss.xml",)
    assert feeds(replace(CIEUX, feeds=("https://cieux.example/atom.xml",))) == ("https://cieux.example/atom.xml",)


def test_the_same_text_is_found_once(house: House) -> None:
    text = "Une comète a traversé le ciel du soir, et chacun l’a vue passer au-dessus des toits. " * 6
    house.see(CIEUX, "original", text=text)
    house.see(ROCHES, "copie", text=text, published=NOW + timedelta(days=1))
    house.index()
    assert [hit.title.text for hit in house.page(text="toits ").hits] == ["Titre original"]
    card = house.search.night().source("roches")
    assert card
    assert (card.articles, card.found, card.copies) == (2, 3, 1)
    house.agrees()
