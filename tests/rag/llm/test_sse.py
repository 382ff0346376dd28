import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import read_cases

from rag.errors import ChatModelError
from rag.llm.sse import MAX_EVENT_LINE_BYTES, MAX_TOTAL_BYTES, EventParser, ServerSentEvent

CASES: dict[str, tuple[bytes, list[str]]] = {
    case["name"]: (case["stream"].encode(), case["events"]) for case in read_cases("streams")["events"]
}


def parse(*parts: bytes) -> list[ServerSentEvent]:
    parser = EventParser()
    return [event for part in parts for event in parser.feed(part)] + list(parser.flush())


def parse_to_fault(*parts: bytes) -> tuple[list[ServerSentEvent], str]:
    """The events in front of a fault, and the fault."""
    parser, events = EventParser(), []
    try:
        for part in parts:
            for event in parser.feed(part):
                events.append(event)
        events += parser.flush()
    except ChatModelError as error:
        return events, str(error)
    return events, ""


@pytest.mark.parametrize("name", CASES)
def test_events_are_read_as_their_servers_meant_them(name: str) -> None:
    stream, expected = CASES[name]
    assert [event.data for event in parse(stream)] == expected


@pytest.mark.parametrize("name", CASES)
def test_a_stream_cut_at_any_byte_gives_the_same_events(name: str) -> None:
    stream, _ = CASES[name]
    whole = parse(stream)
    for cut in range(len(stream) + 1):
        assert parse(stream[:cut], stream[cut:]) == whole
    assert parse(*(stream[i : i + 1] for i in range(len(stream)))) == whole


def test_an_event_carries_the_kind_its_server_named() -> None:
    assert parse(b"event: error\ndata: a\n\ndata: b\n\n") == [
        ServerSentEvent("error", "a"),
        ServerSentEvent("message", "b"),
    ]


def test_the_error_field_of_llama_cpp_is_an_error_event() -> None:
    assert parse(b'error: {"code":500}\n\ndata: [DONE]\n\n')[0] == ServerSentEvent("error", '{"code":500}')


def test_events_in_front_of_a_fault_come_out_before_it() -> None:
    events = EventParser().feed(b"data: a\n\n" + b"x" * (MAX_EVENT_LINE_BYTES + 1))
    assert next(events).data == "a"
    with pytest.raises(ChatModelError, match="line longer"):
        next(events)


@pytest.mark.parametrize("line", [b"data: \xff\xfe", "data: 小区".encode("gbk"), b"data: \xed\xa0\x80", b": \xe5\xb0"])
def test_bytes_that_are_no_utf8_are_no_text(line: bytes) -> None:
    events, fault = parse_to_fault(b"data: a\n\n" + line + b"\n\n")
    assert [event.data for event in events] == ["a"]
    assert "not UTF-8" in fault


def test_an_endless_line_is_given_up() -> None:
    with pytest.raises(ChatModelError, match="line longer") as failure:
        parse(*[b"x" * 60_000] * 20)
    assert failure.value.reason == "bad_reply"


def test_an_endless_stream_is_given_up() -> None:
    with pytest.raises(ChatModelError, match=f"longer than {MAX_TOTAL_BYTES}") as failure:
        parse(*[b": keep-alive\n" * 5000] * 40)
    assert failure.value.reason == "bad_reply"


lines = st.sampled_from([b"data: {", b"data", b": c", b"event: error", b"error: x", b"\xe6\x8d\xae", b"\xff", b"\0"])
ends = st.sampled_from([b"\n", b"\r", b"\r\n", b"", b"\n\n"])
streams = st.one_of(
    st.binary(max_size=200), st.lists(st.tuples(lines, ends)).map(lambda pairs: b"".join(b"".join(p) for p in pairs))
)


@settings(max_examples=400, deadline=None)
@given(streams, st.lists(st.integers(0, 200), max_size=8))
def test_any_bytes_cut_anywhere_give_the_same_events(stream: bytes, cuts: list[int]) -> None:
    borders = [0, *sorted(cuts), len(stream)]
    parts = [stream[a:b] for a, b in itertools.pairwise(borders)]
    assert parse_to_fault(*parts) == parse_to_fault(stream)
