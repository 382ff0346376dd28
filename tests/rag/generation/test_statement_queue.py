"""The statements of an answer in their order: what is sent when, and what becomes of what leans on a struck one."""

import re
from collections.abc import Sequence
from itertools import permutations

import pytest
from statements import empty_builder, right, wrong

from rag.generation.statement_queue import Checked, Place, StatementQueue
from rag.records import Delta, Event

FAILED = wrong("南浦大桥造价7.5亿元。", "figure_not_in_passages:7.5亿元")


class Answer:
    """A queue, with what a listener heard of it, and the places that it had mended: all, or those that may be."""

    def __init__(self, *, may_ask: bool = True) -> None:
        self.asked: list[Place] = []
        self.heard: list[str] = []
        self.may_ask = may_ask
        self.builder = empty_builder()
        self.queue = StatementQueue(self.builder, self._ask)

    def _ask(self, place: Place) -> bool:
        if self.may_ask:
            self.asked.append(place)
        return self.may_ask

    def _hear(self, events: Sequence[Event]) -> str:
        self.heard += [event.text for event in events if isinstance(event, Delta)]
        return self.text

    def add(self, *all_checked: Checked) -> str:
        for checked in all_checked:
            self._hear(self.queue.add(checked.statement, checked.verdict))
        return self.text

    def settle(self, number: int, *mended: Checked) -> str:
        return self._hear(self.queue.settle(self.asked[number], mended))

    @property
    def text(self) -> str:
        """What was heard, without markers."""
        assert "".join(self.heard) == self.builder.content().text
        return re.sub(r"\[\d+\]", "", "".join(self.heard))


def struck(*statements: Checked) -> str:
    """The answer where nothing can be mended."""
    return Answer(may_ask=False).add(*statements)


# ---- order


def test_what_is_verified_is_sent_at_once() -> None:
    assert Answer().add(right("南浦大桥全长638米。")) == "南浦大桥全长638米。"


def test_what_follows_a_statement_that_is_being_mended_waits_and_what_precedes_it_does_not() -> None:
    answer = Answer()
    assert answer.add(right("全长638米。"), FAILED, right("双向六车道。")) == "全长638米。"
    assert answer.settle(0, right("造价5.7亿元。")) == "全长638米。造价5.7亿元。双向六车道。"
    assert answer.queue.rejected() == ()


