"""The vocabularies of the repository: the real one, its header included, and the demonstration's."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.blog import Blog
from demo.content import load
from demo.listing import vocabulary_yaml
from demo.permalinks import PERMALINKS
from luciole.vocabulary import WrittenVocabulary, parse_vocabulary, read_vocabulary
from luciole.vocabulary_rules import folded

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "vocabulaire.yaml"
DEMO = ROOT / "demo" / "vocabulaire.yaml"


@pytest.fixture(params=[REAL, DEMO], ids=["real", "demo"])
def vocabulary(request: pytest.FixtureRequest) -> WrittenVocabulary:
    return read_vocabulary(request.param, must_exist=True)


def test_groups_are_in_order_and_typeset_in_french(vocabulary: WrittenVocabulary) -> None:
    firsts = [folded(group[0].text) for group in vocabulary.synonyms]
    assert firsts
    assert firsts == sorted(firsts)
    assert [one.text for group in vocabulary.synonyms for one in group if "'" in one.text] == []


def test_no_acronym_shares_its_stem_with_a_common_word(vocabulary: WrittenVocabulary) -> None:
    """«HIV» would find «hiver»: what curators are warned of in the header."""
    from indexer.analysis import stem

    common = (
        "hiver monde cerner sembler terre vivant année grand humain santé eau vie être corps temps homme femme chaud lumière étude jour "
        "géant géante gêne gens avant pendant important côté idée issu liste artiste isthme homme côte pire évident ici loin"
    )
    stems = {stem(folded(word)) for word in common.split()}
    alone = [folded(one.text) for group in vocabulary.synonyms for one in group if " " not in folded(one.text)]
    assert [word for word in alone if stem(word) in stems and word not in map(folded, common.split())] == []


def test_the_example_of_the_header_is_true() -> None:
    """Uncommented under `reponses:`, as the header tells, it is valid and uses every key."""
    text = REAL.read_text(encoding="utf-8")
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("# - requetes:"))
    example = "\n".join(line.removeprefix("# ") for line in lines[start : start + 4])
    read = parse_vocabulary(f"{text.rstrip()}\n{example}\n", "en-tête")
    (answer,) = read.answers
    assert ([one.text for one in answer.queries], answer.why) == (
        ["trou noir", "trous noirs"],
        "Le plus clair pour commencer.",
    )
    assert len(read.synonyms) == len(read_vocabulary(REAL).synonyms)


def test_the_demonstration_answers_with_an_article_of_its_own() -> None:
    read = parse_vocabulary(vocabulary_yaml(9123), "x")
    (answer,) = read.answers
    assert [one.text for one in answer.articles] == [
        address for blog in load(port=9123) for address in addresses(blog) if "comment-un-moteur-trouve-votre-mot" in address
    ]
    assert vocabulary_yaml(8001) == DEMO.read_text(encoding="utf-8")


def addresses(blog: Blog) -> list[str]:
    return [f"{blog.url}{PERMALINKS[blog.platform](post.number, post.slug, post.published)}" for post in blog.posts]
