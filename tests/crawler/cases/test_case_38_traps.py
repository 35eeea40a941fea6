"""Sites without end: fault case 38. Archives are gathered by following links, one blog a trap, all in the same nights, with small
bounds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from luciole.database import Database
from tests.crawler.cases.forks import ForkDriver, Forks
from tests.crawler.web import Driver, Reply, Web, post, rss

PAGES, ADDRESSES, BARREN = 25, 40, 3
"""What one night may fetch of an archive, what one archive may name, and the pages in a row without a new post."""

NAMES = ("maree", "lichen", "comete", "neutrino")
XML = "application/rss+xml"
LONG = "/" + "a" * 5000


@dataclass
class Nights:
    web: Web
    driver: Driver
    outcomes: list[dict[str, Any]]
    ends: list[int]
    """The length of the server's log after each night."""

    def asked(self, host: str, night: int) -> list[str]:
        """What a blog was asked for in a night, feed and robots.txt left out."""
        first = self.ends[night - 1] if night else 0
        found = [path for _, name, path, _ in self.web.log[first : self.ends[night]] if name == host]
        return [path for path in found if path not in ("/feed", "/robots.txt")]

    def bounded(self, host: str) -> bool:
        """Whether each night kept to its budget (the post that the feed names is none of it), and all nights together to the number of
        addresses, beside those where sitemaps are looked for once the links came to no end."""
        asked = [self.asked(host, night) for night in range(len(self.ends))]
        others = sum("sitemap" in path or "feed" in path for night in asked for path in night)
        return max(map(len, asked)) <= PAGES + 1 and sum(map(len, asked)) <= ADDRESSES + 2 + others and others < 15


def linked(*paths: str) -> str:
    return "".join(f'<li><a href="{path}">{path[:40]}</a></li>' for path in paths)


def listing(*paths: str, more: str = "") -> Reply:
    return Reply(f'<html lang="fr"><head><title>Un blog</title></head><body class="home"><ul>{linked(*paths)}</ul>{more}</body></html>')


def note(name: str, more: str = "") -> Reply:
    return Reply(post(name).replace("</article>", f"</article>{more}"))


# -- the traps -----------------------------------------------------------------------------------------------------------------------


def months(path: str) -> Reply:
    """A month without posts, with its days and the months beside it: for ever in both directions."""
    found = re.fullmatch(r"(/[a-z]+)?/(\d+)/(\d+)/(\d+/)?", path)
    if found is None:
        return Reply("<h1>Introuvable</h1>", 404)
    stem, year, month = found[1] or "", int(found[2]), int(found[3])
    beside = [divmod(12 * year + month - 1 + step, 12) for step in (-1, 1)]
    days = [f"{stem}/{year}/{month:02}/{day:02}/" for day in range(1, 29)]
    return listing(*(f"{stem}/{one}/{other + 1:02}/" for one, other in beside), *days)


def comments(path: str) -> Reply:
    """Every post links to itself for every comment, to be answered, shared and printed."""
    name = re.match(r"/(\w+)", path)
    if name is None or name[1] not in NAMES:
        return Reply("<h1>Introuvable</h1>", 404)
    links = [f"/{name[1]}?{what}" for number in range(50) for what in (f"replytocom={number}", f"share=x{number}", f"print={number}")]
    return note(name[1], linked(*links))


def last_page(path: str) -> Reply:
    """Beyond the last page comes the last page, with a link to the next one."""
    number = int(re.sub(r"\D", "", path) or 1)
    if path in {f"/{name}" for name in NAMES}:
        return note(path[1:])
    return listing(*(f"/{name}" for name in NAMES[2:]), more=f'<a rel="next" href="/page/{number + 1}/">Articles plus anciens</a>')


def sessions() -> Callable[[str], Reply]:
    """Every page gives every link a new session, in five spellings."""
    counter = itertools.count()

    def answer(path: str) -> Reply:
        spellings = ("{0}?PHPSESSID={1}", "{0}?sid={1}", "{0};jsessionid={1}", "/(S({1}))/..{0}", "{0}?utm_source={1}&session_id={1}")
        links = [one.format(f"/{name}", f"{next(counter):024x}") for name in NAMES for one in spellings]
        name = re.match(r"/(\w+)", path)
        return note(name[1], linked(*links)) if name and name[1] in NAMES else listing(*links)

    return answer


def well(path: str) -> Reply:
    """Every page is a post and names five that nobody ever saw."""
    return note(path, linked(*(f"{path.rstrip('/')}-{number}" for number in range(5))))


TRAPS: dict[str, Callable[[str], Reply]] = {
    "agenda": months,
    "mois": months,
    "commentaires": comments,
    "pagine": last_page,
    "sessions": sessions(),
    "puits": well,
    "long": lambda path: note(path[1:]) if path[1:] in NAMES else Reply("<h1>Introuvable</h1>", 404),
}


