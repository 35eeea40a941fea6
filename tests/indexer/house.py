"""A store, an index made of it, and a reader: what the tests of publishing live in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from indexer.open import open_writer
from indexer.publish import IndexReport, index
from indexer.query import Query
from indexer.results import Results
from indexer.search import Search, open_search
from luciole.article import Sighting
from luciole.settings import Settings
from luciole.sources import Source
from luciole.store import ArticleStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

CIEUX = Source(id="cieux", name="Étoiles & cieux", url="https://cieux.exemple.org/", disciplines=("astronomie-espace", "physique"))
ROCHES = Source(id="roches", name="Roches", url="https://roches.exemple.org/", disciplines=("sciences-de-la-terre",))
FILMS = Source(id="films", name="Films", url="https://films.exemple.org/", disciplines=("pluridisciplinaire",), type="video")
LISTED = (CIEUX, FILMS, ROCHES)


class House:
    """A store, an index, and a reader that stays open through everything."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data=data)
        self.store = ArticleStore.open(self.settings.store_path)
        self.search: Search = open_search(self.settings)
        self.clock = NOW

    def see(self, source: Source, name: str, **values: Any) -> str:
        common = {"language": "fr", "title": f"Titre {name}", "text": f"Une comète, {name}.", "text_basis": "page"}
        values = common | {"published": NOW, "published_basis": "feed"} | values
        return self.store.record(Sighting(source_id=source.id, url=f"{source.url}{name}", seen_at=self.clock, **values)).article_id

    def index(self, registry: tuple[Source, ...] = LISTED, **values: Any) -> IndexReport:
        self.clock += timedelta(hours=1)
        writer = open_writer(self.settings)
        try:
            return index(self.store, registry, writer, now=self.clock, **values)
        finally:
            writer.close()

    def page(self, **values: Any) -> Results:
        return self.search.page(Query(size=100, **values))

    def found(self) -> set[str]:
        """The ids of everything that a reader can find, page by page."""
        first = self.page()
        return {hit.id for number in range(1, first.pages + 1) for hit in self.page(page=number).hits}

    def facet(self, name: str) -> dict[str, int]:
        return {value.label: value.count for value in next(facet for facet in self.page().facets if facet.name == name).values}

    def agrees(self) -> None:
        """What is published of the blogs is what a reader can find."""
        night = self.search.night()
        assert night.articles == self.page().total == len(self.found())
        counted = {value.value: value.count for facet in self.page().facets if facet.name == "blog" for value in facet.values}
        assert {card.id: card.articles for card in night.sources if card.articles} == counted
