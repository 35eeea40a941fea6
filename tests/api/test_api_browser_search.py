"""The page of results in a real browser: for everyone, with and without JavaScript; suggestions, the focus, the way back, what never
moves."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.app import create
from luciole.settings import Settings
from tests.api.browsing import MOVED, barriers, open_without_scripts, visit
from tests.api.meadow import serving

pytestmark = pytest.mark.browser

PAGES = {
    "results": "/recherche?q=lumi%C3%A8re",
    "filtered": "/recherche?q=lumi%C3%A8re&blog=nuit&annee=2024&tri=date",
    "corrected": "/recherche?q=lumierre",
    "none": "/recherche?q=lumi%C3%A8res%C3%A9e%20avant:1900&blog=nuit",
    "past the end": "/recherche?q=lumi%C3%A8re&page=77",
    "hostile": "/recherche?q=lanterne",
    "error": "/nulle-part",
    "docs": "/api/docs",
}

THERE = """at => new Promise(done => {
    const late = performance.now() + 5000;
    const look = () => Math.abs(scrollY - at) <= 2 || performance.now() > late ? done(scrollY) : requestAnimationFrame(look);
    look();
})"""
"""Where the page is scrolled to, once that is where it should be."""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with visit(browser, address) as opened:
        yield opened


def suggested(page: Page) -> list[str]:
    return [re.sub(r"\s+", " ", text).strip() for text in page.get_by_role("option").all_inner_texts()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_the_page_is_for_everyone(browser: Browser, address: str, scripts: bool) -> None:
    faults: list[str] = []
    with visit(browser, address) as page:
        for name, path in PAGES.items():
            page.goto(path) if scripts else open_without_scripts(page, path)
            if name == "results":
                for summary in page.locator("summary").all():
                    if summary.is_visible():
                        summary.click()
            faults += barriers(page, name)
    assert faults == []


def test_suggestions_and_an_index_that_sleeps_are_for_everyone(browser: Browser, address: str, tmp_path: Path) -> None:
    with visit(browser, address) as page:
        page.goto("/recherche")
        page.get_by_role("combobox").press_sequentially("lum")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        faults = barriers(page, "suggestions")
        expect(page.get_by_role("listbox")).to_be_visible()
    with serving(create(Settings(data=tmp_path))) as asleep, visit(browser, asleep) as page:
        page.goto("/recherche?q=lichen")
        expect(page.get_by_role("heading", level=1)).to_have_text("L’index dort encore")
        faults += barriers(page, "no index")
    assert faults == []


@pytest.mark.parametrize("path", [PAGES["results"], PAGES["none"]])
def test_words_twice_as_large_still_fit(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 640, "height": 800})
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    expect(page.get_by_role("combobox")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", ["/", PAGES["results"], "/a-propos", "/robot", "/proposer"])
def test_words_twice_as_large_fit_on_a_phone_too(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_paper_holds_the_articles_and_where_they_are(page: Page) -> None:
    page.goto(PAGES["results"])
    page.emulate_media(media="print")
    for name in ("banner", "contentinfo", "complementary", "navigation"):
        for part in page.get_by_role(name).all():  # type: ignore[arg-type]
            expect(part).to_be_hidden()
    title = page.get_by_role("heading", level=2).get_by_role("link").first
    expect(title).to_be_visible()
    assert ".example/articles/" in title.evaluate("element => getComputedStyle(element, '::after').content")


def test_suggestions_come_with_the_third_letter_and_the_arrows_choose(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    page.goto("/recherche")
    box = page.get_by_role("combobox", name=re.compile("Que cherchez-vous"))
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("lu")
    expect(page).to_have_url(re.compile("q=lu$"))  # results came, suggestions were not even asked
    assert asked == []
    box.press_sequentially("m")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox")).to_have_id(box.get_attribute("aria-controls") or "")
    assert suggested(page)[0] == "lumière"
    assert "Article Histoire de la lumière" in suggested(page)
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text("lumière")
    expect(chosen).to_have_id(box.get_attribute("aria-activedescendant") or "")
    expect(box).to_be_focused()
    expect(box).to_have_value("lum")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None  # back in the box
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_text(suggested(page)[-1])
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("lum")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")  # asks again
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche\?q=lumi%C3%A8re$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("39")


def test_the_home_page_suggests_too(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name=re.compile("Que cherchez-vous"))
    box.press_sequentially("lum")
    expect(page.get_by_role("option").first).to_have_text("lumière")
    assert barriers(page, "suggestions at home") == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche\?q=lumi%C3%A8re$"))


def test_a_suggested_title_leads_to_the_article_and_keeps_no_one_prisoner(page: Page) -> None:
    page.goto("/recherche?blog=mousse")
    box = page.get_by_role("combobox")
    box.press_sequentially("lichen")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("button", name="Chercher")).to_be_focused()
    box.press("ArrowDown")
    with page.expect_request(re.compile(r"/article/[0-9a-f]{16}$")):
        page.get_by_role("option", name="Le lichen sous la lumière").click()


def test_enter_searches_what_was_typed_with_its_filters(page: Page) -> None:
    page.goto("/recherche?blog=nuit")
    page.get_by_role("combobox").press_sequentially("lum")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=lum&blog=nuit$"))
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_an_answer_to_what_is_no_longer_typed_is_thrown_away(page: Page) -> None:
    page.goto("/recherche")
    held: list[Route] = []
    page.route(re.compile(r"suggest\?q=lic$"), lambda route: held.append(route))
    box = page.get_by_role("combobox")
    with page.expect_request(re.compile(r"suggest\?q=lic$")) as first:
        box.press_sequentially("lic")
    with page.expect_event("requestfailed", lambda failed: failed == first.value):  # aborted, not only ignored
        box.press_sequentially("hen")
    expect(page.get_by_role("option", name="Le lichen sous la lumière")).to_be_visible()
    assert held


def test_suggestions_come_while_letters_are_composed(page: Page) -> None:
    """Keyboards of telephones compose every word; dead keys (^ then e) compose a letter."""
    page.goto("/recherche")
    box = page.get_by_role("combobox")
    box.focus()
    keys = page.context.new_cdp_session(page)
    for typed in ("l", "lu", "lum"):
        keys.send("Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)})
    expect(page.get_by_role("option").first).to_have_text("lumière")
    keys.send("Input.insertText", {"text": "lumi"})
    expect(page.get_by_role("option").first).to_have_text("lumière")
    expect(box).to_have_value("lumi")


def test_suggestions_are_within_what_is_chosen_already(page: Page) -> None:
    page.goto("/recherche?blog=mousse&annee=2024&tri=date")
    with page.expect_request(re.compile(r"/api/v1/suggest\?q=lum&blog=mousse&annee=2024&tri=date$")):
        page.get_by_role("combobox").press_sequentially("lum")


def test_a_search_that_is_not_answered_says_so(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, reduced_motion="reduce")  # its console tells of the lost request
    page.goto("/recherche?q=lichen")
    told = page.locator("#coupure")
    expect(told).to_be_hidden()
    page.route("**/recherche?q=lumi*", lambda route: route.abort())
    page.get_by_role("combobox").fill("lumi")
    expect(told).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Luciole n’a pas répondu")
    expect(page.get_by_role("link", name="Réessayer")).to_have_attribute("href", "/recherche?q=lumi")
    expect(page.locator("#resultats")).to_have_attribute("aria-busy", "false")
    assert barriers(page, "not answered") == []
    page.get_by_role("combobox").fill("lichen des murs")
    expect(told).to_be_hidden()
    expect(page).to_have_url(re.compile("lichen\\+des\\+murs$"))
    page.close()


def test_words_typed_a_moment_ago_are_taken_along(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)  # its console tells of the lost request
    page.goto("/recherche?q=lichen")
    page.route(re.compile(r"/recherche\?q=lumi%C3%A8re$"), lambda route: route.abort())  # the results of the typing never come
    box = page.get_by_role("combobox")
    box.fill("lumière")
    page.get_by_role("link", name=re.compile("^date")).click()
    expect(page).to_have_url(re.compile(r"/recherche\?q=lumi%C3%A8re&tri=date$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("39")
    page.close()


def test_a_correction_stays_declined_until_other_words_are_typed(page: Page) -> None:
    page.goto("/recherche?q=lumierre&tel_quel=1")
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile(r"q=lumierre&tel_quel=1$"))
    page.get_by_role("combobox").fill("lumierres")
    expect(page).to_have_url(re.compile(r"q=lumierres$"))
    expect(page.get_by_text("résultats pour").first).to_be_visible()


def test_suggestions_that_fail_take_nothing_away(page: Page) -> None:
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=503, body="{}"))
    page.goto("/recherche")
    with page.expect_response("**/api/v1/suggest*"):
        page.get_by_role("combobox").press_sequentially("lichen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_without_javascript_the_box_is_a_box(browser: Browser, address: str) -> None:
    with visit(browser, address, scripts=False) as page:
        page.goto(PAGES["results"])
        expect(page.get_by_role("searchbox")).to_have_value("lumière")
        expect(page.get_by_role("listbox")).to_have_count(0)
        page.get_by_role("region", name="Par année").get_by_role("link", name=re.compile("^2024")).click()
        expect(page).to_have_url(re.compile("annee=2024"))
        page.get_by_role("link", name="Retirer le filtre Année").click()
        page.get_by_role("link", name="date", exact=True).click()
        expect(page).to_have_url(re.compile("tri=date"))
        page.locator("summary", has_text="Pourquoi ce blog").first.click()
        expect(page.get_by_text("Observations racontées avec leurs calculs.").first).to_be_visible()


def test_the_focus_stays_where_the_keyboard_filters(page: Page) -> None:
    page.goto(PAGES["results"])
    heading, status = page.get_by_role("heading", level=1), page.get_by_role("status")
    page.locator("#f-blog-nuit").press("Enter")
    expect(page.locator("#f-blog-nuit")).to_be_focused()
    expect(status).to_have_text(re.compile(r"37\srésultats"))
    door = page.get_by_role("region", name="Par année").get_by_role("link", name=re.compile("^2024"))
    door.press("Enter")
    expect(door).to_be_focused()
    expect(page).to_have_url(re.compile("blog=nuit&annee=2024"))
    page.get_by_role("link", name="date", exact=True).press("Enter")
    expect(page.get_by_role("link", name="date", exact=True)).to_be_focused()
    page.get_by_role("link", name="Retirer le filtre Blog").press("Enter")
    expect(heading).to_be_focused()  # the chip is gone
    assert page.evaluate("document.cookie + localStorage.length + (sessionStorage.getItem('luciole-repere') ?? '')") == "0"
    page.goto(PAGES["results"])
    assert page.evaluate("document.activeElement === document.body")
    page.get_by_role("link", name="Suivante").press("Enter")
    expect(heading).to_be_focused()


def test_a_hidden_filter_taken_with_the_keyboard_is_shown_again(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(PAGES["results"])
    page.locator("summary", has_text="Filtrer").press("Enter")
    page.locator("#f-blog-mousse").press("Enter")
    expect(page.locator("#f-blog-mousse")).to_be_focused()
    expect(page.locator("#f-blog-mousse")).to_be_visible()


def test_the_focus_survives_results_that_come_while_it_has_moved_on(page: Page) -> None:
    page.goto("/recherche?q=lumi%C3%A8re")
    held: list[Route] = []
    page.route(re.compile(r"/recherche\?"), lambda route: held.append(route))
    box = page.get_by_role("combobox")
    for text, place, kept in (("lumière nuit", "#f-blog-nuit", True), ("zzyzx", "#f-blog-nuit", False)):
        with page.expect_request(re.compile(r"/recherche\?")):
            box.fill(text)
        page.locator(place).focus()
        held.pop().continue_()
        expect(page.get_by_role("heading", level=1)).to_contain_text(text)
        expect(page.locator(place) if kept else page.get_by_role("heading", level=1)).to_be_focused()


def test_the_feed_named_in_the_head_follows_the_typing(page: Page) -> None:
    page.goto("/recherche?blog=mousse")
    page.get_by_role("combobox").press_sequentially("lichen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lichen")
    feed = page.locator('head link[rel="alternate"][type="application/atom+xml"]')
    expect(feed).to_have_attribute("href", re.compile(r"/recherche\.atom\?q=lichen&blog=mousse$"))


def test_going_back_finds_the_results_and_the_place(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto("/")
    page.goto("/recherche")
    page.get_by_role("combobox").press_sequentially("lumière")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("39")
    for leave in (
        lambda: page.get_by_role("link", name="Suivante").dispatch_event("click"),  # a click would scroll there first
        lambda: page.locator("#f-blog-nuit").dispatch_event("click"),
    ):
        page.evaluate("scrollTo(0, 900)")
        at = page.evaluate("scrollY")
        assert at > 500
        leave()
        expect(page).to_have_url(re.compile("page=2|blog=nuit"))
        page.go_back()
        expect(heading).to_contain_text("39")
        expect(page.get_by_role("combobox")).to_have_value("lumière")
        assert page.evaluate(THERE, at) == pytest.approx(at, abs=2)
    page.go_forward()
    expect(page.get_by_role("link", name="Retirer le filtre Blog")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_when_the_page_comes_nor_when_results_do(browser: Browser, address: str, width: int) -> None:
    with visit(browser, address, width=width) as page:
        page.add_init_script(MOVED)
        page.goto(PAGES["results"], wait_until="networkidle")
        box, heading = page.get_by_role("combobox"), page.get_by_role("heading", level=1)
        for text, found in (("lumière nuit", "nuit"), ("zzyzx", "Aucun"), ("lichen", "2")):
            box.fill("")
            box.press_sequentially(text)
            expect(heading).to_contain_text(found)
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Escape")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("window.moved") == []


def test_almost_nothing_moves_when_the_typeface_is_late(browser: Browser, address: str) -> None:
    with visit(browser, address, width=320) as page:
        page.add_init_script(MOVED)
        page.route("**/*.woff2", lambda route: (time.sleep(0.3), route.continue_())[-1])
        page.goto(PAGES["results"])
        page.evaluate("document.fonts.ready")
        moved = page.evaluate("window.moved.reduce((sum, one) => sum + parseFloat(one), 0)")
        assert moved < 0.005
