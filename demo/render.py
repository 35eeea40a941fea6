"""Templates into text: one Jinja environment, with the filters that blogs need.

Owns escaping (on everywhere, for HTML and XML alike) and the ways to write a date. Refuses to know any platform: that is in the templates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from demo.permalinks import slugify

NOTICE = (
    "Blog de démonstration : ce blog, ses signatures et ses références en 10.5555 sont inventés pour faire essayer Luciole, "
    "le moteur de recherche des blogs de science francophones."
)
"""What every page of every blog says, visibly."""

COMMENT = (
    "Commentaire factice, écrit pour la démonstration : un moteur de recherche ne devrait pas le prendre pour une partie de l’article."
)
"""What every comment under an article says: found in an index, it shows that extraction took comments for text."""

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def french_date(moment: datetime, *, weekday: bool = False) -> str:
    """`14 mars 2025`, `1er août 2026`, with `weekday` `vendredi 14 mars 2025`: the writer's own day."""
    day = "1er" if moment.day == 1 else str(moment.day)
    date = f"{day} {MONTHS[moment.month - 1]} {moment.year}"
    return f"{_DAYS[moment.weekday()]} {date}" if weekday else date


def french_month(moment: datetime) -> str:
    """`mars 2025`."""
    return f"{MONTHS[moment.month - 1]} {moment.year}"


def rfc822(moment: datetime) -> str:
    """The date format of RSS 2.0, in UTC."""
    return format_datetime(moment.astimezone(UTC))


def utc_iso(moment: datetime) -> str:
    """`2025-03-14T07:30:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def cdata(text: str) -> Markup:
    """Text in a CDATA section; a `]]>` inside is split over two sections, which parsers join again."""
    return Markup("<![CDATA[" + str(text).replace("]]>", "]]]]><![CDATA[>") + "]]>")  # noqa: S704  (nothing ends the section)


def texturize(text: str) -> Markup:
    """Escaped text with numeric entities for typographic signs, as WordPress gives titles in feeds and in its REST answers."""
    return Markup(re.sub("[’‘“”–—…×]", lambda sign: f"&#{ord(sign[0])};", str(escape(text))))  # noqa: S704  (escaped)


def script_json(value: object) -> Markup:
    """JSON for a `<script>`: no text in it can close the element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  (escaped)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        french_date=french_date,
        french_month=french_month,
        rfc822=rfc822,
        utc_iso=utc_iso,
        cdata=cdata,
        texturize=texturize,
        script_json=script_json,
        slugify=slugify,
        html=Markup,  # the body of a post: HTML that our own Markdown renderer wrote
    )
    environment.globals.update(notice=NOTICE, comment_text=COMMENT)
    return environment


_ENVIRONMENT = _environment()


def render(template: str, **values: object) -> str:
    """The text of a template below `templates/`. A name that the template uses and nobody gave is an error, not a blank."""
    return _ENVIRONMENT.get_template(template).render(values)


def sitemap(entries: Iterable[tuple[str, datetime | None]]) -> str:
    """A `urlset` of (absolute address, last change)."""
    return render("sitemap.xml", entries=list(entries))


def sitemap_index(entries: Iterable[tuple[str, datetime | None]]) -> str:
    """A `sitemapindex` of (absolute address, last change)."""
    return render("sitemapindex.xml", entries=list(entries))
