"""Puts the application together and runs it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio.to_thread
from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State

from index.errors import IndexingError
from rag.api.guard import add_request_id, require_json, require_key
from rag.api.metrics import Metrics
from rag.api.problems import answer_problem
from rag.api.routes import ROUTES
from rag.api.run_folder import run_folder
from rag.api.watch import Watch, timed
from rag.config import Settings, export_settings, load_settings
from rag.recent import RecentAnswers
from rag.service import LiveIndex

MAX_BODY_BYTES = 1_000_000
DROP_EVERY_S = 60.0
"""How often answers that nobody has rated are dropped."""
SHUTDOWN_S = 30
"""How long open streams may finish after SIGTERM."""


def create_app(settings: Settings) -> Litestar:
    """Return the application; it loads model and index when it starts."""
    metrics = Metrics(settings.run_dir)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        # Model and search are CPU work: more threads than cores would only queue inside one another.
        anyio.to_thread.current_default_thread_limiter().total_tokens = (os.cpu_count() or 1) + 1
        live = LiveIndex(settings)
        app.state.live = live
        with suppress(IndexingError):  # /ready says so; an index may be published later
            await live.answerer()
        try:
            async with recent_answers(settings) as recent:
                app.state.recent = recent
                app.state.watch = Watch(metrics, recent)
                yield
        finally:
            await live.aclose()

    app = Litestar(
        route_handlers=ROUTES,
        lifespan=[lifespan],
        state=State({"settings": settings, "metrics": metrics}),
        guards=[require_key],
        before_request=require_json,
        before_send=[add_request_id],
        exception_handlers={Exception: answer_problem},
        cors_config=CORSConfig(allow_origins=list(settings.allowed_origins)) if settings.allowed_origins else None,
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=None,
    )
    app.asgi_handler = timed(
        app.asgi_handler, metrics
    )  # a middleware would not see requests that no route is there for
    return app


@asynccontextmanager
async def recent_answers(settings: Settings) -> AsyncIterator[RecentAnswers | None]:
    """Yield the answers that may be rated, dropped in time; None where the operator wants no feedback."""
    if settings.feedback_file is None:
        yield None
        return
    recent = RecentAnswers(settings.feedback_wait_min, settings.run_dir)
    dropping = asyncio.create_task(_drop_in_time(recent))
    try:
        yield recent
    finally:
        dropping.cancel()
        with suppress(asyncio.CancelledError):
            await dropping
        recent.close()


async def _drop_in_time(recent: RecentAnswers) -> None:
    while True:
        await asyncio.sleep(DROP_EVERY_S)
        await anyio.to_thread.run_sync(recent.drop)


def app_from_environment() -> Litestar:
    """The application for a server's worker process."""
    return create_app(load_settings())


def run_server(settings: Settings) -> None:
    """Serve until interrupted."""
    import uvicorn

    with run_folder(settings) as settings:
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
