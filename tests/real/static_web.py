"""Real blogs, kept as static trees, served on loopback under their own names.

The trees hold absolute links to their original addresses. Instead of renaming the blogs, the crawler is told where each host answers
(`LUCIOLE_HOST_MAP`); only `https` becomes `http` in what is served, as loopback has no certificates.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {".html": "text/html", ".xml": "application/xml", ".txt": "text/plain", ".atom": "application/atom+xml", ".css": "text/css"}


@dataclass
class StaticWeb:
    """A server of several trees: `trees` maps a host to its directory and the path that it is mounted under; `added` holds documents that a
    tree lacks though its site had them, by host and path."""

    trees: Mapping[str, tuple[Path, str]]
    added: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def __enter__(self) -> StaticWeb:
        web = self
        secure = re.compile(rb"https(://(?:%s))" % b"|".join(re.escape(host.encode()) for host in self.trees))

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers.get("Host", "").lower()
                web.requests.append((host, self.path))
                if (host, self.path) in web.added:
                    self.answer(HTTPStatus.OK, web.added[host, self.path], "application/xml")
                    return
                found = web.locate(host, self.path)
                if found is None:
                    self.answer(HTTPStatus.NOT_FOUND, b"<h1>Page introuvable</h1>", "text/html")
                elif found.is_dir():
                    self.answer(HTTPStatus.MOVED_PERMANENTLY, b"", "text/html", {"Location": urlsplit(self.path).path + "/"})
                else:
                    body = secure.sub(rb"http\1", found.read_bytes())
                    kind = TYPES.get(found.suffix) or ("application/xml" if body.lstrip()[:5] == b"<?xml" else "text/html")
                    if body.lstrip()[:5] == b"<?xml":
                        kind = "application/xml"
                    self.answer(HTTPStatus.OK, body, kind)

            def answer(self, status: HTTPStatus, body: bytes, kind: str, headers: Mapping[str, str] = {}) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def locate(self, host: str, path: str) -> Path | None:
        """The file behind a path, its directory when the slash is missing, or None."""
        if host not in self.trees:
            return None
        root, mount = self.trees[host]
        parts = urlsplit(path)
        if not unquote(parts.path).startswith(mount):
            return None
        inner = unquote(parts.path)[len(mount) :].lstrip("/")
        names = [f"{inner}?{parts.query}"] if parts.query else []
        for name in (*names, inner):
            file = (root / name).resolve()
            if not file.is_relative_to(root.resolve()):
                continue
            if file.is_file():
                return file
            if file.is_dir() and (file / "index.html").is_file():
                return file / "index.html" if path.partition("?")[0].endswith("/") else file
        return None

    @property
    def host_map(self) -> str:
        """The value of `LUCIOLE_HOST_MAP` that leads here."""
        port = self.server.server_address[1]
        return ",".join(f"{host}=127.0.0.1:{port}" for host in self.trees)
