"""The page in a real browser: typing, filters, going back, the keyboard, without JavaScript."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create
from luciole.settings import Settings
from tests.api.browsing import visit
from tests.api.meadow import publish, serving

pytestmark = pytest.mark.browser

KEPT = "({cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage}})"
NOTHING: dict[str, object] = {"cookie": "", "local": {}, "session": {}}


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with visit(browser, address) as opened:
        yield opened


def test_results_follow_the_typing(page: Page) -> None:
    page.goto("/recherche")
    box = page.get_by_role("combobox")
    box.press_sequentially("lichen", delay=15)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"2\srésultats pour «\slichen\s»"))
    expect(page).to_have_url(re.compile(r"/recherche\?q=lichen$"))
    expect(page).to_have_title("lichen · Luciole")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"2\srésultats"))
    expect(box).to_be_focused()
    box.fill("zzyzx")
    expect(page.get_by_role("status")).to_have_text("Aucun résultat")
    expect(box).to_be_focused()


def test_nothing_typed_is_kept(page: Page) -> None:
    """Neither while the results come, nor after leaving, nor on coming back."""
    page.goto("/recherche")
    box = page.get_by_role("combobox")
    for text, heading in (("lichen", "2"), ("zzyzx", "Aucun"), ("lumière", "39")):
        box.fill("")
        box.press_sequentially(text, delay=15)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert page.evaluate(KEPT) == NOTHING
    page.get_by_role("link", name="Suivante").click()
    expect(page).to_have_url(re.compile("page=2"))
    assert page.evaluate(KEPT) == NOTHING
    page.goto("/a-propos")
    assert page.evaluate(KEPT) == NOTHING
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("39")
    assert page.evaluate(KEPT) == NOTHING


def test_where_the_focus_was_is_kept_for_one_step(page: Page) -> None:
    """The id of an element, nothing that was typed; the next page takes it away."""
    # What is kept between two pages is told by the name of the window, which stays: listeners of the document come first.
    page.add_init_script(f"addEventListener('click', () => {{ window.name = JSON.stringify({KEPT}) }})")
    page.goto("/recherche?q=lumi%C3%A8re")
    page.locator("#f-blog-mousse").press("Enter")
    expect(page.get_by_role("link", name="Retirer le filtre Blog")).to_be_visible()
    expect(page.locator("#f-blog-mousse")).to_be_focused()
    assert json.loads(page.evaluate("window.name")) == NOTHING | {"session": {"luciole-repere": "f-blog-mousse"}}
    assert page.evaluate(KEPT) == NOTHING


def test_typing_leaves_filters_and_history_alone(page: Page) -> None:
    page.goto("/")
    page.goto("/recherche?blog=nuit&tri=date")
    page.get_by_role("combobox").press_sequentially("étoiles", delay=15)
    expect(page).to_have_url(re.compile(r"/recherche\?q=%C3%A9toiles&blog=nuit&tri=date$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("37")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/$"))
    page.go_forward()
    expect(page.get_by_role("combobox")).to_have_value("étoiles")
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
    page.get_by_role("combobox").focus()
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
    page.goto("/recherche?q=lanterne")
    page.get_by_role("combobox").press_sequentially(" <script>alert(1)</script>")
    expect(page.get_by_role("combobox")).to_be_focused()
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
        page.get_by_role("combobox").fill("mousse")
        expect(page.get_by_role("heading", level=1)).to_have_text("L’index dort encore")
        expect(page.get_by_role("status")).to_contain_text("L’index dort encore")
        publish(settings, revision=2)
        page.get_by_role("combobox").fill("lichen")
        expect(page.get_by_role("heading", level=1)).to_contain_text("2")
        context.close()
