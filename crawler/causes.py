"""Why an address could not be read, in French words: the translation of statuses and transport errors.

Owns the wording and the one distinction that matters next: refused or failed, for good or for now. It knows Scrapy's errors by class and
nothing of what is done about them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.politeness import CrawlLimits

_STATUSES = {
    401: "accès réservé (401)",
    403: "accès refusé par le serveur (403)",
    404: "introuvable (404)",
    408: "le serveur s’est lassé d’attendre (408)",
    410: "retiré par son auteur (410)",
    429: "le serveur demande d’aller moins vite (429)",
    451: "retiré pour raison légale (451)",
    503: "serveur momentanément indisponible (503)",
}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_TLS = re.compile("ssl|VerificationError", re.IGNORECASE)
_GONE = frozenset({410, 451})
_LONGEST_REST = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why nothing was read. `status`: the HTTP status, 0 without an answer; `refused`: somebody's rule forbids it (`by_robots`: the blog's
    own; `silent`: it has a robots.txt that does not answer); `final`: asking again is useless; `until`: the server named its time."""

    cause: str
    status: int = 0
    refused: bool = False
    by_robots: bool = False
    silent: bool = False
    final: bool = False
    until: datetime | None = None


class Refused(IgnoreRequest):
    """Our guard refuses an address; `what` is the guard's noun phrase."""

    def __init__(self, what: str, *, redirected: bool) -> None:
        super().__init__(what)
        self.cause = f"redirigé vers {what}, refusé" if redirected else f"{what} : refusé"


class RobotsForbidden(IgnoreRequest):
    """The robots.txt of the site forbids an address."""

    cause = "le robots.txt du site l’interdit"


class RobotsUnreachable(IgnoreRequest):
    """Without a readable robots.txt nothing may be fetched (RFC 9309, 2.3.1.4). `trouble` says what happened to it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.cause)
        self.trouble = trouble


class TooSlow(IgnoreRequest):
    """The robots.txt of the site asks for more seconds between requests than a crawl can give: only its feed is read."""

    def __init__(self, delay: float) -> None:
        self.cause = f"le robots.txt demande {delay:.0f} s entre deux requêtes : seul le flux est lu"
        super().__init__(self.cause)


def trouble_of_status(status: int, headers: dict[str, str], limits: CrawlLimits, now: datetime) -> Trouble:
    """What an answer that is neither a page nor `304` amounts to. `headers` have lower-case names."""
    until = retry_after(headers.get("retry-after", ""), now) if status in (429, 503) else None
    if status == 429 and until is None:
        until = now + timedelta(seconds=limits.slow_down)
    if until is not None:
        return Trouble(cause=f"{_STATUSES[status][:-6]}, jusqu’au {until:%d/%m/%Y à %H:%M} UTC ({status})", status=status, until=until)
    if 300 <= status < 400:
        scheme = _SCHEME.match(headers.get("location", "").strip().lower())
        if scheme and scheme[1] not in ("http", "https"):
            cause = Refused(f"un protocole interdit ({scheme[1][:20]})", redirected=True).cause
            return Trouble(cause=cause, status=status, refused=True, final=True)
        return Trouble(cause=f"redirection sans destination ({status})", status=status)
    what = _STATUSES.get(status) or (f"erreur du serveur ({status})" if status >= 500 else f"réponse inattendue ({status})")
    return Trouble(cause=what, status=status, final=status in _GONE)


def trouble_of_error(error: BaseException, limits: CrawlLimits, private: str | None = None) -> Trouble:
    """What a transport error amounts to. `private` is the address that the resolver refused for this host, if it did."""
    match error:
        case Refused():
            return Trouble(cause=error.cause, refused=True, final=True)
        case RobotsForbidden() | TooSlow():
            return Trouble(cause=error.cause, refused=True, by_robots=True)
        case RobotsUnreachable():
            return replace(error.trouble, silent=True)
        case _ if too_many_redirects(error):
            return Trouble(cause=f"plus de {limits.redirects} redirections")
        case DownloadCancelledError() | IgnoreRequest():
            return Trouble(cause="contenu trop lourd")
        case CannotResolveHostError() if private is not None:
            return Trouble(cause=f"le nom mène à une adresse privée ({private}) : refusé", refused=True)
        case CannotResolveHostError():
            return Trouble(cause="nom de domaine introuvable")
        case DownloadTimeoutError():
            return Trouble(cause=f"pas de réponse complète en {limits.timeout:g} secondes")
        case DownloadConnectionRefusedError():
            return Trouble(cause="connexion refusée par le serveur")
        case NotSupported() | UnsupportedURLSchemeError():
            return Trouble(cause="protocole interdit", refused=True, final=True)
        case DownloadFailedError() | ResponseDataLossError() if _TLS.search(f"{error}{error.__cause__!r}"):
            return Trouble(cause="certificat TLS non valable")
        case DownloadFailedError() if "headers too long" in f"{error}{error.__cause__!r}":
            return Trouble(cause="en-têtes trop lourds")
        case DownloadFailedError() | ResponseDataLossError():
            return Trouble(cause="connexion interrompue")
        case _ if "certificate" in str(error).lower() or "ssl" in type(error).__module__.lower():
            return Trouble(cause="certificat TLS non valable")
        case _:
            return Trouble(cause=f"connexion impossible ({type(error).__name__})")


def too_many_redirects(error: BaseException) -> bool:
    """Whether Scrapy gave up following redirects (it says so in words only)."""
    return type(error) is IgnoreRequest and "redirect" in str(error)


def retry_after(value: str, now: datetime) -> datetime | None:
    """The moment that a `Retry-After` names, in seconds or as an HTTP date (RFC 9110, 10.2.3); None when it names none.

    Never before `now`, never more than 30 days away.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        seconds = text.lstrip("0") or "0"
        moment = now + timedelta(seconds=int(seconds) if len(seconds) < 8 else _LONGEST_REST.total_seconds())
    else:
        try:
            moment = parsedate_to_datetime(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return min(max(moment, now), now + _LONGEST_REST)
