"""Whole nights over loopback: what each kind of blog comes to, and what the second night costs.

Two nights are crawled once for all tests of the first half: some twenty blogs, one of each kind, in one process. The servers' own log says
what was asked. Fault cases 5 to 10, 12, 14 to 16, 20, 21, 23, 29 and 40 in their simple form.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.frontier import Frontier
from crawler.tally import Count, Tally
from luciole.article import Article
from luciole.database import Database
from luciole.runs import RunLog
from luciole.store import ArticleStore
from tests.crawler.certificates import self_signed
from tests.crawler.web import PORT, WORDS, Driver, Reply, Web, conditional, post, rss


def feed_of(web: Web, host: str, *names: str, full: bool = False) -> str:
    return rss([(name.capitalize(), web.url(host, f"/{name}")) for name in names], full=full)


def xml(body: str, **headers: str) -> Reply:
    return Reply(body, kind="application/rss+xml", headers=headers)


def home(*links: str, feed: str = "") -> Reply:
    announced = f'<link rel="alternate" type="application/rss+xml" href="{feed}">' if feed else ""
    anchors = "".join(f'<h2><a href="{link}">Un billet</a></h2><p>{WORDS}</p>' for link in links)
    return Reply(f'<html lang="fr"><head><title>Blog</title>{announced}</head><body class="home"><main>{anchors}</main></body></html>')


def stray_304(headers: Mapping[str, str]) -> Reply:
    """A cache in front of the blog that answers 304 to a question nobody asked."""
    return (
        xml(rss([("Un", f"http://cache304.localhost:{PORT}/un")], full=True))
        if "no-cache" in headers.get("cache-control", "")
        else Reply(status=304)
    )


@dataclass
class Nights:
    web: Web
    data: Path
    first: dict[str, Any]
    second: dict[str, Any]
    asked_first: dict[str, list[str]]
    asked_second: dict[str, list[str]]

    def articles(self, source_id: str) -> list[Article]:
        store = ArticleStore.open(self.data / "luciole.db")
        try:
            return [one for one in store.changes_since(0) if one.source_id == source_id and not one.is_tombstone]
        finally:
            store.close()

    def feed(self, source_id: str) -> str | None:
        """The feed that is told to readers where the list names none."""
        store = ArticleStore.open(self.data / "luciole.db")
        try:
            return store.standing(source_id).feed
        finally:
            store.close()


def lay_out(web: Web, driver: Driver) -> None:
    """One blog of each kind."""
    pages = web.pages
    pages["plein"] = {"/feed": conditional(feed_of(web, "plein", "un", "deux", full=True), 'W/"abc-gzip"')}
    driver.source("plein", feeds=[web.url("plein", "/feed")])

    pages["resume"] = {
        "/feed": xml(feed_of(web, "resume", "un", "deux")),  # neither ETag nor Last-Modified
        "/un": Reply(post("Un")),
        "/deux": Reply(post("Deux")),
    }
    driver.source("resume", feeds=[web.url("resume", "/feed")])

    pages["annonce"] = {"/": home(feed="/le-flux"), "/le-flux": xml(feed_of(web, "annonce", "un", full=True))}
    driver.source("annonce")
    pages["devine"] = {"/": home("/un"), "/rss.xml": xml(feed_of(web, "devine", "un", full=True))}
    driver.source("devine")
    links = ("/2026/10/une-histoire-de-lumiere.html", "/2026/09/le-pas-des-etoiles.html")
    pages["sansflux"] = {"/": home(*links, "http://ailleurs.example/2026/10/loin.html")} | {link: Reply(post(link[9:-5])) for link in links}
    driver.source("sansflux")

    pages["ferme"] = {"/robots.txt": Reply("", 503), "/feed": xml(feed_of(web, "ferme", "un", full=True))}
    driver.source("ferme", feeds=[web.url("ferme", "/feed")])
    pages["interdit"] = {"/robots.txt": Reply("User-agent: LucioleBot\nDisallow: /feed\n", kind="text/plain")}
    driver.source("interdit", feeds=[web.url("interdit", "/feed")])
    pages["coin"] = {
        "/robots.txt": Reply("User-agent: *\nDisallow: /un\n", kind="text/plain"),
        "/feed": xml(feed_of(web, "coin", "un", "deux")),
        "/deux": Reply(post("Deux")),
    }
    driver.source("coin", feeds=[web.url("coin", "/feed")])

    for host, target in {
        "versprive": "http://127.0.0.1:22/",
        "versentier": "http://2130706433/",
        "verscoulisse": f"http://coulisse.localhost:{PORT}/",
        "versvoisin": web.url("plein", "/feed"),
        "versfichier": "file:///etc/hostname",
        "boucle": "/feed",
    }.items():
        pages[host] = {"/feed": Reply(status=302, headers={"Location": target})}
        driver.source(host, feeds=[web.url(host, "/feed")])
    pages["pagepiege"] = {
        "/feed": xml(feed_of(web, "pagepiege", "un", "deux")),
        "/un": Reply(status=301, headers={"Location": "http://[::ffff:169.254.169.254]/"}),
        "/deux": Reply(post("Deux")),
    }
    driver.source("pagepiege", feeds=[web.url("pagepiege", "/feed")])

    pages["panne"] = {"/feed": Reply("oh", 500)}
    driver.source("panne", feeds=[web.url("panne", "/feed")])
    pages["ordures"] = {"/feed": Reply(bytes(range(256)) * 40, kind="application/rss+xml")}
    driver.source("ordures", feeds=[web.url("ordures", "/feed")])
    pages["parking"] = {"/feed": Reply("<html><body><h1>Ce domaine est à vendre</h1></body></html>")}
    driver.source("parking", feeds=[web.url("parking", "/feed")])
    pages["lourd"] = {"/feed": Reply("x" * 300_000, kind="application/rss+xml")}
    driver.source("lourd", feeds=[web.url("lourd", "/feed")])
    bomb = gzip.compress(b" " * 20_000_000, 9)
    pages["bombe"] = {"/feed": Reply(bomb, kind="application/rss+xml", headers={"Content-Encoding": "gzip"})}
    driver.source("bombe", feeds=[web.url("bombe", "/feed")])
    pages["troue"] = {"/feed": xml(feed_of(web, "troue", "un", "deux")), "/un": Reply(post("Un")), "/deux": Reply("oh", 500)}
    driver.source("troue", feeds=[web.url("troue", "/feed")])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        driver.extra_map = {f"mort.localhost:{PORT}": f"127.0.0.1:{closed.getsockname()[1]}"}
    driver.source("mort", feeds=[web.url("mort", "/feed")])
    pages["cache304"] = {"/feed": stray_304}
    driver.source("cache304", feeds=[web.url("cache304", "/feed")])
    pages["toujours304"] = {"/feed": Reply(status=304)}
    driver.source("toujours304", feeds=[web.url("toujours304", "/feed")])

    pages["attend"] = {"/feed": Reply("", 429, headers={"Retry-After": "7200"})}
    driver.source("attend", feeds=[web.url("attend", "/feed")])

    pages["etranger"] = {"/feed": xml(rss([("Chez un autre", web.url("plein", "/ailleurs"))], full=False))}
    driver.source("etranger", feeds=[web.url("etranger", "/feed")])
    pages["alias"] = {
        "/feed": xml(rss([("Un", web.url("alias", "/?p=7"))], full=False)),
        "/?p=7": Reply(status=301, headers={"Location": "/2026/10/un/?utm_source=rss"}),
        "/2026/10/un/?utm_source=rss": Reply(post("Un", canonical=web.url("alias", "/2026/10/un/"))),
    }
    driver.source("alias", feeds=[web.url("alias", "/feed")])
    pages["tri"] = {"/feed": xml(feed_of(web, "tri", "billets/un", "agenda/deux")), "/billets/un": Reply(post("Un"))}
    driver.source("tri", feeds=[web.url("tri", "/feed")], exclude=[f"tri.localhost:{PORT}/agenda/*"])

    driver.source("chaine", type="video", url="https://www.youtube.com/@chaine")
    driver.source("public", url="https://blog.exemple.fr/")
    driver.source("pause", status="paused")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    web = Web()
    data = tmp_path_factory.mktemp("nuits")
    driver = Driver(web, data, limits={"feed_bytes": 200_000})
    lay_out(web, driver)
    asked = []
    reports = []
    for _ in range(2):
        web.log.clear()
        reports.append(driver.crawl())
        asked.append({host: web.asked(host) for host in web.pages})
    web.log.clear()
    yield Nights(web, data, *reports, *asked)
    web.close()


def outcome(nights: Nights, source_id: str) -> tuple[str, str]:
    one = nights.first["outcomes"][source_id]
    return one["state"], one["cause"]


def test_both_nights_end_with_no_work_left_and_nothing_on_standard_error_but_progress(nights: Nights) -> None:
    for report in (nights.first, nights.second):
        assert (report["finished"], report["interrupted"]) == (True, False)
        assert "Traceback" not in report["stderr"]
        assert "Warning" not in report["stderr"]
        assert "Ignored" not in report["stderr"]
    assert nights.second["run_id"] == nights.first["run_id"] + 1
    assert "pause" not in nights.first["outcomes"]


def test_a_full_feed_costs_no_page_and_a_304_the_second_night(nights: Nights) -> None:
    assert nights.asked_first["plein"] == ["/robots.txt", "/feed"]
    assert nights.asked_second["plein"] == ["/feed"], "robots.txt is asked once a day"
    assert sorted(one.title for one in nights.articles("plein")) == ["Deux", "Un"]
    assert {one.text_basis for one in nights.articles("plein")} == {"feed"}
    assert outcome(nights, "plein") == ("ok", "")
    one = nights.second["outcomes"]["plein"]
    assert (one["state"], one["new"], one["updated"], one["requests"]) == ("unchanged", 0, 0, 1)


def test_pages_behind_a_summary_are_fetched_once(nights: Nights) -> None:
    assert sorted(nights.asked_first["resume"]) == ["/deux", "/feed", "/robots.txt", "/un"]
    assert nights.asked_second["resume"] == ["/feed"]
    articles = nights.articles("resume")
    assert {one.text_basis for one in articles} == {"page"}
    assert all(one.words > 100 for one in articles)
    assert nights.first["outcomes"]["resume"] | {"cause": ""} == {
        "source_id": "resume",
        "state": "ok",
        "cause": "",
        "found": 2,
        "new": 2,
        "updated": 0,
        "failed": 0,
        "requests": 4,
    }


def test_the_same_body_again_is_no_work_even_without_validators(nights: Nights) -> None:
    one = nights.second["outcomes"]["resume"]
    assert (one["state"], one["found"], one["new"], one["updated"]) == ("unchanged", 0, 0, 0)


@pytest.mark.parametrize(("host", "feed"), [("annonce", "/le-flux"), ("devine", "/rss.xml")])
def test_a_feed_is_found_and_remembered(nights: Nights, host: str, feed: str) -> None:
    assert nights.asked_first[host][:2] == ["/robots.txt", "/"]
    assert nights.asked_first[host][-1] == feed
    assert nights.asked_second[host] == [feed]
    assert [one.title for one in nights.articles(host)] == ["Un"]
    told = nights.feed(host)
    assert told is not None
    assert told.endswith(feed)


def test_without_any_feed_the_links_of_the_home_page_are_read(nights: Nights) -> None:
    assert len(nights.articles("sansflux")) == 2
    assert nights.feed("sansflux") is None
    assert outcome(nights, "sansflux") == ("ok", "")
    assert nights.asked_second["sansflux"] == ["/"], "where no feed is, none is looked for every night"
    assert nights.second["outcomes"]["sansflux"]["state"] == "unchanged"


def test_a_robots_txt_that_answers_503_forbids_the_night(nights: Nights) -> None:
    assert outcome(nights, "ferme") == ("refused", "flux : robots.txt injoignable (503) : blog laissé tranquille cette nuit")
    assert nights.asked_first["ferme"] == nights.asked_second["ferme"] == ["/robots.txt"]


def test_what_robots_txt_forbids_is_not_asked_for(nights: Nights) -> None:
    assert outcome(nights, "interdit") == ("refused", "flux : le robots.txt du site l’interdit")
    assert nights.asked_first["interdit"] == ["/robots.txt"]
    assert outcome(nights, "coin") == ("partial", "/un : le robots.txt du site l’interdit")
    assert "/un" not in nights.asked_first["coin"] + nights.asked_second["coin"]
    assert len(nights.articles("coin")) == 2, "the forbidden post is known by its summary"


@pytest.mark.parametrize(
    ("host", "cause"),
    [
        ("versprive", "redirigé vers une adresse privée (127.0.0.1:22), refusé"),
        ("versentier", "redirigé vers une adresse privée (127.0.0.1), refusé"),
        ("verscoulisse", f"redirigé vers une adresse privée (coulisse.localhost:{PORT}), refusé"),
        ("versvoisin", f"redirigé vers un autre site (plein.localhost:{PORT}), refusé"),
        ("versfichier", "redirigé vers un protocole interdit (file), refusé"),
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_refused(nights: Nights, host: str, cause: str) -> None:
    assert outcome(nights, host) == ("refused", f"flux : {cause}")
    assert nights.asked_first[host] == ["/robots.txt", "/feed"]


def test_a_post_that_redirects_inside_costs_only_itself(nights: Nights) -> None:
    cause = "/un : redirigé vers une adresse privée ([::ffff:a9fe:a9fe]), refusé"
    assert outcome(nights, "pagepiege") == ("partial", cause)
    assert {one.title: one.text_basis for one in nights.articles("pagepiege")} == {"Un": "summary", "Deux": "page"}


@pytest.mark.parametrize(
    ("host", "cause"),
    [
        ("panne", "flux : erreur du serveur (500)"),
        ("mort", "flux : robots.txt : connexion refusée par le serveur"),
        ("boucle", "flux : plus de 5 redirections"),
        ("lourd", "flux : contenu trop lourd"),
        ("bombe", "flux : contenu trop lourd"),
        ("toujours304", "flux : le serveur répond « inchangé » (304) sans qu’on le lui demande"),
    ],
)
def test_a_blog_that_fails_is_an_outcome_with_its_cause(nights: Nights, host: str, cause: str) -> None:
    assert outcome(nights, host) == ("failed", cause)


def test_a_304_to_a_question_we_did_not_ask_is_asked_once_more_bluntly(nights: Nights) -> None:
    assert outcome(nights, "cache304") == ("ok", "")
    assert nights.asked_first["cache304"] == nights.asked_first["toujours304"] == ["/robots.txt", "/feed", "/feed"]


@pytest.mark.parametrize("host", ["ordures", "parking"])
def test_what_is_no_feed_says_so(nights: Nights, host: str) -> None:
    state, cause = outcome(nights, host)
    assert state == "failed"
    assert cause.startswith("flux : ")
    assert len(cause) > len("flux : ")
    assert nights.articles(host) == []


def test_one_page_that_fails_leaves_the_rest(nights: Nights) -> None:
    assert outcome(nights, "troue") == ("partial", "/deux : erreur du serveur (500)")
    assert {one.title: one.text_basis for one in nights.articles("troue")} == {"Un": "page", "Deux": "summary"}
    assert nights.asked_second["troue"] == ["/feed"], "a page that failed waits for another night"


def test_who_asks_for_time_gets_it_across_nights(nights: Nights) -> None:
    state, cause = outcome(nights, "attend")
    assert state == "failed"
    assert "jusqu’au" in cause
    assert "(429)" in cause
    assert nights.asked_first["attend"] == ["/robots.txt", "/feed"]
    assert nights.asked_second["attend"] == []
    one = nights.second["outcomes"]["attend"]
    assert one["state"] == "skipped"
    assert "a demandé d’attendre" in one["cause"]


def test_links_to_other_hosts_are_never_fetched(nights: Nights) -> None:
    assert "/ailleurs" not in nights.asked_first["plein"] + nights.asked_second["plein"]
    assert nights.asked_first["etranger"] == ["/robots.txt", "/feed"]
    assert "page" not in {one.text_basis for one in nights.articles("etranger")}


def test_a_permalink_its_redirect_and_its_canonical_address_are_one_article(nights: Nights) -> None:
    (article,) = nights.articles("alias")
    assert article.text_basis == "page"
    store = ArticleStore.open(nights.data / "luciole.db")
    for path in ("/?p=7", "/2026/10/un/", "/2026/10/un/?utm_source=rss"):
        found = store.find("alias", nights.web.url("alias", path))
        assert found is not None, path
        assert found.id == article.id
    store.close()


def test_what_the_list_excludes_is_neither_fetched_nor_kept(nights: Nights) -> None:
    assert "/agenda/deux" not in nights.asked_first["tri"]
    assert [one.title for one in nights.articles("tri")] == ["Billets/un"]


def test_who_is_not_visited_and_why(nights: Nights) -> None:
    assert outcome(nights, "chaine") == ("skipped", "chaîne vidéo : listée, jamais visitée")
    assert outcome(nights, "public") == ("skipped", "LUCIOLE_BASE_URL et LUCIOLE_CONTACT manquent : pas de visite anonyme")


def test_the_share_of_failures_counts_visited_blogs_only(nights: Nights) -> None:
    states = [one["state"] for one in nights.first["outcomes"].values()]
    visited = [state for state in states if state != "skipped"]
    assert nights.first["failed_share"] == pytest.approx(states.count("failed") / len(visited))


def test_nothing_is_left_in_the_frontier_and_raw_bodies_are_kept(nights: Nights) -> None:
    store = ArticleStore.open(nights.data / "luciole.db")
    open_rows = store.database.all("SELECT * FROM frontier WHERE state IN ('inflight', 'fetched')")
    hashes = {row["body_hash"] for row in store.database.all("SELECT body_hash FROM frontier WHERE body_hash IS NOT NULL")}
    store.close()
    assert open_rows == []
    raw = Database(nights.data / "raw.db")
    kept = {row["hash"] for row in raw.all("SELECT hash FROM raw")}
    raw.close()
    assert hashes <= kept


# -- nights of their own -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


def test_a_short_retry_after_is_waited_for_and_never_undercut(web: Web, tmp_path: Path) -> None:
    answers = iter([Reply("", 503, headers={"Retry-After": "1"})])
    body = feed_of(web, "patient", "un", "deux")
    web.pages["patient"] = {
        "/feed": xml(body),
        "/un": lambda headers: next(answers, Reply(post("Un"))),
        "/deux": Reply(post("Deux")),
    }
    driver = Driver(web, tmp_path)
    driver.source("patient", feeds=[web.url("patient", "/feed")])
    report = driver.crawl()
    assert report["outcomes"]["patient"]["state"] == "ok", report["outcomes"]
    first, second = (at for at, _, path, _ in web.log if path == "/un")
    assert second - first >= 1.0


def test_nothing_is_sent_while_a_blog_rests_and_no_post_is_given_up(web: Web, tmp_path: Path) -> None:
    names = ("un", "deux", "trois")
    web.pages["presse"] = {"/feed": xml(feed_of(web, "presse", *names))} | {f"/{name}": Reply("", 429) for name in names}
    driver = Driver(web, tmp_path, limits={"slow_down": 0.6})
    driver.source("presse", feeds=[web.url("presse", "/feed")])
    report = driver.crawl()
    assert report["finished"]
    asked = [(at, path) for at, _, path, _ in web.log if path[1:] in names]
    assert [path for _, path in asked] == ["/un"] * 3, "the whole blog rests, and after three times until the next night"
    assert all(later - earlier >= 0.6 for (earlier, _), (later, _) in pairwise(asked))
    one = report["outcomes"]["presse"]
    assert one["state"] == "partial"
    assert "le serveur demande d’aller moins vite" in one["cause"]
    web.pages["presse"] |= {f"/{name}": Reply(post(name.capitalize())) for name in names}
    again = driver.crawl(days_later=1)["outcomes"]["presse"]
    assert (again["updated"], again["failed"]) == (3, 0)


def test_a_page_that_was_no_post_tonight_is_asked_for_again(web: Web, tmp_path: Path) -> None:
    names = ("alouette", "belette", "corneille", "dauphin")
    closed = Reply("<html><head><title>Site en maintenance</title></head><body><p>Revenez demain.</p></body></html>")
    pages: dict[str, Any] = {f"/{name}": Reply(status=302, headers={"Location": "/attente"}) for name in names[:2]}
    pages |= {"/corneille": closed, "/dauphin": Reply(post("Dauphin")), "/attente": Reply(post("Acceptez nos biscuits"))}
    web.pages["chantier"] = {"/feed": xml(feed_of(web, "chantier", *names)), **pages}
    driver = Driver(web, tmp_path)
    driver.source("chantier", feeds=[web.url("chantier", "/feed")])
    first = driver.crawl()["outcomes"]["chantier"]
    assert (first["new"], first["failed"], first["state"]) == (4, 3, "partial")
    assert first["cause"] == "/alouette : redirigé vers une autre page : « Acceptez nos biscuits »"
    web.pages["chantier"] |= {f"/{name}": Reply(post(name.capitalize())) for name in names}
    second = driver.crawl(days_later=1)["outcomes"]["chantier"]
    assert (second["updated"], second["failed"], second["state"]) == (3, 0, "ok")
    store = ArticleStore.open(tmp_path / "luciole.db")
    assert sorted((one.title, one.text_basis) for one in store.changes_since(0)) == sorted((name.capitalize(), "page") for name in names)
    store.close()


def test_robots_out_of_reach_for_a_night_costs_the_pages_behind_it_that_night_only(web: Web, tmp_path: Path) -> None:
    web.pages["flux"] = {"/feed": xml(feed_of(web, "pages", "un"))}
    web.pages["pages"] = {"/robots.txt": Reply("", 503), "/un": Reply(post("Un"))}
    driver = Driver(web, tmp_path)
    driver.source("pages", feeds=[web.url("flux", "/feed")])
    assert "injoignable (503)" in driver.crawl()["outcomes"]["pages"]["cause"]
    assert web.asked("pages") == ["/robots.txt"]
    del web.pages["pages"]["/robots.txt"]
    assert driver.crawl(days_later=1)["outcomes"]["pages"]["updated"] == 1


def test_what_a_curator_lets_in_again_is_read_though_the_feed_did_not_change(web: Web, tmp_path: Path) -> None:
    web.pages["tri"] = {"/feed": conditional(feed_of(web, "tri", "agenda", "billet", full=True), '"1"')}
    driver = Driver(web, tmp_path)
    driver.source("tri", feeds=[web.url("tri", "/feed")], exclude=[f"tri.localhost:{PORT}/agenda"])
    assert driver.crawl()["outcomes"]["tri"]["new"] == 1
    del driver.sources[0]["exclude"]
    assert driver.crawl(days_later=1)["outcomes"]["tri"]["new"] == 1


def test_a_night_after_an_unfinished_visit_of_one_blog_visits_all_of_them(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path)
    for host in ("un", "deux"):
        web.pages[host] = {"/feed": xml(feed_of(web, host, "billet", full=True))}
        driver.source(host, feeds=[web.url(host, "/feed")])
    driver.crawl()
    database = Database(tmp_path / "luciole.db")
    # What an interruption leaves behind: a run for one blog only, unfinished.
    run_id = RunLog(database).begin("crawl", datetime.now(UTC))
    Tally(database, run_id).add("deux", Count())
    Frontier(database).root("deux", "feed", web.url("deux", "/feed"))
    database.close()
    web.log.clear()
    report = driver.crawl()
    assert report["run_id"] == run_id
    assert {one["state"] for one in report["outcomes"].values()} == {"unchanged"}
    assert web.asked("un") == ["/feed"]


def test_gaps_between_requests_are_kept_and_the_crawl_delay_is_obeyed(web: Web, tmp_path: Path) -> None:
    names = ("un", "deux", "trois")
    for host, robots in {"lent": "User-agent: *\nCrawl-delay: 0.6\n", "vif": ""}.items():
        pages = {f"/{name}": Reply(post(name)) for name in names}
        web.pages[host] = {"/robots.txt": Reply(robots, kind="text/plain"), "/feed": xml(feed_of(web, host, *names)), **pages}
    driver = Driver(web, tmp_path, limits={"mapped_delay": 0.2})
    driver.source("lent", feeds=[web.url("lent", "/feed")])
    driver.source("vif", feeds=[web.url("vif", "/feed")])
    assert driver.crawl()["finished"]
    for host, least in {"lent": 0.6, "vif": 0.2}.items():
        times = [at for at, name, path, _ in web.log if name == host and path != "/robots.txt"]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert len(gaps) == 3
        # The server notes the moment of arrival: a few milliseconds either way are the machine's.
        assert min(gaps) >= least - 0.03, (host, gaps)


def test_the_robot_introduces_itself_and_takes_no_cookies(web: Web, tmp_path: Path) -> None:
    web.pages["plein"] = {"/feed": xml(feed_of(web, "plein", "un"), **{"Set-Cookie": "suivi=1"}), "/un": Reply(post("Un"))}
    driver = Driver(web, tmp_path)
    driver.source("plein", feeds=[web.url("plein", "/feed")])
    driver.crawl(base_url="https://luciole.example", contact="contact@luciole.example")
    assert len(web.log) == 3
    for _, _, path, headers in web.log:
        assert headers["user-agent"] == "LucioleBot/0.1 (+https://luciole.example/robot; contact@luciole.example)", path
        assert headers["from"] == "contact@luciole.example"
        assert headers["accept-language"] == "fr"
        assert headers["host"] == f"plein.localhost:{PORT}"
        assert not {"cookie", "referer", "authorization"} & headers.keys()


def test_a_server_that_never_answers_does_not_hold_up_the_others(web: Web, tmp_path: Path) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        web.pages["vif"] = {"/feed": xml(feed_of(web, "vif", "un", full=True))}
        driver = Driver(web, tmp_path, limits={"timeout": 1.0})
        driver.extra_map = {f"sourd.localhost:{PORT}": f"127.0.0.1:{deaf.getsockname()[1]}"}
        driver.source("sourd", feeds=[web.url("sourd", "/feed")])
        driver.source("vif", feeds=[web.url("vif", "/feed")])
        report = driver.crawl()
    assert report["outcomes"]["vif"]["state"] == "ok"
    sourd = report["outcomes"]["sourd"]
    assert (sourd["state"], sourd["cause"]) == ("failed", "flux : robots.txt : pas de réponse complète en 1 secondes")
    assert report["finished"]


def test_a_feed_that_was_found_is_looked_for_again_once_it_fails_too_often(web: Web, tmp_path: Path) -> None:
    web.pages["errant"] = {"/": home(feed="/ancien"), "/ancien": xml(feed_of(web, "errant", "un", full=True))}
    driver = Driver(web, tmp_path, limits={"feed_failures": 2})
    driver.source("errant")
    assert driver.crawl()["outcomes"]["errant"]["state"] == "ok"
    del web.pages["errant"]["/ancien"]
    web.pages["errant"] |= {"/": home(feed="/nouveau"), "/nouveau": xml(feed_of(web, "errant", "deux", full=True))}
    for night in (1, 2):
        web.log.clear()
        one = driver.crawl(days_later=night)["outcomes"]["errant"]
        assert (one["state"], one["cause"]) == ("failed", "flux : introuvable (404)")
        assert web.asked("errant") == ["/robots.txt", "/ancien"]
    web.log.clear()
    assert driver.crawl(days_later=3)["outcomes"]["errant"]["new"] == 1
    assert web.asked("errant") == ["/robots.txt", "/", "/nouveau"]


def test_a_blog_that_moved_is_looked_at_afresh_and_its_posts_are_known_again(web: Web, tmp_path: Path) -> None:
    for host in ("vieux", "neuf"):
        web.pages[host] = {"/": home(feed="/flux"), "/flux": xml(feed_of(web, host, "billet", full=True))}
    driver = Driver(web, tmp_path)
    driver.source("vieux")
    assert driver.crawl()["outcomes"]["vieux"]["new"] == 1
    web.log.clear()
    driver.sources[0]["url"] = web.url("neuf", "/")
    moved = driver.crawl(days_later=1)["outcomes"]["vieux"]
    assert (moved["state"], moved["new"], moved["updated"]) == ("ok", 0, 1)
    assert web.asked("neuf") == ["/robots.txt", "/", "/flux"]
    assert web.asked("vieux") == []


def test_only_the_named_sources_are_visited(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path)
    for host in ("un", "deux"):
        web.pages[host] = {"/feed": xml(feed_of(web, host, "billet", full=True))}
        driver.source(host, feeds=[web.url(host, "/feed")])
    assert list(driver.crawl(only=["deux"])["outcomes"]) == ["deux"]
    assert {host for _, host, _, _ in web.log} == {"deux"}


def test_a_store_that_cannot_be_used_is_said_and_ends_the_crawl(web: Web, tmp_path: Path) -> None:
    web.pages["un"] = {"/feed": xml(feed_of(web, "un", "billet", full=True))}
    driver = Driver(web, tmp_path)
    driver.source("un", feeds=[web.url("un", "/feed")])
    (tmp_path / "luciole.db").write_bytes(b"ceci n'est pas une base" * 100)
    answer = driver.crawl()
    assert answer["error"] == "StoreError"
    assert web.log == []


def test_out_of_time_is_no_end_and_the_next_crawl_goes_on(web: Web, tmp_path: Path) -> None:
    names = ("un", "deux", "trois", "quatre")
    web.pages["long"] = {"/feed": xml(feed_of(web, "long", *names))} | {f"/{name}": Reply(post(name)) for name in names}
    driver = Driver(web, tmp_path, limits={"mapped_delay": 0.5, "night": 1.2})
    driver.source("long", feeds=[web.url("long", "/feed")])
    report = driver.crawl()
    assert (report["finished"], report["interrupted"]) == (False, False)
    assert len(web.log) < 6
    assert (report["outcomes"]["long"]["state"], report["outcomes"]["long"]["cause"]) == ("partial", "visite interrompue")
    driver.limits = {"mapped_delay": 0.0}
    again = driver.crawl()
    assert (again["finished"], again["run_id"]) == (True, report["run_id"])
    assert again["outcomes"]["long"] | {"cause": ""} == again["outcomes"]["long"] | {"state": "ok", "new": 4, "requests": 6}
    assert sorted(web.asked("long")) == sorted({"/robots.txt", "/feed", *(f"/{name}" for name in names)})


def test_a_certificate_nobody_vouches_for_is_refused_unless_a_curator_overlooks_it(tmp_path: Path) -> None:
    web = Web(tls=self_signed(tmp_path))
    try:
        driver = Driver(web, tmp_path / "data", limits={"timeout": 10.0})
        for host in ("strict", "indulgent"):
            base = f"https://{host}.localhost:{PORT}"
            web.pages[host] = {"/feed": xml(rss([("Un", f"{base}/un")], full=True))}
            driver.source(host, url=f"{base}/", feeds=[f"{base}/feed"], tls_insecure=host == "indulgent")
        outcomes = driver.crawl()["outcomes"]
    finally:
        web.close()
    strict = outcomes["strict"]
    assert (strict["state"], strict["cause"]) == ("failed", "flux : robots.txt : certificat TLS non valable")
    assert (outcomes["indulgent"]["state"], outcomes["indulgent"]["new"]) == ("ok", 1)
