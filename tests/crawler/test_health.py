"""How often a source is worth visiting, and when it counts as gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError

from crawler.causes import trouble_of_error
from crawler.health import NO_SITE, after_failure, after_success, due, is_parking, ours, pace
from crawler.politeness import CrawlLimits
from luciole.standing import Standing

LIMITS = CrawlLimits()
DAY = timedelta(days=1)
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SOUND = Standing(expected=12)


def failing(*days: float, whole_site: bool = False, standing: Standing = SOUND) -> Standing:
    for day in days:
        standing = after_failure(standing, START + day * DAY, whole_site)
    return standing


def test_failures_count_by_nights():
    assert failing(0, 0.1, 0.2).failures == 1
    assert failing(0, 1, 1.1, 2).failures == 3
    assert failing(0, 1, 2).failing_since == START
    assert failing(0, 1, 2).expected == 12


def test_a_success_puts_all_back_but_a_freeze():
    frozen = replace(SOUND, frozen_at=START, frozen_why="Ce blog n’est plus le même.")
    broken = failing(*range(90), whole_site=True, standing=frozen)
    assert broken.gone_since == START
    assert after_success(broken) == frozen


def test_a_site_is_gone_on_the_third_night_without_it():
    assert failing(0, 1, whole_site=True).gone_since is None
    assert failing(0, 0.1, 0.2, whole_site=True).gone_since is None
    assert failing(0, 1, 2, whole_site=True).gone_since == START
    assert failing(*range(30)).gone_since is None
    assert failing(3, standing=failing(0, 1, 2, whole_site=True)).gone_since == START


def test_the_causes_of_a_lost_site_are_worded_as_the_crawl_words_them():
    lost = [trouble_of_error(error, LIMITS).cause for error in (CannotResolveHostError(), DownloadConnectionRefusedError())]
    assert set(lost) <= NO_SITE
    assert trouble_of_error(DownloadTimeoutError(), LIMITS).cause not in NO_SITE


def test_paces():
    def at(day: float, standing: Standing, newest: datetime | None = None) -> str:
        return pace(standing, newest, START + day * DAY, LIMITS)

    assert at(0, SOUND) == "nightly"
    assert at(6, failing(*range(7))) == "nightly"
    assert at(7, failing(*range(8))) == "weekly"
    assert at(59, failing(*range(8), 14, 21, 28, 35, 42, 49, 56)) == "weekly"
    assert at(60, failing(*range(8), 14, 21, 28, 35, 42, 49, 56)) == "dormant"
    assert at(70, failing(0, 69)) == "nightly"  # we were away in between
    assert at(0, SOUND, START - 364 * DAY) == "nightly"
    assert at(0, SOUND, START - 365 * DAY) == "weekly"
    assert at(61, failing(*range(61)), START - 900 * DAY) == "dormant"


def test_sixty_bad_nights_cost_few_visits_and_the_first_good_one_is_found():
    standing, last, visits = SOUND, None, []
    for night in range(181):
        now = START + night * DAY
        if due(standing, last, None, now, LIMITS):
            visits.append(night)
            standing, last = after_failure(standing, now, whole_site=True), now
    assert visits[:8] == [0, 1, 2, 3, 4, 5, 6, 13]
    assert all(6 <= after - before <= 7 for before, after in pairwise(visits[6:]) if after < 60)
    assert all(28 <= after - before <= 30 for before, after in pairwise(visits) if before >= 60)
    assert len(visits) <= 22
    assert due(after_success(standing), START + 180 * DAY, None, START + 180.01 * DAY, LIMITS)


def test_a_weekly_visit_may_come_a_little_early_and_a_clock_set_back_delays_none():
    quiet = START - 700 * DAY
    assert due(SOUND, START, quiet, START + 7 * DAY - timedelta(hours=1), LIMITS)
    assert not due(SOUND, START, quiet, START + 6 * DAY, LIMITS)
    assert due(SOUND, START + 100 * DAY, quiet, START, LIMITS)
    assert due(SOUND, None, quiet, START, LIMITS)
    assert due(SOUND, START, START, START + timedelta(minutes=1), LIMITS)


@given(st.lists(st.tuples(st.floats(0.01, 40), st.sampled_from(["good", "bad", "gone"])), max_size=80))
def test_whatever_happens_no_source_waits_longer_than_a_dormant_one(visits):
    standing, now = SOUND, START
    for step, what in visits:
        now += step * DAY
        before = standing
        standing = after_success(standing) if what == "good" else after_failure(standing, now, what == "gone")
        assert due(standing, now, None, now + LIMITS.dormant_visits, LIMITS)
        if what == "good":
            assert due(standing, now, None, now, LIMITS)
        else:
            assert before.failures <= standing.failures <= before.failures + 1
            assert standing.failing_since == (before.failing_since or now)


def test_failures_of_too_many_are_ours():
    assert ours(31, 100)
    assert not ours(30, 100)
    assert not ours(0, 0)
    assert not ours(1, 1)
    assert not ours(2, 3)
    assert ours(3, 3)
    assert ours(4, 10)
    assert not ours(3, 10)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("exemple.fr", "Ce nom de domaine est à vendre. Faites une offre."),
        ("exemple.fr", "Le domaine exemple.fr est à vendre ! Recherches associées : voyages, crédit, assurance"),
        ("exemple.fr - This domain is for sale", "Buy this domain. The owner may offer it for sale."),
        ("Domaine expiré", "Ce domaine a expiré. Si vous en êtes le propriétaire, renouvelez-le."),
        ("Bienvenue", "Ce nom de domaine vient d’être enregistré par l’un de nos clients."),
        ("exemple.org", "The domain exemple.org may be for sale. Click here to inquire about this domain."),
        ("Account Suspended", "This Account has been suspended. Contact your hosting provider for more information."),
        ("Welcome to nginx!", "If you see this page, the nginx web server is successfully installed and working."),
        ("Apache2 Ubuntu Default Page: It works", "This is the default welcome page used to test the correct operation."),
        ("Index of /", "Name Last modified Size Description"),
        ("exemple.fr", "Parked Free, courtesy of a registrar."),
    ],
)
def test_pages_that_registrars_put_where_a_site_was(title, text):
    assert is_parking(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", ""),
        ("Le carnet d’Ada", "Bienvenue sur mon carnet de physique."),
        ("Le carnet d’Ada", "Ce domaine est réservé aux spécialistes. Le domaine des particules a été exploré en 1964."),
        ("Noms de domaine", "Comment racheter un nom de domaine ? " + "Les registres vendent des noms. " * 60 + "Ce domaine est à vendre."),
        ("Index of refraction", "The index of refraction of water is 1.33."),
        ("It’s alive", "Des organoïdes de cerveau."),
        ("Physique du parking", "Pourquoi les voitures garées chauffent. Parking et ombre."),
        ("Accueil", "Erreur lors de la connexion à la base de données."),
    ],
)
def test_pages_that_are_none(title, text):
    assert not is_parking(title, text)


@given(st.text(max_size=400), st.text(max_size=2000))
def test_any_page_may_be_asked(title, text):
    assert is_parking(title, text) in (True, False)


def test_a_hostile_page_is_told_in_no_time():
    assert not is_parking("a" * 1_000_000, "ce domaine " * 200 + "x." * 500_000)
