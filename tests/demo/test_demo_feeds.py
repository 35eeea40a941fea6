"""The feeds, read as a crawler reads them."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser
import pytest
from lxml import etree, html

from demo import dialects
from demo.blog import Blog, Post
from demo.listing import blogs
from demo.permalinks import PERMALINKS
from demo.render import COMMENT

Ask = Callable[..., Any]
FULL = {"cieux": "/feed/", "climats": "/feed.xml", "lichens": "/feeds/posts/default", "mesures": "/feed", "octets": "/feed.xml"} | {
    "roches": "/spip.php?page=backend",
    "synapses": "/rss/",
}
SUMMARY = {"doute": "/feed/", "epsilon": "/index.xml"}
FEEDS = FULL | SUMMARY


def parsed(reply: Any) -> Any:
    assert reply.status == 200
    etree.fromstring(reply.body)  # well-formed: raises
    feed = feedparser.parse(BytesIO(reply.body), response_headers={"content-type": reply.headers["content-type"]})
    assert not feed.bozo, feed.bozo_exception
    return feed


def link(blog: Blog, post: Post) -> str:
    return blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published)


def tree(markup: str) -> Any:
    return html.fromstring(markup)


def words(markup: str) -> str:
    return " ".join(tree(f"<div>{markup}</div>").text_content().split())


def moment(entry: Any) -> datetime:
    """SPIP dates its entries with `dc:date`, which feedparser calls `updated`."""
    read = entry["published_parsed"] if "published_parsed" in entry else entry["updated_parsed"]
    return datetime.fromtimestamp(timegm(read), UTC)


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_feeds_tell_what_the_articles_are(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    feed = parsed(ask(blog.url + FEEDS[name]))
    assert feed.feed.title == blog.name
    assert [entry.link for entry in feed.entries] == [link(blog, post) for post in blog.posts]
    assert len({entry.id for entry in feed.entries}) == len(blog.posts) >= 4
    for entry, post in zip(feed.entries, blog.posts, strict=True):
        assert words(entry.title) == post.title
        assert moment(entry) == post.published
        if name != "epsilon":  # Hugo's own template gives neither author nor tags
            assert entry.author_detail.name == post.author  # Blogger adds an address, which `entry.author` would include
            assert {tag.term for tag in entry.tags} == set(post.tags)


@pytest.mark.parametrize("name", sorted(FULL))
def test_full_feeds_hold_the_whole_text(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    for entry, post in zip(parsed(ask(blog.url + FULL[name])).entries, blog.posts, strict=True):
        text = entry.content[0].value if "content" in entry else entry.summary
        assert words(post.body) in words(text)


@pytest.mark.parametrize("name", sorted(SUMMARY))
def test_summary_feeds_hold_the_summary_and_no_more(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    for entry, post in zip(parsed(ask(blog.url + SUMMARY[name])).entries, blog.posts, strict=True):
        assert "content" not in entry
        assert words(entry.summary).startswith(post.summary)
        assert len(words(entry.summary)) < len(post.summary) + 150


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_the_home_page_advertises_the_feed_first(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    home = tree(ask(f"{blog.url}/").text)
    assert urljoin(f"{blog.url}/", home.xpath("//link[@rel='alternate']/@href")[0]) == blog.url + FEEDS[name]


def test_every_advertised_feed_is_well_formed(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    checked = 0
    for blog in demo_blogs.values():
        for page in [f"{blog.url}/", *(link(blog, post) for post in blog.posts)]:
            for href in tree(ask(page).text).xpath("//link[@rel='alternate']/@href"):
                if not href.endswith("/flux.xml"):
                    parsed(ask(href))
                    checked += 1
    assert checked > 60


def test_comment_feeds_hold_comments_only(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for name, path in (("cieux", "/comments/feed/"), ("mesures", "/comments/feed"), ("lichens", "/feeds/comments/default")):
        feed = parsed(ask(demo_blogs[name].url + path))
        assert len(feed.entries) >= 2
        assert all(COMMENT in entry.content[0].value for entry in feed.entries)


def test_a_wordpress_feed_past_its_last_page_is_404(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    root = demo_blogs["cieux"].url
    first = ask(f"{root}/feed/")
    assert ask(f"{root}/feed/?paged=1").body == ask(f"{root}/?feed=rss2").body == first.body
    assert ask(f"{root}/feed/?paged=2").status == 404
    assert ask(f"{root}/feed/?paged=-1").status == 404


def test_paging_through_blogger_finds_every_article_once(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs["lichens"]
    url, found, requests = f"{blog.url}/feeds/posts/default?max-results=2&orderby=published&redirect=false", [], 0
    while url:
        feed = parsed(ask(url))
        assert feed.feed.opensearch_totalresults == str(len(blog.posts))
        assert feed.feed.opensearch_startindex == str(2 * requests + 1)
        assert feed.feed.opensearch_itemsperpage == "2"
        found += [entry.link for entry in feed.entries]
        url = next((each.href for each in feed.feed.links if each.rel == "next"), "")
        requests += 1
    assert found == [link(blog, post) for post in blog.posts]
    assert requests == -(-len(blog.posts) // 2)
    past = parsed(ask(f"{blog.url}/feeds/posts/default?start-index=1000"))
    assert past.entries == []
    assert not [each for each in past.feed.links if each.rel == "next"]


def test_hostile_titles_are_escaped_in_every_dialect() -> None:
    title, tag = "1 < 2 & ]]> <script>alert(1)</script> l’« œuf » \"'", "a<b>&'\""
    for blog in blogs(8001):
        posts = tuple(replace(post, title=title, tags=(tag,), summary=title) for post in blog.posts[:2])
        site = dialects.build(replace(blog, name=title, tagline=title, posts=posts))
        for path, resource in site.pages.items():
            charset = resource.content_type.partition("charset=")[2] or "utf-8"
            if "xml" in resource.content_type:
                etree.fromstring(resource.body)
            elif resource.content_type.startswith("text/html") and resource.status == 200:
                page = tree(resource.body.decode(charset))
                assert not page.xpath("//script[not(@type='application/ld+json')]"), (blog.id, path)
                assert "alert(1)" in page.text_content(), (blog.id, path)
        if blog.id in FEEDS:
            path, _, query = FEEDS[blog.id].partition("?")
            resource = site.find(path, query)
            feed = feedparser.parse(BytesIO(resource.body), response_headers={"content-type": resource.content_type})
            assert not feed.bozo, blog.id
            assert [words(entry.title) if blog.platform in {"jekyll"} else entry.title for entry in feed.entries] == [title, title], blog.id
