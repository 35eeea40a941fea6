"""The state of a search in an address, there and back."""

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from api.address import (
    MAX_PAGE,
    MAX_VALUES,
    address,
    as_typed,
    at_page,
    ordered,
    page_numbers,
    read_query,
    respelt,
    toggled,
    toggles,
    unfiltered,
)
from indexer.query import MAX_QUERY_CHARACTERS, Query

NAMES = ["q", "discipline", "blog", "annee", "tri", "page", "tel_quel", "autre"]
anything = st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=30) | st.just("1")), max_size=12)


def reread(query: Query) -> Query:
    from urllib.parse import parse_qsl, urlsplit

    return read_query(parse_qsl(urlsplit(address(query)).query, keep_blank_values=True))


@given(anything)
def test_any_address_is_a_query_and_its_address_reads_back(parameters: list[tuple[str, str]]) -> None:
    query = read_query(parameters)
    assert 1 <= query.page <= MAX_PAGE
    assert reread(query) == query
    assert address(query).isascii()


def test_what_makes_no_sense_counts_as_absent() -> None:
    nonsense = [("tri", "foo"), ("page", "abc"), ("discipline", ""), ("blog", "x" * 500), ("autre", "1")]
    assert read_query(nonsense) == Query()
    assert read_query([("page", "-3")]).page == 1
    assert read_query([("page", "²")]).page == 1
    assert read_query([("page", "9" * 5000)]).page == MAX_PAGE


def test_the_first_of_each_counts_and_facets_repeat() -> None:
    query = read_query([("q", "a"), ("q", "b"), ("blog", "x"), ("blog", "y"), ("blog", "x")])
    assert (query.text, query.filters["blog"]) == ("a", ("x", "y"))
    assert len(read_query([("blog", str(number)) for number in range(99)]).filters["blog"]) == MAX_VALUES


def test_a_long_text_keeps_one_character_too_many_to_say_so() -> None:
    assert len(read_query([("q", "é" * 10_000)]).text) == MAX_QUERY_CHARACTERS + 1


def test_control_characters_become_blanks() -> None:
    assert read_query([("q", "a\0b\r\nc")]).text == "a b  c"


def test_changes_start_at_the_first_page_again() -> None:
    query = Query(text="nuit", page=3)
    chosen = toggled(query, "blog", "x")
    assert address(chosen) == "/recherche?q=nuit&blog=x"
    assert toggled(chosen, "blog", "x") == Query(text="nuit")
    assert address(ordered(at_page(chosen, 4), "date")) == "/recherche?q=nuit&blog=x&tri=date"
    assert unfiltered(chosen) == Query(text="nuit")


def test_words_as_they_stand_stay_so_until_they_are_respelt() -> None:
    query = as_typed(Query(text="lumeire", page=3))
    assert address(query) == "/recherche?q=lumeire&tel_quel=1"
    assert address(toggled(at_page(query, 2), "blog", "x")) == "/recherche?q=lumeire&blog=x&tel_quel=1"
    assert respelt(query, "lumeire", "lumière") == Query(text="lumière")
    assert not read_query([("tel_quel", "oui")]).as_typed


def test_a_word_is_respelt_where_it_stands_as_a_word() -> None:
    assert respelt(Query(text="lumiere miere"), "miere", "mère") == Query(text="lumiere mère")
    assert respelt(Query(text="auteur:galxie galxie"), "galxie", "galaxie") == Query(text="auteur:galxie galaxie")
    assert respelt(Query(text="nuit", page=3), "absent", "présent") == Query(text="nuit")


def test_facets_keep_the_order_of_the_table_however_they_were_chosen() -> None:
    query = toggled(toggled(Query(), "annee", "2024"), "discipline", "physique")
    assert address(query) == "/recherche?discipline=physique&annee=2024"
    assert query.filters == MappingProxyType({"discipline": ("physique",), "annee": ("2024",)})


def test_page_numbers_leave_gaps_only_where_something_is_left_out() -> None:
    assert page_numbers(1, 1) == (1,)
    assert page_numbers(1, 4) == (1, 2, 3, 4)
    assert page_numbers(6, 20) == (1, None, 5, 6, 7, None, 20)
    assert page_numbers(4, 6) == (1, 2, 3, 4, 5, 6)


@given(
    anything,
    st.sampled_from(["discipline", "blog", "auteur", "annee"]),
    st.lists(st.text(max_size=8), max_size=3, unique=True),
    st.booleans(),
)
def test_addresses_that_share_a_facet_are_the_same_as_one_by_one(
    parameters: list[tuple[str, str]], facet: str, values: list[str], held: bool
) -> None:
    query = read_query(parameters)
    values = [*values, *(query.filters.get(facet, ())[:1] if held else ())]
    values = [value for value in dict.fromkeys(values) if value]
    wanted = query
    for value in values:
        wanted = toggled(wanted, facet, value)
    if values:
        assert toggles(query, facet)(*values) == address(wanted)
