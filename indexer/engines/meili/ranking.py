"""The order of the best hits: how well each satisfies the plan.

Meilisearch puts hits into buckets by rules and weighs no frequencies; what it finds best is put in order here, by the formula and factors
of the embedded engine (BM25 in each field, the best field of each word and a share of the others, all words, words close together), from
the words that it gives back with the hits. Pure; it refuses to know servers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, log2
from typing import Any, Final

from indexer.analysis import stem
from indexer.engines.meili import tokens
from indexer.lexicon import Lexicon
from indexer.plan import Plan, TermGroup

TITLE: Final = 1.0
ABOUT: Final = 0.5
TIE: Final = 0.3
EVERY_WORD: Final = 5.0
NOTATION: Final = 0.4
NEAR: Final = 0.6
NEAR_SLOP: Final = 2
K1, B = 1.2, 0.75
"""Of BM25 (Robertson and Zaragoza 2009), as tantivy has them."""
_DAY: Final = 86_400
_EPOCH: Final = 63_082_281_600
"""2000-01-01 in seconds since year 1."""
_LAST: Final = 66_238_041_600
"""2100-01-01: no article is newer for the ranking, whatever it says."""
_RECENCY: Final = 2e-6
_FIELDS: Final = (("title_s", TITLE), ("body_s", 1.0), ("about_s", ABOUT))
_FORMS: Final = ("title_w",)
_TEXTS: Final = ("title_s", "body_s", "about_s", "notation", "title_w")
LENGTHS: Final = ("title_s", "body_s", "about_s", "notation")
"""The fields whose words are counted, in the order of a document's `sizes`."""
_LIGHTEST, _HEAVIEST = 0.1, 10.0


@dataclass(frozen=True, slots=True)
class Collection:
    """What BM25 knows of all documents: how many there are, mean words of a title, a body, the names and the notation, and in how many
    titles each word stands."""

    documents: int
    lengths: Mapping[str, float]
    titles: Mapping[str, int]


class Ranker:
    """One plan, ready to weigh hits."""

    def __init__(self, plan: Plan, lexicon: Lexicon, collection: Collection) -> None:
        self._plan = plan
        self._lexicon = lexicon
        self._collection = collection
        self._groups = [_Group(group, self._weight, lexicon, titles_only=plan.titles_only) for group in plan.groups]
        pairs = () if plan.titles_only else plan.pairs
        self._pairs = [
            (tuple(_word(tokens.STEM, one) for one in pair), _near(*pair), sum(self._weight("body_s", self._surfaces(one)) for one in pair))
            for pair in pairs
        ]

    def order(self, hits: Iterable[Mapping[str, Any]]) -> list[str]:
        """The ids of the hits that satisfy enough of the plan, best first; equals newest first, then by id. Raises KeyError or TypeError
        for what is no hit."""
        found = [(self._score(hit), hit) for hit in hits]
        kept = [(score, hit) for score, hit in found if score > 0]
        kept.sort(key=lambda pair: (-pair[0], -pair[1].get("moment", -1), pair[1]["id"]))
        return [hit["id"] for _, hit in kept]

    def _score(self, hit: Mapping[str, Any]) -> float:
        texts = {name: f" {hit.get(name) or ''} " for name in _TEXTS}
        sizes = dict(zip(LENGTHS, hit["sizes"], strict=True))
        norms = {name: K1 * (1 - B + B * size / (self._collection.lengths.get(name) or 1)) for name, size in sizes.items()}
        norms["title_w"] = norms["title_s"]
        scores = [group.score(texts, norms) for group in self._groups]
        satisfied = sum(score > 0 for score in scores)
        if satisfied < min(self._plan.least, len(scores)):
            return 0.0
        total = sum(scores)
        if satisfied == len(scores) > 1:
            total += EVERY_WORD
        body = texts["body_s"]
        for (first, second), pattern, weight in self._pairs:
            if first in body and second in body and (times := len(pattern.findall(body))):
                total += NEAR * weight * times * (K1 + 1) / (times + norms["body_s"])
        return total * _standing(hit)

    def _surfaces(self, one: str) -> tuple[str, ...]:
        return self._lexicon.surfaces(one) or (one,)

    def _weight(self, field: str, words: tuple[str, ...]) -> float:
        """The inverse document frequency of words in one field."""
        count = self._collection.titles.get if field.startswith("title") else self._frequency
        total = self._collection.documents
        held = min(total, sum(count(word, 0) for word in words)) or 1
        return log(1 + (total - held + 0.5) / (held + 0.5))

    def _frequency(self, word: str, default: int) -> int:
        return self._lexicon.frequency(word) or default


