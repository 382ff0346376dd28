"""An OpenAI-compatible LLM in a process of its own that says what the passages say, at so many tokens a second.

    python tests/support/paced_llm.py --speed 20 --tokens 300

It prints its port. Its answer is made of sentences of the passages that it was shown, each with its marker, so that it
can be verified. What it did is at GET /notes, as JSON, once: for each request the question, and by the clock that all
processes of a machine share (time.monotonic) when it had the request, when it sent the tokens from which on each statement
was known to be over, and when the connection was lost; all in seconds.
"""

import argparse
import asyncio
import json
import re
import time
from dataclasses import asdict, dataclass, field
from itertools import zip_longest

CHARACTERS = 2
"""Of Chinese in a token, about what the tokenizers of Qwen and DeepSeek make of it."""
_BLOCK = re.compile(r'<passage-\w+ n="(\d+)"[^>]*>\n(.*?)\n</passage-\w+>', re.DOTALL)
_ASKED = re.compile(r"(?:问题：|Question: )(.*)$", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？；\n“”《》]{14,60}。")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"


@dataclass(slots=True)
class Note:
    """One request; times in seconds of time.monotonic, `lost` None while the connection is open."""

    question: str
    got: float
    tokens: int = 0
    ends: list[tuple[str, float]] = field(default_factory=list)
    finished: bool = False
    lost: float | None = None


def compose(prompt: str, tokens: int) -> list[tuple[str, str]]:
    """Return the answer's tokens, each with the statement that is known to be over with it, "" mostly."""
    blocks = [[(number, sentence) for sentence in _SENTENCE.findall(text)] for number, text in _BLOCK.findall(prompt)]
    said: dict[str, str] = {}
    for row in zip_longest(*blocks):
        for number, sentence in filter(None, row):
            said.setdefault(sentence.strip(), number)
    answer: list[tuple[str, str]] = []
    before = ""
    for sentence, number in said.items():
        text = f"{sentence[:-1]}[{number}]。"
        pieces = [text[start : start + CHARACTERS] for start in range(0, len(text), CHARACTERS)]
        answer += [(pieces[0], before), *((piece, "") for piece in pieces[1:])]
        before = sentence
        if len(answer) >= tokens:
            break
    return [*answer, ("", before)] if answer else [("NOT_FOUND", "")]


class Connection(asyncio.Protocol):
    """Reads requests, one after the other, and plays the replies."""

    def __init__(self, notes: list[Note], speed: float, tokens: int) -> None:
        self._notes, self._speed, self._tokens = notes, speed, tokens
        self._buffer = b""
        self._note: Note | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        if self._note:
            self._note.lost = time.monotonic()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        top, blank, rest = self._buffer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", top)
        size = int(length[1]) if length else 0
        if not blank or len(rest) < size:
            return
        self._buffer = rest[size:]
        if top.startswith(b"GET"):
            self._tell()
        else:
            self._begin(rest[:size])

    def _tell(self) -> None:
        body = json.dumps([asdict(note) for note in self._notes]).encode()
        self._notes[:] = [note for note in self._notes if note.lost is None]
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        self._transport.close()

    def _begin(self, body: bytes) -> None:
        got = time.monotonic()
        prompt = json.loads(body)["messages"][-1]["content"]
        asked = _ASKED.search(prompt)
        self._note = Note(asked[1] if asked else "", got)
        self._notes.append(self._note)
        self._transport.write(_HEAD)
        self._play(compose(prompt, self._tokens), 0, asyncio.get_running_loop().time())

    def _play(self, answer: list[tuple[str, str]], place: int, started: float) -> None:
        """Send a token whenever its time has come: what was late once does not delay the next."""
        loop, note = asyncio.get_running_loop(), self._note
        assert note is not None
        while place < len(answer):
            due = started + (place + 1) / self._speed
            if due > loop.time():
                self._timer = loop.call_at(due, self._play, answer, place, started)
                return
            text, over = answer[place]
            if over:
                note.ends.append((over, time.monotonic()))
            self._event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})
            place += 1
            note.tokens = place
        note.finished = True
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 2000, "completion_tokens": place, "total_tokens": 2000 + place}
        self._event({"choices": [], "usage": usage})
        self._chunk(b"data: [DONE]\n\n")
        self._transport.write(b"0\r\n\r\n")

    def _event(self, value: object) -> None:
        self._chunk(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self._transport.write(b"%x\r\n%s\r\n" % (len(data), data))


async def serve(speed: float, tokens: int) -> None:
    notes: list[Note] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(notes, speed, tokens), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=20, help="tokens a second")
    parser.add_argument("--tokens", type=int, default=300, help="of an answer, about")
    options = parser.parse_args()
    asyncio.run(serve(options.speed, options.tokens))
