"""Puts the application together and runs it."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import anyio.to_thread
from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, LifeSpanReceive, LifeSpanScope, LifeSpanSend, Receive, Scope, Send

from rag.api.connections.draining import Draining
from rag.api.connections.observer import report_requests
from rag.api.connections.register import REGISTER, ConnectionRegister, room_for_connections
from rag.api.connections.repeated_lines import leave_out_repeated_lines
from rag.api.openapi import describe
from rag.api.problems import answer_problem
from rag.api.routes import ROUTES
from rag.api.runtime.allocator import bound_arenas
from rag.api.runtime.cache_sizes import CacheSizes
from rag.api.runtime.head import answer_head
from rag.api.runtime.instrumentation import Instrumentation, measure_requests
from rag.api.runtime.metrics import Metrics
from rag.api.runtime.run_folder import run_folder
from rag.api.security.callers import Callers
from rag.api.security.gate import Gate, require_json, require_role
from rag.api.streaming.events import EventStreams
from rag.api.streaming.idempotency import IdempotencyCache
from rag.config import Settings, check_reach, export_settings, load_settings
from rag.network import parse_networks
from rag.service.administration import Administration
from rag.service.feedback.pending import PendingRatings
from rag.service.feedback.store import FeedbackStore
from rag.service.live_index import LiveIndex
from rag.service.page_views import PageViews
from rag.service.suggestions import Suggestions
from rag.service.upkeep import Upkeep

log = logging.getLogger(__name__)
DROP_EVERY_S = 60.0
"""How often answers that nobody has rated are dropped."""
REPORT_EVERY_S = 10.0
"""How often each of several processes tells what it keeps in memory, and whether it asks the LLM."""
SWITCH_S = 0.001
"""How long a thread that searches may keep the interpreter from the event loop, which needs it for a moment only, but several
times a request; with Python's 5 ms a round trip beside four such threads took three times as long, and they did no more."""
STARTUP_FAILURE = 3
"""Exit code, as uvicorn's."""
SHUTDOWN_S = 30
"""How long open streams may finish after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of; tests make some parts otherwise, e.g. with shorter waits (functools.partial)."""

    routes: Sequence[HTTPRouteHandler] = tuple(ROUTES)
    live_index: Callable[[Settings], LiveIndex] = LiveIndex
    administration: Callable[[Settings, LiveIndex], Administration] = Administration
    streams: Callable[[], EventStreams] = EventStreams
    gate: Callable[[ASGIApp, Settings, Draining], Gate] = Gate
    feedback_store: Callable[[Path], FeedbackStore] = FeedbackStore


class Application:
    """The service as servers call it (ASGI): the framework's application, and what stands around it.

    Around it, since a middleware of the framework would not see requests that no route is there for.

    Args:
        framework: starts and stops.
        served: what every request passes on its way to the framework.
        connections: counts those that are open; the server's protocol finds it in the lifespan's state.
    """

    def __init__(self, framework: Litestar, served: ASGIApp, connections: ConnectionRegister) -> None:
        self._framework = framework
        self._served = served
        self._connections = connections

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        """Serve one connection, or start and stop with the server."""
        if scope["type"] == "lifespan":
            cast("dict[str, dict[str, object]]", scope).setdefault("state", {})[REGISTER] = self._connections
            await self._framework(scope, receive, send)
        else:
            await self._served(scope, cast("Receive", receive), cast("Send", send))


