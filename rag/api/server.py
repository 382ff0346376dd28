"""Puts the application together and runs it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio.to_thread
from litestar import Litestar
from litestar.datastructures import State

from index.errors import IndexingError
from rag.api.access import Gate, add_request_id, require_json, require_role
from rag.api.problems import answer_problem
from rag.api.routes import ROUTES
from rag.config import Settings, check_reach, export_settings, load_settings
from rag.service import LiveIndex

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

    app = Litestar(
        route_handlers=ROUTES,
        lifespan=[lifespan],
        state=State({"settings": settings}),
        guards=[require_role],
        before_request=require_json,
        before_send=[add_request_id],
        exception_handlers={Exception: answer_problem},
        request_max_body_size=max(settings.max_body_bytes, settings.max_document_bytes),  # the gate knows which
        openapi_config=None,
    )
    app.asgi_handler = Gate(app.asgi_handler, settings)
    return app


def app_from_environment() -> Litestar:
    """The application for a server's worker process."""
    return create_app(load_settings())


def run_server(settings: Settings) -> None:
    """Serve until interrupted.

    Raises:
        SettingsError: other machines would reach a service that asks for no key.
    """
    import uvicorn

    from rag.api.patience import PatientProtocol

    check_reach(settings)
    export_settings(settings)  # workers are processes of their own
    uvicorn.run(
        "rag.api.server:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level="info",
        access_log=False,  # the audit log has more, and no texts
        server_header=False,
        http=PatientProtocol,
        ws="none",
        proxy_headers=False,  # the gate believes the proxies that are trusted, and only these
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
