"""The host that must be refused: a fine home page whose feed redirects to a private address.

Owns the eleventh host of the demo, which shows that the crawler's guard holds: the feed it advertises answers 302 to port 22 of the
machine itself. It has no articles.
"""

from __future__ import annotations

from collections.abc import Iterator

from demo.blog import Blog, blog_url
from demo.render import render, sitemap
from demo.resource import Resource, Site, html, plain, redirect, xml

TRAP = "http://127.0.0.1:22/"
FEED_PATH = "/flux.xml"
_ROBOTS = "User-agent: *\nDisallow: /coulisses/\n\nSitemap: {url}/sitemap.xml\n"


def blog(port: int) -> Blog:
    """The host as a blog without articles."""
    return Blog(
        id="passage",
        url=blog_url("passage", port),
        name="Le passage dérobé",
        platform="passage",
        tagline="Un faux blog qui tente d’égarer le robot : la porte doit rester close.",
        disciplines=("esprit-critique-zetetique",),
        type="individual",
        country="FR",
        licence="CC0 1.0",
        authors=("Visiteur de démonstration",),
        why="Blog de démonstration inventé pour Luciole : son flux redirige vers une adresse privée, et la collecte doit la refuser.",
        about=(
            "Ce site est inventé pour la démonstration de Luciole. Il n’a pas d’article : il annonce un flux, mais l’adresse du flux "
            "renvoie vers la machine elle-même. Une collecte bien faite refuse de la suivre et le dit dans son compte rendu."
        ),
    )


def build(blog: Blog) -> Site:
    """The whole host."""
    return Site(dict(_pages(blog)), html(_page(blog, "404", "/", "Page introuvable"), status=404))


def _pages(blog: Blog) -> Iterator[tuple[str, Resource]]:
    yield "/", html(_page(blog, "accueil", "/", blog.name))
    yield "/a-propos.html", html(_page(blog, "apropos", "/a-propos.html", "À propos"))
    yield FEED_PATH, redirect(TRAP, 302)
    yield "/robots.txt", plain(_ROBOTS.format(url=blog.url))
    pages = [(f"{blog.url}/", None), (f"{blog.url}/a-propos.html", None)]
    yield "/sitemap.xml", xml(sitemap(pages), "application/xml")


def _page(blog: Blog, kind: str, path: str, title: str) -> str:
    return render("passage/page.html", blog=blog, kind=kind, title=title, canonical=blog.url + path, feed=blog.url + FEED_PATH, trap=TRAP)
