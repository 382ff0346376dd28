"""rag.question.decompose: one question that asks several things, and the many that ask one."""

from typing import Any

import pytest
from repository import read_cases

from index.records import PartialDate
from rag.question.decompose import MAX_PARTS, split_question
from rag.question.time_range import parse_time_range

CASES: dict[str, list[Any]] = read_cases("parts")
TODAY = PartialDate("2024-12-31")


def parts_of(question: str) -> list[str]:
    return [part.question for part in split_question(question, parse_time_range(question, TODAY))]


@pytest.mark.parametrize("case", CASES["split"], ids=lambda case: f"{case['group']}: {case['question']}")
def test_each_thing_asked_becomes_a_question_that_stands_by_itself(case: dict[str, Any]) -> None:
    parts = parts_of(case["question"])
    assert len(parts) == len(case["parts"]), parts
    for part, words in zip(parts, case["parts"], strict=True):
        assert not [word for word in words if word not in part], part


@pytest.mark.parametrize("case", CASES["split"], ids=lambda case: case["question"])
def test_the_parts_differ_and_none_keeps_the_words_that_bound_them_together(case: dict[str, Any]) -> None:
    parts = parts_of(case["question"])
    assert len(set(parts)) == len(parts)
    assert not [part for part in parts for word in ("分别", "各有", "换成", "相比", "其中") if word in part]


@pytest.mark.parametrize("question", CASES["whole"])
def test_a_question_that_asks_one_thing_stays_as_it_is(question: str) -> None:
    assert parts_of(question) == [question]


def test_there_are_enough_questions_that_stay_whole() -> None:
    assert len(set(CASES["whole"])) >= 30


def test_a_change_is_not_split_where_the_times_are_not_two() -> None:
    for question in ("区长由谁换成了谁？", "2019年区长由谁换成了谁？"):
        assert parts_of(question) == [question]


def test_no_more_parts_than_the_limit_are_looked_for() -> None:
    question = "".join(f"第{number}组的湖心小学有多少名学生？" for number in "一二三四五六七八")
    assert len(parts_of(question)) == MAX_PARTS


def test_what_is_told_before_the_questions_is_no_question() -> None:
    assert len(parts_of("新桥已经通车。它有多长？")) == 1


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("1、听潮桥有多长；2、渔船检修多少艘？3.区长是谁", ["听潮桥有多长", "渔船检修多少艘？", "区长是谁"]),
        ("①听潮桥有多长 ②灯会来了多少人", ["听潮桥有多长", "灯会来了多少人"]),
        ("（1）何远山是谁（2）梁若水是什么职务", ["何远山是谁", "梁若水是什么职务"]),
        ("1.听潮桥有多长\n2.灯会来了多少人", ["听潮桥有多长", "灯会来了多少人"]),
        ("听潮桥什么时候通车？另外区长是谁", ["听潮桥什么时候通车？", "区长是谁"]),
        ("听潮桥有多长？另外梁若水是谁", ["听潮桥有多长？", "梁若水是谁"]),
        ("贝壳社区诊所在哪里？书记是谁？", ["贝壳社区诊所在哪里？", "贝壳社区诊所，书记是谁？"]),
        ("1、2023年柳湾有多少住户；2、其中老人多少？", ["2023年柳湾有多少住户", "2023年柳湾，老人多少？"]),
    ],
)
def test_numbered_questions_and_those_on_another_matter_stand_by_themselves(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question", ["一、二月份植树多少棵", "3.5公里的路修了多久", "第一、第二小学有多少学生", "（一）号楼有几层"]
)
def test_numerals_that_number_no_questions_part_nothing(question: str) -> None:
    assert parts_of(question) == [question]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When did Wangjin station open and how many platforms does it have?",
            ["When did Wangjin station open?", "How many platforms does Wangjin station have?"],
        ),
        ("Who is the party secretary and who is the district head?", []),
        ("When did the bridge open and how many lanes does it have?", []),
        ("How many people died and were injured?", []),
    ],
)
def test_two_clauses_of_an_english_question_are_two_questions_where_it_names_what_they_are_about(
    question: str, parts: list[str]
) -> None:
    assert [part.question for part in split_question(question, None)] == (parts or [question])
