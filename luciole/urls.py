"""Addresses as keys: when two addresses are the same page.

Owns `url_key`, the identity of an address. It refuses to know about fetching: the address that was seen is what is fetched and
shown; the key is only compared. The rules follow from measurements: `courlan` loses SPIP's valueless `?article12` and so merges
different articles, `w3lib` keeps tracking parameters and default ports.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url

_TRACKING = re.compile(
    r"(utm_.*|mc_cid|mc_eid|fbclid|gclid|xtor|at_.*|pk_.*|mtm_.*|ref|share|replytocom|phpsessid|jsessionid|amp|m|showcomment)\Z",
    re.IGNORECASE,
)
_DEFAULT_PORT = {"http": 80, "https": 443}


def url_key(url: str) -> str:
    """The key under which addresses of one page meet: `host[:port]/path[?query]`, without scheme, `www.`, trailing slash or fragment.

    Tracking parameters, session ids and the mobile or AMP twins (`?m=1`, `/amp/`) are dropped; the order of parameters does not
    count; a parameter without a value stays (`spip.php?article12`). Raises `ValueError` for what is not an http(s) address.
    """
    return _url_key(url)


@lru_cache(maxsize=1024)  # one look at a post names its address two or three times
def _url_key(url: str) -> str:
    canonical = canonicalize_url(url.strip())
    parts = urlsplit(canonical)
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:200]!r}")
    host = parts.hostname.removeprefix("www.").rstrip(".")
    port = parts.port
    authority = host if port in (None, _DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"
    path = re.sub(r"/{2,}", "/", parts.path)
    path = re.sub(r"/amp/?\Z", "", path).rstrip("/")
    pairs = [pair for pair in parts.query.split("&") if pair and not _dropped(*pair.partition("=")[::2])]
    return f"{authority}{path}" + (f"?{'&'.join(pairs)}" if pairs else "")


def path_key(url: str) -> str:
    """The part of `url_key` after the authority: what survives when a blog moves to another host. Same errors."""
    key = url_key(url)
    cut = min((at for at in (key.find("/"), key.find("?")) if at >= 0), default=len(key))
    return key[cut:]


@lru_cache(maxsize=10_000)
def authority(url: str) -> str:
    """`host` or `host:port` of an address, lower case, the port only where it is not the scheme's own."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:200]!r}")
    host = parts.hostname.rstrip(".")
    return host if parts.port in (None, _DEFAULT_PORT[parts.scheme]) else f"{host}:{parts.port}"


def _dropped(name: str, value: str) -> bool:
    if name.lower() in {"m", "amp"}:
        return value in {"", "0", "1"}  # Blogger's ?m=1 and WordPress's ?amp; any other use of the letter is the site's own
    return bool(_TRACKING.match(name)) or (name == "source" and value.startswith("rss"))
