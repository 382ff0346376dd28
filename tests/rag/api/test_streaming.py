"""Event streams on the wire, byte by byte as a socket gets them."""

import json
import re
import socket
import time
from dataclasses import dataclass

import pytest
from api_server import AIR, RIGHT, Service, wait_for
from llm_server import HANG, LLMServer, delta, head, streamed

from rag.api.streaming.events import HEARTBEAT_S

DAYS = "优良天数265天，比2019年增加17天[2]。"
PAUSE_S = 0.3
ASK = ("/v1/ask", {"question": AIR, "stream": True})
CHAT = ("/v1/chat/completions", {"messages": [{"role": "user", "content": AIR}], "stream": True})


@dataclass
class Wire:
    """What came on a connection, and when."""

    connection: socket.socket
    received: bytes = b""

    def until(self, text: bytes) -> float:
        """Read until this has come; time.monotonic() of that moment."""
        while text not in self.received:
            got = self.connection.recv(65536)
            assert got, f"the connection was closed before {text!r} came: {self.received!r}"
            self.received += got
        return time.monotonic()

    @property
    def head(self) -> dict[str, str]:
        lines = self.received.split(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}

    def frames(self) -> list[bytes]:
        """The chunks of HTTP's chunked encoding: what the server sent in one go."""
        _head, _, rest = self.received.partition(b"\r\n\r\n")
        found = []
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            found.append(rest[: int(size, 16)])
            rest = rest[int(size, 16) + 2 :]
        return found


def test_every_event_is_sent_when_it_happens(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed("", RIGHT, DAYS, "", pause_s=PAUSE_S))
    with talking.open(*ASK) as connection:
        wire = Wire(connection)
        headed = wire.until(b"\r\n\r\n")
        retrieved = wire.until(b"event: retrieved")
        first = wire.until("同比下降12.5%[1]".encode())
        second = wire.until("增加17天[2]".encode())
        done = wire.until(b"event: done")
        wire.until(b"\r\n0\r\n\r\n")
    assert headed <= retrieved < first - PAUSE_S / 2
    assert first < second - PAUSE_S / 2
    assert second <= done
    *events, last = wire.frames()
    assert last == b""
    names = [re.match(rb"event: (\w+)\ndata: .*\n\n\Z", event) for event in events]
    assert all(names), "one event in one chunk, and whole"
    kinds = [match[1].decode() for match in names if match]
    assert kinds == ["retrieved", "citation", "delta", "citation", "delta", "done"]


def test_every_chunk_of_a_completion_is_sent_when_it_happens(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed("", RIGHT, DAYS, "", pause_s=PAUSE_S))
    with talking.open(*CHAT) as connection:
        wire = Wire(connection)
        opened = wire.until(b'"role":"assistant"')
        first = wire.until("同比下降12.5%[1]".encode())
        second = wire.until("增加17天[2]".encode())
        wire.until(b"\r\n0\r\n\r\n")
    assert opened < first - PAUSE_S / 2
    assert first < second - PAUSE_S / 2
    opening, *texts, last, _end = wire.frames()
    assert json.loads(opening.removeprefix(b"data: "))["wenju"]["citations"]
    assert all(text.count(b"data: ") == 1 and text.endswith(b"\n\n") for text in [opening, *texts])
    assert last.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT])
def test_a_statement_comes_while_the_llm_still_writes(
    talking: Service, llm: LLMServer, path: str, body: dict[str, object]
) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), HANG])
    with talking.open(path, body) as connection:
        Wire(connection).until("同比下降12.5%[1]".encode())
        assert llm.open_connections == 1
    assert llm.wait_until_idle(2)
    wait_for(lambda: not talking.tasks())


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT])
def test_the_heads_of_a_stream_keep_proxies_from_holding_it_back(
    talking: Service, llm: LLMServer, path: str, body: dict[str, object]
) -> None:
    llm.play(streamed(RIGHT))
    with talking.open(path, body, **{"X-Request-ID": "my-own"}) as connection:
        wire = Wire(connection)
        wire.until(b"\r\n\r\n")
    assert wire.received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert wire.head["content-type"] == "text/event-stream; charset=utf-8"
    assert (wire.head["cache-control"], wire.head["x-accel-buffering"]) == ("no-cache", "no")
    assert wire.head["x-request-id"] == "my-own"
    assert wire.head["transfer-encoding"] == "chunked"
    assert "content-length" not in wire.head


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT])
def test_a_comment_is_the_heartbeat_until_an_event_comes(
    pulsing: Service, llm: LLMServer, path: str, body: dict[str, object]
) -> None:
    assert HEARTBEAT_S == 10.0
    llm.play([head(), HANG])
    with pulsing.open(path, body) as connection:
        wire = Wire(connection)
        started = wire.until(b": heartbeat\n\n")
        third = wire.until(b": heartbeat\n\n\r\n".join([b"d\r\n"] * 4).removesuffix(b"d\r\n"))
        assert third - started < 2
    assert wire.frames()[-1] == b": heartbeat\n\n"
    assert llm.wait_until_idle(2)


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT])
def test_a_client_of_http_1_0_reads_the_events_until_the_connection_closes(
    talking: Service, llm: LLMServer, path: str, body: dict[str, object]
) -> None:
    llm.play(streamed(RIGHT))
    sent = json.dumps(body).encode()
    with socket.create_connection(("127.0.0.1", talking.port), timeout=10) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n".encode()
            + sent
        )
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    wire = Wire(connection, received)
    assert "transfer-encoding" not in wire.head
    assert wire.head["connection"] == "close"
    events = received.partition(b"\r\n\r\n")[2]
    assert events.startswith((b"event: retrieved\n", b"data: {"))
    assert events.endswith(b"\n\n")
    if path == ASK[0]:
        assert b"\n\nevent: done\n" in events
    else:
        assert events.endswith(b"data: [DONE]\n\n")
        assert f"http://127.0.0.1:{talking.port}/#article=".encode() in events
