"""Whether an address of the list may be visited at all, and why not, in French. Resolves nothing and fetches nothing.

This is the curators' spelling check. The crawler's guard looks at what names resolve to, and refuses on its own.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from luciole.registry_faults import quoted
from luciole.urls import authority

MAX_LENGTH: Final = 2000
PUBLIC_PORTS: Final = frozenset({None, 80, 443})

VIDEO_HOSTS: Final = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"})
"""Hosts whose robots.txt forbids what we would fetch: their channels are listed, never crawled."""

_SPECIAL_USE: Final = "arpa corp example home internal intranet invalid lan local localdomain localhost onion private test"
_PRIVATE_ENDINGS: Final = frozenset(_SPECIAL_USE.split())
"""Last labels that never name a public site: RFC 2606, 6761, 6762, 7686, 8375, 9476 and what home routers hand out."""

_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_NUMBER: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z")


def refuse_url(url: str, allow_hosts: frozenset[str] = frozenset()) -> str | None:
    """Why this address cannot be that of a public blog, as a sentence in French, or None when it can.

    Hosts under `.localhost` and the authorities (`host:port`) of `allow_hosts` pass with any port: the demo and the tests live there.
    """
    if len(url) > MAX_LENGTH:
        return f"adresse de plus de {MAX_LENGTH} caractères."
    if bad := next((char for char in url if char.isspace() or not char.isprintable() or char in '<>"\\^`{}|'), None):
        return f"adresse avec {'une espace' if bad.isspace() else f'le caractère {quoted(bad)}'} : {quoted(url)}."
    scheme, separator, _ = url.partition("://")
    if not separator:
        return f"adresse incomplète : {quoted(url)} ; elle commence par « https:// » (ou « http:// »)."
    if scheme.lower() not in {"http", "https"}:
        return f"adresse en {quoted(scheme + '://')} : seules « https:// » et « http:// » sont visitées."
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        where = authority(url) if host else ""
    except ValueError:
        return f"adresse impossible à lire : {quoted(url)}."
    if not host:
        return f"adresse sans nom de site : {quoted(url)}."
    if "@" in parts.netloc:
        return "adresse avec un nom d’utilisateur ou un mot de passe : retirez ce qui précède « @ »."
    if "#" in url:
        return f"adresse avec un repère de page : retirez « # » et la suite de {quoted(url)}."
    if where in allow_hosts or host.endswith(".localhost"):
        return None
    return _refuse_host(host) or (None if port in PUBLIC_PORTS else f"port {port} : un blog public répond sur 80 ou 443.")


def _refuse_host(host: str) -> str | None:
    """The same question for the host alone. International names are read as browsers read them, so that full-width digits hide nothing."""
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return f"nom de site impossible : {quoted(host)}."
    labels = ascii_host.split(".")
    if ":" in ascii_host or _is_ip(ascii_host) or _NUMBER.match(labels[-1]):
        return f"{quoted(host)} est une adresse IP : donnez le nom du site."
    if len(labels) < 2:
        return f"{quoted(host)} n’est pas le nom d’un site public : il y manque un point et une terminaison (.fr, .org…)."
    if labels[-1] in _PRIVATE_ENDINGS:
        return f"{quoted(host)} n’est pas un site public : « .{labels[-1]} » ne se visite pas."
    if not all(_LABEL.match(label) for label in labels) or len(ascii_host) > 253:
        return f"nom de site impossible : {quoted(host)}."
    return None


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
