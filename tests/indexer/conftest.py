"""What the tests of the index share: small documents, a night, and a place to keep an index that a second process can read."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from meilisearch import Client

from indexer.document import IndexDocument
from indexer.engine import IndexWriter, SearchEngine
from indexer.engines.meili import Address
from indexer.engines.meili.fields import SHELLS
from indexer.night import Night
from indexer.open import EMBEDDED, open_engine, open_writer
from indexer.query import Query
from indexer.search import Search
from luciole.settings import Settings

from .meili_server import UNSET, Running, running

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

MakeDocument = Callable[..., IndexDocument]

_ELSEWHERE = """
import json, sys
from pathlib import Path
from indexer.query import Query
from indexer.search import open_search
from luciole.settings import Settings
data, engine, key = sys.argv[1:]
search = open_search(Settings(data=Path(data), engine=engine, engine_key=key or None))
for line in sys.stdin:
    page = search.page(Query(text=json.loads(line), size=100))
    print(json.dumps({"ids": [hit.id for hit in page.hits], "generation": page.generation}), flush=True)
"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gap(engine, reason): what an engine cannot do, and why; a strict expected failure there")


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
            **{name: value for name, value in values.items() if name in ("dois", "source_type", "weight", "until")},
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
        return self._closing(Elsewhere(self.settings))

    def leftovers(self) -> list[str]:
        """What is kept of anything but the live generation."""
        if self.settings.engine == EMBEDDED:
            directories = sorted(entry.name for entry in self.settings.index_path.iterdir() if entry.is_dir())
            return directories if len(directories) > 1 else []
        address = Address.parse(self.settings.engine)
        client = Client(address.url, self.settings.engine_key)
        indexes = {one.uid for one in client.get_indexes({"limit": 1000})["results"]}
        generation = self.engine().meta().generation
        asked = {"filter": f"generation != {generation}", "fields": ["id"]}
        pieces = [str(one.id) for one in client.index(address.meta).get_documents(dict(asked)).results]
        shells = [str(one.id) for one in client.index(address.articles).get_documents({"filter": SHELLS, "fields": ["id"]}).results]
        return [one for one in indexes if one == address.fresh] + pieces + shells

    def _closing(self, thing: Any) -> Any:
        self._open.append(thing)
        return thing

    def close(self) -> None:
        while self._open:
            self._open.pop().close()


class Elsewhere:
    """A reader in a process of its own, which stays open."""

    def __init__(self, settings: Settings) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ELSEWHERE, *arguments(settings)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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


def arguments(settings: Settings) -> list[str]:
    """Settings as arguments of a process: data, engine, key."""
    return [str(settings.data), settings.engine, settings.engine_key or ""]


@pytest.fixture(scope="session")
def meilisearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One real server for the whole session; without one its tests are skipped."""
    with running(tmp_path_factory.mktemp("meilisearch")) as server:
        if server is None:
            pytest.skip(UNSET)
        yield server


@pytest.fixture
def meili(meilisearch: Running, tmp_path: Path) -> Iterator[Settings]:
    """Settings that name indexes of this test alone on the real server; they are dropped after it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield Settings(data=tmp_path / "data", engine=f"{meilisearch.url}?index={name}", engine_key=meilisearch.key)
    client = Client(meilisearch.url, meilisearch.key)
    for uid in Address(meilisearch.url, name).indexes:
        client.wait_for_task(client.delete_index(uid).task_uid, timeout_in_ms=60_000, interval_in_ms=5)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module says with `ENGINES` which engines its places are of; without that it is about the embedded one."""
    if "place" in metafunc.fixturenames:
        metafunc.parametrize("place", getattr(metafunc.module, "ENGINES", ("embedded",)), indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, night: Night) -> Iterator[Place]:
    """Every engine. What one cannot do is marked `gap` with its name and its reason: a strict expected failure."""
    for gap in request.node.iter_markers("gap"):
        if gap.args[0] == request.param:
            request.applymarker(pytest.mark.xfail(reason=gap.args[1], strict=True))
    settings = request.getfixturevalue("meili") if request.param == "meili" else Settings(data=tmp_path / "data")
    made = Place(settings, night)
    yield made
    made.close()


@pytest.fixture
def ids(place: Place) -> Callable[..., list[str]]:
    """The ids that a query finds, in order."""
    search = place.search()

    def find(text: str = "", **values: Any) -> list[str]:
        return [hit.id for hit in search.page(Query(text=text, size=values.pop("size", 100), **values)).hits]

    return find
