"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org).

Owns where that format says what; `crawler.entries` makes sightings of it by the rules of all feeds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from crawler.dates import parse_date
from crawler.entries import Stated, absolute, gathered, next_page
from crawler.json_body import at, list_at, read_json, text_at
from crawler.parsed import Context, ParsedFeed
from crawler.plain import one_line

_VERSION: Final = re.compile(r"https?://(www\.)?jsonfeed\.org/version/", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:[-_].*)?\Z", re.IGNORECASE)


def parse_json_feed(body: bytes, context: Context) -> ParsedFeed:
    """The entries of a JSON Feed, in its order, at most `context.most_entries`. What is none has a `problem`."""
    try:
        feed = read_json(body)
    except ValueError:
        return ParsedFeed(problem="ce fil JSON Feed est incomplet ou mal formé")
    items = at(feed, "items")
    if not isinstance(items, list) or not (_VERSION.match(text_at(feed, "version")) or (items and text_at(items, 0, "id"))):
        return ParsedFeed(problem="ce n’est pas un fil RSS, Atom ou JSON Feed")
    title = one_line(text_at(feed, "title"))
    stated = [_stated(item, feed, context) for item in items[: context.most_entries]]
    return replace(gathered(title, stated, context), next=next_page([text_at(feed, "next_url")], context))


def stated_language(text: str) -> str | None:
    """The two letters of a language tag (`fr-CA`), None for anything else."""
    found = _LANGUAGE.match(text.strip())
    return found[1].lower() if found else None


def _stated(item: object, feed: object, context: Context) -> Stated:
    guid = text_at(item, "id").strip()
    links = [text_at(item, "url"), guid if guid.lower().startswith(("http://", "https://")) else "", text_at(item, "external_url")]
    if context.source_type == "podcast":
        links += [text_at(attached, "url") for attached in list_at(item, "attachments")]
    home = text_at(feed, "home_page_url")
    markup, plain = text_at(item, "content_html"), text_at(item, "content_text")
    summary = text_at(item, "summary")
    dates = (parse_date(text_at(item, name), context.now) for name in ("date_published", "date_modified"))
    return Stated(
        addresses=tuple(dict.fromkeys(found for link in links if link.strip() and (found := absolute(link, home, context)))),
        guid=guid,
        title=text_at(item, "title"),
        markup=markup or plain or summary,
        plain=not markup,
        from_content=bool(markup or plain),
        summarised=bool(summary),
        names=tuple(_names(item) or _names(feed)),
        published=next((date for date in dates if date), None),
        language=stated_language(text_at(item, "language") or text_at(feed, "language")),
        images=tuple(absolute(image, home, context) for name in ("image", "banner_image") if (image := text_at(item, name))),
    )


def _names(holder: object) -> list[str]:
    """The authors of an item or of the feed: a list since version 1.1, one before."""
    people = list_at(holder, "authors") or [at(holder, "author")]
    return [name for person in people if (name := text_at(person, "name"))]
