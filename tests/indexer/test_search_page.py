"""What a page is told beside its hits: years, kinds of sources, corrections in authors' letters, what is only a part, what was chosen."""

from dataclasses import replace

import pytest

from indexer.histogram import LONGEST_SPAN, histogram
from indexer.lexicon import Lexicon
from indexer.query import Query
from indexer.results import Correction, YearCount
from indexer.spelling import spelt
from indexer.vocabulary import Pin, Vocabulary

from .conftest import MakeDocument, Place


def test_years_between_are_told_and_what_is_no_year_is_not() -> None:
    assert histogram({"2019": 2, "2016": 1, "": 9, "an mil": 3, "-5": 1, "20190": 1, "²": 1}) == (
        *(YearCount(2016, 1), YearCount(2017, 0)),
        *(YearCount(2018, 0), YearCount(2019, 2)),
    )
    assert histogram({}) == ()


def test_a_wrong_date_makes_no_thousand_years() -> None:
    assert [one.year for one in histogram({"12": 1, "2016": 1, "2018": 1})] == [12, 2016, 2018]
    assert len(histogram({"2000": 1, str(2000 + LONGEST_SPAN - 1): 1})) == LONGEST_SPAN
    assert len(histogram({"2000": 1, str(2000 + LONGEST_SPAN): 1})) == 2


def test_a_chosen_year_can_be_let_go_where_nothing_is_found() -> None:
    assert histogram({"2018": 4}, ("2018", "1999", "demain")) == (YearCount(1999, 0, selected=True), YearCount(2018, 4, selected=True))


def test_the_years_of_a_page_are_those_without_their_own_filter(place: Place, document: MakeDocument) -> None:
    dates = {"a": "2015-05-01", "b": "2017-05-01", "c": "2017-06-01", "d": None}
    place.publish([document("e", "Un lichen", date="2010-01-01")])
    place.publish([document(name, "Une étoile", date=date) for name, date in dates.items()])
    page = place.search().page(Query(text="étoile ", filters={"annee": ("2017",)}))
    assert page.total == 2
    assert page.years == (YearCount(2015, 1), YearCount(2016, 0), YearCount(2017, 2, selected=True))


def test_kinds_of_sources_have_names_for_readers(place: Place, document: MakeDocument) -> None:
    media = replace(document("a", "Une étoile"), source_type="media")
    other = replace(document("b", "Une étoile double"), source_type="individual")
    odd = replace(document("c", "Une étoile triple"), source_type="inconnu")
    place.publish([media, other, odd])
    page = place.search().page(Query(text="étoile ", filters={"type": ("media", "video")}))
    (facet,) = [facet for facet in page.facets if facet.name == "type"]
    labels = {one.value: (one.label, one.count) for one in facet.values}
    assert labels == {"media": ("média", 1), "individual": ("blog personnel", 1), "inconnu": ("inconnu", 1), "video": ("chaîne vidéo", 0)}
    assert [hit.source_type for hit in page.hits] == ["media"]


class TestWhereNoArticleHasEveryWord:
    @pytest.fixture
    def articles(self, place: Place, document: MakeDocument) -> None:
        place.publish([document("a", "Les étoiles doubles", date="2020-01-01"), document("b", "Les lichens des murs", date="2021-01-01")])

    @pytest.mark.usefixtures("articles")
    def test_those_with_some_are_shown_and_said_to_be(self, place: Place) -> None:
        page = place.search().page(Query(text="étoiles lichens "))
        assert page.partial
        assert {hit.id for hit in page.hits} == {"a", "b"}
        assert page.total == 2
        assert [(one.year, one.count) for one in page.years] == [(2020, 1), (2021, 1)]

    @pytest.mark.usefixtures("articles")
    @pytest.mark.parametrize("text", ["étoiles doubles ", "étoiles ", "", "zzyzxw qqwwxx ", "blog:inconnu étoiles lichens "])
    def test_nothing_is_said_where_all_were_found_or_nothing_can_be(self, place: Place, text: str) -> None:
        assert not place.search().page(Query(text=text)).partial

    @pytest.mark.usefixtures("articles")
    def test_nothing_is_said_where_filters_leave_nothing(self, place: Place) -> None:
        page = place.search().page(Query(text="étoiles lichens ", filters={"annee": ("1999",)}))
        assert (page.total, page.partial) == (0, False)


def test_corrections_are_written_as_authors_write(place: Place, document: MakeDocument) -> None:
    place.publish([document("a", "L’énergie noire"), document("b", "Ciel", "Une météorite est tombée. Elle luit.")])
    search = place.search()
    assert search.page(Query(text="enrgie ")).corrections == (Correction("enrgie", ("énergie",)),)
    assert search.page(Query(text="meteoriite ")).corrections == (Correction("meteoriite", ("météorite",)),)  # in no title: as marked


def test_what_nobody_wrote_stays_folded() -> None:
    lexicon = Lexicon({"energie": 2, "cote": 1}, written={"energie": "énergie"})
    assert spelt([Correction("x", ("energie", "cote"))], lexicon, ()) == (Correction("x", ("énergie", "cote")),)


def test_a_chosen_answer_is_named_as_such_by_relevance_only(place: Place, document: MakeDocument) -> None:
    place.night = replace(place.night, vocabulary=Vocabulary(pins=(Pin(("ciel bleu",), ("b",)),)))
    place.publish([document("a", "Le ciel bleu", date="2020-01-01"), document("b", "La diffusion de Rayleigh", date="2019-01-01")])
    search = place.search()
    assert [(hit.id, hit.pinned) for hit in search.page(Query(text="ciel bleu ")).hits] == [("b", True), ("a", False)]
    assert not any(hit.pinned for hit in search.page(Query(text="ciel bleu ", sort="date")).hits)
    assert not any(hit.pinned for hit in search.page(Query(text="diffusion ")).hits)
