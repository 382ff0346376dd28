"""Every server's dialect: replies as they are sent, whole and cut at every byte, and texts with thoughts in them."""

import re
import time
from typing import Any

import pytest
from completion_text import read_reply
from hypothesis import given, settings
from hypothesis import strategies as st
from llm_server import DONE, STOP, LLMServer, data, delta, head
from repository import read_cases

from rag.errors import ChatModelError
from rag.llm.openai import OpenAIChatModel
from rag.llm.reasoning import ThoughtFilter
from rag.records import Message

KEY = "sk-canary/0123456789abcdef"
REPLIES: list[dict[str, Any]] = read_cases("streams")["replies"]
REASONS = {"bad_reply", "server_error", "rate_limited", "unauthorised"}
each_reply = pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case['server']}: {case['name']}",
            marks=[pytest.mark.xfail(reason=case["known_failure"])] if "known_failure" in case else [],
        )
        for case in REPLIES
    ],
)


def test_every_server_of_the_table_has_a_reply() -> None:
    servers = " ".join(case["server"] for case in REPLIES)
    for server in ("OpenAI", "DeepSeek", "Qwen", "vLLM", "Ollama", "llama.cpp", "LM Studio", "LocalAI"):
        assert server in servers
    assert len({case["name"] for case in REPLIES}) == len(REPLIES)


@each_reply
def test_a_reply_is_read_as_its_server_meant_it(case: dict[str, Any]) -> None:
    assert read_reply(case["body"].encode(), secret=KEY) == (case["text"], case["ends"])


@each_reply
def test_a_reply_cut_at_any_byte_gives_the_same_text(case: dict[str, Any]) -> None:
    body = case["body"].encode()
    expected = (case["text"], case["ends"])
    for cut in range(1, len(body)):
        assert read_reply(body[:cut], body[cut:], secret=KEY) == expected, f"cut at {cut}"
    assert read_reply(*(body[i : i + 1] for i in range(len(body))), secret=KEY) == expected


@each_reply
@pytest.mark.anyio
async def test_a_reply_is_read_from_a_connection(case: dict[str, Any]) -> None:
    text, ends, said = "", "", ""
    with LLMServer([head(200, case.get("type", "text/event-stream")), case["body"].encode()]) as server:
        async with OpenAIChatModel(server.base_url, KEY, "m", first_token_timeout_s=3, total_timeout_s=5) as model:
            try:
                async for piece in model.stream([Message("user", "谁？")], max_tokens=50):
                    text += piece if isinstance(piece, str) else ""
            except ChatModelError as error:
                ends, said = error.reason, str(error)
        assert len(server.requests) == 1
    assert (text, ends) == (case["text"], case["ends"] if case["ends"] in REASONS else "")
    assert (KEY in said, said.isprintable(), len(said) < 400) == (False, True, True)


chunks = st.sampled_from(
    [
        *(case["body"].encode() for case in REPLIES),
        delta("北京"),
        STOP,
        DONE,
        b"\n",
        b"<",
        b"{",
        b'data: {"choices":',
        b"data: [[[",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "message", "content", "error", "usage", "text", "type", "code"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=60), chunks, values.map(data)), max_size=6))
def test_no_bytes_make_the_reader_fail_in_another_way(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    assert read_reply(*parts, secret=KEY)[0] == read_reply(whole, secret=KEY)[0]


# no ">" of its own: it could complete a tag once what stood in front of it is taken out
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["<think>", "</think>", "嗯", "北京", "<", "/", "think"]), max_size=12).map("".join))
def test_a_text_in_one_piece_is_filtered_as_a_formula_says(whole: str) -> None:
    thoughts = ThoughtFilter()
    opened = re.sub("(?s)<think>.*?(</think>|$)", "", whole)
    assert thoughts.feed(whole) + thoughts.flush() == opened.rpartition("</think>")[2]


@given(
    st.lists(st.tuples(st.text("北京<> /think", max_size=9), st.text("嗯 <think", max_size=9)), max_size=4), st.data()
)
def test_thoughts_are_taken_out_however_the_text_is_cut(pairs: list[tuple[str, str]], draw: st.DataObject) -> None:
    whole = "".join(f"{text}<think>{thought}</think>" for text, thought in pairs) + "完"
    if whole.count("</think>") != len(pairs):
        return
    cut = draw.draw(st.integers(0, len(whole)))
    one, two = ThoughtFilter(), ThoughtFilter()
    assert two.feed(whole[:cut]) + two.feed(whole[cut:]) + two.flush() == one.feed(whole) + one.flush()


def test_only_what_may_become_a_tag_is_held_back() -> None:
    thoughts = ThoughtFilter()
    assert thoughts.feed("北京 <") == "北京 "
    assert thoughts.feed("a") == "<a"
    assert thoughts.feed("故宫</thin") == "故宫"
    assert thoughts.flush() == "</thin"


@pytest.mark.timed
def test_many_tags_in_one_piece_are_read_in_linear_time() -> None:
    started = time.monotonic()
    assert ThoughtFilter().feed("a<think>b</think>" * 60_000) == "a" * 60_000
    assert time.monotonic() - started < 2.0
