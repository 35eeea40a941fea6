"""The pages beside the search in a real browser: for everyone, in both lights, on a phone and a desk, with the keyboard, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from luciole.settings import Settings
from tests.api.browsing import barriers, endless, open_without_scripts, visit
from tests.api.orchard import ENDLESS, LOST, OTHER, WHOLE, open_orchard

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "blogs": "/blogs",
    "discipline": "/discipline/astronomie-espace",
    "discipline without a blog": "/discipline/chimie",
    "blog": "/blog/nuit",
    "blog with a hostile name": "/blog/piege",
    "blog that is gone": "/blog/perdu",
    "blog that is withheld": "/blog/fige",
    "channel": "/blog/chaine",
    "article": f"/article/{WHOLE.id}",
    "article of a site that is gone": f"/article/{LOST.id}",
    "hostile article": f"/article/{ENDLESS.id}",
    "statistics": "/statistiques",
    "about": "/a-propos",
    "robot": "/robot",
    "privacy": "/confidentialite",
    "propose": "/proposer",
    "error": "/article/nulle-part",
}
RESULTS = {"results": "/recherche?q=lumi%C3%A8re", "no result": "/recherche?q=zzyzx", "docs": "/api/docs"}
"""What tests/api/test_api_browser_search.py shows to be for everyone."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_orchard(Settings(data=tmp_path_factory.mktemp("pages"), contact="robot@luciole.example")) as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_for_everyone(browser: Browser, base: str, name: str, scripts: bool) -> None:
    """No fault that axe finds or leaves open, nothing wider than the screen, nothing asked of another host, nothing said by the console."""
    with visit(browser, base) as page:
        page.goto(PAGES[name]) if scripts else open_without_scripts(page, PAGES[name])
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert barriers(page, name) == []


def test_nothing_moves_by_itself_for_longer_than_five_seconds(browser: Browser, base: str) -> None:
    """For readers who did not ask for less motion, too."""
    with visit(browser, base, motion="no-preference") as page:
        moving = {}
        for name, path in (PAGES | RESULTS).items():
            page.goto(path)
            moving[name] = endless(page)
    assert {name: told for name, told in moving.items() if told} == {}


def test_large_letters_fit(browser: Browser, base: str) -> None:
    """A zoom of 200 % on a screen of 1280 pixels is a screen of 640; letters alone twice as large have to fit as well."""
    context = browser.new_context(base_url=base, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(path)
        for size in ("100%", "200%"):
            page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, (name, size)
    context.close()


def test_the_keyboard_leads_to_the_author_first(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto(f"/article/{WHOLE.id}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # its blog
    page.keyboard.press("Tab")
    reading = page.get_by_role("link", name="Lire chez l’auteur")
    expect(reading).to_be_focused()
    expect(reading).to_have_attribute("href", WHOLE.url)
    assert reading.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    context.close()


def test_without_javascript_from_a_door_to_an_article(browser: Browser, base: str, tmp_path: Path) -> None:
    context = browser.new_context(base_url=base, java_script_enabled=False, viewport={"width": 320, "height": 640}, accept_downloads=True)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("region", name="Entrer par une discipline").get_by_role("link", name="Astronomie & espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Astronomie & espace")
    page.get_by_role("searchbox").fill("lumière")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("link", name="Retirer le filtre Discipline")).to_be_visible()
    page.goto("/discipline/astronomie-espace")
    page.get_by_role("link", name="Notice de l’article «\u00a0La photographie 51").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La photographie 51")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger l’entrée BibTeX").click()
    saved = tmp_path / "entry.bib"
    waiting.value.save_as(saved)
    assert saved.read_text("utf-8").startswith("@online{exemple")
    assert waiting.value.suggested_filename.endswith(".bib")
    context.close()


def test_on_paper_the_way_to_the_author_is_written_out(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"/article/{OTHER.id}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator(".vers").evaluate("element => getComputedStyle(element, '::after').content").find(OTHER.url) > 0
    expect(page.locator(".nuit")).to_be_hidden()
    expect(page.locator(".pied")).to_be_hidden()
    assert page.locator("h1").evaluate("element => getComputedStyle(element).color") == "rgb(0, 0, 0)"
    context.close()
