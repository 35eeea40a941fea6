"""Citations: BibTeX and a French sentence."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from api.citation import bibtex, citation_key, reference
from api.feeds import MAX_AUTHORS
from indexer.results import Hit
from tests.api.hits import hit, hits

SEEN = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)  # already the first of March in Paris


def fields(entry: str) -> dict[str, str]:
    """The fields of one entry as BibTeX takes them apart: by braces that balance, whatever stands before them."""
    head = re.match(r"@online\{([a-z0-9]+),\n", entry)
    assert head, entry
    made = {"key": head[1]}
    at = head.end()
    while not entry.startswith("}\n", at):
        name = re.compile(r"  ([a-z]+) *= \{").match(entry, at)
        assert name, entry[at:]
        depth, end = 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[end], 0)
            end += 1
        assert entry[end : end + 2] == ",\n"
        made[name[1]] = entry[name.end() : end - 1]
        at = end + 2
    assert entry[at:] == "}\n"
    return made


def test_an_article_in_bibtex() -> None:
    assert bibtex(hit(), seen=SEEN) == (
        "@online{exemple2025lichen,\n"
        "  author       = {Ada Exemple},\n"
        "  title        = {{Le lichen sous la lumière}},\n"
        "  organization = {Mousses et lichens},\n"
        "  date         = {2025-03-14},\n"
        "  url          = {https://mousse.example/articles/1},\n"
        "  urldate      = {2026-03-01},\n"
        "  langid       = {french},\n"
        "}\n"
    )


def test_an_article_in_french() -> None:
    made = reference(hit(), seen=SEEN)
    assert made.blog == "Mousses et lichens"
    assert str(made) == (
        "Ada Exemple, «\u00a0Le lichen sous la lumière\u00a0», Mousses et lichens, 14\u00a0mars\u00a02025, "
        "[en\u00a0ligne] https://mousse.example/articles/1, consulté le 1er\u00a0mars\u00a02026."
    )


@pytest.mark.parametrize(
    ("authors", "named", "listed"),
    [
        ((), "«", None),
        (("A. Un",), "A. Un, «", "A. Un"),
        (("A. Un", "B. Deux"), "A. Un et B. Deux, «", "A. Un and B. Deux"),
        (("A. Un", "B. Deux", "C. Trois"), "A. Un, B. Deux et C. Trois, «", "A. Un and B. Deux and C. Trois"),
        (("A. Un", "B. Deux", "C. Trois", "D. Quatre"), "A. Un et\u00a0al., «", "A. Un and B. Deux and C. Trois and D. Quatre"),
    ],
)
def test_no_one_or_many_authors(authors: tuple[str, ...], named: str, listed: str | None) -> None:
    assert str(reference(hit(authors=authors), seen=SEEN)).startswith(named)
    assert fields(bibtex(hit(authors=authors), seen=SEEN)).get("author") == listed


def test_of_thousands_of_authors_the_first_and_others() -> None:
    authors = tuple(f"Nom{number}" for number in range(3_000))
    listed = fields(bibtex(hit(authors=authors), seen=SEEN))["author"].split(" and ")
    assert len(listed) == MAX_AUTHORS + 1
    assert listed[-1] == "others"
    few = fields(bibtex(hit(authors=authors[:MAX_AUTHORS]), seen=SEEN))["author"].split(" and ")
    assert "others" not in few


@pytest.mark.parametrize(
    "name", ["La rédaction", "l’équipe du blog", "Dupont, CNRS", "Pierre and Marie", "tomtom le chat", "others", "Labo 42"]
)
def test_a_name_that_bibtex_would_take_apart_is_held_together(name: str) -> None:
    assert fields(bibtex(hit(authors=(name, "Ada Exemple")), seen=SEEN))["author"] == f"{{{name}}} and Ada Exemple"


@pytest.mark.parametrize("name", ["Ada Exemple", "Jean de La Fontaine", "Étienne Klein-Martin", "Lea Andersen"])
def test_the_name_of_a_person_is_left_to_bibtex(name: str) -> None:
    assert fields(bibtex(hit(authors=(name,)), seen=SEEN))["author"] == name


def test_without_a_date() -> None:
    assert ", Mousses et lichens, s.\u00a0d., [en\u00a0ligne] " in str(reference(hit(date=None), seen=SEEN))
    made = fields(bibtex(hit(date=None), seen=SEEN))
    assert made["key"] == "exemplesdlichen"
    assert "date" not in made


def test_an_address_that_is_none_is_not_told() -> None:
    trap = hit(url="javascript://mal.example/%0aalert(1)")
    assert not {"url", "urldate"} & set(fields(bibtex(trap, seen=SEEN)))
    assert str(reference(trap, seen=SEEN)).endswith(", 14\u00a0mars\u00a02025, [en\u00a0ligne], consulté le 1er\u00a0mars\u00a02026.")


def test_signs_of_latex_are_printed_not_obeyed() -> None:
    made = fields(bibtex(hit(r"50 % de CO_2 & {x} \input{secret} $a^b$ #1 ~", source_name="A & B_c"), seen=SEEN))
    assert made["title"] == (
        r"{50 \% de CO\_2 \& \textbraceleft{}x\textbraceright{} \textbackslash{}input\textbraceleft{}secret\textbraceright{} "
        r"\$a\textasciicircum{}b\$ \#1 \textasciitilde{}}"
    )
    assert made["organization"] == r"A \& B\_c"
    assert fields(bibtex(hit(url="https://a.example/{a}_b%20?c&d#e"), seen=SEEN))["url"] == "https://a.example/%7Ba%7D_b%20?c&d#e"


def test_a_title_with_quotes_and_punctuation_is_set_as_french_has_it() -> None:
    made = reference(hit("Que dit «\u00a0la science\u00a0» ?"), seen=SEEN)
    assert made.before == "Ada Exemple, «\u00a0Que dit “la science”\u202f?\u00a0», "


def test_dois_are_those_that_the_article_cites() -> None:
    one, two = ("10.1000/a_b",), ("10.1000/a_b", "10.1000/a_b", "10.2000/c", "\u200b")
    assert str(reference(hit(), seen=SEEN, dois=one)).endswith(" DOI cité\u00a0: 10.1000/a_b.")
    assert str(reference(hit(), seen=SEEN, dois=two)).endswith(" DOI cités\u00a0: 10.1000/a_b, 10.2000/c.")
    made = fields(bibtex(hit(), seen=SEEN, dois=two))
    assert made["note"] == r"DOI cités : 10.1000/a\_b, 10.2000/c"
    assert "doi" not in made  # that would be the article's own


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"authors": ("Éloïse Çelik-Œuvré",)}, "oeuvre2025lichen"),
        ({"authors": ()}, "mousse2025lichen"),
        ({"authors": ("中文",)}, "mousse2025lichen"),
        ({"title": "L’été à l’ŒIL"}, "exemple2025ete"),
        ({"title": "宇宙"}, "exemple20250123456789abcdef"),
        ({"date": datetime(2024, 12, 31, 23, 30, tzinfo=UTC)}, "exemple2025lichen"),
        ({"authors": ("La Rédaction",)}, "redaction2025lichen"),
    ],
)
def test_the_key_is_author_year_and_a_telling_word(changes: dict[str, object], key: str) -> None:
    assert citation_key(hit(**changes)) == key  # type: ignore[arg-type]


@given(hits())
@settings(deadline=None, max_examples=150)
def test_any_hit_is_an_entry_that_bibtex_can_read_and_a_sentence_on_one_line(one: Hit) -> None:
    made = fields(bibtex(one, seen=SEEN, dois=(one.title.text,)))
    assert made["title"].startswith("{")
    told = "".join(value for name, value in made.items() if name not in ("url", "key"))
    assert not re.search(r"(?<!\\)[$&#_%~^]", told)
    assert not re.search(r"\\(?!text(backslash|braceleft|braceright|asciitilde|asciicircum)\{\}|[$&#_%])", told)
    sentence = str(reference(one, seen=SEEN, dois=(one.title.text,)))
    assert "\n" not in sentence
    sentence.encode()
    bibtex(one, seen=SEEN).encode()
