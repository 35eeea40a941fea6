"""How a source fares over many nights: how often it is worth visiting, when it counts as gone, when the fault is ours.

Owns the rules over a `Standing` and the signs of a parking page. Pure: it refuses to know what a visit is. The paces are those of
`CrawlLimits`: a source that fails for a week is visited weekly, one that fails for sixty days is dormant and visited monthly; a blog
without a post in a year is visited weekly. Nothing is ever given up: the first success puts all back.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from crawler.politeness import CrawlLimits
from crawler.terms import folded
from luciole.standing import Standing

Pace = Literal["nightly", "weekly", "dormant"]

PARKED: Final = "le nom de domaine est à vendre ou abandonné"
MASS_MISSING: Final = "la plupart des articles du site sont introuvables"
NO_SITE: Final = frozenset({"nom de domaine introuvable", "connexion refusée par le serveur", PARKED, MASS_MISSING})
"""Causes of a failure (the first two as `crawler.causes` words them) that say that there is no site any more, not that it is unwell."""

_NIGHTS: Final = 3
"""Failed nights without which nothing is concluded, however long they lie apart: we may not have been there in between."""

_OURS_SHARE: Final = 0.3
_OURS_LEAST: Final = 10
_OURS_ALL: Final = 3


def after_success(standing: Standing) -> Standing:
    """The source was read tonight: it neither fails nor is it gone. A freeze stays, only a curator lifts it."""
    return replace(standing, failing_since=None, failures=0, gone_since=None)


def after_failure(standing: Standing, at: datetime, whole_site: bool, limits: CrawlLimits | None = None) -> Standing:
    """Nothing of the source could be read at `at`. `whole_site`: for one of the causes of `NO_SITE`.

    Failures count by nights: two crawls less than `next_night` apart are one. The site counts as gone, since the first of the failed
    nights, when there is no site for the third night in a row or later; another cause afterwards does not bring it back, a success does.
    """
    limits = limits or CrawlLimits()
    since = min(standing.failing_since or at, at)
    nights = 1 + int((at - since) / limits.next_night)
    failures = min(standing.failures + 1, nights)
    gone = standing.gone_since or (since if whole_site and failures >= _NIGHTS else None)
    return replace(standing, failing_since=since, failures=max(failures, standing.failures), gone_since=gone)


def pace(standing: Standing, newest_post: datetime | None, now: datetime, limits: CrawlLimits) -> Pace:
    """How often a source is visited. `newest_post` is the date of its latest post, None when it has none that is known."""
    if standing.failing_since is not None and standing.failures >= _NIGHTS:
        failing = now - standing.failing_since
        if failing >= limits.dormant_after:
            return "dormant"
        if failing >= limits.weekly_after:
            return "weekly"
    return "weekly" if newest_post is not None and now - newest_post >= limits.quiet_after else "nightly"


def due(standing: Standing, last_visit: datetime | None, newest_post: datetime | None, now: datetime, limits: CrawlLimits) -> bool:
    """Whether a source is to be visited now; `last_visit` is its last visit, successful or not. Every crawl visits the nightly ones.

    A weekly visit may come a few hours before its week is over: nights do not begin to the minute. A clock that was set back delays none.
    """
    if last_visit is None or last_visit > now:
        return True
    rests = {"nightly": timedelta(), "weekly": limits.weekly, "dormant": limits.dormant_visits}
    rest = rests[pace(standing, newest_post, now, limits)]
    slack = max(min(timedelta(days=1) - limits.next_night, rest / 6), timedelta())
    return now - last_visit >= rest - slack


def ours(failed: int, visited: int) -> bool:
    """Whether so many sources failed tonight that the fault is on our side (network, name service): such failures are not to count.

    More than 30 % of ten sources or more; of fewer, three at least and every one of them.
    """
    if visited >= _OURS_LEAST:
        return failed > _OURS_SHARE * visited
    return visited >= _OURS_ALL and failed >= visited


_LONGEST: Final = 250
"""Words above which a page is no parking page, whatever it says: it has a text of its own."""

_READ: Final = 4_000
_NAME: Final = r"(?:nom de )?domaine (?:\S+\.\S+ )?"
_SALE: Final = re.compile(
    r"\b(?:"
    rf"(?:ce|le|votre) {_NAME}(?:est|peut etre|pourrait etre) (?:actuellement )?(?:a vendre|a ceder|en vente|disponible a la vente)"
    rf"|(?:ce|le|votre) {_NAME}(?:a expire|est expire|est en parking)"
    r"|(?:ce|le|votre) nom de domaine (?:\S+\.\S+ )?(?:vient d'etre enregistre|a (?:bien )?ete enregistre|est (?:deja )?reserve)"
    r"|votre domaine a bien ete cree|(?:acheter|achetez|reserver|reservez) ce nom de domaine"
    r"|(?:this )?domain (?:name )?(?:\S+\.\S+ )?(?:is|may be|might be|could be) (?:for sale|available for (?:sale|purchase)|parked)"
    r"|(?:buy|purchase|own) this domain(?: name)?|this domain (?:name )?has expired|inquire about this domain"
    r"|(?:this )?(?:web ?page|site) is parked|parked free|domain parking"
    r"|this account has been suspended|ce compte a ete suspendu|cet hebergement (?:a ete|est) suspendu"
    r")"
)
_SELLERS: Final = re.compile(
    r"\b(?:sedoparking|parkingcrew|hugedomains|afternic|bodis|dan\.com|undeveloped\.com|parklogic|domainnamesales)\b"
)
_DEFAULTS: Final = re.compile(
    r"\W*(?:index of /|(?:welcome to nginx|apache2? (?:\w+ )?(?:default page|test page)|it works|default web site page|iis windows"
    r"|domain default page|(?:plesk )?default page|coming soon|site en construction|parked domain|account suspended|compte suspendu)\b)"
)
_DEFAULT_LONGEST: Final = 120
_SPACES: Final = re.compile(r"\s+")


def is_parking(title: str, text: str) -> bool:
    """Whether a home page is one that a registrar or a host puts where a site was: for sale, expired, suspended, not set up.

    `text` is the page's plain text. A blog that writes about domain names is none: a parking page has next to no text of its own and says
    of itself that it is for sale, in the words that registrars use. A doubt goes to the blog: then the visit fails for a plainer reason.
    """
    count = len(text.split())
    if count > _LONGEST:
        return False
    head = _SPACES.sub(" ", folded(f"{title[:300]} \n {text[:_READ]}").replace("’", "'"))
    if _SALE.search(head) or _SELLERS.search(head):
        return True
    return count <= _DEFAULT_LONGEST and bool(_DEFAULTS.match(_SPACES.sub(" ", folded(title[:300]))))
