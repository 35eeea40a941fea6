"""What every request passes on its way in and every answer on its way out.

Owns the headers that protect readers, which requests are none of ours, and the limit on requests at work. Pure ASGI: it knows nothing of
searching.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROTECTION: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # A blog may learn that readers come from here, never what they searched.
    "Referrer-Policy": "strict-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OPENED: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What answers to programs says besides: they are the same for everyone, no cookie makes them somebody's, and a feed reader that runs in a
browser may read them. Pages stay ours."""
_NAMED: Final = re.compile(r"(?P<name>[a-z0-9_.-]{1,253}|\[(?P<v6>[0-9a-f:.]{2,45})\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(rb"https?://([^/]*)(.*)", re.IGNORECASE | re.DOTALL)
_UNSENDABLE: Final = re.compile(rb"[^\x21-\x7e]")
"""No server should let these through in a query; some do."""

Refusal = Callable[[Scope, Receive, Send], Awaitable[None]]


def names_a_host(header: str) -> bool:
    """Whether a Host header is a name or an address, with a port or without."""
    found = _NAMED.fullmatch(header)
    if found is None or int(found["port"] or 0) > 65_535:
        return False
    try:
        return found["v6"] is None or bool(IPv6Address(found["v6"]))
    except AddressValueError:
        return False


class Protected:
    """Adds `PROTECTION` to every answer, and `OPENED` to those for programs (`opened`: whole paths, or prefixes that end in a slash)."""

    def __init__(self, app: ASGIApp, *, opened: tuple[str, ...] = ()) -> None:
        self._app = app
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = PROTECTION | OPENED if _is_among(scope["path"], self._opened) else PROTECTION

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, protected)


class Addressed:
    """Refuses a request whose Host header is none, or that has several (RFC 9112, 3.2): our addresses are made of it. A target in absolute
    form is taken apart, and its host stands for the header (3.2.2). Makes a query ASCII (RFC 3986), as everything behind expects."""

    def __init__(self, app: ASGIApp, *, refuse: Refusal) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "http":
            hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            absolute = _ABSOLUTE.fullmatch(scope.get("raw_path") or b"")
            named = [*hosts, absolute[1].decode("latin-1")] if absolute else hosts
            if len(hosts) > 1 or not all(map(names_a_host, named)):
                target = {"path": "/", "raw_path": b"/"} if absolute else {}
                await self._refuse({**scope, **target, "headers": others, "query_string": b""}, receive, send)
                return
            if absolute:
                path = absolute[2] or b"/"
                target = {"path": unquote(path.decode("latin-1")), "raw_path": path}
                scope = {**scope, **target, "headers": [(b"host", absolute[1]), *others]}
            scope = {**scope, "query_string": _UNSENDABLE.sub(lambda one: b"%%%02X" % one[0][0], scope["query_string"])}
        await self._app(scope, receive, send)


class Turnstile:
    """Lets so many requests work at once and sends the next one away: a queue would only make everybody wait for what nobody awaits.

    What answers from memory (`free`: whole paths, or prefixes that end in a slash) is not counted.
    """

    def __init__(self, app: ASGIApp, *, places: int, free: tuple[str, ...], refuse: Refusal) -> None:
        self._app = app
        self._places = places
        self._free = free
        self._refuse = refuse
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, or refuse at once. Counted on the event loop alone: no two requests can take the last place."""
        if scope["type"] != "http" or _is_among(scope["path"], self._free):
            await self._app(scope, receive, send)
        elif self._inside >= self._places:
            await self._refuse(scope, receive, send)
        else:
            self._inside += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._inside -= 1


def _is_among(path: str, chosen: tuple[str, ...]) -> bool:
    return any(path.startswith(one) if one.endswith("/") else path == one for one in chosen)
