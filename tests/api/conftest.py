"""The application over a small blogosphere, indexed by the real embedded engine."""

from __future__ import annotations

from collections.abc import Iterator

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
