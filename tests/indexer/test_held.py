"""What a publish holds back, over the real store and the real index: nobody loses a blog because a program misread it."""

import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create
from indexer.document import IndexDocument
from luciole.article import Wishes
from luciole.sources import Source
from luciole.standing import Standing
from tests.api.meadow import serving

from .conftest import MakeDocument, Place
from .house import CIEUX, LISTED, NOW, ROCHES, House

ROOT = Path(__file__).parents[2]
MANY, FEW = 180, 20


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """200 articles: `FEW` of Cieux, `MANY` of Roches, all published. Ten of them are 5 %, and half of Cieux."""
    made = House(tmp_path / "data")
    with made.store.transaction():
        for number in range(FEW):
            made.see(CIEUX, f"nova-{number}")
        for number in range(MANY):
            made.see(ROCHES, f"granite-{number}")
    assert made.index().articles == MANY + FEW
    yield made
    made.search.close()
    made.store.close()


def english(house: House, source: Source, numbers: range, language: str = "en") -> set[str]:
    """The pages are read again, and a program takes them for another language."""
    name = "nova" if source is CIEUX else "granite"
    with house.store.transaction():
        return {house.see(source, f"{name}-{number}", language=language) for number in numbers}


def lost(house: House, ids: set[str]) -> None:
    """Rows of the record that are gone, as after a disk that was mended badly."""
    house.store.database.execute("PRAGMA foreign_keys=OFF")
    for one in ids:
        house.store.database.execute("DELETE FROM alias WHERE article_id = ?", one)
        house.store.database.execute("DELETE FROM article WHERE id = ?", one)


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_is_little_leaves_without_a_word(house: House, rebuild: bool) -> None:
    gone = english(house, ROCHES, range(10))
    report = house.index(rebuild=rebuild)
    assert (report.held, report.warnings, report.removed, report.articles) == ((), (), 10, 190)
    assert not gone & house.found()
    house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_is_much_stays_and_the_rest_is_published(house: House, rebuild: bool) -> None:
    kept = english(house, ROCHES, range(11))
    new = house.see(CIEUX, "nouvelle")
    taken = {house.see(ROCHES, f"granite-{number}") for number in range(20, 60)}
    for one in taken:
        house.store.remove(one, "introuvable (404)", NOW)
    asked = house.see(CIEUX, "nova-3", noindex=True)
    report = house.index(rebuild=rebuild)
    assert (report.rebuilt, report.published, set(report.held), report.removed) == (rebuild, True, kept, 41)
    assert report.articles == 200 - 41 + 1
    found = house.found()
    assert kept < found
    assert new in found
    assert not (taken | {asked}) & found
    text = report.describe()
    assert "[roches] 11 articles sur 180 : 11 en une autre langue (en)." in text
    assert "luciole index --force" in text
    assert set(house.search.night().held) == kept
    house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_half_of_a_blog_stays_while_others_lose_their_few(house: House, rebuild: bool) -> None:
    house.see(ROCHES, "de-plus")
    house.index()
    kept = english(house, CIEUX, range(10))
    report = house.index(rebuild=rebuild)
    assert (set(report.held), report.removed) == (kept, 0)
    # A night later nine others leave: few of all, few of their blog. What was held is held still.
    gone = english(house, ROCHES, range(9))
    report = house.index(rebuild=rebuild)
    assert (set(report.held), report.removed) == (kept | gone, 0), "19 of 201 in one publish are too many"
    english(house, ROCHES, range(9), language="fr")
    assert set(house.index(rebuild=rebuild).held) == kept
    house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_is_held_is_not_let_go_by_the_day_of_its_date(house: House, rebuild: bool) -> None:
    with house.store.transaction():
        ahead = {house.see(ROCHES, f"bientot-{number}", published=house.clock + timedelta(days=9)) for number in range(30)}
    house.index()
    with house.store.transaction():
        for number in range(30):
            house.see(ROCHES, f"bientot-{number}", published=house.clock + timedelta(days=9), language="en")
    assert set(house.index().held) == ahead
    house.clock += timedelta(days=30)
    assert set(house.index(rebuild=rebuild).held) == ahead
    house.agrees()


