"""A blog made with WordPress, as the cases need it: its home page, its feed of one post, its interface."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.crawler.cases.nights import Nights, home, title
from tests.crawler.web import WORDS, Answer, Reply


class Interface:
    """`/wp-json/wp/v2/posts` over a list of names, oldest first; never more than `most` posts on a page. `counted`: with its headers."""

    def __init__(
        self, nights: Nights, host: str, names: Sequence[str], *, most: int = 100, counted: bool = True, protected: Collection[str] = ()
    ) -> None:
        self.names, self.most, self.counted, self.protected = list(names), most, counted, protected
        self.after_page: Callable[[int], None] = lambda number: None
        self._nights, self._host = nights, host

    def __call__(self, path: str) -> Answer:
        parts = urlsplit(path)
        if parts.path != "/wp-json/wp/v2/posts":
            return Reply("<h1>Introuvable</h1>", 404)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert (asked["orderby"], asked["order"]) == ("id", "asc")
        size, number = min(int(asked["per_page"]), self.most), int(asked["page"])
        pages = -(-len(self.names) // size)
        if number > pages:
            refusal = {"code": "rest_post_invalid_page_number", "message": "Le numéro de page est trop grand.", "data": {"status": 400}}
            return Reply(json.dumps(refusal), 400, "application/json")
        posts = [self._post(index) for index in range((number - 1) * size, min(number * size, len(self.names)))]
        headers = {"X-WP-Total": str(len(self.names)), "X-WP-TotalPages": str(pages)} if self.counted else {}
        self.after_page(number)
        return Reply(json.dumps(posts), kind="application/json; charset=utf-8", headers=headers)

    def _post(self, index: int) -> dict[str, Any]:
        name = self.names[index]
        protected = name in self.protected
        return {
            "id": index + 1,
            "link": self._nights.web.url(self._host, f"/{name}"),
            "date_gmt": f"2026-{1 + index // 28:02}-{1 + index % 28:02}T08:00:00",
            "title": {"rendered": title(name)},
            "content": {"rendered": "" if protected else f"<p>{title(name)}. {WORDS * 4}</p>", "protected": protected},
        }


def wordpress(nights: Nights, host: str, names: Sequence[str], interface: Callable[[str], Answer], *, feed: Sequence[str] = ()) -> None:
    """List a blog whose home page names its interface and whose feed has the newest post only, or those of `feed`."""
    nights.blog(host, *names)
    link = f'<link rel="https://api.w.org/" href="{nights.web.url(host, "/wp-json/")}"><meta name="generator" content="WordPress 6.8">'
    nights.web.pages[host] |= {"/": home(link), "/feed": nights.feed(host, *(feed or names[-1:]))}
    nights.web.others[host] = interface
