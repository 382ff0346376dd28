"""More connections than there may be, a service that is stopped twice, processes whose parent is killed.

WENJU_FAULTS_LONG=1 floods with more connections, for longer.
"""

import contextlib
import http.client
import json
import logging
import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import AIR, JSON_TYPE, RIGHT, Service, running, wait_for
from fault_figures import Tried
from llm_server import HANG, LLMServer, Reply, delta, head, streamed
from serve_process import PROCESSES, served

from rag.api.connections import acceptor
from rag.config import Settings

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux only"),
]
IS_LONG = bool(os.environ.get("WENJU_FAULTS_LONG"))
DESCRIPTORS = 256
FLOOD = 2000 if IS_LONG else 600
QUESTIONS = 60 if IS_LONG else 10
BEGINNINGS = [b"", b"GET", b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b"GET /health HTTP/1.1\r\n"]


@contextlib.contextmanager
def flooded(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections, which say nothing or begin to; what the service closes of them stays open on this side."""
    with contextlib.ExitStack() as stack:
        held = []
        for number in range(count):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            with contextlib.suppress(ConnectionError):
                connection.sendall(BEGINNINGS[number % len(BEGINNINGS)])
            held.append(connection)
        yield held


def processor_s(pid: int) -> float:
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13])) / os.sysconf(
        "SC_CLK_TCK"
    )


def test_whoever_holds_all_connections_keeps_nobody_from_an_answer(
    base: Settings, tmp_path: Path, tried: Tried
) -> None:
    few = f"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}))"
    log = tmp_path / "log"
    with served(base, before=few, log=log) as site:
        site.ask()
        pid, size = PROCESSES[site.port].pid, log.stat().st_size
        with flooded(site.port, FLOOD):
            right = 0
            for _ in range(QUESTIONS):
                with contextlib.suppress(OSError):
                    right += site.ask().status == 200
            assert len(os.listdir(f"/proc/{pid}/fd")) < DESCRIPTORS  # noqa: PTH208 - counts only
            before = processor_s(pid)
            time.sleep(1)
            assert processor_s(pid) - before < 0.5, "it spins"
        assert log.stat().st_size - size < 1000 * QUESTIONS  # a line of the audit log for each
        tried("question beside a flood of connections", right, QUESTIONS)


def test_without_descriptors_nothing_is_logged_again_and_again_and_those_who_wait_are_served(
    base: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with running(replace(base, index_dir=tmp_path)) as site, contextlib.ExitStack() as stack:
        logging.getLogger(acceptor.__name__).addHandler(caplog.handler)
        waiting = [stack.enter_context(socket.socket()) for _ in range(30)]
        taken = max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208
        resource.setrlimit(resource.RLIMIT_NOFILE, (taken + 5, hard))
        filled = []
        try:
            with contextlib.suppress(OSError):
                while True:
                    filled.append(os.dup(0))
            for connection in waiting:
                connection.connect(("127.0.0.1", site.port))
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            before = time.process_time()
            time.sleep(1.2)
            spent_s = time.process_time() - before
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for number in filled:
                os.close(number)
        for connection in waiting:
            connection.settimeout(10)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        logging.getLogger(acceptor.__name__).removeHandler(caplog.handler)
        refusals = [record for record in caplog.records if "can be accepted" in record.getMessage()]
        assert len(refusals) == 1
        assert spent_s < 0.6


def test_a_stop_is_told_at_once_and_what_was_begun_comes_to_its_end(base: Settings, tried: Tried) -> None:
    first = head() + delta("2020年")
    rest = b"".join(step for step in streamed(RIGHT)[1:] if isinstance(step, bytes))
    short = "from rag.api import server\nserver.SHUTDOWN_S = 10"
    count = 12
    replies: list[Reply] = [[first, 1.5, rest], [first, HANG]] * (count // 2)
    with (
        LLMServer(*replies) as llm,
        served(base, before=short, llm=llm.base_url) as site,
        contextlib.ExitStack() as stack,
    ):
        streams = [stack.enter_context(contextlib.closing(open_stream(site))) for _ in range(count)]
        wait_for(lambda: len(llm.requests) == count, 30)
        process = PROCESSES[site.port]
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        ready = site.get("/ready")
        took_s = time.monotonic() - told
        late = [site.ask(), site.ask(stream=True), site.post("/v1/search", {"query": "公园"})]
        assert (ready.status, ready.json["status"]) == (503, "unavailable")
        assert took_s < 2  # at once, beside whatever else a machine of tests does
        for reply in late:
            assert (reply.status, reply.json["error"]["code"]) == (503, "shutting_down")
            assert int(reply.headers["retry-after"]) >= 1
            assert reply.headers["connection"] == "close"
        ends = [stream.getresponse().read().decode() for stream in streams]
        right = sum(("event: done" in end) != ("event: error" in end) for end in ends)
        assert sum("event: done" in end for end in ends) == count // 2
        assert process.wait(25) in {0, -signal.SIGTERM}
        tried("open stream when the service is stopped", right, count)


def open_stream(site: Service) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("POST", "/v1/ask", json.dumps({"question": AIR, "stream": True}).encode(), JSON_TYPE)
    return connection


def children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def test_no_worker_outlives_the_process_that_started_it(base: Settings, tried: Tried) -> None:
    with served(base, "--workers", "2") as site:
        process = PROCESSES[site.port]
        workers = children(process.pid)
        assert len(workers) >= 2
        process.kill()
        process.wait(5)
        with contextlib.suppress(AssertionError):
            wait_for(lambda: not any(map(is_alive, workers)), 5)
        tried("worker whose parent was killed", sum(not is_alive(pid) for pid in workers), len(workers))


def test_a_second_signal_ends_the_service_at_once(base: Settings) -> None:
    with (
        LLMServer([head(), delta("2020年"), HANG]) as llm,
        served(base, llm=llm.base_url) as site,
        contextlib.closing(open_stream(site)),
    ):
        process = PROCESSES[site.port]
        wait_for(lambda: llm.requests, 20)
        process.send_signal(signal.SIGINT)
        wait_for(lambda: site.get("/ready").status == 503)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(3) == -signal.SIGTERM
