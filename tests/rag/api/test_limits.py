"""Requests a minute, answers at a time, bodies: their size and their time; clients that stand still."""

import contextlib
import http.client
import json
import math
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import ClassVar

import pytest
from api_server import AIR, JSON_TYPE, RIGHT, Service, assert_problem, open_stream, running, wait_for
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st
from litestar.exceptions import HTTPException, TooManyRequestsException
from llm_server import HANG, LLMServer, delta, head, streamed
from raw_request import read_reply, send_raw

from rag.api.connections.protocol import ServiceProtocol
from rag.api.security.admission import ALWAYS_ADMITTED, BUSY_RETRY_S, CALM_S, MAX_DELAY_S, MAX_WAIT_S, AnswerSlots, Slot
from rag.api.security.gate import Gate
from rag.api.security.limits import WINDOW_S, RateLimiter, rate_key
from rag.api.server import Parts
from rag.config import Settings, load_settings
from rag.errors import SettingsError

KEYS = ("oa:ask:asking-key-0123456789", "web:ask:another-key-01234567")
QUESTION = json.dumps({"question": AIR}).encode()


# ---- requests a minute


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def wait_of(rate: RateLimiter, caller: str) -> int:
    """Seconds that the caller is told to wait; 0 where it is let through."""
    try:
        rate.take(caller)
    except TooManyRequestsException as error:
        return int((error.headers or {})["Retry-After"])
    return 0


def test_who_waits_as_told_is_let_through_and_not_a_second_earlier() -> None:
    clock = Clock()
    rate = RateLimiter(3, clock)
    assert [wait_of(rate, "a") for _ in range(3)] == [0, 0, 0]
    clock.now += 20
    assert wait_of(rate, "a") == 40
    assert wait_of(rate, "b") == 0
    clock.now += 39
    assert wait_of(rate, "a") == 1
    clock.now += 1
    assert wait_of(rate, "a") == 0


@given(st.lists(st.floats(0.01, 30), min_size=1, max_size=80), st.integers(1, 5))
def test_never_more_than_the_limit_within_any_minute(pauses: list[float], limit: int) -> None:
    clock = Clock()
    rate = RateLimiter(limit, clock)
    let_through: list[float] = []
    for pause in pauses:
        clock.now += pause
        if wait_of(rate, "a") == 0:
            let_through.append(clock.now)
        else:
            assert len([moment for moment in let_through if moment > clock.now - WINDOW_S]) == limit
    for moment in let_through:
        assert len([other for other in let_through if moment - WINDOW_S < other <= moment]) <= limit


def test_addresses_are_forgotten_after_a_minute() -> None:
    clock = Clock()
    rate = RateLimiter(2, clock)
    for number in range(10_000):
        clock.now += 0.01
        rate.take(str(number))
    assert len(rate) <= 60 / 0.01 + 1
    rate.take("9999")
    clock.now += WINDOW_S + 1
    rate.take("the last")
    assert len(rate) == 1


def test_no_limit_counts_and_keeps_nothing() -> None:
    rate = RateLimiter(0)
    for _ in range(10):
        rate.take("a")
    assert len(rate) == 0


def test_a_client_has_a_whole_ipv6_network_and_one_ipv4_address() -> None:
    assert rate_key("fd00::1") == rate_key("fd00::ffff:1:2:3") != rate_key("fd00:0:0:1::1")
    assert rate_key("10.0.0.1") != rate_key("10.0.0.2")
    assert rate_key("unknown") == "unknown"


def test_too_many_requests_of_one_key_are_refused_and_those_of_another_are_not(base: Settings) -> None:
    with running(replace(base, api_keys=KEYS, rate_per_key=3)) as site:
        first, second = ({"X-API-Key": key.split(":")[2]} for key in KEYS)
        assert [site.get("/v1/examples", **first).status for _ in range(4)] == [200, 200, 200, 429]
        refused = site.get("/v1/examples", **first)
        assert_problem(refused, 429, type="rate_limit_error")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert site.get("/v1/examples", **second).status == 200


