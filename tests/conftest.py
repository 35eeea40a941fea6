"""What every test may ask for."""

import os
from pathlib import Path

import pytest

from bench import weighing


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The directory of real blogs, feeds and questions, which is not part of the repository."""
    where = os.environ.get("LUCIOLE_TEST_DATA")
    if not where:
        pytest.skip("LUCIOLE_TEST_DATA is not set: real material is not tried")
    path = Path(where)
    if not path.is_dir():
        pytest.fail(f"LUCIOLE_TEST_DATA={where} is no directory")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """A Chromium to drive, the one that the bench weighs pages with; without one, what needs a browser is not tried."""
    found = weighing.chromium()
    if not found and (named := os.environ.get("LUCIOLE_TEST_CHROMIUM")):
        pytest.fail(f"LUCIOLE_TEST_CHROMIUM={named} is no file")
    if not found:
        pytest.skip("no Chromium here (LUCIOLE_TEST_CHROMIUM names one): the browser tests are not tried")
    return found
