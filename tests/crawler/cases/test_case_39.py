"""WordPress's interface in all its states: fault case 39, one night of whole archives, one blog for each state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import Nights, sitemap, titles, world
from tests.crawler.cases.wordpress import Interface, wordpress
from tests.crawler.web import Answer, Reply

NAMES = ("prisme", "spectre", "halo", "mirage", "éclipse")
LONG = tuple(f"phare-{number}" for number in range(1, 46))
CLOSED = {"ferme401": 401, "ferme403": 403, "absent404": 404}


@pytest.fixture(scope="module")
def nights(forks: Forks) -> Iterator[Nights]:
    with world(forks, backfill_pages=500) as nights:
        nights.plan(0)
        page = Reply("<!doctype html><title>Accueil</title><p>Bonjour</p>")
        wordpress(nights, "page", NAMES, lambda path: page if path.startswith("/wp-json") else Reply("", 404))
        for host, status in CLOSED.items():
            wordpress(nights, host, NAMES, closed(status))
        for host in ("page", *CLOSED):
            nights.web.pages[host]["/sitemap.xml"] = sitemap(*(nights.web.url(host, f"/{name}") for name in NAMES))

        wordpress(nights, "fin", NAMES, Interface(nights, "fin", NAMES, most=2, counted=False))
        growing = Interface(nights, "neuf", NAMES, most=2)
        growing.after_page = lambda number: growing.names.append("aurore") if number == 1 else None
        wordpress(nights, "neuf", NAMES, growing)
        wordpress(nights, "secret", NAMES, Interface(nights, "secret", NAMES, protected={"halo"}))
        wordpress(nights, "vingt", LONG, Interface(nights, "vingt", LONG, most=20))
        yield nights


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
