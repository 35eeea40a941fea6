"""What only the embedded engine has to prove: who waits for a new generation, and that old ones leave nothing behind."""

import threading
from pathlib import Path

import pytest
import tantivy

from indexer.engines.embedded import reader
from indexer.lexicon import Lexicon
from indexer.plan import Plan
from indexer.query import Query
from luciole.errors import EngineError, EngineUnavailable

from .conftest import MakeDocument, Place


def test_while_one_thread_reads_a_new_generation_the_others_search_the_old(
    place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish([document("a", "Comète")])
    engine = place.engine()
    assert engine.search(Plan()).total == 1
    entered, leave = threading.Event(), threading.Event()
    real = reader.read_lexicon

    def slow(searcher: tantivy.Searcher) -> Lexicon:
        entered.set()
        leave.wait(20)
        return real(searcher)

    monkeypatch.setattr(reader, "read_lexicon", slow)
    place.publish([document("b", "Pulsar")], revision=2)
    opening = threading.Thread(target=engine.meta)
    opening.start()
    try:
        assert entered.wait(20)
        assert engine.search(Plan()).total == 1
        assert engine.lexicon().frequency("pulsar") == 0
        assert opening.is_alive()
    finally:
        leave.set()
        opening.join(20)
    assert engine.search(Plan()).total == 2
    assert engine.lexicon().frequency("pulsar") == 1


def test_an_index_of_which_a_part_cannot_be_read_is_not_there(
    place: Place, document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish([document("a", "Comète")])

    def torn(searcher: tantivy.Searcher) -> Lexicon:
        raise EngineError("a block is torn")

    monkeypatch.setattr(reader, "read_lexicon", torn)
    with pytest.raises(EngineUnavailable, match="a block is torn") as raised:
        place.engine().search(Plan())
    assert raised.value.hint == "run: luciole index --rebuild"


def _held(root: Path) -> tuple[int, int]:
    """Open files of this process, and mapped ones below `root` that were deleted."""
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(root) in line]
    return sum(1 for _ in Path("/proc/self/fd").iterdir()), sum("deleted" in line for line in mapped)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_many_generations_leave_no_file_open_mapped_or_lying_about(place: Place, document: MakeDocument) -> None:
    search = place.search()
    seen = []
    for number in range(30):
        writer = place.writer()
        if number % 5:
            writer.apply([document("a", f"Comète {number}")], [])
            writer.publish(number, place.night)
        else:
            writer.rebuild([document("a", f"Comète {number}")], lambda number=number: (number, place.night))
        writer.close()
        assert search.page(Query(text="comète")).hits[0].title.text == f"Comète {number}"
        seen.append(_held(place.settings.index_path))
    (first, _), (last, deleted) = seen[0], seen[-1]
    assert last <= first
    assert deleted == 0
    assert len([entry for entry in place.settings.index_path.iterdir() if entry.is_dir()]) == 1
