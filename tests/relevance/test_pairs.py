"""Two ways to type one query find the same: accents, elision, apostrophes, number, gender, hyphens, ligatures, formulas, case, acronyms."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.relevance import paged
from indexer.search import Search

KINDS = {
    "accents",
    "elision",
    "apostrophe",
    "apostrophe_left_out",
    "apostrophe_as_blank",
    "plural",
    "feminine",
    "hyphen",
    "ligature",
    "formula",
    "case",
    "acronym",
}
PAIRS: dict[str, list[Any]] = yaml.safe_load(Path(__file__).with_name("pairs.yaml").read_text(encoding="utf-8"))


def _texts(pair: Any) -> tuple[str, str]:
    """A pair is a list of two texts, or a mapping of `texts` and `fails` when we know that it fails, and why."""
    one, other = pair["texts"] if isinstance(pair, dict) else pair
    return one, other


def _params() -> list[Any]:
    params = []
    for kind, pairs in PAIRS.items():
        for pair in pairs:
            marks = [pytest.mark.xfail(reason=pair["fails"], strict=True)] if isinstance(pair, dict) else []
            params.append(pytest.param(*_texts(pair), id=f"{kind}: {' / '.join(_texts(pair))}", marks=marks))
    return params


def differences(one: list[str], other: list[str]) -> list[str]:
    """What keeps two first pages from being the same, in words; nothing when they are.

    The same ids in the same order at ranks 1 to 3; and of the first 10, at least 8 in common. Where a page has fewer than ten, at least
    four fifths of the longer one, rounded up. Two empty pages are no proof of anything.
    """
    found = []
    if not one or not other:
        found.append("one of the two finds nothing")
    if one[:3] != other[:3]:
        found.append(f"ranks 1 to 3: {one[:3]} and {other[:3]}")
    needed = min(8, math.ceil(0.8 * max(len(one), len(other))))
    if (common := len(set(one) & set(other))) < needed:
        found.append(f"{common} in common of {len(one)} and {len(other)}, {needed} needed")
    return found


@pytest.mark.parametrize(("one", "other"), _params())
def test_both_ways_find_the_same(one: str, other: str, search: Search) -> None:
    ranked = paged(search)
    assert differences(list(ranked(one)), list(ranked(other))) == []


def test_there_are_enough_pairs_of_every_kind() -> None:
    assert PAIRS.keys() == KINDS
    assert min(map(len, PAIRS.values())) >= 10
    assert sum(isinstance(pair, list) for pairs in PAIRS.values() for pair in pairs) >= 150


def test_no_pair_is_repeated_or_says_the_same_twice() -> None:
    texts = [_texts(pair) for pairs in PAIRS.values() for pair in pairs]
    assert len({frozenset(pair) for pair in texts}) == len(texts)
    assert all(one != other for one, other in texts)


def test_the_pairs_find_something_to_compare(search: Search) -> None:
    ranked = paged(search)
    few = [one for pairs in PAIRS.values() for one, _ in map(_texts, pairs) if len(ranked(one)) < 3]
    assert few == []


@pytest.mark.parametrize(
    ("one", "other", "faults"),
    [
        (list("abcdefghij"), list("abcdefghxy"), 0),
        (list("abcdefghij"), list("abcdefgxyz"), 1),
        (list("abcdefghij"), list("acbdefghij"), 1),
        (list("abcde"), list("abcd"), 0),
        (list("abcde"), list("abc"), 1),
        (list("abc"), [], 3),
        ([], [], 1),
    ],
)
def test_what_counts_as_the_same(one: list[str], other: list[str], faults: int) -> None:
    assert len(differences(one, other)) == faults