def test_too_many_requests_of_one_address_are_refused_whoever_they_claim_to_be(base: Settings) -> None:
    settings = replace(base, api_keys=KEYS, rate_per_address=3, trusted_proxies=("127.0.0.1",))
    with running(settings) as site:
        one, other = {"X-Forwarded-For": "10.0.0.7"}, {"X-Forwarded-For": "10.0.0.8"}
        guesses = [site.get("/v1/examples", **one, **{"X-API-Key": f"guess-{n}"}).status for n in range(5)]
        assert guesses == [401, 401, 401, 429, 429]
        assert site.get("/v1/examples", **other).status == 401
        claimed = {"X-Forwarded-For": "10.0.0.9, 10.0.0.7"}
        assert_problem(site.get("/v1/examples", **claimed), 429)


def test_pages_and_probes_are_not_counted(base: Settings) -> None:
    with running(replace(base, rate_per_address=2)) as site:
        assert {site.get(path).status for path in ("/health", "/", "/widget.js") * 3} == {200}
        assert [site.get("/v1/examples").status for _ in range(3)] == [200, 200, 429]
        assert site.get("/health").status == 200


# ---- answers at a time


@pytest.fixture(scope="module")
def narrow(base: Settings, llm: LLMServer) -> Iterator[Service]:
    settings = replace(base, openai_base_url=llm.base_url, openai_model="m", max_concurrent_answers=2)
    with running(settings) as started:
        yield started


def test_slots_are_given_back() -> None:
    slots = AnswerSlots(1)
    taken = slots.take()
    with pytest.raises(HTTPException) as refused:
        slots.take()
    assert refused.value.status_code == 503
    taken.give_back()
    slots.take()
    assert slots.taken == 1


def wait_told(slots: AnswerSlots) -> int:
    """Seconds after which a newcomer is told to come back; 0 where it is let in."""
    try:
        slots.check()
    except HTTPException as error:
        return int((error.headers or {})["Retry-After"])
    return 0


def answered(slots: AnswerSlots, clock: Clock, each_s: float, number: int) -> None:
    for _ in range(number):
        slot = slots.take()
        clock.now += each_s
        slot.give_back()


