"""The judged queries of the demonstration: no kind of them falls below the floor that git keeps, nor below bare BM25."""

from __future__ import annotations

import pytest
from rich.console import Console

from bench.bm25 import BareBM25
from bench.relevance import ALL, KINDS, Beside, IdsAlone, as_judged_table, engine, floors, judged, on_demonstration, paged, raised
from bench.scores import Judged, Score, ndcg, reciprocal, score
from indexer.document import IndexDocument
from indexer.search import Search


@pytest.fixture(scope="module")
def measured(search: Search, bare: BareBM25) -> dict[str, Beside]:
    """Ours and bare BM25 by kind; printed, for those who run pytest with -s."""
    rows = on_demonstration(search, bare)
    Console(width=100).print(as_judged_table(rows, floors()))
    return rows


@pytest.mark.parametrize("kind", [*KINDS, ALL])
def test_no_floor_is_broken(kind: str, measured: dict[str, Beside]) -> None:
    assert measured[kind].ours.ndcg >= floors()[kind]


@pytest.mark.parametrize("kind", [*KINDS, ALL])
def test_ours_is_better_than_bare_bm25(kind: str, measured: dict[str, Beside]) -> None:
    assert measured[kind].ours.ndcg > measured[kind].bare.ndcg


def test_floors_only_rise() -> None:
    rows = {"question": _beside(0.8125), "typo": _beside(0.69), "half": _beside(0.5004)}
    assert raised({"question": 0.8, "typo": 0.7}, rows) == {"question": 0.812, "typo": 0.7, "half": 0.5}


def _beside(value: float) -> Beside:
    return Beside(Score(value, value, 10), Score(0.0, 0.0, 10))


def test_what_measures_fast_measures_the_same(articles: tuple[IndexDocument, ...]) -> None:
    with engine(articles) as opened:
        whole, fast = paged(Search(opened)), paged(Search(IdsAlone(opened)))
        for queries in judged().values():
            for query in queries[:10]:
                assert fast(query.text) == whole(query.text)


def test_ndcg_of_known_orders() -> None:
    grades = {"a": 2, "b": 1}
    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["b", "a"], grades) == pytest.approx((1 + 3 / 1.5849625) / (3 + 1 / 1.5849625))
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(1 / 1.5849625)
    assert ndcg([], grades) == 0.0
    assert ndcg([*"cdefghijkl", "a"], {"a": 1}) == 0.0, "what stands on the second page counts for nothing"


def test_reciprocal_rank_of_known_orders() -> None:
    assert reciprocal(["x", "b"], {"a": 2, "b": 1}) == 0.5
    assert reciprocal([*"cdefghijkl", "a"], {"a": 1}) == 0.0


def test_a_score_is_the_mean_of_its_queries() -> None:
    queries = [Judged("one", {"a": 1}), Judged("other", {"b": 1})]
    assert score(lambda text: ["a"], queries) == Score(0.5, 0.5, 2)
    with pytest.raises(ValueError, match="no queries"):
        score(lambda text: [], [])
