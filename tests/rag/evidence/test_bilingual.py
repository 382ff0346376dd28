"""rag.evidence.bilingual: Chinese questions that English articles answer, and those that they do not."""

from collections.abc import Callable

import anyio
import pytest
from archive import Lines

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.records import Answer, Query

Ask = Callable[[str], Answer]
REPORTS: Lines = [
    {"_id": "market", "date": "2020-06-14", "title": "A market in Qingyu", "text": "Yancang Market in Qingyu opened on 16 May 1988: 1.12 million square metres (1,680 mu) and some 2,000 fixed stalls. It moves about 18,000 tonnes of vegetables a day. The market was shut on 13 June 2020."},
    {"_id": "economy", "date": "2023-08-09", "title": "Qingyu's first-half 2023 economy", "text": "On 8 August 2023, Liang Ruoshui, deputy director of the district's development and reform commission, said Qingyu's GDP for the first half of 2023 was 102.33 billion yuan, up 7.1 percent."},
    {"_id": "bridge", "date": "2021-10-02", "title": "听潮桥通车", "text": "2021年10月1日，听潮桥建设工程完工通车。该桥全长638米，双向六车道。青屿区区长何远山参加。"},
    {"_id": "bridge-en", "date": "2021-10-03", "title": "Tingchao Bridge opens", "text": "Tingchao Bridge in Qingyu opened to traffic on October 1, 2021. It is 640 metres long."},
    {"_id": "trees", "date": "2022-01-20", "title": "植树", "text": "2021年青屿区植树1500棵，成活率为96%。"},
]  # fmt: skip


@pytest.fixture(scope="module")
def ask(make_archive: Callable[[Lines], Generation], embedder: Embedder) -> Ask:
    answerer = Answerer(make_archive(REPORTS), embedder)
    return lambda question: anyio.run(answerer.answer, Query(question, today=PartialDate("2023-12-31")))


@pytest.mark.parametrize(
    ("question", "lead", "printed"),
    [
        ("盐仓市场哪年开业？", "1988年5月16日：", "opened on 16 May 1988"),
        ("盐仓市场占地多少亩？", "1680亩：", "1,680 mu"),
        ("盐仓市场每天运多少吨蔬菜？", "约1.8万吨：", "18,000 tonnes"),
        ("盐仓市场哪天关闭？", "2020年6月13日：", "shut on 13 June 2020"),
        ("2023年上半年青屿区GDP是多少元？", "1023.3亿元：", "102.33 billion yuan"),
        ("2023年上半年青屿区GDP增长百分之几？", "7.1%：", "up 7.1 percent"),
        ("青屿区发改委副主任是谁？", "Liang Ruoshui：", "Liang Ruoshui, deputy director"),
    ],
)
def test_an_english_article_answers_in_chinese_with_its_own_words(
    ask: Ask, question: str, lead: str, printed: str
) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert answer.answer.removeprefix("据2023年8月9日的报道，").startswith(lead)
    assert "英文报道原文：“" in answer.answer
    assert printed in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "2022年上半年青屿区GDP是多少元？",
        "2023年上半年海棠区GDP是多少元？",
        "大红门市场哪年开业？",
        "青屿区发改委主任是谁？",
        "盐仓市场每天运多少吨猪肉？",
        "2023年上半年青屿区粮食产量是多少吨？",
    ],
)
def test_a_near_miss_is_refused(ask: Ask, question: str) -> None:
    assert ask(question).is_refused


def test_a_chinese_article_that_answers_goes_first(ask: Ask) -> None:
    answer = ask("听潮桥全长多少米？")
    assert "638米" in answer.answer
    assert "640" not in answer.answer


def test_a_question_in_traditional_characters_is_answered_too(ask: Ask) -> None:
    answer = ask("鹽倉市場哪年開業？")
    assert answer.answer.startswith("1988年5月16日：英文報道原文：“Yancang Market")


def test_one_part_of_a_question_may_be_answered_in_each_language(ask: Ask) -> None:
    answer = ask("听潮桥全长多少米？盐仓市场占地多少亩？")
    assert "638米" in answer.answer
    assert "1680亩" in answer.answer
