"""What a publish would take from readers without anybody having said why, and whether that is too much.

Owns the reasons that count as given, and the rule of what is held back. Pure: values go in, a verdict comes out. It refuses to know stores
and engines. A condition of `indexer.document` that is not among the reasons here is no reason: what nobody thought of is held back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from luciole.article import Article
from luciole.sources import Source
from luciole.standing import Standing

MOST_OF_ALL: Final = 20
"""One article in so many may leave without a reason; more (over 5 %) are held back."""
HALF: Final = 2
LEAST: Final = 20
"""A blog of at least so many articles may not lose one in `HALF` of them without a reason."""
NAMED: Final = 20
"""Blogs that are named one by one."""

TO_DO: Final = (
    "Si c’est voulu : luciole index --force. Sinon, cherchez la cause : pages mal relues (luciole extract --again les relit), "
    "fonds abîmé ou trop ancien (remettez une sauvegarde). Ce qui redevient montrable n’est plus retenu."
)
"""What an operator can do, in French."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that readers can find now and could not after a publish: of which source ("" when nobody knows), for which `reason`
    (None: nobody gave one), and then the `sign` that was seen instead, a French phrase for one or for many."""

    source: str
    article_id: str
    reason: str | None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ids that stay in the index although the record no longer has them for readers, and what an operator is told, one line each."""

    held: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()


def losses(before: Mapping[str, int], removals: Iterable[Removal], still: Set[str] = frozenset()) -> Verdict:
    """What a publish holds back; `before` is how many documents of each source readers can find now.

    Removals with a reason never are. The others are, all of them when they are more than 5 % of all documents, else those of each source of
    at least `LEAST` that would lose half of its documents or more. `still` are the ids that an earlier publish held back: they stay until a
    reason is given, whatever their share is by now. An alarm that falls silent because the index has grown would be nobody's decision.
    """
    lost = {one.article_id: one for one in removals if one.reason is None}
    by_source = Counter(one.source for one in lost.values())
    total = sum(before.values())
    if len(lost) * MOST_OF_ALL > total:
        held = lost
    else:
        robbed = {source for source, count in by_source.items() if LEAST <= before.get(source, 0) <= count * HALF}
        held = {name: one for name, one in lost.items() if one.source in robbed or name in still}
    return Verdict(frozenset(held), tuple(_sentences(before, held.values()))) if held else Verdict()


def reason(article: Article | None, source: Source | None, standing: Standing | None, *, url: str | None, now: datetime) -> str | None:
    """Why readers may not find an article any longer, when a curator, its author or the rules of the robot say so: a French phrase. None
    when nobody does.

    `url` is its address, in the record or as it was published (the `article` is None when the record does not know it); None when nobody
    knows it: then no pattern of the list can have refused it.
    """
    if source is None:
        return "bloc retiré de la liste"
    if not source.listed:
        return "blog en pause"
    if standing is not None and standing.frozen_at is not None:
        return "blog en observation"
    if url is not None and not source.admits(url):
        return "adresse exclue par la liste"
    if article is None:
        return None
    if article.merged_into is not None:
        return "fondu avec un autre article"
    if article.gone_at is not None:
        return article.gone_why or None
    if article.noindex:
        return "la page demande à ne pas être indexée"
    if article.dup_of is not None:
        return "copie d’un autre article"
    end = article.wishes.unavailable_after
    return "terme fixé par l’auteur" if end is not None and end.astimezone(UTC) <= now else None


def sign(article: Article | None) -> str:
    """What is to be seen of an article that would leave without a reason: a French phrase for one or for many."""
    if article is None:
        return "sans trace dans le fonds"
    if article.gone_at is not None:
        return "d’un retrait sans motif"
    if not article.title and not article.text:
        return "sans titre ni texte"
    if article.language != "fr":
        return f"en une autre langue ({article.language})" if article.language else "de langue indécise"
    return "sans cause connue"


def articles(count: int) -> str:
    """A number of articles in French: `1 article`, `2 000 articles`."""
    return f"{_figure(count)} article{'s' * (count > 1)}"


def _figure(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _sentences(before: Mapping[str, int], held: Iterable[Removal]) -> Iterator[str]:
    """How much is held back, of which blogs, and what to do."""
    signs: dict[str, Counter[str]] = {}
    for one in held:
        signs.setdefault(one.source, Counter())[one.sign] += 1
    counts = {source: seen.total() for source, seen in signs.items()}
    count, total = sum(counts.values()), _figure(sum(before.values()))
    leave, stay = ("quitteraient", "ils y restent") if count > 1 else ("quitterait", "il y reste")
    yield f"Retenu : {articles(count)} sur {total} {leave} la recherche sans raison donnée ; {stay} en attendant votre décision."
    ordered = sorted(counts, key=lambda source: (-counts[source], source))
    for source in ordered[:NAMED]:
        seen = sorted(signs[source].items(), key=lambda pair: (-pair[1], pair[0]))
        detail = ", ".join(f"{_figure(number)} {what}" for what, number in seen if what)
        known = f" sur {_figure(before[source])}" if source in before else ""
        yield f"[{source or '?'}] {articles(counts[source])}{known}{' : ' * bool(detail)}{detail}."
    if rest := ordered[NAMED:]:
        more = sum(counts[source] for source in rest)
        yield f"… et {len(rest)} autre{'s' * (len(rest) > 1)} blog{'s' * (len(rest) > 1)} ({articles(more)})."
    yield TO_DO
