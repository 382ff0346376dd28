"""One reply of an LLM's server, read within its deadlines."""

import asyncio
import contextlib
import zlib
from collections.abc import AsyncGenerator
from time import monotonic

import anyio
import anyio.lowlevel
import httpx

from rag.errors import ChatModelError
from rag.llm.dialects import CompletionReader

END_GRACE_S = 2.0  # after finish_reason only the usage is missing, and some servers never hang up
MAX_ERROR_BYTES = 1_000_000  # of the body of an error, for its message, or of a list of models
PIECE_BYTES = 1 << 16
READS_AT_ONCE = 8
"""Pieces that may be read without a look at what else is to be done: two milliseconds' worth."""


class TransientError(Exception):
    """A failure that the next try may not meet; `error` is for the caller if there is no next try."""

    def __init__(self, error: ChatModelError) -> None:
        super().__init__(str(error))
        self.error = error


class Deadlines:
    """When to give up waiting: for the first token, for the next one, and in all."""

    def __init__(self, first_token_s: float, idle_s: float, total_s: float, end_grace_s: float = END_GRACE_S) -> None:
        self.end_grace_s = end_grace_s
        now = monotonic()
        self._idle_s, self._total_s = idle_s, total_s
        self._next = now + first_token_s
        self._end = now + total_s

    def remaining_s(self) -> float:
        """Seconds until the nearest deadline."""
        return max(0.0, min(self._next, self._end) - monotonic())

    def token_received(self) -> None:
        """Begin to wait for the next token."""
        self._next = monotonic() + self._idle_s

    def completion_finished(self) -> None:
        """Begin to wait for what may follow the finish_reason."""
        self._next = monotonic() + self.end_grace_s

    def describe_miss(self, has_begun: bool) -> str:
        """Say which deadline was missed."""
        if monotonic() >= self._end:
            return f"is not done after {self._total_s:g} s"
        return f"fell silent for {self._idle_s:g} s" if has_begun else "did not begin to answer in time"

    def extend(self, seconds: float) -> None:
        """Do not blame the server for time that the caller took over a piece."""
        self._next += seconds


class Reply:
    """A reply with status 200, read as it comes.

    Attributes:
        ended: nothing more will come; `failure` then says why it is no good, None if it is.
    """

    def __init__(self, response: httpx.Response, deadlines: Deadlines, secret: str) -> None:
        self.reader = CompletionReader(secret)
        self._pieces: list[str] = []
        self.failure: ChatModelError | None = None
        self.ended = False
        self._bytes = body_of(response)
        self._deadlines = deadlines
        self._reads = 0

    def take(self) -> list[str]:
        """Return the text that was read since the last call."""
        pieces, self._pieces = self._pieces, []
        return pieces

    @property
    def has_begun(self) -> bool:
        """The model said something, or said that it stopped."""
        return self.reader.tokens > 0 or self.reader.finish_reason is not None

    async def read(self) -> None:
        """Wait for the network once.

        Raises:
            TransientError: the connection broke before the model said anything.
        """
        tokens, finished = self.reader.tokens, self.reader.finish_reason
        try:
            data = await self._receive()
            for piece in self.reader.feed(data):
                self._pieces.append(piece)
            if not data or self.reader.done:
                self.ended = True
                for piece in self.reader.close():
                    self._pieces.append(piece)
        except ChatModelError as error:
            self.failure, self.ended = error, True
        if self.reader.tokens > tokens:
            self._deadlines.token_received()
        if self.reader.finish_reason and not finished:
            self._deadlines.completion_finished()

    async def _receive(self) -> bytes:
        """Return the next piece of the body, b"" at its end."""
        try:
            if not self._deadlines.remaining_s():
                raise TimeoutError  # asyncio's would not be raised while pieces wait to be read
            self._reads += 1
            if self._reads % READS_AT_ONCE == 0:
                # 10,000 chunks in one buffer must not have the event loop to themselves
                await anyio.lowlevel.checkpoint()
            # asyncio's, a fifth as dear as anyio's, for every token; around one read: a scope must not span a yield
            async with asyncio.timeout(self._deadlines.remaining_s()):
                return await anext(self._bytes, b"")
        except (TimeoutError, httpx.HTTPError) as error:
            if self.reader.finish_reason is not None:
                return b""  # the answer is whole, however the connection ends
            if isinstance(error, TimeoutError):
                raise ChatModelError("timeout", f"the LLM {self._deadlines.describe_miss(self.has_begun)}") from error
            what = f"the connection to the LLM broke: {type(error).__name__}"
            if not self.has_begun and isinstance(error, httpx.TransportError):
                raise TransientError(ChatModelError("unreachable", what)) from error
            raise ChatModelError("bad_reply", what) from error


async def body_of(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a body, uncompressed, as they come.

    Compressed it comes only from servers that pass over Accept-Encoding. httpx would expand a whole piece at once: 64 kB of
    gzip may hold 64 MB.

    Raises:
        ChatModelError: "bad_reply", it is not what its Content-Encoding says, or that is none that is known here.
    """
    assert isinstance(response.stream, httpx.AsyncByteStream)
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding in {"", "identity"}:
        async for data in response.stream:
            yield data
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise ChatModelError("bad_reply", "the LLM sent a body in a Content-Encoding that nobody asked for")
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: the head tells gzip from zlib
    async for data in response.stream:
        while True:
            try:
                piece = inflater.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise ChatModelError("bad_reply", f"the LLM sent a body that is no {coding}") from error
            if not piece:
                break
            yield piece
            data = inflater.unconsumed_tail


async def body_text(response: httpx.Response, deadlines: Deadlines) -> str:
    """Return the beginning of a body, as much of it as comes soon."""
    body = bytearray()
    soon_s = min(deadlines.end_grace_s, deadlines.remaining_s())
    with anyio.move_on_after(soon_s), contextlib.suppress(httpx.HTTPError, ChatModelError):
        async with contextlib.aclosing(body_of(response)) as pieces:
            async for data in pieces:
                body += data
                if len(body) > MAX_ERROR_BYTES:
                    break
    return bytes(body[:MAX_ERROR_BYTES]).decode("utf-8", "replace")