def test_what_is_held_is_looked_at_again_with_every_publish(house: House) -> None:
    kept = english(house, ROCHES, range(30))
    first = house.index()
    assert set(first.held) == kept
    assert first.revision == house.store.revision()
    again = house.index()
    assert (again.published, again.rebuilt, set(again.held), again.warnings) == (False, False, kept, first.warnings)
    assert "rien à changer" in again.describe()
    assert "[roches] 30 articles" in again.describe()
    # The index has grown so much that 30 would be little: still nobody has said why they should leave.
    with house.store.transaction():
        for number in range(700):
            house.see(CIEUX, f"neuve-{number}")
    assert house.index().articles == 900
    assert set(house.index(rebuild=True).held) == kept
    assert set(house.index().held) == kept
    house.agrees()


def test_what_comes_back_or_is_explained_is_held_no_longer(house: House) -> None:
    kept = english(house, ROCHES, range(30))
    house.index()
    back = english(house, ROCHES, range(10), language="fr")
    dead = {house.see(ROCHES, f"granite-{number}", language="en") for number in (10, 11)}
    for one in dead:
        house.store.remove(one, "retiré par son auteur (410)", NOW)
    hidden = house.see(ROCHES, "granite-12", language="en", noindex=True)
    ending = house.see(ROCHES, "granite-13", language="en", wishes=Wishes(unavailable_after=house.clock + timedelta(hours=3)))
    report = house.index()
    assert set(report.held) == kept - back - dead - {hidden}
    assert (report.removed, report.articles) == (3, 197)
    assert ending in house.found()
    house.clock += timedelta(hours=3)
    report = house.index()
    assert (set(report.held), report.removed) == (kept - back - dead - {hidden, ending}, 1)
    house.agrees()
    # Its curator takes the blog out, and all of it goes at once.
    report = house.index((CIEUX,))
    assert (report.held, report.removed, report.articles) == ((), 176, 20)
    house.agrees()
    assert house.index().articles == 20 + MANY - len(kept - back), "the blog comes back as the record has it"


@pytest.mark.parametrize(
    "change",
    [
        lambda: (CIEUX,),
        lambda: (CIEUX, replace(ROCHES, status="paused")),
        lambda: (CIEUX, replace(ROCHES, exclude=("roches.exemple.org/*",))),
        lambda: (CIEUX, replace(ROCHES, include=("roches.exemple.org/blog/*",))),
    ],
    ids=["removed", "paused", "excluded", "not included"],
)
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_curator_is_obeyed_at_once(house: House, change: Callable[[], tuple[Source, ...]], rebuild: bool) -> None:
    english(house, ROCHES, range(30))
    lost(house, english(house, ROCHES, range(40, 60), language="fr"))
    if not rebuild:
        assert len(house.index().held) == 50
    report = house.index(change(), rebuild=rebuild)
    assert (report.held, report.removed, report.articles) == ((), MANY, FEW)
    house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_all_reasons_at_once_hold_nothing_back(house: House, rebuild: bool) -> None:
    text = "Une comète a traversé le ciel du soir, et chacun l’a vue passer au-dessus des toits. " * 6
    house.see(CIEUX, "original", text=text, published=NOW - timedelta(days=9))
    for number in range(30):
        house.see(ROCHES, f"granite-{number}", text=text)  # copies
    for number in range(30, 60):
        house.store.remove(house.see(ROCHES, f"granite-{number}"), "takedown", NOW)
    for number in range(60, 90):
        house.see(ROCHES, f"granite-{number}", wishes=Wishes(unavailable_after=house.clock))
    for number in range(90, 120, 2):  # two addresses of one post
        house.see(ROCHES, f"granite-{number}", also=(f"{ROCHES.url}granite-{number + 1}",), text=f"Une comète, granite-{number + 1}.")
    house.store.stand("cieux", Standing(frozen_at=NOW, frozen_why="le titre du site n’a rien du blog"))
    report = house.index(rebuild=rebuild)
    assert report.held == ()
    assert report.removed >= 30 + 30 + 15 + FEW
    house.agrees()
    assert {hit.source_id for hit in house.page().hits} == {"roches"}


