"""rag.lookup.same_matter: a question that names nothing is about the report that was quoted last."""

from collections.abc import Callable

import pytest
from archive import Lines
from town import report

from index.embedding.embedder import Embedder
from index.language.terms import Lexicon
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.question.conversation.followup import names_nothing
from rag.records import Answer, Message, Query

pytestmark = pytest.mark.anyio
COURSES: Lines = (
    report(
        "law", "2023-04-02", "普法课开讲", "4月1日，贝壳社区普法课开讲，由律师何秋生主讲。课程主题是“租房合同怎样签”。"
    ),
    report(
        "paint",
        "2023-05-02",
        "绘画课开班",
        "5月1日，湖心小学绘画课开班，由画家李建军主讲。课程主题是“我的梦想”，孩子们画了四十幅画。",
    ),
    report("ferry", "2023-11-20", "轮渡停航", "因大风，北港至小屿的轮渡停航三天。"),
)


async def talk(archive: Generation, embedder: Embedder, *questions: str) -> Answer:
    answerer = Answerer(archive, embedder)
    history: list[Message] = []
    for question in questions:
        answer = await answerer.answer(Query(question, tuple(history), today=PartialDate("2023-12-31")))
        history += [Message("user", question), Message("assistant", answer.answer)]
    return answer


@pytest.mark.parametrize(
    ("before", "theme"),
    [("贝壳社区普法课由谁主讲？", "租房合同怎样签"), ("湖心小学绘画课由谁主讲？", "我的梦想")],
)
async def test_a_question_without_a_name_is_answered_from_the_report_quoted_before(
    make_archive: Callable[[Lines], Generation], embedder: Embedder, before: str, theme: str
) -> None:
    answer = await talk(make_archive(COURSES), embedder, before, "课程主题是什么？")
    assert theme in answer.answer


async def test_a_question_with_a_name_of_its_own_is_not_kept_to_that_report(
    make_archive: Callable[[Lines], Generation], embedder: Embedder
) -> None:
    answer = await talk(make_archive(COURSES), embedder, "贝壳社区普法课由谁主讲？", "北港至小屿的轮渡停航几天？")
    assert "三天" in answer.answer


@pytest.mark.parametrize(
    "question", ["哪天上线的？", "课程主题是什么？", "死者多少岁？", "这笔资金用来做什么？", "how much was it?"]
)
def test_what_names_nothing_is_known(question: str) -> None:
    assert names_nothing(question, Lexicon())


@pytest.mark.parametrize(
    "question",
    ["区长是谁？", "听潮桥多长？", "2019年植树多少棵？", "你叫什么？", "“我的梦想”是谁画的？", "Where is Pier Street?"],
)
def test_what_names_something_is_known(question: str) -> None:
    assert not names_nothing(question, Lexicon())
