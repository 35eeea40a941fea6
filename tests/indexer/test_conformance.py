"""What every engine does, in sets and invariants, never in scores. An engine joins by a parameter of the fixture `place`."""

import json
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from indexer.document import IndexDocument
from indexer.night import Night, SourceCard
from indexer.operators import MAX_OPERATORS
from indexer.plan import Plan
from indexer.query import FACETS, SHOWN, Query
from luciole.errors import EngineBusy, EngineUnavailable
from luciole.marks import marked

from .conftest import ROOT, MakeDocument, Place, arguments

ENGINES = ("embedded", "meili")
Find = Callable[..., list[str]]

ARTICLES = {
    "energie": ("L’énergie noire, 95 % de l'Univers", "Les cosmologistes mesurent l’expansion."),
    "etoile": ("Mesurer la distance des étoiles", "Une étoile proche paraît bouger au fil de l'année."),
    "oeuf": ("L’œuf, chef-d’œuvre de coquille", "La coquille laisse passer l’air. Ex æquo."),
    "co2": ("Le CO₂ de l’océan", "Le gaz carbonique se dissout dans l’eau de mer."),
    "cheval": ("Les chevaux de Przewalski", "Un cheval sauvage revient dans les steppes."),
    "abeille": ("Pourquoi les abeilles dansent", "La danse indique la direction du nectar."),
    "volcan": ("Volcans gris, volcans rouges", "La lave fluide coule, la lave visqueuse explose."),
    "irm": ("I.R.M. : écouter les noyaux", "L’appareil mesure l’écho de l’hydrogène."),
    "premier": ("Une infinité de nombres premiers", "La démonstration d’Euclide tient en quelques lignes."),
}


@pytest.fixture
def articles(place: Place, document: MakeDocument) -> None:
    place.publish(document(name, title, body) for name, (title, body) in ARTICLES.items())


@pytest.mark.usefixtures("articles")
class TestFrench:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("energie noire", "energie"),
            ("ÉNERGIE", "energie"),
            ("l'energie", "energie"),
            ("l’énergie", "energie"),
            ("d’univers", "energie"),
            ("qu'étoile", "etoile"),
            ("étoile", "etoile"),
            ("étoiles", "etoile"),
            ("e\u0301toile", "etoile"),
            ("chevaux sauvages", "cheval"),
            ("cheval", "cheval"),
            ("oeuf", "oeuf"),
            ("œuf", "oeuf"),
            ("OEUF", "oeuf"),
            ("ex aequo", "oeuf"),
            ("co2", "co2"),
            ("CO₂", "co2"),
            ("chef d'oeuvre", "oeuf"),
            ("irm", "irm"),
            ("I.R.M.", "irm"),
            ("lenergie", "energie"),
        ],
    )
    def test_one_word_however_written(self, ids: Find, text: str, found: str) -> None:
        assert ids(text)[0] == found

    def test_one_typo_in_a_word_of_five_letters_or_more(self, ids: Find) -> None:
        rng = random.Random(20261122)
        for word, found in {
            "abeille": "abeille",
            "volcan": "volcan",
            "nombre": "premier",
            "étoile": "etoile",
            "démonstration": "premier",
        }.items():
            for _ in range(20):
                at = rng.randrange(1, len(word))
                letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
                typos = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
                for typo in typos:
                    assert found in ids(f"{typo} "), typo

    def test_every_prefix_of_a_title_word(self, ids: Find) -> None:
        for name, (title, _) in ARTICLES.items():
            for word in title.replace("’", " ").replace("'", " ").replace(",", " ").split():
                for length in range(3, len(word)):
                    prefix = word[:length]
                    if "." not in prefix and prefix.lower() not in {"les", "une", "des", "pour", "qui", "mes"}:
                        assert name in ids(prefix)[:20], prefix

    @pytest.mark.parametrize("text", ["le la les", "", "?!", "\0"])
    def test_without_a_word_to_search_all_is_found(self, ids: Find, text: str) -> None:
        assert set(ids(text)) == set(ARTICLES)

    @pytest.mark.parametrize("text", ["中文搜索", "xqzzzk "])
    def test_unknown_words_find_nothing(self, place: Place, text: str) -> None:
        page = place.search().page(Query(text=text))
        assert (page.total, page.pages, page.hits) == (0, 0, ())
        assert page.unknown == (text.strip(),)

    def test_what_the_page_says_of_an_article_finds_it(self, place: Place, document: MakeDocument, ids: Find) -> None:
        names = {"authors": ("Awa Thiombane-Ly", "Éloi Çavent"), "source_name": "Sur la paillasse", "disciplines": ("chimie",)}
        place.publish([document("signe", "Un titre", "Un texte.", date="2018-05-04", **names)], revision=2)
        for text in ("Thiombane", "awa thiombane-ly", "cavent", "paillasse", "sur la paillasse", "Chimie", "2018", "thiombanne ", "thiomb"):
            assert ids(text) == ["signe"], text
        place.publish([document("titre", "La chimie", date="2001-01-01"), document("corps", "Un titre", "De la chimie.")], revision=3)
        assert set(ids("chimie")) == {"titre", "corps", "signe"}
        assert ids("chimie")[-1] == "signe"

    def test_a_correction_is_told(self, place: Place) -> None:
        page = place.search().page(Query(text="vlcans "))
        assert [(one.typed, one.used) for one in page.corrections] == [("vlcans", ("volcans",))]

    def test_marks_are_forms_of_the_query(self, place: Place) -> None:
        hit = place.search().page(Query(text="cheval sauvage")).hits[0]
        assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["chevaux"]
        assert [hit.excerpt.text[start:end] for start, end in hit.excerpt.marks] == ["cheval", "sauvage"]


