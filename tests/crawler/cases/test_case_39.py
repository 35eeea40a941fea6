"""WordPress's interface in all its states: fault case 39, one night of whole archives, one blog for each state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import Nights, title, titles, world
from tests.crawler.web import WORDS, Answer, Reply

NAMES = ("prisme", "spectre", "halo", "mirage", "éclipse")
LONG = tuple(f"phare-{number}" for number in range(1, 46))
CLOSED = {"ferme401": 401, "ferme403": 403, "absent404": 404}
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Interface:
    """`/wp-json/wp/v2/posts` over a list of names, oldest first; never more than `most` posts on a page. `counted`: with its headers."""

    def __init__(self, nights: Nights, host: str, names: tuple[str, ...], *, most: int, counted: bool = True) -> None:
        self.names, self.most, self.counted = list(names), most, counted
        self.protected: set[str] = set()
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


@pytest.fixture(scope="module")
def nights(forks: Forks) -> Iterator[Nights]:
    with world(forks, backfill_pages=500) as nights:
        nights.plan(0)
        wordpress(nights, "page", NAMES)
        nights.web.others["page"] = lambda path: (
            Reply("<!doctype html><title>Accueil</title><p>Bonjour</p>") if path.startswith("/wp-json") else Reply("", 404)
        )
        for host, status in CLOSED.items():
            wordpress(nights, host, NAMES)
            nights.web.others[host] = closed(status)
        for host in ("page", *CLOSED):
            lay_sitemap(nights, host)

        nights.web.others["fin"] = Interface(nights, "fin", NAMES, most=2, counted=False)
        wordpress(nights, "fin", NAMES)
        growing = Interface(nights, "neuf", NAMES, most=2)
        growing.after_page = lambda number: growing.names.append("aurore") if number == 1 else None
        nights.web.others["neuf"] = growing
        wordpress(nights, "neuf", NAMES)
        secret = Interface(nights, "secret", NAMES, most=100)
        secret.protected = {"halo"}
        nights.web.others["secret"] = secret
        wordpress(nights, "secret", NAMES)
        nights.web.others["vingt"] = Interface(nights, "vingt", LONG, most=20)
        wordpress(nights, "vingt", LONG)
        yield nights


def wordpress(nights: Nights, host: str, names: tuple[str, ...]) -> None:
    """A blog whose home page names its interface and whose feed has the newest post only."""
    nights.blog(host, *names)
    link = f'<link rel="https://api.w.org/" href="{nights.web.url(host, "/wp-json/")}"><meta name="generator" content="WordPress 6.8">'
    home = Reply(f'<html lang="fr"><head><title>Un blog</title>{link}</head><body class="home"></body></html>')
    nights.web.pages[host] |= {"/": home, "/feed": nights.feed(host, names[-1])}


def lay_sitemap(nights: Nights, host: str) -> None:
    places = "".join(f"<url><loc>{nights.web.url(host, f'/{name}')}</loc></url>" for name in NAMES)
    nights.web.pages[host]["/sitemap.xml"] = Reply(f'<urlset xmlns="{SITEMAPS}">{places}</urlset>', kind="text/xml")


def closed(status: int) -> Callable[[str], Answer]:
    body = json.dumps({"code": "rest_not_logged_in", "message": "Vous n’êtes pas connecté.", "data": {"status": status}})
    return lambda path: Reply(body, status if path.startswith("/wp-json") else 404, "application/json")


def pages_asked(nights: Nights, host: str) -> list[int]:
    queries = [urlsplit(path).query for path in nights[0].asked(host) if path.startswith("/wp-json/wp/v2/posts")]
    return [int(parse_qs(query)["page"][0]) for query in queries]


def attempts(nights: Nights, host: str) -> dict[str, str]:
    assert nights[0].report["finished"]
    found = nights.rows("SELECT strategy, state FROM backfill WHERE source_id = ? ORDER BY place", host)
    return {one["strategy"]: one["state"] for one in found}


@pytest.mark.parametrize("host", [*CLOSED, "page"])
def test_case_39_a_closed_interface_or_none_leads_to_the_sitemap(nights: Nights, host: str) -> None:
    assert nights[0].titles(host) == titles(*NAMES)
    assert attempts(nights, host) == {"wordpress": "incomplete", "sitemap": "complete"}
    assert pages_asked(nights, host) == [1], "a refusal is not argued with"
    assert nights[0].state(host) == ("ok", "")


def test_case_39_a_page_past_the_end_is_the_end(nights: Nights) -> None:
    assert pages_asked(nights, "fin") == [1, 2, 3, 4], "without counts, the refusal of the fourth page says that there are three"
    assert nights[0].titles("fin") == titles(*NAMES)
    assert attempts(nights, "fin") == {"wordpress": "complete"}


def test_case_39_a_post_published_meanwhile_shifts_nothing(nights: Nights) -> None:
    assert nights[0].titles("neuf") == titles(*NAMES, "aurore")
    assert pages_asked(nights, "neuf") == [1, 2, 3]
    assert attempts(nights, "neuf") == {"wordpress": "complete"}


def test_case_39_posts_behind_a_password_are_left_out(nights: Nights) -> None:
    assert nights[0].titles("secret") == titles(*(name for name in NAMES if name != "halo"))
    assert "/halo" not in nights[0].asked("secret")
    assert attempts(nights, "secret") == {"wordpress": "complete"}, "it is no hole"


def test_case_39_the_count_of_pages_is_the_interfaces_own(nights: Nights) -> None:
    assert pages_asked(nights, "vingt") == [1, 2, 3], "a hundred were asked for, twenty came"
    assert nights[0].titles("vingt") == titles(*LONG)
    assert attempts(nights, "vingt") == {"wordpress": "complete"}
    assert nights[0].standings["vingt"].expected == len(LONG)
