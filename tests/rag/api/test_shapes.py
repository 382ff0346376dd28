"""The Answer in every shape in which it leaves the service: what a statement carries is in each."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from built_answer import EXPRESSION, answer_of, computed_content

from rag.api.openai.annotations import completion_of
from rag.api.openai.chunks import ChatChunkEncoder
from rag.api.streaming.events import AskEventEncoder
from rag.cli.render import to_json
from rag.records import Done

ANSWER = answer_of(computed_content())
STREAMS = {
    "events": lambda: AskEventEncoder().event(Done(ANSWER)),
    "chunks": lambda: ChatChunkEncoder("wenju", "http://127.0.0.1:8000", "g", None).event(Done(ANSWER)),
}
CALCULATIONS = [None, {"expression": EXPRESSION, "terms": [1, 2]}, None]


def calculations_of(answer: dict[str, Any]) -> list[Any]:
    return [statement["computed"] for statement in answer["statements"]]


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_ends_with_the_calculations_of_the_answer(name: str) -> None:
    (last,) = [block for block in STREAMS[name]().split(b"\n\n") if b'"statements"' in block]
    sent = json.loads(last.partition(b"data: ")[2])
    assert calculations_of(sent.get("wenju", sent)) == CALCULATIONS


def test_a_completion_has_them_beside_its_message() -> None:
    sent = json.loads(msgspec.json.encode(completion_of(ANSWER, "wenju", "http://127.0.0.1:8000", 1)))
    assert calculations_of(sent["wenju"]) == CALCULATIONS
    assert EXPRESSION not in sent["choices"][0]["message"]["content"]


def test_the_terminal_prints_them_as_json() -> None:
    assert calculations_of(json.loads(to_json(ANSWER))) == CALCULATIONS


def test_a_client_that_shows_text_only_has_the_questions_to_go_on_with_as_lines() -> None:
    answer = replace(answer_of(computed_content()), status="fixed", choices=("最近有什么新闻？", "下一页"))
    content = completion_of(answer, "wenju", "http://x", 1).choices[0].message.content
    assert content == f"{answer.answer}\n- 最近有什么新闻？\n- 下一页"
    stream = ChatChunkEncoder("wenju", "http://x", "g", None).event(Done(answer)).decode()
    chunks = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: {")]
    assert "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]) == content
