"""What is never connected to, on any hop, shown by whole crawls: fault cases 16, 17 and 18. The rules alone are in `test_guard`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luciole.registry import RegistryError, parse_registry
from tests.crawler.web import PORT, ROOT, WORDS, Driver, Reply, Web, post, rss

LIMITS = {"backfill_pages": 0}


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


def xml(body: str) -> Reply:
    return Reply(body, kind="application/rss+xml")


def to(target: str) -> Reply:
    return Reply(status=302, headers={"Location": target})


def real_port(web: Web) -> int:
    """Where the server really listens: what reaches it there came past the guard."""
    web.pages.setdefault("port", {})
    return int(next(iter(web.host_map().values())).rpartition(":")[2])


PRIVATE = (
    "http://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://0x7f000001:{port}/",
    "http://017700000001:{port}/",
    "http://0:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://localhost:{port}/",
    "http://localhost.:{port}/",
    "http://LOCALHOST:{port}/",
    "http://a0.localhost:{port}/",
    "http://10.0.0.1/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
)


def test_case_16_redirects_into_private_networks_are_refused(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    web.pages["a0"] = {}
    for number, target in enumerate(PRIVATE):
        host = f"a{number}"
        web.pages[host] = {"/feed": to(target.format(port=real_port(web)))}
        driver.source(host, feeds=[web.url(host, "/feed")])
    outcomes = driver.crawl()["outcomes"]
    for number, target in enumerate(PRIVATE):
        host = f"a{number}"
        one = outcomes[host]
        assert one["cause"].startswith("flux : redirigé vers une adresse privée ("), (target, one["cause"])
        assert (one["state"], web.asked(host)) == ("refused", ["/robots.txt", "/feed"]), target
    assert {host for _, host, _, _ in web.log} == {f"a{number}" for number in range(len(PRIVATE))}


def test_case_16_every_hop_and_every_kind_of_page_is_looked_at(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    inside = f"http://127.0.0.1:{real_port(web)}/secret"
    web.pages["loin"] = {"/feed": to("/deux"), "/deux": to("/trois"), "/trois": to(inside)}
    driver.source("loin", feeds=[web.url("loin", "/feed")])
    web.pages["accueil"] = {"/": to(inside)}
    driver.source("accueil")
    web.pages["regles"] = {"/robots.txt": to(inside), "/feed": xml(rss([("Un", web.url("regles", "/un"))], full=True))}
    driver.source("regles", feeds=[web.url("regles", "/feed")])
    web.pages["billet"] = {
        "/feed": xml(rss([(name, web.url("billet", f"/{name}")) for name in ("un", "deux")], full=False)),
        "/un": to(inside),
        "/deux": Reply(post("Deux")),
    }
    driver.source("billet", feeds=[web.url("billet", "/feed")])
    outcomes = driver.crawl()["outcomes"]
    refused = f"redirigé vers une adresse privée (127.0.0.1:{real_port(web)}), refusé"
    assert outcomes["loin"]["cause"] == f"flux : {refused}"
    assert outcomes["accueil"]["cause"] == f"page d’accueil : {refused}"
    assert outcomes["regles"]["cause"] == f"flux : robots.txt : {refused}"
    assert outcomes["billet"]["cause"] == f"/un : {refused}"
    assert "/secret" not in [path for _, _, path, _ in web.log]
    assert web.asked("regles") == ["/robots.txt"]


def crawl_with_names(driver: Driver, names: dict[str, list[list[str]]], routes: dict[str, int]) -> dict[str, Any]:
    """A crawl of public names that only this test knows."""
    job = {
        "data": str(driver.data),
        "sources": driver.sources,
        "host_map": driver.web.host_map(),
        "limits": {"retries": 0, "timeout": 5.0, "delay": 0.0} | driver.limits,
        "base_url": "https://luciole.example",
        "contact": "contact@luciole.example",
    }
    script = str(Path(__file__).with_name("drive_names.py"))
    command = [sys.executable, script, json.dumps(job), json.dumps({"names": names, "routes": routes})]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")} | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    return driver.end(process)


@pytest.mark.parametrize(
    ("addresses", "shown"),
    [
        (
            ["127.0.0.1", "10.0.0.7", "172.31.0.1", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
            ["127.0.0.1", "10.0.0.7", "172.31.0.1", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
        ),
        (
            ["::1", "::ffff:127.0.0.1", "fd00::1", "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::"],
            ["::1", "::ffff:127.0.0.1", "fd00::1", "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::"],
        ),
    ],
    ids=["IPv4", "IPv6"],
)
def test_case_17_public_names_that_lead_to_private_addresses_are_refused(
    web: Web, tmp_path: Path, addresses: list[str], shown: list[str]
) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    names = {}
    for number, address in enumerate(addresses):
        host = f"blog{number}.exemple{number}.fr"
        names[host] = [[address]]
        driver.source(f"b{number}", url=f"http://{host}/", feeds=[f"http://{host}/feed"])
    outcomes = crawl_with_names(driver, names, {})["outcomes"]
    for number, address in enumerate(shown):
        assert outcomes[f"b{number}"]["cause"] == f"flux : robots.txt : le nom mène à une adresse privée ({address}) : refusé"
        assert outcomes[f"b{number}"]["state"] == "refused"
    assert web.log == []


def test_case_17_a_name_that_turns_private_between_two_requests_is_refused_then(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    close = {"Connection": "close"}
    feed = rss([("Un", "http://rebond.exemple.fr/un")], full=True)
    # Both hosts are the same server: what comes after the first request would be answered there, if it were asked for.
    for host in ("rebond", "fidele"):
        web.pages[host] = {"/robots.txt": Reply("", headers=close), "/feed": Reply(feed, kind="application/rss+xml", headers=close)}
        driver.source(host, url=f"http://{host}.exemple.fr/", feeds=[f"http://{host}.exemple.fr/feed"])
    public = "93.184.216.34"
    names = {"rebond.exemple.fr": [[public], ["127.0.0.1"]], "fidele.exemple.fr": [[public]]}
    outcomes = crawl_with_names(driver, names, {public: real_port(web)})["outcomes"]
    assert web.asked("fidele") == ["/robots.txt", "/feed"], "the same road stays open to a name that stays public"
    assert web.asked("rebond") == ["/robots.txt"]
    assert outcomes["rebond"]["cause"] == "flux : le nom mène à une adresse privée (127.0.0.1) : refusé"


FORBIDDEN = {
    "file:///etc/hostname": "adresse",
    "ftp://exemple.fr/flux": "adresse",
    "data:text/html,<p>x": "adresse",
    "javascript:alert(1)": "adresse",
    "gopher://exemple.fr/1": "adresse",
    "http://moi:secret@exemple.fr/": "adresse",
    "http://exemple.fr:22/": "port",
    "http://2130706433/": "adresse IP",
    "http://[::1]/": "adresse IP",
    "http://localhost./": "site",
}


@pytest.mark.parametrize("address", FORBIDDEN)
def test_case_18_the_list_takes_no_such_source(address: str) -> None:
    text = f"sources:\n- id: piege\n  name: Piège\n  url: '{address}'\n  disciplines: [physique]\n"
    with pytest.raises(RegistryError) as caught:
        parse_registry(text, "sources.yaml")
    assert FORBIDDEN[address] in caught.value.problems[0].message
    assert parse_registry(text.replace(address, "http://exemple.fr/"), "sources.yaml").get("piege")


def test_case_18_links_and_redirects_to_other_protocols_ports_and_credentials_are_not_followed(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    secret = tmp_path / "secret.html"
    secret.write_text(post("Secret"))
    port = real_port(web)
    traps = [
        f"file://{secret}",
        f"ftp://liens.localhost:{port}/",
        "data:text/html,<h1>x</h1>",
        "javascript:alert(1)",
        f"gopher://liens.localhost:{port}/",
        f"http://moi:secret@liens.localhost:{PORT}/avec",
        f"http://liens.localhost:{port}/port",
        "http://liens.localhost:22/",
        f"http://127.0.0.1:{port}/litteral",
    ]
    good = web.url("liens", "/2026/10/un-bon-billet.html")
    links = "".join(f'<h2><a href="{link}">Un billet</a></h2><p>{WORDS}</p>' for link in [*traps, good])
    web.pages["liens"] = {
        "/": Reply(f'<html lang="fr"><head><title>Blog</title></head><body class="home"><main>{links}</main></body></html>'),
        "/2026/10/un-bon-billet.html": Reply(post("Un bon billet")),
    }
    driver.source("liens")
    web.pages["flux"] = {"/feed": xml(rss([(f"Piège {number}", link) for number, link in enumerate(traps)], full=False))}
    driver.source("flux", feeds=[web.url("flux", "/feed")])
    causes = {
        f"file://{secret}": "un protocole interdit (file)",
        "data:text/html,x": "un protocole interdit (data)",
        "ftp://exemple.fr/": "un protocole interdit (ftp)",
        f"http://moi:secret@versr5.localhost:{PORT}/": "une adresse avec identifiants",
        "http://exemple.fr:22/": "un port inhabituel (exemple.fr:22)",
    }
    for number, target in enumerate(causes):
        web.pages[f"vers{number}"] = {"/feed": to(target)}
        driver.source(f"vers{number}", feeds=[web.url(f"vers{number}", "/feed")])
    outcomes = driver.crawl()["outcomes"]
    assert [path for path in web.asked("liens") if path.startswith(("/avec", "/port", "/litteral", "/2026"))] == [
        "/2026/10/un-bon-billet.html"
    ]
    assert web.asked("flux") == ["/robots.txt", "/feed"]
    for number, what in enumerate(causes.values()):
        assert outcomes[f"vers{number}"]["cause"] == f"flux : redirigé vers {what}, refusé"
    assert (outcomes["liens"]["new"], outcomes["liens"]["state"]) == (1, "ok")


def test_case_18_what_slipped_past_the_list_is_refused_by_the_guard(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS)
    port = real_port(web)
    addresses = {
        "port": (f"http://port.localhost:{port}/", "une adresse privée"),
        "litteral": (f"http://127.0.0.1:{port}/", "une adresse privée"),
        "cle": (f"http://moi:secret@port.localhost:{PORT}/", "une adresse avec identifiants"),
        "ssh": ("http://exemple.fr:22/", "un port inhabituel (exemple.fr:22)"),
    }
    for source_id, (address, _) in addresses.items():
        driver.source(source_id, url=address, feeds=[f"{address}feed"])
    outcomes = driver.crawl(base_url="https://luciole.example", contact="contact@luciole.example")["outcomes"]
    for source_id, (_, what) in addresses.items():
        assert outcomes[source_id]["state"] == "refused"
        assert outcomes[source_id]["cause"].startswith(f"flux : {what}"), outcomes[source_id]
    assert web.log == []
