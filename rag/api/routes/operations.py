"""How the service is: alive, ready, its figures."""

import functools
from contextlib import suppress
from typing import Any

import anyio.to_thread
from litestar import HttpMethod, Request, Response, get, route
from litestar.datastructures import State

from index.errors import IndexingError
from rag.api.metrics import Metrics
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


@route("/metrics", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def metrics(request: Request[Any, Any, State], state: State) -> Response[bytes]:
    """Return the figures for Prometheus."""
    live: LiveIndex = state.live
    figures: Metrics = state.metrics
    manifest = None
    with suppress(IndexingError):
        manifest = (await live.answerer()).generation.manifest
    show = functools.partial(figures.show, manifest, request.headers.get("accept", ""))
    body, content_type = await anyio.to_thread.run_sync(show)
    return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


ROUTES = [health, ready, metrics]
