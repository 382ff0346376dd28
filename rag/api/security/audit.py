"""One line of JSON for every request under /v1: who asked for what, and how it ended."""

import json
import logging
import os
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from litestar.types import HTTPReceiveMessage, HTTPSendMessage, Receive, Scope, Send

from rag.api.security.callers import Caller
from rag.errors import SettingsError
from rag.records import Answer, Done, Event

log = logging.getLogger(__name__)
audit = logging.getLogger("wenju.audit")
MAX_PATH_CHARACTERS = 200
"""Characters of a path that are logged."""
Ended = Literal["finished", "left", "error"]
"""A response went out whole; the client left before; it broke off, or an `error` event was its end."""


@dataclass(slots=True)
class AuditRecord:
    """What is to be said of one request; filled while it is served, written when it is over.

    It is `request.state.record` of every route under /v1.
    """

    request_id: str
    address: str
    method: str
    path: str
    caller: Caller | None = None
    status: int | None = None
    body_bytes: int = 0
    ended: Ended | None = None
    question: str | None = None
    answer: dict[str, object] | None = None
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _started: float = field(default_factory=time.perf_counter)

    def note_answer(self, answer: Answer) -> None:
        """Note what an answer was, without its text."""
        self.question = answer.question
        self.answer = {
            "id": answer.id,
            "status": answer.status,
            "refusal": answer.refusal.reason if answer.refusal else None,
            "generator": answer.generator.kind,
            "citations": len(answer.citations),
            "index_generation": answer.index_generation,
        }

    def observe(self, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Return both, noting what goes through."""

        async def receive_observed() -> HTTPReceiveMessage:
            message = await receive()
            if message["type"] == "http.disconnect" and not self.ended:
                self.ended = "left"
            return message  # type: ignore[return-value]

        async def send_observed(message: HTTPSendMessage) -> None:
            await send(message)
            if message["type"] == "http.response.start":
                self.status = message["status"]
            elif message["type"] == "http.response.body":
                self.body_bytes += len(message["body"])
                if not message.get("more_body") and not self.ended:
                    self.ended = "finished"

        return receive_observed, send_observed  # type: ignore[return-value]

    def line(self, scope: Scope, *, with_question: bool) -> str:
        """Return the line, of printable characters only: no text of a request can end it or change how it reads."""
        caller = self.caller
        values: dict[str, object] = {
            "time": self._began.isoformat(timespec="milliseconds"),
            "request_id": self.request_id,
            "caller": caller.name if caller else None,
            "role": caller.role if caller else None,
            "address": self.address,
            "method": self.method,
            "route": scope.get("path_template"),
            "path": self.path[:MAX_PATH_CHARACTERS],
            "status": self.status,
            "ms": round((time.perf_counter() - self._started) * 1000, 1),
            "bytes": self.body_bytes,
            "ended": self.ended or "error",
            "answer": self.answer,
        }
        if with_question:
            values["question"] = self.question
        return _one_line(values)


async def recorded(events: AsyncGenerator[Event, None], record: AuditRecord) -> AsyncGenerator[Event, None]:
    """Yield the events of an answer, noting what it was or that it failed."""
    async with aclosing(events):
        try:
            async for event in events:
                if isinstance(event, Done):
                    record.note_answer(event.answer)
                yield event
        except Exception:
            record.ended = "error"
            raise


def _one_line(values: dict[str, object]) -> str:
    # JSON escapes line feeds, not what viewers take for the end of a line or turn text around with (U+2028, U+202E).
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return "".join(character if character.isprintable() else json.dumps(character)[1:-1] for character in text)


class AuditLog:
    """Where the lines go: the logger "wenju.audit", and a file where one is named.

    The file is opened for each line, so that it may be moved away at any time, and the line written whole by one
    call that appends: several processes share it (POSIX: O_APPEND writes at the end, whoever else does).

    Args:
        path: None writes no file.
    Raises:
        SettingsError: the file cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._append(b"")
        except OSError as error:
            raise SettingsError(
                f"WENJU_AUDIT_LOG={path} cannot be written ({error.strerror}): name a file in a folder that is there"
            ) from error

    def write(self, line: str) -> None:
        """Write one line; a full disk is logged, and stops no answer."""
        audit.info("%s", line)
        try:
            self._append(line.encode() + b"\n")
        except OSError as error:
            log.error("WENJU_AUDIT_LOG=%s: a line was not written: %s", self._path, error)

    def _append(self, data: bytes) -> None:
        if self._path is None:
            return
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.write(file, data) != len(data):
                raise OSError("the disk is full")
        finally:
            os.close(file)
