"""What an HTTP answer means for a row, decided from its status, headers and body alone.

Pure. Owns the rules of conditional requests and of statuses; it knows neither where the answer came from nor what is done about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.causes import Trouble, trouble_of_status
from crawler.memory import Validators
from crawler.politeness import CrawlLimits
from crawler.raw import body_hash

KEPT_HEADERS = (
    "content-type",
    "etag",
    "last-modified",
    "retry-after",
    "location",
    "x-robots-tag",
    "tdm-reservation",
    "tdm-policy",
    "x-wp-total",
    "x-wp-totalpages",
)
"""What is kept of an answer's headers. `tdm-policy` is the record of where a reservation of rights names its terms."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The body is the one that was read last; `known` identifies it from now on."""

    known: Validators


@dataclass(frozen=True, slots=True)
class Body:
    """A body to keep and to read, under its hash."""

    hash: str


Meaning = Unchanged | Body | Trouble | Literal["ask again plainly"]


def meaning(
    status: int, headers: Mapping[str, str], body: bytes, known: Validators | None, *, plain: bool, limits: CrawlLimits, now: datetime
) -> Meaning:
    """What an answer means. `known` is what the request was conditional on, if anything; `plain`: it was asked a second time, bluntly.

    Validators are opaque and kept as they came; many servers send none, or new ones for the same body: the hash decides.
    """
    etag, modified = headers.get("etag"), headers.get("last-modified")
    if status == 304:
        if known is not None and not plain:
            return Unchanged(Validators(etag or known.etag, modified or known.last_modified, known.body_hash))
        if not plain:
            return "ask again plainly"
        return Trouble(cause="le serveur répond « inchangé » (304) sans qu’on le lui demande")
    if not 200 <= status < 300:
        return trouble_of_status(status, dict(headers), limits, now)
    key = body_hash(body)
    if known is not None and known.body_hash == key:
        return Unchanged(Validators(etag, modified, key))
    return Body(key)
