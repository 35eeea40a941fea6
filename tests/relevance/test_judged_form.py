"""The relevance judgements are well formed, name existing articles and cover the whole blogosphere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

BLOGS = Path(__file__).parents[2] / "demo" / "blogs"
KINDS = {"question", "keywords", "typo", "half"}
REPOST = "mesures/08-reprise-la-distance-des-etoiles"
ENGLISH = "mesures/05-why-a-nautical-mile-is-not-a-mile"


@pytest.fixture(scope="module")
def queries() -> list[dict[str, Any]]:
    """Give the judged queries as they stand in the file."""
    judged = yaml.safe_load(Path(__file__).with_name("judged.yaml").read_text(encoding="utf-8"))
    assert set(judged) == {"queries"}
    return judged["queries"]


@pytest.fixture(scope="module")
def articles() -> set[str]:
    """Give the keys of all articles, "<blog>/<file name without .md>"."""
    return {f"{file.parts[-3]}/{file.stem}" for file in BLOGS.glob("*/articles/*.md")}


def test_there_are_enough_queries_of_every_kind(queries: list[dict[str, Any]]) -> None:
    assert len(queries) >= 120
    assert {query["kind"] for query in queries} == KINDS


def test_every_query_has_a_text_a_kind_and_grades(queries: list[dict[str, Any]]) -> None:
    for query in queries:
        assert set(query) == {"text", "kind", "grades"}, query
        assert isinstance(query["text"], str), query
        assert query["text"] == " ".join(query["text"].split()) != "", query
        assert query["grades"], query


def test_grades_are_one_or_two(queries: list[dict[str, Any]]) -> None:
    for query in queries:
        assert all(type(grade) is int and grade in (1, 2) for grade in query["grades"].values()), query


def test_every_graded_article_exists_and_is_no_repost(queries: list[dict[str, Any]], articles: set[str]) -> None:
    assert {REPOST, ENGLISH} <= articles
    for query in queries:
        assert set(query["grades"]) <= articles - {REPOST}, query


def test_no_text_is_repeated(queries: list[dict[str, Any]]) -> None:
    texts = [query["text"].casefold().replace("’", "'") for query in queries]
    assert sorted(texts) == sorted(set(texts))


def test_a_half_typed_word_has_three_letters_or_more(queries: list[dict[str, Any]]) -> None:
    for query in queries:
        if query["kind"] == "half":
            assert len(query["text"].replace("’", "'").replace("'", " ").split()[-1]) >= 3, query


def test_a_third_of_the_queries_have_two_or_more_relevant_articles(queries: list[dict[str, Any]]) -> None:
    assert 3 * sum(len(query["grades"]) >= 2 for query in queries) >= len(queries)


def test_every_french_article_is_relevant_somewhere(queries: list[dict[str, Any]], articles: set[str]) -> None:
    named = {key for query in queries for key in query["grades"]}
    assert articles - {REPOST, ENGLISH} - named == set()
