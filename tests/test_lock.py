"""One night at a time."""

import subprocess
import sys

import pytest

from luciole.errors import AlreadyRunning
from luciole.lock import data_lock


def test_a_second_holder_is_told_who_holds(tmp_path):
    with data_lock(tmp_path), pytest.raises(AlreadyRunning, match=r"process \d+"), data_lock(tmp_path):
        pass
    with data_lock(tmp_path):
        pass


def test_the_lock_dies_with_its_process(tmp_path):
    program = (
        "import os, pathlib, sys; from luciole.lock import data_lock; c = data_lock(pathlib.Path(sys.argv[1])); c.__enter__(); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 9
    with data_lock(tmp_path):
        assert (tmp_path / "lock").exists()