@pytest.fixture
def corpus(place: Place, document: MakeDocument) -> list[IndexDocument]:
    """200 documents, some undated, some of one moment, over every facet."""
    rng = random.Random(7)
    start = datetime(2001, 1, 1, tzinfo=UTC)
    made = []
    for number in range(200):
        date = start + timedelta(days=rng.randrange(9000), seconds=rng.randrange(86_400)) if rng.random() < 0.8 else None
        if number % 20 == 0:
            date = start
        made.append(
            document(
                f"{rng.randrange(1 << 64):016x}",
                f"Atome {rng.choice(['rouge', 'vert', 'bleu'])}",
                " ".join(rng.choices(["atome", "photon", "quark", "noyau", "champ"], k=20)),
                date=date,
                source_id=f"blog-{rng.randrange(5)}",
                disciplines=tuple(rng.sample(["physique", "chimie", "mathematiques", "informatique-numerique"], rng.randrange(1, 4))),
            )
        )
    place.publish(made)
    return made


def _passes(document: IndexDocument, filters: dict[str, tuple[str, ...]], without: str = "") -> bool:
    for row in FACETS:
        if row.name in filters and row.name != without:
            value = getattr(document, row.field)
            if not set(value if row.multivalued else (value,)) & set(filters[row.name]):
                return False
    return True


class TestFacetsAndFilters:
    @pytest.mark.parametrize(
        "filters",
        [
            {},
            {"discipline": ("chimie",)},
            {"discipline": ("chimie", "physique"), "blog": ("blog-1", "blog-3")},
            {"discipline": ("chimie",), "blog": ("blog-2",), "annee": ("2001", "2010", "2015")},
            {"blog": ("nulle-part",)},
        ],
    )
    @pytest.mark.parametrize("text", ["", "photon", "rouge bleu"])
    def test_counts_are_those_of_a_recount(
        self, place: Place, corpus: list[IndexDocument], text: str, filters: dict[str, tuple[str, ...]]
    ) -> None:
        words = set(text.split())
        found = [one for one in corpus if not words or words & set(f"{one.title} {one.body}".split())]
        plan_facets = place.search().page(Query(text=f"{text} ", filters=filters, size=100))
        assert plan_facets.total == sum(_passes(one, filters) for one in found)
        assert {hit.id for hit in plan_facets.hits} <= {one.id for one in found if _passes(one, filters)}
        for row in SHOWN:
            recount: Counter[str] = Counter()
            for one in found:
                if _passes(one, filters, without=row.name):
                    value = getattr(one, row.field)
                    recount.update(value if row.multivalued else [value] if value else [])
            facet = next(facet for facet in plan_facets.facets if facet.name == row.name)
            shown = {value.value: value.count for value in facet.values}
            assert shown == {value: recount[value] for value in shown}
            assert len(shown) >= min(row.limit, len(recount))
            assert {value.value for value in facet.values if value.selected} == set(filters.get(row.name, ()))

    def test_facets_come_in_their_order_with_their_labels(self, place: Place, corpus: list[IndexDocument]) -> None:
        facets = place.search().page(Query()).facets
        assert [facet.label for facet in facets] == [row.label for row in SHOWN]
        disciplines, blogs, years = (next(one for one in facets if one.name == name) for name in ("discipline", "blog", "annee"))
        for facet in (disciplines, blogs):
            assert [value.count for value in facet.values] == sorted((value.count for value in facet.values), reverse=True)
        assert [value.value for value in years.values] == sorted((value.value for value in years.values), reverse=True)
        assert "Mathématiques" in {value.label for value in disciplines.values}
        assert corpus

    def test_limit_zero_counts_only(self, place: Place, corpus: list[IndexDocument]) -> None:
        raw = place.engine().search(Plan(limit=0, facets=("blog",)))
        assert (raw.documents, raw.total) == ((), len(corpus))
        assert sum(count for _, count in raw.facets["blog"]) == len(corpus)

    @pytest.mark.parametrize("value", ["", "\0", "\ud800", "é" * 5000, "physique' OR 1=1", "[* TO *]"])
    def test_hostile_values_find_nothing_or_are_no_filter(self, place: Place, corpus: list[IndexDocument], value: str) -> None:
        assert place.search().page(Query(filters={"discipline": (value,)})).total in (0, len(corpus))


