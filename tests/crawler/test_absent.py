"""Case 36: pages that say with status 200 that there is nothing here."""

from __future__ import annotations

import pytest

from crawler.parse import parse
from crawler.parsed import ParsedPage
from tests.crawler.contexts import context

SENTENCE = "Les marées suivent la Lune et le Soleil, et la forme de la côte décide de la hauteur que l’eau y atteint."
SIDEBAR = "<aside><h2>Articles récents</h2><ul><li><a href='/a'>Les marées</a></li><li><a href='/b'>La houle</a></li></ul></aside>"
BANNER = (
    "<p>Nous et nos 842 partenaires utilisons des cookies pour mesurer l’audience et personnaliser la publicité.</p>"
    "<p>Vous pouvez accepter ou refuser ces traceurs, et retirer votre consentement à tout moment.</p>"
    "<p>Vos données personnelles servent aux finalités suivantes : publicités, mesure d’audience, intérêts légitimes.</p>"
    "<p><a>Tout accepter</a> <a>Continuer sans accepter</a></p>"
)


LONG = "".join(f"<p>Paragraphe {n} : {SENTENCE}</p>" for n in range(9))


def read(title: str, body: str, attributes: str = "", head: str = "", **changes: bool) -> ParsedPage:
    html = f"<!doctype html><html><head><title>{title}</title>{head}</head><body {attributes}><main>{body}</main>{SIDEBAR}</body></html>"
    parsed = parse("article", html.encode(), context("https://blog.exemple.fr/marees/", **{"from_feed": True, **changes}))
    assert isinstance(parsed, ParsedPage)
    return parsed


@pytest.mark.parametrize(
    ("title", "body", "what"),
    [
        ("Page introuvable – Le blog", "<p>Désolé, cette page n’existe pas ou n’existe plus.</p>", "page introuvable"),
        ("Page non trouvée", "<h1>Oups ! Cette page est introuvable.</h1>", "page introuvable"),
        ("Page not found | Blog", "<h1>404</h1>", "page introuvable"),
        ("Erreur 404", "<p>Rien ici.</p>", "page introuvable"),
        ("Le blog", "<h1>Not Found</h1><p>The requested URL was not found on this server.</p>", "page introuvable"),
        ("Le blog", "<p>L’article que vous cherchez n’existe plus.</p>", "page introuvable"),
        ("Site en maintenance", "<p>Nous revenons bientôt avec une nouvelle version du site.</p>", "site en maintenance"),
        ("Le blog", "<h1>Le site est actuellement en cours de maintenance</h1>", "site en maintenance"),
        ("503 Service Unavailable", "<p>Service unavailable.</p>", "site en maintenance"),
        ("Just a moment...", "<p>Checking your browser before accessing the blog.</p>", "contrôle contre les robots"),
        ("Un instant…", "<h2>Vérification que vous êtes un humain</h2>", "contrôle contre les robots"),
        ("blog.exemple.fr", "<p>Enable JavaScript and cookies to continue</p>", "contrôle contre les robots"),
        ("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>", "contrôle contre les robots"),
        ("Avant d’accéder au blog", BANNER, "demande de consentement"),
        ("Le blog", BANNER, "demande de consentement"),
        ("Database Error", "<h1>Error establishing a database connection</h1>", "erreur du site"),
        ("Erreur", "<p>Erreur lors de la connexion à la base de données.</p>", "erreur du site"),
        ("Le blog", "<p>Attention : un problème technique (serveur SQL) empêche l’accès à cette partie du site.</p>", "erreur du site"),
        ("Le blog", "<p>Une erreur critique est survenue sur votre site.</p>", "erreur du site"),
        ("Account Suspended", "<p>Contact your hosting provider.</p>", "site fermé"),
        ("Welcome to nginx!", "<h1>Welcome to nginx!</h1>", "site fermé"),
    ],
)
def test_case_36_nothing_here(title: str, body: str, what: str) -> None:
    parsed = read(title, body)
    assert (parsed.sighting, parsed.absent, parsed.settled) == (None, True, False)
    assert parsed.problem.startswith(f"{what} : « ")


def test_a_wall_that_asks_not_to_be_indexed_does_not_take_the_post_away() -> None:
    parsed = read("Just a moment...", "<p>Checking your browser.</p>", head="<meta name='robots' content='noindex,nofollow'>")
    assert parsed.absent
    assert parsed.sighting is None


def test_a_page_of_a_missing_address_that_lists_other_posts() -> None:
    recent = f"<h1>Cette page est introuvable</h1><h2>À lire aussi</h2>{LONG}"
    assert read("Le blog", recent, attributes="class='error404 wp-theme'").absent
    assert not read("Le blog", recent).absent


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Erreur 404 : une histoire du web", f"<h1>Erreur 404 : une histoire du web</h1>{LONG}"),
        ("404 raisons d’aimer les maths", f"<h1>404 raisons d’aimer les maths</h1><p>{SENTENCE}</p>"),
        ("500 ans de marées", f"<h1>500 ans de marées</h1><p>{SENTENCE}</p>"),
        ("Un instant de physique", f"<h1>Un instant de physique</h1><p>{SENTENCE}</p>"),
        ("Maintenance des marégraphes", f"<h1>Maintenance des marégraphes</h1><p>{SENTENCE}</p>"),
        ("En construction navale", f"<h1>En construction navale, rien ne change</h1><p>{SENTENCE}</p>"),
        (
            "Que font les cookies ?",
            f"<p>Les cookies sont de petits fichiers. {SENTENCE}</p><p>La publicité s’en sert pour suivre les gens.</p><p>{SENTENCE}</p>",
        ),
        ("Les marées", f"<p>{SENTENCE}</p>"),
    ],
)
def test_short_posts_that_only_sound_like_it(title: str, body: str) -> None:
    parsed = read(title, body)
    assert not parsed.absent, parsed.problem
    assert parsed.sighting is not None
