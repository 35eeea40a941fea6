"""The record: identity, revisions, sources, errors."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luciole.article import Sighting
from luciole.database import Database
from luciole.errors import StoreError
from luciole.sources import Source
from luciole.store import TAKEDOWN, ArticleStore, Figures, SourceChanges

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
SEEN = Sighting(
    source_id="cieux",
    url="https://cieux.example/nuit/",
    seen_at=NOW,
    guid="https://cieux.example/?p=7",
    title="Pourquoi la nuit est noire",
    authors=("Ada Martin",),
    published=NOW - timedelta(days=2),
    published_basis="feed",
    language="fr",
    text="Un résumé.",
    text_basis="summary",
)
SOURCE = Source(id="cieux", name="Cieux", url="https://cieux.example/", disciplines=("physique",))


@pytest.fixture
def store(tmp_path: Path):
    store = ArticleStore.open(tmp_path / "luciole.db")
    yield store
    store.close()


def page(**changes):
    fields = {
        "guid": None,
        "title": "Nuit | Cieux",
        "named_by": "page",
        "authors": ("Le Thème",),
        "text": "Tout le texte.",
        "text_basis": "page",
    }
    return replace(SEEN, **(fields | {"seen_at": NOW + timedelta(hours=1), "published_basis": "page"} | changes))


def test_a_page_completes_what_a_feed_announced(store):
    first = store.record(SEEN)
    second = store.record(page(published=NOW - timedelta(days=900)))
    article = store.article(first.article_id)
    assert (first.change, second.change, second.article_id) == ("new", "updated", first.article_id)
    assert (article.text, article.text_basis) == ("Tout le texte.", "page")
    assert (article.title, article.authors, article.published) == (SEEN.title, SEEN.authors, SEEN.published), "what the feed says stays"


def test_a_summary_never_replaces_the_whole_text(store):
    store.record(page())
    recorded = store.record(SEEN)
    assert store.article(recorded.article_id).text == "Tout le texte."


def test_seeing_the_same_again_changes_nothing(store):
    store.record(SEEN)
    before = store.revision()
    assert store.record(replace(SEEN, seen_at=NOW + timedelta(days=1))).change == "unchanged"
    assert store.revision() == before
    assert store.article(store.record(SEEN).article_id).last_seen == NOW + timedelta(days=1)


def test_the_day_of_the_first_sighting_is_not_moved(store):
    seen = replace(SEEN, published=NOW, published_basis="seen")
    recorded = store.record(seen)
    store.record(replace(seen, published=NOW + timedelta(days=9), seen_at=NOW + timedelta(days=9)))
    assert store.article(recorded.article_id).published == NOW


def test_two_articles_found_to_be_one(store):
    old = store.record(replace(SEEN, guid=None)).article_id
    new = store.record(replace(SEEN, guid=None, url="https://cieux.example/2026/nuit/", seen_at=NOW + timedelta(days=1))).article_id
    assert old != new
    both = store.record(page(canonical="https://cieux.example/nuit/", url="https://cieux.example/2026/nuit/"))
    assert both.article_id == old
    assert store.article(new).merged_into == old
    assert store.count() == 1
    assert [article.id for article in store.changes_since(0)] == [new, old]


def other(number, **changes):
    """Another post of the same blog, another day."""
    return replace(
        SEEN,
        **{
            "url": f"https://cieux.example/{number}",
            "guid": None,
            "title": f"Billet numéro {number}, tout autre",
            "published": NOW - timedelta(days=10 * number),
            "text": f"Le texte numéro {number}.",
        }
        | changes,
    )


@pytest.mark.parametrize("canonical", ["https://cieux.example/accueil", "https://cieux.example/1"], ids=["one page", "one post"])
def test_a_theme_that_names_one_canonical_address_everywhere_melts_nothing(store, canonical):
    for number in range(1, 5):
        store.record(other(number))
    for number in range(1, 5):
        look = other(number, canonical=canonical, text_basis="page", named_by="page", published=None, published_basis=None)
        assert store.record(look).article_id == store.find("cieux", look.url).id
    assert store.count() == 4
    assert {article.text for article in store.changes_since(0)} == {f"Le texte numéro {number}." for number in range(1, 5)}


def test_pages_without_any_date_under_one_canonical_address_stay_apart(store):
    ids = {
        store.record(other(number, canonical="https://cieux.example/accueil", published=None, published_basis=None)).article_id
        for number in range(1, 5)
    }
    assert len(ids) == store.count() == 4


def test_a_guid_given_to_every_new_post_melts_nothing(store):
    ids = [store.record(other(number, guid="1")).article_id for number in range(1, 5)]
    assert len(set(ids)) == store.count() == 4
    assert [store.record(other(number, guid="1")).article_id for number in range(1, 5)] == ids


def test_a_post_renamed_and_moved_keeps_its_guid_and_its_day(store):
    first = store.record(other(1, guid="tag:1")).article_id
    assert store.record(other(1, guid="tag:1", url="https://cieux.example/neuf", title="Sous un nouveau nom")).article_id == first


def test_a_page_all_posts_lead_to_melts_nothing(store):
    ids = [store.record(other(number)).article_id for number in range(1, 4)]
    for number in range(1, 4):
        store.record(other(number, url="https://cieux.example/maintenance", also=(f"https://cieux.example/{number}",), title="En travaux"))
    assert [store.article(one).merged_into for one in ids] == [None] * 3


def test_one_path_given_out_again_by_a_moved_blog_is_another_post(store):
    store.sync_sources([SOURCE])
    old = store.record(other(1, url="https://cieux.example/?p=7")).article_id
    root = store.record(other(2, url="https://cieux.example/")).article_id
    store.sync_sources([replace(SOURCE, url="https://nouveau.example/")])
    assert store.record(other(3, url="https://nouveau.example/?p=7")).article_id != old
    assert store.record(other(2, url="https://nouveau.example/")).article_id != root, "the root of a site is nobody's path"


def test_noindex_survives_a_merge(store):
    hidden = store.record(page(noindex=True, url="https://cieux.example/a", published=None)).article_id
    store.record(page(url="https://cieux.example/b", seen_at=NOW + timedelta(hours=2)))
    store.record(replace(SEEN, url="https://cieux.example/a", guid=None, also=("https://cieux.example/b",)))
    assert store.count() == 1
    assert store.article(hidden).noindex


def test_noindex_is_lifted_by_the_page_alone(store):
    key = store.record(page(noindex=True)).article_id
    store.record(replace(SEEN, text="Le flux entier.", text_basis="feed"))
    assert store.article(key).noindex
    store.record(page(seen_at=NOW + timedelta(days=3)))
    assert not store.article(key).noindex


def test_a_removed_article_is_a_tombstone_until_its_page_is_seen_again(store):
    key = store.record(SEEN).article_id
    assert store.remove(key, "410", NOW)
    assert not store.remove(key, "410", NOW)
    assert store.count() == 0
    [tombstone] = store.changes_since(1)
    assert (tombstone.gone_why, tombstone.is_tombstone) == ("410", True)
    feed = replace(SEEN, seen_at=NOW + timedelta(days=1), text="Le flux le nomme encore.", text_basis="feed")
    before = store.revision()
    assert store.record(feed).change == "unchanged"
    assert (store.count(), store.revision()) == (0, before), "a feed that still names it proves nothing"
    assert store.article(key).last_seen == NOW + timedelta(days=1)
    assert store.record(page(seen_at=NOW + timedelta(days=2))).change == "updated"
    assert (store.count(), store.article(key).gone_at, store.article(key).gone_why) == (1, None, None)


def test_a_removal_at_somebody_s_wish_is_undone_by_a_curator_alone(store):
    key = store.record(SEEN).article_id
    store.remove(key, TAKEDOWN, NOW)
    assert store.record(page(seen_at=NOW + timedelta(days=2))).change == "unchanged"
    assert store.count() == 0
    before = store.revision()
    assert store.restore(key)
    assert not store.restore(key)
    assert (store.count(), store.article(key).gone_why, store.article(key).revision) == (1, None, before + 1)


def test_a_merged_article_is_not_restored(store):
    old = store.record(replace(SEEN, guid=None)).article_id
    new = store.record(replace(SEEN, guid=None, url="https://cieux.example/2026/nuit/", seen_at=NOW + timedelta(days=1))).article_id
    store.record(page(canonical="https://cieux.example/nuit/", url="https://cieux.example/2026/nuit/"))
    assert not store.restore(new)
    assert not store.restore(old)
    assert not store.restore("0" * 16)


@pytest.mark.parametrize(("why", "alive"), [("410", True), (TAKEDOWN, False)])
@pytest.mark.parametrize("which", [0, 1])
def test_two_articles_found_to_be_one_of_which_one_was_removed(store, why, alive, which):
    looks = [replace(SEEN, guid=None, url=f"https://cieux.example/{name}", seen_at=NOW + timedelta(hours=n)) for n, name in enumerate("ab")]
    ids = [store.record(look).article_id for look in looks]
    store.remove(ids[which], why, NOW)
    store.record(replace(looks[0], also=(looks[1].url,), seen_at=NOW + timedelta(days=1)))
    assert store.article(ids[1]).merged_into == ids[0]
    assert store.article(ids[0]).is_tombstone is not alive
    assert store.count() == int(alive)


def test_the_latest_and_the_figures(store):
    store.record(other(1))
    store.record(other(2, published=None, published_basis=None, seen_at=NOW - timedelta(days=1), text=""))
    store.record(other(3, published_basis="guess", members_only=True))
    store.record(other(4, published_basis="seen"))
    store.remove(store.record(other(5)).article_id, "410", NOW)
    store.record(other(6, source_id="autre", url="https://autre.example/6"))
    titles = [article.title.split()[2][0] for article in store.latest("cieux", 3)]
    assert titles == ["2", "1", "3"], "by date; the day of the first sighting for want of one"
    assert [len(store.latest("cieux", n)) for n in (0, -1, 99)] == [0, 0, 4]
    assert store.figures() == {
        "autre": Figures(articles=1),
        "cieux": Figures(articles=4, undated=2, guessed=1, empty=1, members_only=1),
    }


def test_revisions_strictly_increase_and_each_change_is_told_once(store):
    for number in range(7):
        store.record(replace(SEEN, guid=None, url=f"https://cieux.example/{number}"))
    changes = list(store.changes_since(2, batch=2))
    assert [article.revision for article in changes] == [3, 4, 5, 6, 7]


def test_sources_that_come_leave_and_change_touch_their_articles(store):
    store.record(SEEN)
    store.record(replace(SEEN, source_id="autre", url="https://autre.example/x", guid=None))
    assert store.sync_sources([SOURCE]).came == ("cieux",)
    seen = store.revision()
    assert store.sync_sources([SOURCE]) == SourceChanges()
    assert store.revision() == seen
    assert store.sync_sources([replace(SOURCE, disciplines=("chimie",))]).changed == ("cieux",)
    assert [article.source_id for article in store.changes_since(seen)] == ["cieux"]
    seen = store.revision()
    assert store.sync_sources([]).left == ("cieux",)
    assert [article.source_id for article in store.changes_since(seen)] == ["cieux"]
    assert store.sync_sources([SOURCE]).came == ("cieux",)


def test_paths_count_once_a_blog_has_moved(store):
    store.sync_sources([SOURCE])
    key = store.record(replace(SEEN, guid=None)).article_id
    there = replace(SEEN, guid=None, url="https://nouveau.example/nuit/")
    store.sync_sources([replace(SOURCE, url="https://nouveau.example/")])
    assert store.record(there).article_id == key


def test_the_same_path_elsewhere_is_another_article_while_nothing_moved(store):
    store.sync_sources([SOURCE])
    key = store.record(replace(SEEN, guid=None)).article_id
    assert store.record(replace(SEEN, guid=None, url="https://nouveau.example/nuit/")).article_id != key


def test_a_transaction_is_all_or_nothing(store):
    with pytest.raises(RuntimeError, match="halfway"), store.transaction():
        store.record(SEEN)
        raise RuntimeError("halfway")
    assert (store.count(), store.revision()) == (0, 0)


def test_an_address_that_is_none_is_refused_and_leaves_nothing(store):
    with pytest.raises(ValueError, match="address"):
        store.record(replace(SEEN, url="javascript:alert(1)"))
    assert store.revision() == 0


def test_a_locked_store_is_said_in_words(store, monkeypatch):
    monkeypatch.setattr("luciole.database.BUSY_TIMEOUT_S", 0.01)
    other = Database(store.database.path)
    with store.transaction(), pytest.raises(StoreError, match="locked"), other.transaction():
        pass
    other.close()


def test_a_full_disk_is_said_in_words_and_leaves_no_half_row(store):
    store.record(SEEN)
    pages = store.database.one("PRAGMA page_count")[0]
    store.database.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="no room"):
        store.record(replace(SEEN, guid=None, url="https://cieux.example/long", text="x" * 200_000))
    store.database.execute("PRAGMA max_page_count = 1000000")
    assert store.count() == 1
    assert store.record(replace(SEEN, guid=None, url="https://cieux.example/long")).change == "new"


def test_a_file_that_is_no_store(tmp_path):
    path = tmp_path / "luciole.db"
    path.write_bytes(b"not a database at all, sorry" * 100)
    with pytest.raises(StoreError, match="no Luciole store"):
        ArticleStore.open(path)


def test_a_newer_file_is_left_alone(tmp_path):
    ArticleStore.open(tmp_path / "luciole.db").close()
    with sqlite3.connect(tmp_path / "luciole.db") as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        ArticleStore.open(tmp_path / "luciole.db")
