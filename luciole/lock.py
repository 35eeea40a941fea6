"""One writer at a time in a data directory.

The lock belongs to the directory, is held by the kernel for a process and dies with it: nothing is left to clean up after a crash.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luciole.errors import AlreadyRunning, StoreError


@contextmanager
def data_lock(data: Path) -> Iterator[None]:
    """Hold the directory for the length of a `with`. Raises `AlreadyRunning` at once when another process does."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"cannot use the data directory {data}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            raise AlreadyRunning(
                f"another luciole is at work in {data}" + (f" (process {holder})" if holder else ""),
                hint="it will finish by itself; run again afterwards",
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
