"""What every request and every answer passes on its way out: counted, timed, kept for a rating."""

import functools
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

import anyio.to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from rag.answer import Answerer
from rag.api.runtime.metrics import UNMATCHED, Metrics
from rag.api.streaming.idempotency import IdempotencyCache, IdempotencyKey
from rag.records import Answer, Citation, Delta, Done, Event, Query, Retrieved
from rag.service.feedback.pending import PendingRatings
from rag.service.feedback.ratings import rateable_answer


class Instrumentation:
    """Asks on behalf of the routes, in whatever shape they answer.

    Args:
        metrics: of the application.
        pending: where answers wait for their rating; None keeps nothing.
        answered: what requests were answered lately.
    """

    def __init__(self, metrics: Metrics, pending: PendingRatings | None, answered: IdempotencyCache) -> None:
        self._metrics = metrics
        self._pending = pending
        self._answered = answered

    def events(
        self, answerer: Answerer, query: Query, key: IdempotencyKey | None, on_found: Callable[[], None]
    ) -> AsyncGenerator[Event, None]:
        """Return the events of Answerer.events, or those of the same request's answer again; see IdempotencyCache.events.

        Args:
            on_found: called when the search is over, where there was one.
        """
        counted = self._counted(answerer, query, on_found)
        return self._answered.events(counted, answerer.generation.manifest.generation, key)

    async def _counted(
        self, answerer: Answerer, query: Query, on_found: Callable[[], None]
    ) -> AsyncGenerator[Event, None]:
        """Yield the events; the answer is counted, and can be rated, before its Done is yielded."""
        found: Sequence[Citation] = ()
        async with aclosing(answerer.events(query)) as events:
            async for event in events:
                if isinstance(event, Retrieved):
                    found = event.citations
                    on_found()
                elif isinstance(event, Done):
                    await self._count(answerer, event.answer, found)
                yield event

    async def stream(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """Yield the events that are being streamed to a client, timed from the first time that one is asked for."""
        started, has_text, end = time.perf_counter(), False, "left"
        self._metrics.stream_began()
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Delta):
                        if not has_text:
                            has_text = True
                            self._metrics.time_first_delta(time.perf_counter() - started)
                    elif isinstance(event, Retrieved):
                        self._metrics.time_first_event(time.perf_counter() - started)
                    elif isinstance(event, Done):
                        end = "done"
                    yield event
        except Exception:
            end = "failed"
            raise
        finally:
            self._metrics.stream_ended(end)

    async def _count(self, answerer: Answerer, answer: Answer, found: Sequence[Citation]) -> None:
        self._metrics.count_answer(answer)
        if self._pending:
            # In a thread: the articles are read from the catalogue, and another process may be writing.
            keep = functools.partial(_keep_for_rating, self._pending, answerer, answer, found)
            await anyio.to_thread.run_sync(keep)


def _keep_for_rating(pending: PendingRatings, answerer: Answerer, answer: Answer, found: Sequence[Citation]) -> None:
    cited = answerer.generation.catalogue.articles(citation.article_id for citation in answer.citations)
    pending.remember(rateable_answer(answer, found, cited))


def measure_requests(app: ASGIApp, metrics: Metrics) -> ASGIApp:
    """Return the application with its requests counted, those that no route is there for too."""

    async def measure(scope: Scope, receive: Receive, send: Send) -> None:
        started, status, took = time.perf_counter(), 0, 0.0

        async def observe(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body" and not message["more_body"]:
                took = time.perf_counter() - started
            await send(message)

        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        try:
            await app(scope, receive, observe)
        finally:
            route = scope.get("path_template") or UNMATCHED
            metrics.count_request(route, scope["method"], status, took or time.perf_counter() - started)

    return measure
