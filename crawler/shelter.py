"""Words that stand for formulas and code while a page's text is being extracted.

Owns the words: made of letters and figures, so that no cleaning touches them; about as long as what they stand for, so that the weight of
a paragraph stays what it was; and found nowhere in the page. It refuses to know how the text is extracted.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from luciole.marks import Kind, marked, neutral

_BETWEEN: Final = re.compile(r"[\W_]+")
_MOST_LETTERS: Final = 3000
"""Letters up to which a word is lengthened."""


class Shelter:
    """What was put away out of one page. `page` is all that the page says: no word of ours may stand in it."""

    def __init__(self, page: str) -> None:
        page = _BETWEEN.sub("", page.lower())  # cleaning may join what tags, blanks or signs part
        stem = "xqz"
        while stem in page:
            stem += "jqz"
        self._stem = stem
        self._kept: list[tuple[Kind, str]] = []

    def put(self, kind: Kind, text: str) -> str:
        """Keeps `text`; the answer stands for it."""
        self._kept.append((kind, text))
        filler = min(len(text), _MOST_LETTERS) // (len(self._stem) + 1)
        return " ".join([f"{self._stem}{len(self._kept) - 1}e", *[self._stem] * max(filler - 1, 0)])

    def restored(self, text: str) -> str:
        """`text`, a stranger's, with what was kept back in its place, marked."""
        return self._words.sub(lambda word: self._found(word, marks=True), neutral(text))

    def restored_line(self, text: str) -> str:
        """The same without marks: titles bear none."""
        return self._words.sub(lambda word: self._found(word, marks=False), neutral(text))

    def _found(self, word: re.Match[str], *, marks: bool) -> str:
        if word[1] is None or int(word[1]) >= len(self._kept):
            return ""
        kind, text = self._kept[int(word[1])]
        return marked(kind, text) if marks else text

    @cached_property
    def _words(self) -> re.Pattern[str]:
        # A word whose filler was cut off is whole; filler whose word was cut off says nothing.
        return re.compile(rf"{self._stem}(?:(\d{{1,7}})e)?(?:\s+{self._stem}(?!\d+e))*", re.IGNORECASE)