def test_what_cannot_be_mended_is_gone_with_its_first_problems() -> None:
    answer = Answer()
    answer.add(FAILED, right("双向六车道。"))
    assert answer.settle(0) == "双向六车道。"
    assert [(one.text, one.problems) for one in answer.queue.rejected()] == [
        ("南浦大桥造价7.5亿元。", ("figure_not_in_passages:7.5亿元",))
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_are_mended_they_stand_in_the_llms(order: tuple[int, ...]) -> None:
    answer = Answer()
    for number in range(3):
        answer.add(wrong(f"第{number}句错。"), right(f"第{number}句后。"))
    for number in order:
        answer.settle(number, right(f"第{number}句对。"))
    assert answer.text == "第0句对。第0句后。第1句对。第1句后。第2句对。第2句后。"


def test_a_statement_may_be_mended_as_two() -> None:
    answer = Answer()
    answer.add(FAILED, right("双向六车道。"))
    assert answer.settle(0, right("造价5.7亿元。"), right("由区交通局负责。")) == (
        "造价5.7亿元。由区交通局负责。双向六车道。"
    )


def test_what_is_said_elsewhere_mends_nothing() -> None:
    answer = Answer()
    answer.add(right("全长638米。"), FAILED)
    assert answer.settle(0, right("全长638米。")) == "全长638米。"
    assert [one.text for one in answer.queue.rejected()] == ["南浦大桥造价7.5亿元。"]


# ---- what leans on a struck statement


@pytest.mark.parametrize(
    ("follows", "stands"),
    [
        ("此外，桥面双向六车道。", "桥面双向六车道。"),
        ("同时，桥面双向六车道。", "桥面双向六车道。"),
        ("但桥面双向六车道。", "桥面双向六车道。"),
        ("相反，桥面双向六车道。", "桥面双向六车道。"),
        ("因此，桥面双向六车道。", "桥面双向六车道。"),
        ("二是桥面双向六车道；", "桥面双向六车道；"),
        ("In addition, the bridge has six lanes.", "The bridge has six lanes."),
        ("However, the bridge has six lanes.", "The bridge has six lanes."),
        ("桥面双向六车道。", "桥面双向六车道。"),
    ],
)
def test_words_that_join_a_sentence_to_a_struck_one_are_taken_off(follows: str, stands: str) -> None:
    assert struck(FAILED, right(follows)) == stands


@pytest.mark.parametrize(
    "follows", ["其中桥梁5座。", "该桥双向六车道。", "但它有六车道。", "这些都完成了。", "Of these, 5 are open.", "It has six lanes."]
)  # fmt: skip
def test_what_points_to_a_struck_statement_is_struck_with_it(follows: str) -> None:
    answer = Answer(may_ask=False)
    assert answer.add(FAILED, right(follows)) == ""
    problems = {one.text: one.problems for one in answer.queue.rejected()}
    assert problems[follows][0].startswith("refers_to_struck:")


def test_what_points_to_a_struck_statement_is_asked_for_with_its_subject_named() -> None:
    answer = Answer()
    answer.add(FAILED, right("该桥双向六车道。"), right("由区交通局负责。"))
    assert answer.settle(0) == ""
    assert answer.asked[1].problems == ("refers_to_struck:该",)
    assert answer.settle(1, right("南浦大桥双向六车道。")) == "南浦大桥双向六车道。由区交通局负责。"


def test_what_points_to_nothing_still_when_it_was_asked_for_is_struck() -> None:
    answer = Answer()
    answer.add(FAILED, right("该桥双向六车道。"))
    answer.settle(0)
    assert answer.settle(1, right("它双向六车道。")) == ""
    assert len(answer.asked) == 2


def test_a_subject_that_was_named_before_the_struck_statement_is_known() -> None:
    assert struck(right("南浦大桥全长638米。"), FAILED, right("它有六车道。")) == "南浦大桥全长638米。它有六车道。"
    assert struck(right("南浦大桥全长638米。"), FAILED, right("其中人行道两条。")) == "南浦大桥全长638米。"


def test_what_follows_a_mended_statement_leans_on_it() -> None:
    answer = Answer()
    answer.add(FAILED, right("此外，它有六车道。"))
    assert answer.settle(0, right("造价5.7亿元。")) == "造价5.7亿元。此外，它有六车道。"


# ---- lists


LEAD_IN = right("主要措施包括：\n")


def test_a_lead_in_waits_for_the_first_of_its_items() -> None:
    answer = Answer()
    assert answer.add(LEAD_IN, wrong("1. 造价7.5亿元。\n")) == ""
    assert answer.settle(0, right("1. 造价5.7亿元。\n")) == "主要措施包括：\n1. 造价5.7亿元。\n"


def test_a_lead_in_without_items_is_dropped() -> None:
    items = (wrong("1. 造价7.5亿元。\n"), wrong("2. 八车道。\n"))
    assert struck(LEAD_IN, *items, right("大桥已通车。")) == "大桥已通车。"
    assert struck(right("大桥已通车。"), LEAD_IN) == "大桥已通车。"


def test_a_lead_in_with_one_item_left_stays() -> None:
    items = (wrong("1. 造价7.5亿元。\n"), right("2. 六车道。\n"))
    assert struck(LEAD_IN, *items) == "主要措施包括：\n2. 六车道。\n"


def test_the_items_of_a_struck_lead_in_are_sentences() -> None:
    said = (wrong("六大措施包括：\n"), right("- 双向六车道\n"), right("- 全长638米\n"), right("大桥已通车。"))
    assert struck(*said) == "双向六车道。\n全长638米。\n大桥已通车。"


def test_a_list_in_a_list_is_dropped_alone() -> None:
    said = (
        LEAD_IN,
        right("1. 桥梁：\n"),
        wrong("- 造价7.5亿元。\n"),
        right("2. 道路：\n"),
        right("- 双向六车道。\n"),
        right("大桥已通车。"),
    )
    assert struck(*said) == "主要措施包括：\n2. 道路：\n- 双向六车道。\n大桥已通车。"


def test_a_lead_in_ends_the_one_before_it() -> None:
    said = (LEAD_IN, wrong("造价7.5亿元。\n"), right("主要成效如下：\n"), right("双向六车道。\n"))
    assert struck(*said) == "主要成效如下：\n双向六车道。\n"


def test_items_stand_on_lines_of_their_own_whatever_was_struck_before_them() -> None:
    assert (
        struck(right("双向六车道。"), wrong("造价7.5亿元。\n"), right("- 全长638米。")) == "双向六车道。\n- 全长638米。"
    )
    assert struck(right("双向六车道。"), wrong("造价7.5亿元。\n"), right("全长638米。")) == "双向六车道。\n全长638米。"


# ---- doubles


def test_what_was_said_is_not_said_again() -> None:
    assert struck(right("南浦大桥全长638米。"), right("1. 南浦大桥全长638米。")) == "南浦大桥全长638米。"


def test_a_part_of_what_was_said_is_not_said_again_with_the_same_quote() -> None:
    whole = right("南浦大桥全长638米，双向六车道。")
    assert struck(whole, right("双向六车道。")) == "南浦大桥全长638米，双向六车道。"
    assert struck(whole, right("双向六车道。", "桥面双向六车道。")) == "南浦大桥全长638米，双向六车道。双向六车道。"
    assert struck(right("全长1638米。"), right("长1638米。"), right("长1638。")) == "全长1638米。"
    assert struck(right("增加1638米。"), right("638米。")) == "增加1638米。638米。"


def test_when_time_is_over_what_waits_is_struck_and_what_stands_is_sent() -> None:
    answer = Answer()
    assert (
        answer.add(right("南浦大桥全长638米。"), FAILED, right("桥面双向六车道。", "桥面双向六车道。"))
        == "南浦大桥全长638米。"
    )
    answer._hear(answer.queue.close())
    assert answer.text == "南浦大桥全长638米。桥面双向六车道。"
    assert [one.text for one in answer.queue.rejected()] == [FAILED.statement.text]
