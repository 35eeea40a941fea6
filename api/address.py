"""The state of a search as an address, both ways: what `/recherche?…` means, and which address means this query.

Pure. Owns the names of the parameters that are not facets (`q`, `tri`, `page`, `tel_quel`). Reading never fails: an address comes from
anybody, and a parameter that makes no sense counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote

from indexer import respelling
from indexer.query import MAX_QUERY_CHARACTERS, PAGE_SIZE, SHOWN, Query, Sort

SEARCH_PATH = "/recherche"
MAX_PAGE = 1_000_000
MAX_VALUES = 20
"""How many values of one facet an address may hold; further ones are dropped."""

_MAX_VALUE_CHARACTERS = 120
_UNSAFE = re.compile(r"[^A-Za-z0-9_.~-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def read_query(parameters: Iterable[tuple[str, str]], *, size: int = PAGE_SIZE) -> Query:
    """The query that an address asks for. Of `q`, `tri`, `page` and `tel_quel` the first one counts; facets may repeat."""
    first: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    facets = {row.name for row in SHOWN}
    for name, raw in parameters:
        value = _CONTROL.sub(" ", raw).strip()
        if name not in facets:
            first.setdefault(name, value)
        elif value and len(value) <= _MAX_VALUE_CHARACTERS:
            values = chosen.setdefault(name, [])
            if value not in values and len(values) < MAX_VALUES:
                values.append(value)
    return Query(
        text=first.get("q", "")[: MAX_QUERY_CHARACTERS + 1],  # one too many says that there was more
        filters=MappingProxyType({row.name: tuple(chosen[row.name]) for row in SHOWN if row.name in chosen}),
        sort="date" if first.get("tri") == "date" else "pertinence",
        page=_page_number(first.get("page", "")),
        size=size,
        as_typed=first.get("tel_quel") == "1",
    )


def address(query: Query, path: str = SEARCH_PATH) -> str:
    """The shortest address that means this query; `read_query` reads it back."""
    pairs: list[tuple[str, str]] = [("q", query.text)] if query.text else []
    for name, values in query.filters.items():
        pairs.extend((name, value) for value in values)
    if query.sort != "pertinence":
        pairs.append(("tri", query.sort))
    if query.as_typed:
        pairs.append(("tel_quel", "1"))
    if query.page > 1:
        pairs.append(("page", str(query.page)))
    return f"{path}?{'&'.join([f'{quoted(name)}={_asked(value)}' for name, value in pairs])}" if pairs else path


def toggled(query: Query, facet: str, value: str) -> Query:
    """The query with one value of a facet chosen, or let go if it was; from the first page."""
    held = query.filters.get(facet, ())
    values = tuple(one for one in held if one != value) if value in held else (*held, value)
    return replace(query, filters=_with(query.filters, facet, values), page=1)


def toggles(query: Query, facet: str) -> Callable[..., str]:
    """From values of one facet to the address with all of them `toggled`. What these addresses share is written once: a page holds a
    hundred of them."""
    names = [row.name for row in SHOWN]
    later = names[names.index(facet) + 1 :]
    held = query.filters.get(facet, ())
    first = replace(query, page=1, sort="pertinence", as_typed=False, filters=_without(query.filters, later))
    last = replace(query, page=1, text="", filters=_without(query.filters, [name for name in names if name not in later]))
    start, end = address(first), address(last, "").replace("?", "&", 1)
    start += "&" if "?" in start else "?"

    def to(*values: str) -> str:
        if set(held).isdisjoint(values):
            return f"{start}{'&'.join([f'{facet}={quoted(value)}' for value in values])}{end}"
        changed = query
        for value in values:
            changed = toggled(changed, facet, value)
        return address(changed)

    return to


def unfiltered(query: Query) -> Query:
    """The same words without any filter, from the first page."""
    return replace(query, filters=MappingProxyType({}), page=1)


def ordered(query: Query, sort: Sort) -> Query:
    """The same search in another order, from the first page."""
    return replace(query, sort=sort, page=1)


def respelt(query: Query, typed: str, used: str) -> Query:
    """The same search with another word in the place of a misspelt one, wherever it stands as a word, from the first page."""
    return corrected(retyped(query, respelling.respelt(query.text, {typed: used})))


def as_typed(query: Query) -> Query:
    """The same search for the very words that were typed, without corrections, from the first page."""
    return replace(query, page=1, as_typed=True)


def corrected(query: Query) -> Query:
    """The same search with corrections again, from the first page."""
    return replace(query, page=1, as_typed=False)


def followed(query: Query) -> Query:
    """What a reader who follows this search asks for: a feed has one order and begins with its first page."""
    return replace(query, page=1, sort="pertinence")


def retyped(query: Query, text: str) -> Query:
    """Other words with the same filters and order, from the first page."""
    return replace(query, text=text, page=1)


def at_page(query: Query, page: int) -> Query:
    """Another page of the same results."""
    return replace(query, page=page)


def page_numbers(page: int, pages: int) -> tuple[int | None, ...]:
    """The pages to offer: the first, the last, the neighbours of this one; None stands for a gap of two pages or more."""
    near = {1, pages, *(number for number in range(page - 1, page + 2) if 1 <= number <= pages)}
    numbers: list[int | None] = []
    for number in sorted(near):
        previous = numbers[-1] if numbers else None
        if previous is not None and number - previous == 2:
            numbers.append(number - 1)
        elif previous is not None and number - previous > 2:
            numbers.append(None)
        numbers.append(number)
    return tuple(numbers)


@lru_cache(maxsize=4096)
def quoted(text: str) -> str:
    """A name or a value of a facet as `urlencode` has it. Remembered: a page of results holds a hundred of them, the next page the same."""
    return _UNSAFE.sub(_percent, text)


@lru_cache(maxsize=16)
def _asked(text: str) -> str:
    """The same for what somebody searched: a page says it a dozen times, and then it is to be forgotten."""
    return _UNSAFE.sub(_percent, text)


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], safe=" ").replace(" ", "+")


def _with(filters: Mapping[str, tuple[str, ...]], facet: str, values: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    changed = {**filters, facet: values}
    return MappingProxyType({row.name: changed[row.name] for row in SHOWN if changed.get(row.name)})


def _without(filters: Mapping[str, tuple[str, ...]], names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({row.name: filters[row.name] for row in SHOWN if row.name in filters and row.name not in names})


def _page_number(text: str) -> int:
    digits = text if text.isascii() and text.isdigit() else "1"
    return max(1, min(int(digits[:12]), MAX_PAGE))
