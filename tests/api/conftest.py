"""The application over a small blogosphere, indexed by the real embedded engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from api.app import create
from luciole.settings import Settings
from tests.api.meadow import publish, serving


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(data=tmp_path_factory.mktemp("luciole"), contact="robot@luciole.example", base_url="https://luciole.example")
    publish(made)
    return made


@pytest.fixture(scope="session")
def address(settings: Settings) -> Iterator[str]:
    """The application over the small blogosphere."""
    with serving(create(settings)) as base:
        yield base


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> str:
    """A Chromium to drive; without one, what needs a browser is not tried."""
    named = os.environ.get("LUCIOLE_TEST_CHROMIUM")
    if named and not Path(named).is_file():
        pytest.fail(f"LUCIOLE_TEST_CHROMIUM={named} is no file")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here (LUCIOLE_TEST_CHROMIUM names one): the browser tests are not tried")
    return found


@pytest.fixture(scope="module")  # its event loop must end with the tests of a module: others have their own
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a module."""
    launched = playwright_driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
    yield launched
    launched.close()
