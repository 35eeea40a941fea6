"""What an answer means, from status, headers and body alone: fault cases 5 to 8."""

from collections.abc import Mapping

import pytest

from crawler.answers import Body, Meaning, Unchanged, meaning
from crawler.causes import Trouble
from crawler.memory import Validators
from crawler.politeness import CrawlLimits
from crawler.raw import body_hash
from tests.crawler.contexts import NOW

BODY = b"<rss/>"
KNOWN = Validators('W/"abc-gzip"', "Sun, 01 Nov 2026 03:00:00 GMT", body_hash(BODY))


def mean(
    status: int, body: bytes = b"", known: Validators | None = None, *, plain: bool = False, headers: Mapping[str, str] | None = None
) -> Meaning:
    return meaning(status, headers or {}, body, known, plain=plain, limits=CrawlLimits(), now=NOW)


def test_case_05_a_304_keeps_what_identified_the_body() -> None:
    assert mean(304, known=KNOWN) == Unchanged(KNOWN)
    renewed = mean(304, known=KNOWN, headers={"etag": '"neuf"'})
    assert renewed == Unchanged(Validators('"neuf"', KNOWN.last_modified, KNOWN.body_hash))


@pytest.mark.parametrize("etag", [None, '"1"', '"2"'])
def test_case_06_08_the_same_body_is_unchanged_whatever_its_validators(etag: str | None) -> None:
    headers = {"etag": etag} if etag else {}
    assert mean(200, BODY, KNOWN, headers=headers) == Unchanged(Validators(etag, None, KNOWN.body_hash))
    assert mean(200, b"<rss>neuf</rss>", KNOWN, headers=headers) == Body(body_hash(b"<rss>neuf</rss>"))
    assert mean(200, BODY, None, headers=headers) == Body(KNOWN.body_hash)


def test_case_07_a_304_to_a_question_that_was_not_asked_is_asked_again_once() -> None:
    assert mean(304) == "ask again plainly"
    assert isinstance(mean(304, plain=True), Trouble)
    assert isinstance(mean(304, known=KNOWN, plain=True), Trouble)


def test_what_is_no_success_is_trouble_with_its_status() -> None:
    found = mean(503, headers={"retry-after": "3600"})
    assert isinstance(found, Trouble)
    assert (found.status, found.until is not None) == (503, True)