@pytest.fixture(scope="module")
def nights(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    web = Web()
    limits = {"backfill_pages": PAGES, "backfill_addresses": ADDRESSES, "backfill_barren": BARREN}
    driver = ForkDriver(web, tmp_path_factory.mktemp("pieges"), limits=limits, forks=forks)
    posts = [f"/{name}" for name in NAMES]
    homes = {
        "agenda": listing(*posts, "/agenda/2024/05/"),
        "mois": listing(*posts, "/2024/05/"),
        "commentaires": listing(*posts),
        "pagine": listing(*posts[:2], more='<a rel="next" href="/page/2/">Articles plus anciens</a>'),
        "long": listing(LONG, *posts, f"/?p=1&x={'b' * 5000}", f"/recherche/{'c/' * 2500}"),
    }
    for host, answer in TRAPS.items():
        first = [("maree", web.url(host, "/maree"))]
        first += [("Un lien sans fin", web.url(host, LONG))] if host == "long" else []
        web.pages[host] = {"/feed": Reply(rss(first, full=False), kind=XML), "/": homes.get(host) or answer("/")}
        web.pages[host] |= {f"/{name}": note(name) for name in NAMES} if host in ("agenda", "mois") else {}
        web.others[host] = answer
        driver.source(host, feeds=[web.url(host, "/feed")], backfill="links")
    outcomes, ends = [], []
    for night in range(2):
        report = driver.crawl(days_later=night, workers=2)
        assert report["finished"], report
        assert "Traceback" not in report["stderr"]
        outcomes.append(report["outcomes"])
        ends.append(len(web.log))
    yield Nights(web, driver, outcomes, ends)
    web.close()


def test_case_38_a_calendar_is_left_alone(nights: Nights) -> None:
    assert nights.driver.titles("agenda") == sorted(NAMES)
    assert not [path for path in nights.asked("agenda", 0) if re.search(r"/\d+/\d+/", path)]


def test_case_38_months_without_posts_end_after_a_few(nights: Nights) -> None:
    assert nights.driver.titles("mois") == sorted(NAMES)
    read = [path for path in nights.asked("mois", 0) if re.search(r"/\d+/\d+/", path)]
    assert 1 <= len(read) <= 2 ** (BARREN + 1), "three in a row, on each way through the months"
    assert nights.asked("mois", 1) == []


def test_case_38_answers_to_comments_are_the_post_itself(nights: Nights) -> None:
    assert nights.driver.titles("commentaires") == sorted(NAMES)
    assert not [path for path in nights.asked("commentaires", 0) if "?" in path]
    assert nights.asked("commentaires", 1) == []


def test_case_38_a_last_page_repeated_for_ever_is_read_three_times(nights: Nights) -> None:
    assert nights.driver.titles("pagine") == sorted(NAMES)
    read = [path for path in nights.asked("pagine", 0) if path.startswith("/page/")]
    assert read == [f"/page/{number}/" for number in range(2, 2 + len(read))]
    assert len(read) <= BARREN + 1, "the page that is the last one, and then three without a new post"
    assert nights.asked("pagine", 1) == []


def test_case_38_sessions_are_no_part_of_an_address(nights: Nights) -> None:
    assert nights.driver.titles("sessions") == sorted(NAMES)
    assert len(nights.asked("sessions", 0)) <= 2 * len(NAMES) + 2
    assert nights.asked("sessions", 1) == []


def test_case_38_a_well_of_posts_is_bounded_by_the_night_and_by_the_archive(nights: Nights) -> None:
    assert len(nights.asked("puits", 0)) >= PAGES / 2
    assert nights.bounded("puits")
    assert ADDRESSES / 2 <= len(nights.driver.articles("puits")) <= ADDRESSES + 1


def test_case_38_an_address_of_five_thousand_characters_is_never_asked_for_nor_waited_for(nights: Nights) -> None:
    assert set(NAMES) <= set(nights.driver.titles("long"))
    assert max(len(path) for night in range(2) for path in ["", *nights.asked("long", night)]) < 2083
    assert nights.asked("long", 1) == []


def test_case_38_every_trap_is_bounded_and_nothing_stays_under_way(nights: Nights) -> None:
    assert [host for host in TRAPS if not nights.bounded(host)] == []
    database = Database(nights.driver.data / "luciole.db")
    try:
        rows = database.all("SELECT source_id, state, url FROM frontier WHERE state NOT IN ('done', 'dead', 'blocked')")
    finally:
        database.close()
    assert [(row["source_id"], row["state"], row["url"][:80]) for row in rows] == []
