"""The routes for programs: `/api/v1/…`, health and readiness.

Owns their parameters. Unlike a page, which makes the best of any address, the API says what is wrong with the value of a parameter: a
program can be mended. Parameters that it does not know are left alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import JSONResponse, Response

from api.address import MAX_PAGE, read_query
from api.live_index import LiveIndex
from api.models import Alive, BlogsAnswer, FaultAnswer, Ready, SearchAnswer
from indexer.query import FACETS, PAGE_SIZE, Query
from luciole.errors import EngineError

MAX_SIZE: Final = 50
FAULTS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": FaultAnswer, "description": "un paramètre n’a pas de sens"},
    503: {"model": FaultAnswer, "description": "l’index n’est pas prêt, ou trop de demandes à la fois"},
}
# The parameters of facets follow from the table: a new row is documented by itself.
_FACET_PARAMETERS: Final = [
    {
        "name": row.name,
        "in": "query",
        "required": False,
        "description": f"{row.label} ; répétable : l’une au moins des valeurs",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": True,
    }
    for row in FACETS
]


def endpoints(index: LiveIndex) -> APIRouter:
    """The routes over one index."""
    router = APIRouter()

    @router.get(
        "/api/v1/search",
        tags=["recherche"],
        summary="Chercher des articles",
        responses=FAULTS,
        openapi_extra={"parameters": _FACET_PARAMETERS},
    )
    def search(
        request: Request,
        response: Response,
        q: Annotated[str, Parameter(description="les mots cherchés ; vide : tous les articles, les plus récents d’abord")] = "",
        tri: Annotated[Literal["pertinence", "date"], Parameter(description="l’ordre des résultats")] = "pertinence",
        page: Annotated[int, Parameter(ge=1, le=MAX_PAGE, description="la page, à partir de 1")] = 1,
        size: Annotated[int, Parameter(ge=0, le=MAX_SIZE, description="résultats par page")] = PAGE_SIZE,
    ) -> SearchAnswer:
        """Les mêmes résultats que la page de recherche : articles, extraits, facettes avec leurs comptes, corrections."""
        response.headers["Cache-Control"] = "no-cache"
        return SearchAnswer.of(index.page(read_query(request.query_params.multi_items(), size=size)))

    @router.get("/api/v1/blogs", tags=["blogs"], summary="La liste des blogs", responses={503: FAULTS[503]})
    def blogs(response: Response) -> BlogsAnswer:
        """Tous les blogs de la liste, avec le nombre d’articles trouvables et l’état de la dernière visite."""
        response.headers["Cache-Control"] = "no-cache"
        return BlogsAnswer.of(index.night())

    @router.get("/healthz", tags=["santé"], summary="Le processus répond")
    async def healthz() -> Alive:
        """Répond sans toucher à l’index, même quand tout le reste est occupé."""
        return Alive()

    @router.get(
        "/readyz",
        tags=["santé"],
        summary="On peut chercher",
        response_model=Ready,
        responses={503: {"model": Ready, "description": "on ne peut pas chercher ; la raison est dite"}},
    )
    def readyz() -> Response:
        """Pose une vraie question à l’index."""
        try:
            results = index.page(Query(size=0))
        except EngineError as error:
            return JSONResponse(Ready(ready=False, reason=error.message).model_dump(), status_code=503, headers={"Retry-After": "10"})
        return JSONResponse(Ready(ready=True, articles=results.total, generation=results.generation).model_dump())

    return router
