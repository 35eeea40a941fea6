"""The demonstration's articles in an index of ours and in one of bare BM25, once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench import relevance
from bench.bm25 import BareBM25
from bench.demonstration import documents
from indexer.document import IndexDocument
from indexer.search import Search


@pytest.fixture(scope="session")
def articles() -> tuple[IndexDocument, ...]:
    return documents()


@pytest.fixture(scope="session")
def search(articles: tuple[IndexDocument, ...]) -> Iterator[Search]:
    with relevance.engine(articles) as engine:
        yield Search(engine)


@pytest.fixture(scope="session")
def bare(articles: tuple[IndexDocument, ...]) -> BareBM25:
    return BareBM25(articles)
