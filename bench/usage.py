"""What a process used, told by itself at its end; and how busy the whole machine was, which says how far to trust a wall clock."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu`: seconds of processor of the process itself, loading included; `workers`: those of the processes that it started; `rss`: the
    most memory it held, in MB."""

    cpu: float
    workers: float
    rss: float


def usage() -> Usage:
    """What this process used so far.

    Memory is the kernel's high-water mark of this program: that of `getrusage` may still be its parent's. Workers are children of the fork
    server, which has waited for those that ended; its own figures reach `RUSAGE_CHILDREN` only when it ends itself, so they are read where
    the system shows them.
    """
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    workers = children.ru_utime + children.ru_stime + sum(_living_children())
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return Usage(cpu=own.ru_utime + own.ru_stime, workers=workers, rss=int(status["VmHWM"].split()[0]) / 1024)


def busy() -> float:
    """Seconds of processor that the whole machine has spent at work since it started, all processes and processors together."""
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text().split(None, 8)[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def _living_children() -> list[float]:
    """Seconds of processor of each child that has not ended, with those of its own children that have."""
    ticks, found = os.sysconf("SC_CLK_TCK"), []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == os.getpid():
            found.append(sum(map(int, fields[11:15])) / ticks)
    return found
