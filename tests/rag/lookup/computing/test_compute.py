"""Answers that are reckoned, over made-up reports; and what is not reckoned."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from grounders import grounder_of
from town import TOWN, report

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.generation.composition import Composition
from rag.lookup.computing.compute import compute
from rag.lookup.computing.trend import trend
from rag.lookup.inquiry import Inquiry, Lookup
from rag.question.analysis import analyse_question
from rag.question.language import detect_language
from rag.reader.bundled import BundledReader
from rag.records import Query

REPORTS = (
    report("games", "2023-07-28", "柳湾运动会开幕在即", "柳湾运动会有30支代表队报名参赛，男子运动员有512人，女子运动员有488人。"),
    report("piles", "2023-08-17", "青屿新能源汽车", "青屿新能源汽车已突破2万辆，但全区仅有公共充电桩1400个，私人充电桩1.2万个。"),
    report("plan", "2023-03-01", "青屿区充电设施规划", "2023年至2025年，青屿区计划建成充电桩3万个，其中公共充电桩5000个以上。"),
    report("train", "2022-08-19", "班列提速", "今年上半年，柳湾班列单列最大牵引重量由2500吨提高到3000吨。"),
    report("prize", "2022-08-20", "青屿区医师节大会", "大会宣读了对30名“最美医师”、20名“最美护士”、5名“学科带头人”的表彰决定。"),
    report("output2022", "2023-02-01", "青屿区2022年经济", "2022年青屿区工业总产值300亿元，增长5%。"),
    report("output2023h", "2023-08-01", "青屿区上半年经济", "2023年上半年青屿区工业总产值180亿元，增长6%。"),
    report("pumps", "2022-07-20", "青屿区排水抢险", "青屿区水务局调来移动泵车18台、抢修保障车17辆、发电机9台，开展城区排水抢险。"),
    report("oil", "2022-07-31", "成品油抽检", "截至目前，柳湾市场监管所对9个油库、28个加油站、7个加油点共抽检93个批次成品油。"),
)  # fmt: skip


@pytest.fixture(scope="module")
def ask(
    make_archive: Callable[[Sequence[Mapping[str, str | None]]], Generation], embedder: Embedder, reader: BundledReader
) -> Callable[[str, Lookup], Composition | None]:
    generation = make_archive([*TOWN, *REPORTS])
    grounder = grounder_of(generation, embedder, reader)

    def answer(question: str, lookup: Lookup = compute) -> Composition | None:
        analysis = analyse_question(question, generation.lexicon, None)
        return lookup(
            Inquiry(
                Query(question),
                analysis,
                detect_language(question),
                generation,
                grounder.retriever,
                ground=grounder.ground,
            )
        )

    return answer


Ask = Callable[..., Composition | None]


@pytest.mark.parametrize(
    ("question", "value", "expression"),
    [
        ("柳湾运动会男运动员比女运动员多多少人？", "多24人", "512−488=24人"),
        ("柳湾运动会女运动员比男运动员多多少人？", "少24人", "512−488=24人"),
        ("青屿私人充电桩比公共充电桩多多少个？", "多10600个", "12000−1400=10600个"),
        ("青屿公共充电桩和私人充电桩合计多少个？", "合计13400个", "1400+12000=13400个"),
        ("青屿区常住人口2020年底和2022年底相差多少？", "相差3万人", "45万−42万=3万人"),
        ("柳湾班列单列最大牵引重量提高了多少吨？", "提高500吨", "3000−2500=500吨"),
        ("医师节大会一共表彰了多少名医务人员？", "合计55名", "30+20+5=55名"),
        ("柳湾抽检的油库、加油站和加油点一共多少个？", "合计44个", "9+28+7=44个"),
    ],
)
def test_what_follows_from_printed_figures_is_reckoned_and_shown(
    ask: Ask, question: str, value: str, expression: str
) -> None:
    told = ask(question)
    assert told
    line = told.lines[0]
    assert line.text.startswith(value)
    assert line.expression == expression
    assert line.quotes
    for quote in line.quotes:
        assert told.articles[quote.passage.article_id].text[quote.start : quote.end] == quote.text


def test_the_plan_of_another_report_is_no_term(ask: Ask) -> None:
    told = ask("青屿公共充电桩和私人充电桩合计多少个？")
    assert told
    assert "5000" not in told.lines[0].text


def test_a_figure_of_the_next_thing_in_a_list_is_no_term(ask: Ask) -> None:
    told = ask("青屿区水务局调来的移动泵车和抢修保障车一共多少台？")
    assert told is None or "9台" not in told.lines[0].text


def test_a_year_and_a_half_year_stand_side_by_side_and_are_not_subtracted(ask: Ask) -> None:
    told = ask("比较2022年和2023年上半年青屿区工业总产值")
    assert told
    assert [line.expression for line in told.lines] == [None, None, None]
    assert "300亿元" in told.lines[0].text
    assert "180亿元" in told.lines[1].text


@pytest.mark.parametrize(
    "question",
    [
        "2020年比2021年青屿区工业总产值多多少亿元？",  # neither year is told
        "青屿私人充电桩比路灯多多少个？",  # one of them is told nowhere
        "2021年青屿区植树比上年增加多少棵？",  # one time is stated; what is printed may answer
        "2020年青屿区植树比上年增加多少棵？",  # printed
        "柳湾运动会有多少支代表队？",
        "青屿区水务局调来的抢修保障车和路灯车一共多少台？",
    ],
)
def test_what_is_not_certain_is_left_to_passages(ask: Ask, question: str) -> None:
    assert ask(question) is None


def test_a_trend_has_a_line_for_each_year_and_the_difference(ask: Ask) -> None:
    told = ask("青屿区历年植树数量变化", trend)
    assert told
    assert [line.text[:5] for line in told.lines[:2]] == ["2020年", "2021年"]
    assert told.lines[-1].expression == "1500−1200=300棵"


def test_a_trend_that_is_no_quantity_is_none(ask: Ask) -> None:
    assert ask("青屿区防汛工作的发展趋势", trend) is None