def create_app(settings: Settings, parts: Parts | None = None) -> Application:
    """Return the application; it loads model and index when it starts.

    Args:
        parts: None: as the service is run.
    Raises:
        SettingsError: a key, a proxy or the audit log's file cannot be used.
    """
    make = parts or Parts()
    metrics = Metrics(settings.run_dir)
    streams, suggestions, draining = make.streams(), Suggestions(), Draining()
    caches = CacheSizes(suggestions)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        # Model and search are CPU work: more threads than cores would only queue inside one another.
        anyio.to_thread.current_default_thread_limiter().total_tokens = (os.cpu_count() or 1) + 1
        sys.setswitchinterval(SWITCH_S)
        bound_arenas()
        live, answered = make.live_index(settings), IdempotencyCache()
        app.state.page_views = views = PageViews()
        app.state.live = live
        app.state.administration = make.administration(settings, live)
        app.state.upkeep = upkeep = Upkeep(settings.index_dir)
        await live.refresh()  # /ready says what is wrong; an index may be published later
        draining.on_signals(SHUTDOWN_S, streams.stop)
        leave_out_repeated_lines()
        for owner in (live, answered, views):
            caches.add(owner)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(live.aclose)
            await stack.enter_async_context(_running(live.follow()))
            await stack.enter_async_context(_running(upkeep.follow()))
            if settings.run_dir:
                await stack.enter_async_context(_running(_report_state(metrics, caches, live)))
            pending = await stack.enter_async_context(pending_ratings(settings))
            if pending:
                caches.add(pending)
            app.state.pending_ratings = pending
            app.state.instrumentation = Instrumentation(metrics, pending, answered)
            yield

    state = {
        "settings": settings,
        "metrics": metrics,
        "caches": caches,
        "streams": streams,
        "draining": draining,
        "suggestions": suggestions,
        "feedback_store": make.feedback_store(settings.feedback_file) if settings.feedback_file else None,
        "openapi": cache(lambda: describe(ROUTES)),
    }
    framework = Litestar(
        route_handlers=make.routes,
        lifespan=[lifespan],
        state=State(state),
        guards=[require_role],
        before_request=require_json,
        exception_handlers={Exception: answer_problem},
        request_max_body_size=max(settings.max_body_bytes, settings.max_document_bytes),  # the gate knows which
        openapi_config=None,
    )
    gate = make.gate(answer_head(framework), settings, draining)
    caches.add(gate)
    room = room_for_connections()
    connections = ConnectionRegister(room, room // 2, Callers((), parse_networks(settings.trusted_proxies)).is_proxy)
    return Application(framework, report_requests(measure_requests(gate, metrics)), connections)


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do the work beside the block, and end it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _report_state(metrics: Metrics, caches: CacheSizes, live: LiveIndex) -> None:
    """Tell what is so now again and again: of several processes, another one than this may be scraped."""
    while True:
        metrics.set_llm_outage(live.llm_outage is not None)
        try:
            metrics.set_cache_sizes(await anyio.to_thread.run_sync(caches.sizes))
        except OSError:  # of the shared folder; the next time may do better
            log.exception("the sizes of the caches could not be told")
        await asyncio.sleep(REPORT_EVERY_S)


@asynccontextmanager
async def pending_ratings(settings: Settings) -> AsyncIterator[PendingRatings | None]:
    """Yield the answers that may be rated, dropped in time; None where the operator wants no feedback."""
    if settings.feedback_file is None:
        yield None
        return
    with closing(PendingRatings(settings.feedback_wait_min, settings.run_dir)) as pending:
        async with _running(_drop_in_time(pending)):
            yield pending


async def _drop_in_time(pending: PendingRatings) -> None:
    while True:
        await asyncio.sleep(DROP_EVERY_S)
        await anyio.to_thread.run_sync(pending.drop)


def app_from_environment() -> Application:
    """The application for a server's worker process."""
    return create_app(load_settings())


def run_server(settings: Settings) -> None:
    """Serve until interrupted.

    Raises:
        SettingsError: other machines would reach a service that asks for no key.
    """
    import uvicorn

    from rag.api.connections.supervisor import Supervisor

    check_reach(settings)
    with run_folder(settings) as settings:
        export_settings(settings)  # workers are processes of their own
        config = uvicorn.Config(
            "rag.api.server:app_from_environment",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            log_level="info",
            access_log=False,  # the audit log has more, and no texts
            server_header=False,
            http="rag.api.connections.protocol:ServiceProtocol",
            loop="rag.api.connections.acceptor:event_loop",
            ws="none",
            proxy_headers=False,  # the gate believes the proxies that are trusted, and only these
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
        if settings.workers > 1:
            Supervisor(config, [config.bind_socket()]).run()
            return
        server = uvicorn.Server(config)
        with suppress(KeyboardInterrupt):
            server.run()
        if not server.started:
            sys.exit(STARTUP_FAILURE)
