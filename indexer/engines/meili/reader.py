"""Reading a Meilisearch: the `SearchEngine` of the api, in any number of threads.

Owns the requests of one page, and that all of them speak of one generation: each brings the generation's name along, read in the same
transaction as its hits, and a page whose answers differ is asked for again. What was read of a generation is kept until another is live.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from indexer.diversity import SPREAD, spread
from indexer.document import IndexDocument
from indexer.engine import Meta, RawHits
from indexer.engines.meili.asking import Answer, candidates, federated, fetched
from indexer.engines.meili.compile import Wanted, among, frequency, wanted
from indexer.engines.meili.editions import Edition, Label, read_edition, read_label, unpublished
from indexer.engines.meili.fields import LIVE, RANKED_BY, VERSION, from_meili
from indexer.engines.meili.ranking import Ranker
from indexer.engines.meili.server import Server
from indexer.lexicon import Lexicon
from indexer.plan import Plan
from indexer.query import FACETS
from luciole.errors import EngineError, EngineUnavailable

WINDOW: Final = 200
"""The best hits that are put in order by relevance; those after them come newest first."""
_LOOK: Final = 0.005
"""Seconds that a look at the live generation holds: the questions of one page share one. No publish is as quick."""
_ATTEMPTS: Final = 8
"""Times that a page is asked for when a publish comes between its requests."""
_NEWEST: Final = ("moment:desc", "id:asc")


class _Moved(Exception):
    """Another generation became live between two requests."""


@dataclass(frozen=True, slots=True)
class _Look:
    at: float
    label: Label


class MeiliEngine:
    """A published index on a server, open for reading. Safe to share between threads; opening it sends nothing."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._edition: Edition | None = None
        self._seen: _Look | None = None
        self._opening = threading.Lock()

    def search(self, plan: Plan) -> RawHits:
        """See `SearchEngine.search`."""
        for _ in range(_ATTEMPTS):
            current = self._current(fresh=False)
            try:
                return _Page(self._server, current, plan).read()
            except _Moved:
                self._seen = None
            except EngineError:
                self._seen = None
                raise
        raise EngineUnavailable("the index changes faster than it can be read", hint="try again")

    def documents(self, ids: Sequence[str]) -> tuple[IndexDocument, ...]:
        """See `SearchEngine.documents`."""
        self._current()
        found = fetched(self._server, list(dict.fromkeys(ids)), ["id", "stored"]).documents if ids else {}
        return self._server.ask(lambda client: tuple(from_meili(found[one]) for one in dict.fromkeys(ids) if one in found), again=False)

    def lexicon(self) -> Lexicon:
        """See `SearchEngine.lexicon`. Read once for each generation."""
        return self._current().lexicon

    def meta(self) -> Meta:
        """See `SearchEngine.meta`."""
        return self._current().meta

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    def _current(self, *, fresh: bool = True) -> Edition:
        """The live generation. `fresh`: as it is now; else what is known may do, since the search itself tells when it is another."""
        edition, seen = self._edition, self._seen
        if edition is not None and seen is not None and seen.label == edition.label and (not fresh or time.monotonic() - seen.at < _LOOK):
            return edition
        for _ in range(_ATTEMPTS):
            at = time.monotonic()
            label = read_label(self._server)
            if label is None:
                self._edition = self._seen = None
                raise unpublished()
            if label.schema != VERSION:
                raise EngineUnavailable("the index was written by another version of Luciole", hint="run: luciole index")
            edition = self._edition
            if edition is None or edition.label != label:
                edition = self._open(label)
            if edition is not None:
                self._seen = _Look(at, label)
                return edition
        raise EngineError("the index lacks its words", hint="run: luciole index --rebuild")

    def _open(self, label: Label) -> Edition | None:
        """Read a generation; one thread does, the others wait for it."""
        with self._opening:
            if self._edition is not None and self._edition.label == label:
                return self._edition
            edition = read_edition(self._server, label)
            if edition is not None:
                edition.lexicon, edition.collection  # noqa: B018 - made here, by one thread
                self._edition = edition
            return edition


