"""rag.question.preamble: what is asked, without greetings, thanks and background; most questions have none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import read_cases

from rag.question.preamble import strip_preamble


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("您好，请问听潮桥全长多少米？谢谢！", "听潮桥全长多少米？"),
        (
            "我是区里的工作人员，正在写一份材料，需要核实一些数据。领导要求所有数据都要有出处，最好具体到哪一天。"
            "请问2020年青屿区植树多少棵？",
            "请问2020年青屿区植树多少棵？",
        ),
        ("您好，麻烦问一下，就是那个盐仓早市几点开门来着？谢谢啦", "盐仓早市几点开门？"),
        ("我爸爸住在柳湾，最近在办老年卡，不知道去哪里办，请问区长是谁？", "区长是谁？"),
        ("之前同事给过一个数字，我想问的是，听潮桥有几条车道？", "听潮桥有几条车道？"),
        ("麻烦帮我查查，湖心小学有多少个班，辛苦了", "湖心小学有多少个班"),
        ("您好，查处了多少起非法采砂案件？", "查处了多少起非法采砂案件？"),
        ("您好，能不能帮我查一下，下岗职工有多少人？", "下岗职工有多少人？"),
        ("背景：听潮桥今年检修。问题：桥全长多少米？", "听潮桥今年检修。桥全长多少米？"),
    ],
)
def test_what_is_said_around_a_question_is_left_out(typed: str, asked: str) -> None:
    assert strip_preamble(typed) == asked


@pytest.mark.parametrize(
    "question",
    [
        "听潮桥全长多少米？",
        "区长梁若水主持召开了会议。会议研究了什么？",
        "听说诊所要搬走了，新诊所有多少医生？",
        "我们称为月亮湾的，是哪一段海岸？",
        "轮渡在我们生活中常用，一天有几班？",
        "“我很高兴各方都同意，并定下了方向”这句话是谁说的？",
        "你好",
        "谢谢",
        "你是谁",
        "帮我把听潮桥的时间线理一下：开工、合龙、通车。",
        "Hello, who is the district head?",
        "",
    ],
)
def test_what_tells_of_the_matter_stays(question: str) -> None:
    assert strip_preamble(question) == question


def test_what_a_pronoun_points_back_to_stays() -> None:
    assert "听潮桥" in strip_preamble("我正在写听潮桥的材料，它有多长？谢谢")


@pytest.mark.parametrize("case", read_cases("parts")["whole"])
def test_questions_of_one_thing_lose_nothing(case: str) -> None:
    assert strip_preamble(case) == case


@given(st.text(st.sampled_from("您好我是请问谢谢，。？！多少谁什么区长桥“”：1、\n "), max_size=40))
def test_it_never_fails_and_what_it_returns_needs_no_second_look(text: str) -> None:
    once = strip_preamble(text)
    assert not text.strip() or once.strip()
