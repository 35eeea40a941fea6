"""What the tests of the index share: small documents, a night, and a place to keep an index that a second process can read."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from indexer.document import IndexDocument
from indexer.engine import IndexWriter, SearchEngine
from indexer.night import Night
from indexer.open import open_engine, open_writer
from indexer.query import Query
from indexer.search import Search
from luciole.settings import Settings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

MakeDocument = Callable[..., IndexDocument]

_ELSEWHERE = """
import json, sys
from pathlib import Path
from indexer.query import Query
from indexer.search import open_search
from luciole.settings import Settings
search = open_search(Settings(data=Path(sys.argv[1])))
for line in sys.stdin:
    page = search.page(Query(text=json.loads(line), size=100))
    print(json.dumps({"ids": [hit.id for hit in page.hits], "generation": page.generation}), flush=True)
"""


@pytest.fixture
def document() -> MakeDocument:
    def make(id: str, title: str, body: str = "", *, date: datetime | str | None = None, **values: Any) -> IndexDocument:
        moment = datetime.fromisoformat(date).replace(tzinfo=UTC) if isinstance(date, str) else date
        return IndexDocument(
            id=id,
            url=f"https://exemple.org/{id}",
            title=title,
            body=body,
            authors=values.get("authors", ()),
            source_id=values.get("source_id", "blog-a"),
            source_name=values.get("source_name", "Blog A"),
            disciplines=values.get("disciplines", ("physique",)),
            date=moment,
            year=str(moment.year) if moment else "",
            words=len(body.split()),
        )

    return make


@pytest.fixture
def night() -> Night:
    return Night(published_at=NOW, crawled_at=None, articles=0, sources=())


@dataclass
class Place:
    """Where one index lives, and the ways to it. A second engine joins the suite with a place of its own."""

    settings: Settings
    night: Night
    _open: list[Any] = field(default_factory=list)

    def engine(self) -> SearchEngine:
        return self._closing(open_engine(self.settings))

    def search(self) -> Search:
        return self._closing(Search(open_engine(self.settings)))

    def writer(self) -> IndexWriter:
        return self._closing(open_writer(self.settings))

    def publish(self, documents: Iterable[IndexDocument], *, deletions: Iterable[str] = (), revision: int = 1) -> None:
        """Into the live index, or into the first one."""
        writer = open_writer(self.settings)
        try:
            if writer.meta() is None:
                writer.rebuild(documents, lambda: (revision, self.night))
            else:
                writer.apply(documents, deletions)
                writer.publish(revision, self.night)
        finally:
            writer.close()

    def elsewhere(self) -> "Elsewhere":
        return self._closing(Elsewhere(self.settings.data))

    def _closing(self, thing: Any) -> Any:
        self._open.append(thing)
        return thing

    def close(self) -> None:
        while self._open:
            self._open.pop().close()


class Elsewhere:
    """A reader in a process of its own, which stays open."""

    def __init__(self, data: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ELSEWHERE, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ids(self, text: str) -> set[str]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return set(json.loads(self._process.stdout.readline())["ids"])

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture(params=["embedded"])
def place(request: pytest.FixtureRequest, tmp_path: Path, night: Night) -> Iterator[Place]:
    assert request.param == "embedded"
    made = Place(Settings(data=tmp_path / "data"), night)
    yield made
    made.close()


@pytest.fixture
def ids(place: Place) -> Callable[..., list[str]]:
    """The ids that a query finds, in order."""
    search = place.search()

    def find(text: str = "", **values: Any) -> list[str]:
        return [hit.id for hit in search.page(Query(text=text, size=values.pop("size", 100), **values)).hits]

    return find
