"""WordPress's REST interface: a page of `wp/v2/posts`.

Owns where that interface says what, and how its refusals look; `crawler.entries` makes sightings of its posts by the rules of all feeds, so
that a post is the same whether it comes from the feed or from here. It refuses to know how pages are asked for.
"""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import datetime
from typing import Final

from crawler.dates import parse_date
from crawler.entries import Stated, absolute, gathered, stated_count
from crawler.json_body import at, is_html, list_at, read_json, text_at
from crawler.json_feed import stated_language
from crawler.parsed import Context, ParsedFeed
from crawler.plain import one_line

_WORDS_OF_ERROR: Final = 150
_NO_LIST: Final = "l’interface REST ne donne pas de liste de billets"


def parse_rest(body: bytes, context: Context) -> ParsedFeed:
    """The posts of one page, in its order, at most `context.most_entries`.

    Posts behind a password are left out and counted in `skipped`. `total` and `pages` are those of the headers. An answer that is no list
    of posts (a page of HTML, a refusal, something cut) has a `problem`.
    """
    return replace(
        _page(body, context),
        total=stated_count(context.headers.get("x-wp-total", "")),
        pages=stated_count(context.headers.get("x-wp-totalpages", "")),
    )


def _page(body: bytes, context: Context) -> ParsedFeed:
    try:
        answer = read_json(body)
    except ValueError:
        what = "une page HTML" if is_html(body) else "une réponse vide" if not body.strip() else "une réponse incomplète ou mal formée"
        return ParsedFeed(problem=f"l’interface REST donne {what} au lieu d’une liste de billets")
    posts = list_at(answer)
    if not isinstance(answer, list) and not posts:
        said = one_line(text_at(answer, "message") or text_at(answer, "code"), _WORDS_OF_ERROR)
        return ParsedFeed(problem=f"l’interface REST refuse : {said}" if said else _NO_LIST)
    if posts and not any(isinstance(post, dict) and ("link" in post or "title" in post) for post in posts):
        return ParsedFeed(problem=_NO_LIST)
    posts = posts[: context.most_entries]
    readable = [post for post in posts if at(post, "content", "protected") is not True]
    found = gathered("", [_stated(post, context) for post in readable], context)
    return replace(found, skipped=found.skipped + len(posts) - len(readable))


def _stated(post: object, context: Context) -> Stated:
    link = text_at(post, "link")
    # HTML of a text node: `&#038;` for the ampersand of an address.
    guid = html.unescape(text_at(post, "guid", "rendered") or text_at(post, "guid")).strip()
    links = [link, guid if guid.lower().startswith(("http://", "https://")) else ""]
    content, excerpt = text_at(post, "content", "rendered"), text_at(post, "excerpt", "rendered")
    return Stated(
        addresses=tuple(dict.fromkeys(found for address in links if address.strip() and (found := absolute(address, "", context)))),
        guid=guid,
        title=text_at(post, "title", "rendered") or text_at(post, "title"),
        markup=content if content.strip() else excerpt,
        from_content=bool(content.strip()),
        summarised=bool(content.strip()),  # the interface never cuts: what it gives as content is the post, however short
        names=tuple(_names(post)),
        published=_date(post, context),
        language=stated_language(text_at(post, "lang")),
        images=tuple(absolute(image, link, context) for image in _images(post) if image.strip()),
    )


def _date(post: object, context: Context) -> datetime | None:
    """When the post was published: `date_gmt`, which bears no zone; else `date`, in the blog's own."""
    return next((date for name in ("date_gmt", "date") if (date := parse_date(text_at(post, name), context.now))), None)


def _names(post: object) -> list[str]:
    """Who wrote it, by the first that knows: the plugins for several authors, WordPress, Yoast."""
    several = [text_at(person, "display_name") for name in ("authors", "coauthors") for person in list_at(post, name)]
    embedded = [text_at(person, "name") for person in list_at(post, "_embedded", "author")]
    for names in (several, embedded, [text_at(post, "yoast_head_json", "author")]):
        if any(names):
            return [html.unescape(name) for name in names if name]
    return []


def _images(post: object) -> list[str]:
    """The image put forward, by the first that knows: WordPress, Jetpack, Yoast."""
    return [
        text_at(post, "_embedded", "wp:featuredmedia", 0, "source_url"),
        text_at(post, "jetpack_featured_media_url"),
        text_at(post, "yoast_head_json", "og_image", 0, "url"),
    ]
