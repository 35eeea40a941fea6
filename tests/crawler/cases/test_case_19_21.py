"""Blogs that move, are stolen or expire: fault cases 19 to 21, four nights in a row. The posts are looked at again in each of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.health import PARKED
from crawler.politeness import CrawlLimits
from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import Nights, hop, page, title, titles, world, xml
from tests.crawler.certificates import self_signed
from tests.crawler.web import PORT, ROOT, Reply, Web, rss

NAMES = ("prisme", "spectre")
SECURE = PORT + 1
PARKING = Reply("<html><head><title>exemple.org</title></head><body><h1>Ce domaine est à vendre</h1><p>Faites une offre.</p></body></html>")
FEEDS = ("/feed", "/flux")


def address(host: str, path: str = "/", *, secure: bool = False, domain: str = "exemple.fr") -> str:
    return f"https://{host}.{domain}:{SECURE}{path}" if secure else f"http://{host}.{domain}:{PORT}{path}"


@pytest.fixture(scope="module")
def nights(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    secure = Web(tls=self_signed(tmp_path_factory.mktemp("tls")))
    with world(forks, recheck_after=timedelta(hours=12), recheck_spread=timedelta()) as nights:
        secure.log = nights.web.log
        try:
            lay_out(nights, secure)
            yield nights
        finally:
            secure.close()


def lay_out(nights: Nights, secure: Web) -> None:
    """Some blogs redirect from the first night on; `vole`, `expire` and `page` are what they were until the second."""
    pages, driver = nights.web.pages, nights.driver

    def blog(host: str, feed: Any, *, posts: dict[str, Any] | None = None, **keys: Any) -> None:
        pages[host] = {"/feed": feed, **({f"/{name}": page(name) for name in NAMES} if posts is None else posts)}
        driver.source(host, url=address(host), feeds=[address(host, "/feed")], **keys)

    def own_feed(host: str, *, over_tls: bool = False) -> Reply:
        return xml(rss([(title(name), address(host, f"/{name}", secure=over_tls)) for name in NAMES], full=True))

    blog("demenage", hop(address("demenage", "/flux", secure=True)), posts={}, tls_insecure=True)
    secure.pages["demenage"] = {"/flux": own_feed("demenage", over_tls=True), **{f"/{name}": page(name) for name in NAMES}}
    blog("cousin", hop(address("nouveau", "/flux"), 308))
    pages["nouveau"] = {"/flux": own_feed("cousin")}
    blog("ephemere", hop(address("ephemere", "/flux"), 302))
    pages["ephemere"]["/flux"] = own_feed("ephemere")
    blog("hesitant", hop(address("hesitant", "/flux")))
    pages["hesitant"]["/flux"] = own_feed("hesitant")
    blog("vole", own_feed("vole"))
    pages["voleur"] = {"/feed": xml(rss([("Casino en ligne", address("voleur", "/casino", domain="exemple.com"))], full=True))}
    blog("expire", own_feed("expire"))
    blog("page", own_feed("page"))
    target, over_tls = (f"127.0.0.1:{web._server.server_port}" for web in (nights.web, secure))
    names = ("demenage", "cousin", "nouveau", "ephemere", "hesitant", "vole", "expire", "page")
    driver.extra_map = {f"{name}.exemple.fr:{PORT}": target for name in names}
    driver.extra_map |= {f"demenage.exemple.fr:{SECURE}": over_tls, f"voleur.exemple.com:{PORT}": target}

    @nights.change(1)
    def begin() -> None:
        pages["vole"]["/feed"] = hop(address("voleur", "/feed", domain="exemple.com"))
        pages["expire"] |= dict.fromkeys(("/", "/feed", *(f"/{name}" for name in NAMES)), PARKING)
        pages["page"]["/feed"] = Reply("<html><body><h1>Bienvenue</h1><p>Notre flux a fermé ses portes.</p></body></html>")

    @nights.change(2)
    def answer_once() -> None:
        pages["hesitant"]["/feed"] = own_feed("hesitant")

    @nights.change(3)
    def and_move_again() -> None:
        pages["hesitant"]["/feed"] = hop(address("hesitant", "/flux"))

    nights.plan(0)


def feeds_asked(nights: Nights, day: int, host: str) -> list[str]:
    return [path for path in nights[day].asked(host) if path in FEEDS]


MOVED = pytest.mark.parametrize(("host", "there"), [("demenage", "demenage"), ("cousin", "nouveau")])


@MOVED
def test_case_19_a_feed_that_moved_on_the_same_domain_is_followed_each_night(nights: Nights, host: str, there: str) -> None:
    for day in (0, 1):
        assert "/feed" in feeds_asked(nights, day, host)
        assert "/flux" in feeds_asked(nights, day, there)
        assert nights[day].state(host) == ("unchanged" if day else "ok", "")
        assert nights[day].titles(host) == titles(*NAMES)


@MOVED
def test_case_19_from_the_fourth_night_on_it_is_asked_at_its_new_address(nights: Nights, host: str, there: str) -> None:
    assert "/feed" in feeds_asked(nights, 2, host)
    assert CrawlLimits().moved_nights == 3
    assert feeds_asked(nights, 3, there) == ["/flux"]
    assert "/feed" not in nights[3].asked(host), "the redirect is no longer asked for"
    assert nights[3].state(host) == ("unchanged", "")
    assert nights[3].titles(host) == titles(*NAMES)


@pytest.mark.parametrize("host", ["ephemere", "hesitant"])
def test_case_19_what_moved_for_now_or_not_three_nights_in_a_row_stays(nights: Nights, host: str) -> None:
    assert feeds_asked(nights, 3, host)[0] == "/feed"
    assert nights[3].state(host)[1] == ""


def test_case_19_the_move_is_proposed_as_a_patch_and_never_written(nights: Nights, tmp_path: Path) -> None:
    assert nights[3].report["finished"]
    listed = tmp_path / "sources.yaml"
    blocks = sorted(nights.driver.sources, key=itemgetter("id"))
    listed.write_text(yaml.safe_dump({"sources": blocks}, allow_unicode=True, sort_keys=False), "utf-8")
    before = listed.read_bytes()
    own = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
    places = ",".join(f"{name}={target}" for name, target in (nights.web.host_map() | nights.driver.extra_map).items())
    command = [sys.executable, "-m", "luciole.cli", "sources", "patch", "--sources", str(listed), "--data", str(nights.driver.data)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=own | {"LUCIOLE_HOST_MAP": places}, check=False)
    assert done.returncode == 0, done.stderr
    assert listed.read_bytes() == before
    changed = [line.strip(" -+'\"") for line in done.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    moved = [address("cousin", "/feed"), address("demenage", "/feed")]
    there = [address("nouveau", "/flux"), address("demenage", "/flux", secure=True)]
    assert sorted(changed) == sorted(moved + there), done.stdout
    assert "2 adresses à changer ; rien n’a été écrit" in done.stderr


def test_case_20_a_feed_that_moves_to_a_foreign_domain_is_not_followed(nights: Nights) -> None:
    assert nights[0].state("vole") == ("ok", "")
    for day in (1, 2, 3):
        night = nights[day]
        assert night.state("vole") == ("refused", f"flux : redirigé vers un autre site (voleur.exemple.com:{PORT}), refusé")
        assert night.asked("voleur") == [], "not even its robots.txt"
        assert night.titles("vole") == titles(*NAMES)
    assert nights.rows("SELECT * FROM move WHERE source_id = 'vole'") == []
    assert nights[3].successes["vole"] == nights[0].successes["vole"]


def test_case_21_an_expired_domain_is_no_feed_and_costs_no_article(nights: Nights) -> None:
    assert nights[0].state("expire") == ("ok", "")
    for day in (1, 2, 3):
        night = nights[day]
        assert night.state("expire") == ("failed", f"flux : {PARKED}")
        assert night.removed == ()
        kept = {one.title: one for one in night.articles if one.source_id == "expire"}
        before = {one.title: one for one in nights[0].articles if one.source_id == "expire"}
        assert {name: one.text for name, one in kept.items()} == {name: one.text for name, one in before.items()}
    assert any(path == "/prisme" for day in (1, 2, 3) for path in nights[day].asked("expire")), "its posts were looked at, too"


def test_case_21_after_three_nights_the_curator_is_told(nights: Nights) -> None:
    gone = [nights[day].standings["expire"].gone_since for day in range(4)]
    assert gone[:3] == [None, None, None]
    assert gone[3] is not None
    assert gone[3] == nights[3].standings["expire"].failing_since, "gone since the first of these nights"
    assert nights[3].standings["expire"].failures == 3


def test_case_21_another_page_in_the_place_of_the_feed_is_a_failure_and_not_the_end_of_the_site(nights: Nights) -> None:
    for day in (1, 2, 3):
        state, cause = nights[day].state("page")
        assert state == "failed"
        assert cause.startswith("flux : "), cause
        assert PARKED not in cause
    assert nights[3].standings["page"].gone_since is None
    assert nights[3].titles("page") == titles(*NAMES)
