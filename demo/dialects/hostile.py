"""The blog that attacks whoever shows it: scripts in titles, turned writing, endless words, broken UTF-8, links that are code.

Owns what it says, byte by byte: nothing here goes through a template, because what a template escapes attacks nobody. It is served on
demand only (`python -m demo --hostile`): its articles are no part of what visitors are shown and tests judge. Every article holds `WORD`,
so that a search finds all of them, and `ALARM` stands in all that would run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Final

from demo.blog import Blog, blog_url
from demo.render import NOTICE
from demo.resource import HTML, Resource, Site, html, plain

WORD: Final = "lampion"
ALARM: Final = "alert('alarme')"
GIANT: Final = "anticonstitutionnellement" * 40
FEED_PATH: Final = "/flux.xml"
_RSS: Final = "application/rss+xml; charset=utf-8"
_FIRST: Final = datetime(2025, 6, 1, 8, tzinfo=UTC)
BROKEN_FEED_PATH: Final = "/octets.xml"
_SENTENCES: Final = (
    f"Le {WORD} éclaire la table où nous rangeons nos mesures.",
    "Chaque soir, nous notons la hauteur de la flamme, la couleur de son bord et le temps qu’elle met à vaciller.",
    "Ce n’est pas une grande expérience, mais elle se répète sans effort, et les chiffres parlent de l’air de la pièce.",
    "Les nuits humides, la flamme se couche plus tôt ; les nuits sèches, elle monte droit et semble tenir en place.",
    "Nous avons comparé plusieurs mèches, longues ou courtes, et la différence est petite.",
    "Il faudrait recommencer en hiver, quand la maison est froide et que personne n’ouvre la fenêtre.",
    "Une bougie de cire d’abeille fume moins, à ce qu’il nous semble, mais l’œil est un mauvais juge.",
)


@dataclass(frozen=True, slots=True)
class Attack:
    """One article. `link` is what the feed gives as its address (None: its page). `title` and `author` are text, which feed and page
    escape as a careful platform does, so that they come through as they are; the feed of a careless one (`raw`) gives markup. `more` stands
    between the paragraphs as it is, `@@` for bytes that are no UTF-8."""

    slug: str
    title: str
    author: str = "Visiteur de démonstration"
    more: bytes = b""
    link: str | None = None
    raw: bool = False


ATTACKS: Final = (
    Attack("script", f"<script>{ALARM}</script> dans un titre", f"<script>{ALARM}</script>", f"<script>{ALARM}</script>".encode()),
    Attack("trois-fois", escape(f"<script>{ALARM}</script> trois fois"), escape(f"<img src=x onerror={ALARM}>")),
    Attack("brut", f"<script>{ALARM}</script><img src=x onerror={ALARM}> dans un titre brut", f"<b onclick={ALARM}>Nom</b>", raw=True),
    Attack(
        "texte",
        f"Un texte qui montre <img src=x onerror={ALARM}>",
        f'"><svg onload={ALARM}>',
        escape(
            f"<p>Voici du code montré : <script>{ALARM}</script> <img src=x onerror={ALARM}> <iframe src=//mal.example></iframe></p>"
        ).encode(),
    ),
    Attack(
        "elements",
        "Des éléments qui agissent",
        more=(
            f'<img src=x onerror="{ALARM}"><svg onload="{ALARM}"></svg><iframe src="javascript:{ALARM}"></iframe>'
            f"<a href=\"javascript:{ALARM}\">un lien</a><meta http-equiv=refresh content='0;url=//mal.example/'><base href=//mal.example/>"
            f'<div hx-get=/recherche hx-trigger=load hx-on:load="{ALARM}">htmx</div><style>*{{display:none}}</style>'
            "<form action=//mal.example/>"
        ).encode(),
    ),
    Attack(
        "droite",
        "Un titre \u202eà l’envers\u2066 sans fin",
        "Auteur \u202eeésrevneR",
        "<p>Du texte \u202eretourné \u2067et encore.</p>".encode(),
    ),
    Attack("geant", f"Géant {GIANT}", "Nom" + "n" * 400, f"<p>Voici {GIANT} et {GIANT}, puis {'x' * 5000}.</p>".encode()),
    Attack("lien-script", "Un lien qui est un script", link=f"javascript:{ALARM}//lampion"),
    Attack("lien-casse", "Un lien écrit autrement", link=f" JaVaScRiPt:{ALARM}"),
    Attack("lien-donnees", "Un lien fait de données", link=f"data:text/html,<script>{ALARM}</script>"),
    Attack(
        "lien-guillemets",
        "Un lien avec des guillemets",
        link=f'{{url}}/posts/lien-guillemets.html?"onmouseover="{ALARM}"><script>{ALARM}</script>',
    ),
    Attack(
        "sorties",
        f"]]> --> </title></script></textarea></style><script>{ALARM}</script>",
        "]]><x/>",
        b"<!-- ]]> &#0; &#xD800; &#x202e; --> &#x202e;",
    ),
    Attack("gabarit", "{{ 7*7 }} {% raw %} ${7*7} #{7*7} %0d%0aX-Evil: 1", "{{ config }}", b"<p>{{ 7*7 }} {% include 'x' %}</p>"),
    Attack("vide", "\u200b\u2060\u00ad", "\u200b"),
    Attack("citation", "@misc{x, title={\\input{/etc/passwd}}} \\end{document} \\write18{rm}", "\\and{} Bib}TeX"),
    Attack("doi", "Un DOI qui mord", more=f'<p>Voir https://doi.org/10.5555/a"onmouseover={ALARM}><script>{ALARM}</script></p>'.encode()),
)
BROKEN_ATTACKS: Final = (
    Attack(
        "octets", "Octets @@ casses", "Octets @@", b"<p>Brise : \xff\xfe \x80 \xc0\xbcscript\xc0\xbe \xed\xa0\x80 \xf8\x88 \x00 fin.</p>"
    ),
    Attack("octets-script", f"<script>{ALARM}</script> @@", more=b"<p>@@</p>"),
)
"""In a feed of their own: one byte that is none makes a whole feed hard to read."""
_BROKEN: Final = b"\xff\xc0\xbcscript\xed\xa0\x80\x80"


def blog(port: int) -> Blog:
    """The blog, without its articles: no value could hold their bytes."""
    return Blog(
        id="lampions",
        url=blog_url("lampions", port),
        name="Lampions <i>& pièges</i>",
        platform="hostile",
        tagline="Un faux blog dont chaque article attaque qui le montre.",
        disciplines=("physique",),
        type="individual",
        country="FR",
        licence="CC0 1.0",
        authors=("Visiteur de démonstration",),
        why="Blog de démonstration inventé pour Luciole : « tout » ce qu’il dit doit rester <b>du texte</b>.",
        about="Ce site est inventé pour les essais de Luciole. Rien de ce qu’il contient ne doit agir sur la page qui le montre.",
    )


def build(blog: Blog) -> Site:
    """The whole blog. Pure: the same blog gives the same bytes."""
    return Site(dict(_pages(blog)), html("<!DOCTYPE html><title>Page introuvable</title><h1>Page introuvable</h1>", status=404))


def _pages(blog: Blog) -> Iterator[tuple[str, Resource]]:
    every = (*ATTACKS, *BROKEN_ATTACKS)
    links = "".join(f'<li><a href="{_path(one)}">{escape(one.title)}</a></li>' for one in every if one.link is None)
    alternate = f'<link rel="alternate" type="application/rss+xml" href="{blog.url}{FEED_PATH}">'
    head = f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(blog.name)}</title>{alternate}</head>'
    yield "/", Resource(_served(f"{head}<body><p>{NOTICE}</p><ul>{links}</ul></body></html>"), HTML)
    yield "/robots.txt", plain("User-agent: *\nAllow: /\n")
    numbered = {one: number for number, one in enumerate(every)}
    for path, attacks in ((FEED_PATH, ATTACKS), (BROKEN_FEED_PATH, BROKEN_ATTACKS)):
        yield path, Resource(_feed(blog, {one: numbered[one] for one in attacks}), _RSS)
    for one, number in numbered.items():
        yield _path(one), Resource(_page(blog, one, number), HTML)


def _path(attack: Attack) -> str:
    return f"/posts/{attack.slug}.html"


def _published(number: int) -> datetime:
    return _FIRST + timedelta(days=number)


def _page(blog: Blog, attack: Attack, number: int) -> bytes:
    head = (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(attack.title)}</title>'
        f'<link rel="canonical" href="{blog.url}{_path(attack)}"><meta property="og:image" content="javascript:{ALARM}">'
        f'<meta name="author" content="{escape(attack.author)}"></head><body><article><h1>{escape(attack.title)}</h1>'
        f'<p class="byline"><time datetime="{_published(number).isoformat()}"></time> {escape(attack.author)}</p><p>{_prose(number)}</p>'
    )
    return (
        _served(head) + attack.more.replace(b"@@", _BROKEN) + _served(f"<p>{_prose(number + 3)}</p></article><p>{NOTICE}</p></body></html>")
    )


def _feed(blog: Blog, numbered: Mapping[Attack, int]) -> bytes:
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(blog.name)}</title><link>{blog.url}/</link>'
    items = (_item(blog, one, number) for one, number in numbered.items())
    return head.encode() + b"".join(items) + b"</channel></rss>"


def _item(blog: Blog, attack: Attack, number: int) -> bytes:
    link = (attack.link or blog.url + _path(attack)).replace("{url}", blog.url)
    title, author = (text if attack.raw else escape(text) for text in (attack.title, attack.author))
    body = f"<p>{_prose(number)}</p>{attack.more.decode('utf-8', 'replace')}".replace("\x00", "")
    return _served(
        f'<item><title>{escape(title)}</title><link>{escape(link)}</link><guid isPermaLink="false">{attack.slug}</guid>'
        f"<pubDate>{format_datetime(_published(number))}</pubDate>"
        f'<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{escape(author)}</dc:creator>'
        f"<description>{escape(body)}</description></item>"
    )


def _prose(number: int) -> str:
    """A paragraph of its own for each article: the same text twice would be taken for a copy."""
    turned = _SENTENCES[number % len(_SENTENCES) :] + _SENTENCES[: number % len(_SENTENCES)]
    return f"Voici la soirée {number + 1}. " + " ".join(turned[: 4 + number % 4]) + f" {_SENTENCES[0]}"


def _served(text: str) -> bytes:
    return text.encode().replace(b"@@", _BROKEN)
