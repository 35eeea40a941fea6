"""The list of the demo and the map of its hosts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from demo import listing
from demo.blog import Blog

FILE = Path(listing.__file__).with_name("sources.yaml")


def test_the_file_is_what_the_code_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == listing.sources_yaml(8001), "write it again: python -m demo --list > demo/sources.yaml"


def test_the_list_has_every_blog_once_in_order(demo_blogs: dict[str, Blog]) -> None:
    sources = yaml.safe_load(listing.sources_yaml(8001))["sources"]
    assert [source["id"] for source in sources] == sorted(demo_blogs)
    for source in sources:
        blog = demo_blogs[source["id"]]
        assert (source["name"], source["url"], source["disciplines"]) == (blog.name, f"{blog.url}/", list(blog.disciplines))
        assert "démonstration" in source["why"]


def test_feeds_are_given_for_some_only(ask: Callable[..., Any]) -> None:
    sources = {source["id"]: source for source in yaml.safe_load(listing.sources_yaml(8001))["sources"]}
    given = {name: source["feeds"] for name, source in sources.items() if "feeds" in source}
    assert 0 < len(given) < len(sources) - 2
    assert not {"paillasse", "passage"} & set(given)
    assert all(ask(feed).status == 200 for feeds in given.values() for feed in feeds)


def test_another_port_changes_every_address() -> None:
    text = listing.sources_yaml(9123)
    assert "8001" not in text
    assert text.replace("9123", "8001") == listing.sources_yaml(8001)


def test_the_host_map_covers_exactly_the_list(demo_blogs: dict[str, Blog]) -> None:
    pairs = [pair.split("=") for pair in listing.host_map(8001).split(",")]
    assert pairs == [[f"{name}.localhost:8001", "127.0.0.1:8001"] for name in sorted(demo_blogs)]
