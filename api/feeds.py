"""A search as something to subscribe to: the value `Feed`, and Atom 1.0 (RFC 4287) of it. JSON Feed is `api.json_feed`.

Pure: values in, bytes out. Every feed is a search: of a discipline, a blog or an author too. Articles are read at their authors': an entry
has the excerpt only, and its link goes there. Where the record has no date, neither has the entry a `published`; its `updated`, without
which Atom allows none, is then the epoch (`UNDATED`) and the summary says so: tonight's date would make an old article news every night.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from api import french
from api.address import SEARCH_PATH, address, at_page
from api.outgoing import plain, stamp, visible, web_address
from api.places import ATOM_PATH, JSON_FEED_PATH, OPENSEARCH_PATH, article_path, blog_path, tag
from api.xml_tree import XML_LANG, add, root, serialised
from indexer.query import Query
from indexer.respelling import best, respelt
from indexer.results import Hit, Results

SIZE: Final = 30
"""Articles on one page of a feed."""
MAX_AUTHORS: Final = 50
"""Authors that an entry names; who claims more is making fun of readers."""
UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)

ATOM_TYPE: Final = "application/atom+xml"
JSON_FEED_TYPE: Final = "application/feed+json"
_NAMESPACES: Final = {None: "http://www.w3.org/2005/Atom", "opensearch": "http://a9.com/-/spec/opensearch/1.1/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed. `base` is our public address without a slash at its end, `query` what was asked, `page` the path of the HTML
    page that shows the same, `hits` newest first with those without a date last, `pages` how many pages the feed has, `total` all articles
    found, `updated` when the index was published, `note` why it may hold less than was asked for."""

    base: str
    title: str
    query: Query
    page: str
    hits: tuple[Hit, ...]
    total: int
    pages: int
    updated: datetime
    generation: str
    note: str = ""

    @classmethod
    def of(cls, results: Results, *, base: str, title: str, updated: datetime, page: str | None = None) -> Feed:
        """The feed of what `subscribed(query)` found. `title` is what readers call the search («lichen», «Physique»); `page`: the path of
        its HTML page, where that is not the page of results. Articles that have only some of the words (`partial`) are in no feed: all of
        them would leave it on the night when one has enough."""
        hits = () if results.partial else results.hits
        return cls(
            base=base,
            title=f"{plain(title)} · Luciole" if visible(title) else "Luciole",
            query=results.query,
            page=page or address(replace(results.query, page=1, sort="date"), SEARCH_PATH),
            hits=tuple(sorted(hits, key=lambda hit: hit.date or datetime.min.replace(tzinfo=UTC), reverse=True)),
            total=0 if results.partial else results.total,
            pages=0 if results.partial else results.pages,
            updated=updated,
            generation=results.generation,
            note=_note(results),
        )

    @property
    def subtitle(self) -> str:
        """How many articles it has, and what readers should know of that."""
        return " ".join(filter(None, (f"{french.counted(self.total, 'article')} des blogs de science francophones.", self.note)))

    def address(self, path: str, number: int | None = None) -> str:
        """Where a page of this feed is, in the format of `path`. A feed is always by date: its address does not say so."""
        query = replace(self.query, sort="pertinence", page=number or self.query.page)
        return self.base + address(query, path)

    @property
    def id(self) -> str:
        """The same name for every page and both formats of one feed."""
        return tag(self.base, address(replace(at_page(self.query, 1), sort="pertinence"), "recherche"))

    @property
    def neighbours(self) -> dict[str, int]:
        """The pages to go on to, by link relation: `previous` is nearer to now, `next` further back."""
        number = self.query.page
        around = {"previous": number - 1, "next": number + 1}
        return {name: at for name, at in around.items() if 1 <= at <= self.pages}


def subscribed(query: Query) -> Query:
    """The query to put to the index for a feed: newest first, a page of the feed's size."""
    return replace(query, sort="date", size=SIZE)


def feed_query(results: Results) -> Query:
    """The search to offer a feed of beside these results: for the words that were searched, since a feed corrects none."""
    text = respelt(results.query.text, best(results.corrections))
    return replace(results.query, text=text, page=1, sort="pertinence", as_typed=False)


def shown_title(hit: Hit) -> str:
    """The title as one line of plain text."""
    return plain(hit.title.text) if visible(hit.title.text) else "Sans titre"


