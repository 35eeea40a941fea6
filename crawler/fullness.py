"""Does the feed of a blog carry whole posts? Measured on posts whose page was read too, never guessed.

Owns the comparison of two texts of one post and the verdict over a few such samples. It refuses to know where the texts come from and
when a blog is measured again.

The thresholds come from a measurement on 181 news pages of an independent extraction benchmark (scrapinghub's), whose true text stood for
the feed. With whole texts the share of the page's word 4-grams that the feed holds was .78 at the 5th centile and .99 at the median, the
length ratio .77 to 1.04 (5th to 95th centile); with excerpts of 55 words, as WordPress makes them, the share was .08 at the median and
.25 at the 95th centile, the ratio .26. The two clouds do not touch: .6 lies between them on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crawler.terms import words

FULL_COVERAGE: Final = 0.6
FULL_RATIO: Final = 0.6

_GRAM: Final = 4
_LETTERS: Final = 12_000
"""Characters of the page that are compared. A feed that is cut further down shows in the ratio, which is that of the whole texts."""

_MARGIN: Final = 2
"""Of the feed so many times more is read: it may hold captions and notes that the page's text has not."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One post seen twice. `coverage`: share (0 to 1) of the page's distinct word 4-grams that stand in the feed's text; `ratio`: length
    of the feed's text in characters over that of the page's."""

    coverage: float
    ratio: float

    @property
    def full(self) -> bool:
        """Whether this post stood whole in the feed."""
        return self.coverage >= FULL_COVERAGE and self.ratio >= FULL_RATIO


def measure(feed_text: str, page_text: str) -> Sample:
    """Compare the text of a post in the feed with the one of its page, both plain (signs of `luciole.marks` do not count).

    A page without text proves nothing, and the doubt goes to fetching: `Sample(0, 0)`. Texts shorter than four words are one gram.
    """
    page = words(page_text[:_LETTERS])
    if not page:
        return Sample(0.0, 0.0)
    size = min(_GRAM, len(page))
    wanted = _grams(page, size)
    held = _grams(words(feed_text[: _MARGIN * _LETTERS]), size)
    return Sample(len(wanted & held) / len(wanted), len(feed_text) / len(page_text))


def verdict(samples: Sequence[Sample], wanted: int) -> bool | None:
    """Whether the feed is full: true when most of `wanted` samples are, false once that cannot come any more, None while undecided.

    `wanted` is `CrawlLimits.full_samples`, or the number of posts in the feed where it has fewer. Samples beyond `wanted` do not count.
    """
    counted = samples[: max(wanted, 0)]
    needed = wanted // 2 + 1
    full = sum(sample.full for sample in counted)
    if not counted:
        return None
    if full >= needed:
        return True
    return False if len(counted) - full > wanted - needed else None


def _grams(of: list[str], size: int) -> set[tuple[str, ...]]:
    return set(zip(*(of[start:] for start in range(size)), strict=False))
