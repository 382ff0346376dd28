"""HEAD and OPTIONS."""

import socket
from dataclasses import replace
from typing import Any

import pytest
from api_server import Service, assert_problem, running, wait_for
from litestar.types import Receive, Scope, Send

from rag.api.runtime.head import answer_head
from rag.config import Settings


@pytest.mark.parametrize("path", ["/", "/health", "/ready", "/widget.js", "/v1/models", "/v1/examples"])
def test_head_says_what_get_says_without_the_body(site: Service, path: str) -> None:
    got, headed = site.get(path), site.send("HEAD", path)
    changing = {"date", "x-request-id"}
    assert (headed.status, headed.body) == (200, b"")
    assert {name: value for name, value in headed.headers.items() if name not in changing} == {
        name: value for name, value in got.headers.items() if name not in changing
    }
    assert int(headed.headers["content-length"]) == len(got.body) > 0


@pytest.mark.parametrize(("path", "status"), [("/v1/nothing", 404), ("/page/nothing.js", 404), ("/v1/ask", 405)])
def test_head_of_what_cannot_be_got_has_the_status_alone(site: Service, path: str, status: int) -> None:
    headed = site.send("HEAD", path)
    assert (headed.status, headed.body) == (status, b"")


@pytest.mark.anyio
async def test_no_server_is_left_to_drop_the_body_itself() -> None:
    sent: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope.get("method") == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"text", "more_body": False})

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asked: Any = {"type": "http", "method": "HEAD"}
    await answer_head(app)(asked, receive, send)
    assert [message.get("body", b"") for message in sent] == [b"", b""]
    assert asked["method"] == "HEAD"


def test_head_is_counted_under_its_route(site: Service) -> None:
    site.send("HEAD", "/v1/models/wenju")
    counted = b'wenju_http_requests_total{method="HEAD",route="/v1/models/{model_id}",status="200"}'
    wait_for(lambda: counted in site.get("/metrics").body)


def test_head_asks_for_a_key_where_get_does(base: Settings) -> None:
    with running(replace(base, api_keys=("right",))) as locked:
        assert locked.send("HEAD", "/v1/models").status == 401
        assert locked.send("HEAD", "/v1/models", headers={"Authorization": "Bearer right"}).status == 200


def test_a_connection_goes_on_after_head(site: Service) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.0\r\nHost: a\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    top, second, body = received.split(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 200")
    assert second.startswith(b"HTTP/1.1 200")
    assert body.startswith(b'{"status":"ok"')


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/", "GET, HEAD, OPTIONS"), ("/ready", "GET, HEAD, OPTIONS"), ("/v1/ask", "OPTIONS, POST"), ("/v1/chat/completions", "OPTIONS, POST")],
)  # fmt: skip
def test_options_names_the_methods_of_a_route(site: Service, path: str, methods: str) -> None:
    reply = site.send("OPTIONS", path)
    assert (reply.status, reply.body, reply.headers["allow"]) == (204, b"", methods)


def test_a_method_that_a_route_has_not_is_told_which_it_has(site: Service) -> None:
    reply = site.send("DELETE", "/")
    assert_problem(reply, 405)
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS"
