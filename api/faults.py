"""What readers and programs are told when there is no answer: the one table from errors to HTTP statuses, in French.

Owns the words. A page for readers, the same as JSON below `/api/` and for health, a fragment where htmx asked for one. Nothing of an
unexpected error is shown: it is for the log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi.exceptions import RequestValidationError
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from api.gates import PROTECTION
from api.models import Fault, FaultAnswer
from api.reader import is_partial
from api.templating import render
from luciole.errors import EngineUnavailable, LucioleError

_RETRY_AFTER_SECONDS: Final = 10
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """What to say: a title, a sentence that explains, what to do next."""

    title: str
    message: str
    hint: str | None = None


NOT_READY: Final = Words(
    "L’index dort encore",
    "Aucun index n’est publié pour l’instant, ou il ne répond pas.",
    "La page marchera d’elle-même dès qu’il sera là : réessayez dans un instant.",
)
CROWDED: Final = Words(
    "Trop de monde à la fois",
    "Toutes les places sont prises en ce moment.",
    "Réessayez dans quelques secondes.",
)
ENGINE_FAILED: Final = Words(
    "Le moteur ne répond pas",
    "La recherche a échoué, ou pris trop de temps.",
    "Réessayez dans un instant ; si cela dure, la cause est dans le journal du serveur.",
)
BY_STATUS: Final = {
    400: Words("Demande incomprise", "Cette adresse ne veut rien dire pour Luciole.", "Repartez d’une recherche."),
    404: Words("Rien ne luit ici", "Cette page n’existe pas, ou plus.", "Cherchez plutôt l’article que vous vouliez lire."),
    405: Words("Demande incomprise", "Cette page ne se demande pas de cette façon.", "Repartez d’une recherche."),
    500: Words("Une lumière s’est éteinte", "Une erreur s’est produite chez nous.", "Elle est notée dans le journal ; réessayez."),
}


class Faults:
    """Turns errors into answers."""

    def __init__(self, templates: Environment) -> None:
        self._templates = templates

    def luciole(self, request: Request, error: Exception) -> Response:
        """An engine that is not there or failed: 503, to be tried again."""
        assert isinstance(error, LucioleError)
        if isinstance(error, EngineUnavailable):
            return self.answer(request, 503, NOT_READY)
        _LOG.error("%s (%s)", error.message, error.hint)  # never the address: it holds what somebody searched
        return self.answer(request, 503, ENGINE_FAILED)

    def http(self, request: Request, error: Exception) -> Response:
        """A status that the framework raised: no such page, wrong method."""
        assert isinstance(error, HTTPException)
        return self.answer(request, error.status_code, BY_STATUS.get(error.status_code, BY_STATUS[400]), error.headers)

    def parameters(self, request: Request, error: Exception) -> Response:
        """A parameter of the API that makes no sense: 400, with its name."""
        assert isinstance(error, RequestValidationError)
        told = " ; ".join(sorted({_told(fault) for fault in error.errors()}))
        return self.answer(request, 400, Words(BY_STATUS[400].title, f"Paramètres à revoir : {told}.", "Voir /api/docs."))

    def unexpected(self, request: Request, error: Exception) -> Response:
        """Anything else: 500, without a word about it. Answered outside every middleware, so it carries its own protection."""
        answer = self.answer(request, 500, BY_STATUS[500])
        answer.headers.update(PROTECTION)
        return answer

    async def misaddressed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A Host header that is none: 400."""
        await self.answer(Request(scope), 400, BY_STATUS[400])(scope, receive, send)

    async def crowded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """No place left: 503 at once."""
        await self.answer(Request(scope), 503, CROWDED)(scope, receive, send)

    def answer(self, request: Request, status: int, words: Words, headers: Mapping[str, str] | None = None) -> Response:
        """The answer in the form that was asked for."""
        sent = {"Cache-Control": "no-store", "Vary": "HX-Request", **(headers or {})}
        if status == 503:
            sent["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        path: str = request.scope["path"]
        if path.startswith("/api/") or path in {"/healthz", "/readyz"}:
            fault = FaultAnswer(error=Fault(status=status, message=words.message, hint=words.hint))
            return JSONResponse(fault.model_dump(), status, sent)
        name = "_panne.html" if is_partial(request) else "erreur.html"
        return HTMLResponse(render(self._templates, name, status=status, words=words, retry=status == 503), status, sent)


_REASONS: Final = {
    "int_parsing": "un nombre entier est attendu",
    "greater_than_equal": "trop petit",
    "less_than_equal": "trop grand",
    "literal_error": "valeur inconnue",
}


def _told(fault: dict[str, object]) -> str:
    where = fault.get("loc")
    name = where[-1] if isinstance(where, tuple | list) and where else "?"
    return f"{name} ({_REASONS.get(str(fault.get('type')), 'valeur refusée')})"
