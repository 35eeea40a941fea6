"""Timing: the median of many calls. Only ratios of one run mean anything on a shared machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of many calls."""

    p50: float
    p95: float


def timing(calls: Iterable[Callable[[], object]]) -> Timing:
    """Run each call once."""
    return _summary([seconds(call) for call in calls])


def timings(ones: Iterable[Callable[[], object]], others: Iterable[Callable[[], object]]) -> tuple[Timing, Timing]:
    """Run two lists of calls in turn, so that what else the machine does weighs on both alike."""
    pairs = [(seconds(one), seconds(other)) for one, other in zip(ones, others, strict=True)]
    return _summary([one for one, _ in pairs]), _summary([other for _, other in pairs])


def _summary(taken: list[float]) -> Timing:
    taken = sorted(one * 1000 for one in taken)
    return Timing(taken[len(taken) // 2], taken[int(len(taken) * 0.95)])


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
