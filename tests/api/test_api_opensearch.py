"""Luciole among the search engines of a browser."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from lxml import etree

from api.address import read_query
from api.opensearch import description, suggestions
from indexer.results import Suggestions
from tests.api.hits import BASE, NASTY

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def described(**more: Any) -> Any:
    return etree.fromstring(description(base=BASE, **more))


def test_the_texts_keep_to_the_lengths_of_the_specification() -> None:
    tree = described()
    assert tree.tag == f"{OPENSEARCH}OpenSearchDescription"
    for name, most in {"ShortName": 16, "LongName": 48, "Description": 1024, "Tags": 256}.items():
        assert 0 < len(tree.find(OPENSEARCH + name).text) <= most
    assert [tree.find(OPENSEARCH + name).text for name in ("Language", "InputEncoding", "OutputEncoding")] == ["fr", "UTF-8", "UTF-8"]
    assert tree.find(f"{OPENSEARCH}Image").text == f"{BASE}/favicon.svg"


def test_pages_atom_and_suggestions_have_their_addresses() -> None:
    templates = {one.get("type"): one.get("template") for one in described().findall(f"{OPENSEARCH}Url")}
    assert templates == {
        "text/html": f"{BASE}/recherche?q={{searchTerms}}&page={{startPage?}}",
        "application/atom+xml": f"{BASE}/recherche.atom?q={{searchTerms}}&page={{startPage?}}",
        "application/x-suggestions+json": f"{BASE}/suggestions.json?q={{searchTerms}}",
        "application/opensearchdescription+xml": f"{BASE}/opensearch.xml",
    }
    # As a browser fills it in that knows no page: the first one is meant.
    filled = templates["text/html"].replace("{searchTerms}", "trous%20noirs").replace("{startPage?}", "")
    query = read_query(parse_qsl(urlsplit(filled).query, keep_blank_values=True))
    assert (query.text, query.page) == ("trous noirs", 1)


def test_only_an_address_of_mail_is_a_contact() -> None:
    assert described(contact="robot@luciole.example").find(f"{OPENSEARCH}Contact").text == "robot@luciole.example"
    for contact in (None, "", "https://luciole.example/@contact", "a" * 60 + "@luciole.example"):
        assert described(contact=contact).find(f"{OPENSEARCH}Contact") is None


def test_suggestions_are_four_lists_that_belong_together() -> None:
    found = Suggestions(texts=("trous noirs", "trou & <vide>"), titles=(("0123456789abcdef", "Un trou\nnoir"),), generation="g")
    assert json.loads(suggestions("trou", found, base=BASE)) == [
        "trou",
        ["trous noirs", "trou & <vide>", "Un trou noir"],
        ["", "", "Article"],
        [f"{BASE}/recherche?q=trous+noirs", f"{BASE}/recherche?q=trou+%26+%3Cvide%3E", f"{BASE}/article/0123456789abcdef"],
    ]


def test_nothing_to_suggest_is_an_answer_too() -> None:
    assert json.loads(suggestions("zz", Suggestions(texts=(), titles=(), generation="g"), base=BASE)) == ["zz", [], [], []]


@given(NASTY, NASTY)
@settings(deadline=None)
def test_what_was_typed_comes_back_as_it_was(typed: str, title: str) -> None:
    found = Suggestions(texts=(title,), titles=(("0" * 16, title),), generation="g")
    told, *lists = json.loads(suggestions(typed, found, base=BASE))
    assert told == typed.encode("utf-8", "replace").decode()
    assert [len(one) for one in lists] == [2, 2, 2]
