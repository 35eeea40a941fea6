"""Why an address could not be read, in French words: the translation of statuses and transport errors.

Owns the wording and the one distinction that matters next: refused or failed, for good or for now. It knows Scrapy's errors by class and
nothing of what is done about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

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
_GONE = frozenset({410, 451})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why nothing was read. `refused`: somebody's rule forbids it (`by_robots`: the blog's own); `final`: asking again is useless;
    `until`: the server named its time."""

    cause: str
    refused: bool = False
    by_robots: bool = False
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


def trouble_of_status(status: int, headers: dict[str, str], limits: CrawlLimits, now: datetime) -> Trouble:
    """What an answer that is neither a page nor `304` amounts to. `headers` have lower-case names."""
    until = retry_after(headers.get("retry-after", ""), now) if status in (429, 503) else None
    if status == 429 and until is None:
        until = now + timedelta(seconds=limits.slow_down)
    if until is not None:
        return Trouble(cause=f"{_STATUSES[status][:-6]}, jusqu’au {until:%d/%m/%Y à %H:%M} UTC ({status})", until=until)
    if 300 <= status < 400:
        scheme = urlsplit(headers.get("location", "")).scheme
        if scheme not in ("", "http", "https"):
            return Trouble(cause=Refused(f"un protocole interdit ({scheme[:20]})", redirected=True).cause, refused=True, final=True)
        return Trouble(cause=f"redirection sans destination ({status})")
    what = _STATUSES.get(status) or (f"erreur du serveur ({status})" if status >= 500 else f"réponse inattendue ({status})")
    return Trouble(cause=what, final=status in _GONE)


def trouble_of_error(error: BaseException, limits: CrawlLimits, private: str | None = None) -> Trouble:
    """What a transport error amounts to. `private` is the address that the resolver refused for this host, if it did."""
    match error:
        case Refused():
            return Trouble(cause=error.cause, refused=True, final=True)
        case RobotsForbidden():
            return Trouble(cause=error.cause, refused=True, by_robots=True)
        case RobotsUnreachable():
            return error.trouble
        case IgnoreRequest() if "redirect" in str(error):
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
        case DownloadFailedError() | ResponseDataLossError() if "ssl" in f"{error}{error.__cause__!r}".lower():
            return Trouble(cause="certificat TLS non valable")
        case DownloadFailedError() | ResponseDataLossError():
            return Trouble(cause="connexion interrompue")
        case _ if "certificate" in str(error).lower() or "ssl" in type(error).__module__.lower():
            return Trouble(cause="certificat TLS non valable")
        case _:
            return Trouble(cause=f"connexion impossible ({type(error).__name__})")


def retry_after(value: str, now: datetime) -> datetime | None:
    """The moment that a `Retry-After` names, in seconds or as an HTTP date (RFC 9110, 10.2.3); None when it names none.

    Never before `now`, never more than 30 days away.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        moment = now + timedelta(seconds=min(int(text[:9]), 30 * 86400))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return min(max(moment, now), now + timedelta(days=30))
