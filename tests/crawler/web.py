"""A small blogosphere on loopback, made to measure by each test: many hosts on one port, every request written down.

The blogs' authorities carry a port of their own (`7001`), which the host map sends to the server's real one.
"""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luciole.article import Article

PORT = 7001
ROOT = Path(__file__).parents[2]
WORDS = (
    "La lumière des étoiles met des années à nous parvenir, et chaque nuit le ciel que nous regardons est une image du passé. "
    "Les astronomes mesurent cette durée avec patience, en comparant la couleur des astres à celle des flammes de laboratoire. "
    "Rien ne permet de voir une étoile telle qu’elle est à l’instant même, car aucun signal ne voyage plus vite que la lumière. "
)


@dataclass(frozen=True)
class Reply:
    """What a path answers."""

    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Reply | Callable[[Mapping[str, str]], Reply]


class Web:
    """The server. `pages`: host → path (with query) → answer; a host without `/robots.txt` answers 404 there."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, dict[str, Answer]] = {}
        self.others: dict[str, Callable[[str], Answer]] = {}
        """What a host answers for a path that is not among its pages, if it is not 404."""
        self.log: list[tuple[float, str, str, dict[str, str]]] = []
        self._arrived = threading.Condition()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a small body waits 40 ms for the word that its headers came

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                host = headers.get("host", "").partition(":")[0].partition(".")[0]
                with web._arrived:
                    web.log.append((monotonic(), host, self.path, headers))
                    web._arrived.notify_all()
                found = web.pages.get(host, {}).get(self.path, Reply("<h1>Introuvable</h1>", 404))
                if host in web.others and self.path not in web.pages.get(host, {}):
                    found = web.others[host](self.path)
                reply = found(headers) if callable(found) else found
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                try:
                    self.send_response(reply.status)
                    for name, value in {"Content-Type": reply.kind, "Content-Length": str(len(body)), **reply.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    if reply.status != 304:
                        self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}.localhost:{PORT}{path}"

    def host_map(self) -> dict[str, str]:
        return {f"{host}.localhost:{PORT}": f"127.0.0.1:{self._server.server_port}" for host in self.pages}

    def asked(self, host: str) -> list[str]:
        """Paths asked of a host, in order."""
        return [path for _, name, path, _ in self.log if name == host]

    def headers(self, host: str, path: str) -> list[dict[str, str]]:
        return [headers for _, name, asked, headers in self.log if (name, asked) == (host, path)]

    def await_requests(self, count: int, process: subprocess.Popen[str]) -> bool:
        """Wait until so many requests came in all; False when the crawl ended before."""
        deadline = monotonic() + 30
        with self._arrived:
            while len(self.log) < count and process.poll() is None and monotonic() < deadline:
                self._arrived.wait(0.05)
            return len(self.log) >= count


def conditional(body: str, etag: str, kind: str = "application/rss+xml") -> Answer:
    """A page that answers 304 to its own ETag."""

    def answer(headers: Mapping[str, str]) -> Reply:
        if headers.get("if-none-match") == etag:
            return Reply(status=304, kind=kind, headers={"ETag": etag})
        return Reply(body, kind=kind, headers={"ETag": etag, "Last-Modified": "Sun, 01 Nov 2026 03:00:00 GMT"})

    return answer


def post(title: str, words: int = 200, canonical: str = "") -> str:
    """A page that is a post."""
    text = f"{title}. {WORDS * (words // 60 + 1)}"
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<html lang="fr"><head><title>{title}</title>{link}<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-10-03T08:00:00+02:00"></head>'
        f'<body class="single"><article><h1>{title}</h1><p>{text}</p><p>{WORDS}</p></article></body></html>'
    )


def rss(items: Sequence[tuple[str, str]], *, full: bool) -> str:
    """A feed of (title, link), with the whole text or only a summary."""
    entries = []
    for title, link in items:
        content = f"<content:encoded><![CDATA[<p>{title}. {WORDS * 6}</p>]]></content:encoded>" if full else ""
        entries.append(
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>Sat, 03 Oct 2026 08:00:00 +0200</pubDate>"
            f"<description>{title}, en bref. […]</description>{content}</item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Un blog</title><link>http://blog.localhost/</link><description>Essai</description>{''.join(entries)}</channel></rss>"
    )


@dataclass
class Driver:
    """Runs `crawl` in a process of its own, as the reactor starts only once in each."""

    web: Web
    data: Path
    sources: list[dict[str, Any]] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)
    extra_map: dict[str, str] = field(default_factory=dict)
    script: str = "drive.py"

    def source(self, host: str, **keys: Any) -> None:
        """List a blog; its id is its host's name."""
        block = {"id": host, "name": f"Blog {host}", "url": self.web.url(host), "disciplines": ["physique"]}
        self.sources.append(block | keys)

    def job(self, **options: Any) -> dict[str, Any]:
        """What `drive` is given: JSON, durations in seconds."""
        # Archives and the measuring of feeds are asked for by the tests that are about them.
        limits = {"retries": 0, "timeout": 5.0, "backfill_pages": 0, "full_samples": 0} | self.limits
        job = {
            "data": str(self.data),
            "sources": self.sources,
            "host_map": self.web.host_map() | self.extra_map,
            "limits": {name: value.total_seconds() if isinstance(value, timedelta) else value for name, value in limits.items()},
        }
        return job | options

    def start(self, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, str(Path(__file__).parent / self.script), json.dumps(self.job(**options))]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")} | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)

    def crawl(self, **options: Any) -> dict[str, Any]:
        """One crawl to its end: the report as a dictionary, outcomes by id, and `stderr`."""
        return self.end(self.start(**options))

    def end(self, process: subprocess.Popen[str], timeout: float = 60) -> dict[str, Any]:
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        assert process.returncode == 0, f"exit {process.returncode}\n{out}\n{err}"
        report: dict[str, Any] = json.loads(out.splitlines()[-1])
        return report | {"stderr": err}

    def articles(self, source_id: str) -> dict[str, Article]:
        """What the record holds of a blog, by path and query: what was removed or merged into another is left out."""
        from luciole.store import ArticleStore  # a worker that parses may import this module, too: it is to be light

        store = ArticleStore.open(self.data / "luciole.db")
        try:
            found = [one for one in store.changes_since(0) if one.source_id == source_id and not one.is_tombstone]
        finally:
            store.close()
        return {f"/{one.url.partition('://')[2].partition('/')[2]}": one for one in found}

    def titles(self, source_id: str) -> list[str]:
        """The titles of those, sorted."""
        return sorted(one.title for one in self.articles(source_id).values())
