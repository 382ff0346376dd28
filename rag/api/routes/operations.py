"""How the service is: alive, ready, its figures."""

import functools
from contextlib import suppress
from typing import Any, Literal

import anyio.to_thread
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec

from index.errors import IndexingError
from index.store.manifest import Manifest
from rag.api.connections.draining import Draining
from rag.api.problems import RETRY_AFTER_S
from rag.api.runtime.cache_sizes import CacheSizes
from rag.api.runtime.metrics import Metrics
from rag.api.schemas import Health
from rag.service.live_index import LiveIndex
from rag.service.upkeep import Upkeep


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
    """Readiness: an index generation is loaded and has answered a query, and the service goes on. An LLM that fails is told of only."""
    live: LiveIndex = state.live
    draining: Draining = state.draining
    if draining.has_begun:
        return _unavailable("the service is being stopped", live)
    try:
        answerer = await live.answerer()
    except IndexingError as error:
        return _unavailable(str(error), live)
    generation = answerer.generation.manifest.generation
    # Still 200, whatever is told: what is served is whole, and taking the service away would help nobody.
    told = []
    if live.error:
        told.append(f"generation {generation} is served; the one published last cannot be: {live.error}")
    upkeep: Upkeep = state.upkeep
    if upkeep.damage:
        told.append(upkeep.damage)
    if live.has_llm and not live.asks_llm:
        told.append(f"the LLM fails ({live.llm_outage}) and is not asked until it answers again: answers are extracted")
    status: Literal["ok", "degraded"] = "degraded" if told else "ok"
    return Response(Health(status, generation, "; ".join(told) or None, live.has_llm, live.asks_llm))


def _unavailable(why: str, live: LiveIndex) -> Response[Health]:
    told = Health("unavailable", None, why, live.has_llm, live.asks_llm)
    return Response(told, status_code=503, headers={"Retry-After": str(RETRY_AFTER_S)})


@get("/metrics", tags=["operations"], media_type="text/plain")
async def metrics(request: Request[Any, Any, State], state: State) -> Response[bytes]:
    """Return the figures for Prometheus."""
    live: LiveIndex = state.live
    figures: Metrics = state.metrics
    manifest = None
    with suppress(IndexingError):
        manifest = (await live.answerer()).generation.manifest
    figures.set_llm_outage(live.llm_outage is not None)
    show = functools.partial(_show, figures, state.caches, manifest, request.headers.get("accept", ""))
    body, content_type = await anyio.to_thread.run_sync(show)
    return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


def _show(figures: Metrics, caches: CacheSizes, manifest: Manifest | None, accept: str) -> tuple[bytes, str]:
    figures.set_cache_sizes(caches.sizes())
    return figures.show(manifest, accept)


ROUTES = [health, ready, metrics]
