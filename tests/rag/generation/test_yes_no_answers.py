"""rag.generation.yes_no: answers that begin with yes or no, and the LLM that says the contrary."""

import re

import pytest
from llm_server import LLMServer, streamed

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.evidence.settlement import Settlement
from rag.generation.yes_no import contradicts
from rag.llm.openai import OpenAIChatModel
from rag.question.yes_no import YesNoQuestion
from rag.records import Delta, Done, Query

pytestmark = pytest.mark.anyio
TODAY = PartialDate("2023-12-31")
ASKED = YesNoQuestion("听潮桥全长836米", is_negated=False, language="zh")


@pytest.fixture
def extractive(town: Generation, embedder: Embedder) -> Answerer:
    return Answerer(town, embedder)


@pytest.fixture
def generative(town: Generation, embedder: Embedder, server: LLMServer) -> Answerer:
    chat = OpenAIChatModel(
        server.base_url,
        "key",
        "test-model",
        connect_timeout_s=0.5,
        first_token_timeout_s=1.0,
        idle_timeout_s=0.5,
        total_timeout_s=3.0,
        backoff_s=0.02,
    )
    return Answerer(town, embedder, chat)


@pytest.mark.parametrize(
    ("question", "opening", "printed"),
    [
        ("听潮桥全长836米吗？", "不是，是638米：", "638米"),
        ("聽潮橋全長836米嗎？", "不是，是638米：", "638米"),
        ("湖心小学设24个班吗？", "是，", "24个班"),
    ],
)
async def test_an_answer_begins_with_yes_or_no_and_quotes_what_tells_it(
    extractive: Answerer, question: str, opening: str, printed: str
) -> None:
    answer = await extractive.answer(Query(question, today=TODAY))
    assert answer.status == "answered"
    assert answer.answer.startswith(opening)
    assert printed in answer.citations[0].quote
    assert re.search(r"\[1\]", answer.answer)


async def test_what_nobody_printed_cannot_be_confirmed(extractive: Answerer) -> None:
    answer = await extractive.answer(Query("贝壳社区诊所有没有牙科？", today=TODAY))
    assert answer.refusal is not None
    assert answer.answer.startswith("无法确认。")
    assert answer.citations == ()


async def test_a_refusal_of_what_is_no_such_question_says_nothing_of_confirming(extractive: Answerer) -> None:
    answer = await extractive.answer(Query("月亮湾的灯塔是谁建的？", today=TODAY))
    assert "无法确认" not in answer.answer


async def test_an_llm_that_says_the_contrary_of_what_is_certain_is_not_heard(
    generative: Answerer, server: LLMServer
) -> None:
    server.play(streamed("是的，听潮桥全长638米[1]。"))
    events = [event async for event in generative.events(Query("听潮桥全长836米吗？", today=TODAY))]
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    assert answer.answer.startswith("不是，是638米：")
    assert (answer.generator.kind, answer.generator.fallback_reason) == ("extractive", "unsupported")
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.answer


async def test_an_llm_that_agrees_is_heard(generative: Answerer, server: LLMServer) -> None:
    server.play(streamed("不是836米，听潮桥全长638米[1]。"))
    answer = await generative.answer(Query("听潮桥全长836米吗？", today=TODAY))
    assert answer.answer.startswith("不是")
    assert "638米" in answer.answer


async def test_an_llm_that_finds_nothing_does_not_undo_what_is_settled(generative: Answerer, server: LLMServer) -> None:
    server.play(streamed("NOT_FOUND"))
    answer = await generative.answer(Query("听潮桥全长836米吗？", today=TODAY))
    assert answer.answer.startswith("不是，是638米：")


@pytest.mark.parametrize(
    ("verdict", "said", "is_contrary"),
    [
        ("no", "是的，听潮桥全长836米。", True),
        ("no", "是否836米没有报道。", False),
        ("no", "不是，全长638米。", False),
        ("no", "对于听潮桥，报道说全长638米。", False),
        ("no", "听潮桥全长638米。", False),
        ("no", "Yes, it is.", True),
        ("yes", "不是，全长638米。", True),
        ("yes", "并没有报道这样说。", True),
        ("yes", "No, it is not.", True),
        ("yes", "Notable is its length.", False),
        ("yes", "是，全长836米。", False),
    ],
)
def test_only_what_begins_with_the_contrary_is_contrary(verdict: str, said: str, is_contrary: bool) -> None:
    settlement = Settlement("yes" if verdict == "yes" else "no", 0.9)
    assert contradicts(settlement, said) is is_contrary
