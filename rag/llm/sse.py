"""Server-sent events: bytes in, events out, however the network cut them.

Reads what servers really send, not only what the standard allows. Pure: no I/O, no clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.errors import ChatModelError

MAX_EVENT_LINE_BYTES = 1_000_000
"""One event of a chat completion is a few hundred bytes; a longer line is no completion."""
MAX_TOTAL_BYTES = 2_000_000
"""About 10,000 tokens with their JSON around them, far more than an answer may have."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event.

    Args:
        kind: the `event:` field, "message" without one; "error" also for llama.cpp's `error:` field.
        data: the `data:` lines, joined by line feeds; never empty.
    """

    kind: str
    data: str


class EventParser:
    """Parses one stream. Feed it every piece of the body in order, then flush it once.

    Lines are cut as bytes and decoded whole, so a piece may end inside a UTF-8 character. What is not UTF-8 is refused, not
    replaced as the standard has it: no server means such bytes, and what is left of the text would say something else.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._skip_lf = False
        self._at_start = True
        self._kind = ""
        self._data: list[str] = []
        self._total_bytes = 0

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Yield the events that `data` completes.

        Lazy: the events in front of a fault come out before it is raised.

        Raises:
            ChatModelError: "bad_reply", a line or the whole stream is longer than its cap, or a line is not UTF-8.
        """
        self._total_bytes += len(data)
        if self._total_bytes > MAX_TOTAL_BYTES:
            raise ChatModelError("bad_reply", f"the LLM's reply is longer than {MAX_TOTAL_BYTES} bytes")
        if self._skip_lf and data:
            data = data.removeprefix(b"\n")
            self._skip_lf = False
        if not data:
            return
        self._skip_lf = data.endswith(b"\r")  # a CRLF may be cut in two: the LF then ends no line of its own
        *ended, rest = _LINE_END.split(data)
        for part in ended:
            self._extend(part)
            yield from self._end_line()
        self._extend(rest)

    def flush(self) -> Iterator[ServerSentEvent]:
        """Yield what the end of the stream completes: servers leave out the last blank line, even the last LF."""
        if self._line:
            yield from self._end_line()
        yield from self._dispatch()

    def _extend(self, part: bytes) -> None:
        self._line += part
        if len(self._line) > MAX_EVENT_LINE_BYTES:
            raise ChatModelError("bad_reply", f"the LLM's reply has a line longer than {MAX_EVENT_LINE_BYTES} bytes")

    def _end_line(self) -> Iterator[ServerSentEvent]:
        line = decode(self._line)
        self._line.clear()
        if self._at_start:
            line = line.removeprefix("\ufeff")
            self._at_start = False
        if not line:
            yield from self._dispatch()
            return
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._kind = value
        elif field == "error":  # llama.cpp until late 2025: an error in mid-stream, with status 200
            yield ServerSentEvent("error", value)
        # an empty field name is a comment (": keep-alive"); id, retry and unknown fields mean nothing here

    def _dispatch(self) -> Iterator[ServerSentEvent]:
        data, kind = "\n".join(self._data), self._kind
        self._data.clear()
        self._kind = ""
        if data:
            yield ServerSentEvent(kind or "message", data)


def decode(body: bytes | bytearray) -> str:
    """Return the text of bytes that an LLM's server sent.

    Raises:
        ChatModelError: "bad_reply", they are not UTF-8.
    """
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ChatModelError(
            "bad_reply", f"the LLM sent bytes that are not UTF-8, first {error.object[error.start]:#x}"
        ) from error
