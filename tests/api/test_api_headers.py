"""What every answer says in its headers, whatever was asked: no query, path or header makes an error of ours, or a header of theirs."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.app import OPENED, create
from api.gates import PROTECTION, names_a_host
from luciole.settings import Settings
from tests.api.hits import NASTY
from tests.api.meadow import publish, serving

NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(rb"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
HOSTS = [
    "luciole.example@mal.example",
    "mal.example/recherche?x=",
    "a b",
    "mal.example#",
    "[::::]",
    "[::1",
    "x" * 300,
    "mal.example:99999",
    "mal.example:80:80",
    "<script>",
    "é.example",
    "\\mal.example",
]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def get(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.decode().lower() == name.lower()]
        assert len(found) <= 1, name
        return found[0].decode("ascii") if found else None


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def application(settings: Settings) -> FastAPI:
    """The application whose public address is the one that was asked: nobody named another."""
    return create(Settings(data=settings.data))


@pytest.fixture(scope="session")
def ask(application: FastAPI) -> Iterator[Ask]:
    """Asks without a socket: what no server would let through comes through."""
    with asyncio.Runner() as runner:

        def ask(path: str, query: bytes = b"", *, method: str = "GET", host: bytes = b"localhost", **headers: str) -> Answer:
            sent = [
                (b"host", host),
                *((name.replace("_", "-").lower().encode(), value.encode("latin-1")) for name, value in headers.items()),
            ]
            scope = {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "scheme": "http",
                "method": method,
                "path": path,
                "raw_path": quote(path.encode("utf-8", "replace")).encode(),
                "root_path": "",
                "query_string": query,
                "headers": sent,
                "client": ("127.0.0.1", 1),
                "server": ("127.0.0.1", 8000),
            }
            messages: list[dict[str, Any]] = []

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message: Any) -> None:
                messages.append(message)

            runner.run(application(scope, receive, send))  # type: ignore[arg-type]
            start, *rest = messages
            return Answer(start["status"], start["headers"], b"".join(one.get("body", b"") for one in rest))

        yield ask


def paths(app: FastAPI) -> list[str]:
    """Every route of the application, by its pattern."""
    return [route.path for part in app.routes for route in getattr(getattr(part, "original_router", None), "routes", [part])]  # type: ignore[attr-defined]


def checked(answer: Answer, path: str) -> Answer:
    """What is true of every answer."""
    for name, value in answer.headers:
        assert NAME.fullmatch(name), name
        assert VALUE.fullmatch(value), (name, value)
    assert answer.get("Set-Cookie") is None
    opened = any(path.startswith(one) if one.endswith("/") else path == one for one in OPENED)
    for name, wanted in PROTECTION.items():
        if name == "Cross-Origin-Resource-Policy" and opened and answer.status != 500:
            assert answer.get(name) == "cross-origin"
        else:
            assert answer.get(name) == wanted, (path, name)
    assert answer.get("Access-Control-Allow-Origin") == ("*" if opened else None)
    location = answer.get("Location")
    assert location is None or re.match(r"/(?![/\\])", location), location
    shown = answer.get("Content-Location")
    assert shown is None or re.match(r"/recherche(\?|$)", shown), shown
    if answer.status == 304:
        assert answer.body == b""
        assert answer.get("ETag")
    elif answer.body:
        kind = answer.get("Content-Type") or ""
        assert "charset=utf-8" in kind or kind.startswith(("image/", "font/", "application/json")), kind
    return answer


VALUES = st.one_of(
    NASTY, st.text(max_size=40), st.sampled_from(["1", "-1", "99999999999999999999", "date", "lichen", "a\r\nX-Evil: 1", '"'])
)
NAMES = st.sampled_from(["q", "tri", "page", "tel_quel", "size", "discipline", "blog", "auteur", "annee", "type", "mois", "n", ""])
PAIRS = st.lists(st.tuples(NAMES | st.text(max_size=5), VALUES), max_size=5).map(lambda pairs: urlencode(pairs, errors="replace").encode())
QUERIES = st.one_of(PAIRS, st.binary(max_size=60), st.just(b"q=%ed%a0%80&q=%ff%00"), st.just(b"q=a%0d%0aX-Evil:%201"))


def test_every_route_is_known_to_this_test(application: FastAPI) -> None:
    known = set(paths(application))
    assert {
        "/",
        "/recherche",
        "/recherche.atom",
        "/blogs.opml",
        "/sitemap-{number}.xml",
        "/static/{name}",
        "/api/v1/articles/{id}",
    } <= known
    assert all(known)


@given(data=st.data(), query=QUERIES, part=VALUES, htmx=st.booleans())
@hypothesis_settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_address_is_an_error_of_ours(application: FastAPI, ask: Ask, data: st.DataObject, query: bytes, part: str, htmx: bool) -> None:
    pattern = data.draw(st.sampled_from(paths(application)))
    path = re.sub(r"\{\w+\}", lambda _: part.encode("utf-8", "replace").decode(), pattern)
    headers = {"HX_Request": "true"} if htmx else {}
    answer = checked(ask(path, query, **headers), path)
    assert answer.status in {200, 302, 303, 304, 307, 400, 404, 405}, (answer.status, path, query)
    assert b"X-Evil" not in b"".join(name for name, _ in answer.headers)
    if tag := answer.get("ETag"):
        again = checked(ask(path, query, If_None_Match=tag, **headers), path)
        assert again.status == 304


@given(path=st.text(max_size=60).map(lambda text: "/" + text), query=st.binary(max_size=20))
@example(path="//mal.example/", query=b"")
@example(path="/recherche.atom/", query=b"")
@example(path="/\\mal.example", query=b"")
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_path_is_an_error_of_ours(ask: Ask, path: str, query: bytes) -> None:
    path = path.encode("utf-8", "replace").decode()
    assert checked(ask(path, query), path).status in {200, 302, 303, 307, 404, 405}


@given(host=st.one_of(st.sampled_from(HOSTS), st.text(max_size=30)).filter(lambda one: not names_a_host(one)), pattern=st.integers(0, 100))
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_host_that_is_none_is_refused(application: FastAPI, ask: Ask, host: str, pattern: int) -> None:
    known = paths(application)
    path = known[pattern % len(known)]
    answer = checked(ask(path, host=host.encode("utf-8", "replace")), path)
    assert answer.status == 400
    assert b"mal.example" not in answer.body


@pytest.mark.parametrize("host", ["a.example", "a.example:8000", "[::1]:8000", "127.0.0.1", "A-b_c.example."])
def test_addresses_are_made_of_a_host_that_is_one(ask: Ask, host: str) -> None:
    answer = ask("/sitemap.xml", host=host.encode())
    assert answer.status == 200
    assert f"<loc>http://{host}/sitemap-1.xml</loc>".encode() in answer.body
    assert checked(ask("/recherche.atom", host=host.encode()), "/recherche.atom").status == 200


def test_where_the_operator_named_an_address_no_host_changes_it(client: httpx.Client) -> None:
    answer = client.get("/recherche.atom?q=lichen", headers={"Host": "mal.example"})
    assert answer.status_code == 200
    assert "mal.example" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/recherche", "/recherche.atom", "/api/v1/search", "/static/x", "/sitemap.xml"])
def test_other_methods_are_refused(ask: Ask, method: str, path: str) -> None:
    assert checked(ask(path, method=method), path).status == 405


def raw(address: str, request: bytes) -> tuple[bytes, list[bytes], bytes]:
    """The status line, the headers and the body of the one answer to bytes on a socket."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    told, _, body = received.partition(b"\r\n\r\n")
    head = told.split(b"\r\n")
    return head[0], head[1:], body