@rules(deadline=None, max_examples=30)
@given(st.floats(0.1, 0.5), st.floats(2, 6))
def test_where_more_and_more_come_nobody_waits_for_long_and_nobody_is_idle(each_s: float, load: float) -> None:
    """One answer at a time, a queue, and `load` times as many as can be answered, for 20 seconds."""
    clock = Clock()
    slots = AnswerSlots(10_000, clock=clock)
    answered(slots, clock, each_s, 100)
    queue: list[tuple[float, Slot]] = []
    waits: list[float] = []
    due, began, idle_s = clock.now, clock.now, 0.0
    while clock.now < began + 20:
        clock.now += each_s
        if queue:
            came, slot = queue.pop(0)
            waits.append(clock.now - came)
            slot.give_back()
        else:
            idle_s += each_s
        while due <= clock.now:
            with contextlib.suppress(HTTPException):
                queue.append((due, slots.take()))
            due += each_s / load
    assert idle_s <= 2 * each_s
    calm = waits[len(waits) // 2 :]
    assert max(calm) <= max(CALM_S, ALWAYS_ADMITTED * each_s) + 3 * each_s
    assert max(waits) <= MAX_WAIT_S + 3 * each_s, "those of the first second"


def test_fifty_who_come_at_once_are_all_let_in_and_who_comes_later_is_told_when_to_come() -> None:
    clock = Clock()
    slots = AnswerSlots(1000, clock=clock)
    answered(slots, clock, 0.1, 100)
    crowd = [slots.take() for _ in range(50)]
    clock.now += 2
    assert wait_told(slots) == 4  # five seconds of work are there, one may be
    for slot in crowd[:41]:
        clock.now += 0.1
        slot.found()
    assert wait_told(slots) == 0


def test_more_than_ten_seconds_of_work_are_never_taken_at_once() -> None:
    clock = Clock()
    slots = AnswerSlots(1000, clock=clock)
    answered(slots, clock, 0.5, 100)
    for _ in range(20):
        slots.take()
    slots.take()
    assert wait_told(slots) == math.ceil(slots.wait_s - CALM_S) >= MAX_WAIT_S - CALM_S


def test_nobody_is_let_in_while_answers_that_are_being_written_stand_still() -> None:
    delay_s = [MAX_DELAY_S]
    slots = AnswerSlots(1000, lambda: delay_s[0])
    assert wait_told(slots) == 0
    delay_s[0] += 0.1
    assert wait_told(slots) == BUSY_RETRY_S
    delay_s[0] = 0.0
    slots.take()


def test_what_waits_for_an_llm_keeps_nobody_out() -> None:
    clock = Clock()
    slots = AnswerSlots(1000, clock=clock)
    for _ in range(300):
        slot = slots.take()
        clock.now += 0.1
        slot.found()
        slot.found()
    assert slots.taken == 300
    assert wait_told(slots) == 0


@pytest.mark.timed
def test_an_answer_too_many_is_refused_at_once_and_let_through_when_one_is_over(
    narrow: Service, llm: LLMServer
) -> None:
    llm.play([head(), delta(RIGHT), delta("优良"), HANG])
    with open_stream(narrow) as (_first, read_first), open_stream(narrow) as (_second, read_second):
        read_first(b"event: retrieved")
        read_second(b"event: retrieved")
        took = []
        for streaming in (True, False) * 10:
            began = time.perf_counter()
            refused = narrow.ask(stream=streaming)
            took.append(time.perf_counter() - began)
            assert_problem(refused, 503, type="unavailable_error")
            assert int(refused.headers["retry-after"]) >= 1
        assert sorted(took)[len(took) // 2] < 0.05
        assert narrow.get("/health").status == 200
        assert narrow.post("/v1/search", {"query": "公园"}).status == 200
    llm.play(streamed(RIGHT))
    wait_for(lambda: narrow.ask().status == 200)


@pytest.mark.parametrize("reads", ["nothing", "a part", "all"])
def test_however_a_stream_ends_its_place_is_free_again(narrow: Service, llm: LLMServer, reads: str) -> None:
    def leaves() -> bool:
        with socket.create_connection(("127.0.0.1", narrow.port), 10) as connection:
            connection.sendall(request_of(narrow, json.dumps({"question": AIR, "stream": True}).encode()))
            return reads == "nothing" or connection.recv(500).startswith(b"HTTP/1.1 200")

    for _ in range(4):
        llm.play(streamed(RIGHT) if reads == "all" else [head(), delta(RIGHT), delta("优良"), HANG])
        if reads == "all":
            assert narrow.ask(stream=True).status == 200
        else:
            wait_for(leaves)  # both places may still be those of clients that have just left
    llm.play(streamed(RIGHT))
    wait_for(lambda: [narrow.ask().status for _ in range(2)] == [200, 200])


@pytest.mark.slow
def test_many_clients_that_leave_take_no_place_with_them(narrow: Service, llm: LLMServer) -> None:
    llm.play([head(), delta(RIGHT), HANG])
    body = json.dumps({"question": AIR, "stream": True}).encode()
    for number in range(60):
        with socket.create_connection(("127.0.0.1", narrow.port), 10) as connection:
            connection.sendall(request_of(narrow, body))
            if number % 2:
                connection.recv(1)
            if number % 3 == 0:  # closed with a reset rather than a farewell
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    llm.play(streamed(RIGHT))
    wait_for(lambda: [narrow.ask().status for _ in range(2)] == [200, 200], 20)
    assert llm.wait_until_idle(5)
    wait_for(lambda: not narrow.tasks())


def test_errors_take_no_place_with_them(narrow: Service, llm: LLMServer) -> None:
    llm.play(streamed(RIGHT))
    for _ in range(3):
        assert narrow.ask("问" * 2001).status == 422
        assert narrow.ask("问" * 2001, stream=True).status == 422
        assert narrow.send("POST", "/v1/ask", b"{", JSON_TYPE).status == 400
        assert narrow.send("POST", "/v1/ask", QUESTION, {"Content-Type": "text/plain"}).status == 415
    assert narrow.ask().status == 200


def request_of(site: Service, body: bytes, declared: int | None = None) -> bytes:
    length = len(body) if declared is None else declared
    lines = [
        "POST /v1/ask HTTP/1.1",
        f"Host: 127.0.0.1:{site.port}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


# ---- bodies


@pytest.fixture(scope="module")
def small(base: Settings) -> Iterator[Service]:
    with running(replace(base, max_body_bytes=1000, max_document_bytes=5000, max_concurrent_answers=1)) as started:
        yield started


@pytest.mark.parametrize("size", [1001, 4000, 100_000])
def test_a_body_that_declares_too_much_is_refused_before_it_is_read(small: Service, size: int) -> None:
    with socket.create_connection(("127.0.0.1", small.port), 10) as connection:
        connection.sendall(request_of(small, b"", declared=size))
        assert_problem(read_reply(connection), 413)


def test_a_body_that_declares_nothing_is_counted(small: Service) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (100, b"a" * 100) for _ in range(11)) + b"0\r\n\r\n"
    head = b"POST /v1/ask HTTP/1.1\nContent-Type: application/json\nTransfer-Encoding: chunked"
    assert_problem(send_raw(small, head, chunks), 413)


def test_a_document_may_be_larger(small: Service) -> None:
    for size, status in ((4000, 400), (5001, 413)):  # 400: read, and no JSON
        reply = small.send("POST", "/v1/documents", b"a" * size, JSON_TYPE)
        assert reply.status == status, size


def test_a_body_that_comes_too_slowly_is_dropped_and_meanwhile_holds_no_place(
    base: Settings,
) -> None:
    settings = replace(base, max_body_bytes=1000, max_concurrent_answers=1)
    with contextlib.ExitStack() as stack:
        small = stack.enter_context(running(settings, Parts(gate=partial(Gate, body_timeout_s=0.6))))
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", small.port), 10)) for _ in range(5)]
        for connection in slow:
            connection.sendall(request_of(small, b"{", declared=len(QUESTION)))
        assert small.ask().status == 200
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 0.5:  # each byte comes in time, the body does not
                for connection in slow:
                    connection.sendall(b" ")
                time.sleep(0.1)
        for connection in slow:
            reply = read_reply(connection)
            assert_problem(reply, 408)
            assert reply.headers["connection"] == "close"
            assert connection.recv(1) == b""


def test_a_history_too_long_is_refused_whatever_it_is_too_long_in(base: Settings) -> None:
    settings = replace(base, max_history_turns=4, max_history_characters=100)
    with running(settings) as site:
        turns = [{"role": "user", "content": "公园"}, {"role": "assistant", "content": "建成。"}]
        assert site.ask(history=turns * 2).status == 200
        assert_problem(site.ask(history=turns * 2 + turns[:1]), 422, param="history", code="too_long")
        assert_problem(site.ask(history=turns * 3, stream=True), 422, param="history", code="too_long")
        assert_problem(
            site.ask(history=[{"role": "user", "content": "问" * 101}]), 422, param="history", code="too_long"
        )


# ---- clients that stand still


class HastyProtocol(ServiceProtocol):
    """The server's protocol with a short timeout; `paused` are the connections whose clients did not read."""

    timeout_s: ClassVar[float] = 0.4
    keep_alive_s: ClassVar[int] = 2
    paused: ClassVar[list[ServiceProtocol]] = []

    def pause_writing(self) -> None:
        super().pause_writing()
        self.paused.append(self)


@pytest.fixture(scope="module")
def hasty(base: Settings, llm: LLMServer) -> Iterator[Service]:
    with running(replace(base, openai_base_url=llm.base_url, openai_model="m"), protocol=HastyProtocol) as started:
        yield started


def is_closed_while_dripping(connection: socket.socket, seconds: float) -> bool:
    """Whether the server closes the connection although a byte comes every now and then."""
    connection.settimeout(0.05)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if not connection.recv(65536):
                return True
            connection.sendall(b"x")
        except TimeoutError:
            with contextlib.suppress(OSError):
                connection.sendall(b"x")
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /heal",
        b"GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: ",
        b"POST /v1/ask HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 50\r\n\r\n{",
    ],
)
def test_a_connection_whose_head_or_unwanted_body_does_not_come_is_closed(hasty: Service, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), 10) as connection:
        connection.sendall(sent)
        assert is_closed_while_dripping(connection, 3)


