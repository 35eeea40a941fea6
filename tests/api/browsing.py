"""What the tests in a real browser share: what counts as a fault of a page, and what keeps it from some readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tests.api.contrast import unreadable

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 1280)
MOVED = (
    "window.moved = []; new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved.push("
    "one.sources.map(source => `${one.value} ${source.node && (source.node.className || source.node.nodeName)}`).join()) })"
    ".observe({type: 'layout-shift', buffered: true})"
)
"""A script that notes in `window.moved` everything that moves, after input too."""


LONGEST_MOTION = 5_000
"""Milliseconds that something may move by itself where a reader cannot stop it (WCAG 2.2, 2.2.2, level A)."""
_ENDLESS = """longest => {
    const named = (one) => one.localName + [...one.classList].map((name) => "." + name).join("");
    const moving = document.getAnimations()
        .filter((one) => one.playState === "running" && one.timeline === document.timeline)
        .filter((one) => !(one.effect.getComputedTiming().endTime <= longest))
        .map((one) => `${named(one.effect.target)}${one.effect.pseudoElement ?? ""} ${one.animationName ?? one.transitionProperty}`);
    const drawn = document.querySelectorAll("animate, animateMotion, animateTransform, set, marquee, blink");
    return [...new Set([...moving, ...[...drawn].map(named)])];
}"""


@contextmanager
def visit(
    browser: Browser,
    address: str,
    *,
    scripts: bool = True,
    width: int = 1280,
    height: int = 800,
    motion: Literal["reduce", "no-preference"] = "reduce",
) -> Iterator[Page]:
    """A page of a French reader; whatever the console says against it fails the test, as do a dialog and a request to another host."""
    context = browser.new_context(
        base_url=address,
        locale="fr-FR",
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        reduced_motion=motion,
    )
    said = watched(context, address)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert said == []


def watched(context: BrowserContext, address: str) -> list[str]:
    """What the pages of this context will say against themselves, and whom else they will ask."""
    said: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        said.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    context.on("dialog", dismissed)
    context.on("console", lambda message: said.append(message.text) if _is_fault(message) else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda request: None if request.url.startswith((address, "data:")) else said.append(f"asked {request.url}"))
    return said


def barriers(page: Page, name: str) -> list[str]:
    """What keeps this page, as it stands, from some readers: by axe with every rule of WCAG 2.2 AA and nothing left out, and by its width,
    in light and dark, at 320 and 1280 pixels. What axe leaves open is a barrier too, until `tests.api.contrast` has proven that it is none.
    Nothing may be animated: these readers asked for less motion."""
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            kinds = ["violations", "incomplete"]
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": kinds}).response
            where = f"{name}, {scheme}, {width}"
            faults += [f"{where}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found["violations"]]
            for one in found["incomplete"]:
                targets = [node["target"] for node in one["nodes"]]
                if one["id"] == "color-contrast" and all(len(target) == 1 for target in targets):
                    faults += [f"{where}: {fault}" for fault in unreadable(page, [target[0] for target in targets])]
                else:
                    faults.append(f"{where}: {one['id']} is not proven {targets[:3]}")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{name}: {wide} px wide at {width}")
    if page.evaluate("document.getAnimations().length"):
        faults.append(f"{name}: something moves")
    return faults


def endless(page: Page) -> list[str]:
    """What moves by itself on this page for longer than five seconds, pseudo-elements too. An animation that follows the reader's
    scrolling does not move by itself."""
    told: list[str] = page.evaluate(_ENDLESS, LONGEST_MOTION)
    return told


def open_without_scripts(page: Page, path: str) -> None:
    """Load a page as a browser without JavaScript does; only then may axe, which is a script, look at it."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(path)
    session.send("Emulation.setScriptExecutionDisabled", {"value": False})
    session.detach()
    assert page.locator("[role=combobox]").count() == 0  # no script of ours has run


def _is_fault(message: ConsoleMessage) -> bool:
    # A page that answers 404 or 503 on purpose is told by the browser as a resource that failed to load.
    return message.type == "error" and not re.search("status of (404|503)", message.text)
