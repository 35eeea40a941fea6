"""Generated articles that weigh on an index as French ones do: a Zipf vocabulary, elisions, accents, a few words that stay together.

Seeded: the same numbers give the same articles everywhere. They mean nothing and resemble nobody's text. As many as are measured do not fit
into memory: a `Spool` writes them to a file once, and every yardstick reads the very same ones from there.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

from indexer.document import IndexDocument
from luciole.disciplines import DISCIPLINES
from luciole.sources import TYPES

SEED: Final = 20261122
_TEXT_STARTS: Final = "a b br c ch cl cr d dr e é f fl fr g gl gr h i j l m n o p ph pl pr qu r s st t th tr u v"
_TEXT_VOWELS: Final = "a ai an au e é è en eu i in o oi on ou u un"
_TEXT_MIDDLES: Final = "b c ch d f g gn l ll m n nn p ph r rr s ss st t tr v"
_ENDS: Final = [
    "",
    "e",
    "es",
    "s",
    "tion",
    "tions",
    "ment",
    "ique",
    "iques",
    "eur",
    "eurs",
    "euse",
    "té",
    "er",
    "ent",
    "aux",
    "al",
    "isme",
    "logie",
]
_TEXT_SMALL: Final = "le la les de des du un une et à en dans pour que qui sur par au avec est sont plus ce cette il elle"
_STARTS, _VOWELS, _MIDDLES, _SMALL = (text.split() for text in (_TEXT_STARTS, _TEXT_VOWELS, _TEXT_MIDDLES, _TEXT_SMALL))
_WEIGHTS: Final = (*[1.0] * 18, 0.5, 2.0)
"""Of the blogs in the ranking: most are like most."""
_ELIDED: Final = ("l’", "d’", "qu’", "l'", "d'")


class Generator:
    """Articles over a vocabulary of `words` forms, of `median` words each."""

    def __init__(self, *, words: int, median: int) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - the point is that it can be repeated
        self._median = median
        self.vocabulary = self._vocabulary(words)
        # Zipf's law, a little flatter at the top, where stop words stand apart.
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(words)))

    def _vocabulary(self, size: int) -> list[str]:
        rng, words = self._random, dict[str, None]()
        while len(words) < size:
            root = rng.choice(_STARTS) + rng.choice(_VOWELS)
            for _ in range(rng.choice((0, 1, 1, 2, 2, 3))):
                root += rng.choice(_MIDDLES) + rng.choice(_VOWELS)
            root += rng.choice(_MIDDLES)
            for end in rng.sample(_ENDS, rng.randrange(1, 5)):
                words.setdefault(root + end)
        return list(words)[:size]

    def articles(self, count: int) -> Iterator[IndexDocument]:
        """`count` articles, over 200 blogs and 20 years. Each blog has up to thirty authors of its own, one article in ten a guest who
        writes no other: a facet of very many values, as real ones are."""
        rng, labels, kinds = self._random, list(DISCIPLINES), list(TYPES)
        start = datetime(2006, 1, 1, tzinfo=UTC)
        for number in range(count):
            blog = int(200 * rng.random() ** 2)
            date = start + timedelta(seconds=rng.randrange(20 * 365 * 86_400)) if rng.random() < 0.97 else None
            length = max(30, int(rng.lognormvariate(0, 0.6) * self._median))
            authors = [f"Signature {blog} {int(30 * rng.random() ** 2)}"]
            if rng.random() < 0.1:
                authors.append(f"Plume invitée {number}")
            yield IndexDocument(
                id=f"{rng.getrandbits(64):016x}",
                url=f"https://blog-{blog}.exemple.org/{number}",
                title=self._text(rng.randrange(4, 10)).capitalize(),
                body=self._text(length),
                authors=tuple(authors),
                source_id=f"blog-{blog}",
                source_name=f"Blog {blog}",
                disciplines=tuple(labels[(blog + at) % len(labels)] for at in range(1 + blog % 3)),
                date=date,
                year=str(date.year) if date else "",
                words=length,
                source_type=kinds[blog % len(kinds)],
                weight=_WEIGHTS[blog % len(_WEIGHTS)],
            )

    def _text(self, length: int) -> str:
        rng = self._random
        pieces = []
        for word in rng.choices(self.vocabulary, cum_weights=self._weights, k=length * 6 // 10 + 1):
            chance = rng.random()
            if chance < 0.1:
                pieces.append(rng.choice(_ELIDED) + word)
            elif chance < 0.75:
                pieces += (rng.choice(_SMALL), word)
            elif chance < 0.82:
                pieces.append(word + ".\n" if chance < 0.76 else word + ",")
            else:
                pieces.append(word)
        return " ".join(pieces)


class Spool:
    """Articles in a file, to be read any number of times, one after the other."""

    def __init__(self, path: Path, documents: Iterable[IndexDocument]) -> None:
        self._path = path
        with path.open("wb") as file:
            for document in documents:
                pickle.dump(document, file, pickle.HIGHEST_PROTOCOL)

    def read(self, count: int | None = None) -> Iterator[IndexDocument]:
        """All of them, or the first ones."""
        return islice(self._all(), count)

    def _all(self) -> Iterator[IndexDocument]:
        with self._path.open("rb") as file:
            while True:
                try:
                    yield pickle.load(file)  # noqa: S301 - written above
                except EOFError:
                    return


def questions(documents: list[IndexDocument], count: int) -> list[str]:
    """What a reader might ask for, words that stand in one article: in turn two to four keywords, and a whole question, which has five to
    eight words beside its stop words. One in five is misspelt."""
    rng = random.Random(SEED + 1)  # noqa: S311
    asked: list[str] = []
    while len(asked) < count:
        words = [word.strip(".,\n") for word in rng.choice(documents).body.split()]
        at = rng.randrange(max(1, len(words) - 30))
        wanted = rng.randrange(2, 5) if len(asked) % 2 else rng.randrange(5, 9)
        chosen = [word for word in words[at : at + 30] if len(word) > 4][:wanted]
        if len(chosen) == wanted:
            if rng.random() < 0.2:
                chosen[0] = chosen[0][:-2] + chosen[0][-1] + chosen[0][-2]
            asked.append(" ".join(chosen))
    return asked
