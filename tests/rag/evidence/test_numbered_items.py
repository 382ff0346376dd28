"""rag.evidence.numbered_items, periods: the item of a list that is asked for, and figures of the period that is."""

import pytest
from passages import made_passage

from index.language.sentences import find_content_sentences
from index.records import Article, PartialDate
from rag.evidence.numbered_items import asked_item, find_item
from rag.evidence.periods import of_asked_period
from rag.evidence.sentence_ranking import CandidateSentence
from rag.question.analysis import analyse_question

TODAY = PartialDate("2025-06-30")
LIST = (
    "区城管委昨天公布今冬供热服务承诺，共四项。\n一是室温不低于18摄氏度；二是报修两小时内上门；三是停热超过24小时退费。"
)


def ranked_of(text: str, coverage: float = 1.0) -> list[CandidateSentence]:
    passage = made_passage(text)
    return [
        CandidateSentence(
            passage, number, start, end, text[start:end], 1.0, 0.1, 0.5, 0.5, coverage, 0.5, 0.0, (), frozenset(), 0.5
        )
        for number, (start, end) in enumerate(find_content_sentences(text))
    ]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("供热服务承诺第二项是什么？", 2),
        ("防汛工作第三项要求是什么？", 3),
        ("办证的第4步怎么做？", 4),
        ("文明养犬倡议第一条说了什么？", 1),
        ("通知的第十二个方面要求是什么？", 12),
        ("第三条地铁线路哪天开通？", None),
        ("第二届邻里节在哪里举行？", None),
        ("第三项目部的经理是谁？", None),
        ("供热服务承诺有哪些？", None),
    ],
)
def test_a_number_is_that_of_an_item_where_the_item_is_asked_for(question: str, number: int | None) -> None:
    assert asked_item(analyse_question(question)) == number


@pytest.mark.parametrize(
    ("number", "item"), [(1, "一是室温不低于18摄氏度；"), (3, "三是停热超过24小时退费。"), (4, None), (0, None)]
)
def test_the_item_of_a_number_is_found_in_its_list(number: int, item: str | None) -> None:
    found = find_item(number, ranked_of(LIST), {"a": Article("a", "a.txt", "a", 0, LIST)})
    assert (found and found.text) == item


def test_an_item_of_a_list_of_something_else_is_not_taken() -> None:
    assert find_item(2, ranked_of(LIST, coverage=0.3), {"a": Article("a", "a.txt", "a", 0, LIST)}) is None


@pytest.mark.parametrize(
    ("question", "text", "is_told"),
    [
        ("2025年上半年工业总产值增长多少？", "一季度，工业总产值增长8.1%，3月增长9.4%。", False),
        ("2025年一季度工业总产值增长多少？", "一季度，工业总产值增长8.1%，3月增长9.4%。", True),
        ("2025年3月工业总产值增长多少？", "一季度，工业总产值增长8.1%，3月增长9.4%。", True),
        ("“十四五”以来累计新增就业多少人？", "“十四五”以来，全区累计新增就业13.5万人。", True),
    ],
)
def test_a_figure_is_told_of_the_period_that_is_asked_about(question: str, text: str, is_told: bool) -> None:
    date = PartialDate("2023-01-22" if "十四五" in text else "2025-04-23")
    articles = {"a": Article("a", "a.txt", "a", 0, text, date=date)}
    found = of_asked_period(ranked_of(text), analyse_question(question, today=TODAY), articles)
    assert bool(found) is is_told
