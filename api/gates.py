"""What every request passes on its way in and every answer on its way out.

Owns the headers that protect readers, and the limit on requests at work. Pure ASGI: it knows nothing of routes or of searching.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

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

Refusal = Callable[[Scope, Receive, Send], Awaitable[None]]


class Protected:
    """Adds `PROTECTION` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in PROTECTION.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, protected)


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
        if scope["type"] != "http" or self._is_free(scope["path"]):
            await self._app(scope, receive, send)
        elif self._inside >= self._places:
            await self._refuse(scope, receive, send)
        else:
            self._inside += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._inside -= 1

    def _is_free(self, path: str) -> bool:
        return any(path.startswith(one) if one.endswith("/") else path == one for one in self._free)
