"""Whole posts in feeds, measured."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fullness import Sample, measure, verdict
from luciole.marks import marked

FULL, CUT = Sample(0.95, 0.98), Sample(0.08, 0.2)


def post(words: int, seed: int = 1) -> str:
    """A text in which four words in a row hardly ever come twice."""
    return " ".join(f"{'éàoui'[(seed * n) % 5]}mot{(seed * n * n + n) % 9973}" for n in range(words))


def test_the_same_text_is_full():
    assert measure(post(400), post(400)) == Sample(1.0, 1.0)


def test_accents_case_and_marks_do_not_count():
    page = f"Où l’énergie cinétique vaut {marked('formula', '$E = mv^2/2$')} pour un corps lent."
    feed = "OU L'ENERGIE CINETIQUE VAUT $E = mv^2/2$ POUR UN CORPS LENT"
    sample = measure(feed, page)
    assert sample.coverage == 1.0
    assert sample.full


def test_an_excerpt_is_not_full():
    sample = measure(" ".join(post(400).split()[:55]), post(400))
    assert sample.coverage < 0.2
    assert sample.ratio < 0.2
    assert not sample.full


def test_another_text_of_the_same_length_is_not_full():
    sample = measure(post(400, seed=7), post(400))
    assert sample.ratio > 0.9
    assert not sample.full


def test_a_long_post_that_is_cut_far_down_shows_in_the_ratio():
    page = post(6000)
    half = page[: len(page) // 2]
    assert measure(half, page).coverage > 0.99
    assert not measure(half, page).full
    assert measure(page[: int(len(page) * 0.7)], page).full


def test_captions_in_the_feed_do_not_hide_its_text():
    page = post(300)
    assert measure(f"{post(200, seed=3)} {page}", page).full


def test_a_page_without_text_proves_nothing():
    assert not measure(post(300), "").full
    assert not measure(post(300), " … !").full
    assert not measure("", post(300)).full
    assert measure("Bonne année !", "Bonne année").full


def test_measuring_costs_little_whatever_the_length():
    """Texts are bounded: a megabyte costs about what a long post does, which it could not if all of it were read."""

    def cost(text: str) -> float:
        runs = []
        for _ in range(5):
            start = time.process_time()
            measure(text, text)
            runs.append(time.process_time() - start)
        return min(runs)

    assert cost(post(150_000)) < 10 * cost(post(4_000)) + 0.005


@pytest.mark.parametrize(
    ("samples", "wanted", "expected"),
    [
        ([], 3, None),
        ([FULL], 3, None),
        ([CUT], 3, None),
        ([FULL, CUT], 3, None),
        ([FULL, FULL], 3, True),
        ([CUT, CUT], 3, False),
        ([FULL, CUT, FULL], 3, True),
        ([FULL, CUT, CUT], 3, False),
        ([FULL], 1, True),
        ([CUT], 1, False),
        ([FULL], 2, None),
        ([FULL, FULL], 2, True),
        ([CUT], 2, False),
        ([CUT, FULL, FULL], 1, False),
        ([], 0, None),
        ([FULL], 0, None),
    ],
)
def test_the_verdict_is_the_majority(samples, wanted, expected):
    assert verdict(samples, wanted) is expected


@given(st.lists(st.sampled_from([FULL, CUT]), max_size=5), st.sampled_from([FULL, CUT]), st.integers(1, 5))
def test_a_verdict_once_given_stays(samples, one_more, wanted):
    before = verdict(samples, wanted)
    assert before is None or verdict([*samples, one_more], wanted) is before


@given(st.lists(st.sampled_from([FULL, CUT]), min_size=5, max_size=5), st.integers(1, 5))
def test_enough_samples_decide(samples, wanted):
    assert verdict(samples, wanted) is (2 * sum(one.full for one in samples[:wanted]) > wanted)


@given(st.text(max_size=300), st.text(max_size=300))
def test_shares_are_shares(feed, page):
    sample = measure(feed, page)
    assert 0 <= sample.coverage <= 1
    assert sample.ratio >= 0
