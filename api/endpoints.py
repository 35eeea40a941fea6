"""The routes for programs: `/api/v1/…`, health and readiness.

Owns their parameters. Unlike a page, which makes the best of any address, the API says what is wrong with the value of a parameter: a
program can be mended. Parameters that it does not know are left alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request
from fastapi import Query as Parameter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from api.address import MAX_PAGE, read_query
from api.live_index import LiveIndex
from api.models import Alive, BlogsAnswer, Fault, FaultAnswer, Found, Ready, SearchAnswer, SimilarAnswer, SuggestAnswer
from indexer.query import MAX_QUERY_CHARACTERS, PAGE_SIZE, SHOWN, Query
from luciole.errors import EngineError

MAX_SIZE: Final = 50
MAX_SIMILAR: Final = 20
FAULTS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": FaultAnswer, "description": "un paramètre n’a pas de sens"},
    404: {"model": FaultAnswer, "description": "aucun article n’a cet identifiant"},
    503: {"model": FaultAnswer, "description": "l’index n’est pas prêt, ou trop de demandes à la fois"},
}
_NAMED: Final[dict[int | str, dict[str, Any]]] = {status: FAULTS[status] for status in (404, 503)}
_SEARCHED: Final[dict[int | str, dict[str, Any]]] = {status: FAULTS[status] for status in (400, 503)}
_NO_ARTICLE: Final = Fault(
    status=404, message="Aucun article à lire n’a cet identifiant.", hint="Il a pu être retiré, ou rejoindre un autre article."
)
_ArticleId = Annotated[str, Path(alias="id", description="l’identifiant de l’article, tel que la recherche le donne")]
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
    for row in SHOWN
]


def endpoints(index: LiveIndex) -> APIRouter:
    """The routes over one index."""
    router = APIRouter()

    @router.get(
        "/api/v1/search",
        tags=["recherche"],
        summary="Chercher des articles",
        responses=_SEARCHED,
        openapi_extra={"parameters": _FACET_PARAMETERS},
    )
    def search(
        request: Request,
        response: Response,
        q: Annotated[str, Parameter(description="les mots cherchés ; vide : tous les articles, les plus récents d’abord")] = "",
        tri: Annotated[Literal["pertinence", "date"], Parameter(description="l’ordre des résultats")] = "pertinence",
        page: Annotated[int, Parameter(ge=1, le=MAX_PAGE, description="la page, à partir de 1")] = 1,
        size: Annotated[int, Parameter(ge=0, le=MAX_SIZE, description="résultats par page")] = PAGE_SIZE,
        tel_quel: Annotated[Literal["0", "1"], Parameter(description="1 : les mots tels quels, sans correction")] = "0",
    ) -> SearchAnswer:
        """Les mêmes résultats que la page de recherche : articles, extraits, facettes avec leurs comptes, corrections."""
        response.headers["Cache-Control"] = "no-cache"
        return SearchAnswer.of(index.page(read_query(request.query_params.multi_items(), size=size)))

    @router.get(
        "/api/v1/suggest",
        tags=["recherche"],
        summary="Compléter une demande",
        responses={503: FAULTS[503]},
        openapi_extra={"parameters": _FACET_PARAMETERS},
    )
    def suggest(
        request: Request,
        response: Response,
        q: Annotated[str, Parameter(description="la demande en train d’être tapée ; rien avant trois lettres")] = "",
    ) -> SuggestAnswer:
        """Ce que la demande peut devenir : son dernier mot complété, et des articles dont le titre contient tous ses mots. Avec les filtres
        d’une recherche, seulement ce qui y trouve quelque chose."""
        response.headers["Cache-Control"] = "no-store"  # what somebody is typing is to be kept nowhere
        filters = read_query(request.query_params.multi_items()).filters
        return SuggestAnswer.of(index.suggest(q[: MAX_QUERY_CHARACTERS + 1], filters))

    @router.get("/api/v1/articles/{id}", tags=["articles"], summary="Un article", response_model=Found, responses=_NAMED)
    def article(article_id: _ArticleId) -> Response:
        """L’article comme dans les résultats, avec son début pour extrait."""
        hit = index.article(article_id)
        return _found(None if hit is None else Found.of(hit))

    @router.get(
        "/api/v1/articles/{id}/similar",
        tags=["articles"],
        summary="Les articles qui parlent de la même chose",
        response_model=SimilarAnswer,
        responses=FAULTS,
    )
    def similar(
        article_id: _ArticleId,
        size: Annotated[int, Parameter(ge=1, le=MAX_SIMILAR, description="articles au plus")] = 5,
    ) -> Response:
        """Les articles les plus proches, d’après les mots les plus parlants de celui-ci ; parfois aucun."""
        hits = index.similar(article_id, size)
        return _found(None if hits is None else SimilarAnswer.of(hits))

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


def _found(answer: BaseModel | None) -> Response:
    """The answer about one article, or that there is none."""
    if answer is None:
        return JSONResponse(FaultAnswer(error=_NO_ARTICLE).model_dump(), status_code=404, headers={"Cache-Control": "no-store"})
    return JSONResponse(answer.model_dump(mode="json"), headers={"Cache-Control": "no-cache"})
