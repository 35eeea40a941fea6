"""robots.txt, as it answers and as it does not: fault cases 9 to 12. One world, a first night, then two of robots.txt that fail."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.politeness import CrawlLimits
from tests.crawler.cases.forks import Forks
from tests.crawler.cases.nights import SITEMAPS, Nights, home, page, sitemap, text, titles, world
from tests.crawler.web import PORT, ROOT, Driver, Reply, Web

NAMES = ("prisme", "spectre")
PATHS = ["/robots.txt", "/feed", *(f"/{name}" for name in NAMES)]
HIDDEN = "User-agent: *\nDisallow: /spectre\n"
FORBIDDEN = "le robots.txt du site l’interdit"
STATUSES = (401, 403, 404, 410)


@pytest.fixture(scope="module")
def nights(forks: Forks) -> Iterator[Nights]:
    with world(forks, backfill_pages=100) as nights:

        def blog(host: str, robots: Reply | None, *names: str, **keys: Any) -> None:
            nights.blog(host, *(names or NAMES), full=False, **{"backfill": "none"} | keys)
            if robots is not None:
                nights.web.pages[host]["/robots.txt"] = robots

        for status in STATUSES:
            blog(f"sans{status}", text("User-agent: *\nDisallow: /\n", status))

        blog("fidele", text("User-agent: *\nDisallow: /prive\n"), "prisme", "prive")
        blog("jamais", text("", 503))

        blog("page", Reply("<!doctype html><title>Accueil</title><p>User-agent: *</p><p>Disallow: /</p>"))
        limit = CrawlLimits().robots_bytes
        filler = "# commentaire\n" * (5_000_000 // 14)
        blog("lourd", text(f"{HIDDEN}{filler}User-agent: *\nDisallow: /prisme\n"))
        assert len(filler) > 9 * limit
        windows = f"\ufeff{HIDDEN}".encode().replace(b"\n", b"\r\n")
        blog("windows", text(windows + b"# \xe9t\xe9 en Latin-1\r\nDisallow: /\xe9t\xe9\r\n"))
        blog("octets", text(bytes(range(256)) * 40))

        blog("discret", text("User-agent: *\nDisallow: /wp-json/\nDisallow: /?rest_route=\n"), backfill=None)
        lay_out_wordpress(nights, "discret")
        blog("muet", text("User-agent: LucioleBot\nDisallow: /feed\n"), backfill=None)

        @nights.change(29)
        def fail() -> None:
            for host in ("fidele", "jamais"):
                nights.web.pages[host]["/robots.txt"] = text("", 503)
            nights.web.pages["fidele"]["/feed"] = nights.feed("fidele", "prisme", "neuf", "prive-aussi", full=False)
            nights.web.pages["fidele"] |= {"/neuf": nights.web.pages["fidele"]["/prisme"]}

        nights.plan(0, 31)
        yield nights


def lay_out_wordpress(nights: Nights, host: str) -> None:
    """A home page that names its interface, and a sitemap of the two posts of the feed and one more."""
    web = nights.web
    link = f'<link rel="https://api.w.org/" href="{web.url(host, "/wp-json/")}"><meta name="generator" content="WordPress 6.8">'
    index = f"<sitemap><loc>{web.url(host, '/wp-sitemap-posts-post-1.xml')}</loc></sitemap>"
    web.pages[host] |= {
        "/": home(link),
        "/wp-sitemap.xml": Reply(f'<sitemapindex xmlns="{SITEMAPS}">{index}</sitemapindex>', kind="text/xml"),
        "/wp-sitemap-posts-post-1.xml": sitemap(*(web.url(host, f"/{name}") for name in (*NAMES, "arc-en-ciel"))),
        "/arc-en-ciel": page("arc-en-ciel"),
    }


@pytest.mark.parametrize("status", STATUSES)
def test_case_09_a_robots_txt_that_is_not_there_allows_all(nights: Nights, status: int) -> None:
    host = f"sans{status}"
    assert nights[0].asked(host) == PATHS, "whatever stands in the page of the error"
    assert nights[0].state(host) == ("ok", "")


def test_case_10_unreachable_leaves_the_last_good_copy_in_force_for_thirty_days(nights: Nights) -> None:
    assert nights[0].asked("fidele") == ["/robots.txt", "/feed", "/prisme"]
    late = nights[29]
    assert sorted(late.asked("fidele")) == ["/feed", "/neuf", "/robots.txt"], "what it forbade stays forbidden"
    assert late.state("fidele") == ("partial", f"/prive-aussi : {FORBIDDEN}")
    later = nights[31]
    assert later.asked("fidele") == ["/robots.txt"]
    assert later.state("fidele") == ("refused", "flux : robots.txt injoignable (503) : blog laissé tranquille cette nuit")
    assert len(later.titles("fidele")) == len(late.titles("fidele")), "nothing is lost by it"
    assert later.report["finished"]


def test_case_10_without_a_copy_the_blog_is_left_alone_and_that_is_no_prohibition(nights: Nights) -> None:
    for day in (0, 29):
        assert nights[day].asked("jamais") == ["/robots.txt"]
        assert nights[day].state("jamais") == ("refused", "flux : robots.txt injoignable (503) : blog laissé tranquille cette nuit")
    assert nights[0].state("muet") == ("refused", f"flux : {FORBIDDEN}")


def test_case_10_no_answer_and_no_name_are_no_permission(tmp_path: Path) -> None:
    """A crawl of public names, which a name service of the test's own knows or does not."""
    web = Web()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        web.pages["vif"] = {}
        driver = Driver(web, tmp_path, limits={"timeout": 0.8, "delay": 0.0})
        for host in ("sourd.exemple.fr", "inconnu.exemple.fr"):
            driver.source(host.partition(".")[0], url=f"http://{host}/", feeds=[f"http://{host}/feed"])
        service = {"names": {"sourd.exemple.fr": [["93.184.216.34"]]}, "routes": {"93.184.216.34": deaf.getsockname()[1]}}
        job = driver.job(base_url="https://luciole.example", contact="contact@luciole.example")
        command = [sys.executable, str(ROOT / "tests" / "crawler" / "drive_names.py"), json.dumps(job), json.dumps(service)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")} | {"PYTHONPATH": str(ROOT)}
        try:
            report = driver.end(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment))
        finally:
            web.close()
        deaf.settimeout(0)
        asked, _ = deaf.accept()
        with asked:
            assert asked.recv(100).startswith(b"GET /robots.txt ")
    outcomes = report["outcomes"]
    assert outcomes["sourd"]["cause"] == "flux : robots.txt : pas de réponse complète en 0.8 secondes"
    assert outcomes["inconnu"]["cause"] == "flux : robots.txt : nom de domaine introuvable"
    assert report["finished"]


