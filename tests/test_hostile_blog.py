"""A blog that attacks whoever shows it, crawled, indexed and served for real: all that it says is text, on every page and in every feed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import feedparser
import httpx
import lxml.html
import pytest
import yaml
from lxml import etree

from api.app import create
from demo.dialects.hostile import ALARM, ATTACKS, BROKEN_ATTACKS, BROKEN_FEED_PATH, FEED_PATH, GIANT, WORD
from demo.listing import host_map, sources_yaml
from demo.server import running
from luciole.settings import Settings
from tests.api.meadow import serving

BLOG = "lampions"
SAFE_ELEMENTS = {"iframe", "object", "embed", "base", "frame", "applet", "style", "img", "video", "audio", "textarea"}
OF_SVG = {"onbegin", "onend"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """What a night makes of the blog, beside one that is kind."""
    work = tmp_path_factory.mktemp("hostile")
    with running(hostile=True) as port:
        listed = yaml.safe_load(sources_yaml(port, hostile=True))
        listed["sources"] = [one for one in listed["sources"] if one["id"] in {BLOG, "mesures"}]
        hostile = next(one for one in listed["sources"] if one["id"] == BLOG)
        hostile["feeds"] = [hostile["url"].rstrip("/") + path for path in (FEED_PATH, BROKEN_FEED_PATH)]
        (work / "sources.yaml").write_text(yaml.safe_dump(listed, allow_unicode=True), encoding="utf-8")
        bare = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
        environment = bare | {
            "LUCIOLE_DATA": str(work / "data"),
            "LUCIOLE_SOURCES": str(work / "sources.yaml"),
            "LUCIOLE_HOST_MAP": host_map(port, hostile=True),
        }
        done = subprocess.run(
            [sys.executable, "-m", "luciole.cli", "nightly"], env=environment, capture_output=True, text=True, timeout=240, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return Settings(data=work / "data", contact="robot@luciole.example")


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(create(settings)) as base:
        yield base


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as made:
        yield made


@pytest.fixture(scope="module")
def found(client: httpx.Client) -> list[dict]:
    answer = client.get("/api/v1/search", params={"q": WORD, "blog": BLOG, "size": 50, "tri": "date"}).json()
    return answer["hits"]


def pages(client: httpx.Client, found: list[dict]) -> Iterator[tuple[str, httpx.Response]]:
    """Every page that shows something of the blog."""
    paths = ["/", "/blogs", f"/blog/{BLOG}", "/discipline/physique", "/statistiques"]
    paths += [
        f"/recherche?q={WORD}",
        f"/recherche?q={WORD}&page=2",
        f"/recherche?q={WORD}&blog={BLOG}&tri=date",
        "/recherche?q=script+alert",
    ]
    paths += [f"/article/{hit['id']}" for hit in found]
    authors = {name for hit in found for name in hit["authors"]}
    paths += [str(httpx.URL("/recherche", params={"auteur": name})) for name in sorted(authors)]
    for path in paths:
        yield path, client.get(path)
    for path in paths[5:9]:
        yield f"{path} (htmx)", client.get(path, headers={"HX-Request": "true"})


def test_its_articles_are_found_with_the_titles_they_have(found: list[dict]) -> None:
    told = {hit["title"]["text"] for hit in found}
    assert len(found) >= len(ATTACKS) + len(BROKEN_ATTACKS) - 3, told  # of those whose link is code, some have no address at all
    # Elements leave a title on their way into the record, however often they were escaped; all else of it stays.
    assert {"dans un titre", "dans un titre brut", "trois fois", "Un texte qui montre"} <= told
    assert {one.title for one in ATTACKS if one.slug in {"elements", "gabarit", "citation", "doi"}} <= told
    assert any(title.startswith("Octets") for title in told)
    assert any(title.startswith("Géant " + GIANT[:60]) for title in told)
    assert any("à l’envers" in title for title in told)
    assert "\x00" not in json.dumps(found, ensure_ascii=False)
    for hit in found:
        assert urlsplit(hit["url"]).scheme in {"http", "https"}
        assert urlsplit(hit["url"]).hostname == f"{BLOG}.localhost"


def test_nothing_of_it_acts_on_a_page(client: httpx.Client, found: list[dict]) -> None:
    seen = 0
    for path, answer in pages(client, found):
        assert answer.status_code == 200, path
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        tree = lxml.html.document_fromstring(answer.text)
        for element in tree.iter(etree.Element):
            assert element.tag not in SAFE_ELEMENTS, (path, element.tag)
            for name, value in element.attrib.items():
                assert not re.match(r"on[a-z]|style$|hx-on|srcdoc", name), (path, name)
                if name in {"href", "src", "action", "formaction", "xlink:href", "poster", "data", "cite"}:
                    assert re.match(r"https?://|/(?!/)|#|\?|mailto:", value), (path, value)
                    assert "mal.example" not in urlsplit(value).netloc
                if name.startswith("hx-") and name in {"hx-get", "hx-post", "hx-put", "hx-delete", "hx-patch"}:
                    assert value.startswith("/recherche"), (path, value)
            if element.tag == "script":
                if element.get("type") == "application/ld+json":
                    json.loads(element.text or "")
                else:
                    assert (element.get("src") or "").startswith("/static/"), path
                    assert not (element.text or "").strip()
            if element.tag == "meta":
                assert (element.get("http-equiv") or "").lower() != "refresh", path
        assert "\x00" not in answer.text
        assert ">49<" not in answer.text
        seen += ALARM in "".join(tree.itertext())
    assert seen > 3, "the attacks are shown as text"


def test_nothing_of_it_breaks_a_feed_or_a_list(client: httpx.Client, found: list[dict]) -> None:
    for query in (f"q={WORD}", f"blog={BLOG}"):
        answer = client.get(f"/recherche.atom?{query}")
        read = feedparser.parse(answer.content, response_headers=dict(answer.headers))
        assert not read.bozo
        assert len(read.entries) == len(found)
        for entry in read.entries:
            assert urlsplit(entry.link).scheme == "http"
        assert {"]]> -->", "dans un titre"} <= {entry.title for entry in read.entries}
        told = client.get(f"/recherche.json?{query}").json()
        assert len(told["items"]) == len(found)
    etree.fromstring(client.get("/blogs.opml").content)
    etree.fromstring(client.get("/sitemap-1.xml").content)
    assert "Lampions <i>& pièges</i>" in {one.get("text") for one in etree.fromstring(client.get("/blogs.opml").content).iter("outline")}
    json.loads(client.get("/suggestions.json?q=geant").content)


@pytest.mark.browser
def test_a_browser_runs_nothing_of_it_and_the_page_keeps_its_width(chromium: str, address: str, found: list[dict]) -> None:
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 320, "height": 700})
        page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(address) else None)
        paths = [f"/recherche?q={WORD}", f"/recherche?q={WORD}&tri=date", f"/recherche?q={WORD}&page=2", f"/blog/{BLOG}", "/", "/blogs"]
        for path in [*paths, *(f"/article/{hit['id']}" for hit in found)]:
            page.goto(address + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > 320:
                complaints.append(f"{path}: {wide} px wide")
        page.goto(f"{address}/recherche?q={WORD}")
        page.locator("#q").fill("script alert")
        page.wait_for_url("**/recherche?q=script+alert**")
        browser.close()
    assert complaints == []
