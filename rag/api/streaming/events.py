"""Events of an answer → server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Protocol
from weakref import WeakSet

import msgspec
from litestar.background_tasks import BackgroundTask
from litestar.response import Stream

from rag.api.problems import problem_of
from rag.errors import StoppingError
from rag.records import Cited, Delta, Done, Event, Retrieved

HEARTBEAT_S = 10.0
"""Between two comment lines while no event comes (contract)."""
QUEUED_EVENTS = 64


class EventEncoder(Protocol):
    """How the events of one answer are written."""

    def event(self, event: Event) -> bytes:
        """Return one event in the encoder's form; nothing where it has none."""

    def error(self, error: Exception) -> bytes:
        """Return what ends a stream that failed."""


class AskEventEncoder:
    """Events by their names, as POST /v1/ask sends them."""

    def event(self, event: Event) -> bytes:
        """One event."""
        match event:
            case Retrieved(citations):
                return _encode("retrieved", {"citations": citations})
            case Delta(text):
                return _encode("delta", {"text": text})
            case Cited(citation):
                return _encode("citation", citation)
            case Done(answer):
                return _encode("done", answer)

    def error(self, error: Exception) -> bytes:
        """The `error` event."""
        _status, body = problem_of(error)
        return _encode("error", body)


class EventStreams:
    """The open streams of one application.

    Args:
        heartbeat_s: after so many seconds without an event a comment line is sent.
    """

    def __init__(self, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._heartbeat_s = heartbeat_s
        self._open: WeakSet[EventStream] = WeakSet()

    def response(self, events: AsyncGenerator[Event, None], encoder: EventEncoder | None = None) -> Stream:
        """Return the response that sends the events as they come.

        Args:
            events, encoder: see EventStream.
        """
        stream = EventStream(events, encoder, self._heartbeat_s)
        self._open.add(stream)
        return Stream(
            stream,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
            background=BackgroundTask(stream.aclose),
        )

    def stop(self) -> None:
        """Close every stream that is still open with an `error` event, so that no client takes half an answer for one."""
        for stream in list(self._open):
            stream.stop()


class EventStream:
    """Server-sent events of one answer, as an async iterator of bytes.

    A class rather than a generator: after a disconnect the framework just stops asking, and a generator left
    hanging at its `yield` would keep the LLM's connection open. The answer is written by a task of its own, which
    `aclose` ends; the framework runs that after the response, however it ended. Errors become the encoder's last words.

    Args:
        events: Answerer.events or those of an earlier answer again.
        encoder: how they are written; None: as POST /v1/ask does.
        heartbeat_s: see EventStreams.
    """

    def __init__(
        self, events: AsyncGenerator[Event, None], encoder: EventEncoder | None = None, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self._events = events
        self._encoder: EventEncoder = encoder or AskEventEncoder()
        self._heartbeat_s = heartbeat_s
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUED_EVENTS)
        self._writer: asyncio.Task[None] | None = None
        self._next: asyncio.Task[bytes | None] | None = None
        self._is_stopped = False

    def __aiter__(self) -> "EventStream":
        return self

    async def __anext__(self) -> bytes:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        if self._next is None:
            self._next = asyncio.create_task(self._queue.get())
        done, _pending = await asyncio.wait({self._next}, timeout=self._heartbeat_s)
        if not done:
            return b": heartbeat\n\n"
        item = self._next.result()
        self._next = None
        if item is None:
            raise StopAsyncIteration
        return item

    def stop(self) -> None:
        """End with an error event."""
        self._is_stopped = True
        if self._writer:
            self._writer.cancel()

    async def aclose(self) -> None:
        """End the writing task and with it the LLM's stream."""
        for task in (self._writer, self._next):
            if task and not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _write(self) -> None:
        try:
            async with contextlib.aclosing(self._events) as events:
                async for event in events:
                    if block := self._encoder.event(event):
                        await self._queue.put(block)
        except asyncio.CancelledError:
            if not self._is_stopped:
                raise
            await self._queue.put(
                self._encoder.error(StoppingError("the service is being stopped: ask again in a moment"))
            )
        except Exception as error:
            await self._queue.put(self._encoder.error(error))
        await self._queue.put(None)


def _encode(name: str, data: object) -> bytes:
    # JSON has no raw line breaks, so one data line always suffices.
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
