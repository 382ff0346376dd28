"""index.read.markdown_marks: what marks inside lines of Markdown show a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.read.markdown import read_markdown
from index.read.markdown_marks import show_marks


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("投资~~2980万元~~3260万元", "投资3260万元"),
        ("收入10~~20万元，支出30~~40万元", "收入10~~20万元，支出30~~40万元"),
        ("新增**720个**学位，__今年__完工", "新增720个学位，今年完工"),
        ("**河湾泵站改造完工**", "**河湾泵站改造完工**"),
        ("![古桥长48米。](bridge.jpg)", "古桥长48米。"),
        ("![图片](a.jpg)![](b.png)![IMG_2041](c.jpg)", ""),
        ("详见[区政府网站](https://example.org/a?b=1)公告", "详见区政府网站公告"),
        ("享受补贴[^1]，按月结算", "享受补贴，按月结算"),
        ("[^1]: 每餐补贴6元。", "注：每餐补贴6元。"),
        ("1. 甲\n1. 乙\n1. 丙", "1. 甲\n2. 乙\n3. 丙"),
        ("1. 甲\n\n1. 乙\n   1. 子\n   1. 丑\n1. 丙", "1. 甲\n\n2. 乙\n   1. 子\n   2. 丑\n3. 丙"),
        ("1. 甲\n2. 乙\n\n正文。\n\n1. 丙", "1. 甲\n2. 乙\n\n正文。\n\n1. 丙"),
        ("```\n~~a~~ **b**\n```", "```\n~~a~~ **b**\n```"),
        ("数组a[1](注)，5*3*2", "数组a[1](注)，5*3*2"),
    ],
)
def test_marks_inside_lines_are_shown_as_a_reader_sees_them(written: str, shown: str) -> None:
    assert show_marks(written) == shown


@given(st.text("甲乙1.*_~[]()!^: \n`|", max_size=60))
def test_lines_stay_lines(text: str) -> None:
    assert show_marks(text).count("\n") == text.count("\n")


def test_what_a_file_strikes_out_is_not_in_its_document() -> None:
    document = read_markdown("a.md", "# 泵站完工\n\n投资~~2980万元~~3260万元。\n\n![闸门8孔](a.jpg)\n".encode())
    assert document.text.split() == ["投资3260万元。", "闸门8孔"]
