"""What pages say of themselves to machines, safely inside HTML."""

import json
import re
from typing import Any

from hypothesis import given, settings
from jinja2 import Environment
from lxml import html

from api.linked_data import blog, blog_posting, embedded, website
from indexer.results import Hit
from tests.api.hits import BASE, NASTY, hit, hits
from tests.api.meadow import NUIT, PIEGE, card


def in_a_page(data: dict[str, Any]) -> Any:
    """The data as a browser's parser finds it in a page that a template made."""
    template = Environment(autoescape=True).from_string('<html><script type="application/ld+json">{{ data }}</script><p>fin</p></html>')
    page = html.fromstring(template.render(data=embedded(data)))
    assert len(page.findall(".//script")) == 1
    assert page.findtext(".//p") == "fin"
    return json.loads(page.findtext(".//script") or "")


@given(NASTY, NASTY)
@settings(deadline=None)
def test_no_text_ends_the_element_or_changes(one: str, other: str) -> None:
    data = {"name": one, "more": [{other: "</script><!-- <script> ]]> & \u2028\u2029"}]}
    made = embedded(data)
    assert not re.search("[<>&\u2028\u2029]", made)
    assert json.loads(made) == json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


@given(hits())
@settings(deadline=None)
def test_any_article_stands_in_a_page(one: Hit) -> None:
    made = in_a_page(blog_posting(one, BASE))
    assert made["@type"] == "BlogPosting"
    assert made["headline"]
    assert made["url"].startswith(("http://", "https://"))


def test_the_site_tells_how_it_is_searched() -> None:
    made = in_a_page(website(BASE))
    assert (made["@type"], made["url"]) == ("WebSite", f"{BASE}/")
    assert made["potentialAction"]["target"]["urlTemplate"] == f"{BASE}/recherche?q={{search_term_string}}"
    assert made["potentialAction"]["query-input"] == "required name=search_term_string"


def test_a_blog_is_at_its_own_address() -> None:
    assert in_a_page(blog(NUIT, BASE)) == {
        "@context": "https://schema.org",
        "@type": "Blog",
        "name": "Carnet de la nuit",
        "inLanguage": "fr",
        "url": "https://nuit.example/",
        "about": ["Astronomie & espace", "Physique"],
        "description": "Observations racontées avec leurs calculs.",
        "subjectOf": {"@type": "WebPage", "url": f"{BASE}/blog/nuit"},
    }
    assert in_a_page(blog(PIEGE, BASE))["name"] == "<b>Piège</b> & Cie"
    bare = in_a_page(blog(card("mal", "Mal", url="javascript:alert(1)", licence="CC-BY-4.0"), BASE))
    assert bare["license"] == "CC-BY-4.0"
    assert not {"url", "about", "description"} & set(bare)


def test_an_article_is_at_its_authors() -> None:
    made = in_a_page(blog_posting(hit(), BASE, blog_url="https://mousse.example/", dois=("10.1000/a<b>c",)))
    assert made == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": "Le lichen sous la lumière",
        "url": "https://mousse.example/articles/1",
        "inLanguage": "fr",
        "isPartOf": {"@type": "Blog", "name": "Mousses et lichens", "url": "https://mousse.example/"},
        "author": [{"@type": "Person", "name": "Ada Exemple"}],
        "datePublished": "2025-03-14T09:00:00Z",
        "about": ["Biologie & évolution", "Physique"],
        "description": "Un lichen est une alliance…",
        "wordCount": 420,
        "citation": ["https://doi.org/10.1000/a%3Cb%3Ec"],
        "subjectOf": {"@type": "WebPage", "url": f"{BASE}/article/0123456789abcdef"},
    }


def test_what_is_not_known_is_not_said() -> None:
    made = in_a_page(blog_posting(hit(excerpt="", authors=(), date=None, disciplines=(), members_only=True), BASE))
    assert not {"author", "datePublished", "about", "description", "wordCount", "citation"} & set(made)
    assert made["isAccessibleForFree"] is False
    assert made["isPartOf"] == {"@type": "Blog", "name": "Mousses et lichens"}
