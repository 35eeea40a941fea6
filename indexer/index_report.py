"""What one run of the indexer did, and the French lines that say so."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.losses import articles


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one run of the indexer did. `came`, `left`, `changed`: ids of sources; `removed` counts articles that readers could find
    before and cannot now; `published` is false when there was nothing to say; `articles` is how many can be found.

    `held`: ids of articles that readers still find although nobody said why they should leave: an operator must decide. `warnings`: the
    sentences about them, and about what stays without effect in the vocabulary. `blocked`: what is held could not be carried over into a
    rebuilt index, so that nothing was published at all.
    """

    rebuilt: bool
    published: bool
    revision: int
    indexed: int
    removed: int
    articles: int
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    blocked: bool = False

    def describe(self) -> str:
        """A few French lines for whoever runs the indexer."""
        return "\n".join((*self._done(), *self.warnings))

    def _done(self) -> list[str]:
        findable = f"{articles(self.articles)} trouvable{'s' * (self.articles > 1)}"
        if self.blocked:
            return [f"Index non reconstruit : l’ancien reste en ligne, tel quel ({findable})."]
        if not self.published:
            return [f"Index à jour : {findable}, rien à changer."]
        figures = f"{self.indexed} écrit{'s' * (self.indexed > 1)}, {self.removed} retiré{'s' * (self.removed > 1)}"
        lines = [f"{'Index reconstruit' if self.rebuilt else f'Index mis à jour ({figures})'} : {findable}."]
        for label, ids in (("arrivés", self.came), ("partis", self.left), ("modifiés", self.changed)):
            if ids and not (self.rebuilt and label == "arrivés"):
                lines.append(f"Blogs {label} : {', '.join(ids[:10])}{' …' if len(ids) > 10 else ''}.")
        return lines
