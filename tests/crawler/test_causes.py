"""Statuses, errors and `Retry-After` in words: fault cases 13 and 14."""

from dataclasses import replace
from datetime import timedelta

import pytest
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest

from crawler.causes import (
    Refused,
    RobotsForbidden,
    RobotsUnreachable,
    TooSlow,
    Trouble,
    retry_after,
    trouble_of_error,
    trouble_of_status,
)
from crawler.politeness import CrawlLimits
from tests.crawler.contexts import NOW

LIMITS = CrawlLimits()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        (" 120 ", 120),
        ("0", 0),
        ("0000000000005", 5),
        ("86400", 86_400),
        ("9" * 40, 30 * 86_400),
        ("Sun, 22 Nov 2026 12:10:00 GMT", 600),
        ("Sunday, 22-Nov-26 12:10:00 GMT", 600),
        ("Sun Nov 22 12:10:00 2026", 600),
        ("Sun, 22 Nov 2026 13:10:00 +0100", 600),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Wed, 01 Jan 2070 00:00:00 GMT", 30 * 86_400),
    ],
)
def test_case_14_retry_after_in_seconds_or_as_a_date(value: str, seconds: int) -> None:
    assert retry_after(value, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "bientôt", "-5", "5.5", "٥", "Wed, 21 Oct 99999999999 07:28:00 GMT"])
def test_case_14_garbage_names_no_time(value: str) -> None:
    assert retry_after(value, NOW) is None


def test_case_14_a_429_without_a_time_rests_half_a_minute() -> None:
    for headers in ({}, {"retry-after": "bientôt"}):
        trouble = trouble_of_status(429, headers, LIMITS, NOW)
        assert (trouble.until, trouble.refused, trouble.final) == (NOW + timedelta(seconds=30), False, False)
    assert trouble_of_status(503, {"retry-after": "bientôt"}, LIMITS, NOW).until is None
    assert trouble_of_status(503, {"retry-after": "86400"}, LIMITS, NOW).until == NOW + timedelta(days=1)
    assert trouble_of_status(500, {"retry-after": "86400"}, LIMITS, NOW).until is None


@pytest.mark.parametrize(
    ("location", "cause", "final"),
    [
        ("file:///etc/passwd", "redirigé vers un protocole interdit (file), refusé", True),
        ("JAVASCRIPT:alert(1)", "redirigé vers un protocole interdit (javascript), refusé", True),
        ("", "redirection sans destination (302)", False),
        ("http://[", "redirection sans destination (302)", False),
    ],
)
def test_case_18_redirects_to_what_is_no_web(location: str, cause: str, final: bool) -> None:
    trouble = trouble_of_status(302, {"location": location}, LIMITS, NOW)
    assert (trouble.cause, trouble.final) == (cause, final)


@pytest.mark.parametrize(("status", "final"), [(404, False), (410, True), (451, True), (403, False), (500, False)])
def test_a_status_is_kept_and_410_and_451_are_final(status: int, final: bool) -> None:
    trouble = trouble_of_status(status, {}, LIMITS, NOW)
    assert (trouble.status, trouble.final, trouble.refused) == (status, final, False)
    assert str(status) in trouble.cause


def test_case_13_a_site_that_wants_an_hour_between_requests_is_refused_by_its_own_rule() -> None:
    trouble = trouble_of_error(TooSlow(3600.0), LIMITS)
    assert trouble == Trouble(cause="le robots.txt demande 3600 s entre deux requêtes : seul le flux est lu", refused=True, by_robots=True)


def test_errors_in_words() -> None:
    told = Trouble(cause="robots.txt injoignable (503) : blog laissé tranquille cette nuit", refused=True)
    assert trouble_of_error(RobotsUnreachable(told), LIMITS) == replace(told, silent=True)
    assert trouble_of_error(RobotsForbidden(), LIMITS).by_robots
    assert trouble_of_error(Refused("une adresse privée (10.0.0.1)", redirected=True), LIMITS).final
    assert trouble_of_error(IgnoreRequest("max redirections reached"), LIMITS).cause == "plus de 5 redirections"
    assert trouble_of_error(DownloadCancelledError(), LIMITS).cause == "contenu trop lourd"
    assert trouble_of_error(DownloadTimeoutError(), LIMITS).cause == "pas de réponse complète en 20 secondes"