class _Group:
    """One word of the reader: pieces of text to count in each field, with what one of them is worth."""

    def __init__(self, group: TermGroup, weight: Callable[[str, tuple[str, ...]], float], lexicon: Lexicon, *, titles_only: bool) -> None:
        stems = {one.term: one.weight for one in group.stems}
        fields = _FIELDS[:1] if titles_only else _FIELDS
        self._terms: list[tuple[str, str, float]] = []
        for form in group.forms:
            root = stem(form.term)
            if root not in group_stems(group):
                stems[root] = max(stems.get(root, 0.0), form.weight)
            elif not titles_only:
                self._terms += [(name, _word(tokens.WORD, form.term), form.weight * weight(name, (form.term,))) for name in _FORMS]
        for root, factor in stems.items():
            words = lexicon.surfaces(root) or (root,)
            self._terms += [(name, _word(tokens.STEM, root), factor * boost * weight(name, words)) for name, boost in fields]
        if not titles_only:
            self._terms += [
                ("notation", _word(tokens.NOTATION, one.term).removesuffix(" "), one.weight * NOTATION * weight("notation", (one.term,)))
                for one in group.notation
            ]
        self._phrases = [
            (_phrase(one.stems), one.weight * sum(weight("body_s", lexicon.surfaces(root) or (root,)) for _, root in one.stems))
            for one in group.phrases
        ]

    def score(self, texts: Mapping[str, str], norms: Mapping[str, float]) -> float:
        """BM25 of the best field and form, and a share of the others'."""
        best = total = 0.0
        for name, piece, worth in self._terms:
            if times := texts[name].count(piece):
                one = worth * times * (K1 + 1) / (times + norms[name])
                best, total = max(best, one), total + one
        for pattern, worth in self._phrases:
            for name in ("title_s", "body_s"):
                if times := len(pattern.findall(texts[name])):
                    one = worth * times * (K1 + 1) / (times + norms[name])
                    best, total = max(best, one), total + one
        return best + TIE * (total - best)


def group_stems(group: TermGroup) -> set[str]:
    """The stems of a word as it was typed or corrected."""
    return {one.term for one in group.stems}


def _word(kind: str, word: str) -> str:
    return f" {tokens.token(kind, word)} "


def _phrase(stems: Sequence[tuple[int, str]]) -> re.Pattern[str]:
    """Stems at their distances, anything between them."""
    last, pieces = stems[0][0] - 1, []
    for place, root in stems:
        pieces += [r"\S+"] * (place - last - 1) + [tokens.token(tokens.STEM, root)]
        last = place
    return re.compile(f" (?={' '.join(pieces)} )")


def _near(one: str, other: str) -> re.Pattern[str]:
    """Two stems in this order, up to `NEAR_SLOP` places apart."""
    first, second = (tokens.token(tokens.STEM, root) for root in (one, other))
    return re.compile(rf" {first}(?= (?:\S+ ){{0,{NEAR_SLOP}}}{second} )")


def _standing(hit: Mapping[str, Any]) -> float:
    """The weight of the source, and the recency of the day: 2 % over 27 years, so that it settles equals."""
    moment = hit.get("moment")
    days = max(0, min(moment, _LAST) - _EPOCH) // _DAY if moment is not None else 0
    return float(min(max(hit.get("weight", 1.0), _LIGHTEST), _HEAVIEST) * log2(2 + days * _RECENCY))