@pytest.mark.parametrize("rebuild", [False, True])
def test_force_lets_them_go_and_is_no_habit(house: House, rebuild: bool) -> None:
    first = english(house, ROCHES, range(30))
    house.index()
    report = house.index(force=True, rebuild=rebuild)
    assert (report.held, report.removed, report.articles, report.published) == ((), 30, 170, True)
    assert not first & house.found()
    assert house.search.night().held == ()
    house.agrees()
    second = english(house, ROCHES, range(30, 60))
    assert set(house.index(rebuild=rebuild).held) == second


def test_a_rebuild_carries_over_what_is_held_under_the_names_of_today(house: House) -> None:
    kept = english(house, CIEUX, range(15))
    lost(house, kept & {house.see(CIEUX, "nova-0", language="en")})
    for rebuild, name in ((False, "Ciel"), (True, "Cieux ouverts"), (True, "Cieux"), (False, "Étoiles")):
        renamed = replace(CIEUX, name=name, disciplines=("chimie",))
        report = house.index((renamed, *LISTED[1:]), rebuild=rebuild)
        assert (report.rebuilt, set(report.held), report.articles) == (rebuild, kept, 200)
        hits = [hit for hit in house.page(text="nova ").hits if hit.id in kept]
        assert {(hit.source_name, hit.disciplines) for hit in hits} == {(name, ("chimie",))}
        assert len(hits) == 15
        assert house.facet("discipline")["Chimie"] == FEW
        house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_rows_that_the_record_has_lost_are_held_and_come_back_by_themselves(house: House, rebuild: bool) -> None:
    missing = english(house, ROCHES, range(100, 160), language="fr")
    lost(house, missing)
    report = house.index(rebuild=rebuild)
    assert (set(report.held), report.articles) == (missing, 200)
    assert "60 sans trace dans le fonds" in report.describe()
    house.agrees()
    assert english(house, ROCHES, range(100, 150), language="fr") < missing, "a new visit finds them under the ids they had"
    assert len(house.index(rebuild=rebuild).held) == 10
    house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_few_rows_that_the_record_has_lost_leave(house: House, rebuild: bool) -> None:
    lost(house, english(house, ROCHES, range(4), language="fr"))
    report = house.index(rebuild=rebuild)
    assert (report.held, report.removed, report.articles, report.published) == ((), 4, 196, True)
    house.agrees()


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_its_author_gave_an_end_leaves_on_its_day_even_when_the_record_forgot_it(house: House, rebuild: bool) -> None:
    end = house.clock + timedelta(hours=5)
    with house.store.transaction():
        ending = {house.see(ROCHES, f"granite-{number}", wishes=Wishes(unavailable_after=end)) for number in range(30)}
    house.index()
    known = english(house, ROCHES, range(20, 30))  # a look that saw no wish any longer
    lost(house, ending - known)
    house.clock = end
    report = house.index(rebuild=rebuild)
    assert not ending & set(report.held)
    house.agrees()


def test_emptied_articles_are_held(house: House) -> None:
    """No sighting can empty an article; a fault of the software, or of somebody who repairs the record by hand, can."""
    house.store.database.execute("UPDATE article SET title = '', text = '', revision = revision + 1000 WHERE source_id = 'cieux'")
    house.store.database.execute("UPDATE counter SET value = value + 1000 WHERE name = 'revision'")
    report = house.index()
    assert (len(report.held), report.articles) == (FEW, 200)
    assert "[cieux] 20 articles sur 20 : 20 sans titre ni texte." in report.describe()
    assert {hit.title.text.split("-")[0] for hit in house.page(filters={"blog": ("cieux",)}).hits} == {"Titre nova"}


# -- an index that cannot give back what it holds ---------------------------------------------------------------------------------