def test_a_client_that_reads_nothing_is_closed(hasty: Service) -> None:
    paused = HastyProtocol.paused
    request = f"GET /widget.js HTTP/1.1\r\nHost: 127.0.0.1:{hasty.port}\r\n\r\n".encode()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", hasty.port))
        with contextlib.suppress(OSError):
            for _ in range(4000):  # more responses than the buffers of both ends hold
                if paused:
                    break
                connection.sendall(request)
        wait_for(lambda: paused and paused[0].transport.is_closing())
    assert hasty.get("/health").status == 200


def test_a_connection_waits_longer_for_the_next_request_than_for_the_rest_of_one_and_ends_in_order(
    hasty: Service,
) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=10)) as connection:
        for _ in range(2):
            connection.request("GET", "/health")
            assert connection.getresponse().read()
            time.sleep(2 * HastyProtocol.timeout_s)
        assert connection.sock.recv(1) == b""  # an end, no reset


def test_the_service_is_more_patient_than_the_proxies_before_it() -> None:
    assert ServiceProtocol.keep_alive_s > 60  # nginx's keepalive_timeout of an upstream


def test_a_connection_that_is_served_is_not_closed(hasty: Service, llm: LLMServer) -> None:
    llm.play([head(), delta(RIGHT), 1.0, delta("优良天数265天，比2019年增加17天[1]。")])
    assert hasty.ask(stream=True).events()[-1][0] == "done"


