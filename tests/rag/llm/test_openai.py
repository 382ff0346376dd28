import asyncio
import contextlib
import gc
import json
import time
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

import anyio
import httpx
import pytest
from llm_server import (
    CUT,
    DONE,
    HANG,
    MODEL,
    STOP,
    USAGE,
    USAGE_CHUNK,
    LLMServer,
    Reply,
    Step,
    chunked,
    closed_port_url,
    completion,
    data,
    delta,
    head,
    status,
    streamed,
)

from rag.errors import ChatModelError, FallbackReason, SettingsError
from rag.llm.openai import OpenAIChatModel
from rag.llm.response import END_GRACE_S
from rag.llm.retries import REQUESTS_PER_RETRY
from rag.records import Message, Usage

pytestmark = pytest.mark.anyio
KEY = "sk-canary/0123456789abcdef"
QUESTION = [Message("system", "只根据资料回答"), Message("user", "谁在1999年？")]
JSON = "application/json"
A, B = delta("北京"), delta("故宫")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def model_of(
    base_url: str,
    first_s: float = 3.0,
    idle_s: float = 3.0,
    total_s: float = 5.0,
    end_grace_s: float = END_GRACE_S,
    backoff_s: float = 0.05,
) -> OpenAIChatModel:
    return OpenAIChatModel(
        base_url,
        KEY,
        MODEL,
        connect_timeout_s=0.5,
        first_token_timeout_s=first_s,
        idle_timeout_s=idle_s,
        total_timeout_s=total_s,
        end_grace_s=end_grace_s,
        backoff_s=backoff_s,
    )


async def text_of(model: OpenAIChatModel, question: Sequence[Message] = QUESTION) -> str:
    return "".join([piece async for piece in model.stream(question, max_tokens=50) if isinstance(piece, str)])


async def ask(base_url: str, **waits: float) -> tuple[str, Usage | None, ChatModelError | None]:
    """The text, the usage and the error that a stream ends in."""
    text, usage, failure = "", None, None
    async with model_of(base_url, **waits) as model:
        try:
            async for piece in model.stream(QUESTION, max_tokens=50):
                if isinstance(piece, str):
                    text += piece
                else:
                    usage = piece
        except ChatModelError as error:
            failure = error
    assert KEY not in "".join(traceback.format_exception(failure))
    return text, usage, failure


# Connections and statuses that are understood: reply → text. Bodies as servers send them are in cases/streams.json.
UNDERSTOOD: dict[str, tuple[Reply, str]] = {
    "normal": (streamed("北京", "故宫"), "北京故宫"),
    "chunked transfer": (chunked(A, B, STOP, USAGE_CHUNK, DONE), "北京故宫"),
    "no usage": (streamed("北京", usage=False), "北京"),
    "stays open after [DONE]": ([head(), A, STOP, DONE, HANG], "北京"),
    "reset after finish_reason": ([head(), A, STOP, CUT], "北京"),
}

# Connections and statuses that are no answer: reply → text in front of the error, and the error's reason.
FAULTS: dict[str, tuple[Reply, str, FallbackReason]] = {
    "deep json": ([head(200, JSON), b'{"a":' * 100_000], "", "bad_reply"),
    "reset in mid-stream": ([head(), A, CUT], "北京", "bad_reply"),
    "chunked transfer breaks off": (chunked(A, cut=True), "北京", "bad_reply"),
    "endless line": ([head(), b"data: ", *[b"x" * 100_000] * 30], "", "bad_reply"),
    "endless comments": ([head(), *[b": x\n" * 50_000] * 30], "", "bad_reply"),
    "endless json": ([head(200, JSON), b'{"a":"', *[b"x" * 100_000] * 30], "", "bad_reply"),
    "redirect": ([head(307, location="http://127.0.0.1:9/v1/chat/completions")], "", "bad_reply"),
    "401": (status(401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}), "", "unauthorised"),
    "403": (status(403), "", "unauthorised"),
    "404": (
        status(404, {"error": {"message": f"no model for {KEY}; Authorization: Bearer {KEY}"}}),
        "",
        "bad_reply",
    ),
    "400": (status(400, {"error": {"message": "context too long"}}), "", "bad_reply"),
    "413": (status(413), "", "bad_reply"),
    "501": (status(501), "", "server_error"),
    "not http": ([b"SSH-2.0-OpenSSH_9.6\r\n"], "", "unreachable"),
    "500": (status(500, retry_after="0"), "", "server_error"),
    "529": (status(529, retry_after="0"), "", "server_error"),
    "429": (status(429, retry_after="0"), "", "rate_limited"),
    "reset before the head": ([CUT], "", "unreachable"),
    "reset before the first token": ([head(), delta(None, role="assistant"), CUT], "", "unreachable"),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
