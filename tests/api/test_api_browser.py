"""The page in a real browser: typing, filters, going back, the keyboard, without JavaScript, for everyone, at 320 pixels."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from api.app import create
from luciole.settings import Settings
from tests.api.meadow import publish, serving

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PAGES = {
    "home": "/",
    "results": "/recherche?q=lumi%C3%A8re",
    "filtered": "/recherche?q=lumi%C3%A8re&blog=nuit&annee=2024&tri=date",
    "corrected": "/recherche?q=lumierre",
    "none": "/recherche?q=zzyzx&blog=nuit",
    "past the end": "/recherche?q=lumi%C3%A8re&page=77",
    "hostile": "/recherche?q=lanterne",
    "blogs": "/blogs",
    "about": "/a-propos",
    "robot": "/robot",
    "docs": "/api/docs",
    "error": "/nulle-part",
}


@pytest.fixture(scope="module")  # its event loop must end with these tests
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright, chromium: str) -> Iterator[Browser]:
    launched = playwright_driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
    yield launched
    launched.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a French reader; whatever the console says against it fails the test, and so does any request to another host."""
    context = browser.new_context(base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if _is_fault(message) else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith((address, "data:")) else said.append(f"asked {request.url}"))
    yield opened
    context.close()
    assert said == []


def _is_fault(message: ConsoleMessage) -> bool:
    # A page that answers 404 on purpose is told by the browser as a resource that failed to load.
    return message.type == "error" and "404" not in message.text


def test_results_follow_the_typing(page: Page) -> None:
    page.goto("/recherche")
    box = page.get_by_role("searchbox")
    box.press_sequentially("lichen", delay=15)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"2\srésultats pour «\slichen\s»"))
    expect(page).to_have_url(re.compile(r"/recherche\?q=lichen$"))
    expect(page).to_have_title("lichen · Luciole")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"2\srésultats"))
    expect(box).to_be_focused()
    box.fill("zzyzx")
    expect(page.get_by_role("status")).to_have_text("Aucun résultat")
    expect(box).to_be_focused()
    assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") in {"00", "01"}


def test_typing_leaves_filters_and_history_alone(page: Page) -> None:
    page.goto("/")
    page.goto("/recherche?blog=nuit&tri=date")
    page.get_by_role("searchbox").press_sequentially("étoiles", delay=15)
    expect(page).to_have_url(re.compile(r"/recherche\?q=%C3%A9toiles&blog=nuit&tri=date$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("37")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/$"))
    page.go_forward()
    expect(page.get_by_role("searchbox")).to_have_value("étoiles")
    expect(page.get_by_role("heading", level=1)).to_contain_text("37")


def test_filters_chips_and_the_way_back(page: Page) -> None:
    page.goto("/recherche?q=lumi%C3%A8re")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("39")
    page.get_by_role("region", name="Blog").get_by_role("link", name="Mousses et lichens").click()
    expect(heading).to_contain_text("1")
    chip = page.get_by_role("link", name="Retirer le filtre Blog")
    expect(chip).to_be_visible()
    page.go_back()
    expect(heading).to_contain_text("39")
    page.go_forward()
    chip.click()
    expect(heading).to_contain_text("39")


def test_the_keyboard_alone_finds_filters_and_opens(page: Page) -> None:
    page.goto("/recherche")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto("/recherche")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("lumière")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=lumi"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("39")
    facet = page.locator("#f-blog-mousse")
    facet.focus()
    assert facet.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")
    expect(page.get_by_role("heading", level=2).get_by_role("link", name="Le lichen sous la lumière")).to_have_attribute(
        "href", "https://mousse.example/articles/1"
    )


def test_without_javascript_everything_works(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("lumière")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("39")
    link = page.locator("#f-blog-mousse")
    expect(link).to_be_hidden()
    page.locator("summary", has_text="Filtrer").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")
    page.get_by_role("link", name="Retirer le filtre Blog").click()
    page.get_by_role("link", name="Suivante").click()
    expect(page).to_have_url(re.compile("page=2"))
    context.close()


def test_a_text_that_is_code_runs_nowhere(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page.goto("/recherche?q=lanterne")
    page.get_by_role("searchbox").press_sequentially(" <script>alert(1)</script>")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page).to_have_url(re.compile("script"))


def test_an_index_that_went_away_is_said_while_typing(browser: Browser, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    publish(settings)
    context = browser.new_context()
    with serving(create(settings)) as base:
        page = context.new_page()
        page.goto(f"{base}/recherche?q=lichen")
        expect(page.get_by_role("heading", level=1)).to_contain_text("2")
        shutil.rmtree(settings.index_path)
        page.get_by_role("searchbox").fill("mousse")
        expect(page.get_by_role("heading", level=1)).to_have_text("L’index dort encore")
        expect(page.get_by_role("status")).to_contain_text("L’index dort encore")
        publish(settings, revision=2)
        page.get_by_role("searchbox").fill("lichen")
        expect(page.get_by_role("heading", level=1)).to_contain_text("2")
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_for_everyone(browser: Browser, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        base_url=address,
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    faults: list[str] = []
    for name, path in PAGES.items():
        page.goto(path)
        for opened in (False, True):
            if opened and name != "results":
                continue
            if opened:
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
            faults += [f"{name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found.response["violations"]]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{name}: {wide} px wide")
        assert page.evaluate("document.getAnimations().length") == 0
    context.close()
    assert faults == []


def test_nothing_moves_while_results_load(page: Page) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/recherche?q=lumi%C3%A8re", wait_until="networkidle")
    assert page.evaluate("window.moved") < 0.01
