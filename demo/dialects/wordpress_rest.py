"""The REST answers of WordPress: `/wp-json/` and `/wp-json/wp/v2/…`, also as `/?rest_route=…`.

Owns paging, ordering, filtering and errors of the routes a crawler asks. Refuses to know themes and feeds. Source: the REST API Handbook
of WordPress (posts, users, categories, tags), and the error body of a page past the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from demo.archives import Archive, by_author, by_first_tag, by_tag, category
from demo.blog import Blog, Post
from demo.permalinks import PERMALINKS, hypotheses_id, slugify, wordpress_id
from demo.render import texturize
from demo.resource import Query, Resource, json_answer

_PREFIX = "/wp-json"
_POSTS = "/wp/v2/posts"
_ROUTES = ("/", _POSTS, "/wp/v2/users", "/wp/v2/categories", "/wp/v2/tags")


def post_id(blog: Blog, post: Post) -> int:
    """The number WordPress knows a post by."""
    return (hypotheses_id if blog.platform == "hypotheses" else wordpress_id)(post.number)


def answer(blog: Blog, path: str, query: Query) -> Resource | None:
    """The answer to a REST request, errors included; None when the request is not one."""
    if path == _PREFIX or path.startswith(f"{_PREFIX}/"):
        route = path.removeprefix(_PREFIX)
    elif path in {"/", "/index.php"} and "rest_route" in query:
        route = query["rest_route"]
    else:
        return None
    route = f"/{route.strip('/')}"
    collections: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
        _POSTS: lambda: [_post(blog, post) for post in blog.posts],
        "/wp/v2/users": lambda: _terms(blog, "author", by_author(blog.posts)),
        "/wp/v2/categories": lambda: _terms(blog, "category", by_first_tag(blog.posts)),
        "/wp/v2/tags": lambda: _terms(blog, "tag", by_tag(blog.posts)),
    }
    if route == "/":
        return json_answer(_root(blog))
    if route in collections:
        return _collection(blog, route, collections[route](), query)
    parent, _, number = route.rpartition("/")
    if parent in collections and number.isdecimal():
        found = [item for item in collections[parent]() if item["id"] == int(number)]
        missing = _error("rest_post_invalid_id", "Identifiant de publication non valide.", 404)
        return json_answer(_only(found[0], query.get("_fields"))) if found else missing
    return _error("rest_no_route", "Aucun itinéraire n’a été trouvé correspondant à l’URL et à la méthode de requête.", 404)


def _root(blog: Blog) -> dict[str, Any]:
    return {
        "name": blog.name,
        "description": blog.tagline,
        "url": blog.url,
        "home": blog.url,
        "gmt_offset": "1",
        "timezone_string": "Europe/Paris",
        "namespaces": ["oembed/1.0", "wp/v2"],
        "authentication": {},
        "routes": {route: {"namespace": "wp/v2", "methods": ["GET"]} for route in _ROUTES},
    }


def _collection(blog: Blog, route: str, items: list[dict[str, Any]], query: Query) -> Resource:
    """One page of a collection, with the totals in headers; 400 past the end or for a page size outside 1–100."""
    try:
        page, size = int(query.get("page", "1")), int(query.get("per_page", "10"))
    except ValueError:
        page = size = 0
    if page < 1 or not 1 <= size <= 100:
        return _error("rest_invalid_param", "Paramètre(s) non valide(s) : page, per_page", 400)
    if route == _POSTS:
        try:
            items = _selected(items, query)
        except ValueError:
            return _error("rest_invalid_param", "Paramètre(s) non valide(s) : after, before, modified_after", 400)
    pages = -(-len(items) // size)
    if page > max(pages, 1):
        return _error(
            "rest_post_invalid_page_number",
            "Le numéro de page demandé est plus grand que le nombre de pages disponibles.",
            400,
        )
    links = [
        f'<{blog.url}{_PREFIX}{route}?{urlencode({**query, "page": number})}>; rel="{name}"'
        for name, number in (("prev", page - 1), ("next", page + 1))
        if 1 <= number <= pages
    ]
    headers = [("X-WP-Total", str(len(items))), ("X-WP-TotalPages", str(pages))]
    if links:
        headers.append(("Link", ", ".join(links)))
    fields = query.get("_fields")
    shown = [_only(item, fields) for item in items[(page - 1) * size : page * size]]
    return json_answer(shown, headers=tuple(headers))


def _selected(items: Sequence[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    """Posts filtered and ordered as asked; unknown parameters are ignored. Raises `ValueError` for a date that is none."""
    kept = list(items)
    for name, field, later in (
        ("after", "date_gmt", True),
        ("modified_after", "modified_gmt", True),
        ("before", "date_gmt", False),
        ("modified_before", "modified_gmt", False),
    ):
        if name in query:
            limit = _moment(query[name])
            kept = [item for item in kept if (_moment(item[field]) > limit) is later and _moment(item[field]) != limit]
    for name, field in (("include", "id"), ("categories", "categories"), ("tags", "tags"), ("author", "author")):
        if name in query:
            wanted = set(query[name].split(","))
            kept = [item for item in kept if wanted & {str(value) for value in _listed(item[field])}]
    if "slug" in query:
        kept = [item for item in kept if item["slug"] in query["slug"].split(",")]
    by = {"id": "id", "title": "slug", "slug": "slug", "modified": "modified_gmt"}.get(query.get("orderby", "date"), "date_gmt")
    return sorted(kept, key=lambda item: (item[by], item["id"]), reverse=query.get("order", "desc") != "asc")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _post(blog: Blog, post: Post) -> dict[str, Any]:
    number, link = post_id(blog, post), blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published)
    local, gmt = f"{post.published:%Y-%m-%dT%H:%M:%S}", f"{post.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    return {
        "id": number,
        "date": local,
        "date_gmt": gmt,  # without an offset, though it is UTC: WordPress writes it so
        "guid": {"rendered": f"{blog.url}/?p={number}"},
        "modified": local,
        "modified_gmt": gmt,
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": link,
        "title": {"rendered": str(texturize(post.title))},
        "content": {"rendered": f"\n{post.body}\n", "protected": False},
        "excerpt": {"rendered": f"<p>{texturize(post.summary)}</p>\n", "protected": False},
        "author": _term_id("author", slugify(post.author)),
        "featured_media": 0,
        "comment_status": "open",
        "sticky": False,
        "format": "standard",
        "categories": [_term_id("category", category(post)[0])],
        "tags": [_term_id("tag", slugify(tag)) for tag in post.tags],
        "lang": post.lang,
        "_links": {"self": [{"href": f"{blog.url}{_PREFIX}{_POSTS}/{number}"}]},
    }


def _terms(blog: Blog, kind: str, archives: Sequence[Archive]) -> list[dict[str, Any]]:
    return [
        {
            "id": _term_id(kind, archive.key),
            "count": len(archive.posts),
            "name": archive.label,
            "slug": archive.key,
            "link": f"{blog.url}/{kind}/{archive.key}/",
        }
        for archive in archives
    ]


def _term_id(kind: str, key: str) -> int:
    """A small stable number for a category, tag or author."""
    total = 0
    for character in f"{kind}:{key}":
        total = (total * 31 + ord(character)) % 9973
    return total + 2


def _only(item: dict[str, Any], fields: str | None) -> dict[str, Any]:
    """An item reduced to `_fields`, where `content.rendered` keeps one part of a nested value. Unknown names are ignored."""
    if not fields:
        return item
    kept: dict[str, Any] = {}
    for name in (part.strip() for part in fields.split(",")):
        top, _, inner = name.partition(".")
        if top not in item:
            continue
        if not inner:
            kept[top] = item[top]
        elif isinstance(item[top], dict) and inner in item[top]:
            kept.setdefault(top, {})[inner] = item[top][inner]
    return kept


def _error(code: str, message: str, status: int) -> Resource:
    return json_answer({"code": code, "message": message, "data": {"status": status}}, status=status)
