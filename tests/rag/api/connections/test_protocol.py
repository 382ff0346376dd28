"""How a connection ends; many more ways in tests/faults/test_doors.py and test_connections.py."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import pytest
from api_server import JSON_TYPE, Service, assert_problem, running
from litestar.types import ASGIApp
from raw_request import read_reply, send_raw

from rag.api.connections.draining import Draining
from rag.api.security.gate import Gate
from rag.api.server import Parts
from rag.config import Settings

draining: list[Draining] = []


def gate(app: ASGIApp, settings: Settings, told: Draining) -> Gate:
    draining.append(told)
    return Gate(app, settings, told)


@pytest.fixture(scope="module")
def site(base: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service without an index, which is there at once."""
    settings = replace(base, index_dir=tmp_path_factory.mktemp("none"), max_body_bytes=1000)
    with running(settings, Parts(gate=gate)) as started:
        yield started


def test_nothing_behind_a_request_with_two_lengths_is_answered(site: Service) -> None:
    head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), 10) as connection:
        connection.sendall(head.encode() + b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        reply = read_reply(connection)
        assert_problem(reply, 400)
        assert reply.headers["connection"] == "close"
        assert connection.recv(1) == b""


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "a b", ""])
def test_a_host_that_is_none_is_refused(site: Service, host: str) -> None:
    assert_problem(send_raw(site, f"POST /v1/ask HTTP/1.1\nHost: {host}\nContent-Type: application/json".encode()), 400)


def test_whoever_sends_too_much_gets_to_read_that_it_is(site: Service) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}/v1/ask", b"a" * 5_000_000, JSON_TYPE)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 413
    assert b"larger than 1000 bytes" in refused.value.read()


def test_while_the_service_stops_whoever_comes_is_told(site: Service) -> None:
    draining[0].has_begun = True
    try:
        ready, asked, health = site.get("/ready"), site.ask(), site.get("/health")
    finally:
        draining[0].has_begun = False
    assert ready.status == 503
    assert "stopped" in ready.json["message"]
    assert_problem(asked, 503, code="shutting_down")
    assert health.status == 200
    assert {reply.headers["connection"] for reply in (ready, asked, health)} == {"close"}
    assert {"retry-after"} <= ready.headers.keys() & asked.headers.keys()
