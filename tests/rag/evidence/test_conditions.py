"""A sentence of another thing, number, period or day than the one asked about is no answer."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from grounders import grounder_of
from town import TOWN, report

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.evidence.conditions import find_sorted_names
from rag.evidence.grounding import Grounding
from rag.evidence.hypothesis import state_answer
from rag.question.analysis import analyse_question
from rag.reader.bundled import BundledReader
from rag.records import Query, Timings

TODAY = PartialDate("2024-06-30")
REPORTS = (
    report("opera", "2022-09-28", "戏曲周开幕", "第八届潮音戏曲周2022年9月27日至10月3日在盐仓园举行，主题为“海上有戏”。"),
    report("station", "2021-06-21", "盐仓站开通", "盐仓站历时4年改扩建，2021年6月20日开通，初期每天停靠列车40列。"),
    report("towers", "2022-03-02", "渔光创新中心封顶", "渔光创新中心与望潮创新中心同日封顶，两个中心总建筑面积约70万平方米。渔光创新中心总建筑面积7.8万平方米，由三栋楼组成。"),
    report("invest", "2024-01-20", "区人代会开幕", "区长梁若水公布2023年数据：地区生产总值218.7亿元，增6.5%；固定资产投资78.4亿元，增19.6%。"),
    report("fish30", "2023-07-30", "北港鱼市平稳", "7月30日，记者从北港鱼市获悉，当天鱼市上市量达到2.06万吨，价格平稳。"),
    report("vote", "2024-04-05", "“十件大事”评出", "2023年青屿区百姓眼中的“十件大事”评出。投票3月28日开始，4月3日结束，最高得票3.3万票。"),
)  # fmt: skip
Ask = Callable[[str], Grounding]


@pytest.fixture(scope="module")
def ask(
    make_archive: Callable[[Sequence[Mapping[str, str | None]]], Generation], embedder: Embedder, reader: BundledReader
) -> Ask:
    grounder = grounder_of(make_archive([*TOWN, *REPORTS]), embedder, reader)
    return lambda question: grounder.ground(Query(question, today=TODAY), question, Timings())


def first(grounding: Grounding) -> str:
    return grounding.parts[0].decision.evidence[0].text


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("第八届潮音戏曲周什么时候举行？", "9月27日"),
        ("盐仓站什么时候开通的？", "6月20日"),
        ("渔光创新中心的总建筑面积是多少？", "7.8万平方米"),
        ("2023年青屿区固定资产投资是多少？", "78.4亿元"),
        ("7月30日北港鱼市的上市量是多少？", "2.06万吨"),
        ("2023年青屿区百姓眼中的“十件大事”最高得票是多少？", "3.3万票"),
    ],
)
def test_what_fulfils_all_conditions_answers(ask: Ask, question: str, printed: str) -> None:
    found = ask(question)
    assert found.refusal is None
    assert printed in first(found)


@pytest.mark.parametrize(
    "question",
    [
        "第五届潮音戏曲周什么时候举行？",
        "盐仓南站什么时候开通的？",
        "2023年上半年青屿区固定资产投资是多少？",
        "7月29日北港鱼市的上市量是多少？",
    ],
)
def test_what_is_of_another_number_name_period_or_day_is_no_answer_and_an_llm_may_read_it(
    ask: Ask, question: str
) -> None:
    found = ask(question)
    assert found.refusal == "not_found"


def test_a_name_by_which_one_is_told_from_another_ends_in_its_sort() -> None:
    assert [name.text for name in find_sorted_names("盐仓南站什么时候开通")] == ["盐仓南站"]
    assert [list(name.spellings) for name in find_sorted_names("西罗湾街道的书记是谁")] == [["西罗湾街道", "西罗湾"]]
    assert find_sorted_names("哪个城市的航空公司有网站") == []


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("盐仓站什么时候开通的？", "2021年6月20日", "盐仓站2021年6月20日开通的"),
        ("请问青屿区区长是谁", "梁若水", "青屿区区长是梁若水"),
        ("听潮桥全长多少米？", "638米", "听潮桥全长638米"),
        ("贝壳社区诊所在哪里", "渔歌路18号", "贝壳社区诊所在渔歌路18号"),
        ("青屿区2023年财政收入", "15亿元", "青屿区2023年财政收入为15亿元"),
    ],
)
def test_question_and_answer_are_one_statement(question: str, answer: str, statement: str) -> None:
    assert state_answer(analyse_question(question), answer) == statement
