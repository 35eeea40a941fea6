"""The Meilisearch adapter: what it sends and how it reads answers. Where a real server is, on that; elsewhere on its recorded answers."""

from __future__ import annotations

import os
import random
import string
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from indexer.document import IndexDocument
from indexer.engines.meili import Address, MeiliEngine, MeiliWriter, Server, tokens
from indexer.engines.meili.building import batched
from indexer.engines.meili.compile import MAX_QUERIES, _union
from indexer.engines.meili.counting import Counts, pieces, unpacked
from indexer.engines.meili.editions import read_label
from indexer.engines.meili.fields import SETTINGS, words_of
from indexer.engines.meili.indexes import Indexes, _holds
from indexer.night import Night
from indexer.open import grant, open_engine, open_writer
from indexer.plan import OneOf, Plan
from indexer.planner import plan
from indexer.query import Query
from luciole.errors import EngineError, EngineRefused, EngineUnavailable, IndexingFailed, SettingsError
from luciole.settings import Settings

from .conftest import MakeDocument, Place
from .meili_replay import ANSWERS, NAME, recording, replaying
from .meili_server import VARIABLE, running

ENGINES = ("meili",)
RECORD = "LUCIOLE_TEST_RECORD"
SCENES = ("reading", "writing", "refusing")


class TestWords:
    @pytest.mark.parametrize("word", ["co2", "etoile", "c", "0", "中文", "μ", "é", "0xc3a9", "\ud800", "a" * 80, "α2"])
    def test_a_word_is_letters_and_digits_that_no_other_word_has(self, word: str) -> None:
        made = tokens.token(tokens.STEM, word)
        assert set(made) <= set(string.ascii_lowercase + string.digits)
        assert len(made) < 250
        assert made != tokens.token(tokens.STEM, word.encode(errors="replace").hex())

    @pytest.mark.parametrize("text", ["physique", "Éloi de Çavent", "0xabcd", "<b>", "2024-03", "A", "a b", "l’œuf", "-", "\t"])
    def test_a_value_comes_back(self, text: str) -> None:
        made = tokens.value(text)
        assert made is not None
        assert tokens.text_of(made) == text

    def test_a_value_that_is_no_name_is_left_out(self) -> None:
        assert tokens.value("é" * 500) is None


class TestAddress:
    def test_parts(self) -> None:
        made = Address.parse("https://recherche.example:7700/meili/?index=essai")
        assert (made.url, made.indexes) == (
            "https://recherche.example:7700/meili",
            ("essai_articles", "essai_articles_new", "essai_meta"),
        )
        assert Address.parse("http://127.0.0.1:7700").articles == "luciole_articles"

    @pytest.mark.parametrize(
        "text",
        ["http://", "http://a?index=", "http://a?index=a/b", "http://a?x=1", "http://a#b", "http://u:p@a", "http://a:99999", "http://[a"],
    )
    def test_nonsense(self, text: str) -> None:
        with pytest.raises(SettingsError):
            Address.parse(text)


class TestUnion:
    @pytest.mark.parametrize(("groups", "least"), [(n, m) for n in range(1, 13) for m in range(1, n + 1)])
    def test_it_holds_everything_that_satisfies_enough(self, groups: int, least: int) -> None:
        options = [[f"s{at}"] for at in range(groups)]
        texts, exact = _union(options, least, list(range(groups)), 10)
        asked = [set(text.split()) for text in texts]
        assert 0 < len(asked) <= MAX_QUERIES
        for size in range(groups + 1):
            for held in map(set, combinations([one for (one,) in options], size)):
                found = any(one <= held for one in asked)
                assert found or size < least
                assert not exact or found == (size >= least)
            if groups > 9:
                break

    def test_alternatives_multiply(self) -> None:
        texts, exact = _union([["a", "b"], ["c", "d"]], 2, [0, 1], 10)
        assert (set(texts), exact) == ({"a c", "a d", "b c", "b d"}, True)


