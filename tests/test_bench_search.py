"""The yardsticks of the search are asked for the same as ours, or the ratios of the bench would mean nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median

import pytest

from bench import bare, searching
from bench.articles import Generator, Spool, questions
from bench.crawling import Line
from bench.fts5 import Fts5
from bench.meilisearch import VARIABLE, at_hand, megabytes
from bench.searching import FILTERS, QUICK, Sizes
from indexer.engines.embedded import EmbeddedEngine, EmbeddedWriter
from indexer.night import Night
from indexer.plan import Plan
from indexer.planner import plan
from indexer.query import Query
from indexer.search import Search

COUNT = 400


@pytest.fixture(scope="module")
def spool(tmp_path_factory: pytest.TempPathFactory) -> Spool:
    return Spool(tmp_path_factory.mktemp("spool") / "articles", Generator(words=3000, median=80).articles(COUNT))


@pytest.fixture(scope="module")
def asked(spool: Spool) -> list[str]:
    return questions([*spool.read()], 40)


@pytest.fixture(scope="module")
def root(spool: Spool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("index")
    writer = EmbeddedWriter(root)
    night = Night(published_at=datetime(2026, 5, 1, tzinfo=UTC), crawled_at=None, articles=COUNT, sources=())
    writer.rebuild(spool.read(), lambda: (1, night))
    writer.close()
    return root


@pytest.fixture
def engine(root: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(root)
    yield engine
    engine.close()


@pytest.fixture
def fts5(spool: Spool, engine: EmbeddedEngine, tmp_path: Path) -> Iterator[Fts5]:
    made = Fts5(tmp_path / "fts5.db")
    made.build(spool.read())
    made.beside(engine.lexicon(), engine.meta())
    yield made
    made.close()


def test_articles_are_the_same_each_time_and_many(spool: Spool) -> None:
    first = [*spool.read()]
    assert [*spool.read(50)] == first[:50]
    assert len(first) == len({one.id for one in first}) == COUNT
    assert [*islice(Generator(words=3000, median=80).articles(COUNT), 100)] == first[:100]
    assert 60 < median(len(one.body.split()) for one in first) < 100
    assert len({author for one in first for author in one.authors}) > COUNT / 3
    assert {one.weight for one in first} == {0.5, 1.0, 2.0}


def test_questions_are_keywords_and_whole_ones(asked: list[str]) -> None:
    lengths = [len(text.split()) for text in asked]
    assert set(lengths[1::2]) == {2, 3, 4}
    assert set(lengths[::2]) == {5, 6, 7, 8}


def test_fts5_finds_and_counts_the_same_and_shows_it_marked(engine: EmbeddedEngine, fts5: Fts5, asked: list[str]) -> None:
    ours, theirs = Search(engine), Search(fts5)
    shared = seen = 0
    for text in asked:
        for filters in ({}, FILTERS):
            one, other = (search.page(Query(text=f"{text} ", filters=filters)) for search in (ours, theirs))
            assert other.total == one.total
            assert other.partial == one.partial
            assert [facet for facet in other.facets if facet.name != "auteur"] == [facet for facet in one.facets if facet.name != "auteur"]
            known = {value.value: value.count for facet in other.facets if facet.name == "auteur" for value in facet.values}
            counts = {value.value: value.count for facet in one.facets if facet.name == "auteur" for value in facet.values}
            assert sorted(known.values()) == sorted(counts.values())
            assert len(other.hits) == len(one.hits)
            marked = {hit.id: (hit.title, hit.excerpt, hit.date, hit.disciplines) for hit in one.hits}
            for hit in other.hits:
                if hit.id in marked:
                    assert marked[hit.id] == (hit.title, hit.excerpt, hit.date, hit.disciplines)
                    shared += 1
            seen += len(one.hits)
    assert seen > 100
    assert shared > seen / 2


@pytest.mark.parametrize("text", ['"deux mots" ', "-mot autre ", "avant:2015 mot ", ""])
def test_fts5_refuses_what_it_was_not_made_for(engine: EmbeddedEngine, fts5: Fts5, text: str) -> None:
    with pytest.raises(ValueError, match="not a plan"):
        fts5.search(plan(Query(text=text), engine.lexicon()))


def test_the_bare_index_asks_for_the_hits_and_the_facets_of_the_page(engine: EmbeddedEngine, root: Path, asked: list[str]) -> None:
    alone = bare.BareIndex(root)
    plans = searching._shown(engine, [Query(text=f"{text} ", filters=FILTERS) for text in asked])
    alone.compile(plans)
    assert [made.limit for made in plans] == [10] * len(asked)
    for at, made in enumerate(plans):
        total, facets = alone.page(at)
        answer = engine.search(made)
        assert total == answer.total
        assert {name: sum(counts.values()) for name, counts in facets.items()} == {
            name: sum(count for _, count in counts) for name, counts in answer.facets.items()
        }


def test_the_plan_that_is_shown_is_the_last_one_with_hits(engine: EmbeddedEngine, asked: list[str]) -> None:
    queries = [Query(text=f"{text} ", filters=FILTERS) for text in asked]
    for query, made in zip(queries, searching._shown(engine, queries), strict=True):
        assert isinstance(made, Plan)
        page = Search(engine).page(query)
        assert tuple(hit.id for hit in page.hits) == tuple(one.id for one in engine.search(made).documents)


def test_bare_indexing_holds_every_prepared_document(spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "_AT_ONCE", 30)
    assert bare.indexing(spool.read(100), tmp_path / "bare") > 0
    index = bare.opened(tmp_path / "bare")
    assert index.searcher().num_docs == 100


def test_the_whole_bench_on_very_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(searching, "WARMING", 2)
    sizes = Sizes(articles=150, words=2000, median=60, compared=80, asked=6)
    lines = [*searching.lines_of(sizes, tmp_path)]
    headings = [line.what for line in lines if not line.ours]
    assert len(headings) == 3
    bounds = [line.bound for line in lines if line.bound]
    assert bounds == ["≤ 2", "≤ 0.5", "≤ 0.5", "< 200", "≥ 0.6", "≥ 3", "≥ 8"]
    assert all((line.holds is None) == (not line.bound) for line in lines)


def test_a_bound_that_is_broken_says_so() -> None:
    assert searching._at_most("page", 3.0, 1.0, 2.0).holds is False
    assert searching._at_most("page", 1.9, 1.0, 2.0).holds
    assert searching._at_least("indexing", 100.0, 50.0, 3.0).holds is False
    assert searching._faster("page", 1.0, 9.0, 8.0).holds
    assert searching._faster("page", 1.0, 7.0, 8.0) == Line(what="page", ours="1.00", other="7.00", ratio="7.00", bound="≥ 8", holds=False)
    assert QUICK.compared < QUICK.articles < searching.FULL.articles == 100_000


def test_no_server_is_at_hand_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with at_hand(tmp_path) as server:
        assert server is None
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:7700/")
    with at_hand(tmp_path) as server:
        assert server is not None
        assert server.url == "http://127.0.0.1:7700"
        assert server.settings(tmp_path).engine.startswith("http://127.0.0.1:7700?index=bench_")
        assert (server.memory(), server.disk()) == (None, None)
    (tmp_path / "some").write_bytes(b"x" * 100_000)
    assert 0.09 < megabytes(tmp_path) < 0.2
