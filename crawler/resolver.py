"""The last door before a connection: names become addresses here, and no private address leaves.

Owns resolution for the crawl, at every connection: a name that was public a minute ago and is private now is refused now. The authorities
of the host map are answered here too, with their loopback address *and port*, so that the request above keeps its own name and `Host`.
The types of Twisted's interfaces mean nothing to a type checker (their methods have no `self`): they are `Any` here.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guard import Guard, canonical_host, is_public


@implementer(IHostResolution)
class _Mapped:
    """A resolution that is over before it began."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IResolutionReceiver)
class _OnlyPublic:
    """Passes public addresses on, and notes the others."""

    def __init__(self, receiver: Any, refused: dict[str, str], name: str) -> None:
        self._receiver, self._refused, self._name = receiver, refused, name

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        host = getattr(address, "host", "")
        if isinstance(address, IPv4Address | IPv6Address) and is_public(ip_address(host.partition("%")[0])):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._name] = host

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves as the system does, minus what is not public, plus the host map. `refused`: host → the last address it was refused for."""

    def __init__(self, guard: Guard, reactor: Any) -> None:
        self._guard, self._reactor = guard, reactor
        self._system: Any = reactor.nameResolver
        self.refused: dict[str, str] = {}

    def install_on_reactor(self) -> None:
        """Scrapy's name for: from now on the reactor resolves through this."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """See `IHostnameResolver`. A refused name resolves to nothing."""
        target = self._guard.target(canonical_host(hostName), portNumber)
        if target is not None:
            resolution = _Mapped(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            resolutionReceiver.addressResolved(IPv4Address("TCP", *target))
            resolutionReceiver.resolutionComplete()
            return resolution
        self.refused.pop(hostName, None)
        receiver = _OnlyPublic(resolutionReceiver, self.refused, hostName)
        return self._system.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
