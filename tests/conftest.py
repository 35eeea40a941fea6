"""What every test may ask for."""

import os
from pathlib import Path

import pytest


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