async def test_what_servers_deviate_in_is_understood(name: str) -> None:
    reply, expected = UNDERSTOOD[name]
    with LLMServer(reply) as server:
        text, _, error = await ask(server.base_url)
        assert (text, error) == (expected, None)
        assert server.wait_until_idle()
        assert len(server.requests) == 1


@pytest.mark.parametrize("name", FAULTS)
async def test_every_fault_ends_in_its_reason(name: str) -> None:
    reply, expected, reason = FAULTS[name]
    started = time.monotonic()
    with LLMServer(reply) as server:
        text, usage, error = await ask(server.base_url)
        assert error is not None
        assert (text, usage, error.reason) == (expected, None, reason), str(error)
        assert server.wait_until_idle()
    assert len(str(error)) < 400
    assert str(error).isprintable()
    assert time.monotonic() - started < 5.0


async def test_a_request_is_what_every_server_understands() -> None:
    with LLMServer(streamed("好")) as server:
        assert await ask(server.base_url + "/") == ("好", Usage(7, 3, 10), None)
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": MODEL,
        "messages": [{"role": message.role, "content": message.content} for message in QUESTION],
        "stream": True,
        "temperature": 0,
        "max_tokens": 50,
        "stream_options": {"include_usage": True},
    }


async def test_a_base_url_without_v1_and_an_empty_key_are_used_as_they_are() -> None:
    with LLMServer(streamed("好")) as server:
        async with OpenAIChatModel(server.base_url.removesuffix("/v1"), "", MODEL) as model:
            assert await text_of(model) == "好"
    assert server.requests[0].path == "/chat/completions"
    assert server.requests[0].headers["authorization"] == "Bearer none"


async def test_half_a_surrogate_pair_in_a_passage_does_not_stop_the_request() -> None:
    with LLMServer(streamed("好")) as server:
        async with model_of(server.base_url) as model:
            assert await text_of(model, [Message("user", "a\ud800b")]) == "好"
    assert server.requests[0].body["messages"][0]["content"] == "a?b"


async def test_a_completion_cut_at_max_tokens_says_so_in_its_usage() -> None:
    with LLMServer([head(), A, delta(None, finish="length"), USAGE_CHUNK, DONE]) as server:
        assert await ask(server.base_url) == ("北京", Usage(7, 3, 10, cut=True), None)


async def test_a_usage_of_a_whole_json_completion_is_read() -> None:
    with LLMServer([head(200, JSON), json.dumps(completion("北京")).encode()]) as server:
        assert (await ask(server.base_url))[1] == Usage(**USAGE, cut=False)


REFUSALS = [
    ("Unknown parameter: 'stream_options'", {"stream_options"}, set()),
    ("Use 'max_completion_tokens' instead of 'max_tokens'", {"max_tokens"}, {"max_completion_tokens"}),
    ("temperature: only the default is supported", {"temperature"}, set()),
]


@pytest.mark.parametrize(("message", "gone", "come"), REFUSALS)
async def test_a_refused_parameter_is_left_out_and_remembered(message: str, gone: set[str], come: set[str]) -> None:
    with LLMServer(status(400, {"error": {"message": message}}), streamed("好")) as server:
        async with model_of(server.base_url) as model:
            for _ in range(2):
                assert await text_of(model) == "好"
    first, second, third = (request.body for request in server.requests)
    assert first.keys() - second.keys() == gone
    assert second.keys() - first.keys() == come
    assert third == second


async def test_parameters_refused_one_by_one_are_all_left_out() -> None:
    refusals = [status(400, {"detail": [{"loc": ["body", name]}]}) for name in ("temperature", "max_tokens")]
    with LLMServer(*refusals, status(422, {"detail": "max_completion_tokens?"}), streamed("好")) as server:
        assert (await ask(server.base_url))[0] == "好"
    assert server.requests[-1].body.keys() == {"model", "messages", "stream", "stream_options"}


