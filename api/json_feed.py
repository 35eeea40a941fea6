"""JSON Feed 1.1 (jsonfeed.org/version/1.1) of the same `Feed` that `api.feeds` writes as Atom. Pure.

Here an article without a date simply has none.
"""

from __future__ import annotations

import json
from typing import Any

from api import french
from api.feeds import JSON_FEED_TYPE as JSON_FEED_TYPE
from api.feeds import Feed, entry_id, entry_link, shown_authors, shown_title, summary
from api.outgoing import plain, stamp, web_address
from api.places import JSON_FEED_PATH, article_path, blog_path
from indexer.results import Hit


def json_feed(feed: Feed) -> bytes:
    """The feed, in UTF-8. `_luciole` holds what the format has no name for: the count of all results, the generation of the index."""
    made: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plain(feed.title),
        "home_page_url": feed.base + feed.page,
        "feed_url": feed.address(JSON_FEED_PATH),
        "description": feed.subtitle,
        "icon": f"{feed.base}/favicon.svg",
        "authors": [{"name": "Luciole", "url": f"{feed.base}/"}],
        "language": "fr",
    }
    if following := feed.neighbours.get("next"):
        made["next_url"] = feed.address(JSON_FEED_PATH, following)
    made["_luciole"] = {
        "about": f"{feed.base}/api/docs",
        "total": feed.total,
        "page": feed.query.page,
        "pages": feed.pages,
        "generation": feed.generation,
        "updated": stamp(feed.updated),
    }
    made["items"] = [_item(feed, hit) for hit in feed.hits]
    return json.dumps(made, ensure_ascii=False).encode("utf-8", "replace")


def _item(feed: Feed, hit: Hit) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry_id(feed.base, hit),
        "url": entry_link(feed.base, hit),
        "title": shown_title(hit),
        "content_text": summary(hit),
        "language": "fr",
        "authors": [{"name": name} for name in shown_authors(hit)],
        "tags": [french.discipline(one) for one in hit.disciplines],
        "_luciole": {
            "page": feed.base + article_path(hit.id),
            "blog": {"id": plain(hit.source_id), "name": plain(hit.source_name), "page": feed.base + blog_path(hit.source_id)},
            "words": hit.words,
            "members_only": hit.members_only,
            "archive": web_address(hit.archive or ""),
        },
    }
    if hit.date:
        item["date_published"] = stamp(hit.date)
    return item
