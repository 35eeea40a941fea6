"""Atom and JSON Feed of any search, read back by a feed reader."""

import json
import re
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from api.address import read_query
from api.feeds import MAX_AUTHORS, SIZE, Feed, atom, subscribed
from api.json_feed import json_feed
from api.outgoing import plain
from indexer.query import Query
from indexer.results import Hit
from tests.api.hits import BASE, NASTY, NIGHT, found, hit, hits

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def feed(*some: Hit, title: str = "lichen", query: Query | None = None, total: int | None = None, pages: int = 1, **more: Any) -> Feed:
    results = found(*some, query=query, total=total, pages=pages)
    return Feed.of(results, base=BASE, title=title, updated=NIGHT, **more)


def as_atom(made: Feed) -> Any:
    return etree.fromstring(atom(made))


def as_json(made: Feed) -> Any:
    return json.loads(json_feed(made))


def text(node: Any, path: str) -> str | None:
    child = node.find(path.replace("atom:", ATOM).replace("os:", SEARCH))
    return None if child is None else child.text


def links(node: Any) -> set[tuple[str, str]]:
    return {(link.get("rel"), link.get("href")) for link in node.findall(f"{ATOM}link")}


def expected(title: str) -> str:
    """What a reader must see of a title: all of it but what XML cannot carry."""
    kept = re.sub("[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", re.sub("[\ud800-\udfff\ufffe\uffff]", "", title))
    return kept if any(one.isprintable() and one != " " for one in title) else "Sans titre"


def undirected(title: str) -> str:
    """What is closed or left out at most are the signs of direction."""
    return re.sub(" +", " ", re.sub("[\u202a-\u202e\u2066-\u2069]", "", title)).strip()


@given(st.lists(hits(), max_size=4), NASTY)
@settings(max_examples=150, deadline=None)
def test_a_feed_reader_reads_back_any_hit(some: list[Hit], title: str) -> None:
    made = feed(*some, title=title)
    body = atom(made)
    read = feedparser.parse(body)
    assert not read.bozo
    assert read.version == "atom10"
    wanted = [undirected(expected(one.title.text)) for one in made.hits]
    assert [undirected(entry.title) for entry in read.entries] == wanted
    for entry, one in zip(read.entries, made.hits, strict=True):
        assert entry.id == f"tag:luciole.example,2026:article/{one.id}"
        assert entry.link.startswith(("https://", "http://"))
        assert ("published" in entry) is (one.date is not None)
    # feedparser forgives; a strict reader does not.
    for element in etree.fromstring(body).iter(f"{ATOM}entry"):
        for needed in ("id", "title", "updated", "author", "link"):
            assert element.find(ATOM + needed) is not None
    items = as_json(made)["items"]
    assert [undirected(item["title"]) for item in items] == wanted
    assert all(item["url"].startswith(("https://", "http://")) and isinstance(item["content_text"], str) for item in items)
    assert [item["id"] for item in items] == [entry.id for entry in read.entries]


def test_an_entry_leads_to_the_authors_page_and_tells_whose_it_is() -> None:
    tree = as_atom(feed(hit()))
    entry = tree.find(f"{ATOM}entry")
    assert text(entry, "atom:id") == "tag:luciole.example,2026:article/0123456789abcdef"
    assert text(entry, "atom:title") == "Le lichen sous la lumière"
    assert text(entry, "atom:summary") == "Un lichen est une alliance…"
    assert text(entry, "atom:published") == text(entry, "atom:updated") == "2025-03-14T09:00:00Z"
    assert text(entry, "atom:author/atom:name") == "Ada Exemple"
    assert text(entry, "atom:source/atom:title") == "Mousses et lichens"
    assert [(one.get("term"), one.get("label")) for one in entry.findall(f"{ATOM}category")] == [
        ("biologie-evolution", "Biologie & évolution"),
        ("physique", "Physique"),
    ]
    assert links(entry) == {("alternate", "https://mousse.example/articles/1"), ("related", f"{BASE}/article/0123456789abcdef")}
    (item,) = as_json(feed(hit()))["items"]
    assert item["url"] == "https://mousse.example/articles/1"
    assert item["tags"] == ["Biologie & évolution", "Physique"]
    assert item["authors"] == [{"name": "Ada Exemple"}]
    assert item["date_published"] == "2025-03-14T09:00:00Z"
    assert item["_luciole"]["blog"] == {"id": "mousse", "name": "Mousses et lichens", "page": f"{BASE}/blog/mousse"}