@pytest.mark.parametrize(
    "target",
    [
        b"/recherche?q=a%0d%0aSet-Cookie:%20x=1",
        b"/recherche.atom?q=a%0d%0aSet-Cookie:%20x=1&blog=%0d%0aX-Evil:1",
        b"/recherche?q=%C3%A9%F0%9F%AA%B2%E2%80%AE",
        b"/suggestions.json?q=%0a%0d%00",
        b"/sitemap-%0d%0aX-Evil:1.xml",
        b"//mal.example/%2e%2e",
        b"/recherche?q=" + b"a" * 20_000,
    ],
)
@pytest.mark.parametrize("more", [b"", b"HX-Request: true\r\n", b'If-None-Match: W/"x", \xff\r\n'])
def test_on_the_wire_no_line_is_added(address: str, target: bytes, more: bytes) -> None:
    status, headers, _ = raw(address, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + b"\r\n")
    assert int(status.split()[1]) in {200, 400, 404}
    names = [line.partition(b":")[0].lower() for line in headers]
    assert not {b"set-cookie", b"x-evil"} & set(names)
    assert all(VALUE.fullmatch(line) for line in headers)
    if int(status.split()[1]) != 400:  # uvicorn's own refusal of a malformed request
        assert b"content-security-policy" in names
        assert names.count(b"content-security-policy") == 1


