"""The map of our own pages."""

from dataclasses import replace
from typing import Any
from urllib.robotparser import RobotFileParser

import httpx
from lxml import etree
from protego import Protego

from api.sitemap import MAX_ADDRESSES, Place, places, sitemap, sitemap_index
from tests.api.hits import BASE
from tests.api.meadow import NIGHT, card, night

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(body: bytes | None) -> list[tuple[str, str | None]]:
    assert body is not None
    made: list[tuple[str, str | None]] = []
    for node in etree.fromstring(body):
        lastmod: Any = node.find(f"{MAP}lastmod")
        loc: Any = node.find(f"{MAP}loc")
        made.append((loc.text, None if lastmod is None else lastmod.text))
    return made


def test_the_pages_that_follow_from_the_index_are_as_new_as_it_is() -> None:
    made = dict(read(sitemap(places(night()), 1, base=BASE)))
    for path in ("/", "/blogs", "/statistiques", "/blog/nuit", "/blog/chaine", "/discipline/physique"):
        assert made[BASE + path] == "2026-03-14T03:07:00Z"
    assert made[f"{BASE}/a-propos"] is None
    assert f"{BASE}/discipline/chimie" not in made  # no blog has it
    assert not [address for address in made if "/article" in address or "/recherche" in address]


def test_a_blog_that_is_withheld_is_not_shown_to_search_engines() -> None:
    made = night()
    frozen = replace(made, sources=(*made.sources, card("vole", "Volé", "chimie", frozen_since=NIGHT)))
    assert places(frozen) == places(made)


def test_the_index_names_as_many_parts_as_there_are() -> None:
    few = places(night())
    assert read(sitemap_index(few, base=BASE, changed=NIGHT)) == [(f"{BASE}/sitemap-1.xml", "2026-03-14T03:07:00Z")]
    many = [Place(f"/blog/{number}", None) for number in range(MAX_ADDRESSES + 1)]
    assert [address for address, _ in read(sitemap_index(many, base=BASE, changed=NIGHT))] == [
        f"{BASE}/sitemap-1.xml",
        f"{BASE}/sitemap-2.xml",
    ]
    assert len(read(sitemap(many, 1, base=BASE))) == MAX_ADDRESSES
    assert read(sitemap(many, 2, base=BASE)) == [(f"{BASE}/blog/{MAX_ADDRESSES}", None)]
    assert [sitemap(many, number, base=BASE) for number in (-1, 0, 3)] == [None, None, None]


def test_nothing_in_it_is_forbidden_and_everything_is_there(client: httpx.Client) -> None:
    robots = client.get("/robots.txt").text
    told = [one.partition(": ")[2] for one in robots.splitlines() if one.startswith("Sitemap: ")]
    assert told == [f"{BASE}/sitemap.xml"]
    longest, first = Protego.parse(robots), RobotFileParser()
    first.parse(robots.splitlines())
    parts = [address for address, _ in read(client.get("/sitemap.xml").content)]
    pages = [address for part in parts for address, _ in read(client.get(part.removeprefix(BASE)).content)]
    assert {f"{BASE}/proposer", f"{BASE}/api/docs"} <= set(pages)
    for address in [*told, *parts, *pages]:
        assert longest.can_fetch(address, "anyone"), address
        assert first.can_fetch("anyone", address), address
        assert client.get(address.removeprefix(BASE)).status_code == 200, address
    assert not longest.can_fetch(f"{BASE}/api/v1/search?q=a", "anyone")
    assert not longest.can_fetch(f"{BASE}/recherche?q=a", "anyone")