async def test_a_refused_value_is_not_remembered_as_a_refused_parameter() -> None:
    too_large = status(400, {"error": {"message": "max_tokens is too large"}})
    with LLMServer(too_large, too_large, streamed("好")) as server:
        async with model_of(server.base_url) as model:
            with pytest.raises(ChatModelError, match="400"):
                [piece async for piece in model.stream(QUESTION, max_tokens=50)]
            assert await text_of(model) == "好"
    assert server.requests[2].body == server.requests[0].body


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504, 529])
async def test_a_passing_failure_is_tried_again(code: int) -> None:
    with LLMServer(status(code, retry_after="0"), streamed("好")) as server:
        assert (await ask(server.base_url))[0] == "好"


async def test_a_connection_reset_before_the_first_token_is_tried_again() -> None:
    cuts: list[Reply] = [[CUT], [head(), delta(None, role="assistant"), CUT]]
    for cut in cuts:
        with LLMServer(cut, streamed("好")) as server:
            assert (await ask(server.base_url))[0] == "好"


async def test_retry_after_is_honoured() -> None:
    with LLMServer(status(503, retry_after="1"), streamed("好")) as server:
        assert (await ask(server.base_url))[0] == "好"
    first, second = server.requests
    assert 1.0 <= second.at - first.at < 1.6


async def test_there_is_one_retry_and_no_more() -> None:
    with LLMServer(status(503, retry_after="0")) as server:
        await ask(server.base_url)
    assert len(server.requests) == 2


async def test_a_server_that_fails_for_every_other_gets_a_tenth_more_requests_at_most() -> None:
    busy, good = status(503, retry_after="0"), streamed("好")
    questions = 4 * REQUESTS_PER_RETRY
    with LLMServer(*[busy, busy, good, good] * questions) as server:
        async with model_of(server.base_url) as model:
            for _ in range(questions):
                with contextlib.suppress(ChatModelError):
                    await text_of(model)
        assert len(server.requests) == questions + questions // REQUESTS_PER_RETRY


@pytest.mark.parametrize("reply", [status(400), status(401), status(404), status(501), [head()], [head(), DONE]])
async def test_a_lasting_failure_is_not_tried_again(reply: Reply) -> None:
    with LLMServer(reply) as server:
        await ask(server.base_url)
    assert len(server.requests) == 1


@pytest.mark.parametrize("end", [CUT, data({"error": {"code": 503, "message": "x"}}), b"data: {\n\n", HANG])
async def test_nothing_is_tried_again_after_the_first_token(end: bytes) -> None:
    with LLMServer([head(), A, end], streamed("好")) as server:
        text, _, error = await ask(server.base_url, idle_s=0.2)
    assert (text, error is None, len(server.requests)) == ("北京", False, 1)


async def test_a_thought_counts_as_the_first_token() -> None:
    with LLMServer([head(), delta("", reasoning="嗯"), CUT], streamed("好")) as server:
        _, _, error = await ask(server.base_url)
    assert error is not None
    assert (error.reason, len(server.requests)) == ("bad_reply", 1)


@pytest.mark.timed
async def test_a_wait_longer_than_the_deadline_is_refused_at_once() -> None:
    started = time.monotonic()
    with LLMServer(status(429, retry_after="60")) as server:
        _, _, error = await ask(server.base_url)
    assert error is not None
    assert (error.reason, error.retry_after_s) == ("rate_limited", 60.0)
    assert time.monotonic() - started < 1.0


def every(pause_s: float, parts: Sequence[bytes]) -> list[Step]:
    return [step for part in parts for step in (part, pause_s)]


