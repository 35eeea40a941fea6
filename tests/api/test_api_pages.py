"""The pages over a real index: what they show, that they agree with the JSON, and that nothing hostile gets through."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.api.meadow import GIANT, TRAP

PAGES = [
    "/",
    "/recherche",
    "/recherche?q=lumi%C3%A8re&blog=nuit",
    "/recherche?q=zzyzx",
    "/recherche?q=lumiere&page=99",
    "/recherche?q=lanterne",
    "/blogs",
    "/blog/nuit",
    "/blog/chaine",
    "/discipline/astronomie-espace",
    "/statistiques",
    "/a-propos",
    "/robot",
    "/confidentialite",
    "/proposer",
    "/api/docs",
    "/nulle-part",
]


class Seen(HTMLParser):
    """What a page holds: tags with their attributes, the text, the ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in {"script", "style", "pre", "code"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "pre", "code"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"[ \n]+", " ", "".join(self.words))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def hits(html: str) -> list[str]:
    return re.findall(r'<article class="fiche">.*?</article>', html, re.DOTALL)


def test_home_says_what_it_is_and_how_big(client: httpx.Client) -> None:
    text = Seen(client.get("/").text).text
    assert "5 blogs choisis un par un" in text
    assert "43 articles à fouiller" in text
    assert "14\u00a0mars\u00a02026" in text
    assert "Astronomie & espace 37" in text


def test_a_search_shows_what_the_json_says(client: httpx.Client) -> None:
    for parameters in ("q=lumière", "q=lumière&tri=date&page=2", "q=nuit&blog=nuit&annee=2024", "", "q=lumierre", "q=zzyzx"):
        page, answer = client.get(f"/recherche?{parameters}"), client.get(f"/api/v1/search?{parameters}").json()
        seen = Seen(page.text)
        shown = [a["href"] for a in seen.all("a") if a.get("rel") == "noopener"]
        assert shown == [hit["url"] for hit in answer["hits"] if hit["url"].startswith("http")], parameters
        noun = "résultat" if answer["query"]["q"] else "article"
        found = f"{answer['total']}\u00a0{noun}" if answer["total"] else "Aucun résultat"
        assert found in seen.text, parameters
        counts = [int(count) for count in re.findall(r'<span class="compte">(\d+)</span>', page.text)] if answer["total"] else []
        assert counts == ([value["count"] for facet in answer["facets"] for value in facet["values"]] if answer["total"] else [])


def test_every_article_has_blog_author_date_and_disciplines(client: httpx.Client) -> None:
    found = hits(client.get("/recherche?q=épisode+nuit").text)
    assert len(found) == 10
    for html in found:
        text = Seen(html).text
        assert "Carnet de la nuit" in text
        assert "par Ada Exemple" in text
        assert re.search(r"\d+(er)?\u00a0[a-zéû]+\u00a020\d\d", text)
        assert "Astronomie & espace" in text
        assert "<mark>" in html


def test_facets_narrow_and_chips_widen_again(client: httpx.Client) -> None:
    page = client.get("/recherche?q=lumière").text
    link = next(a["href"] for a in Seen(page).all("a") if a.get("id") == "f-blog-mousse")
    assert link is not None
    narrowed = client.get(link).text
    assert "1\u00a0résultat" in Seen(narrowed).text
    chip = next(a["href"] for a in Seen(narrowed).all("a") if a.get("class") == "jeton")
    assert chip == "/recherche?q=lumi%C3%A8re"
    assert Seen(client.get(chip).text).text == Seen(page).text


def test_several_values_of_one_facet_add_up(client: httpx.Client) -> None:
    one, two = (client.get(f"/api/v1/search?q=lumière&blog={blog}").json()["total"] for blog in ("mousse", "vieux"))
    assert client.get("/api/v1/search?q=lumière&blog=mousse&blog=vieux").json()["total"] == one + two > 1


