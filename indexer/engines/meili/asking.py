"""The three questions of a page, as one request each, and their answers as values.

Every answer brings the name of its generation along, read in the same transaction as its hits: a union has the naming document in it, which
no sort and no facet of the page touches; what is fetched by id fetches that document too. Owns the form of requests and answers; it
refuses to know what a page is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from meilisearch import Client

from indexer.engines.meili import tokens
from indexer.engines.meili.compile import MAX_WORDS, Wanted, alternatives, guards, lexicon_order
from indexer.engines.meili.fields import META_ID, RANKED_BY
from indexer.engines.meili.server import Server
from indexer.lexicon import Lexicon
from indexer.plan import Plan, TermGroup

CANDIDATES: Final = 100
"""Hits that each question for candidates gives."""
WITHOUT: Final = 3
"""Of the rarest words, each is left out once: Meilisearch drops frequent words first, and would never find what lacks the rarest."""
_LABEL: Final = f'id = "{META_ID}"'


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. `facets`: by field, value → count. `documents`: what was fetched, by id. `generation` is None when nothing was
    published."""

    hits: Sequence[Mapping[str, Any]] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    generation: str | None = None
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def federated(
    server: Server,
    wanted: Wanted | None,
    *,
    offset: int = 0,
    limit: int,
    sort: Sequence[str] = (),
    fields: Sequence[str] = ("id",),
    facets: Sequence[str] = (),
) -> Answer:
    """A union: its total, its hits, and the counts of these facet fields."""
    uid = server.address.articles
    common: dict[str, Any] = {"indexUid": uid, "matchingStrategy": "all", "attributesToRetrieve": list(fields)}
    if sort:
        common["sort"] = list(sort)
    queries = [{**common, "q": text, "filter": wanted.filters} for text in wanted.texts] if wanted else []
    if wanted and wanted.pinned:
        queries.append({**common, "q": wanted.head, "filter": wanted.pinned, "federationOptions": {"weight": 2.0}})
    # The naming document is part of every union, after all others: without a date in any order by date, without weight in any other.
    queries.append({**common, "q": "", "filter": _LABEL, "federationOptions": {"weight": 0.0}})
    federation = {"offset": offset, "limit": limit, "facetsByIndex": {uid: ["generation", *facets]}}

    def question(client: Client) -> Answer:
        found: dict[str, Any] = client.multi_search(queries, federation)
        counts = found["facetsByIndex"][uid]["distribution"]
        generations = list(counts.get("generation", {}))
        hits = [hit for hit in found["hits"] if hit["id"] != META_ID]
        return Answer(
            hits=hits,
            total=int(found["estimatedTotalHits"]) - len(generations),
            facets={name: {tokens.text_of(value): int(count) for value, count in counts.get(name, {}).items()} for name in facets},
            generation=generations[0] if generations else None,
        )

    return server.ask(question)


def candidates(server: Server, plan: Plan, lexicon: Lexicon, filters: str) -> Answer:
    """What Meilisearch ranks best, by its own rules, for all of the words and for all but one of the rarest."""
    uid, head = server.address.articles, guards(plan)
    order = lexicon_order(plan.groups, lexicon)
    variants = [order[:MAX_WORDS]]
    if len(order) > 2:
        variants += [[at for at in order if at != left][:MAX_WORDS] for left in order[:WITHOUT]]
    common = {"indexUid": uid, "attributesToRetrieve": list(RANKED_BY), "limit": CANDIDATES, "filter": filters}
    texts = [" ".join(_placed(plan.groups[at], lexicon, titles_only=plan.titles_only) for at in sorted(places)) for places in variants]
    queries = [{**common, "q": f"{head} {text}", "matchingStrategy": "frequency"} for text in texts]
    for group in plan.groups:
        if len(others := alternatives(group, lexicon, titles_only=plan.titles_only)) > 1:
            queries += [{**common, "q": f"{head} {other}", "matchingStrategy": "all"} for other in others[:3]]
    naming = {"indexUid": uid, "q": "", "filter": _LABEL, "limit": 1, "attributesToRetrieve": ["generation"]}

    def question(client: Client) -> Answer:
        first, *found, last = client.multi_search([naming, *queries, naming])["results"]
        names = [one["hits"][0]["generation"] if one["hits"] else None for one in (first, last)]
        # Each of these questions has a transaction of its own: the same name before and after says that nothing came between.
        hits = {hit["id"]: hit for one in found for hit in one["hits"]}
        return Answer(hits=list(hits.values()), generation=names[0] if names[0] == names[1] else "")

    return server.ask(question)


def fetched(server: Server, ids: Sequence[str], fields: Sequence[str]) -> Answer:
    """Documents by id, those that readers may find."""
    asked = {"ids": [*filter(tokens.is_id, ids), META_ID], "fields": [*{*fields, "live", "generation"}], "limit": len(ids) + 1}
    path = f"indexes/{server.address.articles}/documents/fetch"

    def question(client: Client) -> Answer:
        found = {one["id"]: one for one in client.http.post(path, asked)["results"]}
        label = found.pop(META_ID, None)
        return Answer(
            documents={name: one for name, one in found.items() if one.get("live") is True},
            generation=label["generation"] if label else None,
        )

    return server.ask(question)


def _placed(group: TermGroup, lexicon: Lexicon, *, titles_only: bool) -> str:
    """A word as it is ranked: in its place in title or prose, where Meilisearch knows what stands near what."""
    if group.stems and not titles_only:
        return tokens.token(tokens.STEM, group.stems[0].term)
    return alternatives(group, lexicon, titles_only=titles_only)[0]