KEEP_ALIVES = every(0.05, [b": keep-alive\n\n"] * 40)
WAITS: dict[str, tuple[Reply, str]] = {
    "no reply at all": ([HANG], ""),
    "a head and nothing more": ([head(), HANG], ""),
    "keep-alives for ever": ([head(), *KEEP_ALIVES], ""),
    "a role and keep-alives": ([head(), delta(None, role="assistant"), *KEEP_ALIVES], ""),
    "a stall in mid-stream": ([head(), A, HANG], "北京"),
    "keep-alives in mid-stream": ([head(), A, *KEEP_ALIVES], "北京"),
    "one byte at a time": ([head(), A, *every(0.05, [bytes([byte]) for byte in B])], "北京"),
    "empty deltas": ([head(), A, *every(0.05, [delta("")] * 40)], "北京"),
    "half a json body": ([head(200, JSON), b'{"choices"', HANG], ""),
    "half the body of an error": ([head(503, JSON), b'{"error"', HANG], ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WAITS)
async def test_silence_ends_in_a_timeout(name: str) -> None:
    reply, expected = WAITS[name]
    with LLMServer(reply) as server:
        started = time.monotonic()
        text, _, error = await ask(server.base_url, first_s=0.3, idle_s=0.3, total_s=5.0)
        assert 0.25 < time.monotonic() - started < 1.0
        assert error is not None
        assert (text, error.reason) == (expected, "server_error" if "error" in name else "timeout")
        assert server.wait_until_idle()
        assert len(server.requests) == 1


@pytest.mark.timed
async def test_a_stream_that_never_falls_silent_ends_at_the_total_deadline() -> None:
    with LLMServer([head(), *every(0.05, [delta("啊")] * 60)]) as server:
        started = time.monotonic()
        text, _, error = await ask(server.base_url, first_s=0.3, idle_s=0.3, total_s=0.6)
        assert 0.55 < time.monotonic() - started < 1.2
        assert error is not None
        assert error.reason == "timeout"
        assert set(text) == {"啊"}


async def test_slow_drops_are_in_time_if_each_token_is() -> None:
    with LLMServer([head(), *every(0.001, [bytes([byte]) for byte in A + STOP + DONE])]) as server:
        assert (await ask(server.base_url, first_s=2.0, idle_s=2.0))[0] == "北京"


async def test_a_slow_caller_is_not_taken_for_a_slow_server() -> None:
    with LLMServer(streamed("北京", "故宫", pause_s=0.05)) as server:
        async with model_of(server.base_url, idle_s=0.15) as model:
            text = ""
            async for piece in model.stream(QUESTION, max_tokens=50):
                text += str(piece)
                await anyio.sleep(0.25)
    assert text.startswith("北京故宫")


@pytest.mark.timed
async def test_a_server_that_stays_open_after_finish_reason_does_not_cost_the_answer() -> None:
    with LLMServer([head(), A, STOP, HANG]) as server:
        started = time.monotonic()
        assert await ask(server.base_url, end_grace_s=0.2) == ("北京", None, None)
        assert time.monotonic() - started < 1.0


@pytest.mark.timed
async def test_a_port_where_nobody_listens_is_unreachable() -> None:
    started = time.monotonic()
    _, _, error = await ask(closed_port_url())
    assert error is not None
    assert error.reason == "unreachable"
    assert time.monotonic() - started < 3.0


async def test_a_host_name_that_cannot_be_is_unreachable() -> None:
    _, _, error = await ask("http://a..b/v1")
    assert error is not None
    assert error.reason == "unreachable"


@pytest.mark.timed
async def test_a_retry_never_outlasts_the_deadline() -> None:
    started = time.monotonic()
    _, _, error = await ask(closed_port_url(), first_s=0.3, backoff_s=5.0)
    assert error is not None
    assert error.reason == "unreachable"
    assert time.monotonic() - started < 0.5


async def test_a_tls_handshake_with_a_plain_server_is_unreachable() -> None:
    with LLMServer(streamed("好")) as server:
        _, _, error = await ask(server.base_url.replace("http:", "https:"), first_s=0.4)
    assert error is not None
    assert error.reason in ("unreachable", "timeout")


async def leave_by_closing(model: OpenAIChatModel) -> None:
    async with contextlib.aclosing(model.stream(QUESTION, max_tokens=50)) as stream:
        assert await anext(stream) == "北京"


async def leave_by_cancelling(model: OpenAIChatModel) -> None:
    with anyio.move_on_after(0.06):
        async with contextlib.aclosing(model.stream(QUESTION, max_tokens=50)) as stream:
            async for _ in stream:
                pass


async def leave_before_the_head(model: OpenAIChatModel) -> None:
    with anyio.move_on_after(0.06) as scope:
        [piece async for piece in model.stream(QUESTION, max_tokens=50)]
    assert scope.cancelled_caught


LEAVING = [
    (leave_by_closing, [head(), A, HANG]),
    (leave_by_cancelling, [head(), A, HANG]),
    (leave_before_the_head, [HANG]),
]


@pytest.mark.parametrize(("leave", "reply"), LEAVING, ids=[leave.__name__ for leave, _ in LEAVING])
async def test_a_stream_left_early_closes_its_connection(leave: Callable[..., object], reply: Reply) -> None:
    with LLMServer(reply) as server:
        async with model_of(server.base_url) as model:
            for _ in range(10):
                await leave(model)  # type: ignore[misc]
            assert await anyio.to_thread.run_sync(server.wait_until_idle, 1.0)
        assert server.total_connections == 10


async def wait_for_the_server(model: OpenAIChatModel) -> None:
    async with contextlib.aclosing(model.stream(QUESTION, max_tokens=50)) as stream:
        async for _ in stream:
            pass


async def wait_between_pieces(model: OpenAIChatModel) -> None:
    async with contextlib.aclosing(model.stream(QUESTION, max_tokens=50)) as stream:
        await anext(stream)
        await asyncio.sleep(9)


# encode/httpx#3782: the second cancellation arrives while httpx closes the stream that the first one ended
@pytest.mark.parametrize("wait", [wait_for_the_server, wait_between_pieces])
async def test_a_stream_cancelled_twice_closes_its_connection(wait: Callable[..., Coroutine[None, None, None]]) -> None:
    gc.disable()  # it would close what is left open
    try:
        with LLMServer([head(), A, HANG]) as server:
            async with model_of(server.base_url) as model:
                for turns in range(12):  # of the event loop: at every point of the way out
                    task = asyncio.create_task(wait(model))
                    await asyncio.sleep(0.05)
                    task.cancel()
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task
                assert await anyio.to_thread.run_sync(server.wait_until_idle, 1.0)
                server.play(streamed("好"))
                assert await text_of(model) == "好"
            assert server.total_connections == 13
    finally:
        gc.enable()


async def test_a_burst_leaves_the_event_loop_to_others() -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def body() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield A
        yield STOP

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body()))
    async with httpx.AsyncClient(transport=transport) as client:
        model = OpenAIChatModel("http://llm.invalid", KEY, MODEL, client=client)
        counting = asyncio.create_task(count_turns())
        assert len(await text_of(model)) == 2000
        counting.cancel()
    assert turns >= 100  # one for eight chunks: half a millisecond of work


