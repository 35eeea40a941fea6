"""The guard: what is never requested, whoever asks.

Pure decisions over addresses. Owns which URLs may be requested (`check`) and which IP addresses may be connected to (`is_public`). The
only hole is the host map: exactly its authorities connect to exactly its loopback ports. It refuses to know Scrapy and the resolver,
which ask here. Feeds, pages and redirects are written by strangers: without this a blog could make us read our own machines.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote, urlsplit

_PRIVATE_SUFFIXES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "localdomain", "onion")
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z")
_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules with their one exception. `host_map`: authority (`host[:port]`) → loopback `address:port`."""

    host_map: Mapping[str, str] = field(default_factory=dict)

    def check(self, url: str) -> str | None:
        """Why this address is not requested, as a French noun phrase («une adresse privée (127.0.0.1:22)»), or None when it may be."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            return "une adresse illisible"
        if parts.scheme not in _PORT:
            return f"un protocole interdit ({parts.scheme or 'aucun'})"
        if "@" in parts.netloc:
            return "une adresse avec identifiants"
        if not parts.hostname:
            return "une adresse illisible"
        host = canonical_host(parts.hostname)
        shown = host if port in (None, _PORT[parts.scheme]) else f"{host}:{port}"
        if self.target(host, port or _PORT[parts.scheme]) is not None:
            return None
        literal = ip_literal(host)
        if literal is not None:
            address = f"[{literal}]" if literal.version == 6 else str(literal)
            address += f":{port}" if port and port != _PORT[parts.scheme] else ""
            return f"une adresse IP ({address})" if is_public(literal) else f"une adresse privée ({address})"
        if host in _PRIVATE_SUFFIXES or host.endswith(tuple(f".{suffix}" for suffix in _PRIVATE_SUFFIXES)) or "." not in host:
            return f"une adresse privée ({shown})"
        if looks_numeric(host) or not _NAME.fullmatch(host):
            return f"une adresse illisible ({host[:80]})"
        if port not in (None, 80, 443):
            return f"un port inhabituel ({shown})"
        return None

    def target(self, host: str, port: int) -> tuple[str, int] | None:
        """Where the host map sends this authority, or None when it is not in it."""
        mapped = self.host_map.get(f"{host}:{port}") or (self.host_map.get(host) if port in (80, 443) else None)
        if mapped is None:
            return None
        address, _, mapped_port = mapped.rpartition(":")
        return address, int(mapped_port)

    def is_mapped(self, url: str) -> bool:
        """Whether the host map holds the authority of this address."""
        try:
            parts = urlsplit(url)
            return (
                parts.scheme in _PORT and self.target(canonical_host(parts.hostname or ""), parts.port or _PORT[parts.scheme]) is not None
            )
        except ValueError:
            return False


def canonical_host(host: str) -> str:
    """A host as a resolver would come to read it: escapes and compatibility characters undone, lower case, no final dot."""
    return unicodedata.normalize("NFKC", unquote(host)).translate(_DOTS).lower().rstrip(".")


def ip_literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host spells, in any spelling a C library takes: dotted, short, decimal, octal, hexadecimal, IPv6."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if not looks_numeric(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def looks_numeric(host: str) -> bool:
    """Whether the last label is a number: such a host is an IPv4 address or nothing (WHATWG URL, "ends in a number")."""
    return bool(_NUMBER.match(host.rstrip(".").rpartition(".")[2]))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public Internet: not private, loopback, link-local, CGNAT, multicast, reserved or unspecified;
    an IPv4 address wrapped in IPv6 (mapped, 6to4, Teredo) counts as what it wraps, and what only a translator can reach is not."""
    if isinstance(address, IPv6Address):
        if any(address in prefix for prefix in _TRANSLATED) or address.is_site_local:
            return False
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Prefix:
    """Addresses that share their first bits; `ipaddress` networks would do, but refuse IPv4 operands loudly."""

    def __init__(self, prefix: str, bits: int) -> None:
        self._value, self._shift = int(IPv6Address(prefix)) >> (128 - bits), 128 - bits

    def __contains__(self, address: IPv6Address) -> bool:
        return int(address) >> self._shift == self._value


_TRANSLATED = (_Prefix("64:ff9b::", 96), _Prefix("64:ff9b:1::", 48), _Prefix("::ffff:0:0:0", 96), _Prefix("::", 96))
"""IPv4 addresses in other clothes: NAT64 (RFC 6052), its local prefix (RFC 8215), IPv4-translated (RFC 2765), compatible (RFC 4291)."""
