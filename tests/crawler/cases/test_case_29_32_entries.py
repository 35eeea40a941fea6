"""What entries of feeds say of themselves, right or wrong: fault cases 29 to 32, over two nights of one crawl, one blog or two for each."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create
from indexer.open import open_writer
from indexer.publish import index
from luciole.article import Article
from luciole.settings import Settings
from luciole.sources import Source
from luciole.store import ArticleStore
from tests.api.meadow import serving
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.cases.readers import shown
from tests.crawler.web import WORDS, Driver, Reply, Web, post

XML = "application/rss+xml"
DAY = "Mon, 04 Nov 2024 10:00:00 +0100"


@dataclass
class Nights:
    web: Web
    driver: Driver
    outcomes: list[dict[str, Any]]
    first: dict[str, dict[str, Article]]
    """What the record held of the blogs that move after the first night."""


def item(title: str, link: str = "", guid: str = "", date: str = DAY, text: str = "") -> str:
    """An entry, whole unless `text` says otherwise; `title` and the like as they stand in the XML."""
    marks = [f"<{name}>{value}</{name}>" for name, value in (("link", link), ("guid", guid), ("pubDate", date)) if value]
    whole = text or f"<description>x</description><content:encoded><![CDATA[<p>{title} : {WORDS * 4}</p>]]></content:encoded>"
    return f"<item><title>{title}</title>{''.join(marks)}{whole}</item>"


def feed(*items: str) -> Reply:
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    return Reply(f"{head}<channel><title>Blog</title>{''.join(items)}</channel></rss>", kind=XML)


def blog(web: Web, driver: Driver, host: str, *items: str) -> None:
    web.pages[host] = {"/feed": feed(*items)}
    driver.source(host, feeds=[web.url(host, "/feed")])


# -- case 29 -------------------------------------------------------------------------------------------------------------------------


def lay_out_29(web: Web, driver: Driver) -> None:
    short = "<description>Un début. […]</description>"
    web.pages["ailleurs"] = {"/billet": Reply(post("Ailleurs"))}
    items = (
        item("Sans identifiant", web.url("liens", "/sans-identifiant"), text=short),
        item("Sans adresse", guid="tag:liens,2024:1"),
        item("Sans rien", date=""),
        item("Identifiant seul", guid=web.url("liens", "/identifiant-seul"), text=short),
        item("Lien relatif", "/2024/lien-relatif", "3", text=short),
        item("Vers le fil", web.url("liens", "/feed/"), "4", text=short),
        item("Ailleurs", web.url("ailleurs", "/billet"), "5", text=short),
        item("Piège", "javascript:alert(1)", "6", text=short),
    )
    blog(web, driver, "liens", *items)
    web.pages["liens"] |= {
        "/sans-identifiant": Reply(post("Sans identifiant")),
        "/identifiant-seul": Reply(post("Identifiant seul")),
        "/2024/lien-relatif": Reply(post("Lien relatif")),
        "/feed/": web.pages["liens"]["/feed"],
    }


def test_case_29_an_entry_is_known_by_its_address_wherever_that_stands(nights: Nights) -> None:
    found = {path: one.title for path, one in nights.driver.articles("liens").items()}
    assert (
        found.items()
        >= {
            "/sans-identifiant": "Sans identifiant",
            "/identifiant-seul": "Identifiant seul",
            "/2024/lien-relatif": "Lien relatif",
        }.items()
    )
    assert all(nights.driver.articles("liens")[path].text_basis == "page" for path in ("/sans-identifiant", "/2024/lien-relatif"))
    assert nights.outcomes[1]["liens"]["new"] == 0, "without any identifier, the second night knows them again"


def test_case_29_entries_without_an_address_of_the_blog_are_left_out_and_nobody_else_is_asked(nights: Nights) -> None:
    titles = nights.driver.titles("liens")
    assert not {"Sans adresse", "Sans rien", "Ailleurs", "Piège"} & set(titles)
    assert nights.web.asked("ailleurs") == []
    assert not [path for path in nights.web.asked("liens") if "script" in path]
    assert nights.outcomes[0]["liens"]["state"] in ("ok", "partial")


def test_case_29_a_link_to_the_feed_is_no_address_of_a_post(nights: Nights) -> None:
    assert "Vers le fil" not in nights.driver.titles("liens")
    assert nights.web.asked("liens").count("/feed/") == 0


# -- case 30 -------------------------------------------------------------------------------------------------------------------------

MANY = 12


def posts(web: Web, host: str, guid: str, path: str) -> list[str]:
    return [item(f"Billet numéro {number} de {host}", web.url(host, path.format(number)), guid.format(number)) for number in range(MANY)]


def lay_out_30(web: Web, driver: Driver) -> None:
    twice = (
        item("Un titre", web.url("doubles", "/un"), "g1"),
        item("Un titre corrigé", web.url("doubles", "/un"), "g1"),
        item("Le gabarit d’abord", web.url("doubles", "/gabarit-1"), "le même pour tous"),
        item("Puis le gabarit", web.url("doubles", "/gabarit-2"), "le même pour tous"),
    )
    blog(web, driver, "doubles", *twice)
    for host in ("guids", "adresses", "tout"):
        blog(web, driver, host, *posts(web, host, f"http://{host}/?p={{}}", "/2024/billet-{}"))


def migrate_30(web: Web) -> None:
    """The blogs move to another program between two nights."""
    web.pages["guids"]["/feed"] = feed(*posts(web, "guids", "tag:guids,2025:{}", "/2024/billet-{}/?utm_source=fil"))
    web.pages["adresses"]["/feed"] = feed(*posts(web, "adresses", "http://adresses/?p={}", "/nouveau/billet-{}.html"))
    web.pages["tout"]["/feed"] = feed(*posts(web, "tout", "tag:tout,2025:{}", "/nouveau/billet-{}.html"))


def test_case_30_an_entry_given_twice_is_one_article(nights: Nights) -> None:
    assert nights.first["doubles"].keys() == {"/un", "/gabarit-1", "/gabarit-2"}, "one guid for all is a fault of the theme, not one post"
    assert nights.first["doubles"]["/un"].title == "Un titre corrigé"


@pytest.mark.parametrize("host", ["guids", "adresses"])
def test_case_30_all_guids_or_all_addresses_changed_and_no_article_is_new(nights: Nights, host: str) -> None:
    before, after = nights.first[host], nights.driver.articles(host)
    assert len(before) == len(after) == MANY
    assert {one.id for one in before.values()} == {one.id for one in after.values()}
    assert nights.outcomes[1][host]["new"] == 0


def test_case_30_all_of_both_changed_and_readers_see_each_post_once(nights: Nights) -> None:
    assert shown(nights.driver, "tout") == sorted(f"Billet numéro {number} de tout" for number in range(MANY))
    assert nights.first["tout"].keys() <= nights.driver.articles("tout").keys(), "nothing is removed"


def test_case_30_the_curator_is_told_that_old_posts_came_up_as_new(nights: Nights) -> None:
    assert nights.outcomes[1]["tout"]["new"] == MANY
    assert "anciens" in nights.outcomes[1]["tout"]["cause"]
    assert nights.outcomes[1]["guids"]["cause"] == nights.outcomes[1]["adresses"]["cause"] == ""


# -- case 31 -------------------------------------------------------------------------------------------------------------------------


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


DATES: dict[str, tuple[str, datetime | None]] = {
    "abrege": ("lun., 04 nov. 2024 10:00:00 +0100", utc(11, 4, 9)),
    "long": ("Lundi 5 août 2024 à 10h30", utc(8, 5, 10, 30)),
    "premier": ("1er février 2024", utc(2, 1)),
    "barres": ("03/11/2024 10:00", utc(11, 3, 10)),
    "epoque": ("1730718000", utc(11, 4, 11)),
    "cest": ("Mon, 03 Jun 2024 10:00:00 CEST", utc(6, 3, 8)),
    "cet": ("Mon, 04 Nov 2024 10:00:00 CET", utc(11, 4, 9)),
    "iso": ("2024-11-04T10:00:00+01:00", utc(11, 4, 9)),
    "an-un": ("0001-01-01T00:00:00Z", None),
    "an-2099": ("Thu, 01 Jan 2099 00:00:00 GMT", None),
    "absurde": ("hier soir", None),
    "aucune": ("", None),
}


def lay_out_31(web: Web, driver: Driver) -> None:
    blog(web, driver, "dates", *(item(f"Daté {name}", web.url("dates", f"/{name}"), date=date) for name, (date, _) in DATES.items()))
    lines = {"mots": "Publié le lundi 5 août 2024 à 10h30", "chiffres": "Mis en ligne le 03/11/2024", "rien": "Par la rédaction"}
    blog(web, driver, "datees", *(item(f"Page {n}", web.url("datees", f"/{n}"), date="", text="<description/>") for n in lines))
    for name, line in lines.items():
        page = f"<h1>Page {name}</h1><p class='meta'>{line}</p>" + "".join(f"<p>{name} {n}. {WORDS}</p>" for n in range(4))
        web.pages["datees"][f"/{name}"] = Reply(f"<html lang='fr'><title>Page {name}</title><body><article>{page}</article></body></html>")


@pytest.mark.parametrize("name", DATES)
def test_case_31_dates_of_feeds(nights: Nights, name: str) -> None:
    article, expected = nights.driver.articles("dates")[f"/{name}"], DATES[name][1]
    assert (article.published, article.published_basis) == (expected, "feed" if expected else None)
    assert abs((datetime.now(UTC) - article.first_seen).total_seconds()) < 600, "the day it was seen is all that is known of the others"


@pytest.mark.parametrize(("name", "expected"), [("mots", utc(8, 5, 10, 30)), ("chiffres", utc(11, 3)), ("rien", None)])
def test_case_31_dates_of_pages(nights: Nights, name: str, expected: datetime | None) -> None:
    assert nights.driver.articles("datees")[f"/{name}"].published == expected


# -- case 32 -------------------------------------------------------------------------------------------------------------------------

EMOJI = "La chimie 👩‍🔬 et l’été 🌡️ 🇫🇷"
TITLES: dict[str, tuple[str, str]] = {
    "script": ("&lt;script&gt;alert('fil')&lt;/script&gt;Le script", "Le script"),
    "image": ("L’image &amp;lt;img src=x onerror=alert(1)&amp;gt; brisée", "L’image brisée"),
    "balise": ("De l’inutilité de &lt;dl&gt; &amp;amp; Cie", "De l’inutilité de <dl> & Cie"),
    "sens": ("Le \u202etxet\u202c \u2066à l’envers\u2069\u200f", "Le txet à l’envers"),
    "long": ("très " * 2000, "très " * 59 + "très…"),
    "emoji": (EMOJI, EMOJI),
}


def lay_out_32(web: Web, driver: Driver) -> None:
    texts = {name: f"<content:encoded><![CDATA[<p>Texte {name} lanterne. {WORDS * 4}</p>]]></content:encoded>" for name in TITLES}
    blog(web, driver, "titres", *(item(title, web.url("titres", f"/{n}"), text=texts[n]) for n, (title, _) in TITLES.items()))
    web.pages["titres"]["/script-page"] = Reply(post("@").replace("@", "Une page &lt;script&gt;alert('page')&lt;/script&gt; piégée"))
    web.pages["titres"]["/autre"] = feed(
        item("x", web.url("titres", "/script-page"), text="<description/>").replace("<title>x</title>", "")
    )
    driver.sources[-1]["feeds"].append(web.url("titres", "/autre"))


@pytest.mark.parametrize("name", TITLES)
def test_case_32_titles_are_plain_text(nights: Nights, name: str) -> None:
    title = nights.driver.articles("titres")[f"/{name}"].title
    assert title == TITLES[name][1]
    assert len(title) <= 300


def test_case_32_titles_of_pages_are_plain_text(nights: Nights) -> None:
    assert nights.driver.articles("titres")["/script-page"].title == "Une page piégée"


def test_case_32_titles_are_escaped_where_readers_see_them(nights: Nights, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    store, writer = ArticleStore.open(nights.driver.data / "luciole.db"), open_writer(settings)
    try:
        index(store, [Source.from_json(one) for one in nights.driver.sources], writer, now=datetime.now(UTC))
    finally:
        writer.close()
        store.close()
    with serving(create(settings)) as base, httpx.Client(base_url=base, timeout=20) as client:
        page = client.get("/recherche", params={"q": "lanterne"}).text
    for _, title in TITLES.values():
        assert html.escape(title).replace("\u200d", "") in page, title  # what joins two emoji into one is no part of a word
    assert not [trap for trap in ("l’inutilité de <dl>", "alert(", "onerror", "\u202e", "\u2066") if trap in page]


@pytest.fixture(scope="module")
def nights(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    web = Web()
    driver = ForkDriver(web, tmp_path_factory.mktemp("billets"), forks=forks)
    for lay_out in (lay_out_29, lay_out_30, lay_out_31, lay_out_32):
        lay_out(web, driver)
    first = driver.crawl()
    before = {host: driver.articles(host) for host in ("doubles", "guids", "adresses", "tout")}
    migrate_30(web)
    second = driver.crawl(days_later=1, only=["liens", "doubles", "guids", "adresses", "tout"])
    for report in (first, second):
        assert report["finished"], report
        assert "Traceback" not in report["stderr"]
    yield Nights(web, driver, [first["outcomes"], second["outcomes"]], before)
    web.close()