# ---- settings


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"WENJU_MAX_BODY_BYTES": "0"}, "must be 1"),
        ({"WENJU_MAX_DOCUMENT_BYTES": "-1"}, "must be 1"),
        ({"WENJU_MAX_CONCURRENT_ANSWERS": "0"}, "must be 1"),
        ({"WENJU_RATE_PER_KEY": "-1"}, "must be 0"),
        ({"WENJU_RATE_PER_ADDRESS": "many"}, "not a int"),
        ({"WENJU_TRUSTED_PROXIES": "proxy.example"}, "10.0.0.0/24"),
        ({"WENJU_TRUSTED_PROXIES": "10.0.0.5/24"}, "10.0.0.0/24"),
        ({"WENJU_AUDIT_QUESTIONS": "maybe"}, "true or false"),
        ({"WENJU_ALLOWED_ORIGINS": "http://oa.example/"}, "write http://oa.example"),
    ],
)
def test_a_malformed_limit_is_refused(values: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as failure:
        load_settings(values, None)
    assert next(iter(values)) in str(failure.value)


def test_settings_of_this_kind_are_read() -> None:
    read = load_settings(
        {"WENJU_RATE_PER_KEY": "0", "WENJU_AUDIT_QUESTIONS": "True", "WENJU_AUDIT_LOG": "/x/a.jsonl"}, None
    )
    assert (read.rate_per_key, read.audit_questions, str(read.audit_log)) == (0, True, "/x/a.jsonl")
