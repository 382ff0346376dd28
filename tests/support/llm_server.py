"""An OpenAI-compatible server on loopback that behaves, and misbehaves, as told.

A script is a list of replies, played one per request to /chat/completions; the last one repeats. A reply is a list of
steps that a raw socket plays: bytes to send, seconds to wait, or CUT (reset the connection) or HANG (until the client
goes). Functions below build the usual ones.

    with LLMServer(status(503, retry_after="0"), streamed("你好", "世界")) as server:
        OpenAIChatModel(server.base_url, "key", "test-model") …
        assert len(server.requests) == 2
"""

import asyncio
import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import unquote

CUT: Literal["cut"] = "cut"
HANG: Literal["hang"] = "hang"
Step = bytes | float | Literal["cut", "hang"]
Reply = Sequence[Step]

USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
MODEL = "test-model"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as the server got it; header names in lower case, `body` parsed, None where there is none."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    at: float  # time.monotonic()


def head(status: int = 200, content_type: str = "text/event-stream", **headers: str) -> bytes:
    """The head of a response whose body lasts until the connection closes; `retry_after` becomes Retry-After."""
    lines = [f"HTTP/1.1 {status} Scripted", f"Content-Type: {content_type}", "Connection: close"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def data(value: object) -> bytes:
    """One event."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def delta(content: object = None, *, finish: str | None = None, **fields: object) -> bytes:
    """One chunk of a completion; further fields of its delta, such as reasoning, by name."""
    part = {"content": content, **fields}
    return data({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": part, "finish_reason": finish}]})


DONE = data("[DONE]")
STOP = data({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
USAGE_CHUNK = data({"choices": [], "usage": USAGE})


def streamed(*texts: str, usage: bool = True, pause_s: float = 0.0) -> Reply:
    """A well-behaved stream of `texts`, `pause_s` before each."""
    steps: list[Step] = [head(), delta(None, role="assistant")]
    for text in texts:
        steps += [pause_s, delta(text)]
    return [*steps, STOP, *([USAGE_CHUNK] if usage else []), DONE]


def chunked(*parts: bytes, cut: bool = False) -> Reply:
    """A body in HTTP chunks, without the last, empty one if `cut`."""
    top = head().replace(b"Connection: close", b"Transfer-Encoding: chunked")
    body = [f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts]
    return [top, *body, *([] if cut else [b"0\r\n\r\n"])]


def status(code: int, body: object = None, **headers: str) -> Reply:
    """An error in OpenAI's shape, or `body`."""
    body = body or {"error": {"message": f"scripted {code}", "type": "scripted", "param": None, "code": None}}
    return [head(code, "application/json", **headers), json.dumps(body).encode()]


def completion(text: object, *, finish: str = "stop", **fields: object) -> dict[str, object]:
    """A whole completion, not a stream."""
    message = {"role": "assistant", "content": text, **fields}
    return {"object": "chat.completion", "choices": [{"message": message, "finish_reason": finish}], "usage": USAGE}


def closed_port_url() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


class LLMServer:
    """Plays its replies, in a thread with an event loop of its own.

    Args:
        replies: played one per request to /chat/completions; the last one repeats.
        models: played for every GET /models; None: 404.
        named: name → what is played for every request to base_url/NAME; they take no turn.

    Attributes:
        base_url: ends in /v1.
        requests: to /chat/completions, in order; `model_requests` those to /models.
    """

    def __init__(self, *replies: Reply, models: Reply | None = None, named: Mapping[str, Reply] | None = None) -> None:
        self.base_url = ""
        self.requests: list[Received] = []
        self.model_requests: list[Received] = []
        self.total_connections = 0
        self._replies = list(replies)
        self._answers: dict[str, Reply] = {}
        self._models = models or status(404)
        self._named = named or {}
        self._played = 0
        self._open: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llm-server", daemon=True)

    def play(self, *replies: Reply, answers: Mapping[str, Reply] | None = None) -> None:
        """Start over with these replies.

        Args:
            answers: for requests whose last message has these words, whenever they come; they take no turn.
        """
        self._replies, self._played = list(replies), 0
        self._answers = dict(answers or {})

    @property
    def open_connections(self) -> int:
        return len(self._open)

    def wait_until_idle(self, timeout_s: float = 1.0) -> bool:
        """Whether all connections are closed within `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while self._open and time.monotonic() < deadline:
            time.sleep(0.005)
        return not self._open

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._server = starting.result(5)
        self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.total_connections += 1
        try:
            received = await _request(reader)
            if received is not None:
                await self._answer(received, reader, writer)
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass  # the client went, or the server stops
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            self._open.discard(task)

    def _reply_to(self, received: Received) -> Reply:
        asked = received.body["messages"][-1]["content"] if self._answers and received.body else ""
        for words, reply in self._answers.items():
            if words in asked:
                return reply
        if (name := unquote(received.path.split("/")[2])) in self._named:
            return self._named[name]
        self._played += 1
        return self._replies[min(self._played, len(self._replies)) - 1]

    async def _answer(self, received: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if received.path.endswith("/models"):
            self.model_requests.append(received)
            reply = self._models
        else:
            self.requests.append(received)
            reply = self._reply_to(received)
        playing = asyncio.create_task(_play(reply, writer))
        leaving = asyncio.create_task(reader.read())  # ends when the client closes its side
        try:
            await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (playing, leaving):
                task.cancel()
            await asyncio.gather(playing, leaving, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> Received | None:
    try:
        top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = top.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, json.loads(body) if body else None, time.monotonic())


async def _play(reply: Reply, writer: asyncio.StreamWriter) -> None:
    for step in reply:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        elif step == CUT:
            await asyncio.sleep(0.02)  # let what was sent arrive: a reset throws away what is on its way
            linger = struct.pack("ii", 1, 0)  # close at once, with RST instead of FIN
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return
        elif step == HANG:
            await asyncio.Event().wait()
        elif isinstance(step, int | float):
            await asyncio.sleep(step)
