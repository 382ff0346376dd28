"""The dialects of OpenAI-compatible servers: bytes of a reply → text of the answer, without the model's thoughts.

Pure: no I/O, no clock. Which server does what is told beside the lines that care for it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.errors import ChatModelError, FallbackReason
from rag.llm.reasoning import ThoughtFilter
from rag.llm.sse import MAX_TOTAL_BYTES, EventParser, ServerSentEvent, decode
from rag.records import Usage

_BAD_ENDINGS = frozenset({"content_filter", "error", "abort"})  # OpenAI; OpenRouter; vLLM and SGLang
_BEFORE_BODY = b" \t\r\n\xef\xbb\xbf"  # DeepSeek sends blank lines before its JSON; EF BB BF is a byte order mark
_EXCERPT_CHARS = 200
_MAX_TOKENS = 2**53 - 1  # what JSON's readers agree on; a larger count is none, and could not be passed on
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def excerpt(text: str, secret: str) -> str:
    """Return the beginning of a server's words, fit for a log line: one line, printable, without the API key."""
    if secret:
        text = text.replace(secret, "[key]")
    text = re.sub(r"(?i)\bbearer\s+\S+", "[key]", text[: 10 * _EXCERPT_CHARS])
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= _EXCERPT_CHARS else text[:_EXCERPT_CHARS] + "…"


def reason_of(status: int) -> FallbackReason:
    """Return the reason that an HTTP status, or the same number in an error object, stands for."""
    if status in (401, 403):
        return "unauthorised"
    if status == 429:
        return "rate_limited"
    return "server_error" if 500 <= status <= 599 else "bad_reply"


