"""What the numbered cases share: one loaded crawler."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawler.cases.forks import Forks


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()
