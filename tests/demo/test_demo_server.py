"""The server: validators, methods, log, and the life of the process."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.blog import Blog
from demo.server import running
from demo.validators import http_date, unchanged

Ask = Callable[..., Any]
ROOT = Path(__file__).parents[2]
NOON = datetime(2025, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("if_none_match", "if_modified_since", "expected"),
    [
        (None, None, False),
        ('"a"', None, True),
        ('W/"a"', None, True),
        ('"b", "a"', None, True),
        ("*", None, True),
        ('"b"', http_date(NOON), False),  # the tag decides alone
        ("a", None, False),
        (None, http_date(NOON), True),
        (None, http_date(NOON + timedelta(days=1)), True),
        (None, http_date(NOON - timedelta(seconds=1)), False),
        (None, "hier", False),
    ],
)
def test_conditions(if_none_match: str | None, if_modified_since: str | None, expected: bool) -> None:
    assert unchanged('"a"', NOON, if_none_match, if_modified_since) is expected
    if if_none_match is None:
        assert unchanged('"a"', None, if_none_match, if_modified_since) is False


def test_every_blog_answers_304_to_what_it_gave(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for blog in demo_blogs.values():
        first = ask(f"{blog.url}/")
        assert re.fullmatch(r'"[0-9a-f]{24}"', first.headers["etag"])
        again = ask(f"{blog.url}/", if_none_match=first.headers["etag"])
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert "content-length" not in again.headers
        assert ask(f"{blog.url}/", if_none_match='"autre"').status == 200
        if blog.posts:
            assert ask(f"{blog.url}/", if_modified_since=first.headers["last-modified"]).status == 304


def test_feeds_answer_304_by_tag_and_by_date(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    for name, path in (("cieux", "/feed/"), ("lichens", "/feeds/posts/default"), ("roches", "/spip.php?page=backend")):
        url = demo_blogs[name].url + path
        first = ask(url)
        assert ask(url, if_none_match=first.headers["etag"]).status == 304
        assert ask(url, if_modified_since=first.headers["last-modified"]).status == 304


def test_head_is_a_get_without_body(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    url = f"{demo_blogs['cieux'].url}/feed/"
    get, head = ask(url), ask(url, method="HEAD")
    assert head.body == b""
    assert head.headers == get.headers
    assert head.headers["content-length"] == str(len(get.body))


def test_other_methods_are_refused(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    reply = ask(f"{demo_blogs['cieux'].url}/", method="POST")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_host_names_are_read_leniently(demo_blogs: dict[str, Blog], ask: Ask) -> None:
    url = demo_blogs["cieux"].url
    for host in ("CIEUX.localhost:8001", "cieux.localhost", "cieux.localhost.:8001"):
        assert ask(f"{url}/", host=host).body == ask(f"{url}/").body


def test_the_log_tells_what_was_asked(tmp_path: Path) -> None:
    log = tmp_path / "requetes.jsonl"
    with running(log=log) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        host = f"roches.localhost:{port}"
        connection.request("GET", "/spip.php?page=backend", headers={"Host": host, "User-Agent": "essai/1", "If-None-Match": '"x"'})
        response = connection.getresponse()
        body = response.read()
        connection.close()
    assert response.status == 200
    assert f"http://roches.localhost:{port}/spip.php?article".encode() in body
    (entry,) = [json.loads(line) for line in log.read_text().splitlines()]
    assert datetime.fromisoformat(entry.pop("time")).tzinfo is not None
    assert entry == {
        "host": host,
        "method": "GET",
        "path": "/spip.php?page=backend",
        "status": 200,
        "user_agent": "essai/1",
        "if_none_match": '"x"',
    }
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_process_says_when_it_is_ready_and_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "--port", "0", "--log", str(tmp_path / "log")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        found = re.search(r"11 blogs sur http://localhost:(\d+)/$", line.rstrip())
        assert found, line
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=10)
        connection.request("GET", "/robots.txt", headers={"Host": f"cieux.localhost:{found[1]}"})
        assert connection.getresponse().status == 200  # left open: a waiting client must not delay the end
        process.send_signal(number)
        rest, errors = process.communicate(timeout=15)
        connection.close()
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, rest, errors) == (0, b"", b"")


def test_a_taken_port_is_said_plainly() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = subprocess.run([sys.executable, "-m", "demo", "--port", str(port)], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr
