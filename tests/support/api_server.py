"""The real application behind a real uvicorn on a free port of loopback, for the tests of its routes.

    with running(replace(base, api_keys=("a-key",))) as site:
        assert site.ask(stream=True).events()[-1][0] == "done"

The in-process clients of the framework read a body whole, so they show neither a stream nor a client that leaves.
"""

import asyncio
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import uvicorn

from rag.answer import Answerer
from rag.api.connections.acceptor import ServingLoop
from rag.api.connections.protocol import ServiceProtocol
from rag.api.server import Parts, create_app
from rag.api.streaming.events import EventStreams
from rag.config import Settings
from rag.records import Event, Query, Retrieved
from rag.service.live_index import LiveIndex

AIR = "2020年云汀区PM2.5年均浓度是多少？同比变化多少？"
RIGHT = "2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。"
JSON_TYPE = {"Content-Type": "application/json"}


class BreakingAnswerer(Answerer):
    """An answerer that fails after the candidates, when a stream has begun."""

    async def events(self, query: Query) -> AsyncGenerator[Event, None]:
        async with aclosing(super().events(query)) as events:
            async for event in events:
                yield event
                if isinstance(event, Retrieved):
                    raise RuntimeError("secret of the house")


BREAKING = Parts(live_index=partial(LiveIndex, make_answerer=BreakingAnswerer))
PULSING = Parts(streams=partial(EventStreams, heartbeat_s=0.05))


@dataclass
class Reply:
    """What came back, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def events(self) -> list[tuple[str, Any]]:
        """The server-sent events, comments left out."""
        blocks = [block for block in self.body.decode().split("\n\n") if block and not block.startswith(":")]
        found = [re.fullmatch(r"event: (\w+)\ndata: (.*)", block) for block in blocks]
        assert all(found), "every event is a name and one line of data"
        return [(match.group(1), json.loads(match.group(2))) for match in found if match]


@dataclass
class Service:
    """The real application behind a real uvicorn on a free port of loopback."""

    settings: Settings
    port: int = 0
    loop: asyncio.AbstractEventLoop = field(default_factory=ServingLoop)

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, value: object, **headers: str) -> Reply:
        return self.send("POST", path, json.dumps(value).encode(), JSON_TYPE | headers)

    def ask(self, question: str = AIR, **fields: object) -> Reply:
        return self.post("/v1/ask", {"question": question, **fields})

    def open(self, path: str, value: object, **headers: str) -> socket.socket:
        """A connection on which this request was sent, as bytes, and nothing read; for what happens on the wire."""
        body = json.dumps(value).encode()  # as `post` writes it
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {text}" for name, text in (JSON_TYPE | headers).items()]
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return connection

    def tasks(self) -> set[str]:
        """Names of the tasks that write or read an answer, or watch its client, in the server's event loop."""

        async def names() -> set[str]:
            return {
                str(task.get_coro())
                for task in asyncio.all_tasks()
                if "EventStream" in str(task.get_coro())
                or "Queue.get" in str(task.get_coro())
                or task.get_name() in {"answer", "client leaving"}
            }

        return asyncio.run_coroutine_threadsafe(names(), self.loop).result(5)


@contextmanager
def running(
    settings: Settings,
    parts: Parts | None = None,
    protocol: type[ServiceProtocol] = ServiceProtocol,
) -> Iterator[Service]:
    """Serve until the block ends.

    Args:
        parts: some made otherwise than the service makes them, e.g. with shorter waits.
        protocol: the server's, for connections that stand still.
    """
    app = create_app(settings, parts)
    started = Service(settings)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        started.port = listener.getsockname()[1]
        config = uvicorn.Config(
            app,
            http=protocol,
            log_config=None,
            access_log=False,
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)

        def serve() -> None:
            asyncio.set_event_loop(started.loop)
            try:
                started.loop.run_until_complete(server.serve(sockets=[listener]))
            finally:
                started.loop.close()

        thread = threading.Thread(target=serve, name="uvicorn", daemon=True)
        thread.start()
        try:
            wait_for(lambda: server.started, 30)
            yield started
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


def wait_for(holds: Callable[[], object], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def assert_problem(reply: Reply, status: int, **expected: object) -> None:
    """The contract's error body, with the real status."""
    assert reply.status == status, reply.body
    assert reply.headers["content-type"].startswith("application/json")
    assert set(reply.json) == {"error"}
    error = reply.json["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert error["type"].endswith("_error")
    assert expected.items() <= error.items()
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", reply.headers["x-request-id"])
    for secret in ("Traceback", 'File "', "site-packages"):
        assert secret not in reply.body.decode()


@contextmanager
def open_stream(site: Service) -> Iterator[tuple[http.client.HTTPConnection, Callable[[bytes], str]]]:
    """An open stream of events; `read` returns the line after the one given."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    body = json.dumps({"question": AIR, "stream": True}).encode()
    connection.request("POST", "/v1/ask", body, JSON_TYPE)
    response = connection.getresponse()
    assert response.status == 200

    def read(line: bytes) -> str:
        while (got := response.readline()) and got.strip() != line:
            pass
        return response.readline().decode()

    try:
        yield connection, read
    finally:
        response.close()
        connection.close()
