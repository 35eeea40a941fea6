"""What the core of a crawl promises when something goes wrong: nothing is lost, doubled or stuck for ever, nothing grows without end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from crawler.archives import Archives, Attempt, Facts
from crawler.backfill.strategy import Cursor
from crawler.backfilling import Backfill
from crawler.causes import Trouble
from crawler.crawl import Crawl
from crawler.frontier import ARCHIVE, RECHECK, STEP, Answer, Frontier, Lead, Row
from crawler.guard import Guard
from crawler.harvest import Harvest
from crawler.ledger import Ledger
from crawler.memory import Memory
from crawler.nights import awake, close_night
from crawler.parsed import Entry, Located, ParsedFeed, ParsedPage, ParsedSitemap
from crawler.politeness import CrawlLimits, Politeness, may_redirect
from crawler.progress import fitting_progress
from crawler.raw import RawBodies
from crawler.run import _is_parked, _set_right
from crawler.schema import SCHEMA, stamp
from crawler.tally import Count, Tally
from crawler.turns import Turns
from luciole.article import Sighting
from luciole.database import Database
from luciole.settings import Settings
from luciole.sources import Source
from luciole.standing import Standing
from luciole.store import ArticleStore
from tests.crawler.web import Driver, Reply, Web, post, rss

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HOME = "https://blog.exemple.fr/"
FEED = f"{HOME}feed"
FACTS = Facts(home=HOME, title="Un blog", platform="", rest_root="", at=NOW)
LONG = "Le lichen pousse sur la pierre et personne ne le regarde pousser, car il est lent et ne se plaint de rien. " * 12


@dataclass
class Core:
    """A crawl without a network: one blog, its store, and a clock that stands still until it is moved."""

    crawl: Crawl
    now: datetime = NOW
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def harvest(self) -> Harvest:
        return Harvest(self.crawl)

    @property
    def backfill(self) -> Backfill:
        return Backfill(self.crawl, Ledger(self.crawl))

    def curate(self, **keys: object) -> Source:
        """The list says so of the blog now."""
        source = replace(self.sources["blog"], **keys)  # type: ignore[arg-type]
        self.sources["blog"] = source
        return source

    def row(self, url: str, kind: str = "article", **keys: object) -> Row:
        """A row under way."""
        added = self.crawl.frontier.add("blog", kind, url, **keys)  # type: ignore[arg-type]
        assert added is not None
        row = self.crawl.frontier.claim(added)
        assert row is not None
        return row

    def known(self, path: str, **keys: object) -> str:
        """A post that the record holds; the id of its article."""
        values = {"title": path, "text": LONG, "text_basis": "page", "language": "fr"} | keys
        sighting = Sighting(source_id="blog", url=HOME + path, seen_at=self.now, **values)  # type: ignore[arg-type]
        return self.crawl.store.record(sighting).article_id

    def recheck(self, path: str) -> Row:
        """A known post, looked at again."""
        self.crawl.frontier.known.watch("blog", HOME + path, self.now - DAY)
        self.crawl.frontier.known.look_again("blog", self.now, 100)
        (row,) = [one for one in self.crawl.frontier.due(["blog"], self.now) if one.url == HOME + path]
        assert self.crawl.frontier.claim(row.id) is not None
        return row

    def attempt(self, strategy: str, state: str, at: datetime = NOW) -> None:
        place = len(self.crawl.archives.attempts("blog"))
        attempt = Attempt(strategy=strategy, place=place, state=state, cursor=Cursor(), why="", at=at)  # type: ignore[arg-type]
        self.crawl.archives.write("blog", attempt)

    def attempts(self) -> dict[str, str]:
        return {one.strategy: one.state for one in self.crawl.archives.attempts("blog")}

    def states(self) -> dict[str, str]:
        """The state of each row, by path and kind."""
        rows = self.crawl.store.database.all("SELECT url, kind, state FROM frontier ORDER BY id")
        return {f"{row['kind']} {row['url'].removeprefix(HOME)}": row["state"] for row in rows}


def answer(url: str, at: datetime = NOW) -> Answer:
    return Answer(url=url, status=200, headers={}, body_hash="00", at=at)


def feed(*paths: str, title: str = "Un blog", text: str = LONG, language: str = "fr") -> ParsedFeed:
    entries = [
        Entry(
            sighting=Sighting(
                source_id="blog", url=HOME + path, seen_at=NOW, title=path, text=f"{path} {text}", text_basis="feed", language=language
            ),
            complete=True,
        )
        for path in paths
    ]
    return ParsedFeed(title=title, entries=tuple(entries))


def sitemap(*paths: str) -> ParsedSitemap:
    return ParsedSitemap(pages=tuple(Located(url=HOME + path) for path in paths))


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    source = Source(id="blog", name="Un blog", url=HOME, feeds=(FEED,), disciplines=("physique",))
    sources = {"blog": source}
    store, raw = ArticleStore.open(tmp_path / "luciole.db"), RawBodies(tmp_path / "raw.db")
    limits, core = CrawlLimits(full_samples=0), None
    store.sync_sources(sources.values())
    core = Core(crawl=None, sources=sources)  # type: ignore[arg-type]
    core.crawl = Crawl(
        sources=sources,
        settings=Settings(data=tmp_path, base_url="https://luciole.exemple.fr", contact="robot@exemple.fr"),
        limits=limits,
        guard=Guard(),
        politeness=Politeness(limits, {}, sources.values()),
        store=store,
        raw=raw,
        frontier=Frontier(store.database),
        memory=Memory(store.database),
        archives=Archives(store.database),
        tally=Tally(store.database, 1),
        progress=fitting_progress(),
        now=lambda: core.now,
        began=NOW,
    )
    yield core
    raw.close()
    store.close()


# -- stores of before, and what is begun only once ---------------------------------------------------------------------------------


def test_a_store_of_before_gets_its_archives_and_its_second_looks(tmp_path: Path) -> None:
    database = Database(tmp_path / "luciole.db")
    database.migrate("crawler", SCHEMA[:2])
    insert = "INSERT INTO frontier (source_id, kind, url_key, url, state, why, fetched_at) VALUES ('blog', 'article', ?, ?, 'done', ?, ?)"
    for number in range(60):
        database.execute(insert, str(number), f"{HOME}{number}", "", stamp(NOW))
    database.execute(insert, "liste", f"{HOME}liste", "ce n’est pas un article", stamp(NOW))
    frontier = Frontier(database)
    assert frontier.known.look_again("blog", NOW + 59 * DAY, 100) == 0
    assert 0 < frontier.known.look_again("blog", NOW + 75 * DAY, 100) < 60, "spread"
    frontier.known.look_again("blog", NOW + 91 * DAY, 100)
    assert frontier.counts() == {"todo": 60, "done": 1}
    database.close()


def test_a_home_page_that_was_read_long_ago_is_read_to_know_the_site(core: Core) -> None:
    row = core.row(HOME, "home")
    core.crawl.frontier.done(row.id)
    assert core.backfill.begin(core.sources["blog"]) == [(HOME, row.id)]
    assert core.backfill.begin(core.sources["blog"]) == [], "once"


# -- archives that would never end, or never begin ----------------------------------------------------------------------------------


def test_the_pages_of_the_feed_are_not_lost_when_the_feed_is_visited_another_night(core: Core) -> None:
    frontier = core.crawl.frontier
    frontier.root("blog", "feed", FEED)
    frontier.add("blog", "feed", FEED, lead=Lead(strategy="feed", note="lien 1"), priority=STEP, now=NOW, afresh_after=NOW)
    frontier.uproot("blog")
    frontier.root("blog", "feed", FEED)
    assert frontier.open_steps("blog", "feed")
    assert [(row.priority, row.lead is None) for row in frontier.due(["blog"], NOW)] == [(0, True), (STEP, False)]


def test_a_step_that_is_always_told_to_wait_ends_its_strategy_and_not_the_archive(core: Core) -> None:
    core.crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "active")
    step = core.row(f"{HOME}sitemap.xml", "sitemap", lead=Lead(strategy="sitemap", note="robots"), priority=STEP, now=NOW)
    for _ in range(core.crawl.limits.tries**2):
        core.harvest.failed(step, Trouble(cause="doucement", status=429, until=core.now + timedelta(seconds=5)))
        core.now += DAY
        if (claimed := core.crawl.frontier.claim(step.id)) is None:
            break
        step = claimed
    assert core.attempts()["sitemap"] != "active" or core.crawl.frontier.open_steps("blog", "sitemap")
    assert core.crawl.memory.parked("blog", core.now - DAY) is not None, "and it is left alone all the same"


def test_a_strategy_whose_last_step_was_lost_is_ended_the_next_night(core: Core) -> None:
    core.crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "active")
    step = core.row(f"{HOME}sitemap.xml", "sitemap", lead=Lead(strategy="sitemap", note="robots"), priority=STEP, now=NOW)
    core.crawl.frontier.dead(step.id, "erreur interne, voir le journal")
    assert core.backfill.begin(core.sources["blog"]), "the next strategy"
    assert core.attempts() == {"sitemap": "incomplete", "feed": "active"}


def test_what_a_curator_chooses_is_tried_though_all_was_tried_and_not_every_night(core: Core) -> None:
    core.crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "incomplete")
    core.attempt("links", "incomplete")
    assert core.backfill.begin(core.sources["blog"]) == []
    source = core.curate(backfill="wordpress")
    assert core.backfill.begin(source)
    assert core.attempts() == {"wordpress": "active"}
    assert core.backfill.begin(source) == []
    assert core.attempts() == {"wordpress": "active"}


def test_an_archive_with_holes_is_gathered_again_after_months_and_a_whole_one_is_not(core: Core) -> None:
    core.crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "incomplete")
    core.now = NOW + 89 * DAY
    assert core.backfill.begin(core.sources["blog"]) == []
    core.now = NOW + 90 * DAY
    assert core.backfill.begin(core.sources["blog"])
    for attempt in core.crawl.archives.attempts("blog"):
        core.crawl.archives.write("blog", replace(attempt, state="complete"))
    core.crawl.frontier.drop_steps("blog")
    core.now = NOW + 400 * DAY
    assert core.backfill.begin(core.sources["blog"]) == []


def test_a_feed_that_is_all_new_each_night_has_its_archive_gathered_once_a_week(core: Core) -> None:
    core.crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "complete")
    begun = []
    for night in range(15):
        core.now = NOW + night * DAY
        core.crawl.frontier.root("blog", "feed", FEED)
        (row,) = [one for one in core.crawl.frontier.due(["blog"], core.now) if one.kind == "feed"]
        core.harvest.read(row, answer(FEED, core.now), feed(*(f"nuit-{night}/billet-{number}" for number in range(6))))
        if core.attempts() != {"sitemap": "complete"}:
            begun.append(night)
            core.crawl.archives.forget("blog")
            core.crawl.frontier.drop_steps("blog")
            core.attempt("sitemap", "complete", core.now)
    assert begun == [7, 14]


def test_a_site_that_names_addresses_without_end_is_left_at_a_bound(core: Core) -> None:
    limits = replace(core.crawl.limits, sitemap_addresses=30)
    crawl = replace(core.crawl, limits=limits)
    crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "active")
    lead = Lead(strategy="sitemap", note="index", depth=1)
    steps = [core.row(f"{HOME}plan-{number}.xml", "sitemap", lead=lead, priority=STEP, now=NOW) for number in range(5)]
    for number, step in enumerate(steps):
        paths = [f"plan-{number}/billet-{post}" for post in range(20)]
        Harvest(crawl).read(step, answer(step.url), sitemap(*paths))
    assert crawl.frontier.posts("blog") == 30
    (first, *_) = crawl.archives.attempts("blog")
    assert (first.strategy, first.state) == ("sitemap", "incomplete")
    assert "30 adresses" in first.why


def test_bodies_read_again_turn_no_page_of_an_archive_and_are_no_visit(core: Core) -> None:
    core.crawl.archives.learn("blog", FACTS)
    core.attempt("sitemap", "active")
    step = core.row(f"{HOME}plan.xml", "feed", lead=Lead(strategy="sitemap", note="index"), priority=STEP, now=NOW)
    core.crawl.frontier.fetched(step.id, answer(step.url))
    core.crawl.frontier.done(step.id)
    other = core.row(f"{HOME}plan-2.xml", "sitemap", lead=Lead(strategy="sitemap", note="index"), priority=STEP, now=NOW)
    old = core.row(f"{HOME}ancien-fil", "feed")
    core.crawl.frontier.fetched(old.id, answer(old.url))
    core.crawl.frontier.done(old.id)
    core.curate(feeds=())
    core.crawl.memory.remember_feed("blog", FEED, NOW)
    before = core.crawl.archives.attempts("blog")
    assert core.crawl.frontier.reread(["blog"]) == 2
    for row_id in (step.id, old.id):
        waiting = core.crawl.frontier.to_parse(row_id)
        assert waiting is not None
        core.harvest.read(*waiting, feed("un", "deux"))
    assert core.crawl.archives.attempts("blog") == before, "or a page would count twice"
    assert core.crawl.store.count("blog") == 2
    found = core.crawl.memory.found_feed("blog")
    assert found is not None
    assert found.url == FEED, "an old feed does not become the feed of the night"
    assert core.states()["sitemap plan-2.xml"] == "inflight", other


# -- posts that would be lost --------------------------------------------------------------------------------------------------------


def test_a_post_that_cannot_be_had_in_three_nights_is_tried_again_with_the_slow_round(core: Core) -> None:
    row = core.row(f"{HOME}billet", from_feed=True)
    for night in range(core.crawl.limits.tries):
        core.now = NOW + night * DAY
        core.harvest.failed(row, Trouble(cause="erreur du serveur (500)", status=500))
        row = core.crawl.frontier.claim(row.id, core.now + DAY) or row
    assert core.states() == {"article billet": "dead"}
    assert core.crawl.frontier.known.look_again("blog", NOW + 50 * DAY, 100) == 0
    assert core.crawl.frontier.known.look_again("blog", NOW + 95 * DAY, 100) == 1


def test_what_an_old_list_names_and_is_no_more_is_no_hole(core: Core) -> None:
    row = core.row(f"{HOME}parti", from_feed=True, priority=ARCHIVE)
    core.harvest.failed(row, Trouble(cause="introuvable (404)", status=404))
    assert core.crawl.frontier.posts_to_come("blog") == 0
    assert core.crawl.frontier.due(["blog"], NOW + 99 * DAY) == []


def test_posts_given_up_are_tried_again_when_the_archive_is_gathered_again(core: Core) -> None:
    row = core.row(f"{HOME}billet", now=NOW)
    core.crawl.frontier.dead(row.id, "erreur du serveur (500)")
    read = core.row(f"{HOME}lu", now=NOW)
    core.crawl.frontier.done(read.id)
    ledger, source = Ledger(core.crawl), core.sources["blog"]
    again = [ledger.page(source, HOME + path, from_feed=True, given_up_before=NOW + DAY) for path in ("billet", "lu")]
    assert again == [[(row.url, row.id)], []]


def test_a_known_post_that_leads_to_the_home_page_is_under_suspicion_and_stays_for_now(core: Core) -> None:
    core.known("billet")
    row = core.recheck("billet")
    core.harvest.read(row, answer(HOME), ParsedPage(problem="ce n’est pas un article", settled=True))
    (again,) = core.crawl.frontier.due(["blog"], NOW + DAY)
    assert again.looks.count == 1
    assert core.crawl.store.count("blog") == 1


def test_a_post_whose_page_was_read_once_is_not_taken_out_for_a_page_that_is_none(core: Core) -> None:
    core.known("billet", published=None)
    row = replace(core.recheck("billet"), from_feed=True)
    core.harvest.read(row, answer(row.url), ParsedPage(problem="ce n’est pas un article", settled=True))
    assert core.crawl.store.count("blog") == 1


def test_what_a_former_feed_named_keeps_no_post(core: Core) -> None:
    core.crawl.memory.name_all("blog", "exemple.fr/vieux", ["exemple.fr/1"])
    core.crawl.memory.name_all("blog", "exemple.fr/feed", ["exemple.fr/2"])
    core.crawl.memory.name_only("blog", ["exemple.fr/feed"])
    assert not core.crawl.memory.is_named("blog", ["exemple.fr/1"])
    assert core.crawl.memory.is_named("blog", ["exemple.fr/2"])
    core.crawl.memory.name_only("blog", [])
    assert not core.crawl.memory.is_named("blog", ["exemple.fr/2"])


def test_a_blog_that_left_its_host_is_not_looked_for_there(core: Core) -> None:
    article = core.known("billet")
    core.crawl.frontier.known.watch("blog", f"{HOME}billet", NOW)
    core.crawl.frontier.add("blog", "article", f"{HOME}en-attente")
    core.row(f"{HOME}sitemap.xml", "sitemap", lead=Lead(strategy="sitemap"), now=NOW)
    core.crawl.frontier.add("blog", "article", "https://neuf-exemple.fr/billet")
    core.crawl.memory.listed_as("blog", HOME, "un")
    source = core.curate(url="https://neuf-exemple.fr/", feeds=())
    assert core.crawl.memory.listed_as("blog", source.url, "deux")
    core.crawl.frontier.keep_to("blog", partial(may_redirect, source))
    assert core.crawl.frontier.known.look_again("blog", NOW + 99 * DAY, 100) == 0, "somebody else may live there by now"
    assert [row.url for row in core.crawl.frontier.due(["blog"], NOW)] == ["https://neuf-exemple.fr/billet"]
    found = core.crawl.store.article(article)
    assert found is not None
    assert not found.is_tombstone


# -- a blog that was taken over ------------------------------------------------------------------------------------------------------

CASINO = "Play the best online casino games tonight and win a huge welcome bonus with free spins on every slot machine. " * 12


def taken_over(core: Core) -> None:
    for number in range(6):
        core.known(f"billet-{number}", named_by="feed")
    core.crawl.frontier.root("blog", "feed", FEED)
    row = core.crawl.frontier.due(["blog"], NOW)[0]
    core.harvest.read(row, answer(FEED), feed(*(f"casino-{n}" for n in range(6)), title="Best Casino", text=CASINO, language="en"))
    assert core.crawl.store.standing("blog").frozen_at is not None


def test_nothing_that_a_thief_says_of_known_posts_is_believed(core: Core) -> None:
    core.known("billet-1")
    gone, changed, unread = core.recheck("billet-1"), core.row(f"{HOME}billet-2"), core.row(f"{HOME}billet-3")
    waiting = core.crawl.frontier.add("blog", "article", f"{HOME}billet-4")
    taken_over(core)
    core.harvest.failed(gone, Trouble(cause="retiré par son auteur (410)", status=410, final=True))
    stolen = Sighting(source_id="blog", url=changed.url, seen_at=NOW, title="Casino", text=CASINO * 3, text_basis="page", named_by="page")
    core.harvest.read(changed, answer(changed.url), ParsedPage(sighting=stolen))
    core.harvest.failed(unread, Trouble(cause="introuvable (404)", status=404))
    assert core.crawl.store.count("blog") == 6
    assert all("casino" not in one.text for one in core.crawl.store.latest("blog", 10))
    assert waiting is not None
    assert core.crawl.frontier.claim(waiting, NOW) is None, "and nothing more is asked for"
    assert core.crawl.frontier.unfinished(["blog"], NOW) == frozenset()
    assert len(core.crawl.frontier.due(["blog"], NOW + DAY)) == 4, "a curator may lift it: nothing is lost"


def test_a_review_counts_for_all_feeds_of_the_blog(core: Core) -> None:
    other = f"{HOME}autre-fil"
    core.curate(feeds=(FEED, other))
    taken_over(core)
    core.curate(reviewed=date(2026, 11, 2))
    core.now = NOW + DAY
    core.crawl.store.stand("blog", Standing())
    for url in (other, FEED):
        core.crawl.frontier.root("blog", "feed", url)
    rows = {row.url: row for row in core.crawl.frontier.due(["blog"], core.now)}
    core.harvest.read(rows[other], answer(other, core.now), feed("billet-1"))
    paths = [f"casino-{n}" for n in range(6)]
    core.harvest.read(rows[FEED], answer(FEED, core.now), feed(*paths, title="Best Casino", text=CASINO, language="en"))
    assert core.crawl.store.standing("blog").frozen_at is None
    core.crawl.memory.visit("blog", core.now)
    close_night(core.crawl, frozenset())
    assert core.crawl.memory.frozen_on("blog") is None, "from then on it is watched as ever"


# -- nights --------------------------------------------------------------------------------------------------------------------------


def test_a_blog_that_asked_to_be_left_alone_does_not_fail(core: Core) -> None:
    core.crawl.memory.visit("blog", NOW - DAY)
    core.crawl.memory.park("blog", NOW + DAY)
    close_night(core.crawl, frozenset())
    assert core.crawl.store.standing("blog") == Standing()
    core.crawl.tally.add("blog", Count(failed=1, cause="connexion refusée par le serveur"))
    core.crawl.memory.visit("blog", NOW)
    close_night(core.crawl, frozenset())
    assert core.crawl.store.standing("blog").failures == 1, "one that was asked and said nothing does"


def test_a_platform_that_asked_for_time_gets_it_for_blogs_that_were_not_visited(core: Core) -> None:
    source = core.curate(url="https://carnet.hypotheses.org/", feeds=())
    row = core.row("https://autre.hypotheses.org/1")
    core.harvest.failed(row, Trouble(cause="doucement", status=429, until=NOW + 2 * DAY))
    neighbour = replace(source, id="autre", url="https://autre.hypotheses.org/")
    assert _is_parked(core.crawl.memory, core.crawl.politeness, neighbour, NOW + DAY)
    assert core.crawl.memory.parked("autre", NOW + DAY) == NOW + 2 * DAY
    assert not _is_parked(core.crawl.memory, core.crawl.politeness, neighbour, NOW + 2 * DAY)


def test_a_blog_that_rests_is_visited_while_something_of_it_is_left(core: Core) -> None:
    crawl = core.crawl
    crawl.memory.visit("blog", NOW)
    core.known("billet", published=NOW - 500 * DAY, published_basis="page")
    begun = crawl.frontier.add("blog", "article", f"{HOME}reste")
    assert begun is not None

    def visited(begun: frozenset[str] = frozenset()) -> bool:
        told = awake(core.sources, crawl.store, crawl.memory, crawl.frontier, crawl.limits, NOW + DAY, asked=False, begun=begun)
        return "blog" in told[0]

    assert visited()
    crawl.frontier.done(begun)
    assert not visited()
    assert visited(frozenset({"blog"})), "the run that goes on has begun with it"
    crawl.store.stand("blog", Standing(failing_since=NOW - 30 * DAY, failures=9))
    crawl.frontier.add("blog", "article", f"{HOME}autre")
    assert not visited(), "what is left of a blog that fails waits for its next visit"


def test_a_clock_that_was_ahead_stops_nothing_for_years(core: Core) -> None:
    crawl, wrong = core.crawl, NOW + 3000 * DAY
    failed = core.row(f"{HOME}1")
    crawl.frontier.postpone(failed.id, wrong)
    crawl.frontier.known.watch("blog", f"{HOME}2", wrong)
    crawl.memory.park("blog", wrong)
    crawl.memory.remember_feed("blog", None, wrong)
    _set_right(crawl.frontier, crawl.memory, crawl.limits, NOW)
    assert [row.id for row in crawl.frontier.due(["blog"], NOW)] == [failed.id]
    assert crawl.frontier.known.look_again("blog", NOW, 100) == 1
    found = crawl.memory.found_feed("blog")
    assert found is not None
    assert found.at == NOW


def test_only_a_window_of_an_archive_waits_in_memory_and_all_of_it_comes(core: Core) -> None:
    count = 5 * CrawlLimits().window + 7
    for number in range(count):
        core.crawl.frontier.add("blog", "article", f"{HOME}{number}", priority=ARCHIVE)
    core.crawl.frontier.root("blog", "feed", FEED)
    turns = Turns(core.crawl)
    turns.load(["blog"])
    taken: list[str] = []
    while (turn := turns.pop()) is not None:
        row = core.crawl.frontier.claim(turn.row_id, NOW)
        assert row is not None
        taken.append(row.url)
        assert len(turns._source_of) <= CrawlLimits().window + CrawlLimits().window // 4
        if len(taken) == 10:
            named = core.crawl.frontier.add("blog", "article", f"{HOME}nouveau")
            assert named is not None
            turns.push("blog", [(f"{HOME}nouveau", named)])
        core.crawl.frontier.done(row.id)
        turns.release(turn.lane, "blog")
        assert turns.end("blog") == (len(taken) == count + 2)
    assert taken[0] == FEED
    assert len(set(taken)) == len(taken) == count + 2
    assert taken.index(f"{HOME}nouveau") < 2 * CrawlLimits().window, "news does not wait for an archive"


def test_waiting_looks_are_among_those_of_the_night(core: Core) -> None:
    for number in range(10):
        core.crawl.frontier.known.watch("blog", f"{HOME}{number}", NOW - DAY)
    assert core.crawl.frontier.known.look_again("blog", NOW, 4) == 4
    core.crawl.frontier.rest("blog", NOW, NOW + DAY)
    assert core.crawl.frontier.due(["blog"], NOW) == []
    assert core.crawl.frontier.known.look_again("blog", NOW + DAY, 4) == 0
    assert {row.priority for row in core.crawl.frontier.due(["blog"], NOW + DAY)} == {RECHECK}


# -- over the network ----------------------------------------------------------------------------------------------------------------


def test_a_server_that_is_unwell_is_left_alone_and_nothing_of_it_is_given_up(tmp_path: Path) -> None:
    web = Web()
    try:
        driver = Driver(web, tmp_path)
        names = [f"billet-{number}" for number in range(30)]
        unwell = Reply("non", 503)
        web.pages["malade"] = {"/feed": Reply(rss([(name, web.url("malade", f"/{name}")) for name in names], full=False))}
        web.pages["malade"] |= dict.fromkeys((f"/{name}" for name in names), unwell)
        driver.source("malade", feeds=[web.url("malade", "/feed")])
        for night in range(3):
            web.log.clear()
            report = driver.crawl(days_later=night)
            assert report["finished"], "it waits for another night, and that is no work left"
            assert len([path for path in web.asked("malade") if "billet" in path]) == 5
        web.pages["malade"] |= {f"/{name}": Reply(post(name)) for name in names}
        driver.crawl(days_later=3)
        assert sum("lumière" in one.text for one in driver.articles("malade").values()) >= 25
    finally:
        web.close()


def test_what_becomes_due_during_a_run_belongs_to_it(tmp_path: Path) -> None:
    web = Web()
    try:
        driver = Driver(web, tmp_path, limits={"next_night": timedelta()})
        told = []

        def page(_: object) -> Reply:
            told.append(1)
            return Reply(post("billet")) if len(told) > 1 else Reply("non", 503)

        web.pages["lent"] = {"/feed": Reply(rss([("billet", web.url("lent", "/billet"))], full=False)), "/billet": page}
        driver.source("lent", feeds=[web.url("lent", "/feed")])
        report = driver.crawl()
        assert report["finished"]
        assert "lumière" in driver.articles("lent")["/billet"].text
    finally:
        web.close()


def test_a_site_that_answers_500_to_every_guess_is_read_by_its_links(tmp_path: Path) -> None:
    web = Web()
    try:
        driver = Driver(web, tmp_path)
        links = "".join(f'<a href="/billet-{number}">Un billet sur le lichen, numéro {number}</a>' for number in range(4))
        web.pages["faux"] = {"/": Reply(f"<html><body>{links}</body></html>"), "/robots.txt": Reply("", kind="text/plain")}
        web.pages["faux"] |= {f"/billet-{number}": Reply(post(f"billet-{number}")) for number in range(4)}
        web.others["faux"] = lambda path: Reply("erreur", 500)
        driver.source("faux")
        report = driver.crawl()
        assert report["finished"]
        assert len(driver.articles("faux")) == 4
    finally:
        web.close()