def test_case_11_a_robots_txt_that_is_something_else_is_read_leniently(nights: Nights) -> None:
    first = nights[0]
    assert first.asked("page") == first.asked("octets") == PATHS
    assert first.state("page") == first.state("octets") == ("ok", "")
    assert first.asked("lourd") == first.asked("windows") == ["/robots.txt", "/feed", "/prisme"], "what is behind 500 KiB does not count"
    assert first.state("windows") == ("partial", f"/spectre : {FORBIDDEN}")
    (kept,) = nights.rows("SELECT body FROM robots WHERE origin = ?", f"http://lourd.localhost:{PORT}")
    assert len(kept["body"]) <= CrawlLimits().robots_bytes


def test_case_12_a_forbidden_interface_leads_to_the_sitemap(nights: Nights) -> None:
    first = nights[0]
    assert not [path for path in first.asked("discret") if path.startswith(("/wp-json", "/?rest_route"))]
    assert first.titles("discret") == titles(*NAMES, "arc-en-ciel")
    attempts = nights.rows("SELECT strategy, state, why FROM backfill WHERE source_id = 'discret' ORDER BY place")
    assert [(one["strategy"], one["state"]) for one in attempts] == [("wordpress", "incomplete"), ("sitemap", "complete")]
    assert FORBIDDEN in attempts[0]["why"]
    assert first.state("discret") == ("ok", ""), "a way that is closed while another is open is no fault"


def test_case_12_a_forbidden_feed_is_told_and_nothing_is_asked_for(nights: Nights) -> None:
    assert nights[0].asked("muet") == ["/robots.txt"]
    assert nights[0].state("muet") == ("refused", f"flux : {FORBIDDEN}")
    assert nights[0].titles("muet") == []
    assert "muet" not in nights[0].successes