def test_newest_first_and_those_without_a_date_last() -> None:
    days = [NIGHT, None, NIGHT + timedelta(days=1), NIGHT - timedelta(days=1)]
    some = [hit(str(number), id=f"{number:016}", date=day) for number, day in enumerate(days)]
    assert [entry.title for entry in feedparser.parse(atom(feed(*some))).entries] == ["2", "0", "3", "1"]
    assert [item["title"] for item in as_json(feed(*some))["items"]] == ["2", "0", "3", "1"]


def test_an_article_without_a_date_is_never_news() -> None:
    tonight, tomorrow = feed(hit(date=None)), Feed.of(found(hit(date=None)), base=BASE, title="", updated=NIGHT + timedelta(days=1))
    for made in (tonight, tomorrow):
        entry = as_atom(made).find(f"{ATOM}entry")
        assert text(entry, "atom:updated") == "1970-01-01T00:00:00Z"
        assert text(entry, "atom:published") is None
        assert text(entry, "atom:summary") == "Article sans date connue. Un lichen est une alliance…"
        (item,) = as_json(made)["items"]
        assert not {"date_published", "date_modified"} & set(item)


def test_what_a_reader_should_know_before_following_the_link() -> None:
    made = feed(hit(members_only=True, gone_since=NIGHT, archive="https://web.archive.org/web/2025/https://mousse.example/"))
    entry = as_atom(made).find(f"{ATOM}entry")
    assert text(entry, "atom:summary") == (
        "Réservé aux abonnés\u00a0: extrait. Ce site ne répond plus depuis le 14\u00a0mars\u00a02026. Un lichen est une alliance…"
    )
    assert ("related", "https://web.archive.org/web/2025/https://mousse.example/") in links(entry)
    assert text(as_atom(feed(hit(excerpt="", members_only=True))), "atom:entry/atom:summary") == "Réservé aux abonnés du blog."
    assert text(as_atom(feed(hit(excerpt=""))), "atom:entry/atom:summary") is None


def test_an_address_that_is_none_leads_to_our_page() -> None:
    tree = as_atom(feed(hit(url="javascript://mal.example/%0aalert(1)", archive="javascript:alert(1)")))
    assert links(tree.find(f"{ATOM}entry")) == {
        ("alternate", f"{BASE}/article/0123456789abcdef"),
        ("related", f"{BASE}/article/0123456789abcdef"),
    }
    assert b"javascript" not in json_feed(feed(hit(url="javascript:alert(1)", archive="javascript:alert(1)")))


def test_without_an_author_the_blog_is_named_and_of_thousands_the_first() -> None:
    assert text(as_atom(feed(hit(authors=(" ", "\u200b")))), "atom:entry/atom:author/atom:name") == "Mousses et lichens"
    crowd = tuple(f"Nom {number}" for number in range(5_000))
    names = [one.text for one in as_atom(feed(hit(authors=crowd))).findall(f"{ATOM}entry/{ATOM}author/{ATOM}name")]
    assert names == list(crowd[:MAX_AUTHORS])
    assert len(as_json(feed(hit(authors=crowd)))["items"][0]["authors"]) == MAX_AUTHORS


