"""Opens event streams of the service by the hundred, by bare asyncio protocols, and measures what comes when."""

import asyncio
import json
import random
import re
import resource
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

_DELTA = re.compile(rb"event: delta\ndata: (\{.*?\})\n\n")
LONGEST_DELTA = 2000
Leaving = Literal["stays", "fin", "rst", "half"]
OPENINGS = (
    "",
    "请问",
    "请问一下，",
    "我想了解：",
    "麻烦查一下，",
    "帮我看看",
    "您好，",
    "想请教一下，",
    "据报道，",
    "根据报纸，",
)
CLOSINGS = (
    "",
    "谢谢。",
    "请说明。",
    "请给出处。",
    "请尽快答复。",
    "谢谢您！",
    "请简要回答。",
    "请注明日期。",
    "急用。",
    "多谢。",
)


def vary(questions: Sequence[str], count: int) -> list[str]:
    """Return `count` wordings of the questions, all different, in an order that is the same every time.

    Raises:
        ValueError: there are not so many.
    """
    worded = [f"{opening}{asked}{closing}" for asked in questions for opening in OPENINGS for closing in CLOSINGS]
    distinct = list(dict.fromkeys(worded))
    if len(distinct) < count:
        raise ValueError(f"{len(questions)} questions give {len(distinct)} wordings, {count} are asked for")
    random.Random(1).shuffle(distinct)
    return distinct[:count]


@dataclass(slots=True)
class Stream(asyncio.Protocol):
    """One question and what came of it.

    Args:
        leaving: how the client goes away: never, by closing, by a reset, or by closing its own side alone.
        after_s: seconds after the first event (the candidates; then the LLM is asked) at which it does.
        deltas: when each delta came, in seconds of time.monotonic, and its text.
    """

    question: str
    leaving: Leaving = "stays"
    after_s: float = 0.0
    sent: float = 0.0
    left: float | None = None
    status: bytes = b""
    retry_after: bool = False
    deltas: list[tuple[float, str]] = field(default_factory=list)
    first_byte: float | None = None
    done: bool = False
    broken: bool = False
    ended: float | None = None
    received: int = 0
    _rest: bytes = b""
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        body = json.dumps({"question": self.question, "stream": True}, ensure_ascii=False).encode()
        head = "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
        self.sent = time.monotonic()
        transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.received += len(data)
        if self.first_byte is None:
            self.first_byte = now
            self.status = data[9:12]
            self.retry_after = b"retry-after" in data.lower()
        text = self._rest + data
        if self.leaving != "stays" and b"event: retrieved\n" in text:
            asyncio.get_running_loop().call_later(self.after_s, self._leave)
        self.deltas += [(now, json.loads(said)["text"]) for said in _DELTA.findall(text)]
        self.done = self.done or b"event: done\n" in text
        self.broken = self.broken or b"event: error\n" in text
        rest = text[text.rfind(b"\n\n") + 2 :] if b"\n\n" in text else text
        self._rest = (
            rest if len(rest) < LONGEST_DELTA else b""
        )  # an event may be cut in two; others than deltas are long

    def connection_lost(self, _error: Exception | None) -> None:
        self.ended = time.monotonic()
        self._over.set()

    async def wait(self, timeout_s: float = 90) -> None:
        """Wait until the connection is gone, at most so long."""
        try:
            await asyncio.wait_for(self._over.wait(), timeout_s)
        except TimeoutError:
            self.broken = True
            if self._transport:
                self._transport.abort()

    def _leave(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self.left = time.monotonic()
        if self.leaving == "half":
            transport.write_eof()
        elif self.leaving == "rst":
            linger = struct.pack("ii", 1, 0)  # close at once, with RST instead of FIN
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()
        else:
            transport.close()


async def ask(port: int, stream: Stream) -> Stream:
    """Ask one question and wait for its end."""
    try:
        await asyncio.get_running_loop().create_connection(lambda: stream, "127.0.0.1", port)
    except OSError:
        stream.broken = True
        return stream
    await stream.wait()
    return stream


async def arrive(port: int, streams: Sequence[Stream], per_s: float) -> int:
    """Ask them one after the other, `per_s` a second, none waiting for another; 0: all at the same instant.

    Returns: the most that were open at once.
    """
    loop = asyncio.get_running_loop()
    started, tasks, most = loop.time(), [], 0
    for number, stream in enumerate(streams):
        if per_s and (wait_s := started + number / per_s - loop.time()) > 0:
            await asyncio.sleep(wait_s)
        tasks.append(asyncio.create_task(ask(port, stream)))
        most = max(most, sum(not task.done() for task in tasks))
    await asyncio.gather(*tasks)
    return most


def notes_of(port: int) -> list[dict[str, object]]:
    """What the paced LLM noted since it was last asked."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /notes HTTP/1.1\r\n\r\n")
        reply = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    return json.loads(reply.partition(b"\r\n\r\n")[2])  # type: ignore[no-any-return]


def own_cpu_s() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