class TestCounts:
    def test_they_come_back_from_pieces(self, document: MakeDocument) -> None:
        counts = Counts()
        counts.add(words_of(document("a", "L’énergie noire", "x² " * 3)))
        counts.add(words_of(document("b", "Énergie", "L’eau")))
        back = Counts.from_pieces(list(counts.pieces()))
        assert vars(back) == vars(counts)
        assert (back.lexicon().frequency("energie"), back.lexicon().written("energie")) == (2, "énergie")

    def test_what_comes_and_leaves_leaves_nothing(self, document: MakeDocument) -> None:
        rng, counts, empty = random.Random(5), Counts(), Counts()
        made = [words_of(document(str(n), " ".join(rng.choices("abcdefgh", k=3)), " ".join(rng.choices("mnopqr", k=9)))) for n in range(40)]
        for one in made:
            counts.add(one)
        for one in made:
            counts.remove(one)
        assert {name: +value if name != "documents" else value for name, value in vars(counts).items()} == vars(empty)
        assert not any(vars(counts)[name] for name in ("words", "titles", "notation", "written"))

    @pytest.mark.parametrize("broken", [[""], ["abc"], ["\x00"], list(pieces([1, 2]))[:0], [next(pieces([1] * 5000))[:-9]]])
    def test_broken_pieces_are_values_of_nothing(self, broken: list[str]) -> None:
        with pytest.raises(ValueError, match=r".*"):
            unpacked(broken)


def test_batches_are_bounded_in_bytes() -> None:
    lines = [b"x" * size for size in (3, 3, 3, 9, 1, 1)]
    assert list(batched(lines, 6)) == [b"x" * 6, b"x" * 3, b"x" * 9, b"xx"]


def test_settings_that_are_there_are_not_sent_again() -> None:
    known = {**SETTINGS, "synonyms": {}, "faceting": {**SETTINGS["faceting"], "other": 1}, "stopWords": [*SETTINGS["stopWords"]]}
    assert _holds(known, SETTINGS)
    assert not _holds({**known, "rankingRules": [*reversed(SETTINGS["rankingRules"])]}, SETTINGS)
    assert not _holds({}, SETTINGS)


# -- scenes, on a real server or on its recorded answers --------------------------------------------------------------------------


