"""What the documents promise about the tests."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_table_of_forty_cases_names_every_test_and_no_other() -> None:
    shown: dict[int, set[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, number in re.findall(r"def (test_case_(\d+)_\w+)", file.read_text(encoding="utf-8")):
            shown.setdefault(int(number), set()).add(name.split("_", 3)[3].replace("_", " "))
    assert sorted(shown) == list(range(1, 41))
    told: dict[int, set[str]] = {}
    for number, cell in re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", (ROOT / "docs" / "crawling.md").read_text(encoding="utf-8"), re.M):
        told[int(number)] = {name.strip() for part in cell.split(";") for name in part.partition(": ")[2].split(",")}
    assert told == shown
