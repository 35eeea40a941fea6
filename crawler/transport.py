"""The way of an answer over the wire: Scrapy's HTTP handler with a bound on what comes before the body.

Owns that bound and nothing else. Scrapy bounds bodies and time, but not headers: a server that sends them without end would fill the
memory as fast as the line carries them, and Scrapy's own limit of memory would then end the night for everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, ParseError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """One connection. It is cut when a head (status line and headers of one answer) grows longer than `most` bytes, give or take one
    chunk; web servers themselves allow 8 to 64 KB."""

    _head = 0
    most = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:
        parser: Any = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._head += len(bytes)
            if self._head > self.most:
                self._giveUp(Failure(ParseError("headers too long", bytes[:100])))  # type: ignore[no-untyped-call]
                self.transport.abortConnection()  # type: ignore[union-attr]
                return
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes such connections."""

    most = 0

    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:
        protocol = _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.most = self.most
        return protocol


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https. Scrapy has no setting for the protocol; the pool's factory is replaced once built."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        most = crawler.settings.getint("DOWNLOAD_HEAD_BYTES")
        self._pool._factory = type("_Factory", (_BoundedFactory,), {"most": most})  # type: ignore[assignment]
