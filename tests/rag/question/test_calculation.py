"""Which questions are reckoned, and what they need for it."""

import pytest

from rag.question.analysis import analyse_question
from rag.question.calculation.read import read_calculation
from rag.question.calculation.records import Calculation
from rag.question.calculation.sides import take_sides

RECKONED = [
    ("2019年比2018年PM2.5降了多少", "difference", ("2019年PM2.5是多少", "2018年PM2.5是多少")),
    (
        "2021年11月和2023年5月柳湾入驻企业数相比增加了多少家？",
        "difference",
        ("2023年5月柳湾入驻企业数是多少家", "2021年11月柳湾入驻企业数是多少家"),
    ),
    ("2017年和2018年青屿一共植了多少棵树？", "sum", ("2017年青屿植了多少棵树", "2018年青屿植了多少棵树")),
    (
        "比较2019年上半年和2023年9月青屿的粮食产量",
        "beside",
        ("2019年上半年青屿的粮食产量是多少", "2023年9月青屿的粮食产量是多少"),
    ),
    (
        "柳湾运动会男运动员比女运动员多多少人？",
        "difference",
        ("柳湾运动会男运动员是多少人", "柳湾运动会女运动员是多少人"),
    ),
    ("杭州2022年粮食产量比武汉高多少吨", "difference", ("杭州2022年粮食产量是多少吨", "武汉2022年粮食产量是多少吨")),
    ("柳湾和听潮的茶园面积谁更大", "greater", ("柳湾的茶园面积是多少", "听潮的茶园面积是多少")),
    ("公共充电桩和私人充电桩合计多少个？", "sum", ("公共充电桩是多少个", "私人充电桩是多少个")),
    ("女党员占党员总数的比重是多少", "share", ("女党员是多少", "党员总数是多少")),
    ("班列最大牵引重量提高了多少吨？", "change", ("班列最大牵引重量提高了多少吨？",)),
    ("大会一共表彰了多少名医生？", "listed", ("大会表彰了多少名医生",)),
    (
        "How many more private wells than public ones does the town have?",
        "difference",
        ("How many private wells does the town have?", "How many public wells does the town have?"),
    ),
    (
        "What is the total number of public and private wells in the town?",
        "sum",
        ("How many public wells in the town?", "How many private wells in the town?"),
    ),
]
FOUND = [
    "青屿区常住人口是多少？",
    "2023年上半年粮食产量同比增长多少？",
    "青屿区有多少家企业和多少家商户？",
    "2019年和2022年青屿区区长相比换人了吗？",
    "谁比较了解听潮桥的历史？",
    "为什么今年的游客比去年多？",
    "柳湾灯会什么时候开幕？",
    "退税缓费中，小微企业受益额占比是多少？",
    "比赛一共分几轮？",
    "多少人参加了植树？",
    "两次灯会一共接待多少人？",
    "Who is the head of the district?",
    "How many trees were planted in 2020?",
]


def read(question: str) -> Calculation | None:
    return read_calculation(analyse_question(question))


@pytest.mark.parametrize(("question", "operation", "terms"), RECKONED)
def test_a_question_that_reckons_becomes_plain_questions(question: str, operation: str, terms: tuple[str, ...]) -> None:
    found = read(question)
    assert found
    assert (found.operation, tuple(term.question for term in found.terms)) == (operation, terms)


@pytest.mark.parametrize("question", FOUND)
def test_any_other_question_is_left_to_what_is_printed(question: str) -> None:
    assert read(question) is None


def test_traditional_characters_are_read_alike() -> None:
    simple, traditional = read("公共充电桩和私人充电桩合计多少个？"), read("公共充電樁和私人充電樁合計多少個？")
    assert simple
    assert traditional
    assert [term.question for term in simple.terms] == [term.question for term in traditional.terms]


def test_the_later_time_is_the_one_that_rose() -> None:
    found = read("2018年到2021年植树增加了多少棵")
    assert found
    assert [term.label for term in found.terms] == ["2021年", "2018年"]


def test_a_month_takes_the_year_of_the_one_before_it() -> None:
    found = read("2023年8月10日和8月15日两场拍卖的成交额一共多少亿元？")
    assert found
    assert [term.label for term in found.terms] == ["2023年8月10日", "2023年8月15日"]


@pytest.mark.parametrize(
    ("members", "names"),
    [
        (("成都大运会男运动员", "女运动员"), ("成都大运会男运动员", "成都大运会女运动员")),
        (("92号汽油", "95号汽油每升"), ("92号汽油", "95号汽油")),
        (("口腔医院新院区", "旧院区的床位"), ("口腔医院新院区的床位", "口腔医院旧院区的床位")),
    ],
)
def test_what_is_named_in_short_is_put_back_in_full(members: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert tuple(side.name for side in take_sides(members)) == names


def test_figures_that_differ_are_told_apart_whole() -> None:
    assert [side.own[:2] for side in take_sides(["92号汽油", "95号汽油"])] == ["92", "95"]
