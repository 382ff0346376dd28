"""How the service is: alive, ready, its figures."""

import functools
from contextlib import suppress
from typing import Any

import anyio.to_thread
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec

from index.errors import IndexingError
from index.store.manifest import Manifest
from rag.api.runtime.cache_sizes import CacheSizes
from rag.api.runtime.metrics import Metrics
from rag.api.schemas import Health
from rag.service.live_index import LiveIndex


@get("/health", tags=["operations"])
async def health() -> Health:
    """Liveness: the event loop answers."""
    return Health("ok")


@get(
    "/ready",
    tags=["operations"],
    responses={503: ResponseSpec(Health, generate_examples=False, description="Nothing can be answered yet.")},
)
async def ready(state: State) -> Response[Health]:
    """Readiness: an index generation is loaded and has answered a query. The LLM is not needed for it."""
    live: LiveIndex = state.live
    try:
        answerer = await live.answerer()
    except IndexingError as error:
        return Response(
            Health("unavailable", message=str(error), llm_configured=live.has_llm),
            status_code=503,
            headers={"Retry-After": "5"},
        )
    generation = answerer.generation.manifest.generation
    if live.error:
        # Still 200: what is served is whole, and taking the service away would help nobody.
        told = f"generation {generation} is served; the one published last cannot be: {live.error}"
        return Response(Health("degraded", generation, told, live.has_llm))
    return Response(Health("ok", generation, llm_configured=live.has_llm))


@get("/metrics", tags=["operations"], media_type="text/plain")
async def metrics(request: Request[Any, Any, State], state: State) -> Response[bytes]:
    """Return the figures for Prometheus."""
    live: LiveIndex = state.live
    figures: Metrics = state.metrics
    manifest = None
    with suppress(IndexingError):
        manifest = (await live.answerer()).generation.manifest
    show = functools.partial(_show, figures, state.caches, manifest, request.headers.get("accept", ""))
    body, content_type = await anyio.to_thread.run_sync(show)
    return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


def _show(figures: Metrics, caches: CacheSizes, manifest: Manifest | None, accept: str) -> tuple[bytes, str]:
    figures.set_cache_sizes(caches.sizes())
    return figures.show(manifest, accept)


ROUTES = [health, ready, metrics]
