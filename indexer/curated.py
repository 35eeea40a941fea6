"""From what curators wrote to what is published: an answer's addresses become ids of articles that readers can find.

Owns the way from an address to an article, and the French sentences about what stays without effect: an article that cannot be found, words
that are never searched. Neither is an error: blogs come and go, and a vocabulary that holds everywhere must not stop a night. It refuses to
know how the file is read (`luciole.vocabulary`) and how a plan uses what is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from indexer.analysis import content
from indexer.leaving import Leaving
from indexer.vocabulary import Pin, Vocabulary
from luciole.article import Article
from luciole.urls import authority
from luciole.vocabulary import Answer, Written, WrittenVocabulary

TOLD: Final = 50
"""Sentences told one by one."""


def published(written: WrittenVocabulary, leaving: Leaving, held: Collection[str] = ()) -> tuple[Vocabulary, tuple[str, ...]]:
    """What is published of a vocabulary, and what an operator is told of the rest, one line each. `held`: ids that the index still shows
    although the record does not (`indexer.losses`)."""
    curated = _Curated(written, leaving, frozenset(held))
    groups = (curated.expressions(group) for group in written.synonyms)
    pins = (curated.pin(answer) for answer in written.answers)
    vocabulary = Vocabulary(
        synonyms=tuple(group for group in groups if len(group) > 1), pins=tuple(pin for pin in pins if pin.queries and pin.articles)
    )
    return vocabulary, curated.sentences()


@dataclass(frozen=True, slots=True)
class _Curated:
    """One reading of a vocabulary over the record."""

    written: WrittenVocabulary
    leaving: Leaving
    held: frozenset[str]
    _said: list[tuple[int, str]] = field(default_factory=list)

    def expressions(self, entry: tuple[Written, ...]) -> tuple[str, ...]:
        """The expressions that hold a word which is searched."""
        return tuple(one.text for one in entry if self._searched(one))

    def pin(self, answer: Answer) -> Pin:
        """The articles that can be found, each once; there may be none."""
        found = (self._found(address) for address in answer.articles)
        return Pin(self.expressions(answer.queries), tuple(dict.fromkeys(filter(None, found))))

    def sentences(self) -> tuple[str, ...]:
        """What stays without effect, in the order of the file."""
        name = self.written.path.name if self.written.path else "vocabulaire.yaml"
        lines = [f"{name}:{line} : {sentence}" for line, sentence in sorted(self._said)]
        rest = len(lines) - TOLD
        return (
            (*lines[:TOLD], f"{name} : … et {rest} autre{'s' * (rest > 1)} ligne{'s' * (rest > 1)} sans effet.")
            if rest > 0
            else tuple(lines)
        )

    def _searched(self, one: Written) -> bool:
        if content(one.text):
            return True
        self._said.append((one.line, f"« {one.text} » n’a que des mots trop courants pour être cherchés : sans effet."))
        return False

    def _found(self, address: Written) -> str | None:
        """The id of the article at an address, if readers can find it."""
        hidden: Article | None = None
        for article in self._known(address.text):
            if article.id in self.held or self.leaving.document(article) is not None:
                return article.id
            hidden = hidden or article
        if hidden is None:
            why = "adresse inconnue du fonds"
        else:
            removal = self.leaving.removal(hidden)
            why = removal.reason or removal.sign
        self._said.append((address.line, f"réponse choisie introuvable, sans effet : {address.text} ({why})."))
        return None

    def _known(self, url: str) -> Iterator[Article]:
        """The articles of the record under an address, that of the blog which lives there first. Every blog is asked that was ever listed:
        an address may have moved, and a curator wants to hear that the block is gone."""
        sources, store = self.leaving.sources, self.leaving.store
        where = authority(url)
        at_home = (one.id for one in sources.values() if where in one.hosts)
        for source in dict.fromkeys((*at_home, *sources, *self.leaving.standings)):
            if (article := store.find(source, url)) is not None:
                yield self._heir(article)

    def _heir(self, article: Article) -> Article:
        """The article itself, or the one that readers see in its place: it was merged into that, or is a copy of it."""
        seen = {article.id}
        while (other := article.merged_into or article.dup_of) and other not in seen:
            seen.add(other)
            found = self.leaving.store.article(other)
            if found is None:
                break
            article = found
        return article
