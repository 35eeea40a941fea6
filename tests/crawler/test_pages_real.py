"""Extraction on real French pages: the gold segments, and nine real blogs against the lists made by eye."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trafilatura

from crawler.charset import decode
from crawler.parse import parse
from crawler.parsed import ParsedPage
from luciole.article import Sighting
from luciole.marks import spans, unmarked
from tests.crawler.contexts import context

pytestmark = pytest.mark.real

HOMES = {
    "pierrepo": "http://cupnet.net/",
    "yaspat-maths": "http://yaspat.github.io/blog/",
    "clpeloquin": "https://clpeloquin.github.io/",
    "vonkrafft": "https://vonkrafft.fr/",
    "sametmax-wp": "http://sametmax.com/",
    "sante-gouv-spip": "https://sante.gouv.fr/",
    "reflechir": "https://reflechir.fr/",
    "astronomie-loicseguin": "https://astro.loicseguin.com/",
    "aissen-wp": "http://digest.aissen.org/",
}


def page(body: bytes, url: str, home: str, *, from_feed: bool = True) -> Sighting | None:
    parsed = parse("article", body, context(url, source_url=home, from_feed=from_feed))
    assert isinstance(parsed, ParsedPage)
    return parsed.sighting


def listed(real_data: Path, tree: str) -> list[dict[str, str]]:
    """The articles of a tree, as the list made by eye has them."""
    lines = (real_data / "sites" / f"{tree}.articles.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(text: str, segments: list[str]) -> int:
    flat = " ".join(text.split())
    return sum(" ".join(segment.split()) in flat for segment in segments)


def f1(right: int, missing: int, wrong: int) -> float:
    return 2 * right / (2 * right + missing + wrong)


def test_gold_pages_lose_nothing_against_the_extractor_called_by_hand(real_data: Path) -> None:
    """F1 over the segments of the gold pages, ours against trafilatura's `bare_extraction` in its default settings."""
    folder = real_data / "gold" / "french_pages"
    ours, bare = Counter[str](), Counter[str]()
    for case in json.loads((folder / "gold.json").read_text(encoding="utf-8")):
        body = (folder / case["file"]).read_bytes()
        parts = urlsplit(case["url"])
        seen = page(body, case["url"], f"{parts.scheme}://{parts.netloc}/")
        by_hand = trafilatura.bare_extraction(decode(body, ""))
        texts = (unmarked(seen.text) if seen else "", str(getattr(by_hand, "text", "")))
        for text, tally in zip(texts, (ours, bare), strict=True):
            right = found(text, case["with"])
            tally.update(right=right, missing=len(case["with"]) - right, wrong=found(text, case["without"]))
    print(f"F1 {f1(**ours):.3f}, trafilatura {f1(**bare):.3f}")
    assert f1(**ours) >= 0.9
    assert f1(**ours) >= f1(**bare) - 0.01


@pytest.mark.parametrize("tree", HOMES)
def test_no_listed_post_is_taken_for_a_page_of_error_or_for_members(real_data: Path, tree: str) -> None:
    """Short posts first: those are most like such pages."""
    rows = sorted(listed(real_data, tree), key=lambda row: int(row["words"]))
    for row in rows[:25]:
        body = (real_data / "sites" / tree / row["path"]).read_bytes()
        parsed = parse("article", body, context(row["url"], source_url=HOMES[tree], from_feed=True))
        assert isinstance(parsed, ParsedPage)
        assert not parsed.absent, row["url"]
        assert parsed.sighting is not None, (row["url"], parsed.problem)
        assert not parsed.sighting.members_only, row["url"]


def test_the_day_of_the_mirror_is_no_date_of_publication(real_data: Path) -> None:
    """A ministry's pages all state as publication the day on which they were copied."""
    for row in listed(real_data, "sante-gouv-spip"):
        seen = page((real_data / "sites" / "sante-gouv-spip" / row["path"]).read_bytes(), row["url"], HOMES["sante-gouv-spip"])
        assert seen is not None
        assert seen.published is None or str(seen.published.date()) != "2023-07-08", row["url"]
        assert not row["date"] or str(seen.published)[:10] == row["date"]


def test_formulas_and_code_of_real_posts_are_marked(real_data: Path) -> None:
    kinds: Counter[str] = Counter()
    for tree in ("reflechir", "yaspat-maths", "vonkrafft"):
        for row in listed(real_data, tree)[::6]:
            seen = page((real_data / "sites" / tree / row["path"]).read_bytes(), row["url"], HOMES[tree])
            assert seen is not None
            kinds.update(f"{tree} {span.kind}" for span in spans(seen.text))
            for span in spans(seen.text):
                if span.kind == "formula":
                    assert unmarked(seen.text)[span.start : span.end][0] in "$\\"
    assert kinds["reflechir formula"] > 50, kinds
    assert kinds["yaspat-maths code"] > 20, kinds
    assert kinds["vonkrafft code"] > 20, kinds
    assert kinds["vonkrafft formula"] == 0, kinds


@pytest.mark.parametrize("tree", [tree for tree in HOMES if tree != "aissen-wp"])
def test_real_posts_against_their_list(real_data: Path, tree: str) -> None:
    """Titles, languages and lengths of posts of 150 words or more; a date that is stated is the day of the list."""
    long = [row for row in listed(real_data, tree) if int(row["words"]) >= 150]
    sample = random.Random(7).sample(long, min(12, len(long)))
    tally: Counter[str] = Counter()
    for row in sample:
        seen = page(
            (real_data / "sites" / tree / row["path"]).read_bytes(), row["url"], HOMES[tree], from_feed=tree != "astronomie-loicseguin"
        )
        if seen is None:
            continue
        tally["seen"] += 1
        tally["title"] += plain(seen.title) == plain(row["title"])
        tally["language"] += seen.language == row["lang"]
        tally["length"] += 0.5 < len(unmarked(seen.text).split()) / int(row["words"]) < 2
        if seen.published is not None and seen.published_basis == "page" and row["date"]:
            tally["dated"] += 1
            tally["right day"] += str(seen.published.date()) == row["date"]
    assert tally["seen"] == len(sample), tally
    assert tally["title"] >= 0.9 * len(sample), tally
    assert tally["language"] >= 0.9 * len(sample), tally
    assert tally["length"] >= 0.85 * len(sample), tally
    assert tally["right day"] >= 0.95 * tally["dated"], tally


def plain(title: str) -> str:
    """A title without the typography that themes add."""
    return " ".join(title.translate(str.maketrans("’“”–", '\'""-')).casefold().split())
