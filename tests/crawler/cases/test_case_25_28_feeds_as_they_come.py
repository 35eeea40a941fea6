"""Feeds and sitemaps whose bytes are hostile, broken or in the wrong alphabet: fault cases 25 to 28, one crawl of one blog for each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.parse import parse
from crawler.parsed import ParsedFeed, ParsedSitemap
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.contexts import context
from tests.crawler.web import WORDS, Driver, Reply, Web, post, rss

SECRET = "mot de passe de la base de données"
XML = "application/rss+xml"


@dataclass
class Night:
    web: Web
    driver: Driver
    outcomes: dict[str, Any]

    def found(self, host: str) -> tuple[str, list[str]]:
        """How the blog fared, and the titles that the record has of it."""
        return self.outcomes[host]["state"], self.driver.titles(host)


def port_of(web: Web) -> int:
    """Where the server really listens: what reaches it there was sent by a parser."""
    web.pages.setdefault("port", {})
    return int(next(iter(web.host_map().values())).rpartition(":")[2])


# -- case 25 -------------------------------------------------------------------------------------------------------------------------


def doctypes(root: str, secret: Path, port: int) -> dict[str, tuple[str, str]]:
    """What stands before a document of which `root` is the outermost element, and what stands where its text should be."""
    there = f"http://127.0.0.1:{port}"
    lol = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return {
        "fichier": (f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', "&x;"),
        "reseau": (f'<!DOCTYPE {root} SYSTEM "{there}/dtd" [<!ENTITY x SYSTEM "{there}/x"><!ENTITY % y SYSTEM "{there}/y">%y;]>', "&x;"),
        "rires": (f'<!DOCTYPE {root} [<!ENTITY l0 "ha">{lol}]>', "&l9;"),
        "carre": (f'<!DOCTYPE {root} [<!ENTITY x "{"a" * 50_000}">]>', "&x;" * 50_000),
        "profond": ("", "<a>" * 50_000 + "</a>" * 50_000),
    }


def hostile_feed(before: str, inside: str, link: str) -> str:
    entry = f"<item><title>Le bon billet</title><link>{link}</link><description>{WORDS}</description></item>"
    channel = f"<channel><title>x</title>{entry}<item><title>{inside}</title></item></channel>"
    return f'<?xml version="1.0"?>{before}<rss version="2.0">{channel}</rss>'


def hostile_sitemap(before: str, inside: str, link: str) -> str:
    entries = f"<url><loc>{link}</loc></url><url><loc>{inside}</loc></url>"
    return f'<?xml version="1.0"?>{before}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def lay_out_25(web: Web, driver: Driver, secret: Path) -> None:
    for name, (before, inside) in doctypes("rss", secret, port_of(web)).items():
        host = f"fil-{name}"
        web.pages[host] = {
            "/feed": Reply(hostile_feed(before, inside, web.url(host, "/bon")), kind=XML),
            "/bon": Reply(post("Le bon billet")),
        }
        driver.source(host, feeds=[web.url(host, "/feed")], backfill="none")
    for name, (before, inside) in doctypes("urlset", secret, port_of(web)).items():
        host = f"plan-{name}"
        web.pages[host] = {
            "/": Reply("<title>Un blog</title>"),
            "/robots.txt": Reply(f"Sitemap: {web.url(host, '/carte.xml')}\n", kind="text/plain"),
            "/feed": Reply(rss([("Du fil", web.url(host, "/fil"))], full=True), kind=XML),
            "/carte.xml": Reply(hostile_sitemap(before, inside, web.url(host, "/bon")), kind="application/xml"),
            "/bon": Reply(post("Le bon billet")),
            "/fil": Reply(post("Du fil")),
        }
        driver.source(host, feeds=[web.url(host, "/feed")], backfill="sitemap")


NAMES = ("fichier", "reseau", "rires", "carre", "profond")


@pytest.mark.parametrize("name", NAMES)
def test_case_25_hostile_xml_gives_the_valid_entries_or_none(night: Night, name: str) -> None:
    assert "/feed" in night.web.asked(f"fil-{name}")
    assert night.driver.titles(f"fil-{name}") in (["Le bon billet"], [])
    assert "/carte.xml" in night.web.asked(f"plan-{name}")
    assert night.driver.titles(f"plan-{name}") in (["Du fil", "Le bon billet"], ["Du fil"])
    for host in (f"fil-{name}", f"plan-{name}"):
        assert "abandonnée" not in night.outcomes[host]["cause"]
        assert not [one for one in night.driver.articles(host).values() if SECRET in one.title + one.text]


def test_case_25_no_file_and_no_address_is_opened(night: Night) -> None:
    """The files stay unread and nobody but the crawl asks for anything: what a parser asked for would come without the blog's name."""
    assert {host for _, host, _, _ in night.web.log} <= {one["id"] for one in night.driver.sources}
    assert not [path for _, _, path, _ in night.web.log if path in ("/dtd", "/x", "/y")]
    assert night.driver.titles("fil-fichier") == ["Le bon billet"], "beside the entity there is a feed that works"
    assert night.driver.titles("plan-fichier") == ["Du fil", "Le bon billet"], "and a sitemap that does"


