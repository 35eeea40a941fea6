"""Values into HTML: the Jinja environment, with what templates may call.

Owns escaping: everything is escaped once, here, by Jinja; a `Fragment` becomes text with `<mark>` and `<code>`; an address that is not
http(s) is none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api import address, feeds, french, places
from api.assets import Assets
from api.feeds import shown_title
from api.pictures.histogram import bars_drawn
from indexer.query import SHOWN, Query
from indexer.results import Fragment

TEMPLATES: Final = Path(__file__).parent / "templates"
SITE: Final = "Luciole"


def environment(assets: Assets, base_url: str | None, contact: str | None, *, queries_kept: bool = False) -> Environment:
    """Templates with autoescape always on; a name that nobody set is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # or every include would look at its file again
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=french.day,
        hour=french.hour,
        number=french.number,
        counted=french.counted,
        spaced=french.spaced,
        nested=french.nested,
        country=french.country,
        kind=french.kind,
        discipline=french.discipline,
        minutes=french.minutes,
        may_have_aged=french.may_have_aged,
        marked=marked,
        drawn=bars_drawn,
        quoted=address.quoted,
        web=web_address,
        titled=shown_title,
    )
    made.globals.update(
        asset=assets.url,
        address=address.address,
        toggled=address.toggled,
        toggles=address.toggles,
        unfiltered=address.unfiltered,
        ordered=address.ordered,
        respelt=address.respelt,
        as_typed=address.as_typed,
        corrected=address.corrected,
        feed_query=feeds.feed_query,
        at_page=address.at_page,
        page_numbers=address.page_numbers,
        narrowed=narrowed,
        article_path=places.article_path,
        blog_path=places.blog_path,
        discipline_path=places.discipline_path,
        ATOM_PATH=places.ATOM_PATH,
        JSON_FEED_PATH=places.JSON_FEED_PATH,
        OPML_PATH=places.OPML_PATH,
        OPENSEARCH_PATH=places.OPENSEARCH_PATH,
        visit=french.visit,
        completeness=french.completeness,
        facet_labels={row.name: row.label for row in SHOWN},
        site=SITE,
        base_url=base_url,
        contact=contact,
        queries_kept=queries_kept,
    )
    return made


def marked(fragment: Fragment) -> Markup:
    """The fragment's text, well spaced and escaped, its marked ranges inside `<mark>`, formulas and code inside `<code>` as their authors
    spaced them. A range that makes no sense marks nothing."""
    text = french.spaced(fragment.text)
    parts: list[str] = []
    at = 0
    for start, end in fragment.notation:
        if at <= start < end <= len(text):
            parts += [*_within(text, fragment.marks, at, start), "<code>"]
            parts += [*_within(fragment.text, fragment.marks, start, end), "</code>"]
            at = end
    parts += _within(text, fragment.marks, at, len(text))
    return Markup("".join(parts))  # noqa: S704 - every part was escaped by _within


def _within(text: str, marks: tuple[tuple[int, int], ...], start: int, end: int) -> list[str]:
    """A part of the text, escaped, with what of the marks lies in it."""
    parts: list[str] = []
    at = start
    for opening, closing in marks:
        opening, closing = max(opening, at), min(closing, end)
        if opening < closing:
            parts += [escape(text[at:opening]), "<mark>", escape(text[opening:closing]), "</mark>"]
            at = closing
    parts.append(escape(text[at:end]))
    return parts


def web_address(url: str) -> str | None:
    """The address when a reader may be sent there: http or https with a host. None for `javascript:` and its kin."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def narrowed(facet: str, value: str) -> str:
    """The address of everything that has one value of one facet, newest first."""
    return address.address(address.toggled(Query(), facet, value))


def render(templates: Environment, name: str, **values: Any) -> str:
    """One template with its values."""
    return templates.get_template(name).render(values)