def spoil(house: House) -> None:
    """Make the kept documents of the oldest segments unreadable, and leave whole the one that says what the index is."""
    house.see(CIEUX, "tardive")
    house.index()
    house.search.close()
    (live,) = (entry for entry in house.settings.index_path.iterdir() if entry.is_dir())
    files = sorted(live.glob("*.store"), key=lambda file: file.stat().st_size)
    assert len(files) > 1
    body = bytearray(files[-1].read_bytes())
    body[: len(body) * 3 // 4] = b"\xa5" * (len(body) * 3 // 4)
    files[-1].write_bytes(body)


def test_without_the_documents_a_rebuild_that_would_lose_them_is_held_as_a_whole(house: House) -> None:
    spoil(house)
    generation = house.search.meta().generation
    missing = english(house, ROCHES, range(60))
    report = house.index(rebuild=True)
    assert (report.rebuilt, report.published, report.blocked, set(report.held)) == (False, False, True, missing)
    assert "Index non reconstruit" in report.describe()
    assert house.search.meta().generation == generation
    assert len([entry for entry in house.settings.index_path.iterdir() if entry.is_dir()]) == 1
    report = house.index(rebuild=True, force=True)
    assert (report.rebuilt, report.blocked, report.held, report.articles) == (True, False, (), 141)
    house.agrees()


def test_a_damaged_index_is_rebuilt_from_a_sound_record(house: House) -> None:
    spoil(house)
    report = house.index(rebuild=True)
    assert (report.rebuilt, report.held, report.articles) == (True, (), 201)
    house.agrees()


def test_what_neither_record_nor_index_can_tell_is_counted_by_its_blogs(house: House) -> None:
    spoil(house)
    lost(house, english(house, ROCHES, range(60), language="fr"))
    report = house.index(rebuild=True)
    assert (report.rebuilt, report.blocked, len(report.held)) == (False, True, 60)
    assert "[roches] 60 articles sur 180" in report.describe()
    assert house.index((CIEUX,), rebuild=True).articles == FEW + 1, "a block that was taken out is a reason for all of it"
    house.index()
    english(house, ROCHES, range(60), language="fr")
    assert house.index().articles == 201


def test_nothing_is_compared_with_an_index_that_cannot_be_read(house: House) -> None:
    (live,) = (entry for entry in house.settings.index_path.iterdir() if entry.is_dir())
    (live / "meta.json").write_text("{")
    english(house, ROCHES, range(60))
    report = house.index()
    assert (report.rebuilt, report.held, report.articles) == (True, (), 140)
    house.agrees()


def test_what_engines_tell_of_their_live_index(place: Place, document: MakeDocument) -> None:
    """For every engine: it names and gives back what was published last, whatever was applied since, and also while it is rebuilt."""
    made = {name: document(name, f"Titre {name}", f"Un corps. {name}", date="2020-02-02") for name in ("un", "deux", "trois", "quatre")}
    place.publish(made.values())
    place.publish([], deletions=["quatre"], revision=2)
    writer = place.writer()

    def told() -> None:
        assert writer.beside(set()) == {"un", "deux", "trois"}
        assert writer.beside({"un", "quatre", "cinq"}) == {"deux", "trois"}
        assert {one.id: one for one in writer.documents(["trois", "quatre", "un"])} == {"un": made["un"], "trois": made["trois"]}

    told()
    writer.apply([document("six", "Titre")], ["un"])
    told()

    def fresh() -> Iterator[IndexDocument]:
        yield document("sept", "Titre")
        told()
        yield from writer.documents(["deux"])

    writer.rebuild(fresh(), lambda: (3, place.night))
    assert writer.beside(set()) == {"sept", "deux"}
    assert list(writer.documents(["deux"])) == [made["deux"]]


def test_without_an_index_there_is_nothing_to_tell(place: Place) -> None:
    writer = place.writer()
    assert writer.beside(set()) == set()
    assert list(writer.documents(["un"])) == []


# -- many nights ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_no_publish_loses_more_than_the_rule_allows(house: House, seed: int) -> None:
    """A random life: readers never lose more than the rule allows but for a reason, and forcing makes the index what the record says."""
    chance = random.Random(seed)
    for _ in range(10):
        before = house.found()
        said: set[str] = set()
        for _ in range(chance.randrange(3)):
            source, count = chance.choice(((CIEUX, FEW), (ROCHES, MANY)))
            start = chance.randrange(count)
            numbers = range(start, min(count, start + chance.choice((1, 4, 12, 40))))
            fate = chance.choice(("en", "fr", "fr", "410", "lost"))
            ids = english(house, source, numbers, language="en" if fate == "en" else "fr")
            if fate == "410":
                said |= {one for one in ids if house.store.remove(one, "410", NOW)}
            elif fate == "lost":
                lost(house, ids)
        report = house.index(rebuild=chance.random() < 0.4)
        silent = before - house.found() - said
        assert len(silent) <= 0.05 * len(before)
        assert set(report.held) <= before & house.found()
        house.agrees()
    house.index(force=True)
    forced = house.found()
    house.agrees()
    house.index(rebuild=True, force=True)
    assert house.found() == forced


# -- the command line -------------------------------------------------------------------------------------------------------------

LIST = """sources:
  - id: cieux
    name: Étoiles & cieux
    url: https://cieux.exemple.org/
    disciplines: [astronomie-espace]
    status: archived
  - id: roches
    name: Roches
    url: https://roches.exemple.org/
    disciplines: [sciences-de-la-terre]
    status: archived
"""


def test_the_commands_end_with_one_and_say_what_is_held(house: House, tmp_path: Path) -> None:
    def luciole(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "luciole.cli", *arguments],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")} | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    (tmp_path / "sources.yaml").write_text(LIST, encoding="utf-8")
    assert luciole("index")[0] == 0
    english(house, CIEUX, range(15))
    for command in (("index",), ("index",), ("nightly",), ("index", "--rebuild")):
        code, said = luciole(*command)
        assert code == 1, said
        assert "[cieux] 15 articles sur 20 : 15 en une autre langue (en)." in said
        assert "luciole index --force" in said
    assert luciole("nightly", "--force")[0] == 0
    code, said = luciole("index")
    assert (code, "185 articles trouvables" in said, "Retenu" in said) == (0, True, False)


# -- readers at work --------------------------------------------------------------------------------------------------------------

CLIENTS, REBUILDS = 4, 20


def test_readers_at_work_see_every_generation_whole(house: House) -> None:
    """Four clients of the served page search without a pause through twenty rebuilds and as many updates. Every generation gives the blog
    another name, which stands in every hit, and holds articles back: what a client reads must be of one of them, and whole."""
    kept = english(house, CIEUX, range(15))
    names: dict[str, str] = {}

    def publish(number: int, *, rebuild: bool) -> None:
        name = f"Étoiles {number}"
        report = house.index((replace(CIEUX, name=name), *LISTED[1:]), rebuild=rebuild)
        assert (report.rebuilt, report.published, set(report.held)) == (rebuild, True, kept)
        names[house.search.meta().generation] = name

    publish(0, rebuild=True)
    answers: list[tuple[int, dict[str, Any]]] = []
    pages: list[tuple[int, str]] = []
    broken: list[BaseException] = []
    stop = threading.Event()

    def read(address: str) -> None:
        try:
            with httpx.Client(base_url=address, timeout=30) as client:
                while not stop.is_set():
                    answer = client.get("/api/v1/search", params={"q": "nova", "blog": "cieux", "size": 50})
                    answers.append((answer.status_code, answer.json()))
                    page = client.get("/recherche", params={"q": "nova", "blog": "cieux"})
                    pages.append((page.status_code, page.text))
        except BaseException as error:
            broken.append(error)

    with serving(create(house.settings)) as address:
        clients = [threading.Thread(target=read, args=(address,)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for number in range(1, 2 * REBUILDS + 1):
                seen = len(answers)
                publish(number, rebuild=number % 2 == 1)
                while len(answers) < seen + CLIENTS and not broken:
                    clients[0].join(0.01)  # the machine may be slow: every generation has its readers
        finally:
            stop.set()
            for client in clients:
                client.join(60)
    assert not broken
    assert len(names) == 2 * REBUILDS + 1
    assert {status for status, _ in answers} == {status for status, _ in pages} == {200}
    assert {answer["total"] for _, answer in answers} == {FEW}
    seen_generations = set()
    for _, answer in answers:
        name = names[answer["generation"]]
        seen_generations.add(name)
        assert {hit["source"]["label"] for hit in answer["hits"]} == {name}
        assert {value["label"] for facet in answer["facets"] if facet["name"] == "blog" for value in facet["values"]} == {name}
        assert {hit["id"] for hit in answer["hits"]} >= kept
    assert len(seen_generations) > REBUILDS
    shown = [(page.count("Titre"), set(re.findall(r"Étoiles \d+", page))) for _, page in pages]
    assert all(hits and len(of_one) == 1 for hits, of_one in shown), [one for one in shown if len(one[1]) != 1]
