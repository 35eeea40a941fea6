"""WordPress's REST answers, asked as a crawler asks them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from demo.blog import Blog
from demo.permalinks import PERMALINKS

Ask = Callable[..., Any]
FIELDS = "id,link,date_gmt,modified_gmt,title,content.rendered,content.protected,excerpt,author,categories,tags,lang"


@pytest.mark.parametrize("name", ["cieux", "doute", "mesures"])
@pytest.mark.parametrize(
    "query", ["per_page=2&page={}&orderby=id&order=asc&_fields=" + FIELDS, "order=asc&_fields=" + FIELDS + "&orderby=id&page={}&per_page=2"]
)
def test_paging_finds_every_article_once_then_answers_400(name: str, query: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog, found, pages = demo_blogs[name], [], 1
    number = 1
    while number <= pages:
        reply = ask(f"{blog.url}/wp-json/wp/v2/posts?{query.format(number)}")
        assert reply.status == 200
        assert reply.headers["x-wp-total"] == str(len(blog.posts))
        pages = int(reply.headers["x-wp-totalpages"])
        assert ('rel="next"' in reply.headers.get("link", "")) is (number < pages)
        found += json.loads(reply.body)
        number += 1
    assert pages == -(-len(blog.posts) // 2) > 1
    assert [post["id"] for post in found] == sorted({post["id"] for post in found})
    assert {name for post in found for name in post} == {name.partition(".")[0] for name in FIELDS.split(",")}
    by_link = {blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published): post for post in blog.posts}
    assert {post["link"] for post in found} == set(by_link)
    for item in found:
        post = by_link[item["link"]]
        assert unescape(item["title"]["rendered"]) == post.title
        assert item["content"] == {"rendered": f"\n{post.body}\n", "protected": False}
        assert datetime.fromisoformat(item["date_gmt"]).replace(tzinfo=UTC) == post.published
    past = ask(f"{blog.url}/wp-json/wp/v2/posts?{query.format(number)}")
    assert past.status == 400
    assert json.loads(past.body)["code"] == "rest_post_invalid_page_number"


def test_the_root_names_the_route(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    root = json.loads(ask(f"{demo_blogs['cieux'].url}/wp-json/").body)
    assert "wp/v2" in root["namespaces"]
    assert "/wp/v2/posts" in root["routes"]


def test_the_route_answers_without_pretty_permalinks(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    url = demo_blogs["cieux"].url
    assert json.loads(ask(f"{url}/?rest_route=/wp/v2/posts&per_page=3").body) == json.loads(
        ask(f"{url}/wp-json/wp/v2/posts?per_page=3").body
    )


def test_dates_select(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs["cieux"]
    middle = sorted(post.published for post in blog.posts)[2]
    stamp = f"{middle.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    counts = [len(json.loads(ask(f"{blog.url}/wp-json/wp/v2/posts?{name}={stamp}").body)) for name in ("before", "after", "modified_after")]
    assert counts == [2, len(blog.posts) - 3, len(blog.posts) - 3]


@pytest.mark.parametrize("query", ["per_page=0", "per_page=101", "per_page=x", "page=0", "page=-1", "after=hier"])
def test_bad_parameters_are_400(query: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    reply = ask(f"{demo_blogs['cieux'].url}/wp-json/wp/v2/posts?{query}")
    assert (reply.status, json.loads(reply.body)["code"]) == (400, "rest_invalid_param")


def test_single_items_and_unknown_routes(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    url = f"{demo_blogs['cieux'].url}/wp-json/wp/v2"
    first = json.loads(ask(f"{url}/posts?per_page=1").body)[0]
    assert json.loads(ask(f"{url}/posts/{first['id']}").body) == first
    author = json.loads(ask(f"{url}/users/{first['author']}").body)
    assert author["name"] in demo_blogs["cieux"].authors
    assert ask(f"{url}/posts/999999").status == 404
    assert json.loads(ask(f"{url}/rien").body)["code"] == "rest_no_route"
    assert ask(author["link"]).status == 200


def test_other_platforms_have_no_rest(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    assert ask(f"{demo_blogs['octets'].url}/wp-json/wp/v2/posts").status == 404