async def test_environment_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", closed_port_url())
    monkeypatch.setenv("ALL_PROXY", closed_port_url())
    with LLMServer(streamed("好")) as server:
        assert (await ask(server.base_url))[0] == "好"


async def test_a_client_of_the_callers_own_is_used_and_left_open() -> None:
    body = (A + STOP + DONE).replace(b"\n", b"\r\n")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as client:
        async with OpenAIChatModel("http://llm.invalid/v1", KEY, MODEL, client=client) as model:
            assert [piece async for piece in model.stream(QUESTION, max_tokens=5)] == ["北京"]
        assert not client.is_closed


ADDRESSES = [
    "",
    "llm/v1",
    "ftp://llm/v1",
    "http://",
    "http://a:b@llm/v1",
    "http://llm/v1?key=1",
    "http://[::1",
    "http://llm:99999",
]


@pytest.mark.parametrize("base_url", ADDRESSES)
def test_an_address_that_is_none_is_a_settings_error(base_url: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL"):
        OpenAIChatModel(base_url, KEY, MODEL)


@pytest.mark.parametrize("key", ["sk-密钥", "sk-a\nX-Other: b", "two words"])
def test_a_key_that_no_header_can_carry_is_a_settings_error_without_the_key(key: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY") as failure:
        OpenAIChatModel("http://127.0.0.1/v1", key, MODEL)
    assert key not in str(failure.value)


def models(*names: str) -> Reply:
    return [head(200, JSON), json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()]


async def test_a_probe_finds_the_model_in_the_servers_list() -> None:
    with LLMServer(status(500), models=models("other", MODEL)) as server:
        async with model_of(server.base_url) as model:
            assert (await model.probe()).endswith(f"offers {MODEL}")
        assert server.model_requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert server.wait_until_idle()


@pytest.mark.parametrize("listed", [None, models(), models("other"), [head(200, JSON), b"[1"], [CUT]])
@pytest.mark.parametrize("reply", [streamed("好"), [head(), delta(None, finish="length"), DONE]])
async def test_a_probe_without_a_list_asks_for_one_token(listed: Reply | None, reply: Reply) -> None:
    with LLMServer(reply, models=listed) as server:
        async with model_of(server.base_url) as model:
            assert f"answers as {MODEL}" in await model.probe()
    assert server.requests[0].body["max_tokens"] == 1


@pytest.mark.parametrize(("reply", "reason"), [(status(401), "unauthorised"), ([head(), b"<html>"], "bad_reply")])
async def test_a_probe_reports_why_there_is_no_answer(reply: Reply, reason: str) -> None:
    with LLMServer(reply) as server:
        async with model_of(server.base_url) as model:
            with pytest.raises(ChatModelError) as failure:
                await model.probe()
    assert failure.value.reason == reason
