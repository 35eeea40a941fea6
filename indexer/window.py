"""Where an excerpt begins and ends: between sentences or words, and never inside what makes sense only as a whole.

Pure: a text, what must be seen of it and a length in, two places in code points out. Formulas and code (`luciole.marks`) are shown whole or
not at all, and no excerpt begins with one. What an author wrote as plain text, «Cl + O₃ → ClO + O₂», stays one piece as far as the length
allows. It refuses to know queries and marks of words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from luciole.marks import Span

_ENDLESS: Final = 40
"""Letters of a word that is cut rather than left out."""
_SENTENCE_END: Final = re.compile(r"(?:[.!?…»]\s+|\n+)(?:- )?")
_LEAD: Final = re.compile(r"[\W_]{0,40}")
"""Signs that open a sentence: a formula behind a bracket is its beginning all the same."""
_TRAIL: Final = re.compile(r"[\s,.;:!?…)\]»”’]*")
_ROUNDS: Final = 4
"""Times that a place is moved away from an equation to a formula or back."""
_SIGNS: Final = "=≠≈≡≃∼<>≤≥≪≫→⟶←⟵↔⇒⇔⇌⇄×÷·±∓+−–∝∈"
_SIGN: Final = re.compile(f"[{_SIGNS}]")
_OPERATOR: Final = re.compile(rf"[{_SIGNS}]+|<?[-=]+>")
"""A word of signs alone: the plus of «Na+», the minus of «−5» bind nothing."""
_TOKEN: Final = re.compile(r"\S+")
_CLOSED: Final = tuple(".!?…;:,")
"""What ends a word that no operator follows: a dash behind it opens an aside."""


def window(body: str, first: int, last: int, width: int, pieces: Pieces) -> tuple[int, int]:
    """Where to cut, around what must be seen: at the start of a sentence when one is near, else between words. `width` code points, less
    where that spares an equation, more where a formula or a piece of code must be seen."""
    if last:
        first, last = _whole(body, first, last, width)
    start = 0
    if len(body) > width:
        start = max(0, first - max(0, width - (last - first)) // 2)
        start = min(start, max(0, min(first, len(body) - width)))
    if start:
        sentence = _SENTENCE_END.search(body, start, first)
        blank = body.find(" ", start, first)
        start = sentence.end() if sentence else blank + 1 if blank >= 0 else start
    start = _spared_start(body, start, first, width, pieces)
    end = min(len(body), start + width)
    if end < len(body) and not body[end].isspace():
        blank = body.rfind(" ", max(last, start), end)
        near = blank > max(last, start) or (blank == last > start and end - blank < _ENDLESS)
        end = blank if near else max(end, last)
    return start, _spared_end(body, start, last, end, width, pieces)


def equation(text: str, place: int, most: int) -> tuple[int, int] | None:
    """The operands and operators that stand around a place, in one line: all that would be parted by a cut there or, where a word stands,
    all that it is joined to. None where nothing is, or more than `most` code points are: looking further would cost without end."""
    low, high = max(0, place - most - 1), min(len(text), place + most + 1)
    if _SIGN.search(text, low, high) is None:
        return None
    line, below = text.rfind("\n", low, place) + 1, text.find("\n", place, high)
    open_left, open_right = not line and low > 0, below < 0 and high < len(text)
    low, high = max(low, line), high if below < 0 else below
    words = [found.span() for found in _TOKEN.finditer(text, low, high)]
    signs = [_OPERATOR.fullmatch(text, *word) is not None for word in words]

    def joined(one: int, other: int) -> bool:
        return signs[one] or (signs[other] and not text.startswith(_CLOSED, words[one][1] - 1))

    left = bisect_right(words, place, key=lambda word: word[0]) - 1  # the word that begins here or before
    if left < 0:
        return None
    right = left
    if words[left][1] <= place:  # in the gap behind it
        right = left + 1
        if right == len(words) or not joined(left, right):
            return None
    while left and joined(left - 1, left):
        left -= 1
    while right + 1 < len(words) and joined(right, right + 1):
        right += 1
    cut_off = (left == 0 and open_left) or (right == len(words) - 1 and open_right)
    start, end = words[left][0], words[right][1]
    return None if left == right or cut_off or end - start > most else (start, end)


def _whole(body: str, first: int, last: int, width: int) -> tuple[int, int]:
    """What must be seen, with the equations that it begins or ends in where there is room for them."""
    before, after = equation(body, first, width), equation(body, max(first, last - 1), width)
    wanted = min(first, before[0]) if before else first, max(last, after[1]) if after else last
    return wanted if wanted[1] - wanted[0] <= width else (first, last)


def _parted(body: str, place: int, width: int) -> tuple[int, int] | None:
    """The equation that a cut would part."""
    found = equation(body, place, width) if 0 < place < len(body) else None
    return found if found and found[0] < place < found[1] else None


def _spared_start(body: str, start: int, first: int, width: int, pieces: Pieces) -> int:
    """Past the equation that a cut would part, unless something of it must be seen; and never at a formula."""
    for _ in range(_ROUNDS):
        if pieces:
            start = pieces.start(start, first)
        parted = _parted(body, start, width)
        behind = _TRAIL.match(body, parted[1]) if parted else None
        if behind is None or behind.end() > first:
            break
        start = behind.end()
    return pieces.start(start, first) if pieces else start


def _spared_end(body: str, start: int, last: int, end: int, width: int, pieces: Pieces) -> int:
    """Before the equation that a cut would part, unless it must be seen or too little would be left; and never in a formula."""
    for _ in range(_ROUNDS):
        if pieces:
            end = pieces.end(start, last, end)
        parted = _parted(body, end, width)
        if parted is None or parted[0] < last or parted[0] - start < width // 3:
            break
        end = start + len(body[start : parted[0]].rstrip())
    return pieces.end(start, last, end) if pieces else end


class Pieces:
    """The formulas and the pieces of code of a text, which are never cut."""

    def __init__(self, text: str, found: Iterable[Span]) -> None:
        self._text = text
        self._all = [piece for piece in found if piece.start < piece.end]
        self._ends = [piece.end for piece in self._all]

    def __bool__(self) -> bool:
        return bool(self._all)

    def around(self, start: int, end: int) -> Span | None:
        """The piece that holds some of a range."""
        at = bisect_right(self._ends, start)
        return self._all[at] if at < len(self._all) and self._all[at].start < end else None

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """The ranges of the pieces that lie in a range."""
        first, last = bisect_right(self._ends, start), bisect_right(self._ends, end)
        return [(piece.start, piece.end) for piece in self._all[first:last]]

    def opening(self, place: int) -> Span | None:
        """The piece that an excerpt from this place on would begin with."""
        lead = _LEAD.match(self._text, place)
        return self.around(place, (lead.end() if lead else place) + 1)

    def start(self, start: int, first: int) -> int:
        """A place to begin that is no formula and no code: as asked, or soon after, before `first`, which must be seen; else after them."""
        if self.opening(start) is None:
            return start
        for place in _beginnings(self._text, start, first):
            if self.opening(place) is None:
                return place
        while piece := self.opening(start):
            start = piece.end
        trail = _TRAIL.match(self._text, start)
        return trail.end() if trail else start

    def end(self, start: int, last: int, end: int) -> int:
        """A place to end that cuts nothing: before the piece that stands there, after it when it holds what must be seen."""
        piece = self.around(end - 1, end + 1) if end < len(self._text) else None
        if piece is None or not piece.start < end < piece.end:
            return end
        if piece.start < last or piece.start <= start:
            return piece.end
        return start + len(self._text[start : piece.start].rstrip())


def _beginnings(text: str, start: int, first: int) -> Iterator[int]:
    """Where an excerpt may begin: at sentences, else at words."""
    for sentence in _SENTENCE_END.finditer(text, start, first):
        yield sentence.end()
    blank = text.find(" ", start, first)
    while blank >= 0:
        yield blank + 1
        blank = text.find(" ", blank + 1, first)
