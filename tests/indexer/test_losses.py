"""What is held back of a publish: the rule against a recount of its own, and the reasons that count as given."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from indexer.document import to_document
from indexer.losses import Removal, Verdict, losses, reason, sign
from luciole.article import Article, Wishes
from luciole.precedence import TAKEDOWN
from luciole.sources import Source
from luciole.standing import Standing

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WELL = Standing()


def unexplained(source: str, count: int, start: int = 0) -> list[Removal]:
    return [Removal(source, f"{source}-{number}", None, "en une autre langue (en)") for number in range(start, start + count)]


def explained(source: str, count: int) -> list[Removal]:
    return [Removal(source, f"{source}-dit-{number}", "410") for number in range(count)]


@pytest.mark.parametrize(("lost", "held"), [(0, 0), (1, 0), (50, 0), (51, 51), (1000, 1000)])
def test_five_percent_of_all_may_leave_and_no_more(lost: int, held: int) -> None:
    before = {f"blog-{number}": 10 for number in range(100)}  # too small, each of them, to be looked at alone
    removals = [Removal(f"blog-{number % 100}", str(number), None) for number in range(lost)]
    assert len(losses(before, removals).held) == held


@pytest.mark.parametrize(("has", "lost", "held"), [(20, 9, 0), (20, 10, 10), (21, 10, 0), (21, 11, 11), (19, 19, 0), (40, 40, 40)])
def test_a_blog_of_twenty_may_not_lose_half(has: int, lost: int, held: int) -> None:
    verdict = losses({"cieux": has, "autres": 5000}, [*unexplained("cieux", lost), *unexplained("autres", 3)])
    assert len(verdict.held) == held
    assert all(one.startswith("cieux-") for one in verdict.held), "what leaves other blogs leaves"


def test_what_has_a_reason_is_never_held_and_counts_for_nothing() -> None:
    before = {"cieux": 100, "roches": 100}
    assert losses(before, explained("cieux", 100)) == Verdict()
    assert losses(before, [*explained("cieux", 100), *unexplained("roches", 10)]) == Verdict()
    verdict = losses(before, [*explained("cieux", 100), *unexplained("roches", 11)])
    assert verdict.held == {one.article_id for one in unexplained("roches", 11)}


def test_what_was_held_stays_until_a_reason_is_given_however_small_it_is_by_now() -> None:
    before = {"cieux": 400, "autres": 100_000}
    one = unexplained("cieux", 1)
    assert losses(before, one) == Verdict()
    assert losses(before, [*one, *unexplained("autres", 2)], frozenset({"cieux-0", "autres-99"})).held == {"cieux-0"}
    assert losses(before, [replace(one[0], reason="410")], frozenset({"cieux-0"})) == Verdict()
    assert losses(before, [], frozenset({"cieux-0"})) == Verdict()


def test_nothing_to_lose() -> None:
    assert losses({}, []) == Verdict()
    assert losses({"cieux": 3}, []) == Verdict()
    assert losses({}, unexplained("cieux", 1)).held == {"cieux-0"}
    assert losses({"cieux": 40, "autres": 5000}, unexplained("cieux", 19) * 2) == Verdict(), "an article that is told twice is one"


def test_the_operator_is_told_which_how_many_why_and_what_to_do() -> None:
    removals = [*unexplained("cieux", 1200), Removal("cieux", "a", None, "sans titre ni texte"), *unexplained("roches", 1)]
    head, cieux, roches, advice = losses({"cieux": 2000, "roches": 30, "films": 0}, removals).sentences
    assert head.startswith("Retenu : 1\u202f202 articles sur 2\u202f030 quitteraient la recherche sans raison donnée ; ils y restent")
    assert cieux == "[cieux] 1\u202f201 articles sur 2\u202f000 : 1\u202f200 en une autre langue (en), 1 sans titre ni texte."
    assert roches == "[roches] 1 article sur 30 : 1 en une autre langue (en)."
    assert "luciole index --force" in advice
    single = losses({"cieux": 3}, unexplained("cieux", 1)).sentences[0]
    assert single.startswith("Retenu : 1 article sur 3 quitterait")
    assert "il y reste" in single


def test_a_mail_has_an_end() -> None:
    before = {f"blog-{number:03}": 10 for number in range(150)}
    sentences = losses(before, [removal for source in before for removal in unexplained(source, 2)]).sentences
    assert len(sentences) == 23
    assert sentences[21] == "… et 130 autres blogs (260 articles)."


@pytest.mark.parametrize("seed", range(200))
def test_the_rule_is_a_recount(seed: int) -> None:
    """Whatever is decided: what leaves without a reason stays below both bounds, or everything of its bound is held."""
    chance = random.Random(seed)
    before = {f"blog-{number}": chance.choice((0, 3, 19, 20, 21, 60, 400)) for number in range(chance.randrange(1, 9))}
    share = chance.choice((0.01, 0.04, 0.06, 0.5, 0.9))
    told = [
        Removal(source, f"{source}/{number}", chance.choice((None, None, "410", "noindex")))
        for source, count in before.items()
        for number in range(count)
        if chance.random() < share
    ]
    still = frozenset(one.article_id for one in told if chance.random() < 0.02)
    verdict = losses(before, told, still)
    silent = {one.article_id: one.source for one in told if one.reason is None}
    leaving = {one: source for one, source in silent.items() if one not in verdict.held}
    assert verdict.held <= silent.keys()
    assert still & silent.keys() <= verdict.held
    assert len(leaving) <= 0.05 * sum(before.values())
    left = Counter(leaving.values())
    assert all(2 * count < before[source] for source, count in left.items() if before[source] >= 20)
    if len(silent) <= 0.05 * sum(before.values()):
        whole = Counter(silent.values())
        fine = {one for one, source in silent.items() if before[source] < 20 or 2 * whole[source] < before[source]}
        assert verdict.held == silent.keys() - fine | (still & silent.keys())
    assert bool(verdict.held) == bool(verdict.sentences)


# -- reasons ----------------------------------------------------------------------------------------------------------------------

SOURCE = Source(id="cieux", name="Cieux", url="https://cieux.exemple.org/", disciplines=("physique",))


def article(**values: Any) -> Article:
    common: dict[str, Any] = {"id": "a", "source_id": "cieux", "url": "https://cieux.exemple.org/nova", "title": "Nova", "named_by": "feed"}
    common |= {"authors": (), "published": NOW, "published_basis": "feed", "language": "fr", "text": "Une étoile.", "text_basis": "page"}
    common |= {"licence": None, "noindex": False, "first_seen": NOW, "last_seen": NOW, "revision": 1}
    return Article(**common | values)


@pytest.mark.parametrize(
    ("values", "source", "standing"),
    [
        ({}, None, WELL),
        ({}, replace(SOURCE, status="paused"), WELL),
        ({}, replace(SOURCE, exclude=("cieux.exemple.org/nov*",)), WELL),
        ({}, replace(SOURCE, include=("cieux.exemple.org/blog/*",)), WELL),
        ({}, SOURCE, Standing(frozen_at=NOW, frozen_why="le titre a changé")),
        ({"gone_at": NOW, "gone_why": "introuvable (404) depuis 11 jours"}, SOURCE, WELL),
        ({"gone_at": NOW, "gone_why": "retiré par son auteur (410)"}, SOURCE, WELL),
        ({"gone_at": NOW, "gone_why": TAKEDOWN}, SOURCE, WELL),
        ({"noindex": True}, SOURCE, WELL),
        ({"wishes": Wishes(unavailable_after=NOW)}, SOURCE, WELL),
        ({"dup_of": "b"}, SOURCE, WELL),
        ({"merged_into": "b"}, SOURCE, WELL),
        ({"language": "en", "noindex": True}, SOURCE, WELL),
        ({"title": "", "text": "", "gone_at": NOW, "gone_why": "410"}, SOURCE, WELL),
    ],
)
def test_reasons_that_are_given(values: dict[str, Any], source: Source | None, standing: Standing) -> None:
    one = article(**values)
    assert to_document(one, source, standing, now=NOW) is None, "it does leave"
    assert reason(one, source, standing, url=one.url, now=NOW)


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ({"language": "en"}, "en une autre langue (en)"),
        ({"language": None}, "de langue indécise"),
        ({"title": "", "text": ""}, "sans titre ni texte"),
        ({"gone_at": NOW, "gone_why": ""}, "d’un retrait sans motif"),
        ({"gone_at": NOW, "gone_why": None}, "d’un retrait sans motif"),
    ],
)
def test_no_reason_at_all(values: dict[str, Any], seen: str) -> None:
    one = article(**values)
    assert to_document(one, SOURCE, WELL, now=NOW) is None, "it does leave"
    assert reason(one, SOURCE, WELL, url=one.url, now=NOW) is None
    assert sign(one) == seen


def test_what_readers_may_find_has_no_reason_to_leave() -> None:
    one = article(wishes=Wishes(unavailable_after=NOW + timedelta(seconds=1)))
    assert to_document(one, SOURCE, WELL, now=NOW) is not None
    assert reason(one, SOURCE, WELL, url=one.url, now=NOW) is None


def test_an_article_that_the_record_does_not_know_has_only_the_reasons_of_its_blog() -> None:
    url = "https://cieux.exemple.org/nova"
    assert reason(None, SOURCE, None, url=url, now=NOW) is None
    assert sign(None) == "sans trace dans le fonds"
    assert reason(None, None, None, url=url, now=NOW) == "bloc retiré de la liste"
    picky = replace(SOURCE, include=("cieux.exemple.org/blog/*",))
    assert reason(None, picky, None, url=url, now=NOW) == "adresse exclue par la liste"
    assert reason(None, picky, None, url=None, now=NOW) is None, "an address that nobody knows was refused by no pattern"
