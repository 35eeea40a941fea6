"""The order that lets several blogs speak: what holds for any hits."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from indexer.diversity import MOST, WINDOW, spread

BLOGS = st.lists(st.sampled_from("abcdef"), max_size=60)


@given(BLOGS)
def test_every_hit_stays_and_the_best_stays_first(blogs: list[str]) -> None:
    order = spread(blogs)
    assert sorted(order) == list(range(len(blogs)))
    assert order[:1] == list(range(len(blogs)))[:1]


@given(BLOGS)
def test_no_blog_takes_more_than_its_share_while_others_have_hits(blogs: list[str]) -> None:
    left, order = list(blogs), spread(blogs)
    for start in range(0, len(order), WINDOW):
        window = Counter(blogs[place] for place in order[start : start + WINDOW])
        free = sum(min(count, MOST) for count in Counter(left).values())
        if free >= WINDOW:
            assert max(window.values()) <= MOST
        else:  # every other blog has all that it may before one takes more
            assert all(window[blog] >= min(count, MOST) for blog, count in Counter(left).items())
        for blog, count in window.items():
            for _ in range(count):
                left.remove(blog)


@given(BLOGS)
def test_the_hits_of_one_blog_keep_their_order(blogs: list[str]) -> None:
    order = spread(blogs)
    for blog in set(blogs):
        places = [place for place in order if blogs[place] == blog]
        assert places == sorted(places)


@given(BLOGS)
def test_what_needs_no_change_has_none(blogs: list[str]) -> None:
    counts = [Counter(blogs[start : start + WINDOW]) for start in range(0, len(blogs), WINDOW)]
    if all(count <= MOST for one in counts for count in one.values()):
        assert spread(blogs) == list(range(len(blogs)))


@given(BLOGS, st.integers(1, 3))
def test_the_first_windows_do_not_depend_on_what_stands_far_behind(blogs: list[str], windows: int) -> None:
    """A window takes the best that are left: more hits behind a full one change nothing in it."""
    order = spread(blogs)
    end = windows * WINDOW
    seen = max(order[:end], default=-1) + 1
    if len(order) >= end and all(
        count <= MOST for at in range(0, end, WINDOW) for count in Counter(blogs[p] for p in order[at : at + WINDOW]).values()
    ):
        assert spread(blogs[:seen])[:end] == order[:end]


def test_a_blog_that_writes_most() -> None:
    assert spread(list("aaaaaaaaab" + "cdefgh")) == [0, 1, 2, 9, 10, 11, 12, 13, 14, 15, 3, 4, 5, 6, 7, 8]
    assert spread(["a"] * 5) == [0, 1, 2, 3, 4]
    assert spread([]) == []
