"""`/statistiques`: both pictures, of the numbers that the index gives, asked for once a generation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import httpx
from fastapi import Request

from api import assets, statistics_page
from api.live_index import LiveIndex
from api.query_log import QueryLog
from api.reader import Reader
from api.templating import environment
from indexer.document import PARIS
from indexer.query import Query
from indexer.results import Results
from indexer.search import open_search
from luciole.settings import Settings
from tests.api.orchard import open_orchard, orchard, publish
from tests.api.test_api_pages import Seen


def test_both_pictures_count_what_is_there(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    publish(settings)
    index = LiveIndex(open_search(settings), calls=4)
    panels, sky = statistics_page.pictures(index, index.night())
    assert panels is not None
    assert sky is not None
    years = Counter(
        (name, document.date.astimezone(PARIS).year) for document in orchard() for name in document.disciplines if document.date
    )
    drawn = {(panel.discipline, bar.year): bar.count for panel in panels.panels for bar in panel.bars}
    assert drawn == {key: count for key, count in years.items() if key[1] <= 2026}
    assert panels.undrawn == sum(count for key, count in years.items() if key[1] > 2026)
    dates = {fly.id: (fly.first, fly.last) for fly in sky.flies}
    for source in {document.source_id for document in orchard()}:
        days = [document.date for document in orchard() if document.source_id == source and document.date]
        assert dates[source] == (min(days), max(days)), source


def test_the_page_is_put_together_once_for_each_generation(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with open_orchard(settings) as base, httpx.Client(base_url=base, timeout=20) as client:
        first = client.get("/statistiques")
        assert "La liste en deux images" in Seen(first.text).text
        assert {"/blog/nuit", "/discipline/physique"} <= {link["href"] for link in Seen(first.text).all("a")}
        assert client.get("/statistiques", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        publish(settings, revision=2)
        again = client.get("/statistiques", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert again.headers["ETag"] != first.headers["ETag"]


class Counting(LiveIndex):
    """An index that knows how often it was asked."""

    asked = 0

    def page(self, query: Query) -> Results:
        self.asked += 1
        return super().page(query)


def test_what_is_costly_is_asked_once_whatever_the_address(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    publish(settings)
    index = Counting(open_search(settings), calls=4)
    reader = Reader(environment(assets.load(), None, None), index, QueryLog(None), "build", None)
    answer = statistics_page.routes(reader)["/statistiques"]
    bodies = set()
    for number in range(3):
        scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/statistiques", "query_string": b"%d" % number, "headers": []}
        bodies.add(answer(Request(scope)).body)
        blogs = {document.source_id for document in orchard()}
        disciplines = {name for card in index.night().sources for name in card.disciplines}
        assert index.asked == len(disciplines) + 2 * len(blogs)
    assert len(bodies) == 1