class TestOrder:
    def test_by_date_strictly_undated_last_ties_by_id(self, place: Place, corpus: list[IndexDocument], ids: Find) -> None:
        def key(one: IndexDocument) -> tuple[bool, float, str]:
            return one.date is None, -one.date.timestamp() if one.date else 0, one.id

        expected = [one.id for one in sorted(corpus, key=key)]
        for values in ({"sort": "date", "text": "atome "}, {"sort": "date"}, {"sort": "pertinence"}):
            pages = [ids(page=number, size=30, **values) for number in range(1, 9)]
            assert [one for page in pages for one in page] == expected

    def test_by_relevance_pages_neither_overlap_nor_lose(self, place: Place, corpus: list[IndexDocument], ids: Find) -> None:
        for text in ("photon", "rouge quark", "atome"):
            total = place.search().page(Query(text=f"{text} ")).total
            seen = [one for number in range(1, 30) for one in ids(f"{text} ", page=number, size=9)]
            assert len(seen) == len(set(seen)) == total
        assert corpus

    def test_equal_relevance_newest_first(self, place: Place, document: MakeDocument, ids: Find) -> None:
        dates = {
            "a": "2010-05-04",
            "b": None,
            "c": "2010-05-05",
            "d": "1969-01-01",
            "e": "2024-02-02",
            "f": "0001-01-01",
            "g": "9999-12-31",
        }
        place.publish(document(name, "Le même titre", "le même texte", date=date) for name, date in dates.items())
        assert ids("titre", sort="date") == ["g", "e", "c", "a", "d", "f", "b"]
        assert ids("titre") == ["g", "e", "c", "a", "d", "f", "b"]

    def test_past_the_end(self, place: Place, corpus: list[IndexDocument]) -> None:
        for text, page in (("", 21), ("atome ", 21), ("", 10**12), ("atome ", 10**12)):
            results = place.search().page(Query(text=text, page=page))
            assert (results.hits, results.total, results.pages) == ((), len(corpus), 20)


ASKED = {
    "ver": {"title": "Un trou de ver", "body": "La théorie de l’évolution ne dit rien des trous noirs.", "date": "2019-12-31T23:30:00"},
    "vers": {"title": "Des trous à vers", "body": "Un trou à ver, puis un trou du ver.", "date": "2019-12-31T22:30:00"},
    "noir": {"title": "Trou noir", "body": "L'énergie noire et l’arc-en-ciel, vus d’ici.", "date": "2015-12-31T22:59:59"},
    "arc": {"title": "Arcs", "body": "Deux arcs-en-ciel à la fois ; un arc et le ciel.", "date": "2015-12-31T23:00:00"},
    "nu": {"title": "Sans date", "body": "Une étoile filante."},
}
SIGNED = {
    "ver": {
        "authors": ("Marie Curie", "Pierre Joliot"),
        "source_id": "cieux",
        "source_name": "Étoiles & cieux",
        "dois": ("10.1038/171737a0",),
    },
    "vers": {
        "authors": ("Curien, Marie",),
        "source_id": "cieux",
        "source_name": "Étoiles & cieux",
        "disciplines": ("sciences-de-la-terre",),
    },
    "noir": {"authors": ("Éloi de Çavent-Ly",), "source_id": "roches", "source_name": "Roches d’ici", "dois": ("10.1000/a.b.c",)},
    "arc": {"source_id": "roches", "source_name": "Roches d’ici", "disciplines": ("sciences-de-la-terre", "physique")},
    "nu": {"authors": ("Irène Joliot Curie",)},
}
ALL = frozenset(ASKED)


