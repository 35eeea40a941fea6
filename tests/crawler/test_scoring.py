"""Posts told from lists of posts and from pages about the blog, by what was seen of a page."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.scoring import ACCEPTED, Signs, is_listing_address, names_a_page, score

HOME = "https://blog.exemple.fr/"
TEXT = {"words": 800, "own": 500, "linked": 0.1}
SINGLE = frozenset({"single-post", "blog"})


@pytest.mark.parametrize(
    ("signs", "post"),
    [
        # what the page says of itself
        ({"og_type": "article", "date_stated": True, "words": 40, "linked": 0.8}, True),
        ({"body_classes": SINGLE}, True),
        ({"json_ld_types": frozenset({"BlogPosting"})}, True),
        ({"url": HOME + "2020/05/06/marees/", "words": 12, "linked": 0.8}, True),
        ({"og_type": "article", **TEXT}, False),
        ({"og_type": "article", "dated": True, "date_stated": True, "static": True, **TEXT}, False),
        ({"dated": True, "json_ld_types": frozenset({"CollectionPage"}), **TEXT}, False),
        ({"dated": True, "body_classes": frozenset({"archive"}), **TEXT}, False),
        # its text
        (TEXT, True),
        ({**TEXT, "og_type": "article", "own": 700}, True),
        ({"words": 800, "linked": 0.9}, False),
        ({"words": 20, "linked": 0.1}, False),
        ({}, False),
        # what it announces
        ({"dated": True, "teasers": 10, "teased": 700, "words": 800, "own": 30, "linked": 0.3}, False),
        ({"dated": True, "teasers": 12, "teased": 0, "words": 200, "own": 60, "linked": 0.4}, False),
        ({"dated": True, "teasers": 4, "teased": 120, **TEXT}, True),
        ({"dated": True, "teasers": 2, "teased": 60, "words": 90, "own": 30, "linked": 0.2}, True),
        ({"og_type": "article", "date_stated": True, "dated": True, "words": 900, "own": 20, "linked": 0.95}, False),
        ({"og_type": "article", "date_stated": True, "dated": True, "words": 300, "own": 300, "linked": 0.95}, True),
        # its address and its title
        ({"dated": True, "url": HOME + "category/physique/", **TEXT}, False),
        ({"dated": True, "url": HOME + "2020/05/", **TEXT}, False),
        ({"dated": True, "url": HOME + "2020/05/06/", **TEXT}, False),
        ({"body_classes": SINGLE, "url": HOME + "author/", **TEXT}, True),
        ({"dated": True, "url": HOME, **TEXT}, False),
        ({"title": "À propos de ce carnet", **TEXT}, False),
        ({"url": HOME + "publications/", **TEXT}, False),
        ({"title": "Contact", "body_classes": SINGLE, "dated": True, **TEXT}, True),
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
        ("spip.php?rubrique4&debut_articles=20", True),
        ("index3.html", True),
        ("index-3.html", True),
        ("archives.html", True),
        ("tags.html", True),
        ("404/", True),
        ("2020/05/06/marees/", False),
        ("spip.php?article12", False),
        ("?p=12", False),
        ("page-blanche/", False),
        ("archives-du-climat/", False),
        ("marees/index.html", False),
    ],
)
def test_addresses(path: str, listing: bool) -> None:
    assert is_listing_address(HOME + path) is listing


@pytest.mark.parametrize(
    "name",
    ["À propos", "a-propos", "Qui suis-je ?", "mentions_legales", "CV", "Mes publications", "Archives de mai 2020", "Tous les billets"],
)
def test_names_of_pages_about_a_blog(name: str) -> None:
    assert names_a_page(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "À propos" * 40,
        "À propos de la relativité",
        "Les archives du climat",
        "Comment lire un article",
        "Recherche exoplanète habitable",
    ],
)
def test_names_of_posts(name: str) -> None:
    assert not names_a_page(name)
