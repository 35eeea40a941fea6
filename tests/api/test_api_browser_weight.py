"""The first view of the results page is light, asks nobody else, sets no cookie and does not move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright
from rich.console import Console

from bench.weighing import MAX_BYTES, Answer, View, as_table, broken, weigh

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1280])
def test_the_first_view_of_results_is_light_and_still(chromium: str, address: str, width: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        view = weigh(browser, f"{address}/recherche?q=lumi%C3%A8re", width=width)
        browser.close()
    Console(width=140).print(as_table(view))
    assert broken(view) == []
    kinds = [one.kind for one in view.answers]
    assert kinds.count("document") == kinds.count("stylesheet") == 1
    assert all(one.headers > 100 for one in view.answers)
    document = next(one for one in view.answers if one.kind == "document")
    assert document.body < document.unpacked / 2, "it is compressed"


def test_a_view_that_is_too_heavy_is_told() -> None:
    light = View((Answer("/", "document", 500, 9_000, 30_000),), (), 0, 0.0)
    assert broken(light) == []
    assert broken(replace(light, answers=(*light.answers, Answer("/x", "font", 500, MAX_BYTES - 9_500, 0))))
    assert broken(replace(light, answers=light.answers * 6))
    assert broken(replace(light, strangers=("https://mal.example/x.png",)))
    assert broken(replace(light, cookies=1))
    assert broken(replace(light, moved=0.01))
    assert broken(replace(light, answers=()))