@pytest.mark.parametrize("name", NAMES)
def test_case_25_reading_it_takes_less_than_two_seconds(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    parse("feed", rss([("Un", "https://blog.exemple.fr/un")], full=True).encode(), context())  # the libraries are loaded once
    for kind, root, made in (("feed", "rss", hostile_feed), ("sitemap", "urlset", hostile_sitemap)):
        before, inside = doctypes(root, secret, 9)[name]
        started = time.process_time()
        parsed = parse(kind, made(before, inside, "https://blog.exemple.fr/bon").encode(), context())  # type: ignore[arg-type]
        assert time.process_time() - started < 2, kind
        assert isinstance(parsed, ParsedFeed | ParsedSitemap)
        assert SECRET not in repr(parsed)


# -- case 26 -------------------------------------------------------------------------------------------------------------------------


def lay_out_26(web: Web, driver: Driver, directory: Path) -> list[str]:
    """Blogs whose feed is nothing but the name of a feed: of a file that is there, and of an address that answers."""
    trap = directory / "piege.xml"
    trap.write_text(rss([("Un billet que personne n’a publié", web.url("nom-chemin", "/piege"))], full=True))
    web.pages["127"] = {"/piege.xml": Reply(trap.read_text(), kind=XML)}  # the host that a request without the blog's name is for
    bodies = {
        "nom-passwd": "/etc/passwd",
        "nom-chemin": str(trap),
        "nom-fichier": trap.as_uri(),
        "nom-adresse": f"http://127.0.0.1:{port_of(web)}/piege.xml",
    }
    for host, body in bodies.items():
        web.pages[host] = {"/feed": Reply(body, kind=XML)}
        driver.source(host, feeds=[web.url(host, "/feed")], backfill="none")
    return list(bodies)


def test_case_26_a_feed_that_is_the_name_of_a_file_or_an_address_is_no_feed(night: Night) -> None:
    for host in ("nom-passwd", "nom-chemin", "nom-fichier", "nom-adresse"):
        assert night.found(host) == ("failed", []), host
        assert night.outcomes[host]["cause"] == "flux : ce n’est pas un fil RSS, Atom ou JSON Feed", host
        assert night.web.asked(host) == ["/robots.txt", "/feed"], host
    assert night.web.asked("127") == []


def test_case_26_the_file_would_have_been_a_feed(night: Night) -> None:
    trap = (night.driver.data.parent / "piege.xml").read_bytes()
    read = parse("feed", trap, context(night.web.url("nom-chemin", "/feed"), source_url=night.web.url("nom-chemin")))
    assert isinstance(read, ParsedFeed)
    assert len(read.entries) == 1


# -- case 27 -------------------------------------------------------------------------------------------------------------------------

TITLES = ["La marée monte", "Le lichen pousse"]
WARNING = "\n<br />\n<b>Warning</b>:  Undefined variable $x in <b>/var/www/wp-content/plugins/x.php</b> on line <b>12</b><br />\n"


def lay_out_27(web: Web, driver: Driver) -> None:
    def feed(host: str) -> str:
        return rss([(title, web.url(host, f"/{number}")) for number, title in enumerate(TITLES)], full=True)

    bodies: dict[str, str | bytes] = {
        "avert": WARNING + feed("avert"),
        "blancs": b"\xef\xbb\xbf\n\n  \n" + feed("blancs").encode(),
        "prefixe": feed("prefixe").replace("<title>", "<georss:point>1 2</georss:point><title>").replace("</item>", "<a:b/></item>"),
        "entites": feed("entites").replace("en bref", "en bref&nbsp;&eacute;t&eacute; &hellip; &"),
        "coupe": feed("coupe").partition("</channel>")[0],
        "tronque": feed("tronque")[:-900],
    }
    for host, body in bodies.items():
        web.pages[host] = {"/feed": Reply(body, kind=XML)}
        driver.source(host, feeds=[web.url(host, "/feed")], backfill="none")
    web.pages["tronque"]["/1"] = Reply(post(TITLES[1]))


@pytest.mark.parametrize("host", ["avert", "blancs", "prefixe", "entites", "coupe"])
def test_case_27_a_feed_that_is_no_xml_is_read_all_the_same(night: Night, host: str) -> None:
    assert night.found(host) == ("ok", TITLES)
    assert night.outcomes[host]["cause"] == ""
    assert all("étoile" in one.text for one in night.driver.articles(host).values())


def test_case_27_a_feed_cut_in_the_middle_of_a_post_gives_what_it_has(night: Night) -> None:
    assert night.found("tronque") == ("ok", TITLES)
    assert all(len(one.text) > 1000 for one in night.driver.articles("tronque").values())


# -- case 28 -------------------------------------------------------------------------------------------------------------------------

TITLE = "L’œil d’un cœur naïf : « où ça ? »"
PLAIN = "Là-bas, l'été déçoit à Orléans"
WIDER = ("cp1252", "utf16")
"""Those whose alphabet has the letters of the first title."""


def lay_out_28(web: Web, driver: Driver) -> None:
    def feed(host: str, title: str, declared: str = "utf-8") -> str:
        made = rss([("@", web.url(host, "/un"))], full=True).replace('encoding="utf-8"', f'encoding="{declared}"')
        return made.replace("’", "'").replace("…", "...").replace("@", title)

    def page(title: str) -> str:
        return post("@").replace("’", "'").replace("@", title)

    bodies: dict[str, tuple[bytes, str]] = {
        "latin": (feed("latin", PLAIN).encode("latin-1"), f"{XML}; charset=utf-8"),
        "utf": (feed("utf", PLAIN, "iso-8859-1").encode(), XML),
        "cp1252": (feed("cp1252", TITLE, "iso-8859-1").encode("cp1252"), XML),
        "utf16": (feed("utf16", TITLE, "utf-16").encode("utf-16"), XML),
        "controle": (feed("controle", PLAIN).replace("été", "\x00é\x0bt\x08é\x1f").encode(), XML),
    }
    for host, (body, kind) in bodies.items():
        web.pages[host] = {"/feed": Reply(body, kind=kind)}
        driver.source(host, feeds=[web.url(host, "/feed")], backfill="none")
    names = ("latin", "cp1252", "utf16", "controle")
    web.pages["pages"] = {
        "/feed": Reply(rss([("?", web.url("pages", f"/{name}")) for name in names], full=False).replace("<title>?</title>", ""), kind=XML),
        "/latin": Reply(page(PLAIN).encode("latin-1"), kind="text/html; charset=utf-8"),
        "/cp1252": Reply(page(TITLE).encode("cp1252"), kind="text/html; charset=iso-8859-1"),
        "/utf16": Reply(page(TITLE).encode("utf-16"), kind="text/html"),
        "/controle": Reply(page(PLAIN).replace("déçoit", "dé\x00ço\x0bit")),
    }
    driver.source("pages", feeds=[web.url("pages", "/feed")], backfill="none")


@pytest.mark.parametrize("host", ["latin", "utf", "cp1252", "utf16", "controle"])
def test_case_28_accents_of_feeds_are_right_whatever_is_declared(night: Night, host: str) -> None:
    assert night.found(host) == ("ok", [TITLE if host in WIDER else PLAIN])
    assert "La lumière des étoiles met des années" in night.driver.articles(host)["/un"].text


@pytest.mark.parametrize("name", ["latin", "cp1252", "utf16", "controle"])
def test_case_28_accents_of_pages_are_right_whatever_is_declared(night: Night, name: str) -> None:
    article = night.driver.articles("pages")[f"/{name}"]
    assert article.title == (TITLE if name in WIDER else PLAIN)
    assert "La lumière des étoiles met des années" in article.text
    assert not [letter for letter in article.title + article.text if letter < " " and letter != "\n"]


@pytest.fixture(scope="module")
def night(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    directory = tmp_path_factory.mktemp("flux")
    secret = directory / "secret"
    secret.write_text(SECRET)
    web = Web()
    driver = ForkDriver(web, directory / "data", limits={"backfill_pages": 20}, forks=forks)
    lay_out_25(web, driver, secret)
    lay_out_26(web, driver, directory)
    lay_out_27(web, driver)
    lay_out_28(web, driver)
    report = driver.crawl(workers=2)
    assert report["finished"], report
    assert "Traceback" not in report["stderr"]
    yield Night(web, driver, report["outcomes"])
    web.close()
