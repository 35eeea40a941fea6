"""French questions with the paragraph that answers (PIAF v1.0, CC BY-SA): a floor under the ranking, so that a regression shows."""

import json
from collections import defaultdict
from math import log2
from pathlib import Path

import pytest

from indexer.planner import plan
from indexer.query import Query

from .conftest import MakeDocument, Place

FLOOR = 0.81
"""nDCG@10 over all full questions; .817 when this was written, .810 is what plain BM25 with French stemming gives."""


@pytest.mark.real
def test_piaf(real_data: Path, place: Place, document: MakeDocument) -> None:
    directory = real_data / "ir" / "piaf"
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (directory / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query_id, document_id, _ = line.split("\t")
        relevant[query_id].add(document_id)
    with (directory / "corpus.jsonl").open(encoding="utf-8") as file:
        place.publish(document(row["_id"], row["title"], row["text"]) for row in map(json.loads, file))
    engine = place.engine()
    lexicon = engine.lexicon()
    with (directory / "queries.jsonl").open(encoding="utf-8") as file:
        questions = [(row["_id"], row["text"]) for row in map(json.loads, file)]
    total = 0.0
    for query_id, text in questions:
        wanted = relevant[query_id]
        found = engine.search(plan(Query(text=text), lexicon)).documents
        gain = sum(1 / log2(rank + 2) for rank, one in enumerate(found) if one.id in wanted)
        total += gain / sum(1 / log2(rank + 2) for rank in range(min(10, len(wanted))))
    score = total / len(questions)
    print(f"PIAF, {len(questions)} questions: nDCG@10 {score:.4f} (floor {FLOOR})")
    assert score >= FLOOR
