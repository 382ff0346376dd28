"""How the service is: alive, ready."""

from litestar import Response, get
from litestar.datastructures import State

from index.errors import IndexingError
from rag.api.schemas import Health
from rag.service import LiveIndex


@get("/health")
async def health() -> Health:
    """Liveness: the event loop answers."""
    return Health("ok")


@get("/ready")
async def ready(state: State) -> Response[Health]:
    """Readiness: an index generation is loaded and has answered a query. The LLM is not needed for it."""
    live: LiveIndex = state.live
    try:
        answerer = await live.answerer()
    except IndexingError as error:
        return Response(Health("unavailable", message=str(error)), status_code=503, headers={"Retry-After": "5"})
    return Response(Health("ok", answerer.generation.manifest.generation))


ROUTES = [health, ready]
