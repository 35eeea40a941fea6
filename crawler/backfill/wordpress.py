"""WordPress's REST interface (Hypotheses included): every post with its full text, a hundred at a time.

Owns the addresses asked for and when the archive is read. It asks in the order of ids, so that a post published meanwhile shifts nothing;
it believes what the interface says and gives (`X-WP-Total`, `X-WP-TotalPages`, the entries received), never what was asked for: a server
may cap a page at twenty. The endpoint and the error past the last page (400) are those of the handbook,
https://developer.wordpress.org/rest-api/using-the-rest-api/pagination/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crawler.backfill.addresses import below, on_own_host
from crawler.backfill.notebook import Notebook
from crawler.backfill.shortfall import falls_short
from crawler.backfill.strategy import Cursor, Ending, Missing, Move, Reading, Site, Step
from crawler.parsed import ParsedFeed

SIZE: Final = 100
SMALL: Final = 20
"""Posts asked for at a time; and once a page came to nothing, for weak servers."""

MOST_PAGES: Final = 1000
MOST_FAILURES: Final = 3
"""Pages that may fail in the middle before the rest is given up."""

# `content` whole, for its `protected`: WordPress before 5.3 knows no dotted fields. `_links.author` lets newer ones embed the author
# only, and makes older ones embed nothing.
_FIELDS: Final = (
    "id,guid,link,date,date_gmt,modified_gmt,title,content,excerpt,lang,authors,jetpack_featured_media_url,_links.author,_embedded.author"
)
_HOSTS: Final = (".hypotheses.org",)


def is_wordpress(site: Site) -> bool:
    """Whether a blog is known to be made with WordPress."""
    return site.platform == "wordpress" or (urlsplit(site.home).hostname or "").endswith(_HOSTS)


@dataclass(frozen=True, slots=True)
class WordPress:
    """Pages of posts of the REST interface. `insist`: try its usual addresses though nothing says that the blog is a WordPress."""

    insist: bool = False

    @property
    def name(self) -> str:
        """The word for it in `sources.yaml`."""
        return "wordpress"

    def plan(self, site: Site) -> tuple[Step, ...]:
        """The first page of the interface that the home page names, or else of the usual one."""
        roots = self._roots(site)
        return (_step(roots, 0, SIZE, 1),) if roots else ()

    def handle(self, site: Site, cursor: Cursor, step: Step, reading: Reading) -> Move:
        """The next page while there is one."""
        roots, (root, size, page) = self._roots(site), _place(step)
        notes = Notebook(cursor)
        if not isinstance(reading, ParsedFeed) or reading.problem:
            return _failed(cursor, notes, step, reading, roots)
        received = len(reading.entries) + reading.skipped
        notes.add("received", received)
        if reading.pages is not None:
            notes.put("pages", reading.pages)
        expected = cursor.expected if reading.total is None else reading.total
        if received and notes.turned(reading.entries) != "new":
            return Move(cursor=notes.into(cursor, expected=expected, why="l’interface redonne toujours la même page"))
        more = expected is None and reading.pages is None
        more |= page < (reading.pages or 0) or notes.count("received") < (expected or 0)
        if not received or not more:
            notes.put("end", 1)
            return Move(cursor=notes.into(cursor, expected=expected))
        if page >= MOST_PAGES:
            return Move(cursor=notes.into(cursor, expected=expected, why=f"arrêté à la page {page} de l’interface"))
        return Move(cursor=notes.into(cursor, expected=expected), steps=(_step(roots, root, size, page + 1),))

    def done(self, site: Site, cursor: Cursor) -> Ending:
        """Complete when every page was read and the posts received are as many as the interface says to have, or nearly."""
        notes = Notebook(cursor)
        received = notes.count("received")
        if cursor.why or not notes.count("end"):
            return Ending(complete=False, why=cursor.why or "l’interface WordPress n’a pas été lue jusqu’au bout")
        if not received:
            return Ending(complete=False, why="l’interface WordPress ne donne aucun article")
        if falls_short(received, cursor.expected):
            return Ending(complete=False, why=f"l’interface WordPress a donné {received} articles sur {cursor.expected}")
        return Ending(complete=True)

    def _roots(self, site: Site) -> tuple[str, ...]:
        """Roots of the interface to try, in order. A root on another host is none: we only visit the blog's own."""
        named = site.rest_root if site.rest_root and on_own_host(site.rest_root, site.home) else ""
        if not named and not is_wordpress(site) and not self.insist:
            return ()
        return tuple(dict.fromkeys((named or below(site.home, "wp-json/"), below(site.home, "?rest_route=/"))))


def _failed(cursor: Cursor, notes: Notebook, step: Step, reading: Reading, roots: tuple[str, ...]) -> Move:
    """What follows a page that came to nothing."""
    root, size, page = _place(step)
    missing = reading if isinstance(reading, Missing) else None
    status = missing.status if missing else 200
    if page > 1 and status == 400:  # past the last page
        notes.put("end", 1)
        return Move(cursor=notes.into(cursor))
    too_much = status >= 500 or (missing is not None and not missing.forbidden and status in (0, 200)) or (missing is None and page > 1)
    if size == SIZE and too_much:
        # Where the small pages begin that hold what was not received; what comes twice is known by then.
        notes.drop("turned")
        notes.put("pages", notes.count("pages") * SIZE // SMALL)
        return Move(cursor=notes.into(cursor), steps=(_step(roots, root, SMALL, notes.count("received") // SMALL + 1),))
    why = missing.cause if missing else getattr(reading, "problem", "") or "ce n’est pas l’interface de WordPress"
    if not notes.count("received"):
        # 401 and 403 are a wish, as is robots.txt: only an address where nothing is leads to the other one.
        if root + 1 < len(roots) and (missing is None or (status == 404 and not missing.forbidden)):
            return Move(cursor=notes.into(cursor), steps=(_step(roots, root + 1, SIZE, 1),))
        return Move(cursor=notes.into(cursor, why=why))
    notes.add("failed")
    if page < notes.count("pages") and notes.count("failed") < MOST_FAILURES:  # a hole: what is behind it is still worth having
        return Move(cursor=notes.into(cursor, why=why), steps=(_step(roots, root, size, page + 1),))
    return Move(cursor=notes.into(cursor, why=why))


def _step(roots: tuple[str, ...], root: int, size: int, page: int) -> Step:
    address = roots[root]
    head, marker, _ = address.partition("rest_route=")
    posts = f"{head}{marker}/wp/v2/posts&" if marker else f"{address.rstrip('/')}/wp/v2/posts?"
    query = f"per_page={size}&page={page}&orderby=id&order=asc&_embed=author&_fields={_FIELDS}"
    return Step(kind="rest", url=posts + query, note=f"{root} {size} {page}")


def _place(step: Step) -> tuple[int, int, int]:
    root, size, page = map(int, step.note.split())
    return root, size, page
