"""Which strategies are tried on a blog, in which order, and the words for them in `sources.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crawler.backfill.blogger import Blogger
from crawler.backfill.links import Links
from crawler.backfill.paging import FeedPaging
from crawler.backfill.sitemaps import Sitemaps
from crawler.backfill.spip import Spip
from crawler.backfill.strategy import Site, Strategy
from crawler.backfill.wordpress import WordPress

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wordpress": "l’interface de WordPress (`/wp-json/`), carnets Hypothèses compris : tous les billets avec leur texte",
        "blogger": "le fil de Blogger, feuilleté jusqu’au premier billet",
        "spip": "le plan de site de SPIP, puis ses rubriques, l’une après l’autre",
        "sitemap": "les plans de site (`sitemap.xml`, ou ceux que nomme `robots.txt`)",
        "feed": "le fil du blog, page après page vers les plus anciennes",
        "links": "les liens, suivis depuis la page d’accueil : le dernier recours",
        "none": "pas d’archives : seulement ce que le fil donnera désormais",
    }
)
"""The words allowed for `backfill:`, with what each means, in French."""


def strategies(site: Site, chosen: str | None = None) -> tuple[Strategy, ...]:
    """The strategies that have a hold on the site, in the order in which they are tried: each only if those before it fail.

    Interfaces that give full texts come first, then lists of addresses, then pages of lists. What the curator chose comes before all and
    is tried though nothing announces it; `none` is nothing at all. An unknown word is as good as none chosen.
    """
    if chosen == "none":
        return ()
    usual: tuple[Strategy, ...] = (WordPress(), Blogger(), Spip(), Sitemaps(), FeedPaging(), Links())
    insistent: dict[str, Strategy] = {
        "wordpress": WordPress(insist=True),
        "blogger": Blogger(insist=True),
        "spip": Spip(insist=True),
        "sitemap": Sitemaps(),
        "feed": FeedPaging(),
        "links": Links(),
    }
    first = [insistent[chosen]] if chosen in insistent else []
    return tuple([strategy for strategy in [*first, *(one for one in usual if one.name != chosen)] if strategy.plan(site)])
