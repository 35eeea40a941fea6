"""Where each platform puts an article: its permalink, as path and query.

Owns the rule of each platform, so that one blog can link to another. Refuses to know what is found at the address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def slugify(text: str) -> str:
    """A word or phrase as platforms put it in an address: ASCII, lower case, hyphens; `sans-nom` when nothing is left."""
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES).translate(_SUBSCRIPTS))
    ascii_only = "".join(character for character in folded if not unicodedata.combining(character)).lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "sans-nom"


def wordpress_id(number: int) -> int:
    """The `?p=` of an article: WordPress counts revisions, images and pages with the same counter, so its ids have gaps."""
    return 11 + 7 * number


def hypotheses_id(number: int) -> int:
    """The number that a Hypotheses permalink consists of."""
    return 118 + 37 * number


def spip_id(number: int) -> int:
    """The N of SPIP's `?articleN`."""
    return 10 + number


def _dated(published: datetime) -> str:
    return f"{published:%Y/%m}"


PERMALINKS: Mapping[str, Callable[[int, str, datetime], str]] = {
    "wordpress": lambda number, slug, published: f"/{_dated(published)}/{slug}/",
    "hypotheses": lambda number, slug, published: f"/{hypotheses_id(number)}",
    "blogger": lambda number, slug, published: f"/{_dated(published)}/{slug}.html",
    "spip": lambda number, slug, published: f"/spip.php?article{spip_id(number)}",
    "hugo": lambda number, slug, published: f"/posts/{slug}/",
    "jekyll": lambda number, slug, published: f"/{published:%Y/%m/%d}/{slug}.html",
    "ghost": lambda number, slug, published: f"/{slug}/",
    "static": lambda number, slug, published: f"/articles/{slug}.html",
}
