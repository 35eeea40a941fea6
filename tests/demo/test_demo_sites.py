"""Every blog, walked as a crawler could walk it: nothing is broken, nothing hides that it is a demonstration."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from lxml import etree, html
from protego import Protego
from trafilatura import bare_extraction

from demo.blog import Blog
from demo.permalinks import PERMALINKS
from demo.render import COMMENT, NOTICE, french_date

BLOGS = ["cieux", "climats", "doute", "epsilon", "lichens", "mesures", "octets", "paillasse", "passage", "roches", "synapses"]
OUTSIDE = {"doi.org"}
Ask = Callable[..., Any]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def permalinks(blog: Blog) -> dict[str, str]:
    """Address → title of every article."""
    return {blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published): post.title for post in blog.posts}


def page(reply: Any) -> Any:
    return html.fromstring(reply.text.encode(), parser=html.HTMLParser(encoding="utf-8"))


def text_of(markup: str) -> str:
    element: Any = html.fromstring(f"<div>{markup}</div>")
    return str(element.text_content())


def links(url: str, tree: Any) -> set[str]:
    found = {urldefrag(urljoin(url, link))[0] for _, attribute, link, _ in tree.iterlinks() if attribute in {"href", "src"}}
    shortlinks = {urljoin(url, link) for link in tree.xpath("//link[@rel='shortlink']/@href")}
    return found - shortlinks


def walk(blog: Blog, ask: Ask) -> dict[str, Any]:
    """Every address of the blog that its pages link to, with what it answers."""
    replies: dict[str, Any] = {}
    waiting = deque([f"{blog.url}/"])
    while waiting:
        url = waiting.popleft()
        if url in replies:
            continue
        replies[url] = reply = ask(url)
        if reply.headers["content-type"].startswith("text/html") and reply.status == 200:
            for link in sorted(links(url, page(reply))):
                if urlsplit(link).netloc == urlsplit(blog.url).netloc:
                    waiting.append(link)
                elif urlsplit(link).netloc.endswith(".localhost:8001"):
                    assert ask(link).status == 200, (url, link)
                else:
                    assert urlsplit(link).hostname in OUTSIDE, (url, link)
    return replies


def test_the_list_of_blogs_here_is_complete(demo_blogs: dict[str, Blog]) -> None:
    assert sorted(demo_blogs) == BLOGS


@pytest.mark.parametrize("name", BLOGS)
def test_every_link_leads_somewhere(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    replies = walk(blog, ask)
    feed = f"{blog.url}/flux.xml"
    broken = {url: reply.status for url, reply in replies.items() if reply.status != 200 and url != feed}
    assert broken == {}
    assert set(permalinks(blog)) <= set(replies)


@pytest.mark.parametrize("name", BLOGS)
def test_every_page_says_that_it_is_a_demonstration(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    pages = {url: reply for url, reply in walk(blog, ask).items() if reply.headers["content-type"].startswith("text/html")}
    pages[f"{blog.url}/nulle-part"] = ask(f"{blog.url}/nulle-part")
    assert pages[f"{blog.url}/nulle-part"].status == 404
    assert len(pages) >= len(blog.posts) + 3
    for url, reply in pages.items():
        if reply.status == 302:
            continue
        tree = page(reply)
        assert NOTICE in " ".join(tree.text_content().split()), url
        assert tree.get("lang", "").startswith("fr"), url
        if reply.status == 200:
            assert len(tree.xpath("//link[@rel='canonical']")) == 1, url


@pytest.mark.parametrize("name", BLOGS)
def test_articles_carry_their_own_text_title_author_and_address(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    for post in blog.posts:
        url = blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published)
        tree = page(ask(url))
        words = " ".join(tree.text_content().split())
        assert post.title in words
        assert post.author in words
        assert " ".join(text_of(post.body).split()) in words
        assert tree.xpath("string(//link[@rel='canonical']/@href)") == url
        assert post.title in tree.xpath("string(//title)")
        for script in tree.xpath("//script[@type='application/ld+json']/text()"):
            assert json.loads(script)["headline"] == post.title


@pytest.mark.parametrize("name", BLOGS)
def test_pages_can_be_told_from_their_surroundings(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    for post in [each for each in blog.posts if each.number % 3][:2]:  # those with comments, where a blog has any
        url = blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published)
        found: Any = bare_extraction(ask(url).body, url=url, with_metadata=True, include_comments=False)
        assert found is not None
        text = " ".join((found.text or "").split())
        paragraphs = [" ".join(text_of(part).split()) for part in re.findall(r"<p>(.*?)</p>", post.body, re.DOTALL)]
        assert all(paragraph.replace(" ", "") in text.replace(" ", "") for paragraph in paragraphs), url
        assert COMMENT not in text
        assert NOTICE not in text
        assert found.title == post.title


@pytest.mark.parametrize("name", BLOGS)
def test_sitemaps_list_every_article_and_nothing_broken(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    robots = ask(f"{blog.url}/robots.txt")
    assert robots.status == 200
    assert "Disallow: /" in robots.text
    (start,) = [line.split()[1] for line in robots.text.splitlines() if line.startswith("Sitemap:")]
    listed: set[str] = set()
    waiting = [start]
    while waiting:
        tree = etree.fromstring(ask(waiting.pop()).body)
        waiting += [loc.text or "" for loc in tree.iter(f"{SITEMAP}loc") if tree.tag == f"{SITEMAP}sitemapindex"]
        if tree.tag == f"{SITEMAP}urlset":
            listed |= {loc.text or "" for loc in tree.iter(f"{SITEMAP}loc")}
    assert set(permalinks(blog)) <= listed
    assert {url: ask(url).status for url in listed if ask(url).status != 200} == {}


@pytest.mark.parametrize("name", BLOGS)
def test_robots_close_nothing_that_matters(name: str, demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs[name]
    rules = Protego.parse(ask(f"{blog.url}/robots.txt").text)
    assert all(rules.can_fetch(url, "LucioleBot") for url in [f"{blog.url}/", f"{blog.url}/feed/", *permalinks(blog)])
    assert rules.crawl_delay("LucioleBot") is None


def test_spip_speaks_latin_1(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    blog = demo_blogs["roches"]
    for url in [f"{blog.url}/", f"{blog.url}/spip.php?page=backend", *permalinks(blog)]:
        reply = ask(url)
        assert reply.headers["content-type"].endswith("charset=iso-8859-1"), url
        assert "é".encode("latin-1") in reply.body, url
        assert "é".encode() not in reply.body, url
        assert b"&#8217;" in reply.body, url
        assert b"\x92" not in reply.body, url
    assert ask(f"{blog.url}/sitemap.xml").headers["content-type"] == "text/xml; charset=utf-8"


def test_spip_takes_parameters_in_any_order(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    root = demo_blogs["roches"].url
    second = ask(f"{root}/spip.php?rubrique1&debut_articles=3").body
    assert second == ask(f"{root}/?debut_articles=3&rubrique1").body != ask(f"{root}/spip.php?rubrique1").body
    assert ask(f"{root}/spip.php?rubrique1&debut_articles=9999").body == second
    first = next(iter(permalinks(demo_blogs["roches"])))
    assert ask(f"{first}&lang=fr").body == ask(first).body
    assert ask(f"{root}/spip.php?article9999").status == 404


def test_dates_are_words_where_the_platform_gives_no_other(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for name, weekday in (("roches", True), ("paillasse", False)):
        blog = demo_blogs[name]
        for post in blog.posts:
            text = ask(blog.url + PERMALINKS[blog.platform](post.number, post.slug, post.published)).text
            assert french_date(post.published, weekday=weekday) in text
            assert f"{post.published:%Y-%m-%d}" not in text


def test_mobile_twins_and_unknown_parameters_are_the_same_page(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for name, parameter in (("lichens", "m=1"), ("cieux", "utm_source=rss"), ("paillasse", "x=")):
        url = next(iter(permalinks(demo_blogs[name])))
        assert ask(f"{url}?{parameter}").body == ask(url).body


def test_wordpress_short_links_and_missing_slashes_redirect(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for name in ("cieux", "doute", "mesures"):
        for url in permalinks(demo_blogs[name]):
            short = page(ask(url)).xpath("string(//link[@rel='shortlink']/@href)")
            reply = ask(short)
            assert (reply.status, reply.headers["location"]) == (301, url)
    url = next(iter(permalinks(demo_blogs["cieux"])))
    assert ask(url.rstrip("/")).headers["location"] == urlsplit(url).path
    assert ask(f"{demo_blogs['cieux'].url}/?p=999999").status == 404


def test_the_passage_redirects_to_a_private_address(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    root = demo_blogs["passage"].url
    (feed,) = page(ask(f"{root}/")).xpath("//link[@rel='alternate']/@href")
    reply = ask(feed)
    assert (reply.status, reply.headers["location"]) == (302, "http://127.0.0.1:22/")


def test_the_page_perso_advertises_no_feed(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    replies = walk(demo_blogs["paillasse"], ask)
    assert not any(page(reply).xpath("//link[@rel='alternate']") for url, reply in replies.items())
    assert {reply.headers["content-type"] for reply in replies.values()} == {"text/html; charset=utf-8"}


def test_the_index_lists_the_blogs_on_every_other_host(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for host in ("127.0.0.1:8001", "localhost:8001", "inconnu.localhost:8001", "localhost", ""):
        reply = ask("http://127.0.0.1:8001/", host=host)
        assert reply.status == 200
        assert {f"{blog.url}/" for blog in demo_blogs.values()} == set(page(reply).xpath("//a/@href"))
    assert ask("http://127.0.0.1:8001/feed/").status == 404
