"""Puts the application together and runs it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio.to_thread
from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State

from index.errors import IndexingError
from rag.api.guard import add_request_id, require_json, require_key
from rag.api.problems import answer_problem
from rag.api.routes import ROUTES
from rag.config import Settings, export_settings, load_settings
from rag.service import LiveIndex

MAX_BODY_BYTES = 1_000_000
SHUTDOWN_S = 30
"""How long open streams may finish after SIGTERM."""


def create_app(settings: Settings) -> Litestar:
    """Return the application; it loads model and index when it starts."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        # Model and search are CPU work: more threads than cores would only queue inside one another.
        anyio.to_thread.current_default_thread_limiter().total_tokens = (os.cpu_count() or 1) + 1
        live = LiveIndex(settings)
        app.state.live = live
        with suppress(IndexingError):  # /ready says so; an index may be published later
            await live.answerer()
        try:
            yield
        finally:
            await live.aclose()

    return Litestar(
        route_handlers=ROUTES,
        lifespan=[lifespan],
        state=State({"settings": settings}),
        guards=[require_key],
        before_request=require_json,
        before_send=[add_request_id],
        exception_handlers={Exception: answer_problem},
        cors_config=CORSConfig(allow_origins=list(settings.allowed_origins)) if settings.allowed_origins else None,
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=None,
    )


def app_from_environment() -> Litestar:
    """The application for a server's worker process."""
    return create_app(load_settings())


def run_server(settings: Settings) -> None:
    """Serve until interrupted."""
    import uvicorn

    export_settings(settings)  # workers are processes of their own
    uvicorn.run(
        "rag.api.server:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level="info",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
