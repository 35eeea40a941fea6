"""Which part of an article to show, and what to mark in it: the same for every engine.

Works on plain text and answers in plain text with ranges in code points. Where exactly a text is cut is `indexer.window`'s affair. It
refuses to know HTML, which `api` makes once, and stems: a plan brings every surface form worth marking.

The text is folded letter for letter; then each beginning shared by some forms is looked for at memory speed, and only where it stands
is a word looked up. A compiled alternation of all forms did the same in four times the time (measured, 20 forms in ten bodies), and got
slower with each form.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice, pairwise
from typing import Final, NamedTuple

from indexer.elision import unelided
from indexer.folding import DOTTED, LIGATURES, fold
from indexer.plan import TermGroup
from indexer.results import Fragment
from indexer.window import Pieces, window
from luciole.marks import spans, unmarked

WIDTH: Final = 240
"""Code points of an excerpt, ellipses not counted."""
SHORTEST: Final = 10
"""Of an excerpt that is limited: what is shorter says nothing."""
_ROOT: Final = 4
_MOST: Final = 2000
"""Marks for each beginning: a text that repeats one word for ever is no better explained by more of them."""
_LONGEST_DOTTED: Final = 8
_BEHIND: Final = 12
"""Code points from a word of the query to a lone letter that is marked: the C of «vitamine C» and «vitamines B et C», not of «12 °C»."""
_BEFORE: Final = 2
"""From such a letter to a word behind it: «E. coli»."""
_WORD: Final = re.compile(rf"{DOTTED}|[^\W_]+")
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
        self._letters = {
            form: re.compile(rf"{re.escape(form)}(?<![^\W_]{re.escape(form)})(?![^\W_])") for form in self._groups if len(form) == 1
        }
        self._roots = {form[:_ROOT] for form in self._groups if form not in self._letters}
        self._roots |= {f"{form[0]}.{form[1]}" for form in self._groups if 2 <= len(form) <= _LONGEST_DOTTED and form.isalpha()}

    def title(self, title: str) -> Fragment:
        """The whole title, marked."""
        return Fragment(title, tuple((mark.start, mark.end) for mark in self._marks(title)))

    def excerpt(self, body: str, limit: int | None = None) -> Fragment:
        """The most telling part of a body: the one with most different words of the query, the first of these; else the beginning.

        `body` may hold the signs of `luciole.marks`, the answer holds none. With a `limit` the answer is no longer than that, ellipses
        counted, and empty where that leaves room for nothing.
        """
        width = WIDTH if limit is None else min(WIDTH, limit)
        if width < SHORTEST:
            return Fragment("")
        plain = unmarked(body)
        pieces = Pieces(plain, spans(body) if len(plain) != len(body) else [])
        marks = self._marks(plain)
        while width >= SHORTEST:
            fragment = _cut(plain, pieces, marks, width)
            if limit is None or len(fragment.text) <= limit:
                return fragment
            width -= len(fragment.text) - limit
        return Fragment("")

    def _marks(self, text: str) -> list[_Mark]:
        """Every word to mark, in order."""
        folded = fold(unelided(text) if self._letters else text)
        found: dict[int, _Mark] = {}
        for letter, pattern in self._letters.items():
            for one in islice(pattern.finditer(folded), _MOST):
                found[one.start()] = _Mark(one.start(), one.end(), self._groups[letter])
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
        marks = sorted(found.values())
        return _telling(marks) if self._letters and self._roots else marks


def _telling(marks: list[_Mark]) -> list[_Mark]:
    """Without the lone letters that stand by themselves: beside a longer word, or beside a letter that does, they mean what was asked."""
    kept = {mark for mark in marks if mark.end - mark.start > 1}
    for one, following in pairwise(marks):
        if one in kept and following.start - one.end <= _BEHIND:
            kept.add(following)
    for one, following in reversed(list(pairwise(marks))):
        if following in kept and following.start - one.end <= _BEFORE:
            kept.add(one)
    return [mark for mark in marks if mark in kept]


def _cut(body: str, pieces: Pieces, marks: list[_Mark], width: int) -> Fragment:
    """The part of a body with the best marks, `width` code points of it or a formula more."""
    telling = [mark for mark in marks if not _lost(mark, pieces, width)] if pieces else marks
    if telling:
        first, last = _best(telling, width)
        start, end = window(body, telling[first].start, telling[last].end, width, pieces)
    else:
        start, end = window(body, 0, 0, width, pieces)
    if pieces and not _WORD.search(body, start, end):
        return Fragment("")
    before, after = "… " if start else "", " …" if end < len(body) else ""
    shift = len(before) - start
    ranges = [(mark.start, mark.end) for mark in marks[bisect_left(marks, (start, 0, 0)) :] if mark.end <= end]
    inside = pieces.within(start, end)
    text, breaks, added = _one_line(body[start:end], [(one - start, other - start) for one, other in inside])

    def moved(some: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        by = [shift + added[bisect_left(breaks, one - start)] for one, _ in some]
        return tuple((one + more, other + more) for (one, other), more in zip(some, by, strict=True))

    return Fragment(before + text + after, moved(ranges), moved(inside))


def _lost(mark: _Mark, pieces: Pieces, width: int) -> bool:
    """Whether a word stands in a piece too long to be shown with it."""
    piece = pieces.around(mark.start, mark.end)
    return piece is not None and piece.end - piece.start > width // 2


def _one_line(text: str, pieces: list[tuple[int, int]]) -> tuple[str, list[int], list[int]]:
    """A piece of a body on one line; where `_BREAK` now stands for the end of a line: after a heading or an item of a list, which end
    without a stop and would run into what follows; and how many characters were added before the first of these places, the second…
    Lines of code are no headings."""
    breaks, added, parts, at = [], [0], [], 0
    for found in _UNFINISHED.finditer(text):
        if pieces and any(start < found.start() < end for start, end in pieces):
            continue
        breaks.append(found.start())
        added.append(added[-1] + len(_BREAK) - len(found[0]))
        parts.append(text[at : found.start()])
        at = found.end()
    parts.append(text[at:])
    return _BREAK.join(parts).translate(_BLANKS), breaks, added


def _spellings(surface: str) -> set[str]:
    """A folded word as it may stand in folded text, where ligatures remain."""
    forms = {surface}
    for letters, ligature in LIGATURES:
        if letters in surface:
            forms |= {form.replace(letters, ligature) for form in forms}
    return forms


def _best(marks: list[_Mark], width: int) -> tuple[int, int]:
    """First and last mark of the best window: most groups, then most marks, then the earliest. One pass with two ends."""
    counts: dict[int, int] = {}
    best, answer, first = (0, 0), (0, 0), 0
    for last, mark in enumerate(marks):
        counts[mark.group] = counts.get(mark.group, 0) + 1
        while first < last and mark.end - marks[first].start > width:
            group = marks[first].group
            counts[group] -= 1
            if not counts[group]:
                del counts[group]
            first += 1
        score = (len(counts), last - first + 1)
        if score > best:
            best, answer = score, (first, last)
    return answer
