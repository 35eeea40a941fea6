"""What the engine finds for the words of a plan: enough of them, letters, other spellings, titles alone."""

from dataclasses import replace

import pytest

from indexer.plan import Plan
from indexer.planner import plan
from indexer.query import Query

from .conftest import MakeDocument, Place


def found(place: Place, text: str, **changes: object) -> list[str]:
    engine = place.engine()
    made: Plan = plan(Query(text=text, size=100), engine.lexicon(), place.night)
    return [one.id for one in engine.search(replace(made, **changes)).documents]  # type: ignore[arg-type]


def test_two_words_are_both_there_and_most_of_many(place: Place, document: MakeDocument) -> None:
    place.publish(
        [
            document("both", "Un trou noir"),
            document("one", "Un trou dans la couche", "trou trou trou, près, tout près d’un trou"),
            document("other", "Le chat noir"),
            document("apart", "Noir", "Il y a un trou."),
            document("two", "Pourquoi la marée monte", "et descend"),
            document("three", "Marée, lune", "elle monte"),
        ]
    )
    assert set(found(place, "trous noirs")) == {"both", "apart"}
    assert set(found(place, "trous noirs", least=1)[:2]) == {"both", "apart"}
    assert set(found(place, "trous noirs", least=1)) == {"both", "apart", "one", "other"}
    # Neither the bonus of every word nor that of near words counts as a word.
    assert set(found(place, "marée lune monte descend", least=3)) == {"two", "three"}
    assert set(found(place, "marée lune monte descend trou noir", least=3)) == {"two", "three"}
    assert set(found(place, "trou noir", titles_only=True)) == {"both"}
    assert set(found(place, "trou couche", titles_only=True)) == {"one"}


def test_lone_letters(place: Place, document: MakeDocument) -> None:
    place.publish(
        [
            document("c", "La vitamine C et l’orange", "C’est utile."),
            document("d", "La vitamine D", "C’est le soleil, l’été, d’où elle vient."),
            document("none", "Des vitamines", "C’est ce que l’on dit, d’ailleurs."),
            document("bus", "Le bus L"),
        ]
    )
    for text in ("vitamine C", "vitamines c", "la vitamine c est utile", '"vitamine C"', "VITAMINE C"):
        assert found(place, text) == ["c"], text
    assert found(place, "vitamine d") == ["d"]
    assert set(found(place, "vitamine c et d")) == {"c", "d"}
    assert found(place, "bus l") == ["bus"]
    assert found(place, "l orange") == found(place, "l’orange") == found(place, "-d vitamine l orange") == ["c"]
    assert set(found(place, "vitamine -C")) == {"d", "none"}
    assert set(found(place, "vitamine -l'orange")) == {"d", "none"}
    assert found(place, '"l’orange"') == found(place, '"l orange"') == ["c"]


def test_what_looks_like_a_form_of_another_word(place: Place, document: MakeDocument) -> None:
    place.publish(
        [
            document("mars", "Mars la rouge", "Mars est une planète."),
            document("mare", "La mare aux canards", "Une mare est une eau."),
            document("venus", "Vénus", "Vénus est une planète, mais chaude."),
            document("came", "Une venue", "Il est venu, sa venue était attendue."),
            document("prize", "Le prix Nobel", "Le prix Nobel de physique."),
            document("took", "Il a pris", "Elle a pris le Nobel."),
            document("maize", "Le maïs transgénique", "Le maïs pousse en mai."),
        ]
    )
    assert found(place, "Mars")[0] == "mars"
    assert found(place, "mare")[0] == "mare"
    assert found(place, "Vénus") == ["venus"]
    assert found(place, "prix Nobel") == ["prize"]
    assert found(place, "maïs")[0] == found(place, "mais")[0] == found(place, "maïs transgénique")[0] == "maize"  # no stop word
    assert found(place, "mai ") == ["maize"]
    assert place.search().suggest("mai").texts == ("maïs",)


def test_a_lone_letter_is_marked_where_it_means_what_was_asked(place: Place, document: MakeDocument) -> None:
    body = "La vitamine C, c’est bon. À 12 °C aussi. Vitamines B, D et C, d’été."
    place.publish([document("c", "C’est la vitamine C", body), document("b", "La vitamine B", "C, B")])
    hit = next(hit for hit in place.search().page(Query(text="vitamine c")).hits if hit.id == "c")
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["vitamine", "C"]
    assert hit.title.marks[1][0] == hit.title.text.rindex("C")
    assert [hit.excerpt.text[start:end] for start, end in hit.excerpt.marks] == ["vitamine", "C", "Vitamines", "C"]
    lone = place.search().page(Query(text="c", size=1)).hits[0]
    assert lone.excerpt.marks or lone.title.marks


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (("rayons α", "rayons alpha", "RAYONS ALPHA"), {"greek", "spelt"}),
        (("CO₂", "CO2", "co 2", "co-2"), {"co2", "apart"}),
        (("10 µm", "10 μm"), {"micro"}),
        (("arc-en-ciel", "arc en ciel", "arcs-en-ciel"), {"bow"}),
        (("E. coli", "E-coli", "e coli"), {"coli"}),
        (("covid-19", "covid19", "COVID 19"), {"virus"}),
        (("œufs", "oeuf"), {"egg"}),
    ],
)
def test_other_spellings_find_the_same(texts: tuple[str, ...], ids: set[str], place: Place, document: MakeDocument) -> None:
    place.publish(
        [
            document("greek", "Les rayons α", "et leurs effets"),
            document("spelt", "Le rayon alpha", "et ses effets"),
            document("co2", "Le CO₂ de l’air"),
            document("apart", "Le gaz", "Du CO 2 dans l’air"),
            document("micro", "Un grain de 10 \u00b5m".replace("\u00b5", "\u03bc")),
            document("bow", "Des arcs-en-ciel"),
            document("coli", "La bactérie E. coli"),
            document("virus", "La Covid-19"),
            document("egg", "Des œufs"),
        ]
    )
    pages = [found(place, text) for text in texts]
    assert set(pages[0]) == ids
    assert pages == [pages[0]] * len(pages)
