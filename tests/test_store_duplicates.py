"""The same text in several places: one original, the others point to it, and nothing is ever deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luciole import duplicates
from luciole.article import Sighting, Wishes
from luciole.database import Database
from luciole.duplicates import fingerprint
from luciole.marks import marked
from luciole.rows import SCHEMA
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
TEXT = " ".join(f"étoile{number}" for number in range(40))
SOURCES = {name: Source(id=name, name=name, url=f"https://{name}.example/", disciplines=("physique",)) for name in ("a", "b", "c")}


def post(source: str, day: int, name: str = "nuit", **changes: object) -> Sighting:
    seen = Sighting(
        source_id=source,
        url=f"https://{source}.example/{name}",
        seen_at=NOW,
        title="La nuit",
        named_by="page",
        published=NOW - timedelta(days=100 - day),
        published_basis="page",
        language="fr",
        text=TEXT,
        text_basis="page",
    )
    return replace(seen, **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    store = ArticleStore.open(tmp_path / "luciole.db")
    store.sync_sources(SOURCES.values())
    yield store
    store.close()


def copies(store: ArticleStore) -> dict[str, str | None]:
    """For each living article its source and name, and those of its original."""
    living = {one.id: one for one in store.changes_since(0) if not one.is_tombstone}
    names = {key: f"{one.source_id}/{one.url.rpartition('/')[2]}" for key, one in living.items()}
    return {names[key]: names[one.dup_of] if one.dup_of else None for key, one in living.items()}


def test_the_earliest_is_the_original_whatever_came_first(store: ArticleStore) -> None:
    late = store.record(post("b", 2)).article_id
    assert copies(store) == {"b/nuit": None}
    before = store.revision()
    store.record(post("a", 1))
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit"}
    assert late in {one.id for one in store.changes_since(before)}, "to become a copy is a change"
    store.record(post("c", 3))
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit", "c/nuit": "a/nuit"}


def test_a_guessed_day_and_the_day_of_the_sighting_do_not_count_as_stated(store: ArticleStore) -> None:
    store.record(post("a", 1, published_basis="guess"))
    store.record(post("b", 2, published=NOW - timedelta(days=1)))
    store.record(post("c", 0, published=None, published_basis=None, seen_at=NOW - timedelta(hours=1)))
    assert copies(store) == {"a/nuit": "b/nuit", "b/nuit": None, "c/nuit": "b/nuit"}


def test_short_texts_are_nobody_s_copy(store: ArticleStore) -> None:
    for source in SOURCES:
        store.record(post(source, 1, text=TEXT.rpartition(" ")[0]))
    assert set(copies(store).values()) == {None}


def test_case_blanks_punctuation_forms_and_signs_do_not_count() -> None:
    plain = "Le ciel n'est pas œuvre fine : il brûle, e = mc2 ! " * 5
    same = (
        plain.upper().replace("'", "’").replace(" : ", "\u00a0:\n").replace("É", "E\u0301").replace("E = MC2", marked("formula", "E=MC²"))
    )
    assert fingerprint(plain) == fingerprint(same) is not None
    assert fingerprint(plain) != fingerprint(plain.replace("ciel", "miel"))
    odd = "".join(map(chr, range(0x2190, 0x2290)))
    assert fingerprint(plain + odd) == fingerprint(plain), "many different signs fold like few"
    assert fingerprint("mot " * 39) is None
    assert fingerprint("") is None


def test_what_readers_may_not_see_stands_for_nobody(store: ArticleStore) -> None:
    hidden = [
        post("a", 1, "noindex", noindex=True),
        post("a", 1, "anglais", language="en"),
        post("a", 1, "fini", wishes=Wishes(unavailable_after=NOW + timedelta(days=1))),
        post("a", 1, "agenda"),
    ]
    store.sync_sources([replace(SOURCES["a"], exclude=("a.example/agenda",)), SOURCES["b"], SOURCES["c"]])
    for look in [*hidden, post("b", 5), post("inconnu", 0)]:
        store.record(look)
    assert {copy: original for copy, original in copies(store).items() if original != "b/nuit"} == {"b/nuit": None}


def test_a_noindex_that_comes_and_goes(store: ArticleStore) -> None:
    store.record(post("a", 1))
    store.record(post("b", 2))
    store.record(post("a", 1, noindex=True))
    assert copies(store) == {"a/nuit": "b/nuit", "b/nuit": None}
    store.record(post("a", 1))
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit"}


def test_a_text_that_changes_leaves_one_group_and_joins_another(store: ArticleStore) -> None:
    other = TEXT.replace("étoile", "galaxie")
    store.record(post("a", 1))
    store.record(post("b", 2))
    store.record(post("c", 3, text=other))
    store.record(post("a", 1, text=other))
    assert copies(store) == {"a/nuit": None, "b/nuit": None, "c/nuit": "a/nuit"}
    store.record(post("a", 1, text=TEXT))
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit", "c/nuit": None}
    store.record(post("b", 2, text="Bref mais vrai : la nuit est plus noire que l'on ne croit en ville."))
    assert copies(store) == {"a/nuit": None, "b/nuit": None, "c/nuit": None}


def test_an_original_that_is_removed_and_restored(store: ArticleStore) -> None:
    first = store.record(post("a", 1)).article_id
    store.record(post("b", 2))
    store.record(post("c", 3))
    store.remove(first, "410", NOW)
    assert copies(store) == {"b/nuit": None, "c/nuit": "b/nuit"}
    store.restore(first)
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit", "c/nuit": "a/nuit"}


def test_a_copy_that_goes_is_a_copy_no_more(store: ArticleStore) -> None:
    store.record(post("a", 1))
    removed, merged = (store.record(post("b", day, f"p{day}")).article_id for day in (2, 3))
    first = store.record(post("b", 4, "p4", seen_at=NOW - timedelta(days=1))).article_id
    assert list(copies(store).values()).count("a/nuit") == 3
    store.remove(removed, "410", NOW)
    store.record(post("b", 4, "p4", also=("https://b.example/p3",)))
    tombstones = [store.article(one) for one in (removed, merged)]
    assert [(one.gone_why, one.merged_into, one.dup_of) for one in tombstones if one] == [("410", None, None), (None, first, None)]


def test_an_original_that_is_merged_away(store: ArticleStore) -> None:
    kept = store.record(post("a", 8, "ancien", text=TEXT + " fin", seen_at=NOW - timedelta(days=2))).article_id
    store.record(post("a", 1))
    store.record(post("b", 2))
    assert copies(store) == {"a/ancien": None, "a/nuit": None, "b/nuit": "a/nuit"}
    store.record(post("a", 1, also=("https://a.example/ancien",)))
    article = store.article(kept)
    assert article is not None
    assert (article.text, article.dup_of) == (TEXT, None)
    assert list(copies(store).values()).count(None) == 1, "the two of b and of what a's two became are one group"


@pytest.mark.parametrize("how", ["paused", "left", "excluded"])
def test_an_original_whose_source_is_withheld_and_comes_back(store: ArticleStore, how: str) -> None:
    store.record(post("a", 1))
    store.record(post("b", 2))
    others = [SOURCES["b"], SOURCES["c"]]
    withheld = {"paused": [replace(SOURCES["a"], status="paused")], "left": [], "excluded": [replace(SOURCES["a"], exclude=("*/nuit",))]}
    before = store.revision()
    store.sync_sources([*withheld[how], *others])
    assert copies(store) == {"a/nuit": "b/nuit", "b/nuit": None}
    assert "b" in {one.source_id for one in store.changes_since(before)}, "the copy that shows again is a change"
    store.sync_sources(SOURCES.values())
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit"}


def test_an_original_whose_source_is_frozen_and_thawed(store: ArticleStore) -> None:
    store.record(post("a", 1))
    store.record(post("b", 2))
    store.stand("a", Standing(frozen_at=NOW, frozen_why="Le titre a changé."))
    assert copies(store) == {"a/nuit": "b/nuit", "b/nuit": None}
    store.stand("a", Standing())
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit"}
    store.stand("a", Standing(frozen_at=NOW))
    store.sync_sources([replace(SOURCES["a"], reviewed=date(2026, 11, 2)), SOURCES["b"], SOURCES["c"]])
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit"}


def test_a_notice_that_stands_everywhere_costs_no_square(store: ArticleStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "CROWD", 5)
    ids = [store.record(post("a", 90 - day, f"p{day}")).article_id for day in range(30)]
    changes = store.revision()
    assert changes < 30 + 6 * 6, "each newcomer joins the original that there is"
    pointed = {store.article(one).dup_of for one in ids}
    assert len(pointed - {None}) == 1
    (original,) = pointed - {None}
    assert store.article(original).dup_of is None
    store.record(post("a", 20, "cachée", noindex=True))
    store.remove(original, "410", NOW)
    assert list(copies(store).values()).count(None) == 1, "another stands for the crowd"
    assert copies(store)["a/p29"] is None, "the earliest, now that all of it was looked at"
    store.stand("a", Standing(frozen_at=NOW))
    store.record(post("b", 99))
    assert copies(store)["b/nuit"] is None, "a newcomer that readers may see stands for a crowd that they may not"
    assert set(copies(store).values()) == {None, "b/nuit"}


def test_an_older_store_gets_its_fingerprints(tmp_path: Path) -> None:
    path = tmp_path / "luciole.db"
    database = Database(path)
    database.migrate("store", SCHEMA[:1])
    for name in ("a", "b"):
        database.execute("INSERT INTO source (id, digest, listed, authority) VALUES (?, ?, 1, ?)", name, SOURCES[name].digest(), name)
        row = {"id": name * 16, "source_id": name, "url": f"https://{name}.example/nuit", "title": "La nuit", "named_by": "page"}
        row |= {"authors": "[]", "language": "fr", "text": TEXT, "text_basis": "page", "noindex": 0, "revision": ord(name)}
        row |= {"first_seen": f"2026-01-0{ord(name) - 96}T03:00:00+00:00", "last_seen": "2026-11-01T03:00:00+00:00"}
        database.execute(f"INSERT INTO article ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values())
    database.execute("UPDATE counter SET value = 200")
    database.close()
    store = ArticleStore.open(path)
    assert copies(store) == {"a/nuit": None, "b/nuit": "a/nuit"}
    assert [(one.source_id, one.revision) for one in store.changes_since(100)] == [("b", 201)]
    paused = [replace(SOURCES["a"], status="paused"), SOURCES["b"]]
    store.sync_sources(paused)
    assert copies(store) == {"a/nuit": "b/nuit", "b/nuit": None}
    store.close()
    again = ArticleStore.open(path)
    assert copies(again) == {"a/nuit": "b/nuit", "b/nuit": None}
    again.close()


def test_a_registry_read_again_after_an_update_changes_nothing_but_copies(tmp_path: Path) -> None:
    store = ArticleStore.open(tmp_path / "luciole.db")
    store.sync_sources([replace(SOURCES["a"], status="paused"), SOURCES["b"]])
    store.record(post("a", 1))
    store.record(post("b", 2))
    with sqlite3.connect(tmp_path / "luciole.db") as connection:
        connection.execute("UPDATE source SET block = ''")
        connection.execute("UPDATE article SET dup_of = NULL")
    connection.close()
    before = store.revision()
    changes = store.sync_sources([replace(SOURCES["a"], status="paused"), SOURCES["b"]])
    assert (changes.came, changes.left, changes.changed) == ((), (), ())
    assert copies(store) == {"a/nuit": "b/nuit", "b/nuit": None}
    assert store.revision() == before + 1
    store.close()


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, str, int, int]]:
    """What happens to three posts of three blogs: (what, source, which text, day)."""
    acts = ["see", "see", "see", "hide", "remove", "restore", "pause", "unpause", "leave", "freeze", "thaw"]
    one = st.tuples(st.sampled_from(acts), st.sampled_from(sorted(SOURCES)), st.integers(0, 1), st.integers(0, 3))
    return draw(st.lists(one, min_size=3, max_size=25))


@settings(max_examples=80, deadline=None)
@given(histories())
def test_any_history_leaves_every_group_with_its_earliest_visible_article(history: list[tuple[str, str, int, int]]) -> None:
    database = Database(Path(":memory:"))
    store = ArticleStore(database)
    listed = dict(SOURCES)
    store.sync_sources(listed.values())
    told: dict[str, tuple[bool, str | None]] = {}
    revision = 0
    for what, name, text, day in history:
        article = store.find(name, f"https://{name}.example/nuit")
        match what:
            case "see" | "hide":
                words = (TEXT, TEXT.replace("étoile", "galaxie"))[text]
                store.record(post(name, day, text=words, noindex=what == "hide"))
            case "remove" if article:
                store.remove(article.id, "410", NOW)
            case "restore" if article:
                store.restore(article.id)
            case "pause" | "unpause":
                listed[name] = replace(SOURCES[name], status="paused" if what == "pause" else "active")
                store.sync_sources(listed.values())
            case "leave":
                listed.pop(name, None)
                store.sync_sources(listed.values())
            case "freeze" | "thaw":
                store.stand(name, Standing(frozen_at=NOW if what == "freeze" else None))
        for one in store.changes_since(revision):  # whoever follows revisions knows all that is so
            told[one.id] = (one.is_tombstone, one.dup_of)
            revision = one.revision
    everything = list(store.changes_since(0))
    assert told == {one.id: (one.is_tombstone, one.dup_of) for one in everything}
    standings = store.standings()
    groups: dict[str, list[tuple[bool, datetime, str]]] = {}
    for one in everything:
        if not one.is_tombstone:
            source = listed.get(one.source_id)
            shown = source is not None and source.listed and standings[source.id].frozen_at is None and not one.noindex
            assert one.published is not None
            groups.setdefault(one.text, []).append((not shown, one.published, one.id))
    for members in groups.values():
        original = min(members)[2]
        # Two posts of one day: both were first seen at the same moment too, so that the id decides.
        assert {one.id: one.dup_of for one in everything if one.id in {m[2] for m in members}} == {
            key: None if key == original else original for _, _, key in members
        }
    assert all(one.dup_of is None for one in everything if one.is_tombstone)
    store.close()
