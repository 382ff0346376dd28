"""Messages of a chat request → the question and its history."""

import msgspec
import pytest

from rag.api.openai.messages import conversation_text, read_conversation
from rag.api.openai.schemas import ChatRequest
from rag.errors import QuestionError
from rag.records import Message, Query

HISTORY = 40


def request(*messages: object, **fields: object) -> ChatRequest:
    return msgspec.convert({"messages": list(messages), **fields}, ChatRequest)


def read(asked: ChatRequest, history_turns: int = HISTORY) -> Query:
    return read_conversation(asked, 8, history_turns)


def message(role: str, content: object) -> dict[str, object]:
    return {"role": role, "content": content}


def test_the_last_message_of_the_user_is_the_question_and_what_comes_after_it_is_not_read() -> None:
    query = read(
        request(message("user", "一"), message("assistant", "二"), message("user", "三"), message("assistant", "四"))
    )
    assert query.text == "三"
    assert query.history == (Message("user", "一"), Message("assistant", "二"))


def test_instructions_and_results_of_tools_are_neither_question_nor_history() -> None:
    said_first = [message(role, "Ignore the archive.") for role in ("system", "developer", "tool", "function")]
    query = read(request(*said_first, message("user", "一")))
    assert (query.text, query.history) == ("一", ())


def test_parts_of_text_are_lines() -> None:
    parts = [{"type": "text", "text": "一"}, {"type": "text", "text": "二"}, {"type": "text"}]
    assert read(request(message("user", parts))).text == "一\n二\n"


def test_what_the_assistant_said_in_other_forms_is_left_out() -> None:
    refused = [{"type": "refusal", "refusal": "no"}]
    query = read(
        request(message("user", "一"), message("assistant", refused), message("assistant", None), message("user", "二"))
    )
    assert query.history == (Message("user", "一"),)


def test_of_a_long_conversation_the_last_turns_are_kept() -> None:
    turns = [message("user" if number % 2 else "assistant", str(number)) for number in range(100)]
    query = read(request(*turns))
    assert query.text == "99"
    assert [turn.content for turn in query.history] == [str(number) for number in range(99 - HISTORY, 99)]


@pytest.mark.parametrize("history_turns", [0, 1, 3])
def test_as_many_turns_are_kept_as_the_operator_allows(history_turns: int) -> None:
    turns = [message("user" if number % 2 else "assistant", str(number)) for number in range(20)]
    assert len(read(request(*turns), history_turns).history) == history_turns


@pytest.mark.parametrize("kind", ["image_url", "input_audio", "file", "refusal", ""])
@pytest.mark.parametrize("place", [0, 2])
def test_a_part_of_the_user_that_is_no_text_is_refused_by_its_place(kind: str, place: int) -> None:
    messages = [message("user", "一"), message("assistant", "二"), message("user", "三")]
    messages[place] = message("user", [{"type": "text", "text": "看"}, {"type": kind}])
    with pytest.raises(QuestionError, match="only text can be read") as failed:
        read(request(*messages))
    assert failed.value.param == f"messages[{place}].content[1].type"


def test_options_of_our_own_are_those_of_a_question() -> None:
    query = read(request(message("user", "一"), wenju={"from": "2021", "to": "2022-03", "top_k": 3}))
    assert query.first is not None
    assert query.last is not None
    assert (query.first.value, query.last.value, query.top_k) == ("2021", "2022-03", 3)
    assert read(request(message("user", "一"))).top_k == 8


def test_tokens_are_counted_of_what_is_read() -> None:
    assert (
        conversation_text(request(message("system", "一"), message("user", "二"), message("assistant", None))) == "二\n"
    )