class CompletionReader:
    """Reads one reply with status 200, an event stream or a JSON body whatever its content type says.

    Feed it the body's pieces in order until they end or `done` is set, then close it once. Both yield pieces of the
    answer's text and raise only after the last good piece, so the text does not depend on how the body was cut.

    Args:
        secret: the API key, kept out of error messages.

    Attributes:
        tokens: pieces of answer or thought so far; comments, keep-alives and roles do not count.
        done: the server said that nothing follows.
        finish_reason: why the model stopped, None while it has not.
        usage: the last usage sent.
    """

    def __init__(self, secret: str = "") -> None:
        self.tokens = 0
        self.done = False
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self._secret = secret
        self._events = EventParser()
        self._thoughts = ThoughtFilter()
        self._half = ""  # of a character that is split between two deltas
        self._body: bytearray | None = None  # a JSON body; None: an event stream
        self._head = b""
        self._answered = False

    def feed(self, data: bytes) -> Iterator[str]:
        """Yield the pieces of text that `data` completes.

        Raises:
            ChatModelError: the body is no completion, is too long, or carries an error object.
        """
        if not self._head:
            data = data.lstrip(_BEFORE_BODY)
            if data.startswith(b"{"):  # begins no line of an event stream, so it is JSON
                self._body = bytearray()
        if len(self._head) < 2 * _EXCERPT_CHARS:
            self._head += data[: 2 * _EXCERPT_CHARS]
        if self._head.startswith(b"<"):
            raise self._bad("HTML or XML instead of a completion: does OPENAI_BASE_URL lack its /v1?")
        if self._body is None:
            for event in self._events.feed(data):
                yield from self._event(event)
        elif len(self._body) + len(data) > MAX_TOTAL_BYTES:
            raise self._bad(f"a body longer than {MAX_TOTAL_BYTES} bytes")
        else:
            self._body += data

    def close(self) -> Iterator[str]:
        """Yield what was held back, at the end of the body.

        Raises:
            ChatModelError: "bad_reply", there is no answer in the reply or its end is missing.
        """
        if self._body is not None:
            yield from self._chunk(self._parse(decode(self._body)))
            self.done = True
        elif not self.done:
            for event in self._events.flush():
                yield from self._event(event)
        yield from self._emit(self._thoughts.flush())
        if not self.done and self.finish_reason is None:
            if not self._head:
                raise self._bad("an empty body")
            said = excerpt(self._head.decode("utf-8", "replace"), self._secret)
            raise self._bad("a completion that breaks off" if self.tokens else f"no completion: {said}")
        if not self._answered:
            raise self._bad("thoughts and no answer" if self._thoughts.thought else "an empty completion")
        if self.usage is not None and self.finish_reason == "length":
            self.usage = Usage(
                self.usage.prompt_tokens, self.usage.completion_tokens, self.usage.total_tokens, cut=True
            )

    def _event(self, event: ServerSentEvent) -> Iterator[str]:
        if self.done:
            return
        lines = event.data.split("\n")
        if event.data.strip() == "[DONE]":
            self.done = True
        elif event.kind == "error":
            raise self._refused(_json_or_text(event.data))
        elif len(lines) > 1 and not isinstance(_json_or_text(event.data), dict):
            for line in filter(str.strip, lines):  # a server that leaves out the blank lines between events
                yield from self._event(ServerSentEvent(event.kind, line))
        else:
            yield from self._chunk(self._parse(event.data))

    def _parse(self, text: str) -> Mapping[str, Any]:
        parsed = _json_or_text(text)
        if not isinstance(parsed, dict):
            raise self._bad(f"something that is no JSON object: {excerpt(text, self._secret)}")
        return parsed

    def _chunk(self, chunk: Mapping[str, Any]) -> Iterator[str]:
        if chunk.get("error") or chunk.get("object") == "error":  # the second: vLLM before 2025
            raise self._refused(chunk.get("error") or chunk)
        self.usage = _usage(chunk.get("usage")) or self.usage
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        part = choice.get("delta") if "delta" in choice else choice.get("message")
        if isinstance(part, dict):
            content = part.get("content")
            if text := _text(content):
                self.tokens += 1
                yield from self._emit(self._thoughts.feed(self._sayable(text)))
            # "reasoning" in vLLM and Ollama, "reasoning_content" in DeepSeek, Qwen, llama.cpp; Mistral: a list of thoughts
            elif content or part.get("reasoning_content") or part.get("reasoning"):
                self._thoughts.thought = True
                self.tokens += 1
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.finish_reason = reason
            if reason in _BAD_ENDINGS:
                raise self._bad(f"a completion that ends with {excerpt(reason, self._secret)}")

    def _sayable(self, text: str) -> str:
        """Return the text without control characters, and with U+FFFD for half a surrogate pair: who reads on knows of the loss.

        Servers in JavaScript escape a pair as two halves, and may send one in each of two deltas.
        """
        text, self._half = self._half + text, ""
        if "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        text = _HALVES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
        return _HALF.sub("\ufffd", _UNSAYABLE.sub("", text))

    def _emit(self, text: str) -> Iterator[str]:
        if text:
            self._answered = True
            yield text

    def _refused(self, error: object) -> ChatModelError:
        fields = error if isinstance(error, dict) else {}
        fields = fields["error"] if isinstance(fields.get("error"), dict) else fields
        words = str(fields.get("message") or error)
        code = str(fields.get("code", ""))
        reason = reason_of(int(code)) if re.fullmatch("[0-9]{3}", code) else "bad_reply"
        return ChatModelError(reason, f"the LLM reports an error: {excerpt(words, self._secret)}")

    def _bad(self, what: str) -> ChatModelError:
        return ChatModelError("bad_reply", f"the LLM sent {what}")


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # the second: "[" a hundred thousand times
        return text


def _text(content: object) -> str:
    """Return the text of a delta's content: a string, a list of {"type": "text", "text": …}, or null."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = (part.get("text") for part in content if isinstance(part, dict) and part.get("type", "text") == "text")
    return "".join(text for text in texts if isinstance(text, str))


def _usage(usage: object) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    prompt, completion, total = (
        value if type(value := usage.get(f"{name}_tokens")) is int and 0 <= value <= _MAX_TOKENS else 0
        for name in ("prompt", "completion", "total")
    )
    return Usage(prompt, completion, max(total, prompt + completion)) if prompt or completion else None
