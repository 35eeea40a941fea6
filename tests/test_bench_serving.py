"""The bench of serving asks for the same on both sides, and its lines say what was measured."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from bench.load import request
from bench.serving import Sizes, lines_of

TINY = Sizes(articles=300, words=3000, median=60, asked=20, rounds=1, seconds=0.5)


def test_a_small_run_measures_every_line(tmp_path: Path) -> None:
    lines = {line.what: line for line in lines_of(TINY, tmp_path)}
    assert len(lines) == 8
    page = lines["page of results, p50, ms"]
    assert float(page.ours) > float(page.other) > 0
    assert page.bound == "≤ 2.5"
    unchanged = lines["unchanged (304), and the page once more, p50, ms"]
    assert float(unchanged.ours) < float(unchanged.other)
    assert float(lines["pages/s, median of the rounds"].ours.replace(",", "")) > 0
    assert lines["pages/s, median of the rounds"].holds is None, "an index of this size is not judged"
    assert 0 <= float(lines["the client's processor, share of one core"].ours) <= 1.5


def test_what_is_sent_is_the_question() -> None:
    first = request("l’été & la lumière", "X: 1").decode().split("\r\n")
    assert dict(parse_qsl(urlsplit(first[0].split()[1]).query)) == {"q": "l’été & la lumière"}
    assert first[-3:] == ["X: 1", "", ""]
