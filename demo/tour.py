"""The whole way on one machine, for someone who has just cloned the repository.

Starts the invented blogs, crawls them with the real crawler, indexes, serves the search page, and leaves no process behind. Everything
runs through the same commands that an operator uses; only the settings differ.
"""

from __future__ import annotations

import ctypes
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from demo.listing import host_map, sources_yaml, vocabulary_yaml
from luciole.errors import AlreadyRunning, LucioleError
from luciole.lock import data_lock

READY_WITHIN_S = 20.0
STOP_WITHIN_S = 10.0


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One demonstration at a time in a directory: a second one would move the blogs under the feet of the first."""
    try:
        with data_lock(data / "tour"):
            yield
    except AlreadyRunning as error:
        raise LucioleError("a demonstration is already running here", hint="stop it first (Ctrl-C where it runs)") from error


class Stopped(Exception):
    """The visitor pressed Ctrl-C, or the system asked us to end."""


def tour(data: Path, *, port: int, blogs_port: int) -> None:
    """Serve the blogs on `blogs_port`, then crawl, index and serve the page on `port` until Ctrl-C. A port that is taken is replaced by
    a free one for the blogs, and is an error for the page. Returns when stopped by the visitor; raises `LucioleError` when a step fails."""
    console = Console(highlight=False, soft_wrap=True)
    page = _listener(port, "the search page", hint=f"choose another: make run PORT={port + 1000 if port < 60000 else 8000}")
    with ExitStack() as stack:
        stack.callback(page.close)
        data.mkdir(parents=True, exist_ok=True)
        stack.enter_context(_alone(data))
        for number in (signal.SIGINT, signal.SIGTERM):
            stack.callback(signal.signal, number, signal.signal(number, _stop))
        try:
            wanted, blogs_port = blogs_port, _free_port(blogs_port)
            console.print(f"[bold]1/3[/]  Dix blogs inventés, et un piège, s’allument sur http://localhost:{blogs_port} …")
            if blogs_port != wanted != 0:
                console.print(f"      (le port {wanted} est pris : leurs articles changent d’adresse pour cette fois)")
            blogs = _spawn(stack, [sys.executable, "-m", "demo", "--port", str(blogs_port), "--log", str(data / "blogs.log")], {})
            _wait_until_ready(blogs)
            console.print(
                "[bold]2/3[/]  Le vrai robot les visite, puis l’index se construit. Un article est en anglais : il n’y entrera pas."
            )
            console.print("      « passage » est le piège : son flux mène à une adresse privée, le robot doit le refuser.")
            listed, vocabulary = data / "sources.yaml", data / "vocabulaire.yaml"
            _written_at(listed, sources_yaml(blogs_port), blogs_port)
            _written_at(vocabulary, vocabulary_yaml(blogs_port), blogs_port)
            environment = {
                "LUCIOLE_DATA": str(data),
                "LUCIOLE_SOURCES": str(listed),
                "LUCIOLE_VOCABULARY": str(vocabulary),
                "LUCIOLE_HOST_MAP": host_map(blogs_port),
                "LUCIOLE_ENGINE": "embedded:",
            }
            night = _spawn(stack, [sys.executable, "-m", "luciole.cli", "nightly"], environment, quiet=False)
            if night.wait() != 0:
                raise LucioleError("the demonstration could not be crawled", hint="its messages are above; `make clean` starts afresh")
            chosen = page.getsockname()[1]
            page.close()
            serve = [sys.executable, "-m", "luciole.cli", "serve", "--quiet", "--port", str(chosen)]
            server = _spawn(stack, serve, environment, quiet=False)
            _wait_until_answers(f"http://127.0.0.1:{chosen}/readyz", server)
            console.print(f"[bold]3/3[/]  La recherche est ouverte :  [bold]http://127.0.0.1:{chosen}[/]")
            console.print(f"      Essayez « l'energie noir », « carotes de glace » ou « ADN ». Les blogs : http://localhost:{blogs_port}")
            console.print(f"      La liste est dans {listed}, les synonymes dans {vocabulary.name}. Ctrl-C arrête tout.")
            if server.wait() != 0:
                raise LucioleError("the search page stopped by itself", hint="its messages are above")
        except Stopped:
            console.print("\nTout s’arrête. À bientôt !")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of them running


def _written_at(path: Path, text: str, port: int) -> None:
    """Write a file of the demonstration's curators, unless it is there. A visitor's edits stay: only the port of their addresses is
    changed."""
    text = path.read_text(encoding="utf-8") if path.exists() else text
    path.write_text(re.sub(r"(\.localhost):\d+", rf"\g<1>:{port}", text), encoding="utf-8")


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _spawn(stack: ExitStack, command: Sequence[str], environment: Mapping[str, str], *, quiet: bool = True) -> subprocess.Popen[bytes]:
    """Start a process that is stopped, and waited for, when the stack unwinds, and that dies with us should we be killed.

    It gets a session of its own: Ctrl-C reaches us alone, and we stop everyone in order.
    """
    process = subprocess.Popen(  # noqa: S603 (our own modules)
        command,
        env=os.environ | {"PYTHONUNBUFFERED": "1"} | dict(environment),
        stdout=subprocess.PIPE if quiet else None,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    stack.callback(_end, process)
    return process


def _die_with_parent() -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()  # as polite as Ctrl-C to all of them, and silent to one that is still loading
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def _wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    """The server of the blogs prints one line once it listens."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], READY_WITHIN_S)
    if not ready or not process.stdout.readline():
        raise LucioleError("the demonstration blogs did not start", hint="run `python -m demo` to see why")


def _wait_until_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the page's own readiness check passes; raise when its process ends or takes too long."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own loopback address)
                return
        except OSError:
            time.sleep(0.05)
    raise LucioleError("the search page did not start", hint="its messages are above")


def _listener(port: int, what: str, *, hint: str) -> socket.socket:
    """A socket that holds a loopback port, so that a taken one is known before anything starts."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
    except OSError as error:
        held.close()
        raise LucioleError(f"port {port} is taken: {what} cannot be served there", hint=hint) from error
    return held


def _free_port(wanted: int) -> int:
    try:
        held = _listener(wanted, "the demonstration", hint="")
    except LucioleError:
        held = _listener(0, "the demonstration", hint="")
    with held:
        port: int = held.getsockname()[1]
        return port
