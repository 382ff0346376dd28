"""rag.evidence.ambiguity through the answers: when the service asks back, and that it hardly ever does."""

from collections.abc import Callable

import pytest
from archive import Lines
from town import report

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.question.conversation.offers import read_offer
from rag.records import Answer, Message, Query

pytestmark = pytest.mark.anyio

TWICE: Lines = (
    report("wheat2020", "2021-01-20", "小麦收成", "2020年潮生乡小麦平均亩产412公斤。"),
    report("wheat2021", "2022-01-20", "小麦收成", "2021年潮生乡小麦平均亩产436公斤。"),
    report("centre1", "2022-03-01", "新中心", "青屿航运创新中心建筑面积7.8万平方米，由三栋楼组成。"),
    report("centre2", "2022-04-01", "又一中心", "湖心数字创新中心建筑面积5.2万平方米，由两栋楼组成。"),
    report("ferry", "2023-11-20", "轮渡停航", "因大风，北港至小屿的轮渡停航三天。"),
)


async def ask(archive: Generation, embedder: Embedder, question: str, *history: Message) -> Answer:
    return await Answerer(archive, embedder).answer(Query(question, history, today=PartialDate("2023-12-31")))


@pytest.fixture(scope="module")
def twice(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive(TWICE)


async def test_of_two_years_it_is_asked_which_with_both_as_choices(twice: Generation, embedder: Embedder) -> None:
    answer = await ask(twice, embedder, "潮生乡小麦平均亩产是多少公斤？")
    assert (answer.status, answer.refusal and answer.refusal.reason) == ("refused", "unclear")
    assert answer.choices == ("2021年潮生乡小麦平均亩产是多少公斤？", "2020年潮生乡小麦平均亩产是多少公斤？")
    assert not answer.citations


async def test_of_two_things_of_one_name_it_is_asked_which(twice: Generation, embedder: Embedder) -> None:
    answer = await ask(twice, embedder, "创新中心的建筑面积是多少？")
    assert set(answer.choices) == {"青屿航运创新中心的建筑面积是多少？", "湖心数字创新中心的建筑面积是多少？"}


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("2020年潮生乡小麦平均亩产是多少公斤？", "412"),
        ("湖心数字创新中心的建筑面积是多少？", "5.2万"),
        ("轮渡停航几天？", "三天"),
    ],
)
async def test_what_has_one_answer_is_not_asked_back(
    twice: Generation, embedder: Embedder, question: str, value: str
) -> None:
    answer = await ask(twice, embedder, question)
    assert value in answer.answer
    assert not answer.choices


async def test_what_changes_is_told_newest_first_instead(town: Generation, embedder: Embedder) -> None:
    answer = await ask(town, embedder, "青屿区常住人口有多少？")
    assert not answer.choices
    assert answer.answer.index("45万") < answer.answer.index("42万")


async def test_a_reply_to_it_is_answered(twice: Generation, embedder: Embedder) -> None:
    question = "潮生乡小麦平均亩产是多少公斤？"
    back = await ask(twice, embedder, question)
    assert read_offer(back.answer)
    answer = await ask(twice, embedder, "第二个", Message("user", question), Message("assistant", back.answer))
    assert "412" in answer.answer


async def test_a_traditional_question_is_asked_back_in_traditional_characters(
    twice: Generation, embedder: Embedder
) -> None:
    answer = await ask(twice, embedder, "潮生鄉小麥平均畝產是多少公斤？")
    assert answer.answer.startswith("報道中不同年份")
