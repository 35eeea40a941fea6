"""Posts told from lists of posts."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.scoring import ACCEPTED, Signs, is_listing_address, score

HOME = "https://blog.exemple.fr/"


@pytest.mark.parametrize(
    ("signs", "post"),
    [
        ({"og_type": "article", "words": 40, "linked": 0.8}, True),
        ({"body_classes": frozenset({"single-post", "blog"})}, True),
        ({"json_ld_types": frozenset({"BlogPosting"})}, True),
        ({"words": 800, "linked": 0.1}, True),
        ({"dated": True, "words": 800, "linked": 0.1, "url": HOME + "category/physique/"}, False),
        ({"dated": True, "words": 800, "linked": 0.1, "url": HOME + "2020/05/"}, False),
        ({"dated": True, "words": 800, "linked": 0.1, "body_classes": frozenset({"archive"})}, False),
        ({"dated": True, "words": 800, "linked": 0.1, "url": HOME}, False),
        ({"words": 800, "linked": 0.9}, False),
        ({"words": 20, "linked": 0.1}, False),
        ({}, False),
    ],
)
def test_scores(signs: dict[str, Any], post: bool) -> None:
    assert (score(Signs(**{"url": HOME + "marees/", "home": HOME, **signs})) >= ACCEPTED) is post


@pytest.mark.parametrize(
    ("path", "listing"),
    [
        ("tag/lune/", True),
        ("auteur/anne", True),
        ("page/2/", True),
        ("2020/", True),
        ("2020/05/06", True),
        ("?cat=3", True),
        ("spip.php?rubrique4", True),
        ("index3.html", True),
        ("2020/05/06/marees/", False),
        ("spip.php?article12", False),
        ("?p=12", False),
        ("page-blanche/", False),
        ("marees/index.html", False),
    ],
)
def test_addresses(path: str, listing: bool) -> None:
    assert is_listing_address(HOME + path) is listing
