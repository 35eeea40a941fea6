"""What can be subscribed to, over a real socket: feeds as a feed reader fetches them, lists, suggestions, the sitemap."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

import feedparser
import httpx
import pytest
from lxml import etree

from api.app import create
from indexer.search import Search
from luciole.settings import Settings
from tests.api.meadow import NIGHT, publish, serving

OURS = "https://luciole.example"
FILES = {
    "/recherche.atom?q=lumi%C3%A8re": "application/atom+xml; charset=utf-8",
    "/recherche.json?q=lumi%C3%A8re": "application/feed+json; charset=utf-8",
    "/recherche.atom?discipline=physique": "application/atom+xml; charset=utf-8",
    "/recherche.atom?blog=nuit&page=2": "application/atom+xml; charset=utf-8",
    "/recherche.atom?auteur=Ada+Exemple": "application/atom+xml; charset=utf-8",
    "/blogs.opml": "text/x-opml; charset=utf-8",
    "/blogs.opml?discipline=physique": "text/x-opml; charset=utf-8",
    "/opensearch.xml": "application/opensearchdescription+xml; charset=utf-8",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/sitemap-1.xml": "application/xml; charset=utf-8",
}


def read(client: httpx.Client, path: str) -> Any:
    """A feed as feedparser makes of it, fetched and read with the headers that came with it."""
    answer = client.get(path)
    assert answer.status_code == 200
    made = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert not made.bozo, made.bozo_exception
    return made


def link(made: Any, relation: str, kind: str | None = None) -> str:
    (href,) = (one.href for one in made.feed.links if one.rel == relation and kind in {None, one.type})
    assert href.startswith(f"{OURS}/")
    return href.removeprefix(OURS)


@pytest.mark.parametrize(("path", "kind"), FILES.items())
def test_every_file_is_whole_typed_compressed_and_known_again(client: httpx.Client, path: str, kind: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers.get("Content-Encoding") == ("gzip" if len(answer.content) >= 500 else None)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    again = client.get(path, headers={"If-None-Match": f'"other", {answer.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_feedparser_reads_a_search_over_http_and_is_told_that_nothing_changed(address: str, client: httpx.Client) -> None:
    url = f"{address}/recherche.atom?q={quote('lumière')}"
    first = feedparser.parse(url)
    assert (first.status, first.version, first.bozo) == (200, "atom10", False)
    assert first.feed.title == "«\u00a0lumière\u00a0» · Luciole"
    assert len(first.entries) == 30
    answer = client.get("/api/v1/search", params={"q": "lumière", "tri": "date", "size": 30}).json()
    assert [entry.title for entry in first.entries] == [hit["title"]["text"] for hit in answer["hits"]]
    assert int(first.feed.opensearch_totalresults) == answer["total"] == 39
    assert feedparser.parse(url, etag=first.etag).status == 304


def test_a_feed_goes_on_to_its_end(client: httpx.Client) -> None:
    seen: list[str] = []
    path: str | None = "/recherche.atom?q=lumi%C3%A8re"
    while path:
        made = read(client, path)
        seen += [entry.id for entry in made.entries]
        path = link(made, "next") if any(one.rel == "next" for one in made.feed.links) else None
    assert len(seen) == len(set(seen)) == 39
    seen = []
    path = "/recherche.json?q=lumi%C3%A8re"
    while path:
        made = client.get(path).json()
        seen += [item["id"] for item in made["items"]]
        path = made.get("next_url", "").removeprefix(OURS)
    assert len(set(seen)) == 39


@pytest.mark.parametrize(
    ("parameters", "title", "page", "count"),
    [
        ("", "Luciole", "/recherche?tri=date", 30),
        ("q=lichen", "«\u00a0lichen\u00a0» · Luciole", "/recherche?q=lichen&tri=date", 2),
        ("discipline=physique", "Physique · Luciole", "/discipline/physique", 30),
        ("discipline=nulle", "nulle · Luciole", "/recherche?discipline=nulle&tri=date", 0),
        ("blog=mousse", "Mousses et lichens · Luciole", "/blog/mousse", 2),
        ("blog=piege", "<b>Piège</b> & Cie · Luciole", "/blog/piege", 3),
        ("blog=mousse&blog=vieux", "Mousses et lichens · Vieux grimoire · Luciole", "/recherche?blog=mousse&blog=vieux&tri=date", 3),
        ("auteur=Ada+Exemple", "Ada Exemple · Luciole", "/recherche?auteur=Ada+Exemple&tri=date", 30),
        ("q=lichen&blog=mousse", "«\u00a0lichen\u00a0» · Mousses et lichens · Luciole", "/recherche?q=lichen&blog=mousse&tri=date", 2),
    ],
)
def test_any_search_discipline_blog_or_author_has_a_feed(client: httpx.Client, parameters: str, title: str, page: str, count: int) -> None:
    path = f"/recherche.atom?{parameters}".rstrip("?")
    answer = client.get(path)
    tree = etree.fromstring(answer.content)
    assert tree.findtext("{http://www.w3.org/2005/Atom}title") == title
    made = read(client, path)
    assert len(made.entries) == count
    assert link(made, "alternate", "text/html") == page
    assert link(made, "self") == path
    told = client.get(path.replace(".atom", ".json")).json()
    assert (told["title"], told["home_page_url"], told["feed_url"]) == (title, OURS + page, OURS + path.replace(".atom", ".json"))
    assert [item["id"] for item in told["items"]] == [entry.id for entry in made.entries]
    assert link(made, "alternate", "application/feed+json") == path.replace(".atom", ".json")


def test_a_feed_corrects_no_word_and_says_so(client: httpx.Client) -> None:
    assert client.get("/api/v1/search?q=lumierre").json()["total"] == 39
    made = read(client, "/recherche.atom?q=lumierre")
    assert made.entries == []
    assert "Aucun ne contient encore «\u00a0lumierre\u00a0»." in made.feed.subtitle
    assert link(made, "self") == "/recherche.atom?q=lumierre"
    assert link(made, "alternate", "text/html") == "/recherche?q=lumierre&tri=date&tel_quel=1"
    same = read(client, "/recherche.atom?q=lumierre&tel_quel=1")
    assert (same.feed.id, link(same, "self")) == (made.feed.id, link(made, "self"))


def test_the_feed_of_a_corrected_page_is_of_the_words_that_were_searched(settings: Settings) -> None:
    from api.address import address, read_query
    from api.feeds import feed_query
    from indexer.search import open_search

    search = open_search(settings)
    for asked, feed in {
        "q=nuit+lumierre&blog=nuit&tri=date&page=2": "/recherche?q=nuit+lumi%C3%A8re&blog=nuit",
        "q=lichen&tri=date": "/recherche?q=lichen",
        "q=zzyzx&tel_quel=1": "/recherche?q=zzyzx",
        "q=lumierre+nuit+lumierre": "/recherche?q=lumi%C3%A8re+nuit+lumi%C3%A8re",
        "q=auteur%3Alumierre+lumierre": "/recherche?q=auteur%3Alumierre+lumi%C3%A8re",
        "q=xlumierrex+lumierre": "/recherche?q=xlumierrex+lumi%C3%A8re",
    }.items():
        query = read_query(httpx.QueryParams(asked).multi_items())
        assert address(feed_query(search.page(query))) == feed
    search.close()


def test_articles_that_have_but_some_of_the_words_are_in_no_feed(client: httpx.Client) -> None:
    asked = {"q": "hâte éponge grains épisode "}
    assert client.get("/api/v1/search", params={**asked, "tri": "date"}).json()["total"] > 0
    told = client.get("/recherche.json", params=asked).json()
    assert told["items"] == []
    assert "Aucun n’a encore assez de ces mots" in told["description"]


def outlines(answer: httpx.Response) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in etree.fromstring(answer.content).iter("outline") if one.get("type")]


def test_opml_of_any_selection(client: httpx.Client) -> None:
    every = outlines(client.get("/blogs.opml"))
    assert {one["text"] for one in every} == {
        "Carnet de la nuit",
        "<b>Piège</b> & Cie",
        "Mousses et lichens",
        "La chaîne des volcans",
        "Vieux grimoire",
    }
    by_name = {one["text"]: one for one in every}
    assert by_name["Carnet de la nuit"]["xmlUrl"] == "https://nuit.example/feed.xml"
    ours = by_name["Mousses et lichens"]["xmlUrl"]
    assert ours == f"{OURS}/recherche.atom?blog=mousse"
    assert len(read(client, ours.removeprefix(OURS)).entries) == 2
    chosen = client.get("/blogs.opml?discipline=physique")
    assert [one["text"] for one in outlines(chosen)] == ["Carnet de la nuit"]
    assert "Physique" in etree.fromstring(chosen.content).findtext("head/title", "")
    picked = client.get("/blogs.opml?blog=vieux&blog=mousse&blog=nulle-part")
    assert {one["text"] for one in outlines(picked)} == {"Mousses et lichens", "Vieux grimoire"}
    assert outlines(client.get("/blogs.opml?blog=nulle-part")) == []
    assert len(outlines(client.get("/blogs.opml?blog=&discipline="))) == 5


def test_a_browser_can_search_with_us(client: httpx.Client) -> None:
    tree = etree.fromstring(client.get("/opensearch.xml").content)
    urls = {one.get("type"): one.get("template") or "" for one in tree.iter("{http://a9.com/-/spec/opensearch/1.1/}Url")}
    assert "robot@luciole.example" in (tree.findtext("{http://a9.com/-/spec/opensearch/1.1/}Contact") or "")
    for kind, started in {
        "text/html": "<!doctype html>",
        "application/atom+xml": "<?xml",
        "application/x-suggestions+json": '["lich',
    }.items():
        path = urls[kind].removeprefix(OURS).replace("{searchTerms}", "lich").replace("{startPage?}", "1")
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].partition(";")[0] == kind
        assert answer.text.lower().startswith(started)


def test_suggestions_repeat_what_was_typed_and_are_kept_nowhere(client: httpx.Client) -> None:
    answer = client.get("/suggestions.json", params={"q": "  Mou "})
    typed, words, descriptions, urls = answer.json()
    assert typed == "  Mou "
    assert len(words) == len(descriptions) == len(urls)
    answer = client.get("/suggestions.json", params={"q": "mou"})
    assert answer.headers["Content-Type"] == "application/x-suggestions+json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    _, words, descriptions, urls = answer.json()
    assert words[0] == "mousses"
    for url in urls:
        assert url.startswith(f"{OURS}/")
    assert client.get(urls[0].removeprefix(OURS)).status_code == 200
    for odd in ("", "q=", "q=%00%0a", "q=" + "a" * 5000, "q=%ff", "x=1"):
        assert client.get(f"/suggestions.json?{odd}").status_code == 200


def test_the_sitemap_leads_to_pages_of_ours(client: httpx.Client) -> None:
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = etree.fromstring(client.get("/sitemap.xml").content)
    parts = [one.text or "" for one in index.iterfind("s:sitemap/s:loc", spaces)]
    assert parts == [f"{OURS}/sitemap-1.xml"]
    assert [one.text for one in index.iterfind("s:sitemap/s:lastmod", spaces)] == [NIGHT.strftime("%Y-%m-%dT%H:%M:%SZ")]
    places = [one.text or "" for one in etree.fromstring(client.get("/sitemap-1.xml").content).iterfind("s:url/s:loc", spaces)]
    assert {f"{OURS}/", f"{OURS}/blog/mousse", f"{OURS}/discipline/physique"} <= set(places)
    for place in places:
        assert client.get(urlsplit(place).path).status_code == 200, place
    for number in ("0", "2", "-1", "01", "1e3", "9" * 40, "x", "%C2%B2", ""):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404, number


def test_robots_may_follow_feeds_but_not_searches(client: httpx.Client) -> None:
    from protego import Protego

    rules = Protego.parse(client.get("/robots.txt").text)
    for path, allowed in {
        "/recherche.atom?blog=nuit": True,
        "/recherche.json?discipline=physique": True,
        "/recherche?q=lichen": False,
        "/recherche": False,
        "/suggestions.json?q=lich": False,
        "/blogs.opml": True,
        "/": True,
    }.items():
        assert rules.can_fetch(OURS + path, "robot") is allowed, path
    assert client.get("/recherche.atom?blog=nuit").headers["X-Robots-Tag"] == "noindex"


def test_what_did_not_change_is_told_without_asking_the_engine(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path)
    publish(settings)
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20) as client:
        paths = [*FILES, "/", "/blogs", "/recherche?q=nuit"]
        tags = {path: client.get(path).headers["ETag"] for path in paths}

        def asked(*_: object, **__: object) -> None:
            raise AssertionError("the engine was asked")

        for name in ("page", "suggest", "article", "similar", "months"):
            monkeypatch.setattr(Search, name, asked)
        for path, tag in tags.items():
            assert client.get(path, headers={"If-None-Match": tag}).status_code == 304, path
        assert client.get("/recherche.atom?q=nuit").status_code == 500  # it would be noticed
        monkeypatch.undo()
        publish(settings, revision=2)
        for path, tag in tags.items():
            answer = client.get(path, headers={"If-None-Match": tag})
            assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True), path


def test_a_feed_waits_with_the_index(tmp_path: Any) -> None:
    with serving(create(Settings(data=tmp_path))) as base, httpx.Client(base_url=base, timeout=20) as client:
        for path in (*FILES, "/suggestions.json?q=mou"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert answer.headers["Retry-After"]
            assert answer.headers["Cache-Control"] == "no-store"


def test_json_feeds_are_json(client: httpx.Client) -> None:
    made = json.loads(client.get("/recherche.json?q=lanterne").content)
    assert made["version"] == "https://jsonfeed.org/version/1.1"
    assert all(not item["url"].startswith("javascript") for item in made["items"])
