"""The killable workers in which everything is parsed.

Owns the processes: their number, their limits of time and memory, their renewal and their end. It refuses to know what is parsed. Every
parser can be made to hang or to swell by a hostile page (measured), so none may run in the fetching process: here such a parse costs
its own worker and one page, nothing else. When the fetching process dies, even by `kill -9`, the workers die with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
import warnings
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Final, Self

from pebble import ProcessExpired, ProcessPool

from crawler.parse import parse
from crawler.parsed import Context, Kind, Parsed, failed
from luciole.errors import LucioleError

TIMEOUT: Final = 10.0
"""Seconds that one parse may take. The slowest of 990 real pages took a third of a second."""

MEMORY: Final = 2 * 1024**3
"""Bytes of address space of one worker."""

_RENEWED_AFTER: Final = 500
"""Parses after which a worker is replaced, so that what the libraries leak stays small."""

_ATTEMPTS: Final = 3
"""How many pools may break under one parse. A pool breaks when somebody kills an idle worker."""

_PRELOADED: Final = [
    "crawler.workers",
    "crawler.discovery",
    "crawler.feeds",
    "crawler.listings",
    "crawler.pages",
    "crawler.rest",
    "crawler.sitemaps",
]
"""Imported once in the server from which workers are forked: a renewed worker then starts in milliseconds."""

_PR_SET_PDEATHSIG: Final = 1
"""From <linux/prctl.h>: the signal that a process gets when its parent dies."""


class WorkersError(LucioleError):
    """Workers break as fast as they are started: an operator must act."""


@dataclass(eq=False, slots=True)
class _Job:
    kind: Kind
    body: bytes
    context: Context
    answer: Future[Parsed] = field(default_factory=Future)
    attempts: int = 0
    task: Any = None


class Workers:
    """A few processes that parse, each parse within a time limit.

    Thread-safe. To be closed, or used as a context manager; closing ends running parses at once.
    """

    def __init__(self, count: int, *, timeout: float = TIMEOUT, memory: int = MEMORY) -> None:
        self._count = count
        self._timeout = timeout
        self._memory = memory
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._lock = threading.RLock()  # re-entrant: a task that ended at once delivers within `_schedule`
        self._closed = False
        self._jobs: set[_Job] = set()
        self._pool = self._new_pool()

    def submit(self, kind: Kind, body: bytes, context: Context) -> Future[Parsed]:
        """Have `parse(kind, body, context)` done; the future may be given to `asyncio.wrap_future`.

        A parse that hangs, crashes or swells ends as a value too, with a French sentence in `problem`. The future is cancelled when
        the workers are closed first: that page was not judged and is to be parsed another time. Cancelling it ends the parse. Its only
        error is `WorkersError`. Raises `RuntimeError` after `close`.
        """
        job = _Job(kind, body, context)
        with self._lock:
            if self._closed:
                raise RuntimeError("the workers are closed")
            self._jobs.add(job)
            self._schedule(job)
        job.answer.add_done_callback(lambda answer: job.task.cancel() if answer.cancelled() else None)
        return job.answer

    def warm_up(self) -> Future[None]:
        """Start the workers, every parser loaded, and come back at once. The future is done when the first of them is ready."""
        with self._lock:
            task: Future[None] = self._pool.schedule(_load)
        return task

    def close(self) -> None:
        """End every worker now. Waiting and running parses are cancelled. May be called twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            jobs, self._jobs = self._jobs, set()
        for job in jobs:
            job.answer.cancel()
        _end(self._pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _new_pool(self) -> Any:
        return ProcessPool(
            max_workers=self._count, max_tasks=_RENEWED_AFTER, initializer=_prepare, initargs=(self._memory,), context=self._context
        )

    def _schedule(self, job: _Job) -> None:
        pool = self._pool
        try:
            job.task = pool.schedule(parse, args=(job.kind, job.body, job.context), timeout=self._timeout)
        except RuntimeError:  # Pebble's word for a pool whose idle workers were killed
            self._replace(pool)
        else:
            job.task.add_done_callback(partial(self._deliver, job, pool))

    def _replace(self, broken: Any) -> None:
        """Put a fresh pool in the place of a broken one, which has forgotten its tasks: give them all to the new one."""
        with self._lock:
            if self._closed or broken is not self._pool:
                return
            self._pool = self._new_pool()
            threading.Thread(target=_end, args=(broken,), daemon=True).start()  # may run in a thread of the pool: it cannot join itself
            for job in tuple(self._jobs):
                job.attempts += 1
                if job.attempts < _ATTEMPTS:
                    self._schedule(job)
                else:
                    self._jobs.discard(job)
                    if job.answer.set_running_or_notify_cancel():
                        job.answer.set_exception(WorkersError("Les processus de lecture s’arrêtent aussitôt lancés."))

    def _deliver(self, job: _Job, pool: Any, task: Future[Parsed]) -> None:
        """Turn the end of a task into the answer of its job. Runs in one of Pebble's threads."""
        error = None if task.cancelled() else task.exception()
        if isinstance(error, BrokenProcessPool):
            self._replace(pool)
            return
        with self._lock:
            if job not in self._jobs:
                return
            if isinstance(error, ProcessExpired) and not job.attempts:
                # Not always the page's fault: a service manager that ends a crawl tells its workers to end, too.
                job.attempts += 1
                self._schedule(job)
                return
            self._jobs.discard(job)
        if task.cancelled() or not job.answer.set_running_or_notify_cancel():
            return
        if error is None:
            job.answer.set_result(task.result())
        elif isinstance(error, TimeoutError):
            job.answer.set_result(failed(job.kind, f"lecture abandonnée au bout de {self._timeout:g} s"))
        else:  # two workers died of it, or its answer could not be carried over
            job.answer.set_result(failed(job.kind, f"lecture interrompue ({type(error).__name__})"))


def _end(pool: Any) -> None:
    pool.stop()
    pool.join()


def _load() -> None:
    """Import in a worker what parsing needs, and read the language models: what would be slow the first time."""
    from crawler import feeds, listings, rest, sitemaps  # noqa: F401  (listings imports pages)
    from crawler.language import language_of

    language_of("Une phrase assez longue pour que les modèles de langue soient lus avant la première page de la nuit.")


def _prepare(memory: int) -> None:
    """Make a fresh worker mortal, bounded and silent. Runs in the worker, once, before its first parse."""
    _die_with_parent()
    # Pebble's own handler never gets its turn while a parser hangs in C: the pool would wait three seconds, and every other page with it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Address space is what the kernel can bound; a platform without that limit keeps the time limit only.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    os.environ["RAYON_NUM_THREADS"] = "1"  # lingua's threads would each take a share of the address space
    logging.disable(logging.CRITICAL)  # the libraries warn about every odd page; what matters is in the answer
    warnings.simplefilter("ignore")


def _die_with_parent() -> None:
    """Leave no worker behind a killed fetching process.

    On Linux the kernel does it, even while a parser never gives the interpreter back: a worker's parent is the fork server, which ends
    itself when the fetching process is gone. Elsewhere, and for a parent that is gone already, a thread watches.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