def test_by_date_the_newest_comes_first_and_the_undated_last(client: httpx.Client) -> None:
    dates = [hit["date"] for hit in client.get("/api/v1/search?tri=date&size=50").json()["hits"]]
    known = [date for date in dates if date]
    assert known == sorted(known, reverse=True)
    assert dates[len(known) :] == [None]
    page = Seen(client.get("/recherche?q=nuit&tri=date").text)
    assert [a.get("href") for a in page.all("a") if a.get("aria-current") == "true"] == ["/recherche?q=nuit&tri=date"]
    assert "Trier par" not in Seen(client.get("/recherche").text).text  # without a word there is one order


def test_pages_cover_every_result_once(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search?q=lumière&tri=date").json()
    found = [
        hit["id"]
        for page in range(1, answer["pages"] + 1)
        for hit in client.get(f"/api/v1/search?q=lumière&tri=date&page={page}").json()["hits"]
    ]
    assert len(found) == len(set(found)) == answer["total"] == 39
    text = client.get("/recherche?q=lumière&page=2").text
    assert {a.get("rel") for a in Seen(text).all("a")} >= {"prev", "next"}
    assert 'start="11"' in text


def test_a_page_past_the_end_says_so(client: httpx.Client) -> None:
    page = client.get("/recherche?q=lumière&page=77")
    assert page.status_code == 200
    assert "Il n’y a pas de page 77" in Seen(page.text).text


def test_a_corrected_word_is_told(client: httpx.Client) -> None:
    text = Seen(client.get("/recherche?q=lumierre").text).text
    assert "lumierre\u00a0» ne figure dans aucun article\u00a0: résultats pour lumière" in text


def test_the_other_words_stay_when_a_correction_is_followed(client: httpx.Client) -> None:
    page = client.get("/recherche?q=nuit+lumierre&blog=nuit&tri=date&page=2").text
    assert "/recherche?q=nuit+lumi%C3%A8re&blog=nuit&tri=date" in {a.get("href") for a in Seen(page).all("a")}


def test_common_words_are_told_only_when_nothing_is_left_to_search(client: httpx.Client) -> None:
    assert "courant" not in Seen(client.get("/recherche?q=la+mousse+et+les+lichens").text).text.split("Les blogs")[1]
    for text, words in (("le la les", "trop courants"), ("?!", "aucun mot à chercher")):
        told = Seen(client.get("/recherche", params={"q": text}).text).text
        assert words in told
        assert "43\u00a0articles dans toute la liste" in told


def test_many_words_are_cut_and_told(client: httpx.Client) -> None:
    told = Seen(client.get("/recherche", params={"q": "lumière " + " ".join(f"nuit{number}" for number in range(9))}).text).text
    assert "très longue" not in told
    words = (
        "une nuit de lumière épisode étoiles voyage lichen alliance pousse hâte matin mousse garde eau éponge titre piégé corps lanterne"
    )
    told = Seen(client.get("/recherche", params={"q": f"{words} fin lien adresse script histoire siècles théories ondes grains"}).text).text
    assert "seul son début a été lu" in told


def test_no_result_helps_on(client: httpx.Client) -> None:
    text = Seen(client.get("/recherche?q=zzyzx").text).text
    assert "ne contient «\u00a0zzyzx\u00a0»" in text
    assert "Parcourir la liste des blogs" in text
    filtered = Seen(client.get("/recherche?q=lichen&blog=nuit").text)
    assert "Chercher sans «\u00a0Carnet de la nuit\u00a0»" in filtered.text
    mixed = Seen(client.get("/recherche?q=lichen+zzyzx&blog=nuit").text)
    assert "Chercher sans «\u00a0Carnet de la nuit\u00a0»" in mixed.text


HOSTILE = {
    "empty": "q=",
    "blank": "q=%20%20",
    "long": "q=" + "lumi%C3%A8re+" * 800,
    "one long word": "q=" + "a" * 10_000,
    "stop words": "q=le+la+les+de+du+et",
    "punctuation": "q=" + quote("!?;:…«»()[]{}*^~\\/+-&|"),
    "chinese": "q=" + quote("光是什么"),
    "arabic": "q=" + quote("ضوء"),
    "emoji": "q=" + quote("🪲✨"),
    "nul": "q=a%00b%00",
    "bad utf-8": "q=%ff%fe%80",
    "surrogate": "q=%ED%A0%80",
    "unclosed quote": "q=" + quote('"lumière des'),
    "operators": "q=" + quote('title:lumière AND (nuit OR "x" NOT ^2 [a TO b] *'),
    "markup": "q=" + quote("<script>alert(1)</script>\"'><img src=x>"),
    "header": "q=a%0d%0aSet-Cookie:%20x=1",
    "rtl": "q=%E2%80%AEreimul",
    "page word": "q=nuit&page=abc",
    "page huge": "q=nuit&page=999999999999",
    "page negative": "q=nuit&page=-1",
    "page float": "q=nuit&page=1e9",
    "page huge by date": "tri=date&page=999999999999",
    "order": "q=nuit&tri=foo",
    "unknown values": "q=nuit&discipline=foo&blog=" + quote("</a>") + "&annee=abc&annee=-1",
    "many values": "q=nuit" + "".join(f"&blog=b{number}" for number in range(300)),
    "strange names": "q[]=1&q.x=2&%00=3&=4&&&",
}


@pytest.mark.parametrize("parameters", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_query_is_a_page_that_makes_sense(client: httpx.Client, parameters: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get(f"/recherche?{parameters}", headers=headers)
        assert answer.status_code == 200, answer.text[:300]
        assert "Set-Cookie" not in answer.headers
        assert "résultat" in answer.text
        seen = Seen(answer.text)
        assert len(seen.all("script")) == (0 if headers else 1)
        assert not seen.all("img")
        assert all("onerror" not in attributes for _, attributes in seen.tags)
    told = client.get(f"/api/v1/search?{parameters}")
    assert told.status_code in {200, 400}
    assert (told.status_code == 400) == any(bad in parameters for bad in ("page=abc", "page=9999", "page=-1", "page=1e9", "tri=foo"))


def test_an_over_long_query_is_cut_and_told(client: httpx.Client) -> None:
    assert "seul son début a été lu" in Seen(client.get(f"/recherche?{HOSTILE['long']}").text).text
    assert client.get(f"/api/v1/search?{HOSTILE['long']}").json()["cut"] is True


def test_what_an_article_says_is_text_never_markup(client: httpx.Client) -> None:
    page = client.get("/recherche?q=lanterne&blog=piege")
    assert "<script>alert" not in page.text
    assert TRAP in Seen(page.text).text.replace("\u2060", "")
    assert "<i>Autre</i>" in Seen(page.text).text
    assert GIANT[:40] in page.text
    seen = Seen(page.text)
    assert not seen.all("img")
    assert not [a for a in seen.all("a") if (a.get("href") or "").startswith("javascript")]
    assert "Lanterne au mauvais lien" in seen.text
    assert "<b>Piège</b> & Cie" in seen.text


def test_typing_gets_the_region_alone(client: httpx.Client) -> None:
    whole = client.get("/recherche?q=lichen")
    part = client.get("/recherche?q=lichen&tri=", headers={"HX-Request": "true"})
    assert part.headers["Content-Location"] == "/recherche?q=lichen"
    assert part.headers["Cache-Control"] == "no-store"
    assert "ETag" not in part.headers
    assert "<html" not in part.text
    assert hits(part.text) == hits(whole.text)
    assert '<p id="annonce" hx-swap-oob="innerHTML">2\u00a0résultats' in part.text
    assert "HX-Request" in whole.headers["Vary"]


def test_blogs_are_all_listed_with_their_state(client: httpx.Client) -> None:
    page = client.get("/blogs").text
    text = Seen(page).text
    for words in (
        "5\u00a0blogs",
        "Carnet de la nuit 37\u00a0articles",
        "blog collectif Belgique",
        "En échec\u00a0: le serveur ne répond pas. Dernière lecture réussie le 14\u00a0mars\u00a02026",
        "Chaîne vidéo, non fouillée",
        "Archivé",
        "Observations racontées avec leurs calculs.",
    ):
        assert re.sub(r"\s", " ", words) in re.sub(r"\s+", " ", text.replace(" de Carnet de la nuit", "")), words
    links = {a.get("href") for a in Seen(page).all("a")}
    assert {"https://chaine.example/", "/recherche?blog=nuit", "#astronomie-espace"} <= links


def test_an_unchanged_page_is_told_in_a_line(client: httpx.Client) -> None:
    for path in ("/", "/recherche?q=nuit", "/blogs"):
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"If-None-Match": 'W/"autre"'}).status_code == 200
    tag = client.get("/recherche?q=nuit").headers["ETag"]
    assert client.get("/recherche?q=nuit", headers={"If-None-Match": tag, "HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_protected_and_asks_nobody_else(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert "Set-Cookie" not in answer.headers
    seen = Seen(answer.text)
    run = [tag for tag in seen.all("script") if tag.get("type") != "application/ld+json"]  # data is neither run nor loaded
    loaded = [tag[name] for tag in (*run, *seen.all("img"), *seen.all("iframe"), *seen.all("source")) for name in ("src",)]
    loaded += [link["href"] for link in seen.all("link") if link.get("rel") != "canonical"]
    assert loaded
    for url in loaded:
        assert url is not None
        assert not urlsplit(url).netloc
        assert client.get(url).status_code == 200
    assert not seen.all("style")
    assert not [attributes for _, attributes in seen.tags if "style" in attributes or any(name.startswith("on") for name in attributes)]
    assert [html.get("lang") for html in seen.all("html")] == ["fr"]
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert len(seen.all("h1")) == 1


@pytest.mark.parametrize("path", [path for path in PAGES if "lanterne" not in path])
def test_our_own_words_are_set_with_the_spaces_of_french(client: httpx.Client, path: str) -> None:
    text = Seen(client.get(path).text).text
    assert not re.findall(r".{0,30} [:;?!»].{0,10}", text)
    assert not re.findall(r".{0,30}« .{0,10}", text)
    assert not re.findall(r".{0,20}\w'\w.{0,20}", text)


def test_files_are_for_ever_and_compressed(client: httpx.Client) -> None:
    style = next(link["href"] for link in Seen(client.get("/").text).all("link") if link["rel"] == "stylesheet")
    assert style is not None
    answer = client.get(style)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    font = re.search(r"url\(([^)]+woff2)\)", answer.text)
    assert font is not None
    assert client.get(f"/static/{font[1]}").headers["Content-Type"] == "font/woff2"
    assert client.get("/static/luciole.000000000000.css").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_the_first_view_of_results_is_light(client: httpx.Client) -> None:
    """Bytes as transferred, compressed, over the requests that a browser makes for the first results page."""
    weights: dict[str, int] = {}
    todo = ["/recherche?q=lumière"]
    while todo:
        path = todo.pop()
        with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            weights[path] = sum(map(len, answer.iter_raw()))
        if path.startswith("/recherche"):
            seen = Seen(client.get(path).text)
            fetched = [tag for tag in seen.all("link") if tag.get("rel") in {"stylesheet", "preload", "icon"}]
            todo += [url for tag in (*fetched, *seen.all("script")) if (url := tag.get("href") or tag.get("src"))]
    for path, weight in weights.items():
        print(f"{weight:8} {path}")
    assert len(weights) <= 5
    assert sum(weights.values()) <= 60_000


def test_robots_may_read_pages_but_not_searches(client: httpx.Client) -> None:
    assert "Disallow: /recherche" in client.get("/robots.txt").text
    assert client.head("/").status_code == 200
    assert client.head("/").content == b""


def test_errors_are_french_pages(client: httpx.Client) -> None:
    missing = client.get("/nulle-part")
    assert missing.status_code == 404
    assert "Rien ne luit ici" in missing.text
    assert client.post("/recherche").status_code == 405
    assert client.get("/recherche/").status_code == 404
