"""Pages that are no posts, no longer posts, or not for us: fault cases 35 to 37, over two nights a hundred days apart, as known posts are
looked at again after two or three months."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from luciole.article import Article
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.cases.readers import shown
from tests.crawler.web import Driver, Reply, Web, post, rss

XML = "application/rss+xml"


@dataclass
class Nights:
    web: Web
    driver: Driver
    outcomes: list[dict[str, Any]]
    before: dict[str, dict[str, Article]]
    """What the record held after the first night, by blog."""
    shown_before: dict[str, list[str]]
    looks: list[tuple[str, str]]
    """What was asked for in the second night."""


def blog(web: Web, driver: Driver, host: str, pages: dict[str, Reply], *, full: bool = False) -> None:
    """A blog whose feed names these pages, whole or in summaries."""
    feed = Reply(rss([(name, web.url(host, f"/{name}")) for name in pages], full=full), kind=XML)
    web.pages[host] = {"/feed": own(host, feed)}
    web.pages[host] |= {f"/{name}": own(host, page) for name, page in pages.items()}
    driver.source(host, feeds=[web.url(host, "/feed")])


def own(host: str, reply: Reply) -> Reply:
    """The answer with words of this blog: posts with the same text would be copies."""
    return replace(reply, body=reply.body.replace("Les astronomes", f"Ceux de {host}")) if isinstance(reply.body, str) else reply


# -- case 35 -------------------------------------------------------------------------------------------------------------------------

ZEROS = bytes(3000)
FILES: dict[str, tuple[Reply, str]] = {
    "pdf": (Reply(b"%PDF-1.7\n" + ZEROS, kind="application/pdf"), "PDF"),
    "pdf-dit-html": (Reply(b"%PDF-1.7\n" + ZEROS), "PDF"),
    "photo": (Reply(b"\x89PNG\r\n\x1a\n" + ZEROS), "image"),
    "archive": (Reply(b"PK\x03\x04" + ZEROS), "archive"),
    "film": (Reply(b"\0\0\0\x18ftypmp42" + ZEROS, kind="video/mp4"), "vidéo"),
    "tableau": (Reply("a;b\n1;2\n" * 300, kind="text/csv"), "text/csv"),
    "octets": (Reply(b"\x01\x02" + ZEROS), "fichier binaire"),
    "paquet": (Reply(gzip.compress(post("paquet").encode())), "archive"),
}
MISNAMED = {"texte": "text/plain", "octet": "application/octet-stream", "faux-pdf": "application/pdf", "sans": ""}


def lay_out_35(web: Web, driver: Driver) -> None:
    for name, (reply, _) in FILES.items():
        blog(web, driver, f"t-{name}", {name: reply})
    blog(web, driver, "mal-nommes", {name: Reply(post(name), kind=kind) for name, kind in MISNAMED.items()})


@pytest.mark.parametrize("name", FILES)
def test_case_35_a_file_linked_as_a_post_is_not_read(nights: Nights, name: str) -> None:
    host = f"t-{name}"
    outcome, article = nights.outcomes[0][host], nights.before[host][f"/{name}"]
    assert (outcome["state"], outcome["cause"]) == ("partial", f"/{name} : type de contenu non pris en charge : {FILES[name][1]}")
    assert (article.text, article.text_basis) == (f"{name}, en bref. […]", "summary")


def test_case_35_a_page_under_a_wrong_type_is_read(nights: Nights) -> None:
    assert {path: one.text_basis for path, one in nights.before["mal-nommes"].items()} == {f"/{name}": "page" for name in MISNAMED}


# -- case 36 -------------------------------------------------------------------------------------------------------------------------


def page(title: str, *paragraphs: str) -> Reply:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return Reply(f'<html lang="fr"><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>')


COOKIES = (
    "Nous et nos 812 partenaires utilisons des cookies pour stocker des informations et mesurer l’audience de nos publicités.",
    "Avec votre consentement, nos partenaires utilisent des traceurs et des données personnelles pour des publicités personnalisées.",
    "Vous pouvez accepter ou refuser ces cookies, ou paramétrer vos choix pour chaque finalité et chaque partenaire à tout moment.",
    "Tout accepter — Tout refuser — Paramétrer les cookies",
)
HOLLOW: dict[str, Reply] = {
    "introuvable": page("Page introuvable", "Désolé, la page que vous cherchez n’existe plus.", "Revenir à l’accueil"),
    "travaux": page("Site en maintenance", "Nous revenons bientôt. Merci de votre patience."),
    "controle": page("Just a moment...", "Enable JavaScript and cookies to continue", "Cloudflare Ray ID: 8f00ba4"),
    "temoins": page("Votre vie privée", *COOKIES),
    "base": page("Erreur", "Error establishing a database connection"),
    "gabarit": page("La marée", "La lumière des étoiles met des années à nous parvenir."),
}
CAUSES = {"gabarit": "/maree : le texte a fondu : l’ancien est gardé"}


def lay_out_36(web: Web, driver: Driver) -> None:
    for host in HOLLOW:
        blog(web, driver, host, {"maree": Reply(post("La marée", 400))})
        blog(web, driver, f"fil-{host}", {"maree": Reply(post("La marée", 400))}, full=True)
        blog(web, driver, f"neuf-{host}", {"maree": HOLLOW[host]})
    blog(web, driver, "reste", {"maree": Reply(post("La marée", 400))})


def hollow_out_36(web: Web) -> None:
    for host, reply in HOLLOW.items():
        web.pages[host]["/maree"] = web.pages[f"fil-{host}"]["/maree"] = reply
        if host != "gabarit":
            web.pages[f"neuf-{host}"]["/maree"] = own(f"neuf-{host}", Reply(post("La marée", 400)))
    web.pages["reste"]["/maree"] = Reply(post("La marée revient", 400))


@pytest.mark.parametrize("host", HOLLOW)
def test_case_36_the_good_text_is_never_overwritten(nights: Nights, host: str) -> None:
    for blog_id, basis in ((host, "page"), (f"fil-{host}", "feed")):
        before, after = nights.before[blog_id]["/maree"], nights.driver.articles(blog_id)["/maree"]
        assert (blog_id, "/maree") in nights.looks
        assert before.words > 200
        assert (after.text, after.text_basis, after.title) == (before.text, basis, before.title)
        assert shown(nights.driver, blog_id) == nights.shown_before[blog_id] == [before.title]
    if host in CAUSES:
        assert nights.outcomes[1][host]["cause"] == CAUSES[host]


@pytest.mark.parametrize("host", [host for host in HOLLOW if host != "gabarit"])
def test_case_36_nothing_is_kept_of_a_wall_that_was_there_first(nights: Nights, host: str) -> None:
    first = nights.before[f"neuf-{host}"]["/maree"]
    assert (first.text, first.text_basis) == ("maree, en bref. […]", "summary")
    assert nights.outcomes[0][f"neuf-{host}"]["state"] == "partial"
    later = nights.driver.articles(f"neuf-{host}")["/maree"]
    assert (later.text_basis, later.words > 200) == ("page", True), "the post is read once the wall is gone"


def test_case_36_an_author_who_rewrites_a_post_is_followed(nights: Nights) -> None:
    before, after = nights.before["reste"]["/maree"], nights.driver.articles("reste")["/maree"]
    assert before.id == after.id
    assert after.text.startswith("La marée revient")


# -- case 37 -------------------------------------------------------------------------------------------------------------------------


def tagged(title: str, **headers: str) -> Reply:
    return Reply(post(title), headers={name.replace("_", "-"): value for name, value in headers.items()})


def marked(title: str, name: str, content: str) -> Reply:
    return Reply(post(title).replace("<head>", f'<head><meta name="{name}" content="{content}">'))


HIDDEN: dict[str, Reply] = {
    "meta": marked("meta", "robots", "NOINDEX, follow"),
    "none": marked("none", "robots", "none"),
    "meta-robot": marked("meta-robot", "LucioleBot", "noindex"),
    "entete": tagged("entete", X_Robots_Tag="noindex"),
    "entete-robot": tagged("entete-robot", X_Robots_Tag="luciolebot: noindex, nofollow"),
    "deux-entetes": Reply(post("deux-entetes"), headers={"X-Robots-Tag": "googlebot: nofollow", "x-robots-tag": "noindex"}),
}
OPEN: dict[str, Reply] = {
    "libre": Reply(post("libre")),
    "nofollow": marked("nofollow", "robots", "nofollow"),
    "autre-robot": marked("autre-robot", "googlebot", "noindex"),
    "entete-autre": tagged("entete-autre", X_Robots_Tag="googlebot: noindex"),
}


def lay_out_37(web: Web, driver: Driver) -> None:
    blog(web, driver, "caches", HIDDEN | OPEN)
    blog(web, driver, "bientot", {name: Reply(post(name)) for name in HIDDEN | OPEN})
    blog(web, driver, "leves", HIDDEN)
    blog(web, driver, "bientot-fil", {name: Reply(post(name)) for name in HIDDEN | OPEN}, full=True)
    web.pages["ailleurs"] = {"/repris": Reply(post("repris")), "/": Reply(post("racine"))}
    canonical = {
        "racine-1": "http://canon.localhost:7001/",
        "racine-2": "http://canon.localhost:7001",
        "racine-3": "/",
        "repris": web.url("ailleurs", "/repris"),
        "accueil-ailleurs": web.url("ailleurs"),
        "casse": "http://[",
        "propre": "/propre?utm_source=x",
        "imprimer": "/propre",
    }
    pages = {name: Reply(post(name, canonical=address)) for name, address in canonical.items()}
    blog(web, driver, "canon", pages)
    # The same post under two addresses: the same title, and an address that names the other.
    web.pages["canon"]["/imprimer"] = Reply(post("propre", canonical="/propre"))
    links = [("propre" if name == "imprimer" else name, web.url("canon", f"/{name}")) for name in canonical]
    web.pages["canon"]["/feed"] = Reply(rss(links, full=False), kind=XML)


def hide_37(web: Web) -> None:
    for host in ("bientot", "bientot-fil"):
        web.pages[host] |= {f"/{name}": own(host, reply) for name, reply in (HIDDEN | OPEN).items()}
    web.pages["leves"] |= {f"/{name}": own("leves", Reply(post(name))) for name in HIDDEN}


def test_case_37_pages_that_ask_not_to_be_indexed_are_not(nights: Nights) -> None:
    assert nights.shown_before["caches"] == sorted(OPEN)
    assert not [one.title for one in nights.before["caches"].values() if one.noindex and one.text_basis == "page"]


@pytest.mark.parametrize("host", ["bientot", "bientot-fil"])
def test_case_37_a_post_is_taken_out_once_its_page_asks_for_it(nights: Nights, host: str) -> None:
    assert nights.shown_before[host] == sorted(HIDDEN | OPEN)
    assert {(host, f"/{name}") for name in HIDDEN} <= set(nights.looks)
    assert shown(nights.driver, host) == sorted(OPEN)


def test_case_37_a_post_comes_back_once_its_page_no_longer_asks_for_it(nights: Nights) -> None:
    assert nights.shown_before["leves"] == []
    assert shown(nights.driver, "leves") == sorted(HIDDEN)


def test_case_37_a_canonical_address_that_is_the_root_or_somebody_elses_is_not_believed(nights: Nights) -> None:
    assert nights.before["canon"].keys() - {"/propre", "/imprimer"} == {
        "/racine-1",
        "/racine-2",
        "/racine-3",
        "/repris",
        "/accueil-ailleurs",
        "/casse",
    }
    assert nights.web.asked("ailleurs") == []


def test_case_37_one_that_names_another_page_of_the_blog_is(nights: Nights) -> None:
    assert len(nights.before["canon"].keys() & {"/propre", "/imprimer"}) == 1


@pytest.fixture(scope="module")
def nights(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    web = Web()
    driver = ForkDriver(web, tmp_path_factory.mktemp("pages"), forks=forks)
    for lay_out in (lay_out_35, lay_out_36, lay_out_37):
        lay_out(web, driver)
    first = driver.crawl(workers=2)
    hosts = [one["id"] for one in driver.sources]
    before = {host: driver.articles(host) for host in hosts}
    shown_before = {host: shown(driver, host) for host in hosts}
    hollow_out_36(web)
    hide_37(web)
    begun = len(web.log)
    second = driver.crawl(days_later=100, workers=2)
    for report in (first, second):
        assert report["finished"], report
        assert "Traceback" not in report["stderr"]
    looks = [(host, path) for _, host, path, _ in web.log[begun:]]
    yield Nights(web, driver, [first["outcomes"], second["outcomes"]], before, shown_before, looks)
    web.close()
