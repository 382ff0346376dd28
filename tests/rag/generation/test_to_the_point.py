"""An answer without anything of the kind that was asked for is held back whole."""

from collections.abc import AsyncGenerator

import pytest

from index.language.terms import Lexicon
from rag.generation.answer_builder import AnswerContent
from rag.generation.completion import Completion
from rag.generation.to_the_point import NOT_ASKED, once_to_the_point
from rag.question.analysis import analyse_question
from rag.records import Delta, Event, Statement

pytestmark = pytest.mark.anyio


async def said(*texts: str) -> AsyncGenerator[Event | Completion, None]:
    for text in texts:
        yield Delta(text)
    statements = tuple(Statement(text, 0, len(text), (1,), "verified") for text in texts)
    yield Completion("m", "v", AnswerContent("".join(texts), statements), (), None, None, False, 0)


async def heard(question: str, *texts: str) -> tuple[list[str], Completion]:
    lexicon = Lexicon()
    shown: list[str] = []
    async for event in once_to_the_point(said(*texts), [analyse_question(question, lexicon)], lexicon):
        if isinstance(event, Completion):
            return shown, event
        assert isinstance(event, Delta)
        shown.append(event.text)
    raise AssertionError("the last event is the Completion")


METRES = "更换了多少米管道？"


async def test_what_comes_before_the_figure_waits_for_it() -> None:
    shown, completion = await heard(METRES, "工程已完工[1]。", "更换管道1234米[1]。", "惠及331户[1]。")
    assert shown == ["工程已完工[1]。", "更换管道1234米[1]。", "惠及331户[1]。"]
    assert len(completion.content.statements) == 3


async def test_an_answer_without_a_figure_is_rejected_whole() -> None:
    shown, completion = await heard(METRES, "工程已叫停[1]。", "请致电99990000[1]。")
    assert shown == []
    assert completion.content.statements == ()
    assert [(one.text, one.problems) for one in completion.rejected] == [
        ("工程已叫停。", (NOT_ASKED,)),
        ("请致电99990000。", (NOT_ASKED,)),
    ]


async def test_a_question_whose_answers_have_no_look_of_their_own_is_not_judged() -> None:
    shown, completion = await heard("为什么停航？", "大风[1]。")
    assert shown == ["大风[1]。"]
    assert completion.content.statements
