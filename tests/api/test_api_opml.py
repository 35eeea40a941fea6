"""Lists of blogs for feed readers."""

from typing import Any

from hypothesis import given, settings
from lxml import etree

from api.opml import opml, selected
from indexer.night import SourceCard
from tests.api.hits import ADDRESSES, BASE, NASTY
from tests.api.meadow import CHAINE, MOUSSE, NIGHT, NUIT, PIEGE, VIEUX, card

ALL = (NUIT, PIEGE, MOUSSE, CHAINE, VIEUX)


def read(*cards: SourceCard, **more: Any) -> Any:
    values: dict[str, Any] = {"title": "Luciole", "feeds": {"nuit": "https://nuit.example/feed.xml"}}
    return etree.fromstring(opml(cards, created=NIGHT, base=BASE, **values | more))


def outlines(tree: Any) -> dict[str, dict[str, str]]:
    return {node.get("text"): dict(node.attrib) for node in tree.iter("outline") if node.get("type")}


def test_a_blog_is_subscribed_to_at_its_own_feed() -> None:
    tree = read(*ALL)
    assert tree.tag == "opml"
    assert tree.get("version") == "2.0"
    assert [(node.tag, node.text) for node in tree.find("head")] == [
        ("title", "Luciole"),
        ("dateCreated", "Sat, 14 Mar 2026 03:07:00 GMT"),
        ("docs", "http://opml.org/spec2.opml"),
    ]
    assert outlines(tree)["Carnet de la nuit"] == {
        "text": "Carnet de la nuit",
        "title": "Carnet de la nuit",
        "type": "rss",
        "xmlUrl": "https://nuit.example/feed.xml",
        "htmlUrl": "https://nuit.example/",
        "category": "/Astronomie & espace,/Physique",
        "language": "fr",
    }


def test_one_whose_feed_is_not_known_is_read_through_ours_and_that_is_said() -> None:
    made = outlines(read(*ALL))["Mousses et lichens"]
    assert made["xmlUrl"] == f"{BASE}/recherche.atom?blog=mousse"
    assert "Luciole" in made["description"]


def test_one_of_which_there_is_nothing_to_read_is_a_link() -> None:
    made = outlines(read(CHAINE))["La chaîne des volcans"]
    assert (made["type"], made["url"]) == ("link", "https://chaine.example/")
    assert not {"xmlUrl", "htmlUrl"} & set(made)


def test_folders_are_the_main_disciplines_in_their_order() -> None:
    assert [node.get("text") for node in read(*ALL).findall("body/outline")] == [
        "Astronomie & espace",
        "Sciences de la Terre",
        "Biologie & évolution",
        "Informatique & numérique",
        "Histoire & philosophie des sciences",
    ]
    flat = read(*ALL, folders=False)
    assert [node.get("text") for node in flat.findall("body/outline")] == [one.name for one in ALL]
    assert outlines(flat) == outlines(read(*ALL))


def test_nobody_is_subscribed_to_what_looks_stolen_or_is_gone() -> None:
    frozen, gone = card("vole", "Volé", "physique", frozen_since=NIGHT), card("parti", "Parti", "physique", gone_since=NIGHT)
    assert outlines(read(frozen, gone)) == {}
    assert read(frozen, gone).findall("body/outline") == []


def test_any_selection() -> None:
    assert selected(ALL) == ALL
    assert selected(ALL, disciplines=["physique"]) == (NUIT,)
    assert selected(ALL, ids=["mousse", "vieux", "inconnu"]) == (MOUSSE, VIEUX)
    assert selected(ALL, disciplines=["biologie-evolution"], ids=["nuit"]) == ()


@given(NASTY, NASTY, NASTY, ADDRESSES, ADDRESSES)
@settings(deadline=None)
def test_any_card_gives_a_list_that_can_be_read(name: str, label: str, discipline: str, url: str, feed: str) -> None:
    one = card("trap", label, discipline, url=url, articles=1)
    tree = read(one, title=name, feeds={"trap": feed})
    (made,) = [node for node in tree.iter("outline") if node.get("type")]
    assert made.get("xmlUrl").startswith(("http://", "https://"))
    assert (made.get("htmlUrl") or "https://").startswith(("http://", "https://"))
    assert (made.get("category") or "/").count("/") == 1
