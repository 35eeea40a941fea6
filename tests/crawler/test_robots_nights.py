"""robots.txt and whole nights over loopback: fault cases 10 to 14, with the servers' own log as witness."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.memory import Memory, RobotsCopy
from crawler.politeness import CrawlLimits
from luciole.database import Database
from tests.crawler.web import PORT, Driver, Reply, Web, post, rss

LIMITS = {"backfill_pages": 0}


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


def blog(web: Web, driver: Driver, host: str, robots: Reply | None, *posts: str) -> None:
    """A blog whose feed gives summaries of its posts."""
    feed = rss([(name.capitalize(), web.url(host, f"/{name}")) for name in posts], full=not posts)
    web.pages[host] = {"/feed": Reply(feed, kind="application/rss+xml")}
    web.pages[host] |= {f"/{name}": Reply(post(name.capitalize())) for name in posts}
    web.pages[host] |= {"/robots.txt": robots} if robots else {}
    driver.source(host, feeds=[web.url(host, "/feed")])


def text(body: str) -> Reply:
    return Reply(body, kind="text/plain")


def hop(target: str) -> Reply:
    return Reply(status=301, headers={"Location": target})


def remember(data: Path, web: Web, host: str, body: str, age: timedelta, status: int = 200) -> None:
    """What a former night kept."""
    database = Database(data / "luciole.db")
    Memory(database).keep_robots(web.url(host, ""), RobotsCopy(status, body.encode(), datetime.now(UTC) - age))
    database.close()


def test_case_10_unreachable_means_the_last_good_copy_or_nothing(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS | {"retries": 2})
    down = Reply("", 503)
    kept, day = CrawlLimits().robots_kept, timedelta(days=1)
    for host in ("recent", "absent", "perime", "jamais"):
        blog(web, driver, host, down, "un", "deux")
    remember(tmp_path, web, "recent", "User-agent: *\nDisallow: /deux\n", kept - day)
    remember(tmp_path, web, "absent", "", kept - day, status=404)
    remember(tmp_path, web, "perime", "User-agent: *\nAllow: /\n", kept + day)
    report = driver.crawl()
    assert sorted(web.asked("recent")) == ["/feed", "/robots.txt", "/un"]
    assert sorted(web.asked("absent")) == ["/deux", "/feed", "/robots.txt", "/un"]
    assert web.asked("perime") == web.asked("jamais") == ["/robots.txt"], "an answer, even 503, is not asked for twice"
    for host in ("perime", "jamais"):
        one = report["outcomes"][host]
        assert (one["state"], one["cause"]) == ("refused", "flux : robots.txt injoignable (503) : blog laissé tranquille cette nuit")
    assert report["outcomes"]["recent"]["cause"] == "/deux : le robots.txt du site l’interdit"
    assert report["finished"]


def test_case_10_no_answer_is_no_permission(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS | {"timeout": 0.8})
    blog(web, driver, "demande", Reply("", 429), "un")
    blog(web, driver, "cache", Reply(status=304), "un")
    with socket.socket() as deaf, socket.socket() as closed:
        for listener in (deaf, closed):
            listener.bind(("127.0.0.1", 0))
        deaf.listen()
        for host, listener in {"sourd": deaf, "mort": closed}.items():
            driver.extra_map[f"{host}.localhost:{PORT}"] = f"127.0.0.1:{listener.getsockname()[1]}"
            driver.source(host, feeds=[web.url(host, "/feed")])
            remember(tmp_path, web, host, "User-agent: *\nAllow: /\n", timedelta(days=31))
        outcomes = driver.crawl()["outcomes"]
    assert web.asked("demande") == web.asked("cache") == ["/robots.txt"]
    assert outcomes["demande"]["cause"] == "flux : robots.txt injoignable (429) : blog laissé tranquille cette nuit"
    assert outcomes["cache"]["cause"] == "flux : robots.txt injoignable (304) : blog laissé tranquille cette nuit"
    assert outcomes["sourd"]["cause"] == "flux : robots.txt : pas de réponse complète en 0.8 secondes"
    assert outcomes["mort"]["cause"] == "flux : robots.txt : connexion refusée par le serveur"
    assert {one["new"] for one in outcomes.values()} == {0}


def test_case_10_redirects_of_robots_txt_are_followed_and_rule_over_where_they_began(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    blog(web, driver, "cinq", hop("/1"), "un", "deux")
    web.pages["cinq"] |= {f"/{number}": hop(f"/{number + 1}") for number in range(1, 4)}
    web.pages["cinq"]["/4"] = hop(web.url("ailleurs", "/regles"))
    web.pages["ailleurs"] = {"/regles": text("User-agent: *\nDisallow: /un\n"), "/un": Reply("jamais demandé")}
    blog(web, driver, "boucle", hop("/robots.txt?encore"), "un")
    web.pages["boucle"]["/robots.txt?encore"] = hop("/robots.txt")
    blog(web, driver, "dedans", hop(f"http://127.0.0.1:{PORT}/"), "un")
    outcomes = driver.crawl()["outcomes"]
    assert [path for path in web.asked("cinq") if path[1:].isalpha()] == ["/feed", "/deux"]
    assert web.asked("ailleurs") == ["/regles"]
    assert web.asked("boucle") == ["/robots.txt", "/robots.txt?encore"] * 3 + ["/feed", "/un"], "more than five hops are as good as none"
    assert web.asked("dedans") == ["/robots.txt"]
    assert outcomes["dedans"]["cause"] == f"flux : robots.txt : redirigé vers une adresse privée (127.0.0.1:{PORT}), refusé"


def test_case_11_robots_txt_that_is_something_else_breaks_nothing(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    blog(web, driver, "page", Reply("<!doctype html><title>Accueil</title><p>Disallow: /</p>"), "un")
    blog(web, driver, "lourd", text("# commentaire\n" * 360_000 + "User-agent: *\nDisallow: /\n"), "un")
    windows = b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /un\r\n# \xe9t\xe9\r\n"
    blog(web, driver, "windows", Reply(windows, kind="text/plain"), "un", "deux")
    outcomes = driver.crawl()["outcomes"]
    assert web.asked("page") == web.asked("lourd") == ["/robots.txt", "/feed", "/un"]
    assert web.asked("windows") == ["/robots.txt", "/feed", "/deux"]
    assert [outcomes[host]["state"] for host in ("page", "lourd", "windows")] == ["ok", "ok", "partial"]


def test_case_13_who_wants_an_hour_between_requests_has_only_his_feed_read(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS | {"crawl_delay_max": 0.5})
    blog(web, driver, "tortue", text("User-agent: *\nCrawl-delay: 3600\n"), "un", "deux")
    blog(web, driver, "lent", text("User-agent: *\nCrawl-delay: 0.4\n"), "un", "deux")
    blog(web, driver, "abc", text("User-agent: *\nCrawl-delay: abc\n"), "un", "deux")
    outcomes = driver.crawl()["outcomes"]
    assert web.asked("tortue") == ["/robots.txt", "/feed"]
    one = outcomes["tortue"]
    assert (one["state"], one["new"]) == ("partial", 2), "the posts are known by what the feed says"
    assert one["cause"] == "/un : le robots.txt demande 3600 s entre deux requêtes : seul le flux est lu"
    times = [at for at, host, path, _ in web.log if host == "lent" and path != "/robots.txt"]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.4 - 0.03
    assert (len(times), outcomes["abc"]["state"]) == (3, "ok")


def test_case_14_a_robots_txt_that_asks_for_a_moment_gets_it(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    blog(web, driver, "bref", Reply("", 503, headers={"Retry-After": "1"}), "un")
    remember(tmp_path, web, "bref", "", timedelta(days=3))
    assert driver.crawl()["outcomes"]["bref"]["state"] == "ok"
    assert web.asked("bref") == ["/robots.txt", "/feed", "/un"]
    first, second = (at for at, _, path, _ in web.log if path != "/un")
    assert second - first >= 1.0


def test_case_14_a_robots_txt_that_asks_for_a_day_gets_it(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    for host in ("connu", "inconnu"):
        blog(web, driver, host, Reply("", 429, headers={"Retry-After": "86400"}), "un")
    remember(tmp_path, web, "connu", "", timedelta(days=3))
    for asked in (["/robots.txt"], []):
        web.log.clear()
        outcomes = driver.crawl()["outcomes"]
        assert web.asked("connu") == web.asked("inconnu") == asked
        for host in ("connu", "inconnu"):
            assert outcomes[host]["state"] == ("refused" if asked else "skipped")
            assert "jusqu’au" in outcomes[host]["cause"]