@contextmanager
def scene(name: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a server for one scene: the recorded one, or with `LUCIOLE_TEST_RECORD` a real one that is recorded."""
    if os.environ.get(RECORD) and os.environ.get(VARIABLE):
        directory = tmp_path / "server"
        directory.mkdir()
        with running(directory) as real:
            assert real is not None
            with recording(name, real.url) as url:
                yield Settings(data=tmp_path / "data", engine=f"{url}?index={NAME}", engine_key=real.key)
    else:
        with replaying(name) as url:
            yield Settings(data=tmp_path / "data", engine=f"{url}?index={NAME}", engine_key="key")


Make = Callable[[Iterable[IndexDocument]], None]


def _documents(document: MakeDocument) -> list[IndexDocument]:
    return [
        document("a1", "L’énergie noire", "Les étoiles s’éloignent.", date="2020-01-01", authors=("Éloi Exemple",)),
        document("b2", "Une étoile proche", "Sa lumière est noire.", date="2021-02-03", source_id="blog-b", disciplines=("chimie",)),
        document("c3", "Sans date", "Une étoile encore."),
    ]


def _server(settings: Settings) -> Server:
    return Server(Address.parse(settings.engine), settings.engine_key)


def test_scene_reading(tmp_path: Path, document: MakeDocument, night: Night) -> None:
    made = _documents(document)
    with scene("reading", tmp_path) as settings:
        writer = MeiliWriter(_server(settings), tmp_path / "lock")
        writer.rebuild(made, lambda: (7, night))
        writer.close()
        engine = MeiliEngine(_server(settings))
        meta, lexicon = engine.meta(), engine.lexicon()
        assert (meta.revision, meta.night) == (7, night)
        assert (lexicon.frequency("etoile"), lexicon.frequency("etoiles"), lexicon.written("energie")) == (2, 1, "énergie")
        raw = engine.search(plan(Query(text="étoile noire "), lexicon, night))
        assert [one.id for one in raw.documents] == ["b2", "a1"]
        assert (raw.total, raw.generation, raw.night) == (2, meta.generation, night)
        assert raw.facets["blog"] == (("blog-a", 1), ("blog-b", 1))
        assert raw.facets["auteur"] == (("Éloi Exemple", 1),)
        filtered = engine.search(plan(Query(text="étoile ", filters={"discipline": ("chimie",)}), lexicon, night))
        assert ([one.id for one in filtered.documents], filtered.total) == (["b2"], 1)
        assert dict(filtered.facets["discipline"]) == {"physique": 2, "chimie": 1}
        assert engine.search(Plan(sort="date")).documents == (made[1], made[0], made[2])
        assert engine.documents(["c3", "zz", "a1"]) == (made[2], made[0])
        engine.close()


def test_scene_writing(tmp_path: Path, document: MakeDocument, night: Night) -> None:
    made = _documents(document)
    with scene("writing", tmp_path) as settings:
        writer = MeiliWriter(_server(settings), tmp_path / "lock")
        assert writer.meta() is None
        assert writer.present(["a1"]) == set()
        first = writer.rebuild([*made, replace(made[0], title="Une autre énergie")], lambda: (1, night))
        assert writer.present(["a1", "zz"]) == {"a1"}
        assert writer.beside({"a1"}) == {"b2", "c3"}
        assert {one.title for one in writer.documents(["a1", "zz"])} == {"Une autre énergie"}
        assert writer.due(datetime(2026, 1, 1, tzinfo=UTC)) == ()
        writer.apply([document("d4", "Un pulsar")], ["a1"])
        second = writer.publish(2, night)
        assert (first.revision, second.revision) == (1, 2)
        assert first.generation != second.generation
        assert writer.present(["a1", "d4"]) == {"d4"}
        writer.close()


def test_scene_refusing(tmp_path: Path, document: MakeDocument) -> None:
    with scene("refusing", tmp_path) as settings:
        server = _server(settings)
        assert read_label(server) is None
        with pytest.raises(EngineUnavailable):
            MeiliEngine(server).search(Plan())
        indexes = Indexes(server)
        indexes.set_up(server.address.articles, SETTINGS)
        with pytest.raises(EngineError, match="refused"):
            list(indexes.every(["id"], page=10, filters="nowhere = 1"))
        with pytest.raises(IndexingFailed, match="could not index"):
            server.finish(indexes.send(server.address.articles, b'{"id": "not an id"}\n'))
        stranger = Server(replace(server.address, url=f"{server.address.url}"), "wrong key")
        with pytest.raises(EngineRefused) as refused:
            list(Indexes(stranger).every(["title"], page=10))
        assert "LUCIOLE_ENGINE_KEY" in (refused.value.hint or "")


def test_the_answers_hold_nothing_of_a_machine() -> None:
    for name in SCENES:
        text = (ANSWERS / f"{name}.json").read_text("utf-8")
        assert len(text) < 100_000
        for word in ("/tmp", "/root", "/home", "Bearer", "authorization", "127.0.0.1"):
            assert word not in text, (name, word)


# -- on a real server alone -------------------------------------------------------------------------------------------------------


def test_a_publish_larger_than_one_task_is_a_copy_beside(place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    from indexer.engines.meili import building, writer

    monkeypatch.setattr(writer, "ONE_TASK", 2000)
    monkeypatch.setattr(building, "BATCH", 5000)
    place.publish(document(f"{number:04}", f"Comète {number}", "noire " * 50, source_id=f"blog-{number % 3}") for number in range(40))
    place.publish([document(f"{number:04}", f"Pulsar {number}") for number in range(20, 60)], deletions=["0003", "nowhere"], revision=2)
    engine = place.engine()
    raw = engine.search(Plan(limit=100, facets=("blog",)))
    assert {one.id: one.title.split()[0] for one in raw.documents} == {
        f"{number:04}": "Comète" if number < 20 else "Pulsar" for number in range(60) if number != 3
    }
    assert (engine.lexicon().frequency("comete"), engine.lexicon().frequency("pulsar")) == (19, 40)
    assert sum(count for _, count in raw.facets["blog"]) == raw.total == 59
    assert place.leftovers() == []


def test_settings_changed_behind_our_back_are_set_again(place: Place, document: MakeDocument) -> None:
    place.publish([document("a", "Comète", date="2020-01-01"), document("b", "Comète", date="2021-01-01")])
    address, key = Address.parse(place.settings.engine), place.settings.engine_key
    server = Server(address, key)
    server.done(lambda client: server.index(client, address.articles).update_settings({"rankingRules": ["words", "sort"], "stopWords": []}))
    place.publish([document("c", "Comète", date="2019-01-01")], revision=2)
    assert _holds(server.ask(lambda client: dict(server.index(client, address.articles).get_settings())), SETTINGS)
    assert [one.id for one in place.engine().search(Plan(sort="date")).documents] == ["b", "a", "c"]
    server.close()


def test_an_engine_wiped_behind_our_back_is_told(place: Place, document: MakeDocument) -> None:
    place.publish([document("a", "Comète")])
    engine = place.engine()
    assert engine.search(Plan()).total == 1
    address = Address.parse(place.settings.engine)
    server = Server(address, place.settings.engine_key)
    for uid in address.indexes:
        if uid != address.fresh:
            server.done(lambda client, uid=uid: client.delete_index(uid))
    for ask in (engine.meta, engine.lexicon, lambda: engine.search(Plan()), lambda: engine.documents(["a"])):
        with pytest.raises(EngineUnavailable):
            ask()
    place.publish([document("b", "Pulsar")], revision=2)
    assert [one.id for one in engine.search(Plan()).documents] == ["b"]
    server.close()


def test_an_index_that_lost_its_words_is_built_anew(place: Place, document: MakeDocument) -> None:
    place.publish([document("a", "Comète")])
    address = Address.parse(place.settings.engine)
    server = Server(address, place.settings.engine_key)
    server.done(lambda client: client.delete_index(address.meta))
    with pytest.raises(EngineError, match="lacks its words"):
        place.engine().meta()
    writer = place.writer()
    assert writer.meta() is None
    writer.rebuild([document("b", "Pulsar")], lambda: (2, place.night))
    assert [one.id for one in place.engine().search(Plan()).documents] == ["b"]
    server.close()


def test_values_that_a_server_would_fold_are_told_apart(place: Place, document: MakeDocument) -> None:
    names = ("Éloi", "eloi", "ELOI", "É. Loi", "<b>")
    place.publish(document(f"{at:04}", "Titre", authors=(name,)) for at, name in enumerate(names))
    engine = place.engine()
    assert dict(engine.search(Plan(facets=("auteur",))).facets["auteur"]) == dict.fromkeys(names, 1)
    assert [one.id for one in engine.search(Plan(filters={"auteur": ("eloi",)})).documents] == ["0001"]
    assert engine.search(Plan(required=(OneOf("auteur", ("ELOI", "<b>")),))).total == 2


def test_counts_stay_those_of_the_documents(place: Place, document: MakeDocument) -> None:
    place.publish(
        [document("a", "Une comète", "noire"), document("b", "Une comète", "rouge", authors=("Ada",)), document("c", "Rien", "noir")]
    )
    place.publish([document("b", "Un pulsar", "noir")], deletions=["c", "never-there"], revision=2)
    place.publish([document("d", "Un pulsar", "Noir, noire, NOIRS")], revision=3)
    place.publish([], deletions=["a"], revision=4)
    lexicon = place.engine().lexicon()
    expected = {"comete": 0, "pulsar": 2, "noir": 2, "noire": 1, "noirs": 1, "rouge": 0, "ada": 0, "rien": 0, "blog": 2}
    assert {word: lexicon.frequency(word) for word in expected} == expected


def test_a_granted_key_searches_and_reads_and_nothing_else(place: Place, document: MakeDocument, night: Night) -> None:
    made = [document("a", "Une étoile", "noire"), document("b", "Comète")]
    place.publish(made)
    granted = place.settings.model_copy(update={"engine_key": grant(place.settings)})
    engine = open_engine(granted)
    assert (engine.meta().revision, engine.lexicon().frequency("etoile")) == (1, 1)
    assert [one.id for one in engine.search(plan(Query(text="étoile "), engine.lexicon(), night)).documents] == ["a"]
    assert engine.documents(["b"]) == (made[1],)
    writer = open_writer(granted)
    with pytest.raises(EngineRefused):
        writer.rebuild(made, lambda: (2, night))
    writer.close()
    with pytest.raises(EngineRefused):
        grant(granted)
    server = Server(Address.parse(place.settings.engine), place.settings.engine_key)
    server.done(lambda client: client.create_index(f"other_{server.address.name}", {"primaryKey": "id"}))
    other = Server(replace(server.address, name=f"other_{server.address.name}"), granted.engine_key)
    with pytest.raises(EngineRefused):
        read_label(other)
    for key in server.ask(lambda client: client.get_keys({"limit": 1000}).results):
        if key.key == granted.engine_key:
            server.ask(lambda client, uid=key.uid: client.delete_key(uid))
    with pytest.raises(EngineRefused):  # revoked while it is served
        engine.search(Plan())
    server.done(lambda client: client.delete_index(f"other_{server.address.name}"))
    engine.close()


def test_the_embedded_engine_needs_no_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        grant(Settings(data=tmp_path))
