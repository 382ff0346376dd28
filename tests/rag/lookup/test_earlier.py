"""rag.lookup.earlier through the answers of an archive of a made-up district: what points at the answer before."""

from collections.abc import Sequence

import pytest

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.records import Answer, Message, Query

pytestmark = pytest.mark.anyio
BRIDGE = "听潮桥全长多少米？"


async def talk(town: Generation, embedder: Embedder, *questions: str) -> Answer:
    """The answer to the last of several questions; the history is texts alone, as a plain client keeps it."""
    answerer = Answerer(town, embedder)
    history: list[Message] = []
    for question in questions:
        answer = await answerer.answer(Query(question, tuple(history), today=PartialDate("2023-12-31")))
        history += [Message("user", question), Message("assistant", answer.answer)]
    return answer


def quotes(answer: Answer) -> Sequence[str]:
    return [citation.quote for citation in answer.citations]


async def test_the_source_is_the_article_of_the_answer_before_with_its_date(
    town: Generation, embedder: Embedder
) -> None:
    answer = await talk(town, embedder, BRIDGE, "出处是哪篇报道？")
    assert answer.status == "answered"
    assert "《听潮桥通车》" in answer.answer
    assert "2021年10月2日" in answer.answer
    assert quotes(answer) == ["该桥全长638米，双向六车道。"] or "638米" in quotes(answer)[0]


async def test_the_source_of_what_a_follow_up_asked_is_its_own(town: Generation, embedder: Embedder) -> None:
    answer = await talk(town, embedder, "听潮桥哪天开工的？", "贝壳社区诊所在哪里？", "谢谢", "哪天的报道？")
    assert "2023年7月3日" in answer.answer
    assert "听潮桥" not in answer.answer


async def test_an_english_reader_is_told_the_source_in_english(town: Generation, embedder: Embedder) -> None:
    answer = await talk(town, embedder, "How many stalls does the night market have?", "which report is that from?")
    assert answer.answer.startswith("The answer before is from:")
    assert "19 April 2023" in answer.answer


async def test_a_traditional_reader_is_told_the_source_in_traditional_characters(
    town: Generation, embedder: Embedder
) -> None:
    answer = await talk(town, embedder, "聽潮橋全長多少米？", "出處是哪篇報道？")
    assert answer.answer.startswith("上一個回答的出處")


async def test_to_go_on_is_what_the_report_says_next_and_then_that_it_is_all(
    town: Generation, embedder: Embedder
) -> None:
    once = await talk(town, embedder, "青屿区什么时候召开防汛工作会？", "继续")
    assert once.answer.startswith("同一篇报道接着写道")
    assert len(once.citations) == 3
    assert once.choices == ("继续",)
    twice = await talk(town, embedder, "青屿区什么时候召开防汛工作会？", "继续", "还有吗")
    assert not set(quotes(once)) & set(quotes(twice))
    ended = await talk(town, embedder, "听潮桥哪天通车的？", "继续", "继续", "继续")
    assert ended.status == "fixed"


async def test_nothing_is_gone_on_with_behind_a_refusal(town: Generation, embedder: Embedder) -> None:
    answer = await talk(town, embedder, "听潮桥的设计师是谁？", "请继续")
    assert answer.status == "fixed"
    assert not answer.citations


async def test_without_a_conversation_they_are_questions_like_any_other(town: Generation, embedder: Embedder) -> None:
    assert (await talk(town, embedder, "出处是哪篇报道？")).status in ("refused", "related")
