"""Which part of an article to show, and what to mark in it: the same for every engine.

Works on plain text and answers in plain text with ranges in code points. It refuses to know HTML, which `api` makes once, and stems: a
plan brings every surface form worth marking.

The text is folded letter for letter; then each beginning shared by some forms is looked for at memory speed, and only where it stands
is a word looked up. A compiled alternation of all forms did the same in four times the time (measured, 20 forms in ten bodies), and got
slower with each form.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final, NamedTuple

from indexer.folding import DOTTED, LIGATURES, fold
from indexer.plan import TermGroup
from indexer.results import Fragment

WIDTH: Final = 240
"""Code points of an excerpt, ellipses not counted."""
_ROOT: Final = 4
_MOST: Final = 2000
"""Marks for each beginning: a text that repeats one word for ever is no better explained by more of them."""
_LONGEST_DOTTED: Final = 8
_WORD: Final = re.compile(rf"{DOTTED}|[^\W_]+")
_SENTENCE_END: Final = re.compile(r"(?:[.!?…»]\s+|\n+)(?:- )?")
_BLANKS: Final = str.maketrans(dict.fromkeys("\t\n\v\f\r\x00", " "))
_BREAK: Final = " · "
_UNFINISHED: Final = re.compile(r"(?<=[^\s.!?…:;,»)])\n(?:- )?(?=\S)")


class _Mark(NamedTuple):
    start: int
    end: int
    group: int


class Marker:
    """Finds the words of one plan in any text."""

    def __init__(self, groups: Iterable[TermGroup]) -> None:
        self._groups: dict[str, int] = {}
        for number, group in enumerate(groups):
            for surface in group.surfaces:
                for form in _spellings(surface):
                    self._groups.setdefault(form, number)
        self._roots = {form[:_ROOT] for form in self._groups}
        self._roots |= {f"{form[0]}.{form[1]}" for form in self._groups if 2 <= len(form) <= _LONGEST_DOTTED and form.isalpha()}

    def title(self, title: str) -> Fragment:
        """The whole title, marked."""
        return Fragment(title, tuple((mark.start, mark.end) for mark in self._marks(title)))

    def excerpt(self, body: str) -> Fragment:
        """The most telling part of a body: the one with most different words of the query, the first of these; else the beginning."""
        marks = self._marks(body)
        first, last = _best(marks)
        start, end = _window(body, marks[first].start, marks[last].end) if marks else _window(body, 0, 0)
        before, after = "… " if start else "", " …" if end < len(body) else ""
        shift = len(before) - start
        shown = marks[bisect_left(marks, (start, 0, 0)) :]
        text, breaks, added = _one_line(body[start:end])
        moved = [shift + added[bisect_left(breaks, mark.start - start)] for mark in shown]
        return Fragment(
            before + text + after,
            tuple((mark.start + by, mark.end + by) for mark, by in zip(shown, moved, strict=True) if mark.end <= end),
        )

    def _marks(self, text: str) -> list[_Mark]:
        """Every word to mark, in order."""
        folded = fold(text)
        found: dict[int, _Mark] = {}
        for root in self._roots:
            at, left = folded.find(root), _MOST
            while at >= 0 and left:
                word = _WORD.match(folded, at)
                end = word.end() if word else at + 1
                if word and not (at and _WORD.match(folded, at - 1)):
                    group = self._groups.get(word.group().replace(".", ""))
                    if group is not None:
                        found[at] = _Mark(at, end, group)
                        left -= 1
                at = folded.find(root, end)  # past the whole word: every letter is looked at once
        return sorted(found.values())


def _one_line(text: str) -> tuple[str, list[int], list[int]]:
    """A piece of a body on one line; where `_BREAK` now stands for the end of a line: after a heading or an item of a list, which end
    without a stop and would run into what follows; and how many characters were added before the first of these places, the second…"""
    breaks, added = [], [0]
    for found in _UNFINISHED.finditer(text):
        breaks.append(found.start())
        added.append(added[-1] + len(_BREAK) - len(found[0]))
    return _UNFINISHED.sub(_BREAK, text).translate(_BLANKS), breaks, added


def _spellings(surface: str) -> set[str]:
    """A folded word as it may stand in folded text, where ligatures remain."""
    forms = {surface}
    for letters, ligature in LIGATURES:
        if letters in surface:
            forms |= {form.replace(letters, ligature) for form in forms}
    return forms


def _best(marks: list[_Mark]) -> tuple[int, int]:
    """First and last mark of the best window: most groups, then most marks, then the earliest. One pass with two ends."""
    counts: dict[int, int] = {}
    best, answer, first = (0, 0), (0, 0), 0
    for last, mark in enumerate(marks):
        counts[mark.group] = counts.get(mark.group, 0) + 1
        while first < last and mark.end - marks[first].start > WIDTH:
            group = marks[first].group
            counts[group] -= 1
            if not counts[group]:
                del counts[group]
            first += 1
        score = (len(counts), last - first + 1)
        if score > best:
            best, answer = score, (first, last)
    return answer


def _window(body: str, first: int, last: int) -> tuple[int, int]:
    """Where to cut, around what must be seen: at the start of a sentence when one is near, else between words."""
    if len(body) <= WIDTH:
        return 0, len(body)
    start = max(0, first - max(0, WIDTH - (last - first)) // 2)
    start = min(start, max(0, min(first, len(body) - WIDTH)))
    if start:
        sentence = _SENTENCE_END.search(body, start, first)
        blank = body.find(" ", start, first)
        start = sentence.end() if sentence else blank + 1 if blank >= 0 else start
    end = min(len(body), start + WIDTH)
    if end < len(body) and not body[end].isspace():
        blank = body.rfind(" ", max(last, start), end)
        end = blank if blank > max(last, start) else max(end, last)
    return start, end