def test_two_hosts_are_refused(address: str) -> None:
    status, headers, _ = raw(address, b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: mal.example\r\nConnection: close\r\n\r\n")
    assert status.split()[1] == b"400"
    assert not [line for line in headers if b"mal.example" in line]


@pytest.mark.parametrize(
    ("target", "host", "path"),
    [
        (b"http://a.example:8000/sitemap.xml", b"localhost", "http://a.example:8000"),
        (b"HTTPS://a.example/sitemap.xml?x=http://b.example/", b"localhost", "http://a.example"),
        (b"/sitemap.xml", b"a.example", "http://a.example"),
        (b"http://[::1]:80/%73itemap.xml", b"localhost", "http://[::1]:80"),
    ],
)
def test_the_host_of_an_absolute_target_is_the_one_that_counts(application: FastAPI, target: bytes, host: bytes, path: str) -> None:
    with serving(application) as address:
        status, _, body = raw(address, b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert status.split()[1] == b"200"
    assert f"<loc>{path}/sitemap-1.xml</loc>".encode() in body


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        (b"http://localhost", b"localhost", b"200"),
        (b"http://localhost?x=1", b"localhost", b"200"),
        (b"http://localhost/a-propos", b"localhost", b"200"),
        (b"http://localhost/nulle-part", b"localhost", b"404"),
        (b"http://localhost//mal.example/", b"localhost", b"404"),
        (b"http://localhost/http://mal.example/", b"localhost", b"404"),
        (b"http:///a-propos", b"localhost", b"400"),
        (b"http://luciole.example@mal.example/", b"localhost", b"400"),
        (b"http://mal.example#/", b"localhost", b"400"),
        (b"http://mal.example:99999/", b"localhost", b"400"),
        (b"http://%6dal.example/", b"localhost", b"400"),
        (b"http://localhost/", b"mal.example/x", b"400"),  # a header that is no host is refused, even where it would not count
        (b"http://localhost/", b"localhost\r\nHost: mal.example", b"400"),
        (b"ftp://localhost/", b"localhost", b"404"),
    ],
)
def test_an_absolute_target_is_taken_apart_and_a_hostile_one_refused(address: str, target: bytes, host: bytes, status: bytes) -> None:
    line, headers, body = raw(address, b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert line.split()[1] == status
    assert not [one for one in headers if b"mal.example" in one]
    if status == b"400":
        assert b"mal.example" not in body


def test_an_unexpected_error_is_protected_too(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.live_index import LiveIndex

    settings = Settings(data=tmp_path)
    publish(settings)

    def broken(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(LiveIndex, "page", broken)
    with serving(create(settings)) as base:
        for path in ("/recherche?q=x", "/recherche.atom?q=x", "/api/v1/search?q=x"):
            answer = httpx.get(base + path, timeout=20)  # on a connection of its own: the server closes it after an error
            assert answer.status_code == 500
            assert "secret" not in answer.text
            for name, value in PROTECTION.items():
                assert answer.headers[name] == value
