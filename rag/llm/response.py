"""One reply of an LLM's server, read within its deadlines."""

import asyncio
from time import monotonic

import anyio.lowlevel
import httpx

from rag.errors import ChatModelError
from rag.llm.dialects import CompletionReader

END_GRACE_S = 2.0  # after finish_reason only the usage is missing, and some servers never hang up


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
        self._bytes = response.aiter_bytes()
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