@pytest.fixture
def asked(place: Place, document: MakeDocument) -> None:
    names = {"cieux": "Étoiles & cieux", "roches": "Roches d’ici", "blog-a": "Blog A", "vide": "Étoiles filantes"}
    common = {"url": "https://exemple.org/", "disciplines": (), "type": "individual", "country": None, "licence": None}
    cards = (SourceCard(id=one, name=name, status="active", why=None, articles=0, **common) for one, name in names.items())
    place.night = replace(place.night, sources=tuple(cards))
    made = (document(name, **values, **{k: v for k, v in SIGNED[name].items() if k != "dois"}) for name, values in ASKED.items())
    place.publish(replace(one, dois=SIGNED[one.id].get("dois", ())) for one in made)


@pytest.mark.usefixtures("asked")
class TestOperators:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ('"trou de ver"', {"ver"}),
            ('"TROU DE VER"', {"ver"}),
            ("« trou de ver »", {"ver"}),
            ('"trous de ver"', set()),
            ('"ver de trou"', set()),
            ('"trou ver"', set()),
            ('"trou à ver"', {"vers"}),
            ('"theorie de l\'evolution"', {"ver"}),
            ('"théorie de l’évolution"', {"ver"}),
            ('"théorie de évolution"', set()),
            ('"l’energie noire"', {"noir"}),
            ('"trous"', {"ver", "vers"}),
            ('"noir"', {"noir"}),
            ('"à la"', {"arc"}),
            ('"arc en ciel"', {"noir"}),
            ('"trou" "ver"', {"ver", "vers"}),
            ('"trou de ver" xyzzyq ', {"ver"}),
            ('"etoile filante" "trou de ver"', set()),
            ("-trou", ALL - {"ver", "vers", "noir"}),
            ("-noirs", ALL - {"ver", "noir"}),
            ("-arc-en-ciel", ALL - {"noir", "arc"}),
            ("trou -noir", {"vers"}),
            ('-"trou à ver"', ALL - {"vers"}),
            ("-xyzzyq", ALL),
            ("- trou", {"ver", "vers", "noir"}),
            ("auteur:curie", {"ver", "nu"}),
            ("auteur:CURIE", {"ver", "nu"}),
            ("auteur:curi", set()),
            ('auteur:"marie curie"', {"ver"}),
            ('auteur:"curie marie"', {"ver"}),
            ('auteur:"marie joliot"', set()),
            ("auteur:marie auteur:joliot", {"ver"}),
            ('auteur:"de cavent"', {"noir"}),
            ("-auteur:curie", ALL - {"ver", "nu"}),
            ("blog:cieux", {"ver", "vers"}),
            ("blog:etoiles", {"ver", "vers"}),
            ('blog:"roches d\'ici"', {"noir", "arc"}),
            ("blog:cieux blog:roches", ALL - {"nu"}),
            ("blog:cieux -blog:cieux", set()),
            ("blog:nulle-part", set()),
            ("-blog:nulle-part", ALL),
            ("discipline:physique", ALL - {"vers"}),
            ("discipline:TERRE", {"vers", "arc"}),
            ("discipline:terre discipline:physique", {"arc"}),
            ("discipline:alchimie", set()),
            ("avant:2020", {"vers", "noir", "arc"}),
            ("avant:2016", {"noir"}),
            ("apres:2015", {"ver", "vers", "arc"}),
            ("après:2019", {"ver"}),
            ("après:2019-12-30 avant:2020-01-01", {"vers"}),
            ("-avant:2020", {"ver", "nu"}),
            ("avant:0001", set()),
            ("apres:9999", set()),
            ("avant:9999 après:0001", ALL - {"nu"}),
            ("doi:10.1038/171737A0", {"ver"}),
            ("doi:https://doi.org/10.1000/a.b.c", {"noir"}),
            ("doi:10.1038/171737a", set()),
            ("auteur:curie trou avant:2021", {"ver"}),
            ("auteur:curie xyzzyq ", set()),
        ],
    )
    def test_what_is_found(self, ids: Find, text: str, found: set[str]) -> None:
        assert set(ids(text)) == found
        assert set(ids(text, sort="date")) == found

    def test_with_the_filters_and_the_facets_of_the_page(self, place: Place) -> None:
        search = place.search()
        page = search.page(Query(text="-noir", filters={"blog": ("cieux",)}))
        assert [hit.id for hit in page.hits] == ["vers"]
        blogs = {value.value: value.count for facet in page.facets if facet.name == "blog" for value in facet.values}
        assert blogs == {"cieux": 1, "roches": 1, "blog-a": 1}
        assert search.page(Query(text="blog:roches", filters={"blog": ("cieux",)})).total == 0

    def test_the_page_is_told(self, place: Place) -> None:
        page = place.search().page(Query(text='"trou de ver" -noir blog:etoiles auteur:personne après:2015 avant:hier le'))
        assert [(one.name, one.labels, one.excluded, one.known) for one in page.operators] == [
            ("phrase", ("trou de ver",), False, True),
            ("mot", ("noir",), True, True),
            ("blog", ("Étoiles & cieux", "Étoiles filantes"), False, True),
            ("auteur", ("personne",), False, False),
            ("apres", ("2015",), False, True),
        ]
        assert page.unknown == ("avant", "hier")
        assert page.ignored == ("le",)

    def test_a_phrase_ranks_and_marks_its_words(self, place: Place) -> None:
        page = place.search().page(Query(text='"trou de ver"'))
        assert page.searched == 2
        assert [page.hits[0].title.text[start:end] for start, end in page.hits[0].title.marks] == ["trou", "ver"]

    def test_a_phrase_runs_through_a_formula_as_readers_see_it(self, place: Place, document: MakeDocument, ids: Find) -> None:
        body = f"On écrit {marked('formula', 'H_2O')} pour l’eau. Une molécule {marked('formula', 'E = mc^2')} froide."
        place.publish([document("eau", "Formules", body)], revision=2)
        assert ids('"pour l\'eau"') == ["eau"]
        assert ids('"molécule froide"') == []
        assert ids('"H₂O"') == ids('"mc² "') == ["eau"]
        assert "eau" not in ids("-h2o")

    def test_any_heap_of_signs_is_answered(self, place: Place) -> None:
        rng = random.Random(20261122)
        search = place.search()
        signs = [*'"«»“”-: é', "auteur:", "avant:", "après:20", "doi:10.1000/", "2020", "blog:cieux", "trou", "de", "\0", "\ud800", '-"']
        for _ in range(300):
            text = "".join(rng.choices(signs, k=rng.randrange(1, 80)))
            assert 0 <= search.page(Query(text=text)).total <= len(ASKED), text

    @pytest.mark.parametrize(
        "text", ["-a " * 200, "auteur:curie " * 200, '"' * 400, '"a ' * 200, "« » " * 100, 'auteur:"' * 50, "-" * 400, "avant:2020 " * 90]
    )
    def test_hostile_operators_are_answered(self, place: Place, text: str) -> None:
        page = place.search().page(Query(text=text))
        assert 0 <= page.total <= len(ASKED)
        assert len(page.operators) <= MAX_OPERATORS


