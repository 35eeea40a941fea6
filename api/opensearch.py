"""Luciole as a search engine of the reader's browser: OpenSearch 1.1 (draft 6) description, and suggestions. Pure."""

from __future__ import annotations

import json
from typing import Final

from lxml import etree

from api.address import SEARCH_PATH, address
from api.outgoing import plain
from api.places import ATOM_PATH, OPENSEARCH_PATH, SUGGESTIONS_PATH, article_path
from api.xml_tree import add, root, serialised
from indexer.query import Query
from indexer.results import Suggestions

DESCRIPTION_TYPE: Final = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE: Final = "application/x-suggestions+json"
_NAMESPACES: Final = {
    None: "http://a9.com/-/spec/opensearch/1.1/",
    "moz": "http://www.mozilla.org/2006/browser/search/",
}
_MAX_CONTACT: Final = 64


def description(*, base: str, contact: str | None = None) -> bytes:
    """What a browser reads to add Luciole to its search engines, in UTF-8. `contact` is named when it is an e-mail address."""
    tree = root("OpenSearchDescription", _NAMESPACES)
    add(tree, "ShortName", "Luciole")  # 16 characters at most
    add(tree, "LongName", "Luciole, les blogs de science francophones")  # 48
    add(tree, "Description", "Chercher dans les blogs de science francophones, choisis un par un, à la main.")
    add(tree, "Tags", "science blogs vulgarisation français")
    if contact and "@" in contact and "/" not in contact and len(contact) <= _MAX_CONTACT:
        add(tree, "Contact", contact)
    paged = "?q={searchTerms}&page={startPage?}"
    _url(tree, "text/html", base + SEARCH_PATH + paged, "results")
    _url(tree, "application/atom+xml", base + ATOM_PATH + paged, "results")
    _url(tree, SUGGESTIONS_TYPE, f"{base}{SUGGESTIONS_PATH}?q={{searchTerms}}", "suggestions")
    _url(tree, DESCRIPTION_TYPE, base + OPENSEARCH_PATH, "self")
    add(tree, "Image", f"{base}/favicon.svg", {"width": "16", "height": "16", "type": "image/svg+xml"})
    add(tree, "Query", "", {"role": "example", "searchTerms": "trous noirs"})
    add(tree, "SyndicationRight", "limited")  # the excerpts are their authors'
    add(tree, "AdultContent", "false")
    add(tree, "Language", "fr")
    add(tree, "InputEncoding", "UTF-8")
    add(tree, "OutputEncoding", "UTF-8")
    add(tree, "moz:SearchForm", base + SEARCH_PATH)
    return serialised(tree)


def suggestions(typed: str, found: Suggestions, *, base: str) -> bytes:
    """`[query, [terms], [descriptions], [urls]]`: whole queries, then titles of articles, whose addresses are our pages about them.

    `typed` is told as it came: browsers throw an answer away that speaks of other words than theirs.
    """
    terms = [*map(plain, found.texts), *(plain(title) for _, title in found.titles)]
    descriptions = [""] * len(found.texts) + ["Article"] * len(found.titles)
    urls = [base + address(Query(text=plain(text))) for text in found.texts]
    urls += [base + article_path(article_id) for article_id, _ in found.titles]
    return json.dumps([typed, terms, descriptions, urls], ensure_ascii=False).encode("utf-8", "replace")


def _url(tree: etree._Element, media_type: str, template: str, relation: str) -> None:
    add(tree, "Url", "", {"type": media_type, "rel": relation, "template": template})