class _Page:
    """The requests of one page."""

    def __init__(self, server: Server, edition: Edition, plan: Plan) -> None:
        self._server = server
        self._edition = edition
        self._plan = plan
        self._rows = tuple(row for row in FACETS if row.name in plan.facets)

    def read(self) -> RawHits:
        plan = self._plan
        if plan.nothing:
            self._same(federated(self._server, None, limit=0))
            return self._made((), 0, {row.name: () for row in self._rows})
        found = self._narrowed(wanted(plan, self._edition.lexicon))
        if plan.sort == "date" or not plan.groups:
            answer = self._union(found, offset=plan.offset, limit=max(plan.limit, 0), sort=_NEWEST, fields=("id", "stored"), facets=True)
            return self._made(self._documents(answer.hits), answer.total, self._facets(answer))
        few = plan.limit > 0 and self._expected() <= WINDOW
        answer = self._union(found, limit=WINDOW if few else 0, fields=RANKED_BY, facets=True)
        documents = self._documents(self._page(found, answer)) if plan.limit > 0 else ()
        return self._made(documents, answer.total, self._facets(answer))

    def _expected(self) -> int:
        """About how many are found at least: where it is more than a window anyway, Meilisearch's choice of them is not asked for."""
        if self._plan.least > 1:
            return 0
        return max(frequency(group, self._edition.lexicon) for group in self._plan.groups) if not self._narrow() else 0

    def _narrow(self) -> bool:
        """Whether anything but words decides what is found."""
        return bool(self._plan.filters or self._plan.required or self._plan.excluded or self._plan.titles_only)

    def _narrowed(self, found: Wanted) -> Wanted:
        """Where a union may hold more than satisfies the plan, and is small enough to be looked at one by one, what satisfies it."""
        if found.exact:
            return found
        answer = self._union(found, limit=WINDOW, fields=RANKED_BY)
        if answer.total > WINDOW:
            return found
        ids = {*self._ranked(answer.hits), *(hit["id"] for hit in answer.hits if hit["id"] in self._plan.pinned)}
        return replace(found, texts=("",), filters=f"{LIVE} AND {among(ids)}", head="", pinned=None)

    def _page(self, found: Wanted, answer: Answer) -> list[Mapping[str, Any]]:
        """The hits of the page by relevance: those of the window in our order, then the rest newest first."""
        plan = self._plan
        ranked = self._window(found, answer)
        chosen = ranked[plan.offset : plan.offset + plan.limit]
        hits: list[Mapping[str, Any]] = []
        if chosen:
            documents = self._same(fetched(self._server, chosen, ["id", "stored", "live"])).documents
            hits += [documents[one] for one in chosen if one in documents]
        left = min(plan.limit - len(chosen), answer.total - len(ranked) - max(0, plan.offset - len(ranked)))
        if left > 0:
            rest = replace(found, filters=f"{found.filters} AND NOT {among(ranked)}", pinned=None)
            hits += self._union(rest, offset=max(0, plan.offset - len(ranked)), limit=left, sort=_NEWEST, fields=("id", "stored")).hits
        return hits

    def _window(self, found: Wanted, answer: Answer) -> list[str]:
        """The ids of the best hits, in order."""
        plan, edition = self._plan, self._edition
        hits = {str(hit["id"]): hit for hit in answer.hits}
        if not hits and 0 < answer.total <= WINDOW:  # fewer than expected
            answer = self._union(found, limit=WINDOW, fields=RANKED_BY)
            hits = {str(hit["id"]): hit for hit in answer.hits}
        if answer.total > len(hits):
            for hit in self._same(candidates(self._server, plan, edition.lexicon, found.filters)).hits:
                hits.setdefault(hit["id"], hit)
        scored = self._ranked(hits.values())
        pinned = [one for one in dict.fromkeys(plan.pinned) if one in hits]
        best = [*pinned, *(one for one in scored if one not in pinned)][:WINDOW]
        if plan.diverse:
            order = spread([str(hits[one].get("source_id", "")) for one in best[:SPREAD]])
            order = [*range(len(pinned)), *(at for at in order if at >= len(pinned))]
            best[: len(order)] = [best[at] for at in order]
        return best

    def _ranked(self, hits: Iterable[Mapping[str, Any]]) -> list[str]:
        """The ids of the hits that satisfy the plan, best first."""
        ranker = Ranker(self._plan, self._edition.lexicon, self._edition.collection)
        return self._server.ask(lambda client: ranker.order(hits), again=False)

    def _facets(self, answer: Answer) -> dict[str, tuple[tuple[str, int], ...]]:
        """Each facet counted without its own filter: one more request for each that has one."""
        made = {}
        for row in self._rows:
            counts = answer.facets.get(row.field, {})
            if chosen := self._plan.filters.get(row.name):
                others = wanted(self._plan, self._edition.lexicon, without=row.name)
                counts = dict(self._union(others, limit=0, facets=True).facets.get(row.field, {}))
                for value in chosen:  # however rare it is
                    if value not in counts:
                        alone = wanted(replace(self._plan, filters={**self._plan.filters, row.name: (value,)}), self._edition.lexicon)
                        if total := self._union(alone, limit=0).total:
                            counts[value] = total
            made[row.name] = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        return made

    def _union(self, found: Wanted, **asked: Any) -> Answer:
        facets = asked.pop("facets", False)
        fields = [row.field for row in self._rows] if facets else []
        return self._same(federated(self._server, found, facets=fields, **asked))

    def _same(self, answer: Answer) -> Answer:
        """The answer, if it is of the generation that is being read."""
        if answer.generation is None:
            raise unpublished()
        if answer.generation != self._edition.label.generation:
            raise _Moved
        return answer

    def _documents(self, hits: Sequence[Mapping[str, Any]]) -> tuple[IndexDocument, ...]:
        return self._server.ask(lambda client: tuple(map(from_meili, hits)), again=False)

    def _made(self, documents: tuple[IndexDocument, ...], total: int, facets: Mapping[str, tuple[tuple[str, int], ...]]) -> RawHits:
        label = self._edition.label
        return RawHits(documents=documents, total=total, facets=facets, generation=label.generation, night=self._edition.night)
