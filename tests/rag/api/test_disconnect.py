"""A client that leaves ends what was begun for it, whatever shape it had asked for."""

import socket
import struct
import time
from typing import Any

import pytest
from api_server import AIR, RIGHT, Service, wait_for
from llm_server import HANG, LLMServer, delta, head, streamed

AT_MOST_S = 1.0
WRONG = "2020年全区PM2.5年均浓度为47微克/立方米，同比下降12.5%[1]。"
ASK = ("/v1/ask", {"question": AIR})
CHAT = ("/v1/chat/completions", {"messages": [{"role": "user", "content": AIR}]})
STREAMS = [(path, body | {"stream": True}) for path, body in (ASK, CHAT)]


def close(connection: socket.socket) -> None:
    connection.close()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def half_close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize(
    ("leave", "said"),
    [
        (close, [HANG]),
        (reset, [head(), HANG]),
        (half_close, [head(), delta(RIGHT), delta("优良"), HANG]),
        (close, [head(), delta(RIGHT), delta("优良"), HANG]),
    ],
)
@pytest.mark.parametrize(("path", "body"), [ASK, CHAT, *STREAMS])
def test_the_llms_call_ends_within_a_second(
    talking: Service, llm: LLMServer, path: str, body: dict[str, object], said: Any, leave: Any
) -> None:
    llm.play(said)
    before = len(llm.requests)
    with talking.open(path, body) as connection:
        wait_for(lambda: len(llm.requests) > before)
        time.sleep(0.05)  # let it write
        assert llm.open_connections == 1
        leave(connection)
        assert llm.wait_until_idle(AT_MOST_S)
    wait_for(lambda: not talking.tasks())
    assert len(llm.requests) == before + 1


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT, *STREAMS])
def test_requests_to_have_a_statement_mended_end_too(
    talking: Service, llm: LLMServer, path: str, body: dict[str, object]
) -> None:
    llm.play([head(), delta(WRONG), delta("优良"), HANG], answers={"原句：": [HANG]})
    before = len(llm.requests)
    with talking.open(path, body) as connection:
        wait_for(lambda: len(llm.requests) == before + 2)
        connection.close()
        assert llm.wait_until_idle(AT_MOST_S)
    wait_for(lambda: not talking.tasks())


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT])
def test_a_question_that_is_still_being_rewritten_ends_too(
    talking: Service, llm: LLMServer, path: str, body: dict[str, Any]
) -> None:
    llm.play([HANG])
    before = len(llm.requests)
    turns = [{"role": "user", "content": AIR}, {"role": "assistant", "content": RIGHT}]
    then = "那2021年呢？它的情况怎样？"
    asked = (
        {"question": then, "history": turns}
        if path == "/v1/ask"
        else {"messages": [*turns, {"role": "user", "content": then}]}
    )
    with talking.open(path, asked):
        wait_for(lambda: len(llm.requests) > before)
    assert llm.wait_until_idle(AT_MOST_S)
    wait_for(lambda: not talking.tasks())


@pytest.mark.slow
def test_many_that_leave_while_they_wait_leave_nothing_behind(talking: Service, llm: LLMServer) -> None:
    llm.play([head(), HANG])
    for _ in range(4):
        before = len(llm.requests)
        waiting = [talking.open(*ASK) for _ in range(3)]
        wait_for(lambda before=before: len(llm.requests) == before + 3)  # type: ignore[misc]
        for connection in waiting:
            connection.close()
    assert llm.wait_until_idle(AT_MOST_S)
    wait_for(lambda: not talking.tasks())
    llm.play(streamed(RIGHT))
    assert talking.ask().json["generator"]["kind"] == "llm"


@pytest.mark.parametrize(("path", "body"), [ASK, CHAT])
def test_a_client_that_stays_is_answered_and_leaves_no_task(
    talking: Service, llm: LLMServer, path: str, body: dict[str, object]
) -> None:
    llm.play(streamed(RIGHT, pause_s=0.3))
    assert "12.5%" in talking.post(path, body).body.decode()
    wait_for(lambda: not talking.tasks())


def test_the_next_request_on_a_kept_connection_is_answered_after_the_first(talking: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT, pause_s=0.2))
    with talking.open(*ASK) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.count(b"HTTP/1.1 200") == 2
    assert received.index(b"12.5%") < received.index(b'"status":"ok"')