class TestChanges:
    def test_taking_in_twice_is_one_document(self, place: Place, document: MakeDocument, ids: Find) -> None:
        place.publish([document("a", "Premier titre"), document("b", "Autre")])
        place.publish([document("a", "Deuxième titre"), document("a", "Troisième titre")], revision=2)
        assert sorted(ids()) == ["a", "b"]
        assert ids("troisième") == ["a"]
        assert place.search().page(Query(text="titre")).hits[0].title.text == "Troisième titre"

    def test_what_is_taken_out_is_gone_from_hits_and_facets(self, place: Place, document: MakeDocument, ids: Find) -> None:
        place.publish([document("a", "Titre", source_id="gone"), document("b", "Titre", source_id="kept")])
        place.publish([], deletions=["a", "never-there"], revision=2)
        page = place.search().page(Query(text="titre"))
        assert ids("titre") == ["b"]
        assert {value.value: value.count for value in page.facets[1].values} == {"kept": 1}

    def test_a_document_comes_back_whole(self, place: Place, document: MakeDocument) -> None:
        made = document(
            "0123456789abcdef",
            "<script>alert(1)</script> & « l’œuf »",
            "Un\ncorps\t" + "long " * 5000,
            date=datetime(1823, 4, 5, 6, 7, 8, 90, tzinfo=UTC),
            authors=("Une Personne", "<b>"),
            disciplines=("physique", "chimie"),
        )
        place.publish([made])
        assert place.engine().search(Plan()).documents == (made,)

    def test_hostile_titles_come_back_as_plain_text_with_right_marks(self, place: Place, document: MakeDocument) -> None:
        title = "<script>alert('étoile')</script> 𝛼 \u202eétoile"
        place.publish([document("a", title, "corps")])
        hit = place.search().page(Query(text="etoile")).hits[0]
        assert hit.title.text == title
        assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["étoile", "étoile"]

    def test_visible_after_publish_here_and_in_another_process(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Comète")])
        here, there = place.search(), place.elsewhere()
        for name in "abcde":
            place.publish([document(name, "Comète")])
            assert name in {hit.id for hit in here.page(Query(text="comète")).hits}
            assert name in there.ids("comète")
        writer = place.writer()
        writer.apply([document("z", "Comète")], ["a"])
        assert "z" not in there.ids("comète")
        writer.publish(9, place.night)
        assert there.ids("comète") == set("bcdez") == {hit.id for hit in here.page(Query(text="comète")).hits}
        writer.rebuild([document("neuf", "Comète")], lambda: (10, place.night))
        assert there.ids("comète") == {"neuf"} == {hit.id for hit in here.page(Query(text="comète")).hits}

    def test_new_words_are_known_after_publish(self, place: Place, document: MakeDocument) -> None:
        search = place.search()
        place.publish([document("a", "Comète")])
        assert search.page(Query(text="pulsar ")).unknown == ("pulsar",)
        place.publish([document("b", "Pulsar")], revision=2)
        assert search.page(Query(text="pulsar ")).unknown == ()

    def test_meta_is_published_with_the_articles_and_is_none(self, place: Place, document: MakeDocument, ids: Find) -> None:
        place.publish([document("a", "Comète")], revision=41)
        engine = place.engine()
        first = engine.meta()
        assert (first.revision, first.night) == (41, place.night)
        place.publish([], revision=42)
        second = engine.meta()
        assert second.revision == 42
        assert second.generation != first.generation
        assert engine.search(Plan()).generation == second.generation
        assert ids() == ids("__meta__ comète") == ["a"]

    def test_present_speaks_of_what_is_published(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Comète"), document("b", "Comète")])
        writer = place.writer()
        writer.apply([document("c", "Comète")], ["b"])
        assert writer.present(["a", "b", "c", "d"]) == {"a", "b"}
        writer.publish(2, place.night)
        assert writer.present(["a", "b", "c", "d"]) == {"a", "c"}


class TestFailures:
    def test_nothing_published(self, place: Place) -> None:
        engine = place.engine()
        for ask in (engine.meta, engine.lexicon, lambda: engine.search(Plan())):
            with pytest.raises(EngineUnavailable):
                ask()
        assert place.writer().meta() is None

    def test_one_writer(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Comète")])
        writer = place.writer()
        with pytest.raises(EngineBusy):
            place.writer()
        writer.close()
        assert place.writer().meta() is not None

    def test_what_was_not_published_is_given_up(self, place: Place, document: MakeDocument, ids: Find) -> None:
        place.publish([document("a", "Comète")])
        writer = place.writer()
        writer.apply([document("b", "Comète")], ["a"])
        writer.close()
        place.publish([document("c", "Comète")], revision=2)
        assert sorted(ids()) == ["a", "c"]

    def test_a_failed_rebuild_keeps_the_old_index(self, place: Place, document: MakeDocument, ids: Find) -> None:
        place.publish([document("a", "Comète")])

        def failing() -> Iterator[IndexDocument]:
            yield document("b", "Comète")
            raise RuntimeError("the store is gone")

        def refuse() -> tuple[int, Night]:
            raise RuntimeError("no night")

        writer = place.writer()
        for documents, closing in ((failing(), lambda: (2, place.night)), (iter([document("b", "Comète")]), refuse)):
            with pytest.raises(RuntimeError):
                writer.rebuild(documents, closing)
            assert ids() == ["a"]
        writer.apply([document("c", "Comète")], [])
        writer.publish(3, place.night)
        assert sorted(ids()) == ["a", "c"]

    def test_readers_in_threads_see_whole_generations(self, place: Place, document: MakeDocument) -> None:
        def edition(number: int) -> list[IndexDocument]:
            return [document(f"{name:02}", f"Édition e{number}", "comète " * 50) for name in range(30)]

        place.publish(edition(0))
        search = place.search()
        done, faults, answers = threading.Event(), [], Counter[str]()

        def read() -> None:
            try:
                while not done.is_set():
                    page = search.page(Query(text="comète", size=100))
                    titles = {hit.title.text for hit in page.hits}
                    if len(page.hits) != 30 or len(titles) != 1:
                        faults.append(f"{len(page.hits)} hits, {titles}")
                    answers.update(titles)
            except BaseException as error:
                faults.append(repr(error))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        writer = place.writer()
        for number in range(1, 9):
            if number % 2:
                writer.rebuild(edition(number), lambda number=number: (number, place.night))
            else:
                writer.apply(edition(number), [])
                writer.publish(number, place.night)
        done.set()
        for thread in threads:
            thread.join()
        assert faults == []
        assert answers
        assert {hit.title.text for hit in search.page(Query(text="comète", size=100)).hits} == {"Édition e8"}


_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from indexer.document import IndexDocument
from indexer.night import Night, SourceCard
from indexer.operators import MAX_OPERATORS
from indexer.open import open_writer
from luciole.settings import Settings
night = Night(published_at=datetime(2026, 1, 1, tzinfo=UTC), crawled_at=None, articles=0, sources=())
data, engine, key = sys.argv[1:]
writer = open_writer(Settings(data=Path(data), engine=engine, engine_key=key or None))
def edition(number):
    for name in range(40):
        yield IndexDocument(id=f"{name:016x}", url="https://exemple.org/", title=f"Edition {number}", body="comete " * 200, authors=(),
            source_id="a", source_name="A", disciplines=("physique",), date=None, year="", words=200)
meta = writer.meta()
number = meta.revision if meta else 0
while True:
    number += 1
    if meta is None or number % 5 == 0:
        meta = writer.rebuild(edition(number), lambda: (number, night))
    else:
        for one in edition(number):
            writer.apply([one], [])
        writer.publish(number, night)
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_keeps_the_last_publish(place: Place) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    acknowledged = 0
    for _ in range(6):
        child = subprocess.Popen([sys.executable, "-c", _CHILD, *arguments(place.settings)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        for _ in range(rng.randrange(1, 8)):
            acknowledged = int(child.stdout.readline())
        try:
            child.wait(timeout=rng.uniform(0, 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
        acknowledged = max([acknowledged, *map(int, child.stdout.read().split())])
        child.wait()
        child.stdout.close()
        engine = place.engine()
        meta, raw = engine.meta(), engine.search(Plan(limit=100))
        while raw.generation != meta.generation:  # a server may still be at what was asked of it last
            meta, raw = engine.meta(), engine.search(Plan(limit=100))
        assert meta.revision in (acknowledged, acknowledged + 1), seed
        assert {one.title for one in raw.documents} == {f"Edition {meta.revision}"}, seed
        assert (raw.total, len({one.id for one in raw.documents})) == (40, 40), seed
        acknowledged = meta.revision
    before = place.leftovers()
    writer = place.writer()  # sweeps what the killed ones left
    writer.meta()
    writer.publish(acknowledged + 1, place.night)
    assert place.leftovers() == [], before


def test_hits_by_date_never_go_up(place: Place, corpus: list[IndexDocument]) -> None:
    page = place.search().page(Query(text="quark ", sort="date", size=100))
    dates = [hit.date for hit in page.hits]
    assert all(later is None or (earlier is not None and earlier >= later) for earlier, later in pairwise(dates))
    assert json.dumps([hit.id for hit in page.hits])
    assert corpus
