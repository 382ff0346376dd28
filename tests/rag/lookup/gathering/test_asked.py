"""rag.lookup.gathering.asked: what a question wants gathered, and which questions want nothing gathered."""

import pytest

from index.records import PartialDate
from rag.lookup.gathering.asked import Wanted, page_of, parse_wanted, stated_time
from rag.question.time_range import parse_time_range

TODAY = PartialDate("2024-11-30")


def parsed(question: str) -> Wanted | None:
    return parse_wanted(question, stated_time(question, parse_time_range(question, TODAY)))


def test_person_act_and_kind_are_told_apart() -> None:
    wanted = parsed("何远山2023年参加过哪些会议？")
    assert wanted
    assert (wanted.form, wanted.subjects, wanted.kind, wanted.person) == ("list", ("何远山",), "meeting", True)
    assert wanted.tags == {"attend"}


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("何远山检查过哪些地方", "list"),
        ("青屿区发生过哪些火灾", "list"),
        ("何远山最近一次检查是什么时候", "last"),
        ("何远山第一次主持会议是哪一天", "first"),
        ("听潮桥的大事记", "timeline"),
        ("梳理听潮桥2019—2021年的进展", "timeline"),
        ("渡轮停航事件的来龙去脉", "timeline"),
    ],
)
def test_the_form_is_read_from_the_words(question: str, form: str) -> None:
    wanted = parsed(question)
    assert wanted
    assert wanted.form == form


@pytest.mark.parametrize(
    "question",
    [
        "听潮桥全长多少米",
        "区长是谁",
        "办理老年卡需要哪些材料",
        "有哪些企业签约",  # whoever, whenever: no archive answers that by a list
        "防汛工作有哪些措施",
        "中山公园有哪些码头",
        "你好",
        "What is the length of the bridge?",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert parsed(question) is None


def test_a_page_is_read_from_the_end_only() -> None:
    assert page_of("何远山参加过哪些会议（第3页）") == ("何远山参加过哪些会议", 3)
    assert page_of("第3页登了什么") == ("第3页登了什么", 1)


def test_a_festival_alone_bounds_no_time() -> None:
    question = "何远山在清明节调度会上提出了哪些要求"
    assert stated_time(question, parse_time_range(question, TODAY)) is None
    dated = "2023年清明节有哪些会议"
    assert stated_time(dated, parse_time_range(dated, TODAY)) is not None
