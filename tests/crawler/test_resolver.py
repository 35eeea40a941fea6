"""What leaves the resolver: fault case 17, names that lead, or come to lead, to private addresses."""

from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guard import Guard
from crawler.resolver import GuardedResolver


class Dns:
    """A name service under the test's control, and the place where a resolver is installed."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.nameResolver = self

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *rest: Any) -> None:
        receiver.resolutionBegan(None)
        for address in self.names.get(name, []):
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()

    def installNameResolver(self, resolver: Any) -> None:
        self.nameResolver = resolver


@implementer(IResolutionReceiver)
class Receiver:
    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:
        self.complete = True


def resolve(resolver: GuardedResolver, name: str, port: int = 80) -> list[tuple[str, int]]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, port)
    assert receiver.complete
    return receiver.addresses


def test_only_public_addresses_of_a_name_leave() -> None:
    dns = Dns(exemple_fr=["10.0.0.7", "93.184.216.34", "::ffff:127.0.0.1", "2a00:1450:4007::1"])
    resolver = GuardedResolver(Guard(), dns)
    assert resolve(resolver, "exemple.fr") == [("93.184.216.34", 80), ("2a00:1450:4007::1", 80)]


def test_a_name_that_turns_private_is_refused_from_then_on() -> None:
    dns = Dns(exemple_fr=["93.184.216.34"])
    resolver = GuardedResolver(Guard(), dns)
    assert resolve(resolver, "exemple.fr") == [("93.184.216.34", 80)]
    assert not resolver.refused
    dns.names["exemple.fr"] = ["127.0.0.1"]
    assert resolve(resolver, "exemple.fr") == []
    assert resolver.refused == {"exemple.fr": "127.0.0.1"}


def test_a_mapped_authority_connects_to_its_mapped_port_without_asking_anybody() -> None:
    resolver = GuardedResolver(Guard({"cieux.localhost:7001": "127.0.0.1:9001"}), Dns())
    assert resolve(resolver, "cieux.localhost", 7001) == [("127.0.0.1", 9001)]
    assert resolve(resolver, "cieux.localhost", 80) == []


def test_installing_puts_it_in_the_place_of_the_system_one() -> None:
    dns = Dns()
    resolver = GuardedResolver(Guard(), dns)
    resolver.install_on_reactor()
    assert dns.nameResolver is resolver