def test_a_search_tells_its_words_its_pages_and_where_else_it_is() -> None:
    query = subscribed(read_query([("q", "l’eau & le <vide>"), ("discipline", "physique"), ("page", "2")]))
    assert (query.sort, query.size) == ("date", SIZE)
    made = feed(hit(), query=query, total=75, pages=3)
    tree = as_atom(made)
    asked = "q=l%E2%80%99eau+%26+le+%3Cvide%3E&discipline=physique"
    assert links(tree) == {
        ("self", f"{BASE}/recherche.atom?{asked}&page=2"),
        ("alternate", f"{BASE}/recherche?{asked}&tri=date"),
        ("alternate", f"{BASE}/recherche.json?{asked}&page=2"),
        ("previous", f"{BASE}/recherche.atom?{asked}"),
        ("next", f"{BASE}/recherche.atom?{asked}&page=3"),
        ("search", f"{BASE}/opensearch.xml"),
    }
    assert [text(tree, f"os:{name}") for name in ("totalResults", "startIndex", "itemsPerPage")] == ["75", "31", "30"]
    assert tree.find(f"{SEARCH}Query").attrib == {"role": "request", "searchTerms": "l’eau & le <vide>", "startPage": "2"}
    assert text(tree, "atom:updated") == "2026-03-14T03:07:00Z"
    told = as_json(made)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == f"{BASE}/recherche.json?{asked}&page=2"
    assert told["next_url"] == f"{BASE}/recherche.json?{asked}&page=3"
    assert told["_luciole"] | {"about": ""} == {
        "about": "", "total": 75, "page": 2, "pages": 3, "generation": "g42", "updated": "2026-03-14T03:07:00Z",
    }  # fmt: skip


def test_the_first_and_the_last_page_lead_nowhere_further() -> None:
    assert feed(query=Query(page=1), pages=1).neighbours == {}
    assert feed(query=Query(page=1), pages=2).neighbours == {"next": 2}
    assert feed(query=Query(page=2), pages=2).neighbours == {"previous": 1}
    # A page past the end (of an address that somebody made up) promises none before it that is not there.
    assert feed(query=Query(page=9), pages=2).neighbours == {}
    assert "next_url" not in as_json(feed(query=Query(page=2), pages=2))


def test_the_name_of_a_feed_is_one_for_all_its_pages_and_for_no_other() -> None:
    def named(**more: Any) -> str:
        return feed(query=Query(**more), pages=9).id

    assert (
        named(text="lichen")
        == named(text="lichen", page=3)
        == named(text="lichen", sort="date")
        == "tag:luciole.example,2026:recherche?q=lichen"
    )
    by_blog = named(filters=MappingProxyType({"blog": ("mousse",)}))
    assert len({by_blog, named(text="lichen"), named(), named(filters=MappingProxyType({"auteur": ("mousse",)}))}) == 4


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("http://luciole.example:8000", "tag:luciole.example,2026:article/0123456789abcdef"),
        ("http://[::1]:8000", "tag:--1,2026:article/0123456789abcdef"),
    ],
)
def test_names_hold_no_scheme_and_no_port(base: str, name: str) -> None:
    made = Feed.of(found(hit()), base=base, title="", updated=NIGHT)
    assert text(as_atom(made), "atom:entry/atom:id") == name


def test_a_page_of_its_own_is_the_alternate_of_a_discipline() -> None:
    made = feed(title="Physique", page="/discipline/physique")
    assert ("alternate", f"{BASE}/discipline/physique") in links(as_atom(made))
    assert text(as_atom(made), "atom:title") == as_json(made)["title"] == "Physique · Luciole"
    assert as_json(made)["home_page_url"] == f"{BASE}/discipline/physique"
    assert text(as_atom(feed(title="\u200b")), "atom:title") == "Luciole"


def test_a_feed_of_nothing_is_a_feed() -> None:
    read = feedparser.parse(atom(feed(total=0, pages=0)))
    assert (read.bozo, read.entries) == (False, [])
    assert as_json(feed(total=0, pages=0))["items"] == []


def test_the_same_hits_make_the_same_bytes() -> None:
    assert atom(feed(hit())) == atom(feed(hit()))
    assert plain(as_atom(feed(hit("a ]]> b & <c>")))[-1][1].text) == "a ]]> b & <c>"
    assert datetime.fromisoformat(as_json(feed(hit()))["items"][0]["date_published"]) == datetime(2025, 3, 14, 9, tzinfo=UTC)
