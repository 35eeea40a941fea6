"""What the first view of the results page weighs in a browser: every answer with its headers, as transferred, and what moves meanwhile.

Owns the measure and its table; `tests/api` holds the bounds with it. Refuses to know what stands on the page.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rich.table import Table

MAX_BYTES: Final = 60_000
MAX_REQUESTS: Final = 5
_SHIFTS: Final = """
window.moved = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value })
  .observe({type: 'layout-shift', buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its path, its kind as the browser names it, bytes on the wire of headers and of body, bytes of the body unpacked."""

    path: str
    kind: str
    headers: int
    body: int
    unpacked: int

    @property
    def transferred(self) -> int:
        """All that came over the wire."""
        return self.headers + self.body


@dataclass(frozen=True, slots=True)
class View:
    """A first view. `strangers`: addresses asked of other hosts; `cookies` set; `moved`: the sum of layout shifts."""

    answers: tuple[Answer, ...]
    strangers: tuple[str, ...]
    cookies: int
    moved: float

    @property
    def transferred(self) -> int:
        """Bytes over the wire, headers included."""
        return sum(one.transferred for one in self.answers)


def chromium() -> str | None:
    """The Chromium of this machine; `LUCIOLE_TEST_CHROMIUM` names another."""
    named = os.environ.get("LUCIOLE_TEST_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def weigh(browser: Any, url: str, *, width: int = 1280) -> View:
    """The first view of an address, by a playwright browser that has kept nothing."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(_SHIFTS)
    seen: list[Any] = []
    page.on("requestfinished", lambda request: seen.append(request))
    page.goto(url, wait_until="networkidle")
    # Wait for the fonts: they come last, and are what makes text move.
    page.evaluate("document.fonts.ready.then(() => null)")
    moved = page.evaluate("window.moved")
    answers, strangers = [], []
    for request in seen:
        parts, sizes = urlsplit(request.url), request.sizes()
        if parts.netloc != urlsplit(url).netloc:
            strangers.append(request.url)
        unpacked = len(request.response().body())
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answers.append(Answer(path, request.resource_type, sizes["responseHeadersSize"], sizes["responseBodySize"], unpacked))
    cookies = len(context.cookies())
    context.close()
    return View(tuple(answers), tuple(strangers), cookies, moved)


def as_table(view: View) -> Table:
    """The weights, a line for each answer."""
    table = Table(
        title=f"first view of a results page, bytes (bounds: {MAX_BYTES:,} transferred, {MAX_REQUESTS} requests)", title_justify="left"
    )
    table.add_column("address")
    for name in ("kind", "headers", "body", "transferred", "unpacked"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for one in view.answers:
        table.add_row(one.path, one.kind, *(f"{figure:,}" for figure in (one.headers, one.body, one.transferred, one.unpacked)))
    table.add_section()
    table.add_row(f"{len(view.answers)} requests", "", *_sums(view.answers))
    table.add_row(f"other hosts: {len(view.strangers)}, cookies: {view.cookies}, layout shift: {view.moved:.4f}", "", "", "", "", "")
    return table


def broken(view: View) -> list[str]:
    """The bounds that a view does not keep to."""
    faults = []
    if view.transferred > MAX_BYTES:
        faults.append(f"{view.transferred:,} bytes, more than {MAX_BYTES:,}")
    if not 0 < len(view.answers) <= MAX_REQUESTS:
        faults.append(f"{len(view.answers)} requests, more than {MAX_REQUESTS}")
    faults += [f"asked of another host: {url}" for url in view.strangers]
    if view.cookies:
        faults.append(f"{view.cookies} cookies")
    if view.moved:
        faults.append(f"layout shift {view.moved:.4f}")
    return faults


def _sums(answers: Sequence[Answer]) -> tuple[str, ...]:
    sums = (sum(getattr(one, name) for one in answers) for name in ("headers", "body", "transferred", "unpacked"))
    return tuple(f"{figure:,}" for figure in sums)
