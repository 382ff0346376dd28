"""Catchwords that name a quantity are the question how much it is."""

import pytest

from rag.question.catchwords import complete_catchwords


@pytest.mark.parametrize(
    "text", ["2023年青屿区财政收入", "青屿区常住人口", "2022年9月优良天数。", "听潮桥全长", "2021年GDP"]
)
def test_a_quantity_alone_is_asked_for(text: str) -> None:
    assert complete_catchwords(text) == f"{text.rstrip('。')}是多少？"


@pytest.mark.parametrize(
    "text",
    [
        "听潮桥什么时候通车？",
        "青屿区的区长",
        "财政收入是多少",
        "2019年12月11日头版",
        "为什么要提高入住率",
        "介绍一下灯会，重点是人数",
        "",
    ],
)
def test_what_asks_or_names_something_else_stays(text: str) -> None:
    assert complete_catchwords(text) == text
