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
}


def page(body: bytes, url: str, home: str, *, from_feed: bool = True) -> Sighting | None:
    parsed = parse("article", body, context(url, source_url=home, from_feed=from_feed))
    assert isinstance(parsed, ParsedPage)
    return parsed.sighting


def found(text: str, segments: list[str]) -> int:
    flat = " ".join(text.split())
    return sum(" ".join(segment.split()) in flat for segment in segments)


def f1(right: int, missing: int, wrong: int) -> float:
    return 2 * right / (2 * right + missing + wrong)


def test_gold_pages_lose_nothing_against_the_bare_extractor(real_data: Path) -> None:
    folder = real_data / "gold" / "french_pages"
    ours, bare = Counter[str](), Counter[str]()
    for case in json.loads((folder / "gold.json").read_text(encoding="utf-8")):
        body = (folder / case["file"]).read_bytes()
        parts = urlsplit(case["url"])
        seen = page(body, case["url"], f"{parts.scheme}://{parts.netloc}/")
        texts = (seen.text if seen else "", trafilatura.extract(decode(body, ""), include_comments=False) or "")
        for text, tally in zip(texts, (ours, bare), strict=True):
            right = found(text, case["with"])
            tally.update(right=right, missing=len(case["with"]) - right, wrong=found(text, case["without"]))
    assert f1(**ours) >= 0.9
    assert f1(**ours) >= f1(**bare) - 0.01


@pytest.mark.parametrize("tree", HOMES)
def test_real_posts_against_their_list(real_data: Path, tree: str) -> None:
    """Titles, languages and lengths of posts of 150 words or more; a date that is stated is the day of the list."""
    lines = (real_data / "sites" / f"{tree}.articles.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    long = [row for row in rows if int(row["words"]) >= 150]
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
        tally["length"] += 0.5 < len(seen.text.split()) / int(row["words"]) < 2
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
