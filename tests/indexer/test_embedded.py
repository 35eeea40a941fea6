"""What only the embedded engine has to prove: who waits for a new generation, that old ones leave nothing behind, that one order holds
over segments and pages, and that counts are true where tantivy alone would guess."""

import random
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tantivy

from indexer.diversity import MOST, SPREAD, spread
from indexer.document import IndexDocument
from indexer.engine import SearchEngine
from indexer.engines.embedded import EmbeddedEngine, counting, ranking, reader
from indexer.engines.embedded.schema import from_tantivy, recency
from indexer.lexicon import Lexicon
from indexer.plan import OneOf, Plan
from indexer.planner import plan
from indexer.query import Query
from luciole.errors import EngineError, EngineUnavailable

from .conftest import MakeDocument, Place


def test_while_one_thread_reads_a_new_generation_the_others_search_the_old(
    place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish([document("a", "Comète")])
    engine = place.engine()
    assert engine.search(Plan()).total == 1
    entered, leave = threading.Event(), threading.Event()
    real = reader.read_lexicon

    def slow(searcher: tantivy.Searcher) -> Lexicon:
        entered.set()
        leave.wait(20)
        return real(searcher)

    monkeypatch.setattr(reader, "read_lexicon", slow)
    place.publish([document("b", "Pulsar")], revision=2)
    opening = threading.Thread(target=engine.meta)
    opening.start()
    try:
        assert entered.wait(20)
        assert engine.search(Plan()).total == 1
        assert engine.lexicon().frequency("pulsar") == 0
        assert opening.is_alive()
    finally:
        leave.set()
        opening.join(20)
    assert engine.search(Plan()).total == 2
    assert engine.lexicon().frequency("pulsar") == 1


def test_an_index_of_which_a_part_cannot_be_read_is_not_there(
    place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish([document("a", "Comète")])

    def torn(searcher: tantivy.Searcher) -> Lexicon:
        raise EngineError("a block is torn")

    monkeypatch.setattr(reader, "read_lexicon", torn)
    with pytest.raises(EngineUnavailable, match="a block is torn") as raised:
        place.engine().search(Plan())
    assert raised.value.hint == "run: luciole index --rebuild"


def _held(root: Path) -> tuple[int, int]:
    """Open files of this process, and mapped ones below `root` that were deleted."""
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(root) in line]
    return sum(1 for _ in Path("/proc/self/fd").iterdir()), sum("deleted" in line for line in mapped)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_many_generations_leave_no_file_open_mapped_or_lying_about(place: Place, document: MakeDocument) -> None:
    search = place.search()
    seen = []
    for number in range(30):
        writer = place.writer()
        if number % 5:
            writer.apply([document("a", f"Comète {number}")], [])
            writer.publish(number, place.night)
        else:
            writer.rebuild([document("a", f"Comète {number}")], lambda number=number: (number, place.night))
        writer.close()
        assert search.page(Query(text="comète")).hits[0].title.text == f"Comète {number}"
        seen.append(_held(place.settings.index_path))
    (first, _), (last, deleted) = seen[0], seen[-1]
    assert last <= first
    assert deleted == 0
    assert len([entry for entry in place.settings.index_path.iterdir() if entry.is_dir()]) == 1


def _blogs(document: MakeDocument) -> list[IndexDocument]:
    """400 articles of few different lengths and days, so that many of them score alike; the first of five blogs write most."""
    rng = random.Random(20261122)
    return [
        document(
            f"{rng.getrandbits(64):016x}",
            "Comète",
            "comète " * rng.randrange(1, 4) + "glace " * rng.randrange(3),
            date=datetime(2020, 1, rng.randrange(1, 4), tzinfo=UTC) if rng.random() < 0.8 else None,
            source_id=f"blog-{int(5 * rng.random() ** 3)}",
        )
        for _ in range(400)
    ]


def _order(engine: SearchEngine, made: Plan) -> list[IndexDocument]:
    return list(engine.search(replace(made, offset=0, limit=1000)).documents)


class TestOrder:
    @pytest.fixture
    def engine(self, place: Place, document: MakeDocument) -> SearchEngine:
        for part in range(3):  # several segments: what ties is in several places
            place.publish(_blogs(document)[part::3], revision=part + 1)
        return place.engine()

    def plan(self, engine: SearchEngine, **values: Any) -> Plan:
        return replace(plan(Query(text="comète "), engine.lexicon()), facets=(), **values)

    @pytest.mark.parametrize("diverse", [False, True])
    def test_pages_of_any_size_are_slices_of_one_order(self, engine: SearchEngine, diverse: bool) -> None:
        made = self.plan(engine, diverse=diverse)
        whole = [one.id for one in _order(engine, made)]
        assert len(set(whole)) == len(whole) == 400
        for size in (1, 7, 10, 33, 100, 150):
            pages = [engine.search(replace(made, offset=at, limit=size)) for at in range(0, 400, size)]
            assert [one.id for page in pages for one in page.documents] == whole
            assert {page.total for page in pages} == {400}

    def test_equal_scores_by_date_then_id(self, engine: SearchEngine) -> None:
        ranked = _order(engine, self.plan(engine, diverse=False))
        groups: dict[tuple[str, int | None], list[IndexDocument]] = {}
        for one in ranked:
            groups.setdefault((one.body, one.date.day if one.date else None), []).append(one)
        assert max(map(len, groups.values())) > 10
        for alike in groups.values():
            assert [one.id for one in alike] == sorted(one.id for one in alike)

    def test_a_diverse_order_is_the_ranking_spread_over_blogs(self, engine: SearchEngine) -> None:
        ranked = _order(engine, self.plan(engine, diverse=False))
        order = spread([one.source_id for one in ranked[:SPREAD]])
        expected = [ranked[at].id for at in order] + [one.id for one in ranked[SPREAD:]]
        diverse = _order(engine, self.plan(engine, diverse=True))
        assert [one.id for one in diverse] == expected
        assert [one.id for one in diverse] != [one.id for one in ranked]
        assert max(Counter(one.source_id for one in ranked[:10]).values()) > MOST
        assert max(Counter(one.source_id for one in diverse[:10]).values()) == MOST

    def test_only_the_documents_of_the_page_are_loaded(self, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        loaded = []

        def counting(document: tantivy.Document) -> IndexDocument:
            loaded.append(document)
            return from_tantivy(document)

        monkeypatch.setattr(ranking, "from_tantivy", counting)
        assert len(engine.search(self.plan(engine, diverse=True, offset=20, limit=10)).documents) == 10
        assert len(loaded) == 10

    @pytest.mark.parametrize("size", [3, 400])
    def test_a_run_of_equal_scores_longer_than_is_sorted_is_still_one_order(
        self, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        monkeypatch.setattr(ranking, "_TIED", size)
        made = self.plan(engine, diverse=True)
        whole = [one.id for one in _order(engine, made)]
        pages = [engine.search(replace(made, offset=at, limit=9)).documents for at in range(0, 400, 9)]
        assert [one.id for page in pages for one in page] == whole


class TestWeight:
    def test_what_curators_trust_more_ranks_above_and_recency_still_breaks_ties(self, place: Place, document: MakeDocument) -> None:
        wanted = []
        for weight in (10.0, 2.0, 1.1, 1.0, 0.9, 0.5, 0.1):
            for day in (3, 2, 1):
                wanted.append(replace(document(f"{weight}-{day}", "Comète", date=f"2020-01-0{day}"), weight=weight))
            wanted.append(replace(document(f"{weight}-none", "Comète"), weight=weight))
        place.publish(wanted[::-1])
        found = place.search().page(Query(text="comète ", size=100)).hits
        assert [hit.id for hit in found] == [one.id for one in wanted]

    def test_a_light_source_sinks_below_a_worse_match(self, place: Place, document: MakeDocument) -> None:
        good = document("bon", "La comète de glace", "La comète perd sa glace près du Soleil.")
        poor = document("moins", "Le Soleil", "Une longue histoire du Soleil, où passe une comète parmi beaucoup d’autres choses.")
        for weight, first in ((1.0, "bon"), (0.1, "moins")):
            place.publish([replace(good, weight=weight), poor])
            assert place.search().page(Query(text="comète ")).hits[0].id == first

    @pytest.mark.parametrize("weight", [0.1, 0.37, 1.0, 3.3, 10.0])
    def test_one_day_is_told_apart_at_every_weight(self, place: Place, document: MakeDocument, weight: float) -> None:
        days = [datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number) for number in range(30)]
        made = [replace(document(f"{number:02}", "Comète", date=day), weight=weight) for number, day in enumerate(days)]
        place.publish(made)
        engine = place.engine()
        scores = [recency(one) for one in made]
        assert scores == sorted(set(scores))
        # A later day above an earlier one by its score alone: the ids say the contrary.
        found = engine.search(plan(Query(text="comète "), engine.lexicon())).documents
        assert [one.id for one in found] == sorted((one.id for one in made), reverse=True)[: len(found)]

    @pytest.mark.parametrize(("weight", "day"), [(1e300, "2026-01-01"), (float("inf"), None), (-5.0, "9999-12-31"), (10.0, "9999-12-31")])
    def test_a_weight_or_a_day_out_of_bounds_spoils_no_ranking(
        self, place: Place, document: MakeDocument, weight: float, day: str | None
    ) -> None:
        place.publish([replace(document("a", "Comète", date=day), weight=weight), document("b", "Comète", date="2020-01-01")])
        assert {hit.id for hit in place.search().page(Query(text="comète ")).hits} == {"a", "b"}


def test_documents_by_id_in_the_order_asked(place: Place, document: MakeDocument) -> None:
    made = {name: document(name, f"Comète {name}", "Un corps.\nDeux lignes.", date="2020-01-01") for name in "abc"}
    place.publish(made.values())
    engine = place.engine()
    assert engine.documents(["c", "a", "never-there", "c", "__meta__", "\ud800", ""]) == (made["c"], made["a"])
    assert engine.documents([]) == ()
    place.publish([replace(made["a"], title="Autre")], deletions=["c"], revision=2)
    assert [one.title for one in engine.documents(["a", "b", "c"])] == ["Autre", "Comète b"]


class TestFacetsOfManyValues:
    def test_counts_are_true_where_segments_hold_more_values_than_they_remember(
        self, place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counting, "_OF_A_SEGMENT", 8)
        monkeypatch.setattr(counting, "MAX_FACET_VALUES", 8)
        rng = random.Random(20261122)
        made = [
            document(f"{rng.getrandbits(64):016x}", "Comète", authors=tuple({f"Signature {int(60 * rng.random() ** 2)}" for _ in range(2)}))
            for _ in range(300)
        ]
        for part in range(3):
            place.publish(made[part * 100 : part * 100 + 100], revision=part + 1)
        truth = Counter(author for one in made for author in one.authors)
        rarest = min(truth, key=lambda author: (truth[author], author))
        engine = place.engine()
        for filters in ({}, {"auteur": (rarest,)}, {"auteur": (rarest, "\0", "personne")}, {"discipline": ("physique",)}):
            counts = dict(engine.search(Plan(facets=("auteur", "blog"), filters=filters)).facets["auteur"])
            assert len(counts) >= 8
            assert counts == {author: truth[author] for author in counts}
            assert truth.most_common(1)[0][0] in counts
            assert (rarest in counts) == ("auteur" in filters)

    def test_what_is_remembered_is_of_one_plan_and_one_generation(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Comète", source_id="un"), document("b", "Comète", source_id="deux")])
        engine = place.engine()
        made = Plan(facets=("blog",))
        assert engine.search(made).facets["blog"] == (("deux", 1), ("un", 1))
        assert engine.search(replace(made, offset=1, sort="date")).facets["blog"] == (("deux", 1), ("un", 1))
        assert engine.search(replace(made, required=(OneOf("blog", ("un",)),))).facets["blog"] == (("un", 1),)
        assert engine.search(replace(made, nothing=True)).facets["blog"] == ()
        assert engine.search(replace(made, facets=("type",))).facets == {"type": ()}
        place.publish([document("c", "Comète", source_id="un")], revision=2)
        assert engine.search(made).facets["blog"] == (("un", 2), ("deux", 1))

    def test_few_answers_are_remembered(self, place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "_REMEMBERED", 3)
        place.publish([document("a", "Comète")])
        engine = EmbeddedEngine(place.settings.index_path)
        for number in range(10):
            engine.search(Plan(facets=("blog",), filters={"blog": (f"blog-{number}",)}))
        assert engine._snapshot
        assert len(engine._snapshot.counter._answers) == 3
