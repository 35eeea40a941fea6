"""nDCG@10 and MRR@10 of a way to search, over queries whose right answers are known.

Pure: queries, judgements and a function from text to ids in, numbers out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

DEPTH: Final = 10

Ranking = Callable[[str], Sequence[str]]
"""A way to search: the ids for a text, best first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and what it should find: id → grade (1 and up; what is not named is worth nothing)."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Two means over `count` queries."""

    ndcg: float
    mrr: float
    count: int


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten: gain 2^grade - 1, discount log2(rank + 1), as a share of the best order's
    (Järvelin and Kekäläinen 2002, with the gain of Burges et al. 2005)."""
    best = sum(_gain(grade, rank) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:DEPTH]))
    return sum(_gain(grades.get(one, 0), rank) for rank, one in enumerate(found[:DEPTH])) / best


def reciprocal(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """One over the rank of the first right answer among ten, 0 without one."""
    return next((1 / (rank + 1) for rank, one in enumerate(found[:DEPTH]) if grades.get(one)), 0.0)


def score(ranking: Ranking, queries: Iterable[Judged]) -> Score:
    """The means of both measures over some queries. Raises `ValueError` without any."""
    gains, ranks = [], []
    for query in queries:
        found = ranking(query.text)
        gains.append(ndcg(found, query.grades))
        ranks.append(reciprocal(found, query.grades))
    if not gains:
        raise ValueError("no queries: nothing to measure")
    return Score(sum(gains) / len(gains), sum(ranks) / len(ranks), len(gains))


def _gain(grade: int, rank: int) -> float:
    return float(2**grade - 1) / log2(rank + 2)
