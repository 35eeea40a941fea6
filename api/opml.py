"""Lists of blogs for feed readers: OPML 2.0 (opml.org/spec2.opml) of any selection of the list. Pure.

Blogs that are withheld (they look stolen) and sites that no longer answer are left out: nobody is to be subscribed to whoever comes next.
The list has no owner.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from lxml import etree

from api import french
from api.address import address, toggled
from api.outgoing import web_address
from api.places import ATOM_PATH
from api.xml_tree import add, root, serialised
from indexer.night import SourceCard
from indexer.query import Query
from luciole.disciplines import DISCIPLINES

OPML_TYPE: Final = "text/x-opml; charset=utf-8"
_ELSEWHERE: Final = "pluridisciplinaire"


def selected(cards: Iterable[SourceCard], *, disciplines: Collection[str] = (), ids: Collection[str] = ()) -> tuple[SourceCard, ...]:
    """The cards of one of these disciplines (main or not), and of those the ones with these ids; nothing chosen means all."""
    return tuple(
        card for card in cards if (not disciplines or not set(disciplines).isdisjoint(card.disciplines)) and (not ids or card.id in ids)
    )


def opml(cards: Iterable[SourceCard], *, title: str, created: datetime, base: str, feeds: Mapping[str, str], folders: bool = True) -> bytes:
    """The list, in UTF-8. `feeds`: the address of the feed of each blog that has a known one, by id. The others are subscribed to through
    ours of that blog, and the outline says so; one of which there is nothing to read here is a mere link. `folders`: one for each main
    discipline, in the order in which readers meet them."""
    tree = root("opml", {}, {"version": "2.0"})
    head = add(tree, "head")
    add(head, "title", title)
    add(head, "dateCreated", format_datetime(created.astimezone(UTC), usegmt=True))
    add(head, "docs", "http://opml.org/spec2.opml")
    body = add(tree, "body")
    shelves: dict[str, list[SourceCard]] = {name: [] for name in DISCIPLINES} if folders else {"": []}
    for card in cards:
        if not card.frozen and not card.gone_since:
            main = card.disciplines[0] if card.disciplines else _ELSEWHERE
            shelves.setdefault(main if folders else "", []).append(card)
    for name, shelf in shelves.items():
        label = french.discipline(name)
        parent = add(body, "outline", "", {"text": label, "title": label}) if folders and shelf else body
        for card in shelf:
            _outline(parent, card, base, feeds)
    return serialised(tree)


def _outline(parent: etree._Element, card: SourceCard, base: str, feeds: Mapping[str, str]) -> None:
    home = web_address(card.url)
    known = web_address(feeds.get(card.id, ""))
    ours = base + address(toggled(Query(), "blog", card.id), ATOM_PATH) if card.articles else None
    feed = known or ours
    attributes: dict[str, str | None] = {
        "text": card.name,
        "title": card.name,
        "type": "rss" if feed else "link",  # OPML says rss for every kind of feed
        "xmlUrl": feed,
        "htmlUrl": home if feed else None,
        "url": None if feed else home,
        # Commas part categories, slashes their levels: neither may stand in a label.
        "category": ",".join(f"/{french.discipline(one).replace(',', ' ').replace('/', '-')}" for one in card.disciplines) or None,
        "language": "fr",
        "description": "Par le flux de Luciole, celui du blog n’étant pas connu." if feed and not known else None,
    }
    add(parent, "outline", "", attributes)