def shown_authors(hit: Hit) -> tuple[str, ...]:
    """Those of the authors' names in which there is something to see, without repeats, `MAX_AUTHORS` at most."""
    return tuple(dict.fromkeys(plain(name) for name in hit.authors if visible(name)))[:MAX_AUTHORS]


def entry_id(base: str, hit: Hit) -> str:
    """The name of an article in all feeds of ours, for ever."""
    return tag(base, article_path(hit.id).removeprefix("/"))


def entry_link(base: str, hit: Hit) -> str:
    """The article at its author's; our own page about it when its address is none that a reader may be sent to."""
    return web_address(hit.url) or base + article_path(hit.id)


def summary(hit: Hit) -> str:
    """The excerpt, after what a reader should know before following the link."""
    notes = []
    if hit.members_only:
        notes.append(f"Réservé aux abonnés{french.WIDE}: extrait." if hit.excerpt.text else "Réservé aux abonnés du blog.")
    if hit.date is None:
        notes.append("Article sans date connue.")
    if hit.gone_since:
        notes.append(f"Ce site ne répond plus depuis le {french.day(hit.gone_since)}.")
    return plain(" ".join((*notes, plain(hit.excerpt.text))))


def atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0 with OpenSearch's elements, in UTF-8."""
    tree = root("feed", _NAMESPACES, {XML_LANG: "fr"})
    add(tree, "id", feed.id)
    add(tree, "title", feed.title)
    add(tree, "subtitle", feed.subtitle)
    add(tree, "updated", stamp(feed.updated))
    add(add(tree, "author"), "name", "Luciole")
    add(tree, "generator", "Luciole", {"uri": f"{feed.base}/"})
    add(tree, "icon", f"{feed.base}/favicon.svg")
    _link(tree, "self", feed.address(ATOM_PATH), ATOM_TYPE)
    _link(tree, "alternate", feed.base + feed.page, "text/html")
    _link(tree, "alternate", feed.address(JSON_FEED_PATH), JSON_FEED_TYPE)
    _link(tree, "search", feed.base + OPENSEARCH_PATH, "application/opensearchdescription+xml")
    for relation, number in feed.neighbours.items():
        _link(tree, relation, feed.address(ATOM_PATH, number), ATOM_TYPE)
    add(tree, "opensearch:totalResults", str(feed.total))
    add(tree, "opensearch:startIndex", str((feed.query.page - 1) * feed.query.size + 1))
    add(tree, "opensearch:itemsPerPage", str(feed.query.size))
    if feed.query.text:
        asked = {"role": "request", "searchTerms": feed.query.text, "startPage": str(feed.query.page)}
        add(tree, "opensearch:Query", "", asked)
    for hit in feed.hits:
        _entry(tree, feed, hit)
    return serialised(tree)


def _entry(tree: etree._Element, feed: Feed, hit: Hit) -> None:
    entry = add(tree, "entry")
    add(entry, "id", entry_id(feed.base, hit))
    add(entry, "title", shown_title(hit), {"type": "text"})
    _link(entry, "alternate", entry_link(feed.base, hit), "text/html")
    _link(entry, "related", feed.base + article_path(hit.id), "text/html")
    if copy := web_address(hit.archive or ""):
        _link(entry, "related", copy, "text/html")
    if hit.date:
        add(entry, "published", stamp(hit.date))
    add(entry, "updated", stamp(hit.date or UNDATED))
    for name in shown_authors(hit) or (hit.source_name,):  # an entry must have one
        add(add(entry, "author"), "name", name)
    for one in hit.disciplines:
        add(entry, "category", "", {"term": one, "label": french.discipline(one)})
    if words := summary(hit):
        add(entry, "summary", words, {"type": "text"})
    source = add(entry, "source")
    add(source, "id", tag(feed.base, blog_path(hit.source_id).removeprefix("/")))
    add(source, "title", hit.source_name)
    _link(source, "alternate", feed.base + blog_path(hit.source_id), "text/html")


def _note(results: Results) -> str:
    if results.partial:
        return "Aucun n’a encore assez de ces mots\u00a0: le premier qui les aura paraîtra ici."
    if results.unknown:
        words = ", ".join(f"«\u00a0{plain(word)}\u00a0»" for word in results.unknown)
        return f"Aucun ne contient encore {words}."
    return ""


def _link(parent: etree._Element, relation: str, href: str, media_type: str) -> None:
    add(parent, "link", "", {"rel": relation, "type": media_type, "href": href})
