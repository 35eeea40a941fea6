"""How a source stands, as the crawl found it: frozen, gone, complete or not.

Owns one value. The crawler writes it into the store, the indexer reads it there; curators change it only through `sources.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of a source between nights.

    `frozen_at`, `frozen_why`: since when and why (a French sentence) it is withheld: it looks stolen or changed. Readers see none of its
    articles until a curator lifts it, with a new `url` or a `reviewed` date after the freeze. `gone_since`: since when the whole site no
    longer answers; its articles stay, with a link to the web archive. `failing_since` and `failures`: the first of the failed nights in a
    row, and their number. `expected`: the number of posts that the site says to have, None when it does not say. `feed`: the feed
    that the crawl found where the list names none.
    """

    frozen_at: datetime | None = None
    frozen_why: str = ""
    gone_since: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    expected: int | None = None
    feed: str | None = None
