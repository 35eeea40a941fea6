"""When fewer posts than promised are too few.

Owns one threshold: posts come, go and are kept for members between two counts, and a source that counts otherwise is no hole.
"""

from __future__ import annotations

from typing import Final

TOLERANCE: Final = 0.02


def falls_short(found: int, promised: int | None) -> bool:
    """Whether `found` posts leave a hole in an archive that says to have `promised` (None: it says nothing)."""
    return promised is not None and promised - found > max(2, promised * TOLERANCE)
